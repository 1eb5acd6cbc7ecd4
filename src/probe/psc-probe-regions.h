/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Regions on their way out: gathered, neighbours of equal bits merged, and shipped a frame at a
 * time. One buffer for the whole process; the kernel writes straight into it.
 */

#include "psc-probe-output.h"

#define PROBE_MAX_REGIONS (PSC_WIRE_MAX_REPLY / sizeof (struct psc_wire_region))

struct probe_regions
{
  struct psc_wire_region items[PROBE_MAX_REGIONS];
  size_t n_items;
  size_t n_closed; /* the first so many don't merge with what follows */
  struct probe_output *output;
  struct probe_cost *cost; /* items are counted here as they are shipped */
};

/* The buffer, empty. */
struct probe_regions *probe_regions_begin (struct probe_output *output, struct probe_cost *cost);
/* A place for at least a few thousand regions, *n_free of them; ships what is in the way. */
struct psc_wire_region *probe_regions_get_free (struct probe_regions *regions, size_t *n_free);
/* n_new regions were written there. */
void probe_regions_commit (struct probe_regions *regions, size_t n_new);
/* One region, made to measure. */
void probe_regions_add (struct probe_regions *regions, uint64_t start, uint64_t end, uint64_t bits);
/* The border of a range: what follows doesn't merge with what is there. */
void probe_regions_cut (struct probe_regions *regions);
/* Ships the rest. */
void probe_regions_end (struct probe_regions *regions);
