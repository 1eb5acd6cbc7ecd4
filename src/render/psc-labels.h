/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What can be named beside a map: neighbouring mappings that belong together (the parts of one
 * library, a row of arenas, what one owner has), grouped once for a space and its layout, so that a
 * frame only has to look up the few that matter in what it shows. Immutable after it is made,
 * reference counted, any thread. Indices are those of the space that it was made of, or of one that
 * has the same mappings.
 */

#include "psc-layout.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end;      /* addresses, from its first to its last mapping */
  guint64 size, populated; /* bytes of its mappings, without the gaps between them */
  guint32 first, largest;  /* mappings; `largest` has most populated bytes */
  guint32 n_stacks;        /* of threads, among its mappings */
} PscLabelGroup;

typedef struct _PscLabels PscLabels;

struct _PscLabels
{
  gatomicrefcount ref_count; /* private */
  PscLabelGroup *groups;     /* by address, not overlapping */
  guint n_groups;
  guint32 *best;  /* private: tree of the most important groups */
  guint n_leaves; /* private: a power of two */
};

/* O(mappings * log n). Never NULL. */
PscLabels *psc_labels_new (const PscSpace *space, const PscLayout *layout);
PscLabels *psc_labels_ref (PscLabels *labels);
/* NULL is allowed. */
void psc_labels_unref (PscLabels *labels);

/* Would a picture of the one be one of the other, as far as an eye can tell? Of two spaces with the
 * same mappings. O(groups). */
gboolean psc_labels_look_same (const PscLabels *a, const PscLabels *b);

/* Groups that have an address in [start, last]: indices [*from, *to). O(log n). */
void
psc_labels_between (const PscLabels *labels, guint64 start, guint64 last, guint *from, guint *to);
/* The most important of groups [from, to): most populated bytes, then largest, then lowest.
 * n_groups when there is none. O(log n). */
guint psc_labels_best (const PscLabels *labels, guint from, guint to);
/* The `n` most important of them, the most important first; returns how many there are. O(n² +
 * n log groups). */
guint psc_labels_top (const PscLabels *labels, guint from, guint to, guint *indices, guint n);
/* Is group a more important than b? A total order. */
gboolean psc_labels_is_before (const PscLabels *labels, guint a, guint b);

/* What the group is called; valid UTF-8. Free with g_free(). */
char *psc_labels_dup_name (const PscLabels *labels, const PscSpace *space, guint group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscLabels, psc_labels_unref)

G_END_DECLS
