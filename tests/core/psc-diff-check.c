/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-check.h"

#include <string.h>

static void
add_sum (PscDiffSum *sum, PscDiffSum more)
{
  sum->then += more.then;
  sum->now += more.now;
}

static void
add_growth (PscDiffGrowth *sum, const PscDiffGrowth *growth)
{
  add_sum (&sum->size, growth->size);
  add_sum (&sum->resident, growth->resident);
  add_sum (&sum->swapped, growth->swapped);
  add_sum (&sum->huge, growth->huge);
  add_sum (&sum->hugetlb, growth->hugetlb);
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    sum->pages.bytes[i] += growth->pages.bytes[i];
  sum->pages.unmapped += growth->pages.unmapped;
  sum->pages.unmapped_populated += growth->pages.unmapped_populated;
}

static void
assert_sum (PscDiffSum sum, guint64 then, guint64 now)
{
  g_assert_cmpuint (sum.then, ==, then);
  g_assert_cmpuint (sum.now, ==, now);
}

static void
assert_growth (const PscDiffGrowth *growth, const PscTotals *then, const PscTotals *now)
{
  assert_sum (growth->size, then->size, now->size);
  assert_sum (growth->resident, then->resident, now->resident);
  assert_sum (growth->swapped, then->swapped, now->swapped);
  assert_sum (growth->huge, then->huge, now->huge);
  assert_sum (growth->hugetlb, then->hugetlb, now->hugetlb);
}

static void
check_sums (const PscDiff *diff)
{
  PscDiffGrowth all = { 0 }, kinds = { 0 };
  guint64 bytes = 0;

  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffGrowth *growth = &diff->pairs[i].growth;
      guint64 of_pair = 0;

      for (guint j = 0; j < PSC_N_CHANGES; j++)
        of_pair += growth->pages.bytes[j];
      g_assert_cmpuint (of_pair, ==, growth->size.now);
      add_growth (&all, growth);
    }
  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      assert_growth (&diff->kinds[i], &diff->a->kinds[i], &diff->b->kinds[i]);
      add_growth (&kinds, &diff->kinds[i]);
    }
  assert_growth (&all, &diff->a->totals, &diff->b->totals);
  assert_growth (&kinds, &diff->a->totals, &diff->b->totals);
  g_assert_cmpmem (&all.pages, sizeof all.pages, &diff->total.pages, sizeof all.pages);
  g_assert_cmpmem (&kinds.pages, sizeof kinds.pages, &diff->total.pages, sizeof kinds.pages);
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    bytes += all.pages.bytes[i];
  g_assert_cmpuint (bytes, ==, diff->b->totals.size);
}

/* Pairs of b follow each other through all of its mappings. */
static void
check_b (const PscDiff *diff)
{
  guint at = 0;

  for (guint i = 0; i < diff->b->n_mappings; i++)
    {
      const PscMapping *mapping = &diff->b->mappings[i];
      guint64 address = mapping->start;
      guint n;
      const PscDiffPair *first = psc_diff_pairs_of_mapping (diff, i, &n);

      g_assert_true (first == &diff->pairs[at]);
      g_assert_cmpuint (n, >, 0);
      for (guint j = 0; j < n; j++, at++)
        {
          const PscDiffPair *pair = &diff->pairs[at];

          g_assert_cmpuint (pair->b, ==, i);
          g_assert_cmpuint (pair->b_start, ==, address);
          g_assert_cmpuint (pair->b_end, >, pair->b_start);
          g_assert_true (psc_diff_pair_at (diff, pair->b_start) == pair);
          g_assert_true (psc_diff_pair_at (diff, pair->b_end - 1) == pair);
          g_assert_true (pair->a != PSC_DIFF_NONE || (n == 1 && pair->why == PSC_DIFF_CAME));
          address = pair->b_end;
        }
      g_assert_cmpuint (address, ==, mapping->end);
      g_assert_cmpuint (psc_diff_pair_of_mapping (diff, i)->b, ==, i);
    }
  g_assert_cmpuint (at, ==, diff->n_of_b);
}

/* Each byte of a is in one pair. */
static void
check_a (const PscDiff *diff)
{
  g_autofree guint64 *sizes = g_new0 (guint64, diff->a->n_mappings + 1);

  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffPair *pair = &diff->pairs[i];
      guint64 then;

      g_assert_true ((pair->b == PSC_DIFF_NONE) == (i >= diff->n_of_b));
      g_assert_true ((pair->b == PSC_DIFF_NONE) == (pair->why == PSC_DIFF_WENT));
      if (pair->a == PSC_DIFF_NONE)
        continue;
      g_assert_cmpuint (pair->a_start, >=, diff->a->mappings[pair->a].start);
      g_assert_cmpuint (pair->a_end, <=, diff->a->mappings[pair->a].end);
      g_assert_cmpuint (pair->a_end, >, pair->a_start);
      sizes[pair->a] += pair->a_end - pair->a_start;
      if (pair->b != PSC_DIFF_NONE && pair->a_start + pair->shift >= pair->b_start &&
          pair->a_start + pair->shift < pair->b_end)
        {
          g_assert_true (psc_diff_address_then (diff, pair->a_start + pair->shift, &then));
          g_assert_cmpuint (then, ==, pair->a_start);
        }
    }
  for (guint i = 0; i < diff->a->n_mappings; i++)
    g_assert_cmpuint (sizes[i], ==, diff->a->mappings[i].end - diff->a->mappings[i].start);
}

static guint64
magnitude_of (const PscDiff *diff, guint index)
{
  gint64 delta = psc_diff_populated_delta (&diff->pairs[index].growth);

  return (guint64) ABS (delta);
}

static void
check_list (const PscDiff *diff, const guint *list, guint n, gboolean has_a, gboolean has_b)
{
  for (guint i = 0; i < n; i++)
    {
      const PscDiffPair *pair = &diff->pairs[list[i]];

      g_assert_true ((pair->a != PSC_DIFF_NONE) == has_a);
      g_assert_true ((pair->b != PSC_DIFF_NONE) == has_b);
      g_assert_true (psc_diff_pair_is_changed (diff, pair));
      if (i > 0)
        g_assert_cmpuint (magnitude_of (diff, list[i]), <=, magnitude_of (diff, list[i - 1]));
    }
}

static void
check_lists (const PscDiff *diff)
{
  guint n_changed = 0;

  check_list (diff, diff->changed, diff->n_changed, TRUE, TRUE);
  check_list (diff, diff->came, diff->n_came, FALSE, TRUE);
  check_list (diff, diff->went, diff->n_went, TRUE, FALSE);
  for (guint i = 0; i < diff->n_pairs; i++)
    n_changed += psc_diff_pair_is_changed (diff, &diff->pairs[i]);
  g_assert_cmpuint (n_changed, ==, diff->n_changed + diff->n_came + diff->n_went);
}

/* What the traits say of the pages is what the sums say. */
static void
check_traits (const PscDiff *diff)
{
  gsize page_size = diff->b->page_size;
  guint64 bytes[PSC_N_CHANGES] = { 0 };
  guint64 plain[PSC_N_CHANGES] = { 0 };

  for (guint i = 0; i < diff->traits->n_traits; i++)
    {
      const PscTrait *trait = &diff->traits->traits[i];

      bytes[trait->value] += trait->n_pages * page_size;
      if (i == 0)
        continue;
      g_assert_cmpuint (trait->start, >=, psc_trait_end (trait - 1, page_size));
      if (trait->start == psc_trait_end (trait - 1, page_size) &&
          trait->n_pages + trait[-1].n_pages < G_MAXUINT32)
        g_assert_cmpuint (trait->value, !=, trait[-1].value);
    }
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    plain[psc_change_of_class (i)] += 1;
  for (guint i = 0; i < PSC_N_CHANGES; i++)
    if (plain[i] == 0)
      g_assert_cmpuint (bytes[i], ==, diff->total.pages.bytes[i]);
}

void
psc_diff_check (const PscDiff *diff)
{
  check_sums (diff);
  check_a (diff);
  check_b (diff);
  check_lists (diff);
  check_traits (diff);
  if (diff->identical)
    g_assert_cmpuint (psc_diff_changed_bytes (&diff->total.pages), ==, 0);
}

/* --- mirrored ------------------------------------------------------------------------------ */

static void
assert_mirrored_sum (PscDiffSum one, PscDiffSum other)
{
  g_assert_cmpuint (one.then, ==, other.now);
  g_assert_cmpuint (one.now, ==, other.then);
}

/* What was given back has appeared, and the other way round; a copy of a file's page is not undone
 * but by giving it back. */
static void
assert_mirrored_pages (const PscChangeSums *one, const PscChangeSums *other)
{
  const guint64 *bytes = one->bytes, *mirrored = other->bytes;

  /* What was not known and is not mapped is in neither. */
  if (bytes[PSC_CHANGE_UNKNOWN] + mirrored[PSC_CHANGE_UNKNOWN] > 0)
    return;
  g_assert_cmpuint (bytes[PSC_CHANGE_GONE] + one->unmapped_populated, >=,
                    mirrored[PSC_CHANGE_APPEARED]);
  g_assert_cmpuint (mirrored[PSC_CHANGE_GONE] + other->unmapped_populated, >=,
                    bytes[PSC_CHANGE_APPEARED]);
}

static void
check_pair_mirrored (const PscDiff *mirror, const PscDiffPair *pair)
{
  for (guint i = 0; i < mirror->n_pairs; i++)
    {
      const PscDiffPair *other = &mirror->pairs[i];

      if (other->a != pair->b || other->b != pair->a || other->a_start != pair->b_start ||
          other->b_start != pair->a_start)
        continue;
      g_assert_cmpuint (other->shift, ==, -pair->shift);
      assert_mirrored_sum (pair->growth.size, other->growth.size);
      assert_mirrored_sum (pair->growth.resident, other->growth.resident);
      assert_mirrored_sum (pair->growth.swapped, other->growth.swapped);
      assert_mirrored_pages (&pair->growth.pages, &other->growth.pages);
      return;
    }
  g_error ("a pair of mappings %u and %u has no mirror image", pair->a, pair->b);
}

void
psc_diff_check_mirrored (PscSpace *a, PscSpace *b)
{
  g_autoptr (PscDiff) diff = psc_diff_new (a, b);
  g_autoptr (PscDiff) mirror = psc_diff_new (b, a);

  psc_diff_check (diff);
  psc_diff_check (mirror);
  g_assert_cmpuint (diff->n_pairs, ==, mirror->n_pairs);
  g_assert_cmpuint (diff->n_came, ==, mirror->n_went);
  /* The page of a file that takes the place of a copy of it is no change. */
  if (diff->total.pages.bytes[PSC_CHANGE_COPIED] + mirror->total.pages.bytes[PSC_CHANGE_COPIED] ==
      0)
    g_assert_cmpuint (diff->n_changed, ==, mirror->n_changed);
  g_assert_cmpint (diff->identical, ==, mirror->identical);
  for (guint i = 0; i < diff->n_pairs; i++)
    check_pair_mirrored (mirror, &diff->pairs[i]);
}

void
psc_diff_check_change (PscSpace *then, PscSpace *now)
{
  g_autoptr (PscDiff) diff = psc_diff_new (then, now);
  g_autoptr (PscTraits) traits = NULL;
  PscChangeSums sums;

  psc_diff_check (diff);
  g_assert_true (diff->one_process);
  traits = psc_change_new (then, now, &sums);
  g_assert_cmpmem (traits->traits, traits->n_traits * sizeof (PscTrait), diff->traits->traits,
                   diff->traits->n_traits * sizeof (PscTrait));
  g_assert_cmpmem (&sums, sizeof sums, &diff->total.pages, sizeof sums);
}
