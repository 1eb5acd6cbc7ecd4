/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-page-reader.h"

#include <string.h>

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
put_region (Sink *sink, const struct psc_wire_region *region)
{
  guint16 state = state_of_scan (region->bits);

  fill_up_to (sink, region->start);
  if (state != 0)
    psc_space_builder_add_run (sink->builder, region->start, region->end, state);
  sink->position = region->end;
}

static void
take_scan_cb (const struct psc_wire_region *regions, gsize n_regions, gpointer user_data)
{
  g_array_append_vals (user_data, regions, (guint) n_regions);
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

static void
flag_known (PscSpaceBuilder *builder)
{
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  for (guint i = 0; i < n_mappings; i++)
    mappings[i].flags |= PSC_MAPPING_PAGES_KNOWN;
}

gboolean
psc_pages_add_scan (PscPages *pages, PscProbeBatch *batch, PscProbe *probe,
                    const PscMapping *mappings, guint n_mappings, const PscSpace *last,
                    const PscCaptureOptions *options)
{
  const PscHost *host = psc_probe_get_host (probe);
  g_autofree struct psc_wire_scan_range *ranges = NULL;

  *pages = (PscPages){ PSC_SOURCE_NONE };
  if ((host->features & PSC_WIRE_FEATURE_SCAN) == 0 || options->force_pagemap)
    return FALSE;
  pages->steps = psc_scan_plan_new (mappings, n_mappings, last);
  pages->regions = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));
  if (pages->steps->len == 0)
    {
      pages->source = PSC_SOURCE_SCAN;
      return FALSE;
    }
  ranges = ranges_of (pages->steps, host->scan_categories);
  psc_probe_batch_add_scan (batch, ranges, pages->steps->len, options->hold_usec,
                            options->sleep_usec, take_scan_cb, pages->regions);
  return TRUE;
}

void
psc_pages_take_scan (PscPages *pages, PscProbeBatch *batch)
{
  if (psc_probe_batch_take_scan (batch, &pages->cost, &pages->error))
    pages->source = PSC_SOURCE_SCAN;
}

static gboolean
is_same_array (const GArray *a, const GArray *b)
{
  guint size;

  if (a == NULL || b == NULL || a->len != b->len)
    return FALSE;
  size = g_array_get_element_size ((GArray *) a);
  return a->len == 0 || memcmp (a->data, b->data, (gsize) a->len * size) == 0;
}

/* Steps have padding. */
static gboolean
is_same_plan (const GArray *a, const GArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const PscScanStep *x = &g_array_index (a, PscScanStep, i);
      const PscScanStep *y = &g_array_index (b, PscScanStep, i);

      if (x->start != y->start || x->end != y->end || x->ask_file != y->ask_file ||
          x->predicate != y->predicate)
        return FALSE;
    }
  return TRUE;
}

gboolean
psc_pages_equal (const PscPages *a, const PscPages *b)
{
  return a->source == PSC_SOURCE_SCAN && b->source == PSC_SOURCE_SCAN &&
         is_same_plan (a->steps, b->steps) && is_same_array (a->regions, b->regions);
}

void
psc_pages_put (const PscPages *pages, PscSpaceBuilder *builder)
{
  Sink sink = { .builder = builder };

  if (pages->regions == NULL)
    return;
  sink.steps = (const PscScanStep *) (void *) pages->steps->data;
  sink.n_steps = pages->steps->len;
  for (guint i = 0; i < pages->regions->len; i++)
    put_region (&sink, &g_array_index (pages->regions, struct psc_wire_region, i));
  if (pages->source != PSC_SOURCE_SCAN)
    return;
  fill_up_to (&sink, G_MAXUINT64);
  flag_known (builder);
}

gboolean
psc_pages_need_pagemap (const PscPages *pages)
{
  return pages->source == PSC_SOURCE_NONE &&
         (pages->error == NULL ||
          g_error_matches (pages->error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED));
}

void
psc_pages_fall_back (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                     const PscCaptureOptions *options)
{
  g_autofree struct psc_wire_scan_range *ranges = NULL;
  g_autoptr (GError) error = NULL;
  PscMapping *mappings;
  guint n_mappings;

  if (!psc_pages_need_pagemap (pages))
    return;
  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  g_clear_pointer (&pages->steps, g_array_unref);
  g_clear_pointer (&pages->regions, g_array_unref);
  pages->steps = psc_pagemap_plan_new (mappings, n_mappings);
  ranges = ranges_of (pages->steps, 0);
  if (psc_probe_pagemap (probe, handle, ranges, pages->steps->len, options->hold_usec,
                         options->sleep_usec, take_pagemap_cb, builder, &pages->cost, &error))
    {
      pages->source = PSC_SOURCE_PAGEMAP;
      flag_known (builder);
      return;
    }
  g_clear_error (&pages->error);
  pages->error = g_steal_pointer (&error);
}

void
psc_pages_read (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                const PscSpace *last, const PscCaptureOptions *options)
{
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (probe, handle);
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  if (psc_pages_add_scan (pages, batch, probe, mappings, n_mappings, last, options) &&
      psc_probe_batch_send (batch, &pages->error))
    psc_pages_take_scan (pages, batch);
  psc_pages_put (pages, builder);
  psc_pages_fall_back (pages, probe, handle, builder, options);
}

void
psc_pages_clear (PscPages *pages)
{
  g_clear_error (&pages->error);
  g_clear_pointer (&pages->steps, g_array_unref);
  g_clear_pointer (&pages->regions, g_array_unref);
}
