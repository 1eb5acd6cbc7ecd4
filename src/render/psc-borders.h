/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where one mapping ends and the next begins without a gap: a thin line in the colour of what is
 * not mapped, so that neighbours in one state are told apart. Where mappings are too narrow for
 * lines of their own there are none.
 *
 * This says where they are. The raster draws them into the pixels of pages, where they cost what
 * their pixels cost; vector files have them as shapes, as long as they are few. Pure functions.
 * Internal to src/render.
 */

#include "psc-view.h"

G_BEGIN_DECLS

/* How much of the colour there is in a line. */
#define PSC_BORDERS_ALPHA 0.6
/* More than so many shapes are a picture. */
#define PSC_BORDERS_MOST_SHAPES 6000

typedef struct
{
  const PscSpace *space;
  const PscLayout *layout;
  const PscView *view;
  double from, to; /* px down the viewport: lines of all rows that touch [from, to), and more */
} PscBorders;

/* A line, px, not rounded: x in the viewport, y from the top of the layout, so that whatever part
 * of it is asked for says the same. To be drawn a px wide at least. */
typedef void (*PscBordersFunc) (double x, double y, double width, double height,
                                gpointer user_data);

/* Calls func for each. A pixel may be in several. O(rows, words and lines in [from, to)). */
void psc_borders_find (const PscBorders *borders, PscBordersFunc func, gpointer user_data);
/* Are the lines in the viewport more than PSC_BORDERS_MOST_SHAPES? */
gboolean psc_borders_are_many (const PscSpace *space, const PscLayout *layout, const PscView *view);

G_END_DECLS
