/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-page-reader.h"

#include "psc-scan-plan.h"

/* Regions on their way into the builder. The steps are needed because a COMPLEMENT step says
 * something by saying nothing. */
typedef struct
{
  PscSpaceBuilder *builder;
  const PscScanStep *steps;
  guint n_steps;
  guint at;         /* the step that regions are in */
  guint64 position; /* addresses below are done */
} Sink;

static guint16
state_of_scan (guint64 categories)
{
  guint16 state = 0;

  /* A guard looks like a swap entry, and an untouched hugetlb page is HUGE without being there. */
  if (categories & PSC_WIRE_PAGE_GUARD)
    return PSC_PAGE_GUARD;
  if (categories & PSC_WIRE_PAGE_SWAPPED)
    return PSC_PAGE_SWAPPED;
  if ((categories & PSC_WIRE_PAGE_PRESENT) == 0)
    return 0;
  state = PSC_PAGE_PRESENT;
  if (categories & PSC_WIRE_PAGE_PFNZERO)
    state |= PSC_PAGE_ZERO;
  if (categories & PSC_WIRE_PAGE_HUGE)
    state |= PSC_PAGE_HUGE;
  if (categories & PSC_WIRE_PAGE_FILE)
    state |= PSC_PAGE_FILE;
  return state;
}

static guint16
state_of_pagemap (guint64 bits)
{
  if (bits & PSC_WIRE_PAGEMAP_GUARD)
    return PSC_PAGE_GUARD;
  if (bits & PSC_WIRE_PAGEMAP_PRESENT)
    return PSC_PAGE_PRESENT | (bits & PSC_WIRE_PAGEMAP_FILE ? PSC_PAGE_FILE : 0);
  return bits & PSC_WIRE_PAGEMAP_SWAPPED ? PSC_PAGE_SWAPPED : 0;
}

/* Everything up to `address` of which no region told. */
static void
fill_up_to (Sink *sink, guint64 address)
{
  while (sink->at < sink->n_steps)
    {
      const PscScanStep *step = &sink->steps[sink->at];
      guint64 start = MAX (sink->position, step->start);
      guint64 end = MIN (address, step->end);

      if (step->predicate == PSC_SCAN_COMPLEMENT && start < end)
        psc_space_builder_add_run (sink->builder, start, end, PSC_PAGE_PRESENT);
      if (step->end > address)
        break;
      sink->at++;
    }
  sink->position = MAX (sink->position, address);
}

static void
take_scan_cb (const struct psc_wire_region *regions, gsize n_regions, gpointer user_data)
{
  Sink *sink = user_data;

  for (gsize i = 0; i < n_regions; i++)
    {
      guint16 state = state_of_scan (regions[i].bits);

      fill_up_to (sink, regions[i].start);
      if (state != 0)
        psc_space_builder_add_run (sink->builder, regions[i].start, regions[i].end, state);
      sink->position = regions[i].end;
    }
}

static void
take_pagemap_cb (const struct psc_wire_region *regions, gsize n_regions, gpointer user_data)
{
  PscSpaceBuilder *builder = user_data;

  for (gsize i = 0; i < n_regions; i++)
    {
      guint16 state = state_of_pagemap (regions[i].bits);

      if (state != 0)
        psc_space_builder_add_run (builder, regions[i].start, regions[i].end, state);
    }
}

static struct psc_wire_scan_range *
ranges_of (const GArray *steps, guint64 categories)
{
  struct psc_wire_scan_range *ranges = g_new (struct psc_wire_scan_range, steps->len);

  for (guint i = 0; i < steps->len; i++)
    ranges[i] = psc_scan_step_to_range (&g_array_index (steps, PscScanStep, i), categories);
  return ranges;
}

static gboolean
read_scan (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
           const PscSpace *last, const PscCaptureOptions *options)
{
  g_autofree struct psc_wire_scan_range *ranges = NULL;
  PscMapping *mappings;
  guint n_mappings;
  Sink sink = { builder };

  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  pages->steps = psc_scan_plan_new (mappings, n_mappings, last);
  ranges = ranges_of (pages->steps, psc_probe_get_host (probe)->scan_categories);
  sink.steps = (const PscScanStep *) (void *) pages->steps->data;
  sink.n_steps = pages->steps->len;
  if (!psc_probe_scan (probe, handle, ranges, sink.n_steps, options->hold_usec, options->sleep_usec,
                       take_scan_cb, &sink, &pages->cost, &pages->error))
    return FALSE;
  fill_up_to (&sink, G_MAXUINT64);
  pages->source = PSC_SOURCE_SCAN;
  return TRUE;
}

static void
read_pagemap (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
              const PscCaptureOptions *options)
{
  g_autofree struct psc_wire_scan_range *ranges = NULL;
  g_autoptr (GError) error = NULL;
  PscMapping *mappings;
  guint n_mappings;

  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  g_clear_pointer (&pages->steps, g_array_unref);
  pages->steps = psc_pagemap_plan_new (mappings, n_mappings);
  ranges = ranges_of (pages->steps, 0);
  if (psc_probe_pagemap (probe, handle, ranges, pages->steps->len, options->hold_usec,
                         options->sleep_usec, take_pagemap_cb, builder, &pages->cost, &error))
    {
      pages->source = PSC_SOURCE_PAGEMAP;
      return;
    }
  g_clear_error (&pages->error);
  pages->error = g_steal_pointer (&error);
}

static void
flag_known (PscSpaceBuilder *builder)
{
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    mappings[i].flags |= PSC_MAPPING_PAGES_KNOWN;
}

void
psc_pages_read (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                const PscSpace *last, const PscCaptureOptions *options)
{
  gboolean may_scan = (psc_probe_get_host (probe)->features & PSC_WIRE_FEATURE_SCAN) != 0;
  gboolean done = FALSE;

  *pages = (PscPages){ PSC_SOURCE_NONE };
  if (may_scan && !options->force_pagemap)
    done = read_scan (pages, probe, handle, builder, last, options);
  if (!done && (pages->error == NULL ||
                g_error_matches (pages->error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED)))
    read_pagemap (pages, probe, handle, builder, options);
  if (pages->source != PSC_SOURCE_NONE)
    flag_known (builder);
}

void
psc_pages_clear (PscPages *pages)
{
  g_clear_error (&pages->error);
  g_clear_pointer (&pages->steps, g_array_unref);
}
