/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-scan.h"

#include <errno.h>
#include <unistd.h>
#include "psc-probe-kernel.h"
#include "psc-probe-pace.h"

bool
probe_scan_matches (const struct psc_wire_scan_range *range, uint64_t categories)
{
  uint64_t bits = categories ^ range->category_inverted;

  if ((bits & range->category_mask) != range->category_mask)
    return false;
  return range->category_anyof_mask == 0 || (bits & range->category_anyof_mask) != 0;
}

static uint64_t
count_pages (const struct psc_wire_region *regions, size_t n_regions, uint64_t page_size)
{
  uint64_t bytes = 0;

  for (size_t i = 0; i < n_regions; i++)
    bytes += regions[i].end - regions[i].start;
  return bytes / page_size;
}

/* Where a call ended. walk_end alone does not tell: the kernel walks in bounces of 512 regions, and
 * a walk of several that then runs to its end leaves walk_end where the last bounce stopped (seen
 * on Linux 6.18), so that going on from there would bring regions twice. A walk that neither
 * bound stopped is complete; one that was stopped is done up to its last region at least. */
static uint64_t
end_of_walk (const struct pm_scan_arg *arg, const struct psc_wire_region *regions, size_t n_regions,
             uint64_t page_size)
{
  uint64_t last_end = n_regions > 0 ? regions[n_regions - 1].end : 0;

  if (n_regions < arg->vec_len &&
      (arg->max_pages == 0 || count_pages (regions, n_regions, page_size) < arg->max_pages))
    return arg->end;
  return arg->walk_end > last_end ? arg->walk_end : last_end;
}

/* One ioctl, as far as the pace lets it. *at moves to where it ended; *in_gap is true when that was
 * so quick and found so little that there may have been nothing mapped. */
static int
scan_step (int fd, uint64_t page_size, const struct psc_wire_scan_range *range,
           struct probe_pace *pace, struct probe_regions *regions, uint64_t *at, bool *in_gap)
{
  size_t n_free;
  struct psc_wire_region *free_regions = probe_regions_get_free (regions, &n_free);
  uint64_t end = pace->step < range->end - *at ? *at + pace->step : range->end;
  struct pm_scan_arg arg = {
    .size = sizeof arg,
    .start = *at,
    .end = end,
    .vec = (uintptr_t) free_regions,
    .vec_len = n_free,
    .max_pages = pace->n_pages,
    .category_inverted = range->category_inverted,
    .category_mask = range->category_mask,
    .category_anyof_mask = range->category_anyof_mask,
    .return_mask = range->return_mask,
  };
  int n_new = ioctl (fd, PAGEMAP_SCAN, &arg);
  int error = n_new < 0 ? errno : 0;
  struct probe_pace_call call = {
    .elapsed_nsec = probe_cost_add_working (regions->cost),
    .found_nothing = n_new == 0,
  };
  uint64_t walk_end;

  if (error)
    return error;
  if ((size_t) n_new > n_free)
    return EIO;
  walk_end = end_of_walk (&arg, free_regions, (size_t) n_new, page_size);
  /* A walk that doesn't get on would go round for ever. */
  if (walk_end <= *at)
    return EIO;
  call.reached_end = walk_end >= end;
  call.cut_by_pages = walk_end < end && (size_t) n_new < n_free;
  probe_regions_commit (regions, (size_t) n_new);
  probe_pace_learn (pace, &call);
  *in_gap = call.found_nothing && call.elapsed_nsec < pace->hold_nsec / 16;
  *at = walk_end;
  return 0;
}

/* Moves *at to the next mapped page: everything matches, and the first page is enough. */
static int
skip_gap (int fd, const struct psc_wire_scan_range *range, struct probe_cost *cost, uint64_t *at)
{
  struct psc_wire_region first;
  struct pm_scan_arg arg = {
    .size = sizeof arg,
    .start = *at,
    .end = range->end,
    .vec = (uintptr_t) &first,
    .vec_len = 1,
    .max_pages = 1,
  };
  int n_found = ioctl (fd, PAGEMAP_SCAN, &arg);
  int error = n_found < 0 ? errno : 0;

  probe_cost_add_working (cost);
  if (error)
    return error;
  if (n_found == 0)
    *at = range->end;
  else if (first.start > *at)
    *at = first.start;
  return 0;
}

static int
scan_range (int fd, uint64_t page_size, const struct psc_wire_scan_range *range,
            const struct probe_request *request, struct probe_regions *regions)
{
  bool matches_holes = probe_scan_matches (range, 0);
  struct probe_pace pace;
  int error = 0;

  probe_pace_init (&pace, request->hold_usec, request->sleep_usec, matches_holes);
  for (uint64_t at = range->start; !error && at < range->end;)
    {
      bool in_gap = false;
      uint64_t before;

      error = scan_step (fd, page_size, range, &pace, regions, &at, &in_gap);
      before = at;
      /* The step of a predicate that matches holes can't grow as it likes, and gaps of the
       * address space are long. */
      if (!error && matches_holes && in_gap && at < range->end)
        error = skip_gap (fd, range, regions->cost, &at);
      if (at != before)
        probe_pace_restart (&pace);
      if (regions->output->error)
        break;
      if (probe_pace_rest (&pace) && probe_output_is_gone (regions->output))
        break;
    }
  probe_regions_cut (regions);
  return error;
}

static int
scan_live (int fd, uint64_t page_size, const struct probe_request *request,
           struct probe_regions *regions)
{
  int error = 0;

  probe_cost_begin_working (regions->cost);
  for (uint32_t i = 0; !error && i < request->n_items && !regions->output->error; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      error = scan_range (fd, page_size, &range, request, regions);
    }
  return error;
}

static int
scan_process (const struct probe_processes *processes, const struct probe_request *request,
              struct probe_regions *regions)
{
  const struct probe_source *source = processes->source;
  int fd = probe_processes_open_file (processes, request->handle,
                                      source->live ? "pagemap" : "pagemap.scan");
  int error;

  if (fd == -EBADF)
    return EBADF;
  if (!(source->features & PSC_WIRE_FEATURE_SCAN) || fd == -EOPNOTSUPP)
    error = ENOTTY;
  else if (fd < 0)
    error = -fd;
  else if (source->live)
    error = scan_live (fd, source->page_size, request, regions);
  else
    error = probe_replay (fd, source->page_size, request, regions);
  if (fd >= 0)
    close (fd);
  return error;
}

void
probe_scan (const struct probe_processes *processes, const struct probe_request *request,
            struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  struct probe_regions *regions = probe_regions_begin (output, &cost);
  int error = scan_process (processes, request, regions);

  probe_regions_end (regions);
  probe_output_end (output, (uint32_t) error, &cost);
}
