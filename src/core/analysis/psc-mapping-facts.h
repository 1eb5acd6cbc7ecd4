/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The mappings of a space as the rows of a table: what each column says of each of them, as a
 * number, in words, or why it can't be said. smaps may come from a second space, read at another
 * moment: its lines are matched by where a mapping starts. So is a difference to another space
 * (PscDiff), which may be of the moment before while that of this one is being made.
 *
 * Reference counted and frozen: any thread, without locks. An index is that of PscSpace.mappings.
 */

#include "psc-diff.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_COLUMN_ADDRESS,
  PSC_COLUMN_SIZE,
  PSC_COLUMN_RESIDENT,
  PSC_COLUMN_GROWTH, /* of what is resident */
  PSC_COLUMN_NAME,   /* last part of the path, or its owner */
  PSC_COLUMN_MATCH,  /* what it is compared with, and by what that was found */
  PSC_COLUMN_SIZE_GROWTH,
  PSC_COLUMN_APPEARED, /* these as PscChange has them */
  PSC_COLUMN_GONE,
  PSC_COLUMN_COPIED,
  PSC_COLUMN_SWAPPED_OUT,
  PSC_COLUMN_SWAPPED_IN,
  PSC_COLUMN_BECAME_HUGE,
  PSC_COLUMN_SPLIT,
  PSC_COLUMN_KIND,
  PSC_COLUMN_PERMS,
  PSC_COLUMN_SHARE, /* of what the process has resident */
  PSC_COLUMN_SWAPPED,
  PSC_COLUMN_HUGE, /* transparent or of the pool */
  PSC_COLUMN_OFFSET,
  PSC_COLUMN_PSS, /* from here on: of smaps */
  PSC_COLUMN_PRIVATE_DIRTY,
  PSC_COLUMN_PRIVATE_CLEAN,
  PSC_COLUMN_SHARED_DIRTY,
  PSC_COLUMN_SHARED_CLEAN,
  PSC_COLUMN_REFERENCED,
  PSC_COLUMN_ANONYMOUS,
  PSC_COLUMN_SWAP_PSS,
  PSC_COLUMN_LOCKED,
  PSC_COLUMN_THP,
  PSC_COLUMN_VM_FLAGS,
  PSC_N_COLUMNS
} PscColumn;

#define PSC_COLUMN_FIRST_OF_SMAPS PSC_COLUMN_PSS

/* "address", "private_dirty", …: stable, for settings. */
const char *psc_column_id (PscColumn column);
/* For a heading, untranslated. */
const char *psc_column_title (PscColumn column);
/* One sentence that explains it, untranslated. */
const char *psc_column_hint (PscColumn column);
/* Does it hold an amount, to be set flush right? */
gboolean psc_column_is_amount (PscColumn column);
/* Is the amount a difference, which may be negative? */
gboolean psc_column_is_signed (PscColumn column);
/* Does it tell of a difference to another space? */
gboolean psc_column_is_of_diff (PscColumn column);
/* FALSE when the word names no column. */
gboolean psc_column_from_id (const char *id, PscColumn *column);

typedef struct
{
  PscSpace *space;      /* a reference */
  PscSpace *details;    /* a reference: the space that smaps is of; NULL: smaps was not read */
  guint *details_index; /* of each mapping in details, G_MAXUINT: not there; NULL: the same */
  PscDiff *diff;        /* a reference; NULL: it is compared with nothing */
  guint *diff_index;    /* of each mapping in diff->b, likewise */
} PscMappingFacts;

/* A space that has smaps itself needs no details (NULL). O(mappings of both). */
PscMappingFacts *psc_mapping_facts_new (PscSpace *space, PscSpace *details);
/* The same with a difference, whose b is the space or another moment of its process; NULL: none. */
PscMappingFacts *psc_mapping_facts_new_compared (PscSpace *space, PscSpace *details, PscDiff *diff);
PscMappingFacts *psc_mapping_facts_ref (PscMappingFacts *facts);
/* NULL is allowed. */
void psc_mapping_facts_unref (PscMappingFacts *facts);

/* Why a fact is missing; both untranslated, `why` "" when there is nothing more to say. */
typedef struct
{
  PscReason reason;
  const char *why;
} PscMissing;

/* smaps of a mapping; NULL and *missing (which may be NULL): there is none. O(1). */
const PscSmaps *
psc_mapping_facts_get_smaps (const PscMappingFacts *facts, guint index, PscMissing *missing);
/* The mapping as it was when smaps of it was read; NULL when there is none. O(1). */
const PscMapping *psc_mapping_facts_get_read (const PscMappingFacts *facts, guint index);

/* Who owns the mapping as a whole; NULL: nobody is known to. O(log n). */
const PscOwner *psc_mapping_facts_get_owner (const PscMappingFacts *facts, guint index);

/* What the mapping is compared with: its pair with the most bytes, and in *growth (which may be
 * NULL) the sum of all of its pairs. NULL and *missing (likewise): nothing. O(log n + its pairs).
 */
const PscDiffPair *psc_mapping_facts_get_pair (const PscMappingFacts *facts, guint index,
                                               PscDiffGrowth *growth, PscMissing *missing);

/* Bytes, an address, or for PSC_COLUMN_THP 0 and 1; of signed columns a gint64. FALSE: not known,
 * for the reason in *missing (which may be NULL). Not for columns of words. O(1). */
gboolean psc_mapping_facts_get_number (const PscMappingFacts *facts, guint index, PscColumn column,
                                       guint64 *number, PscMissing *missing);
/* In the words of a table, translated, valid UTF-8 on one line; "" when the mapping has no such
 * thing (an offset without a file). NULL: not known, for the reason in *missing (which may be
 * NULL). Free with g_free(). */
char *psc_mapping_facts_dup_text (const PscMappingFacts *facts, guint index, PscColumn column,
                                  PscMissing *missing);
/* All that can be searched for by name: path, owner, kind; untranslated and as it came, so any
 * bytes. Calls for each until one returns TRUE. */
typedef gboolean (*PscNameFunc) (const char *name, gpointer user_data);
gboolean psc_mapping_facts_any_name (const PscMappingFacts *facts, guint index, PscNameFunc func,
                                     gpointer user_data);

/* psc-mapping-sort.c */

/* Sorts indices by a column; equals by address, what is not known at the end, both whichever way.
 * O(n log n). */
void psc_mapping_facts_sort (const PscMappingFacts *facts, PscColumn column, gboolean descending,
                             guint *indices, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscMappingFacts, psc_mapping_facts_unref)

G_END_DECLS
