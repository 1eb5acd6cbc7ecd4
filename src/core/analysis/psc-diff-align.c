/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Two rows of items, told apart by keys, many of which may be equal: which of one row is which of
 * the other, so that no two matches cross? The longest such matching takes quadratic time, and
 * 65,000 mappings are common. So: what is equal at both ends first; then the k-th last of each key
 * is the k-th last of it in the other row, of which the longest row that ascends is kept; then the
 * same between what was matched, a few times over. Rows that differ in a few places come out as the
 * longest matching would have it.
 *
 * From the end, because the kernel puts new mappings below old ones: what is highest is oldest.
 */

#include "psc-diff-private.h"

#include <stdlib.h>

#define MOST_ROUNDS 8u

typedef struct
{
  const guint64 *keys_a, *keys_b;
  guint *match; /* of a */
} Rows;

/* What lies between two matches: items [a, a_end) and [b, b_end), none of which has a match. */
typedef struct
{
  guint a, a_end, b, b_end;
} Gap;

typedef struct
{
  guint64 key;
  guint index;
} Item;

static int
compare_items (const void *a, const void *b)
{
  const Item *x = a, *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  /* The last ones first. */
  return x->index > y->index ? -1 : x->index < y->index;
}

static void
strip_ends (const Rows *rows, Gap *gap)
{
  while (gap->a < gap->a_end && gap->b < gap->b_end &&
         rows->keys_a[gap->a_end - 1] == rows->keys_b[gap->b_end - 1])
    rows->match[--gap->a_end] = --gap->b_end;
  while (gap->a < gap->a_end && gap->b < gap->b_end && rows->keys_a[gap->a] == rows->keys_b[gap->b])
    rows->match[gap->a++] = gap->b++;
}

static Item *
sorted_items (const guint64 *keys, guint first, guint end)
{
  Item *items = g_new (Item, end - first);

  for (guint i = first; i < end; i++)
    items[i - first] = (Item){ keys[i], i };
  qsort (items, end - first, sizeof *items, compare_items);
  return items;
}

/* partner[i]: what item gap->a + i is in b when only its key and how many of it come later count.
 */
static guint *
find_partners (const Rows *rows, const Gap *gap)
{
  guint n_a = gap->a_end - gap->a, n_b = gap->b_end - gap->b;
  g_autofree Item *in_a = sorted_items (rows->keys_a, gap->a, gap->a_end);
  g_autofree Item *in_b = sorted_items (rows->keys_b, gap->b, gap->b_end);
  guint *partner = g_new (guint, n_a);

  for (guint i = 0; i < n_a; i++)
    partner[i] = PSC_DIFF_NONE;
  for (guint i = 0, j = 0; i < n_a && j < n_b;)
    {
      guint64 key = in_a[i].key;

      if (key == in_b[j].key)
        partner[in_a[i++].index - gap->a] = in_b[j++].index;
      else if (key < in_b[j].key)
        i++;
      else
        j++;
    }
  return partner;
}

void
psc_diff_keep_ascending (const guint *values, guint n, gboolean *keep)
{
  /* tails[k]: index of the smallest value that a row of k + 1 can end with. */
  g_autofree guint *tails = g_new (guint, n);
  g_autofree guint *before = g_new (guint, n);
  guint length = 0;

  for (guint i = 0; i < n; i++)
    {
      guint low = 0, high = length;

      keep[i] = FALSE;
      while (low < high)
        {
          guint middle = low + (high - low) / 2;

          if (values[tails[middle]] < values[i])
            low = middle + 1;
          else
            high = middle;
        }
      before[i] = low > 0 ? tails[low - 1] : PSC_DIFF_NONE;
      tails[low] = i;
      length = MAX (length, low + 1);
    }
  for (guint i = length > 0 ? tails[length - 1] : PSC_DIFF_NONE; i != PSC_DIFF_NONE; i = before[i])
    keep[i] = TRUE;
}

/* FALSE when nothing in the gap is the same. */
static gboolean
match_partners (const Rows *rows, const Gap *gap)
{
  guint n_a = gap->a_end - gap->a, n = 0;
  g_autofree guint *partner = find_partners (rows, gap);
  g_autofree guint *index = g_new (guint, n_a);
  g_autofree gboolean *keep = g_new (gboolean, n_a);

  for (guint i = 0; i < n_a; i++)
    if (partner[i] != PSC_DIFF_NONE)
      {
        index[n] = i;
        partner[n++] = partner[i];
      }
  psc_diff_keep_ascending (partner, n, keep);
  for (guint i = 0; i < n; i++)
    if (keep[i])
      rows->match[gap->a + index[i]] = partner[i];
  return n > 0;
}

static void align_gap (const Rows *rows, Gap gap, guint round);

/* All that lies between the matches in the gap. */
static void
align_within (const Rows *rows, const Gap *gap, guint round)
{
  Gap next = *gap;

  for (guint a = gap->a; a <= gap->a_end; a++)
    {
      gboolean at_end = a == gap->a_end;

      if (!at_end && rows->match[a] == PSC_DIFF_NONE)
        continue;
      next.a_end = a;
      next.b_end = at_end ? gap->b_end : rows->match[a];
      if (next.a < next.a_end && next.b < next.b_end)
        align_gap (rows, next, round);
      next.a = next.a_end + 1;
      next.b = next.b_end + 1;
    }
}

static void
align_gap (const Rows *rows, Gap gap, guint round)
{
  strip_ends (rows, &gap);
  if (gap.a < gap.a_end && gap.b < gap.b_end && round < MOST_ROUNDS && match_partners (rows, &gap))
    align_within (rows, &gap, round + 1);
}

void
psc_diff_align (const guint64 *keys_a, guint n_a, const guint64 *keys_b, guint n_b, guint *match)
{
  const Rows rows = { keys_a, keys_b, match };
  const Gap all = { 0, n_a, 0, n_b };

  for (guint i = 0; i < n_a; i++)
    match[i] = PSC_DIFF_NONE;
  align_gap (&rows, all, 0);
}

void
psc_diff_align_in_any_order (const guint64 *keys_a, guint n_a, const guint64 *keys_b, guint n_b,
                             guint *match)
{
  const Rows rows = { keys_a, keys_b, match };
  const Gap all = { 0, n_a, 0, n_b };
  g_autofree guint *partner = find_partners (&rows, &all);

  for (guint i = 0; i < n_a; i++)
    match[i] = partner[i];
}
