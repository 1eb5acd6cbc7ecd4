/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Geometry of the brackets beside the rows: for each upper level of the page tables, which of its
 * entries the rows in sight belong to. Pure; costs what the view's height costs. A line of words
 * that reaches over several entries belongs to the one where it begins.
 */

#include "psc-levels.h"
#include "psc-view.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, last; /* addresses of the entry */
  guint index, to;     /* its number in its table, and of the last that its rows reach into */
  double top, bottom;  /* px in the viewport; not cut to it */
  gboolean many;       /* stands for many that are too small to be told apart */
} PscBracket;

/* Entries that take less than this, px, are put together. */
#define PSC_BRACKETS_LEAST 14.0

/* Of PscBracket, from the top of the view to its bottom; they don't overlap. `level` n_levels: the
 * halves. At most height / PSC_BRACKETS_LEAST + 2 of them. Free with g_array_unref(). */
GArray *psc_brackets_find (const PscLevels *levels, guint level, const PscView *view,
                           const PscLayout *layout);

G_END_DECLS
