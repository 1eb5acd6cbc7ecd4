/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-scan.h"

#include <errno.h>
#include <unistd.h>
#include "psc-probe-kernel.h"

#define ANSWER_SIZE 48u
/* Readable, writable, executable, shared: those that describe a mapping. */
#define FLAGS UINT64_C (0xf)

/* Does the error concern the process, and so all addresses? */
static bool
is_final (int error)
{
  return error == ESRCH || error == EACCES || error == EPERM || error == ENOTTY;
}

static int
query_address (int fd, uint64_t address, struct probe_cost *cost,
               struct psc_wire_query_answer *answer)
{
  struct procmap_query query = { .size = sizeof query, .query_addr = address };
  uint64_t began_nsec = probe_cost_now ();
  int error = ioctl (fd, PROCMAP_QUERY, &query) < 0 ? errno : 0;

  probe_cost_add (cost, began_nsec);
  *answer = (struct psc_wire_query_answer){ .address = address, .error = (uint64_t) error };
  if (error)
    return is_final (error) ? error : 0;
  answer->start = query.vma_start;
  answer->end = query.vma_end;
  answer->flags = query.vma_flags & FLAGS;
  answer->page_size = query.vma_page_size;
  return 0;
}

static int
query_addresses (int fd, const struct probe_request *request, struct probe_output *output,
                 struct probe_cost *cost)
{
  static uint8_t payload[PSC_WIRE_MAX_ADDRESSES * ANSWER_SIZE];
  struct psc_wire_writer writer;
  int error = 0;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  for (uint32_t i = 0; !error && i < request->n_items; i++)
    {
      struct psc_wire_query_answer answer;

      error = query_address (fd, probe_request_get_address (request, i), cost, &answer);
      if (!error)
        psc_wire_put_query_answer (&writer, &answer);
    }
  cost->items = writer.length / ANSWER_SIZE;
  if (writer.length > 0)
    probe_output_frame (output, PSC_WIRE_MAPPINGS, 0, payload, writer.length);
  return error;
}

void
probe_query (const struct probe_processes *processes, const struct probe_request *request,
             struct probe_output *output)
{
  const struct probe_source *source = processes->source;
  struct probe_cost cost = { 0 };
  int fd = probe_processes_open_file (processes, request->handle, "maps");
  int error;

  if (fd == -EBADF)
    error = EBADF;
  else if (!source->live)
    error = EOPNOTSUPP;
  else if (!(source->features & PSC_WIRE_FEATURE_QUERY))
    error = ENOTTY;
  else
    error = fd < 0 ? -fd : query_addresses (fd, request, output, &cost);
  if (fd >= 0)
    close (fd);
  probe_output_end (output, (uint32_t) error, &cost);
}
