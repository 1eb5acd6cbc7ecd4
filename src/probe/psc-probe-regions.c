/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-regions.h"

#include <string.h>

/* The kernel fills in at most what is free, so a step that meets a nearly full buffer would be
 * cut short. */
#define LEAST_FREE 4096u

struct probe_regions *
probe_regions_begin (struct probe_output *output, struct probe_cost *cost)
{
  static struct probe_regions regions;

  regions.n_items = 0;
  regions.n_closed = 0;
  regions.output = output;
  regions.cost = cost;
  return &regions;
}

static void
to_wire (struct psc_wire_region *items, size_t n_items)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, items, n_items * sizeof *items);
  for (size_t i = 0; i < n_items; i++)
    {
      struct psc_wire_region region = items[i];

      psc_wire_put_region (&writer, &region);
    }
#endif
}

/* Ships the first n_items and moves the others up. */
static void
ship (struct probe_regions *regions, size_t n_items)
{
  size_t n_left = regions->n_items - n_items;

  if (n_items == 0)
    return;
  to_wire (regions->items, n_items);
  probe_output_frame (regions->output, PSC_WIRE_REGIONS, 0, regions->items,
                      n_items * sizeof regions->items[0]);
  regions->cost->items += n_items;
  memmove (regions->items, regions->items + n_items, n_left * sizeof regions->items[0]);
  regions->n_items = n_left;
  regions->n_closed = regions->n_closed > n_items ? regions->n_closed - n_items : 0;
}

struct psc_wire_region *
probe_regions_get_free (struct probe_regions *regions, size_t *n_free)
{
  /* The last one stays: it may go on. */
  if (PROBE_MAX_REGIONS - regions->n_items < LEAST_FREE)
    ship (regions, regions->n_items - 1);
  *n_free = PROBE_MAX_REGIONS - regions->n_items;
  return regions->items + regions->n_items;
}

static bool
last_goes_on (const struct probe_regions *regions, uint64_t start, uint64_t bits)
{
  const struct psc_wire_region *last = regions->items + regions->n_items - 1;

  return regions->n_items > regions->n_closed && last->end == start && last->bits == bits;
}

void
probe_regions_commit (struct probe_regions *regions, size_t n_new)
{
  struct psc_wire_region *added = regions->items + regions->n_items;

  if (n_new == 0)
    return;
  if (last_goes_on (regions, added->start, added->bits))
    {
      added[-1].end = added->end;
      n_new--;
      memmove (added, added + 1, n_new * sizeof *added);
    }
  regions->n_items += n_new;
}

void
probe_regions_add (struct probe_regions *regions, uint64_t start, uint64_t end, uint64_t bits)
{
  size_t n_free;

  if (last_goes_on (regions, start, bits))
    {
      regions->items[regions->n_items - 1].end = end;
      return;
    }
  *probe_regions_get_free (regions, &n_free) =
      (struct psc_wire_region){ .start = start, .end = end, .bits = bits };
  regions->n_items++;
}

void
probe_regions_cut (struct probe_regions *regions)
{
  regions->n_closed = regions->n_items;
}

void
probe_regions_end (struct probe_regions *regions)
{
  ship (regions, regions->n_items);
}
