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

/* Items are told apart by `keys`; match[i] becomes the index in b of item i of a, or PSC_DIFF_NONE.
 * Matches never cross. O(n log n). */
void
psc_diff_align (const guint64 *keys_a, guint n_a, const guint64 *keys_b, guint n_b, guint *match);
/* The same, but matches may cross: the k-th last of a key is the k-th last of it. */
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
  /* Hashes: only units of which one of these is the same are matched with each other, and the first
   * ones first. */
  guint64 identity; /* of the file with its numbers, else as `name` */
  guint64 name;     /* of the path, the owner's label, … */
  guint64 alias;    /* of the path without the process's number, else as `name` */
  guint64 shape;    /* hash of offset, size and permissions */
  guint64 place;    /* hash of what is left of it when its size is another */
  gboolean has_code;
  gboolean nameless; /* a thread's stack, and it is not known whose: it was running */
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

/* psc-diff-layout.c */

/* The same process with the same program: mappings are known by their addresses. */
gboolean psc_diff_is_one_process (const PscSpace *a, const PscSpace *b);
/* Another process that has what it has where this one has it. O(mappings log mappings). */
gboolean psc_diff_is_one_layout (const PscSpace *a, const PscSpace *b);
/* psc-diff-pieces.c */

typedef struct
{
  const PscSpace *a, *b;
  GArray *pieces;
  gboolean *done_a, *done_b; /* mappings that have a piece */
} PscDiffMatcher;

/* When two mappings at corresponding addresses are the same memory. */
typedef enum
{
  PSC_DIFF_RULE_ID,   /* files have one device and inode */
  PSC_DIFF_RULE_NAME, /* or one path */
} PscDiffRule;

/* Neighbours in one space. */
typedef struct
{
  guint first, n;
} PscDiffStretch;

/* Mappings of both spaces that are still without a match. */
typedef struct
{
  GArray *a, *b; /* guint */
} PscDiffRows;

/* One way to tell mappings apart, and whether their order counts. */
typedef struct
{
  PscDiffPartKey key;
  gboolean in_any_order;
} PscDiffPass;

gboolean psc_diff_grows_down (const PscMapping *mapping);
/* Adds what overlaps when all of a's stretch is shifted: mprotect, which only cuts mappings up,
 * changes nothing. O(n). */
void psc_diff_walk (PscDiffMatcher *matcher, PscDiffStretch of_a, PscDiffStretch of_b,
                    guint64 shift, PscDiffRule rule, PscDiffWhy why);
/* Adds a piece of two mappings that are taken for the same. O(runs of both), O(1) when they are of
 * one size. */
void psc_diff_match_mappings (PscDiffMatcher *matcher, guint i, guint j, PscDiffWhy why);

void psc_diff_rows_init (PscDiffRows *rows);
void psc_diff_rows_clear (PscDiffRows *rows);
/* Appends those of a stretch that are not done. */
void psc_diff_rows_collect (GArray *row, PscDiffStretch stretch, const gboolean *done);
/* Adds pieces of those that are the same, and takes them out of the rows. O(n log n). */
void
psc_diff_align_rows (PscDiffMatcher *matcher, PscDiffRows *rows, PscDiffPass pass, PscDiffWhy why);

/* psc-diff-match.c */

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

/* psc-diff-sums.c */

/* Sums of the pairs but for their pages; `order` has the indices of those with a mapping of a, by
 * its address. O(pairs, and runs of mappings that are in several). */
void psc_diff_sum_pairs (PscDiff *diff, const GArray *order);
/* Those of all and of kinds, when pairs have theirs. O(pairs). */
void psc_diff_sum_all (PscDiff *diff);

G_END_DECLS
