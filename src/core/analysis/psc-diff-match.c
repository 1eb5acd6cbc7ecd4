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

typedef struct
{
  const PscSpace *a, *b;
  GArray *pieces;
  gboolean *done_a, *done_b; /* mappings that have a piece */
} Matcher;

/* When two mappings at corresponding addresses are the same memory. */
typedef enum
{
  RULE_ID,   /* files have one device and inode */
  RULE_NAME, /* or one path */
} Rule;

/* --- layouts ------------------------------------------------------------------------------- */

static const PscMapping *
find_named (const PscSpace *space, const char *name)
{
  for (guint i = space->n_mappings; i-- > 0;)
    if (strcmp (space->mappings[i].name, name) == 0)
      return &space->mappings[i];
  return NULL;
}

/* Both lie at random addresses, new with each exec. A stack grows down. */
static gboolean
same_landmarks (const PscSpace *a, const PscSpace *b)
{
  const PscMapping *stack_a = find_named (a, "[stack]"), *stack_b = find_named (b, "[stack]");
  const PscMapping *vdso_a = find_named (a, "[vdso]"), *vdso_b = find_named (b, "[vdso]");

  return (stack_a == NULL) == (stack_b == NULL) && (vdso_a == NULL) == (vdso_b == NULL) &&
         (stack_a == NULL || stack_a->end == stack_b->end) &&
         (vdso_a == NULL || vdso_a->start == vdso_b->start);
}

gboolean
psc_diff_is_one_process (const PscSpace *a, const PscSpace *b)
{
  return a == b || (a->pid == b->pid && a->start_time == b->start_time &&
                    g_strcmp0 (a->host, b->host) == 0 && same_landmarks (a, b));
}

static guint
count_code (const PscSpace *space)
{
  guint n = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    n += space->mappings[i].kind == PSC_KIND_TEXT;
  return n;
}

static gboolean
same_file (const PscMapping *a, const PscMapping *b)
{
  return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* A child that loads some more still has what its parent had where it was. */
gboolean
psc_diff_is_one_layout (const PscSpace *a, const PscSpace *b)
{
  guint n_same = 0;

  if (psc_diff_is_one_process (a, b))
    return TRUE;
  if (!same_landmarks (a, b) || g_strcmp0 (a->host, b->host) != 0)
    return FALSE;
  for (guint i = 0; i < b->n_mappings; i++)
    {
      const PscMapping *mapping = &b->mappings[i];
      const PscMapping *other =
          mapping->kind == PSC_KIND_TEXT ? psc_space_lookup (a, mapping->start) : NULL;

      n_same += other != NULL && other->start == mapping->start && same_file (other, mapping);
    }
  return n_same > 0 && n_same * 10 >= MIN (count_code (a), count_code (b)) * 9;
}

/* --- pieces -------------------------------------------------------------------------------- */

static void
add_piece (Matcher *matcher, guint a, guint b, guint64 start, guint64 end, guint64 shift,
           PscDiffWhy why)
{
  PscDiffPiece piece = { a, b, start, end, shift, why };

  g_array_append_val (matcher->pieces, piece);
  matcher->done_a[a] = matcher->done_b[b] = TRUE;
}

static gboolean
is_same_memory (const PscMapping *a, const PscMapping *b, guint64 shift, Rule rule)
{
  if ((a->inode != 0) != (b->inode != 0) || (a->perms ^ b->perms) & PSC_PERM_SHARED)
    return FALSE;
  if (a->inode == 0)
    return same_file (a, b);
  return (same_file (a, b) || (rule == RULE_NAME && strcmp (a->name, b->name) == 0)) &&
         a->offset - (a->start + shift) == b->offset - b->start;
}

/* Neighbours in one space. */
typedef struct
{
  guint first, n;
} Stretch;

/* What overlaps when all of a's stretch is shifted: mprotect, which only cuts mappings up, changes
 * nothing. */
static void
walk (Matcher *matcher, Stretch of_a, Stretch of_b, guint64 shift, Rule rule, PscDiffWhy why)
{
  const PscMapping *a = &matcher->a->mappings[of_a.first], *a_end = a + of_a.n;
  const PscMapping *b = &matcher->b->mappings[of_b.first], *b_end = b + of_b.n;
  gint64 ahead = of_a.n > 0 && of_b.n > 0 ? (gint64) (a->start + shift - b->start) : 0;
  /* Addresses are counted from here, so that nothing wraps around. */
  guint64 base = b->start + (guint64) MIN (ahead, 0);

  while (a < a_end && b < b_end)
    {
      guint64 a_stop = a->end + shift - base, b_stop = b->end - base;
      guint64 start = MAX (a->start + shift - base, b->start - base);
      guint64 end = MIN (a_stop, b_stop);
      guint i = psc_space_mapping_index (matcher->a, a);
      guint j = psc_space_mapping_index (matcher->b, b);

      if (start < end && !(why != PSC_DIFF_ADDRESS && (matcher->done_a[i] || matcher->done_b[j])) &&
          is_same_memory (a, b, shift, rule))
        add_piece (matcher, i, j, start + base, end + base, shift, why);
      a += a_stop <= b_stop;
      b += b_stop <= a_stop;
    }
}

static gboolean
grows_down (const PscMapping *mapping)
{
  return mapping->kind == PSC_KIND_STACK || mapping->kind == PSC_KIND_THREAD_STACK ||
         mapping->flags & PSC_MAPPING_GROWS_DOWN;
}

/* Anonymous memory grows at its end (mremap) or at its beginning (the kernel joins what is mapped
 * below): whichever has more in common. */
static guint64
choose_shift (const Matcher *matcher, const PscMapping *a, const PscMapping *b)
{
  guint64 of_start = b->start - a->start, of_end = b->end - a->end;

  if (of_start == of_end)
    return of_start;
  if (grows_down (a) && grows_down (b))
    return of_end;
  if (a->inode != 0 || psc_diff_pages_common (matcher->a, a, matcher->b, b, of_start) >=
                           psc_diff_pages_common (matcher->a, a, matcher->b, b, of_end))
    return of_start;
  return of_end;
}

static void
match_mappings (Matcher *matcher, guint i, guint j, PscDiffWhy why)
{
  const PscMapping *a = &matcher->a->mappings[i], *b = &matcher->b->mappings[j];
  guint64 shift = choose_shift (matcher, a, b);
  guint64 length = MIN (a->end - a->start, b->end - b->start);
  guint64 start = shift == b->start - a->start ? b->start : b->end - length;

  add_piece (matcher, i, j, start, start + length, shift, why);
}

/* --- rows ---------------------------------------------------------------------------------- */

/* One way to tell mappings apart, and whether their order counts. */
typedef struct
{
  PscDiffPartKey key;
  gboolean in_any_order;
} Pass;

/* Mappings of both spaces that are still without a match. */
typedef struct
{
  GArray *a, *b; /* guint */
} Rows;

static void
rows_init (Rows *rows)
{
  *rows = (Rows){ g_array_new (FALSE, FALSE, sizeof (guint)),
                  g_array_new (FALSE, FALSE, sizeof (guint)) };
}

static void
rows_clear (Rows *rows)
{
  g_array_unref (rows->a);
  g_array_unref (rows->b);
}

static void
collect (GArray *row, Stretch stretch, const gboolean *done)
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

static guint *
new_matches (guint n)
{
  guint *matches = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    matches[i] = PSC_DIFF_NONE;
  return matches;
}

static guint64 *
new_keys (const PscSpace *space, const GArray *row, PscDiffPartKey key)
{
  guint64 *keys = g_new (guint64, row->len);

  for (guint i = 0; i < row->len; i++)
    keys[i] = psc_diff_part_hash (&space->mappings[g_array_index (row, guint, i)], key);
  return keys;
}

static void
align_rows (Matcher *matcher, Rows *rows, Pass pass, PscDiffWhy why)
{
  guint n_a = rows->a->len, n_b = rows->b->len;
  g_autofree guint64 *keys_a = new_keys (matcher->a, rows->a, pass.key);
  g_autofree guint64 *keys_b = new_keys (matcher->b, rows->b, pass.key);
  g_autofree guint *match = new_matches (n_a);

  if (pass.in_any_order)
    psc_diff_align_in_any_order (keys_a, n_a, keys_b, n_b, match);
  else
    psc_diff_align (keys_a, n_a, keys_b, n_b, match);
  for (guint i = 0; i < n_a; i++)
    if (match[i] != PSC_DIFF_NONE)
      match_mappings (matcher, g_array_index (rows->a, guint, i),
                      g_array_index (rows->b, guint, match[i]), why);
  drop_done (rows->a, matcher->done_a);
  drop_done (rows->b, matcher->done_b);
}

static PscDiffWhy
why_of_pass (Pass pass)
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
match_units (Matcher *matcher, const PscDiffUnit *a, const PscDiffUnit *b)
{
  static const Pass passes[] = { { PSC_DIFF_PART_EXACT, FALSE },
                                 { PSC_DIFF_PART_OFFSET, FALSE },
                                 { PSC_DIFF_PART_ALIKE, FALSE },
                                 { PSC_DIFF_PART_KIND, FALSE } };
  const Stretch of_a = { a->first, a->n }, of_b = { b->first, b->n };
  gboolean fixed_parts = a->type == PSC_DIFF_UNIT_FILE && !(a->has_code && b->has_code);
  guint64 shift = b->start - a->start;
  PscDiffWhy why = why_of (a, b);
  Rows rows;

  if (a->n == 1 && b->n == 1 && !fixed_parts)
    {
      match_mappings (matcher, a->first, b->first, why);
      return;
    }
  if (grows_down (&matcher->a->mappings[a->first]))
    shift = b->end - a->end;
  walk (matcher, of_a, of_b, shift, RULE_NAME, why);
  rows_init (&rows);
  collect (rows.a, of_a, matcher->done_a);
  collect (rows.b, of_b, matcher->done_b);
  for (guint i = 0; i < (fixed_parts ? 2 : G_N_ELEMENTS (passes)); i++)
    align_rows (matcher, &rows, passes[i], why);
  rows_clear (&rows);
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

static GArray *
new_entries (const GArray *units, const gboolean *done, gboolean by_name)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (guint i = 0; i < units->len; i++)
    {
      const PscDiffUnit *unit = &g_array_index (units, PscDiffUnit, i);
      Entry entry = { by_name ? unit->name : unit->identity, unit };
      gboolean is_done = FALSE;

      for (guint j = unit->first; j < unit->first + unit->n; j++)
        is_done |= done[j];
      if (!is_done && unit->type != PSC_DIFF_UNIT_ANON)
        g_array_append_val (entries, entry);
    }
  qsort (entries->data, entries->len, sizeof (Entry), compare_entries);
  return entries;
}

/* n_a and n_b units that are called the same, in order. */
static void
match_bucket (Matcher *matcher, const Entry *a, guint n_a, const Entry *b, guint n_b)
{
  g_autofree guint64 *keys_a = g_new (guint64, n_a), *keys_b = g_new (guint64, n_b);
  g_autofree guint *match = new_matches (n_a);

  for (guint by_place = 0; by_place < 2; by_place++)
    {
      for (guint i = 0; i < n_a; i++)
        keys_a[i] = by_place ? a[i].unit->place : a[i].unit->shape;
      for (guint i = 0; i < n_b; i++)
        keys_b[i] = by_place ? b[i].unit->place : b[i].unit->shape;
      psc_diff_align (keys_a, n_a, keys_b, n_b, match);
    }
  for (guint i = 0; i < n_a; i++)
    if (match[i] != PSC_DIFF_NONE)
      match_units (matcher, a[i].unit, b[match[i]].unit);
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
match_buckets (Matcher *matcher, const GArray *units_a, const GArray *units_b, gboolean by_name)
{
  g_autoptr (GArray) a = new_entries (units_a, matcher->done_a, by_name);
  g_autoptr (GArray) b = new_entries (units_b, matcher->done_b, by_name);

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
match_all_units (Matcher *matcher)
{
  gboolean named_threads = has_threads (matcher->a) && has_threads (matcher->b);
  g_autoptr (GArray) units_a = psc_diff_units_new (matcher->a, matcher->done_a, named_threads);
  g_autoptr (GArray) units_b = psc_diff_units_new (matcher->b, matcher->done_b, named_threads);

  match_buckets (matcher, units_a, units_b, FALSE);
  match_buckets (matcher, units_a, units_b, TRUE);
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
find_anchors (Matcher *matcher)
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
match_gap (Matcher *matcher, Rows *rows)
{
  static const Pass passes[] = { { PSC_DIFF_PART_FILLED, FALSE },
                                 { PSC_DIFF_PART_FILLED, TRUE },
                                 { PSC_DIFF_PART_EXACT, FALSE },
                                 { PSC_DIFF_PART_ALIKE, FALSE },
                                 { PSC_DIFF_PART_KIND, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (passes) && rows->a->len > 0 && rows->b->len > 0; i++)
    if (passes[i].key != PSC_DIFF_PART_KIND || rows->a->len == rows->b->len)
      align_rows (matcher, rows, passes[i], why_of_pass (passes[i]));
}

static void
match_anonymous (Matcher *matcher)
{
  static const Pass last_passes[] = { { PSC_DIFF_PART_EXACT, TRUE },
                                      { PSC_DIFF_PART_ALIKE, FALSE } };
  g_autoptr (GArray) anchors = find_anchors (matcher);
  guint a = 0, b = 0;
  Rows rows;

  for (guint i = 0; i <= anchors->len; i++)
    {
      gboolean at_end = i == anchors->len;
      const PscDiffPiece *anchor = at_end ? NULL : &g_array_index (anchors, PscDiffPiece, i);
      guint a_end = at_end ? matcher->a->n_mappings : anchor->a;
      guint b_end = at_end ? matcher->b->n_mappings : anchor->b;

      rows_init (&rows);
      collect_anonymous (rows.a, matcher->a, a, a_end, matcher->done_a);
      collect_anonymous (rows.b, matcher->b, b, b_end, matcher->done_b);
      match_gap (matcher, &rows);
      rows_clear (&rows);
      a = a_end;
      b = b_end;
    }
  /* Threads that map at the same time do so in any order. */
  rows_init (&rows);
  collect_anonymous (rows.a, matcher->a, 0, matcher->a->n_mappings, matcher->done_a);
  collect_anonymous (rows.b, matcher->b, 0, matcher->b->n_mappings, matcher->done_b);
  for (guint i = 0; i < G_N_ELEMENTS (last_passes); i++)
    align_rows (matcher, &rows, last_passes[i], why_of_pass (last_passes[i]));
  rows_clear (&rows);
}

/* --- all ----------------------------------------------------------------------------------- */

static GArray *
match_spaces (const PscSpace *a, const PscSpace *b)
{
  g_autofree gboolean *done_a = g_new0 (gboolean, a->n_mappings);
  g_autofree gboolean *done_b = g_new0 (gboolean, b->n_mappings);
  Matcher matcher = { a, b, g_array_new (FALSE, FALSE, sizeof (PscDiffPiece)), done_a, done_b };
  const Stretch all_a = { 0, a->n_mappings }, all_b = { 0, b->n_mappings };
  gboolean one_process = psc_diff_is_one_process (a, b);
  gboolean one_layout = psc_diff_is_one_layout (a, b);

  if (one_layout)
    walk (&matcher, all_a, all_b, 0, RULE_ID, PSC_DIFF_ADDRESS);
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
