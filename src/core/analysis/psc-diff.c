/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static const struct
{
  const char *id, *words;
} whys[PSC_N_DIFF_WHYS] = {
  [PSC_DIFF_ADDRESS] = { "address", N_ ("the same addresses") },
  [PSC_DIFF_FILE] = { "file", N_ ("the same part of the same file") },
  [PSC_DIFF_PATH] = { "path", N_ ("the same part of another file with the same path") },
  [PSC_DIFF_NAME] = { "name", N_ ("named so by the kernel") },
  [PSC_DIFF_THREAD] = { "thread", N_ ("the stack of a thread with the same name") },
  [PSC_DIFF_OWNER] = { "owner", N_ ("the same owner") },
  [PSC_DIFF_SIZE] = { "size", N_ ("the same kind, size and permissions") },
  [PSC_DIFF_PLACE] = { "place", N_ ("the same kind and permissions, at the same place") },
  [PSC_DIFF_CAME] = { "came", N_ ("was not there") },
  [PSC_DIFF_WENT] = { "went", N_ ("is not there any more") },
};

const char *
psc_diff_why_id (PscDiffWhy why)
{
  g_return_val_if_fail (why < PSC_N_DIFF_WHYS, "");

  return whys[why].id;
}

const char *
psc_diff_why_words (PscDiffWhy why)
{
  g_return_val_if_fail (why < PSC_N_DIFF_WHYS, "");

  return whys[why].words;
}

/* A diff under construction. `overlaps` go with the pairs of b: a is PSC_DIFF_NONE for what came.
 */
typedef struct
{
  PscDiff *diff;
  GArray *pairs, *overlaps;
} Maker;

/* --- pairs --------------------------------------------------------------------------------- */

static void
add_pair_of_b (Maker *maker, const PscDiffPiece *piece, guint b, guint64 start, guint64 end)
{
  const PscDiffPiece none = { PSC_DIFF_NONE, b, start, start, 0, PSC_DIFF_CAME };
  PscDiffPair pair = { .a = PSC_DIFF_NONE, .b = b, .b_start = start, .b_end = end };

  if (piece == NULL)
    piece = &none;
  pair.a = piece->a;
  pair.shift = piece->shift;
  pair.why = piece->why;
  if (pair.a != PSC_DIFF_NONE)
    {
      pair.a_start = piece->start - piece->shift;
      pair.a_end = piece->end - piece->shift;
    }
  g_array_append_val (maker->pairs, pair);
  g_array_append_val (maker->overlaps, *piece);
}

/* What of a mapping no piece has belongs to the one below, or above the first. */
static void
add_pairs_of_b (Maker *maker, const GArray *pieces)
{
  const PscSpace *b = maker->diff->b;
  guint at = 0;

  for (guint i = 0; i < b->n_mappings; i++)
    {
      guint64 start = b->mappings[i].start;

      if (at == pieces->len || g_array_index (pieces, PscDiffPiece, at).b != i)
        add_pair_of_b (maker, NULL, i, start, b->mappings[i].end);
      for (; at < pieces->len && g_array_index (pieces, PscDiffPiece, at).b == i; at++)
        {
          const PscDiffPiece *piece = &g_array_index (pieces, PscDiffPiece, at);
          gboolean is_last = at + 1 == pieces->len || piece[1].b != i;
          guint64 end = is_last ? b->mappings[i].end : piece[1].start;

          add_pair_of_b (maker, piece, i, start, end);
          start = end;
        }
    }
  maker->diff->n_of_b = maker->pairs->len;
}

static int
compare_by_a (const void *x, const void *y, void *data)
{
  const GArray *pairs = data;
  const PscDiffPair *a = &g_array_index (pairs, PscDiffPair, *(const guint *) x);
  const PscDiffPair *b = &g_array_index (pairs, PscDiffPair, *(const guint *) y);

  return a->a_start < b->a_start ? -1 : a->a_start > b->a_start;
}

/* Indices of the pairs that have a mapping of a, by its address. */
static GArray *
order_by_a (const GArray *pairs)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < pairs->len; i++)
    if (g_array_index (pairs, PscDiffPair, i).a != PSC_DIFF_NONE)
      g_array_append_val (order, i);
  g_qsort_with_data (order->data, (gint) order->len, sizeof (guint), compare_by_a,
                     (gpointer) pairs);
  return order;
}

static void
add_went (Maker *maker, guint i)
{
  const PscMapping *mapping = &maker->diff->a->mappings[i];
  PscDiffPair pair = { .a = i,
                       .b = PSC_DIFF_NONE,
                       .a_start = mapping->start,
                       .a_end = mapping->end,
                       .why = PSC_DIFF_WENT };

  g_array_append_val (maker->pairs, pair);
}

/* The same for a: the pairs that are there get what they lack, and those that went are added. */
static void
add_pairs_of_a (Maker *maker)
{
  const PscSpace *a = maker->diff->a;
  g_autoptr (GArray) order = order_by_a (maker->pairs);
  guint at = 0;

  for (guint i = 0; i < a->n_mappings; i++)
    {
      guint64 start = a->mappings[i].start;
      gboolean found = FALSE;

      for (; at < order->len; at++)
        {
          PscDiffPair *pair =
              &g_array_index (maker->pairs, PscDiffPair, g_array_index (order, guint, at));
          const PscDiffPair *next =
              at + 1 < order->len ?
                  &g_array_index (maker->pairs, PscDiffPair, g_array_index (order, guint, at + 1)) :
                  NULL;

          if (pair->a != i)
            break;
          pair->a_start = start;
          pair->a_end = next != NULL && next->a == i ? next->a_start : a->mappings[i].end;
          start = pair->a_end;
          found = TRUE;
        }
      if (!found)
        add_went (maker, i);
    }
}

/* --- lists --------------------------------------------------------------------------------- */

static guint64
magnitude (gint64 delta)
{
  return delta < 0 ? -(guint64) delta : (guint64) delta;
}

gint64
psc_diff_populated_delta (const PscDiffGrowth *growth)
{
  return psc_diff_delta (growth->resident) + psc_diff_delta (growth->swapped) +
         psc_diff_delta (growth->hugetlb);
}

guint64
psc_diff_changed_bytes (const PscChangeSums *pages)
{
  guint64 bytes = pages->unmapped_populated;

  for (guint i = 0; i < PSC_N_CHANGES; i++)
    if (i != PSC_CHANGE_UNCHANGED && i != PSC_CHANGE_UNTOUCHED && i != PSC_CHANGE_UNKNOWN)
      bytes += pages->bytes[i];
  return bytes;
}

static gboolean
is_other (PscDiffSum sum)
{
  return sum.then != sum.now;
}

gboolean
psc_diff_pair_is_changed (const PscDiff *diff, const PscDiffPair *pair)
{
  const PscDiffGrowth *growth = &pair->growth;
  const PscMapping *a, *b;

  if (pair->a == PSC_DIFF_NONE || pair->b == PSC_DIFF_NONE)
    return TRUE;
  a = &diff->a->mappings[pair->a];
  b = &diff->b->mappings[pair->b];
  if (is_other (growth->size) || psc_diff_changed_bytes (&growth->pages) > 0 ||
      growth->pages.unmapped > 0 || a->perms != b->perms || strcmp (a->name, b->name) != 0)
    return TRUE;
  if (!growth->then_known || !growth->now_known)
    return FALSE;
  return is_other (growth->resident) || is_other (growth->swapped) || is_other (growth->hugetlb) ||
         (diff->a->source == diff->b->source && is_other (growth->huge) &&
          pair->shift % diff->b->row_size == 0);
}

static int
compare_changes (const void *x, const void *y, void *data)
{
  const PscDiff *diff = data;
  guint i = *(const guint *) x, j = *(const guint *) y;
  const PscDiffGrowth *a = &diff->pairs[i].growth, *b = &diff->pairs[j].growth;
  const guint64 keys_a[] = { magnitude (psc_diff_populated_delta (a)),
                             magnitude (psc_diff_delta (a->size)),
                             psc_diff_changed_bytes (&a->pages) };
  const guint64 keys_b[] = { magnitude (psc_diff_populated_delta (b)),
                             magnitude (psc_diff_delta (b->size)),
                             psc_diff_changed_bytes (&b->pages) };

  for (guint k = 0; k < G_N_ELEMENTS (keys_a); k++)
    if (keys_a[k] != keys_b[k])
      return keys_a[k] > keys_b[k] ? -1 : 1;
  return i < j ? -1 : i > j;
}

static guint *
sort_list (PscDiff *diff, GArray *list, guint *n)
{
  g_qsort_with_data (list->data, (gint) list->len, sizeof (guint), compare_changes, diff);
  *n = list->len;
  return (guint *) (gpointer) g_array_free (list, FALSE);
}

static void
fill_lists (PscDiff *diff)
{
  GArray *changed = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *came = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *went = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffPair *pair = &diff->pairs[i];

      if (pair->a == PSC_DIFF_NONE)
        g_array_append_val (came, i);
      else if (pair->b == PSC_DIFF_NONE)
        g_array_append_val (went, i);
      else if (psc_diff_pair_is_changed (diff, pair))
        g_array_append_val (changed, i);
    }
  diff->changed = sort_list (diff, changed, &diff->n_changed);
  diff->came = sort_list (diff, came, &diff->n_came);
  diff->went = sort_list (diff, went, &diff->n_went);
}

/* --- making -------------------------------------------------------------------------------- */

/* TRUE when the states of all pages that are in both are the same. */
static gboolean
compare_pages (PscDiff *diff, const GArray *overlaps)
{
  PscDiffPages pages;
  gboolean same = TRUE;

  psc_diff_pages_init (&pages, diff->a, diff->b);
  for (guint i = 0; i < diff->n_pairs; i++)
    {
      const PscDiffPiece *overlap =
          i < overlaps->len ? &g_array_index (overlaps, PscDiffPiece, i) : NULL;
      guint64 start = overlap != NULL ? overlap->start : 0;
      guint64 end = overlap != NULL ? overlap->end : 0;

      same = psc_diff_pages_compare (&pages, &diff->pairs[i], start, end) && same;
    }
  diff->pages_compared = pages.compares;
  diff->traits = psc_traits_new (diff->b->page_size, pages.traits);
  return same;
}

PscDiff *
psc_diff_new (PscSpace *a, PscSpace *b)
{
  PscDiff *diff = g_new0 (PscDiff, 1);
  g_autoptr (GArray) pieces = psc_diff_match (a, b);
  g_autoptr (GArray) overlaps = g_array_new (FALSE, FALSE, sizeof (PscDiffPiece));
  g_autoptr (GArray) order = NULL;
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (PscDiffPair));
  Maker maker = { diff, pairs, overlaps };
  gboolean same;

  g_atomic_ref_count_init (&diff->ref_count);
  diff->a = psc_space_ref (a);
  diff->b = psc_space_ref (b);
  diff->one_process = psc_diff_is_one_process (a, b);
  diff->one_layout = psc_diff_is_one_layout (a, b);
  add_pairs_of_b (&maker, pieces);
  add_pairs_of_a (&maker);
  diff->pairs = (PscDiffPair *) (gpointer) pairs->data;
  diff->n_pairs = pairs->len;
  order = order_by_a (pairs);
  psc_diff_sum_pairs (diff, order);
  same = compare_pages (diff, overlaps);
  diff->pairs = (PscDiffPair *) (gpointer) g_array_free (pairs, FALSE);
  psc_diff_sum_all (diff);
  fill_lists (diff);
  diff->identical = same && diff->n_changed == 0 && diff->n_pairs == a->n_mappings &&
                    diff->n_pairs == b->n_mappings && diff->n_came == 0 && diff->n_went == 0;
  return diff;
}

PscDiff *
psc_diff_ref (PscDiff *diff)
{
  g_atomic_ref_count_inc (&diff->ref_count);
  return diff;
}

void
psc_diff_unref (PscDiff *diff)
{
  if (diff == NULL || !g_atomic_ref_count_dec (&diff->ref_count))
    return;
  psc_space_unref (diff->a);
  psc_space_unref (diff->b);
  psc_traits_unref (diff->traits);
  g_free (diff->pairs);
  g_free (diff->changed);
  g_free (diff->came);
  g_free (diff->went);
  g_free (diff);
}

PscTraits *
psc_diff_traits (const PscDiff *diff)
{
  return psc_traits_ref (diff->traits);
}

/* --- looking up ---------------------------------------------------------------------------- */

const PscDiffPair *
psc_diff_pairs_of_mapping (const PscDiff *diff, guint b_index, guint *n_pairs)
{
  guint low = 0, high = diff->n_of_b;

  g_return_val_if_fail (b_index < diff->b->n_mappings, NULL);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (diff->pairs[middle].b < b_index)
        low = middle + 1;
      else
        high = middle;
    }
  for (*n_pairs = 0; low + *n_pairs < diff->n_of_b && diff->pairs[low + *n_pairs].b == b_index;)
    ++*n_pairs;
  return &diff->pairs[low];
}

const PscDiffPair *
psc_diff_pair_of_mapping (const PscDiff *diff, guint b_index)
{
  guint n;
  const PscDiffPair *pairs = psc_diff_pairs_of_mapping (diff, b_index, &n);
  const PscDiffPair *largest = pairs;

  for (guint i = 1; i < n; i++)
    if (pairs[i].b_end - pairs[i].b_start > largest->b_end - largest->b_start)
      largest = &pairs[i];
  return largest;
}

const PscDiffPair *
psc_diff_pair_at (const PscDiff *diff, guint64 address)
{
  guint low = 0, high = diff->n_of_b;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (diff->pairs[middle].b_end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low < diff->n_of_b && diff->pairs[low].b_start <= address ? &diff->pairs[low] : NULL;
}

gboolean
psc_diff_address_then (const PscDiff *diff, guint64 address, guint64 *then)
{
  const PscDiffPair *pair = psc_diff_pair_at (diff, address);

  if (pair == NULL || pair->a == PSC_DIFF_NONE)
    return FALSE;
  *then = address - pair->shift;
  return *then >= pair->a_start && *then < pair->a_end;
}
