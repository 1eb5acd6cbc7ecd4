/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What stands where down a view, for drawing beside the rows at a cost of pixels, not of what is
 * mapped: from a height to the row there, and from addresses to the height that their rows take.
 * Pure functions, O(log n) each. Internal to src/render.
 */

#include "psc-view.h"

G_BEGIN_DECLS

/* A row of a block, a whole line, or a rule. */
typedef struct
{
  const PscBand *band;
  guint64 start, last; /* addresses that stand on it, [start, last] */
  double top, height;  /* px in the viewport */
} PscSightRow;

/* The row at height y (px in the viewport, may be outside of it) or, in the air between bands, the
 * next one below. FALSE below the last. */
gboolean
psc_sight_row_at (const PscView *view, const PscLayout *layout, double y, PscSightRow *row);
/* The height that the rows of [start, last] take: of all rows of blocks that hold any of them, and
 * of lines that begin with one of them. A line is taken for where it begins, so that each row is in
 * one of any set of ranges side by side. Rules between are in it, at the ends they are not. FALSE
 * when there is no such row. */
gboolean psc_sight_extent (const PscView *view, const PscLayout *layout, guint64 start,
                           guint64 last, double *top, double *bottom);
/* Lowest and highest address in sight, [*start, *last]; FALSE when nothing is. */
gboolean
psc_sight_range (const PscView *view, const PscLayout *layout, guint64 *start, guint64 *last);

G_END_DECLS
