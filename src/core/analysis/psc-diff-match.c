/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which mapping of a is which of b.
 *
 * In one process an address is what memory is known by. In a child of a process too, and in two
 * runs without address space randomisation, as long as they have mapped the same: that is when
 * stack, vdso and program images lie at the same addresses. All else is matched by what it is for
 * (see psc-diff-units.c), those that have a name first: they are the anchors between which
 * anonymous memory is known by its order, because a program that does the same maps in the same
 * order, and the kernel gives addresses in that order.
 */

#include "psc-diff-private.h"

#include <stdlib.h>
#include <string.h>

static PscDiffWhy
why_of_pass (PscDiffPass pass)
{
  return pass.key <= PSC_DIFF_PART_EXACT ? PSC_DIFF_SIZE : PSC_DIFF_PLACE;
}

/* --- units --------------------------------------------------------------------------------- */

static PscDiffWhy
why_of (const PscDiffUnit *a, const PscDiffUnit *b)
{
  switch (a->type)
    {
    case PSC_DIFF_UNIT_NAMED:
      return PSC_DIFF_NAME;
    case PSC_DIFF_UNIT_THREAD:
      return PSC_DIFF_THREAD;
    case PSC_DIFF_UNIT_OWNER:
      return PSC_DIFF_OWNER;
    default:
      return a->identity == b->identity ? PSC_DIFF_FILE : PSC_DIFF_PATH;
    }
}

/* All of it with one shift, and then what of it has none: parts of a library that was built anew.
 * Of a file that is data another place is other memory. */
static void
match_units (PscDiffMatcher *matcher, const PscDiffUnit *a, const PscDiffUnit *b)
{
  static const PscDiffPass passes[] = { { PSC_DIFF_PART_EXACT, FALSE },
                                        { PSC_DIFF_PART_OFFSET, FALSE },
                                        { PSC_DIFF_PART_ALIKE, FALSE },
                                        { PSC_DIFF_PART_KIND, FALSE } };
  const PscDiffStretch of_a = { a->first, a->n }, of_b = { b->first, b->n };
  gboolean fixed_parts = a->type == PSC_DIFF_UNIT_FILE && !(a->has_code && b->has_code);
  guint64 shift = b->start - a->start;
  PscDiffWhy why = why_of (a, b);
  PscDiffRows rows;

  if (a->n == 1 && b->n == 1 && !fixed_parts)
    {
      psc_diff_match_mappings (matcher, a->first, b->first, why);
      return;
    }
  if (psc_diff_grows_down (&matcher->a->mappings[a->first]))
    shift = b->end - a->end;
  /* Of one that was built anew with parts of other sizes, parts overlap that are not each other. */
  if (why != PSC_DIFF_PATH || a->shape == b->shape)
    psc_diff_walk (matcher, of_a, of_b, shift, PSC_DIFF_RULE_NAME, why);
  psc_diff_rows_init (&rows);
  psc_diff_rows_collect (rows.a, of_a, matcher->done_a);
  psc_diff_rows_collect (rows.b, of_b, matcher->done_b);
  for (guint i = 0; i < (fixed_parts ? 2 : G_N_ELEMENTS (passes)); i++)
    psc_diff_align_rows (matcher, &rows, passes[i], why);
  psc_diff_rows_clear (&rows);
}

/* Units of one space that are not matched yet, by what they are matched by. */
typedef struct
{
  guint64 bucket;
  const PscDiffUnit *unit;
} Entry;

static int
compare_entries (const void *a, const void *b)
{
  const Entry *x = a, *y = b;

  if (x->bucket != y->bucket)
    return x->bucket < y->bucket ? -1 : 1;
  return x->unit->first < y->unit->first ? -1 : x->unit->first > y->unit->first;
}

typedef enum
{
  BY_IDENTITY,
  BY_NAME,
  BY_ALIAS,
  N_BYS
} By;

static GArray *
new_entries (const GArray *units, const gboolean *done, By by)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (guint i = 0; i < units->len; i++)
    {
      const PscDiffUnit *unit = &g_array_index (units, PscDiffUnit, i);
      guint64 bucket = by == BY_IDENTITY ? unit->identity :
                       by == BY_NAME     ? unit->name :
                                           unit->alias;
      Entry entry = { bucket, unit };
      gboolean is_done = FALSE;

      for (guint j = unit->first; j < unit->first + unit->n; j++)
        is_done |= done[j];
      if (!is_done && unit->type != PSC_DIFF_UNIT_ANON)
        g_array_append_val (entries, entry);
    }
  qsort (entries->data, entries->len, sizeof (Entry), compare_entries);
  return entries;
}

/* Of n items with these keys those that have no match: their keys, and which they are. */
static guint
collect_left (const guint64 *keys, guint n, const gboolean *done, guint64 *left, guint *index)
{
  guint n_left = 0;

  for (guint i = 0; i < n; i++)
    if (!done[i])
      {
        left[n_left] = keys[i];
        index[n_left++] = i;
      }
  return n_left;
}

/* Units that are called the same. */
typedef struct
{
  const Entry *a, *b;
  guint n_a, n_b;
  gboolean *done_a, *done_b;
} Bucket;

static void
match_pass (PscDiffMatcher *matcher, const Bucket *bucket, gboolean by_place, gboolean in_any_order)
{
  guint most = MAX (bucket->n_a, bucket->n_b), n_a, n_b;
  g_autofree guint64 *keys = g_new (guint64, most);
  g_autofree guint64 *left_a = g_new (guint64, most), *left_b = g_new (guint64, most);
  g_autofree guint *index_a = g_new (guint, most), *index_b = g_new (guint, most);
  g_autofree guint *match = g_new (guint, most);

  for (guint i = 0; i < bucket->n_a; i++)
    keys[i] = by_place ? bucket->a[i].unit->place : bucket->a[i].unit->shape;
  n_a = collect_left (keys, bucket->n_a, bucket->done_a, left_a, index_a);
  for (guint i = 0; i < bucket->n_b; i++)
    keys[i] = by_place ? bucket->b[i].unit->place : bucket->b[i].unit->shape;
  n_b = collect_left (keys, bucket->n_b, bucket->done_b, left_b, index_b);
  if (in_any_order)
    psc_diff_align_in_any_order (left_a, n_a, left_b, n_b, match);
  else
    psc_diff_align (left_a, n_a, left_b, n_b, match);
  for (guint i = 0; i < n_a; i++)
    if (match[i] != PSC_DIFF_NONE)
      {
        match_units (matcher, bucket->a[index_a[i]].unit, bucket->b[index_b[match[i]]].unit);
        bucket->done_a[index_a[i]] = bucket->done_b[index_b[match[i]]] = TRUE;
      }
}

/* In order where there is one; what is of a file is known by its place in it, in any order. */
static void
match_bucket (PscDiffMatcher *matcher, const Entry *a, guint n_a, const Entry *b, guint n_b)
{
  g_autofree gboolean *done_a = g_new0 (gboolean, n_a), *done_b = g_new0 (gboolean, n_b);
  const Bucket bucket = { a, b, n_a, n_b, done_a, done_b };

  match_pass (matcher, &bucket, FALSE, FALSE);
  if (a->unit->type == PSC_DIFF_UNIT_FILE)
    match_pass (matcher, &bucket, FALSE, TRUE);
  match_pass (matcher, &bucket, TRUE, FALSE);
}

static guint
bucket_end (const GArray *entries, guint first)
{
  guint end = first;

  while (end < entries->len &&
         g_array_index (entries, Entry, end).bucket == g_array_index (entries, Entry, first).bucket)
    end++;
  return end;
}

static void
match_buckets (PscDiffMatcher *matcher, const GArray *units_a, const GArray *units_b, By by)
{
  g_autoptr (GArray) a = new_entries (units_a, matcher->done_a, by);
  g_autoptr (GArray) b = new_entries (units_b, matcher->done_b, by);

  for (guint i = 0, j = 0; i < a->len && j < b->len;)
    {
      const Entry *of_a = &g_array_index (a, Entry, i), *of_b = &g_array_index (b, Entry, j);
      guint end_a = bucket_end (a, i), end_b = bucket_end (b, j);

      if (of_a->bucket == of_b->bucket)
        match_bucket (matcher, of_a, end_a - i, of_b, end_b - j);
      if (of_a->bucket <= of_b->bucket)
        i = end_a;
      if (of_b->bucket <= of_a->bucket)
        j = end_b;
    }
}

static gboolean
has_threads (const PscSpace *space)
{
  for (guint i = 0; i < space->n_owners; i++)
    if (space->owners[i].type == PSC_OWNER_THREAD)
      return TRUE;
  return FALSE;
}

static void
collect_threads (GArray *row, const GArray *units, const gboolean *done, gboolean only_nameless)
{
  for (guint i = 0; i < units->len; i++)
    {
      const PscDiffUnit *unit = &g_array_index (units, PscDiffUnit, i);

      if (unit->type == PSC_DIFF_UNIT_THREAD && !done[unit->first] &&
          (unit->nameless || !only_nameless))
        g_array_append_val (row, unit->first);
    }
}

/* A thread that was running may be any of those that are left. */
static void
match_nameless_threads (PscDiffMatcher *matcher, const GArray *units_a, const GArray *units_b)
{
  const PscDiffPass pass = { PSC_DIFF_PART_EXACT, TRUE };

  for (guint of_b = 0; of_b < 2; of_b++)
    {
      PscDiffRows rows;

      psc_diff_rows_init (&rows);
      collect_threads (rows.a, units_a, matcher->done_a, of_b == 0);
      collect_threads (rows.b, units_b, matcher->done_b, of_b == 1);
      psc_diff_align_rows (matcher, &rows, pass, PSC_DIFF_THREAD);
      psc_diff_rows_clear (&rows);
    }
}

static void
match_all_units (PscDiffMatcher *matcher)
{
  gboolean named_threads = has_threads (matcher->a) && has_threads (matcher->b);
  g_autoptr (GArray) units_a = psc_diff_units_new (matcher->a, matcher->done_a, named_threads);
  g_autoptr (GArray) units_b = psc_diff_units_new (matcher->b, matcher->done_b, named_threads);

  for (guint by = 0; by < N_BYS; by++)
    match_buckets (matcher, units_a, units_b, by);
  match_nameless_threads (matcher, units_a, units_b);
}

/* --- anonymous memory ---------------------------------------------------------------------- */

static int
compare_pieces (const void *a, const void *b)
{
  const PscDiffPiece *x = a, *y = b;

  return x->start < y->start ? -1 : x->start > y->start;
}

static void
sort_pieces (GArray *pieces)
{
  qsort (pieces->data, pieces->len, sizeof (PscDiffPiece), compare_pieces);
}

/* What is matched so far, as far as it is in one order in both spaces. */
static GArray *
find_anchors (PscDiffMatcher *matcher)
{
  guint n = matcher->pieces->len;
  g_autofree guint *values = g_new (guint, n);
  g_autofree gboolean *keep = g_new (gboolean, n);
  GArray *anchors = g_array_new (FALSE, FALSE, sizeof (PscDiffPiece));

  sort_pieces (matcher->pieces);
  for (guint i = 0; i < n; i++)
    values[i] = g_array_index (matcher->pieces, PscDiffPiece, i).a;
  psc_diff_keep_ascending (values, n, keep);
  for (guint i = 0; i < n; i++)
    if (keep[i])
      g_array_append_val (anchors, g_array_index (matcher->pieces, PscDiffPiece, i));
  return anchors;
}

/* What has a name but no match has none. */
static void
collect_anonymous (GArray *row, const PscSpace *space, guint first, guint end, const gboolean *done)
{
  for (guint i = first; i < end; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);
      gboolean named = owner != NULL && owner->type == PSC_OWNER_NAMED;

      if (!done[i] && !named && mapping->inode == 0 && *mapping->name == '\0' &&
          mapping->kind != PSC_KIND_THREAD_STACK)
        g_array_append_val (row, i);
    }
}

/* Between two anchors. Some runtimes map at random addresses, so what is the same in all but its
 * order comes before what is different. A place alone says little: only where each has a partner.
 */
static void
match_gap (PscDiffMatcher *matcher, PscDiffRows *rows)
{
  static const PscDiffPass passes[] = { { PSC_DIFF_PART_FILLED, FALSE },
                                        { PSC_DIFF_PART_FILLED, TRUE },
                                        { PSC_DIFF_PART_EXACT, FALSE },
                                        { PSC_DIFF_PART_ALIKE, FALSE },
                                        { PSC_DIFF_PART_KIND, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (passes) && rows->a->len > 0 && rows->b->len > 0; i++)
    if (passes[i].key != PSC_DIFF_PART_KIND || rows->a->len == rows->b->len)
      psc_diff_align_rows (matcher, rows, passes[i], why_of_pass (passes[i]));
}

static void
match_anonymous (PscDiffMatcher *matcher)
{
  static const PscDiffPass last_passes[] = { { PSC_DIFF_PART_EXACT, TRUE },
                                             { PSC_DIFF_PART_ALIKE, FALSE } };
  g_autoptr (GArray) anchors = find_anchors (matcher);
  guint a = 0, b = 0;
  PscDiffRows rows;

  for (guint i = 0; i <= anchors->len; i++)
    {
      gboolean at_end = i == anchors->len;
      const PscDiffPiece *anchor = at_end ? NULL : &g_array_index (anchors, PscDiffPiece, i);
      guint a_end = at_end ? matcher->a->n_mappings : anchor->a;
      guint b_end = at_end ? matcher->b->n_mappings : anchor->b;

      psc_diff_rows_init (&rows);
      collect_anonymous (rows.a, matcher->a, a, a_end, matcher->done_a);
      collect_anonymous (rows.b, matcher->b, b, b_end, matcher->done_b);
      match_gap (matcher, &rows);
      psc_diff_rows_clear (&rows);
      a = a_end;
      b = b_end;
    }
  /* Threads that map at the same time do so in any order. */
  psc_diff_rows_init (&rows);
  collect_anonymous (rows.a, matcher->a, 0, matcher->a->n_mappings, matcher->done_a);
  collect_anonymous (rows.b, matcher->b, 0, matcher->b->n_mappings, matcher->done_b);
  for (guint i = 0; i < G_N_ELEMENTS (last_passes); i++)
    psc_diff_align_rows (matcher, &rows, last_passes[i], why_of_pass (last_passes[i]));
  psc_diff_rows_clear (&rows);
}

/* --- all ----------------------------------------------------------------------------------- */

static GArray *
match_spaces (const PscSpace *a, const PscSpace *b)
{
  g_autofree gboolean *done_a = g_new0 (gboolean, a->n_mappings);
  g_autofree gboolean *done_b = g_new0 (gboolean, b->n_mappings);
  PscDiffMatcher matcher = { a, b, g_array_new (FALSE, FALSE, sizeof (PscDiffPiece)), done_a,
                             done_b };
  const PscDiffStretch all_a = { 0, a->n_mappings }, all_b = { 0, b->n_mappings };
  gboolean one_process = psc_diff_is_one_process (a, b);
  gboolean one_layout = psc_diff_is_one_layout (a, b);

  if (one_layout)
    psc_diff_walk (&matcher, all_a, all_b, 0, PSC_DIFF_RULE_ID, PSC_DIFF_ADDRESS);
  if (!one_process)
    match_all_units (&matcher);
  if (!one_layout)
    match_anonymous (&matcher);
  sort_pieces (matcher.pieces);
  return matcher.pieces;
}

static void
turn_pieces (GArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++)
    {
      PscDiffPiece *piece = &g_array_index (pieces, PscDiffPiece, i);

      *piece = (PscDiffPiece){
        piece->b,      piece->a,  piece->start - piece->shift, piece->end - piece->shift,
        -piece->shift, piece->why
      };
    }
  sort_pieces (pieces);
}

/* Any order of the two will do, as long as it is always the same: what is a match must not depend
 * on who is called then and who now. */
static gboolean
is_turned (const PscSpace *a, const PscSpace *b)
{
  if (a->time_usec != b->time_usec)
    return a->time_usec > b->time_usec;
  if (a->pid != b->pid)
    return a->pid > b->pid;
  return a->n_mappings > b->n_mappings;
}

GArray *
psc_diff_match (const PscSpace *a, const PscSpace *b)
{
  GArray *pieces = is_turned (a, b) ? match_spaces (b, a) : match_spaces (a, b);

  if (is_turned (a, b))
    turn_pieces (pieces);
  return pieces;
}
