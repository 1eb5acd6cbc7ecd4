/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscDiff: what is different between two spaces, a (then) and b (now): two moments of a process, or
 * two processes, such as two runs of one program or a parent and its child.
 *
 * Mappings of one process are the same where they lie at the same addresses, as psc_change_new()
 * has it. Of two processes, and across exec, they are matched by what they are for: files with
 * their shift, heap with heap, thread stacks by the thread's name, what an owner has by the owner,
 * and anonymous memory by size, permissions and its place between what is matched. Each match says
 * why. What is matched is compared page by page through its shift.
 *
 * Every byte of both spaces is in exactly one pair, so the sums of pairs are the totals of the
 * spaces. Frozen once made, reference counted, any thread. Holds references to both spaces.
 */

#include "psc-change.h"

G_BEGIN_DECLS

#define PSC_DIFF_NONE G_MAXUINT

/* Why a mapping of b is taken for one of a. */
typedef enum
{
  PSC_DIFF_ADDRESS, /* one process, or a child: the same addresses and the same memory */
  PSC_DIFF_FILE,    /* the same part of the same file: device, inode and path */
  PSC_DIFF_PATH,    /* of a file of the same path, but for the process's number in it: on another
                       device, or written anew */
  PSC_DIFF_NAME,    /* the kernel names both so: [heap], [stack], … */
  PSC_DIFF_THREAD,  /* stacks of threads of one name, in the same order; without names by order */
  PSC_DIFF_OWNER,   /* both belong to the same owner: an arena, the Java heap, … */
  PSC_DIFF_SIZE,    /* anonymous, of one kind and size with the same permissions; in the same order
                       where there is one */
  PSC_DIFF_PLACE,   /* likewise, of another size, in the same order between what is matched */
  PSC_DIFF_CAME,    /* no match: only b has it */
  PSC_DIFF_WENT,    /* no match: only a has it */
  PSC_N_DIFF_WHYS
} PscDiffWhy;

/* Bytes. */
typedef struct
{
  guint64 then, now;
} PscDiffSum;

/* What is in the two: a pair, a kind or all. */
typedef struct
{
  PscDiffSum n_mappings; /* of a pair 0 or 1 each, though a mapping may be in several pairs */
  PscDiffSum size;
  PscDiffSum resident, swapped, huge, hugetlb; /* as in PscMapping */
  gboolean then_known, now_known;              /* page states were read; else the sums but size are
                                                  unknown, and 0 */
  PscChangeSums pages;                         /* page by page, as psc_change_new() sums them */
} PscDiffGrowth;

/* A mapping of a and the one of b that it has become; or, where one was cut up (mprotect, munmap)
 * or grown together, the part of it. */
typedef struct
{
  guint a, b;             /* indices in the spaces; PSC_DIFF_NONE: not there */
  guint64 a_start, a_end; /* what of the mapping belongs to the pair; equal: nothing */
  guint64 b_start, b_end;
  guint64 shift; /* an address of a plus this is that of b; wraps around */
  PscDiffWhy why;
  PscDiffGrowth growth;
} PscDiffPair;

typedef struct
{
  gatomicrefcount ref_count; /* private */
  PscSpace *a, *b;           /* references */
  gboolean one_process;      /* the same process with the same program: matched by address */
  gboolean one_layout;       /* that, or a child, or a second run without randomised addresses: by
                                address first */
  gboolean identical;        /* but for addresses: no mapping came, went, or has other borders,
                                permissions, name or page states, as far as these are known */
  gboolean pages_compared;   /* FALSE: their base pages have two sizes, so all of b is unknown */

  PscDiffPair *pairs; /* those with a mapping of b by its address, then those that went by theirs */
  guint n_pairs;
  guint n_of_b; /* how many of the pairs have a mapping of b */

  PscDiffGrowth total;
  PscDiffGrowth kinds[PSC_N_KINDS]; /* pages by the kind now; what is unmapped by the kind then */

  PscTraits *traits; /* of b, as psc_change_new() makes them */

  /* Indices of pairs, the largest difference first, whichever its sign: of populated bytes, then of
   * size, then changed pages. */
  guint *changed; /* in both, and different */
  guint n_changed;
  guint *came;
  guint n_came;
  guint *went;
  guint n_went;
} PscDiff;

/* Never NULL. O(n log n) in mappings of both, plus runs. */
PscDiff *psc_diff_new (PscSpace *a, PscSpace *b);
PscDiff *psc_diff_ref (PscDiff *diff);
/* NULL is allowed. */
void psc_diff_unref (PscDiff *diff);

/* Traits of b for PSC_LENS_CHANGE: a new reference. */
PscTraits *psc_diff_traits (const PscDiff *diff);

/* The pairs of a mapping of b: at least one, all in a row. O(log n). */
const PscDiffPair *psc_diff_pairs_of_mapping (const PscDiff *diff, guint b_index, guint *n_pairs);
/* Of these the one with the most bytes of b: never NULL. O(log n + its pairs). */
const PscDiffPair *psc_diff_pair_of_mapping (const PscDiff *diff, guint b_index);
/* What has become of a mapping of b as a whole: the sum of its pairs. O(log n + its pairs). */
void psc_diff_sum_mapping (const PscDiff *diff, guint b_index, PscDiffGrowth *growth);
/* The pair of an address of b; NULL where nothing is mapped. O(log n). */
const PscDiffPair *psc_diff_pair_at (const PscDiff *diff, guint64 address);
/* Where an address of b was in a. FALSE when it was not mapped there. O(log n). */
gboolean psc_diff_address_then (const PscDiff *diff, guint64 address, guint64 *then);

/* Does anything differ but addresses, as far as it is known? O(1). */
gboolean psc_diff_pair_is_changed (const PscDiff *diff, const PscDiffPair *pair);
/* Resident, swapped and hugetlb together: what the pair, the kind or all grew by. */
gint64 psc_diff_populated_delta (const PscDiffGrowth *growth);
/* Pages of b that are otherwise than they were, and populated ones of a that are unmapped; bytes.
 */
guint64 psc_diff_changed_bytes (const PscChangeSums *pages);

/* "address", "file", …: a JSON value. */
const char *psc_diff_why_id (PscDiffWhy why);
/* A sentence fragment, untranslated: "the same file". */
const char *psc_diff_why_words (PscDiffWhy why);

static inline gint64
psc_diff_delta (PscDiffSum sum)
{
  return (gint64) (sum.now - sum.then);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscDiff, psc_diff_unref)

G_END_DECLS
