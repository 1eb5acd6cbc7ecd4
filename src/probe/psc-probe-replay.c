/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-scan.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include "psc-probe-kernel.h"

#define REGION_SIZE 24u
#define WINDOW      2048u

/* The recorded regions, a window of them at a time. */
struct replay
{
  int fd;
  uint32_t page_size;
  uint64_t n_regions;
  uint64_t window_at; /* index of the first region in bytes */
  size_t n_window;
  uint8_t bytes[WINDOW * REGION_SIZE];
};

static int
read_regions (struct replay *replay, uint64_t index, size_t n_regions, uint8_t *bytes)
{
  size_t size = n_regions * REGION_SIZE;
  ssize_t n_bytes = pread (replay->fd, bytes, size, (off_t) (index * REGION_SIZE));

  if (n_bytes < 0)
    return errno;
  return (size_t) n_bytes == size ? 0 : EBADMSG;
}

static int
decode_region (const struct replay *replay, const uint8_t *bytes, struct psc_wire_region *region)
{
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, bytes, REGION_SIZE);
  *region = psc_wire_get_region (&reader);
  if (region->start >= region->end ||
      ((region->start | region->end) & (replay->page_size - 1)) != 0)
    return EBADMSG;
  return 0;
}

/* Region `index`, below n_regions. */
static int
get_region (struct replay *replay, uint64_t index, struct psc_wire_region *region)
{
  uint64_t n_left = replay->n_regions - index;
  int error;

  if (index < replay->window_at || index - replay->window_at >= replay->n_window)
    {
      replay->window_at = index;
      replay->n_window = n_left < WINDOW ? (size_t) n_left : WINDOW;
      error = read_regions (replay, index, replay->n_window, replay->bytes);
      if (error)
        return error;
    }
  return decode_region (replay, replay->bytes + (index - replay->window_at) * REGION_SIZE, region);
}

/* The first region that ends above the address; n_regions when there is none. */
static int
find_region (struct replay *replay, uint64_t address, uint64_t *index)
{
  uint64_t low = 0, high = replay->n_regions;

  while (low < high)
    {
      uint64_t middle = low + (high - low) / 2;
      uint8_t bytes[REGION_SIZE];
      struct psc_wire_region region;
      int error = read_regions (replay, middle, 1, bytes);

      if (!error)
        error = decode_region (replay, bytes, &region);
      if (error)
        return error;
      if (region.end > address)
        high = middle;
      else
        low = middle + 1;
    }
  *index = low;
  return 0;
}

static void
report (struct probe_regions *regions, const struct psc_wire_scan_range *range, uint64_t start,
        uint64_t end, uint64_t categories)
{
  if (start < end && probe_scan_matches (range, categories))
    probe_regions_add (regions, start, end, categories & range->return_mask);
}

static int
replay_range (struct replay *replay, const struct psc_wire_scan_range *range,
              struct probe_regions *regions)
{
  uint64_t at = range->start;
  uint64_t index;
  int error = find_region (replay, at, &index);

  for (uint64_t last_end = 0; !error && index < replay->n_regions && at < range->end; index++)
    {
      struct psc_wire_region region;
      uint64_t start, end;

      error = get_region (replay, index, &region);
      if (!error && region.start < last_end)
        error = EBADMSG;
      if (error || region.start >= range->end)
        break;
      last_end = region.end;
      start = region.start > at ? region.start : at;
      end = region.end < range->end ? region.end : range->end;
      report (regions, range, at, start, 0);
      report (regions, range, start, end, region.bits);
      at = end;
    }
  if (!error)
    report (regions, range, at, range->end, 0);
  probe_regions_cut (regions);
  return error;
}

static int
replay_init (struct replay *replay, int fd, uint32_t page_size)
{
  struct stat status;

  replay->fd = fd;
  replay->page_size = page_size;
  replay->n_window = 0;
  if (fstat (fd, &status) != 0)
    return errno;
  if (!S_ISREG (status.st_mode) || status.st_size % REGION_SIZE != 0)
    return EBADMSG;
  replay->n_regions = (uint64_t) status.st_size / REGION_SIZE;
  return 0;
}

int
probe_replay (int fd, uint32_t page_size, const struct probe_request *request,
              struct probe_regions *regions)
{
  static struct replay replay;
  int error = replay_init (&replay, fd, page_size);

  for (uint32_t i = 0; !error && i < request->n_items && !regions->output->error; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      if ((range.category_inverted | range.category_mask | range.category_anyof_mask |
           range.return_mask) &
          ~PROBE_ALL_CATEGORIES)
        error = EINVAL;
      else
        error = replay_range (&replay, &range, regions);
    }
  return error;
}
