/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <string.h>

static void
count_kinds (const PscSpace *space, guint64 *bytes)
{
  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      const PscTotals *totals = &space->kinds[kind];
      guint64 faded = totals->classes[PSC_CLASS_ABSENT] + totals->classes[PSC_CLASS_SPECIAL] +
                      totals->classes[PSC_CLASS_UNKNOWN];

      bytes[kind] = totals->size - faded;
      bytes[PSC_N_KINDS + kind] = faded;
    }
}

/* Goes through a space in address order, and through the traits beside it. */
typedef struct
{
  PscLens lens;
  gsize page_size;
  const PscTraits *traits;
  guint trait; /* the first that ends above where the walk is */
  guint64 *bytes;
} Walk;

/* Pages [start, end) of one class. */
static void
count_span (Walk *walk, const PscMapping *mapping, guint64 start, guint64 end, PscPageClass klass)
{
  guint entry = psc_lens_entry_of (walk->lens, mapping, klass);

  while (start < end && walk->traits != NULL && walk->trait < walk->traits->n_traits)
    {
      const PscTrait *trait = &walk->traits->traits[walk->trait];
      guint64 trait_end = psc_trait_end (trait, walk->page_size);
      guint64 from = MAX (trait->start, start);
      guint64 to = MIN (trait_end, end);

      if (trait->start >= end)
        break;
      if (from < to)
        {
          walk->bytes[entry] += from - start;
          walk->bytes[psc_lens_entry_of_trait (walk->lens, trait->value)] += to - from;
          start = to;
        }
      if (trait_end > end)
        break;
      walk->trait++;
    }
  walk->bytes[entry] += end - start;
}

static void
count_mapping (Walk *walk, const PscSpace *space, const PscMapping *mapping)
{
  PscPageClass empty =
      mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
  guint64 at = mapping->start;

  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];
      guint64 run_end = psc_run_end (run, space->page_size);

      if (run->start > at)
        count_span (walk, mapping, at, run->start, empty);
      count_span (walk, mapping, run->start, run_end, psc_page_class (run->state));
      at = run_end;
    }
  if (at < mapping->end)
    count_span (walk, mapping, at, mapping->end, empty);
}

void
psc_lens_count (PscLens lens, const PscSpace *space, const PscTraits *traits, guint64 *bytes)
{
  Walk walk = { lens, space->page_size, traits, 0, bytes };

  memset (bytes, 0, sizeof *bytes * PSC_LENS_MAX_ENTRIES);
  if (lens == PSC_LENS_KIND && traits == NULL)
    count_kinds (space, bytes);
  else if (lens == PSC_LENS_RESIDENCY && traits == NULL)
    memcpy (bytes, space->totals.classes, sizeof space->totals.classes);
  else
    for (guint i = 0; i < space->n_mappings; i++)
      count_mapping (&walk, space, &space->mappings[i]);
}
