/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-request.h"

#include <errno.h>
#include <string.h>

#define SCAN_RANGE_SIZE    48u
#define PAGEMAP_RANGE_SIZE 16u
#define ADDRESS_SIZE       8u

static size_t
item_size (uint16_t type)
{
  switch (type)
    {
    case PSC_WIRE_SCAN:
      return SCAN_RANGE_SIZE;
    case PSC_WIRE_PAGEMAP:
      return PAGEMAP_RANGE_SIZE;
    default:
      return ADDRESS_SIZE;
    }
}

struct psc_wire_scan_range
probe_request_get_range (const struct probe_request *request, uint32_t i)
{
  size_t size = item_size (request->type);
  struct psc_wire_reader reader;

  /* Past the end of a PAGEMAP's short range the reader gives the zeros that are wanted. */
  psc_wire_reader_init (&reader, request->items + i * size, size);
  return psc_wire_get_scan_range (&reader);
}

uint64_t
probe_request_get_address (const struct probe_request *request, uint32_t i)
{
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, request->items + i * ADDRESS_SIZE, ADDRESS_SIZE);
  return psc_wire_get_u64 (&reader);
}

static void
get_items (struct psc_wire_reader *reader, uint32_t limit, struct probe_request *request)
{
  request->n_items = psc_wire_get_u32 (reader);
  if (request->n_items == 0 || request->n_items > limit)
    reader->underflow = true;
  else
    request->items = psc_wire_get_raw (reader, request->n_items * item_size (request->type));
}

static void
get_ranges (struct psc_wire_reader *reader, struct probe_request *request)
{
  request->handle = psc_wire_get_u32 (reader);
  request->hold_usec = psc_wire_get_u32 (reader);
  request->sleep_usec = psc_wire_get_u32 (reader);
  if (request->hold_usec > PROBE_MAX_HOLD_USEC || request->sleep_usec > PROBE_MAX_SLEEP_USEC)
    reader->underflow = true;
  get_items (reader, PSC_WIRE_MAX_RANGES, request);
}

static void
get_read (struct psc_wire_reader *reader, struct probe_request *request)
{
  request->handle = psc_wire_get_u32 (reader);
  request->file = psc_wire_get_u16 (reader);
  if (psc_wire_get_u16 (reader) != 0)
    reader->underflow = true;
  request->max_bytes = psc_wire_get_u64 (reader);
}

static void
get_words (struct psc_wire_reader *reader, struct probe_request *request)
{
  request->handle = psc_wire_get_u32 (reader);
  request->file = psc_wire_get_u16 (reader);
  if (psc_wire_get_u16 (reader) != 0)
    reader->underflow = true;
  request->first = psc_wire_get_u64 (reader);
  request->n_items = psc_wire_get_u32 (reader);
  if (request->n_items == 0 || request->n_items > PSC_WIRE_MAX_WORDS ||
      request->first >= UINT64_C (1) << 60)
    reader->underflow = true;
}

bool
probe_request_path_is_plain (const uint8_t *path, size_t length)
{
  size_t at = 0;

  if (length == 0)
    return true;
  if (length > PSC_WIRE_MAX_PATH || memchr (path, 0, length))
    return false;
  while (at <= length)
    {
      const uint8_t *slash = memchr (path + at, '/', length - at);
      size_t end = slash ? (size_t) (slash - path) : length;
      size_t n = end - at;

      if (n == 0 || (n <= 2 && path[at] == '.' && path[end - 1] == '.'))
        return false;
      at = end + 1;
    }
  return true;
}

static void
get_path (struct psc_wire_reader *reader, struct probe_request *request)
{
  request->path = psc_wire_get_bytes (reader, &request->path_length);
  if (!request->path || !probe_request_path_is_plain (request->path, request->path_length))
    reader->underflow = true;
}

static bool
ranges_are_valid (const struct probe_request *request, uint32_t page_size)
{
  for (uint32_t i = 0; i < request->n_items; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      if (range.start >= range.end || ((range.start | range.end) & (page_size - 1)) != 0)
        return false;
    }
  return true;
}

int
probe_request_decode (const struct psc_wire_head *head, const void *payload, uint32_t page_size,
                      struct probe_request *request)
{
  struct psc_wire_reader reader;

  *request = (struct probe_request){ .type = head->type };
  psc_wire_reader_init (&reader, payload, head->length);
  switch (head->type)
    {
    case PSC_WIRE_HELLO:
      request->version = psc_wire_get_u32 (&reader);
      break;
    case PSC_WIRE_LIST:
      if (psc_wire_get_u32 (&reader) != 0)
        return EINVAL;
      break;
    case PSC_WIRE_OPEN:
      request->pid = psc_wire_get_u32 (&reader);
      break;
    case PSC_WIRE_CLOSE:
    case PSC_WIRE_THREADS:
    case PSC_WIRE_CLEAR_REFERENCED:
      request->handle = psc_wire_get_u32 (&reader);
      break;
    case PSC_WIRE_READ:
      get_read (&reader, request);
      break;
    case PSC_WIRE_SCAN:
    case PSC_WIRE_PAGEMAP:
      get_ranges (&reader, request);
      break;
    case PSC_WIRE_QUERY:
      request->handle = psc_wire_get_u32 (&reader);
      get_items (&reader, PSC_WIRE_MAX_ADDRESSES, request);
      break;
    case PSC_WIRE_WORDS:
      get_words (&reader, request);
      break;
    case PSC_WIRE_CGROUP:
      request->place = psc_wire_get_u16 (&reader);
      request->file = psc_wire_get_u16 (&reader);
      get_path (&reader, request);
      break;
    case PSC_WIRE_ENTRIES:
      request->handle = psc_wire_get_u32 (&reader);
      request->place = psc_wire_get_u16 (&reader);
      if (psc_wire_get_u16 (&reader) != 0)
        reader.underflow = true;
      get_path (&reader, request);
      break;
    default:
      return ENOSYS;
    }
  if (!psc_wire_reader_done (&reader) || head->error != 0)
    return EINVAL;
  if ((head->type == PSC_WIRE_SCAN || head->type == PSC_WIRE_PAGEMAP) &&
      !ranges_are_valid (request, page_size))
    return EINVAL;
  return 0;
}
