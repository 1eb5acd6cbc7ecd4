/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is a request as the probe gets it: the logarithm of the page size, a head, a payload.
 */

#include <errno.h>
#include <string.h>

#include "psc-fuzz.h"
#include "psc-probe-pace.h"
#include "psc-probe-request.h"

static void
check_ranges (const struct probe_request *request, uint32_t page_size)
{
  psc_fuzz_check (request->n_items > 0 && request->n_items <= PSC_WIRE_MAX_RANGES);
  psc_fuzz_check (request->hold_usec <= PROBE_MAX_HOLD_USEC);
  psc_fuzz_check (request->sleep_usec <= PROBE_MAX_SLEEP_USEC);
  for (uint32_t i = 0; i < request->n_items; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      psc_fuzz_check (range.start < range.end);
      psc_fuzz_check (((range.start | range.end) & (page_size - 1)) == 0);
      psc_fuzz_check (request->type == PSC_WIRE_SCAN || range.return_mask == 0);
    }
}

/* What the probe would open stays where it begins. */
static void
check_path (const struct probe_request *request)
{
  g_autofree char *path = g_strndup ((const char *) request->path, request->path_length);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  psc_fuzz_check (strlen (path) == request->path_length);
  psc_fuzz_check (request->path_length <= PSC_WIRE_MAX_PATH);
  for (guint i = 0; parts[i] != NULL; i++)
    psc_fuzz_check (parts[i][0] != '\0' && strcmp (parts[i], ".") != 0 &&
                    strcmp (parts[i], "..") != 0);
}

static void
check_request (const struct probe_request *request, uint32_t page_size)
{
  psc_fuzz_check (request->type >= PSC_WIRE_HELLO && request->type < PSC_WIRE_HOST);
  if (request->type == PSC_WIRE_SCAN || request->type == PSC_WIRE_PAGEMAP)
    check_ranges (request, page_size);
  else if (request->type == PSC_WIRE_CGROUP || request->type == PSC_WIRE_ENTRIES)
    check_path (request);
  else if (request->type == PSC_WIRE_QUERY)
    {
      psc_fuzz_check (request->n_items > 0 && request->n_items <= PSC_WIRE_MAX_ADDRESSES);
      for (uint32_t i = 0; i < request->n_items; i++)
        probe_request_get_address (request, i);
    }
}

/* A pace that learns from calls of any length keeps its bounds. */
static void
check_pace (PscFuzzBytes *bytes, const struct probe_request *request)
{
  struct probe_pace pace;

  probe_pace_init (&pace, request->hold_usec, request->sleep_usec, psc_fuzz_take (bytes, 1) & 1);
  while (!psc_fuzz_is_done (bytes))
    {
      guint flags = psc_fuzz_take (bytes, 1);
      struct probe_pace_call call = { psc_fuzz_take_scaled (bytes), flags & 1, flags & 2,
                                      flags & 4 };

      if (flags & 8)
        probe_pace_restart (&pace);
      probe_pace_learn (&pace, &call);
      if (pace.hold_nsec == 0)
        psc_fuzz_check (pace.step == UINT64_MAX && pace.n_pages == 0);
      else
        psc_fuzz_check (pace.step >= pace.least_step && pace.step <= pace.most_step &&
                        pace.step % pace.least_step == 0);
    }
}

static void
check_head (const guint8 *bytes, const struct psc_wire_head *head)
{
  guint8 again[PSC_WIRE_HEAD_SIZE];

  psc_wire_head_encode (head, again);
  psc_fuzz_check (memcmp (again, bytes, sizeof again) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  uint32_t page_size = UINT32_C (1) << (12 + psc_fuzz_take (&bytes, 1) % 5);
  struct psc_wire_head head;
  struct probe_request request;
  const guint8 *payload;
  int error;

  if (bytes.end - bytes.at < PSC_WIRE_HEAD_SIZE ||
      !psc_wire_head_decode (bytes.at, PSC_WIRE_MAX_REQUEST, &head))
    return 0;
  check_head (bytes.at, &head);
  payload = bytes.at + PSC_WIRE_HEAD_SIZE;
  /* The length is right by the time that a request is decoded. */
  head.length = MIN (head.length, (uint32_t) (bytes.end - payload));
  error = probe_request_decode (&head, payload, page_size, &request);
  psc_fuzz_check (error == 0 || error == ENOSYS || error == EINVAL);
  if (error)
    return 0;
  check_request (&request, page_size);
  bytes.at = payload + head.length;
  check_pace (&bytes, &request);
  return 0;
}
