/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of psc-diff share: matching finds pieces, pages are compared through them. */

#include "psc-diff.h"

G_BEGIN_DECLS

/* Addresses of one mapping of a that are some of a mapping of b. A mapping may have several, which
 * do not overlap in either space. */
typedef struct
{
  guint a, b;
  guint64 start, end; /* in b */
  guint64 shift;
  PscDiffWhy why;
} PscDiffPiece;

/* psc-diff-align.c: which items of two rows are the same, in order. */

/* Items are told apart by `keys`. match[i]: the index in b of item i of a, or PSC_DIFF_NONE. Items
 * of a that have a match keep it, and new matches cross neither old ones, which must not cross
 * either, nor each other. O(n log n). */
void
psc_diff_align (const guint64 *keys_a, guint n_a, const guint64 *keys_b, guint n_b, guint *match);
/* Matches may cross, and old ones are forgotten: the k-th last of a key is the k-th last of it. */
void psc_diff_align_in_any_order (const guint64 *keys_a, guint n_a, const guint64 *keys_b,
                                  guint n_b, guint *match);
/* Marks the longest row of values that ascend: keep[i] is TRUE for those. O(n log n). */
void psc_diff_keep_ascending (const guint *values, guint n, gboolean *keep);

/* psc-diff-units.c */

/* Neighbours that make one thing: the parts of a file as it was loaded, what an owner has, the
 * heap, or just one mapping. */
typedef enum
{
  PSC_DIFF_UNIT_ANON, /* one anonymous mapping, known by its place alone */
  PSC_DIFF_UNIT_NAMED,
  PSC_DIFF_UNIT_THREAD,
  PSC_DIFF_UNIT_OWNER,
  PSC_DIFF_UNIT_FILE,
} PscDiffUnitType;

typedef struct
{
  PscDiffUnitType type;
  guint first, n;     /* mappings */
  guint64 start, end; /* from the first to the last one */
  guint64 identity;   /* hash of the file with its numbers, else as `name` */
  guint64 name;       /* hash: only units of one name are matched with each other */
  guint64 shape;      /* hash of offset, size and permissions */
  guint64 place;      /* hash of what is left of it when its size is another */
  gboolean has_code;
} PscDiffUnit;

/* Of the mappings for which `skip` (n_mappings of them) is FALSE, in address order. With
 * named_threads only stacks of threads of one name have one name. Free with g_array_unref(). O(n
 * log owners). */
GArray *psc_diff_units_new (const PscSpace *space, const gboolean *skip, gboolean named_threads);

/* By what a single mapping is known again inside a unit, or between what is matched. */
typedef enum
{
  PSC_DIFF_PART_FILLED, /* as the next one, and what is in RAM */
  PSC_DIFF_PART_EXACT,  /* permissions, kind, place in the file, size */
  PSC_DIFF_PART_OFFSET, /* permissions and place in the file; without a file permissions and kind */
  PSC_DIFF_PART_ALIKE,  /* permissions, kind, about the size: within a factor of two */
  PSC_DIFF_PART_KIND,   /* permissions and kind */
} PscDiffPartKey;

guint64 psc_diff_part_hash (const PscMapping *mapping, PscDiffPartKey key);

/* psc-diff-match.c */

/* The same process with the same program: mappings are known by their addresses. */
gboolean psc_diff_is_one_process (const PscSpace *a, const PscSpace *b);
/* Another process that has what it has where this one has it. O(mappings log mappings). */
gboolean psc_diff_is_one_layout (const PscSpace *a, const PscSpace *b);
/* PscDiffPieces, in address order of b. O(n log n) in mappings. */
GArray *psc_diff_match (const PscSpace *a, const PscSpace *b);

/* psc-diff-pages.c */

/* The pairs are compared one after another, in address order of b. */
typedef struct
{
  const PscSpace *a, *b;
  gboolean compares; /* base pages have one size */
  guint8 plain[256]; /* PscChange of a state that stays */
  GArray *traits;
} PscDiffPages;

void psc_diff_pages_init (PscDiffPages *pages, const PscSpace *a, const PscSpace *b);
/* Fills in pair->growth.pages and appends traits; [start, end) of b, empty if need be, is what both
 * have. TRUE when that is all there is, and in the same states. O(runs). */
gboolean
psc_diff_pages_compare (PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end);
/* What of [start, end) of a mapping is in RAM and in swap, added to sums[]: resident, swapped,
 * huge, hugetlb, in bytes. O(runs). */
void psc_diff_pages_sum (const PscSpace *space, const PscMapping *mapping, guint64 start,
                         guint64 end, guint64 sums[4]);
/* Bytes that are populated in both when a's mapping is shifted. O(runs of both). */
guint64 psc_diff_pages_common (const PscSpace *a, const PscMapping *of_a, const PscSpace *b,
                               const PscMapping *of_b, guint64 shift);

G_END_DECLS
