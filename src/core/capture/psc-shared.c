/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-shared.h"

/* What is not worth a range of its own: reading so many pages more. */
#define BRIDGE_PAGES 64u

#define HOLD_USEC  1000
#define SLEEP_USEC 500

static gboolean
may_be_shared (const PscMapping *mapping, const PscRun *run)
{
  PscPageClass klass = psc_page_class (run->state);

  return (mapping->perms & PSC_PERM_SHARED) == 0 &&
         (klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_HUGE || klass == PSC_CLASS_HUGETLB);
}

static void
plan_range (GArray *plan, const PscMapping *mapping, guint64 start, guint64 end, guint64 bridge)
{
  struct psc_wire_scan_range range = { .start = start, .end = end };
  struct psc_wire_scan_range *last =
      plan->len > 0 ? &g_array_index (plan, struct psc_wire_scan_range, plan->len - 1) : NULL;

  /* Never into another mapping, whose pages may be of another kind. */
  if (last != NULL && last->end >= mapping->start && start - last->end <= bridge)
    last->end = end;
  else
    g_array_append_val (plan, range);
}

static GArray *
plan_ranges (const PscSpace *space, guint64 start, guint64 *end, guint max_pages)
{
  GArray *plan = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_scan_range));
  const guint64 bridge = BRIDGE_PAGES * space->page_size;
  guint64 left = (guint64) max_pages * space->page_size;

  for (guint i = psc_space_lower_bound (space, start);
       i < space->n_mappings && space->mappings[i].start < *end; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      const PscRun *run = &space->runs[mapping->first_run];

      for (guint n = mapping->n_runs; n > 0 && run->start < *end; n--, run++)
        {
          guint64 low = MAX (run->start, start);
          guint64 high = MIN (psc_run_end (run, space->page_size), *end);

          if (low >= high || !may_be_shared (mapping, run))
            continue;
          if (high - low > left)
            *end = high = low + left;
          left -= high - low;
          if (low < high)
            plan_range (plan, mapping, low, high, bridge);
        }
    }
  return plan;
}

typedef struct
{
  GArray *traits;
  gsize page_size;
} Taker;

static void
take_regions (const struct psc_wire_region *regions, gsize n_regions, gpointer user_data)
{
  Taker *taker = user_data;

  for (gsize i = 0; i < n_regions; i++)
    {
      guint64 bits = regions[i].bits;

      if (bits & PSC_WIRE_PAGEMAP_PRESENT &&
          !(bits & (PSC_WIRE_PAGEMAP_FILE | PSC_WIRE_PAGEMAP_EXCLUSIVE)))
        psc_traits_append (taker->traits, taker->page_size, regions[i].start, regions[i].end,
                           PSC_SHARED_WITH_OTHERS);
    }
}

PscTraits *
psc_target_read_shared (PscTarget *target, const PscSpace *space, guint64 start, guint64 *end,
                        guint max_pages, GError **error)
{
  g_autoptr (GArray) plan = NULL;
  Taker taker = { NULL, space->page_size };
  PscProbeCost cost;

  g_return_val_if_fail (start % space->page_size == 0 && *end % space->page_size == 0, NULL);
  g_return_val_if_fail (max_pages > 0 && max_pages <= PSC_SHARED_MAX_PAGES, NULL);

  plan = plan_ranges (space, start, end, max_pages);
  taker.traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));
  if (plan->len > 0 &&
      !psc_probe_pagemap (psc_target_get_probe (target), psc_target_get_handle (target),
                          (const struct psc_wire_scan_range *) (const void *) plan->data, plan->len,
                          HOLD_USEC, SLEEP_USEC, take_regions, &taker, &cost, error))
    {
      g_array_unref (taker.traits);
      return NULL;
    }
  return psc_traits_new (space->page_size, taker.traits);
}
