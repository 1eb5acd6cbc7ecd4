/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-private.h"

static void
get_sums (const PscMapping *mapping, guint64 sums[4])
{
  sums[0] = mapping->resident;
  sums[1] = mapping->swapped;
  sums[2] = mapping->huge;
  sums[3] = mapping->hugetlb;
}

/* Of one side of a pair. `left` is what earlier pairs have left of the mapping's sums: the last one
 * takes it all, with what smaps knows and no run does. */
static void
take_sums (const PscSpace *space, const PscMapping *mapping, guint64 start, guint64 end,
           guint64 left[4], guint64 taken[4])
{
  if (start == mapping->start)
    get_sums (mapping, left);
  for (guint i = 0; i < 4; i++)
    taken[i] = 0;
  if (end < mapping->end)
    psc_diff_pages_sum (space, mapping, start, end, taken);
  for (guint i = 0; i < 4; i++)
    {
      taken[i] = end < mapping->end ? MIN (taken[i], left[i]) : left[i];
      left[i] -= taken[i];
    }
}

static gboolean
is_known (const PscSpace *space, const PscMapping *mapping)
{
  return space->source != PSC_SOURCE_NONE && mapping->flags & PSC_MAPPING_PAGES_KNOWN;
}

static void
sum_now (const PscSpace *b, PscDiffPair *pair, guint64 left[4])
{
  const PscMapping *mapping = &b->mappings[pair->b];
  PscDiffGrowth *growth = &pair->growth;
  guint64 sums[4];

  take_sums (b, mapping, pair->b_start, pair->b_end, left, sums);
  growth->n_mappings.now = 1;
  growth->size.now = pair->b_end - pair->b_start;
  growth->resident.now = sums[0];
  growth->swapped.now = sums[1];
  growth->huge.now = sums[2];
  growth->hugetlb.now = sums[3];
  growth->now_known = is_known (b, mapping);
}

static void
sum_then (const PscSpace *a, PscDiffPair *pair, guint64 left[4])
{
  const PscMapping *mapping = &a->mappings[pair->a];
  PscDiffGrowth *growth = &pair->growth;
  guint64 sums[4];

  take_sums (a, mapping, pair->a_start, pair->a_end, left, sums);
  growth->n_mappings.then = 1;
  growth->size.then = pair->a_end - pair->a_start;
  growth->resident.then = sums[0];
  growth->swapped.then = sums[1];
  growth->huge.then = sums[2];
  growth->hugetlb.then = sums[3];
  growth->then_known = is_known (a, mapping);
}

void
psc_diff_sum_pairs (PscDiff *diff, const GArray *order)
{
  guint64 left[4] = { 0 };

  for (guint i = 0; i < diff->n_pairs; i++)
    diff->pairs[i].growth.then_known = diff->pairs[i].growth.now_known = TRUE;
  for (guint i = 0; i < diff->n_of_b; i++)
    sum_now (diff->b, &diff->pairs[i], left);
  for (guint i = 0; i < order->len; i++)
    sum_then (diff->a, &diff->pairs[g_array_index (order, guint, i)], left);
}

static void
set_then (PscDiffGrowth *growth, const PscSpace *space, const PscTotals *totals)
{
  growth->n_mappings.then = totals->n_mappings;
  growth->size.then = totals->size;
  growth->resident.then = totals->resident;
  growth->swapped.then = totals->swapped;
  growth->huge.then = totals->huge;
  growth->hugetlb.then = totals->hugetlb;
  growth->then_known = totals->size == 0 || (space->source != PSC_SOURCE_NONE &&
                                             totals->classes[PSC_CLASS_UNKNOWN] < totals->size);
}

static void
set_now (PscDiffGrowth *growth, const PscSpace *space, const PscTotals *totals)
{
  growth->n_mappings.now = totals->n_mappings;
  growth->size.now = totals->size;
  growth->resident.now = totals->resident;
  growth->swapped.now = totals->swapped;
  growth->huge.now = totals->huge;
  growth->hugetlb.now = totals->hugetlb;
  growth->now_known = totals->size == 0 || (space->source != PSC_SOURCE_NONE &&
                                            totals->classes[PSC_CLASS_UNKNOWN] < totals->size);
}

static void
add_pages (PscDiffGrowth *growth, const PscDiffGrowth *of_pair)
{
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    growth->pages.bytes[i] += of_pair->pages.bytes[i];
}

static void
add_unmapped (PscDiffGrowth *growth, const PscDiffGrowth *of_pair)
{
  growth->pages.unmapped += of_pair->pages.unmapped;
  growth->pages.unmapped_populated += of_pair->pages.unmapped_populated;
}

void
psc_diff_sum_all (PscDiff *diff)
{
  set_then (&diff->total, diff->a, &diff->a->totals);
  set_now (&diff->total, diff->b, &diff->b->totals);
  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      set_then (&diff->kinds[i], diff->a, &diff->a->kinds[i]);
      set_now (&diff->kinds[i], diff->b, &diff->b->kinds[i]);
    }
  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffPair *pair = &diff->pairs[i];

      add_pages (&diff->total, &pair->growth);
      add_unmapped (&diff->total, &pair->growth);
      if (pair->b != PSC_DIFF_NONE)
        add_pages (&diff->kinds[diff->b->mappings[pair->b].kind], &pair->growth);
      if (pair->a != PSC_DIFF_NONE)
        add_unmapped (&diff->kinds[diff->a->mappings[pair->a].kind], &pair->growth);
    }
}

static void
add_sum (PscDiffSum *sum, PscDiffSum other)
{
  sum->then += other.then;
  sum->now += other.now;
}

static void
add_pair (PscDiffGrowth *growth, const PscDiffGrowth *pair)
{
  add_sum (&growth->n_mappings, pair->n_mappings);
  add_sum (&growth->size, pair->size);
  add_sum (&growth->resident, pair->resident);
  add_sum (&growth->swapped, pair->swapped);
  add_sum (&growth->huge, pair->huge);
  add_sum (&growth->hugetlb, pair->hugetlb);
  growth->then_known &= pair->then_known;
  growth->now_known &= pair->now_known;
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    growth->pages.bytes[i] += pair->pages.bytes[i];
  growth->pages.unmapped += pair->pages.unmapped;
  growth->pages.unmapped_populated += pair->pages.unmapped_populated;
}

void
psc_diff_sum_mapping (const PscDiff *diff, guint b_index, PscDiffGrowth *growth)
{
  guint n;
  const PscDiffPair *pairs = psc_diff_pairs_of_mapping (diff, b_index, &n);

  *growth = (PscDiffGrowth){ .then_known = TRUE, .now_known = TRUE };
  for (guint i = 0; i < n; i++)
    add_pair (growth, &pairs[i].growth);
}
