/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-list-diff.h"

/* Rows that stay are a longest ascending subsequence, found by patience sorting: tails[k] is the
 * row that ends the best ascending sequence of k + 1 rows so far. */
typedef struct
{
  const guint *old_of_new;
  guint *tails, *before;
  guint n_tails;
} Search;

static guint
find_tail (const Search *search, guint position)
{
  guint low = 0, high = search->n_tails;

  /* Mostly a row comes after all others. */
  if (high == 0 || search->old_of_new[search->tails[high - 1]] < position)
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (search->old_of_new[search->tails[middle]] < position)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
mark_staying (const guint *old_of_new, guint n_new, guint8 *stays)
{
  g_autofree guint *tails = g_new (guint, MAX (n_new, 1));
  g_autofree guint *before = g_new (guint, MAX (n_new, 1));
  Search search = { .old_of_new = old_of_new, .tails = tails, .before = before };
  guint row;

  for (guint i = 0; i < n_new; i++)
    {
      guint at;

      if (old_of_new[i] == PSC_LIST_DIFF_NEW)
        continue;
      at = find_tail (&search, old_of_new[i]);
      before[i] = at > 0 ? tails[at - 1] : PSC_LIST_DIFF_NEW;
      tails[at] = i;
      search.n_tails = MAX (search.n_tails, at + 1);
    }
  row = search.n_tails > 0 ? tails[search.n_tails - 1] : PSC_LIST_DIFF_NEW;
  for (; row != PSC_LIST_DIFF_NEW; row = before[row])
    stays[row] = TRUE;
}

static void
add_hunk (GArray *hunks, guint old_at, guint old_end, guint new_at, guint new_end)
{
  PscListHunk hunk = { old_at, old_end - old_at, new_at, new_end - new_at };

  if (hunk.n_removed > 0 || hunk.n_added > 0)
    g_array_append_val (hunks, hunk);
}

static void
merge_hunks (GArray *hunks)
{
  PscListHunk *first = &g_array_index (hunks, PscListHunk, 0);
  const PscListHunk *last = &g_array_index (hunks, PscListHunk, hunks->len - 1);

  first->n_removed = last->old_at + last->n_removed - first->old_at;
  first->n_added = last->new_at + last->n_added - first->new_at;
  g_array_set_size (hunks, 1);
}

GArray *
psc_list_diff (const guint *old_of_new, guint n_new, guint n_old, guint max_hunks)
{
  GArray *hunks = g_array_new (FALSE, FALSE, sizeof (PscListHunk));
  g_autofree guint8 *stays = g_new0 (guint8, MAX (n_new, 1));
  guint old_at = 0, new_at = 0;

  mark_staying (old_of_new, n_new, stays);
  for (guint i = 0; i < n_new; i++)
    {
      if (!stays[i])
        continue;
      add_hunk (hunks, old_at, old_of_new[i], new_at, i);
      old_at = old_of_new[i] + 1;
      new_at = i + 1;
    }
  add_hunk (hunks, old_at, n_old, new_at, n_new);
  if (hunks->len > MAX (max_hunks, 1))
    merge_hunks (hunks);
  return hunks;
}
