/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What to tell the watchers of a list when it changes: as few stretches as possible, so that rows
 * that are still there stay where they are, with their widgets. Pure; any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

/* In place of n_removed rows from old_at on: n_added rows from new_at on. */
typedef struct
{
  guint old_at, n_removed;
  guint new_at, n_added;
} PscListHunk;

/* A row of the new list that was not in the old one. */
#define PSC_LIST_DIFF_NEW G_MAXUINT

/* old_of_new: for each of n_new rows where it was among n_old, each old row at most once. Rows that
 * keep their order among one another stay; it is as many as can be. Ascending; more than max_hunks
 * become one from the first change to the last. O(n log n), O(n) when nothing moved.
 * Free with g_array_unref(). */
GArray *psc_list_diff (const guint *old_of_new, guint n_new, guint n_old, guint max_hunks);

G_END_DECLS
