/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-scan.h"

#include <errno.h>
#include <unistd.h>
#include "psc-probe-pace.h"

/* A word of pagemap for each page. Larger reads save nothing. */
#define MAX_WORDS 8192u
#define MIN_WORDS 512u
#define WORD_SIZE sizeof (uint64_t)
#define KEPT_BITS                                                                                  \
  (PSC_WIRE_PAGEMAP_SOFT_DIRTY | PSC_WIRE_PAGEMAP_EXCLUSIVE | PSC_WIRE_PAGEMAP_GUARD |             \
   PSC_WIRE_PAGEMAP_FILE | PSC_WIRE_PAGEMAP_SWAPPED | PSC_WIRE_PAGEMAP_PRESENT)

struct walk
{
  int fd;
  const struct probe_source *source;
  struct probe_regions *regions;
  struct probe_pace pace; /* its steps are bytes of pagemap */
};

/* Runs of equal words become regions. Words of a recorded tree are in this machine's order, as
 * the kernel writes them. */
static void
add_words (struct probe_regions *regions, uint64_t address, uint32_t page_size,
           const uint64_t *words, size_t n_words)
{
  for (size_t i = 0, end; i < n_words; i = end)
    {
      uint64_t bits = words[i] & KEPT_BITS;

      for (end = i + 1; end < n_words && (words[end] & KEPT_BITS) == bits; end++)
        continue;
      if (bits != 0)
        probe_regions_add (regions, address + i * page_size, address + end * page_size, bits);
    }
}

/* pagemap doesn't tell an address beyond the end from an address space that is gone: both read
 * as nothing. Address 0 is always within. */
static int
explain_end (const struct walk *walk)
{
  uint64_t word;

  if (!walk->source->live)
    return 0;
  return pread (walk->fd, &word, sizeof word, 0) > 0 ? EFAULT : ESRCH;
}

/* One read. *address moves on behind it. */
static int
walk_step (struct walk *walk, uint64_t *address, uint64_t end)
{
  static uint64_t words[MAX_WORDS];
  uint32_t page_size = walk->source->page_size;
  uint64_t n_left = (end - *address) / page_size;
  uint64_t n_step = walk->pace.step / WORD_SIZE;
  uint64_t began_nsec = probe_cost_now ();
  ssize_t n_bytes = pread (walk->fd, words, (n_step < n_left ? n_step : n_left) * WORD_SIZE,
                           (off_t) (*address / page_size * WORD_SIZE));
  int error = n_bytes < 0 ? errno : 0;
  struct probe_pace_call call = {
    .elapsed_nsec = probe_cost_add (walk->regions->cost, began_nsec),
    .reached_end = true,
  };
  size_t n_words = error ? 0 : (size_t) n_bytes / WORD_SIZE;

  if (error)
    return error == EINTR ? 0 : error;
  probe_pace_learn (&walk->pace, &call);
  add_words (walk->regions, *address, page_size, words, n_words);
  *address += n_words * page_size;
  if (n_words > 0)
    return 0;
  *address = end;
  return explain_end (walk);
}

static int
walk_range (struct walk *walk, uint64_t address, uint64_t end)
{
  int error = 0;

  while (!error && address < end && !walk->regions->output->error)
    {
      error = walk_step (walk, &address, end);
      if (probe_pace_rest (&walk->pace))
        probe_output_is_gone (walk->regions->output);
    }
  probe_regions_cut (walk->regions);
  return error;
}

static int
walk_ranges (struct walk *walk, const struct probe_request *request)
{
  int error = 0;

  probe_pace_init_fixed (&walk->pace, request->hold_usec, request->sleep_usec,
                         MIN_WORDS * WORD_SIZE, MAX_WORDS * WORD_SIZE);
  for (uint32_t i = 0; !error && i < request->n_items && !walk->regions->output->error; i++)
    {
      struct psc_wire_scan_range range = probe_request_get_range (request, i);

      error = walk_range (walk, range.start, range.end);
    }
  return error;
}

void
probe_pagemap (const struct probe_processes *processes, const struct probe_request *request,
               struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  struct walk walk = {
    .fd = probe_processes_open_file (processes, request->handle, "pagemap"),
    .source = processes->source,
    .regions = probe_regions_begin (output, &cost),
  };
  int error = walk.fd < 0 ? -walk.fd : 0;

  if (!error)
    {
      error = walk_ranges (&walk, request);
      close (walk.fd);
    }
  probe_regions_end (walk.regions);
  probe_output_end (output, (uint32_t) error, &cost);
}
