/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pieces that two mappings, or two stretches of them, have in common. */

#include "psc-diff-private.h"

#include <string.h>

static gboolean
same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* --- pieces -------------------------------------------------------------------------------- */

static void
add_piece (PscDiffMatcher *matcher, guint a, guint b, guint64 start, guint64 end, guint64 shift,
           PscDiffWhy why)
{
  PscDiffPiece piece = { a, b, start, end, shift, why };

  g_array_append_val (matcher->pieces, piece);
  matcher->done_a[a] = matcher->done_b[b] = TRUE;
}

static gboolean
is_same_memory (const PscMapping *a, const PscMapping *b, guint64 shift, PscDiffRule rule)
{
  if ((a->inode != 0) != (b->inode != 0) || (a->perms ^ b->perms) & PSC_PERM_SHARED)
    return FALSE;
  if (a->inode == 0)
    return same_file (a, b);
  return (same_file (a, b) ||
          (rule == PSC_DIFF_RULE_NAME && !((a->perms ^ b->perms) & PSC_PERM_EXEC) &&
           strcmp (a->name, b->name) == 0)) &&
         a->offset - (a->start + shift) == b->offset - b->start;
}

/* What overlaps when all of a's stretch is shifted: mprotect, which only cuts mappings up, changes
 * nothing. */
void
psc_diff_walk (PscDiffMatcher *matcher, PscDiffStretch of_a, PscDiffStretch of_b, guint64 shift,
               PscDiffRule rule, PscDiffWhy why)
{
  const PscMapping *a = &matcher->a->mappings[of_a.first], *a_end = a + of_a.n;
  const PscMapping *b = &matcher->b->mappings[of_b.first], *b_end = b + of_b.n;
  guint64 base;

  if (of_a.n == 0 || of_b.n == 0)
    return;
  /* Addresses are counted from where the first one begins, so that nothing wraps around. */
  base = b->start + (guint64) MIN ((gint64) (a->start + shift - b->start), 0);
  while (a < a_end && b < b_end)
    {
      guint64 a_stop = a->end + shift - base, b_stop = b->end - base;
      guint64 start = MAX (a->start + shift - base, b->start - base);
      guint64 end = MIN (a_stop, b_stop);
      guint i = psc_space_mapping_index (matcher->a, a);
      guint j = psc_space_mapping_index (matcher->b, b);

      if (start < end && is_same_memory (a, b, shift, rule))
        add_piece (matcher, i, j, start + base, end + base, shift, why);
      a += a_stop <= b_stop;
      b += b_stop <= a_stop;
    }
}

gboolean
psc_diff_grows_down (const PscMapping *mapping)
{
  return mapping->kind == PSC_KIND_STACK || mapping->kind == PSC_KIND_THREAD_STACK ||
         mapping->flags & PSC_MAPPING_GROWS_DOWN;
}

/* Anonymous memory grows at its end (mremap) or at its beginning (the kernel joins what is mapped
 * below): whichever has more in common. */
static guint64
choose_shift (const PscDiffMatcher *matcher, const PscMapping *a, const PscMapping *b)
{
  guint64 of_start = b->start - a->start, of_end = b->end - a->end;

  if (of_start == of_end)
    return of_start;
  if (psc_diff_grows_down (a) && psc_diff_grows_down (b))
    return of_end;
  if (a->inode != 0 || psc_diff_pages_common (matcher->a, a, matcher->b, b, of_start) >=
                           psc_diff_pages_common (matcher->a, a, matcher->b, b, of_end))
    return of_start;
  return of_end;
}

void
psc_diff_match_mappings (PscDiffMatcher *matcher, guint i, guint j, PscDiffWhy why)
{
  const PscMapping *a = &matcher->a->mappings[i], *b = &matcher->b->mappings[j];
  guint64 shift = choose_shift (matcher, a, b);
  guint64 length = MIN (a->end - a->start, b->end - b->start);
  guint64 start = shift == b->start - a->start ? b->start : b->end - length;

  add_piece (matcher, i, j, start, start + length, shift, why);
}

/* --- rows ---------------------------------------------------------------------------------- */

void
psc_diff_rows_init (PscDiffRows *rows)
{
  *rows = (PscDiffRows){ g_array_new (FALSE, FALSE, sizeof (guint)),
                         g_array_new (FALSE, FALSE, sizeof (guint)) };
}

void
psc_diff_rows_clear (PscDiffRows *rows)
{
  g_array_unref (rows->a);
  g_array_unref (rows->b);
}

void
psc_diff_rows_collect (GArray *row, PscDiffStretch stretch, const gboolean *done)
{
  for (guint i = stretch.first; i < stretch.first + stretch.n; i++)
    if (!done[i])
      g_array_append_val (row, i);
}

static void
drop_done (GArray *row, const gboolean *done)
{
  guint n = 0;

  for (guint i = 0; i < row->len; i++)
    if (!done[g_array_index (row, guint, i)])
      g_array_index (row, guint, n++) = g_array_index (row, guint, i);
  g_array_set_size (row, n);
}

static guint64 *
new_keys (const PscSpace *space, const GArray *row, PscDiffPartKey key)
{
  guint64 *keys = g_new (guint64, row->len);

  for (guint i = 0; i < row->len; i++)
    keys[i] = psc_diff_part_hash (&space->mappings[g_array_index (row, guint, i)], key);
  return keys;
}

void
psc_diff_align_rows (PscDiffMatcher *matcher, PscDiffRows *rows, PscDiffPass pass, PscDiffWhy why)
{
  guint n_a = rows->a->len, n_b = rows->b->len;
  g_autofree guint64 *keys_a = new_keys (matcher->a, rows->a, pass.key);
  g_autofree guint64 *keys_b = new_keys (matcher->b, rows->b, pass.key);
  g_autofree guint *match = g_new (guint, n_a);

  if (pass.in_any_order)
    psc_diff_align_in_any_order (keys_a, n_a, keys_b, n_b, match);
  else
    psc_diff_align (keys_a, n_a, keys_b, n_b, match);
  for (guint i = 0; i < n_a; i++)
    if (match[i] != PSC_DIFF_NONE)
      psc_diff_match_mappings (matcher, g_array_index (rows->a, guint, i),
                               g_array_index (rows->b, guint, match[i]), why);
  drop_done (rows->a, matcher->done_a);
  drop_done (rows->b, matcher->done_b);
}
