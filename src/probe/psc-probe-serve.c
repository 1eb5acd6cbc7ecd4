/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "psc-probe-cgroup.h"
#include "psc-probe-entries.h"
#include "psc-probe-input.h"
#include "psc-probe-request.h"
#include "psc-probe-scan.h"

static void
answer (struct probe_processes *processes, const struct probe_request *request,
        struct probe_output *output)
{
  switch (request->type)
    {
    case PSC_WIRE_HELLO:
      probe_source_hello (processes->source, output, request->version);
      break;
    case PSC_WIRE_LIST:
      probe_processes_list (processes, output);
      break;
    case PSC_WIRE_OPEN:
      probe_processes_open (processes, request->pid, output);
      break;
    case PSC_WIRE_CLOSE:
      probe_processes_close (processes, request->handle, output);
      break;
    case PSC_WIRE_READ:
      probe_processes_read (processes, request->handle, request->file, request->max_bytes, output);
      break;
    case PSC_WIRE_SCAN:
      probe_scan (processes, request, output);
      break;
    case PSC_WIRE_PAGEMAP:
      probe_pagemap (processes, request, output);
      break;
    case PSC_WIRE_QUERY:
      probe_query (processes, request, output);
      break;
    case PSC_WIRE_WORDS:
      probe_processes_words (processes, request->handle, request->file, request->first,
                             request->n_items, output);
      break;
    case PSC_WIRE_CGROUP:
      probe_cgroup (processes->source, request, output);
      break;
    case PSC_WIRE_CLEAR_REFERENCED:
      probe_processes_clear_referenced (processes, request->handle, output);
      break;
    case PSC_WIRE_ENTRIES:
      probe_entries (processes, request, output);
      break;
    case PSC_WIRE_THREADS:
      probe_processes_threads (processes, request->handle, output);
      break;
    }
}

static int
finish_input (int error, struct probe_output *output)
{
  probe_output_flush (output);
  if (error == ENODATA)
    return 0;
  if (error == EPROTO)
    fprintf (stderr, "pagescape-probe: input is not a stream of requests, or ends inside one\n");
  else
    fprintf (stderr, "pagescape-probe: can't read requests: %s\n", strerror (error));
  return 1;
}

static int
finish_output (int error)
{
  if (error != EPIPE)
    fprintf (stderr, "pagescape-probe: can't write answers: %s\n", strerror (error));
  return 1;
}

static int
converse (struct probe_processes *processes, int in_fd, int out_fd)
{
  static struct probe_input input;
  static struct probe_output output;

  probe_input_init (&input, in_fd);
  probe_output_init (&output, out_fd);
  while (!output.error)
    {
      struct probe_cost nothing = { 0 };
      struct probe_request request;
      struct psc_wire_head head;
      const uint8_t *payload;
      int error = probe_input_next (&input, &output, &head, &payload);

      if (output.error)
        break;
      if (error)
        return finish_input (error, &output);
      output.tag = head.tag;
      error = probe_request_decode (&head, payload, processes->source->page_size, &request);
      if (error)
        probe_output_end (&output, (uint32_t) error, &nothing);
      else
        answer (processes, &request, &output);
    }
  return finish_output (output.error);
}

int
probe_serve (const struct probe_source *source, int in_fd, int out_fd)
{
  struct probe_processes processes;
  int status;

  probe_processes_init (&processes, source);
  status = converse (&processes, in_fd, out_fd);
  probe_processes_finish (&processes);
  return status;
}
