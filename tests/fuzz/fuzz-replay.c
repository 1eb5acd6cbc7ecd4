/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a recorded pagemap.scan and the ranges of a SCAN over it. */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psc-fuzz.h"
#include "psc-probe-kernel.h"
#include "psc-probe-scan.h"

#define MAX_RANGES 16u
#define RANGE_SIZE 48u

static gboolean
ranges_make_sense (const struct probe_request *request, gsize page_size)
{
  guint64 last_end = 0;

  for (uint32_t i = 0; i < request->n_items; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      if (range.start < last_end || range.start >= range.end ||
          ((range.start | range.end) & (page_size - 1)) != 0)
        return FALSE;
      last_end = range.end;
    }
  return TRUE;
}

/* Regions come in order, each inside a range that was asked, with bits that were asked. */
static void
check_region (const struct psc_wire_region *region, const struct probe_request *request,
              uint32_t *at)
{
  struct psc_wire_scan_range range = probe_request_get_range (request, *at);

  while (region->start >= range.end)
    {
      psc_fuzz_check (++*at < request->n_items);
      range = probe_request_get_range (request, *at);
    }
  psc_fuzz_check (region->start < region->end);
  psc_fuzz_check (region->start >= range.start && region->end <= range.end);
  psc_fuzz_check ((region->bits & ~range.return_mask) == 0);
}

static void
check_answer (int fd, const struct probe_request *request)
{
  static guint8 payload[PSC_WIRE_MAX_REPLY];
  struct psc_wire_head head = { 0 };
  struct psc_wire_reader reader;
  guint64 last_end = 0;
  uint32_t at = 0;

  psc_fuzz_check (lseek (fd, 0, SEEK_SET) == 0);
  for (;;)
    {
      int error = psc_wire_recv (fd, PSC_WIRE_MAX_REPLY, &head, payload, sizeof payload);

      if (error == ENODATA)
        return;
      psc_fuzz_check (error == 0 && head.type == PSC_WIRE_REGIONS);
      psc_wire_reader_init (&reader, payload, head.length);
      while (reader.at < reader.size)
        {
          struct psc_wire_region region = psc_wire_get_region (&reader);

          psc_fuzz_check (!reader.underflow && region.start >= last_end);
          check_region (&region, request, &at);
          last_end = region.end;
        }
    }
}

static void
run (int scan_fd, int out_fd, uint32_t page_size, const struct probe_request *request)
{
  static struct probe_output output;
  struct probe_cost cost = { 0 };
  struct probe_regions *regions;
  int error;

  probe_output_init (&output, out_fd);
  regions = probe_regions_begin (&output, &cost);
  error = probe_replay (scan_fd, page_size, request, regions);
  psc_fuzz_check (error == 0 || error == EBADMSG || error == EINVAL);
  probe_regions_end (regions);
  probe_output_flush (&output);
  psc_fuzz_check (output.error == 0);
  check_answer (out_fd, request);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  gsize page_size = psc_fuzz_take_page_size (&bytes);
  struct probe_request request = { .type = PSC_WIRE_SCAN };
  int scan_fd, out_fd;

  request.n_items = psc_fuzz_take (&bytes, 1) % MAX_RANGES;
  request.items = bytes.at;
  if ((gsize) (bytes.end - bytes.at) < request.n_items * RANGE_SIZE ||
      !ranges_make_sense (&request, page_size))
    return 0;
  bytes.at += request.n_items * RANGE_SIZE;
  scan_fd = psc_fuzz_open_bytes (bytes.at, (gsize) (bytes.end - bytes.at));
  out_fd = psc_fuzz_open_bytes (NULL, 0);
  run (scan_fd, out_fd, (uint32_t) page_size, &request);
  close (scan_fd);
  close (out_fd);
  return 0;
}
