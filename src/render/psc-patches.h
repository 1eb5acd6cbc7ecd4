/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where a drawing has something in it: few rectangles that have all of it and little else. For who
 * keeps a drawing that is mostly empty, because an image of all of it costs what its pixels cost.
 * Works on a grid of cells, so it costs what the cells cost, however much is drawn. One thread.
 * Internal to src/render.
 */

#include "psc-chrome.h"

G_BEGIN_DECLS

typedef struct _PscPatches PscPatches;

/* Nothing outside of the bounds counts. */
PscPatches *psc_patches_new (const PscRect *bounds);
/* NULL is allowed. */
void psc_patches_free (PscPatches *patches);

/* Something is drawn there, px. NULL: nobody wants to know. */
void psc_patches_add (PscPatches *patches, double x, double y, double width, double height);

/* PscRects on whole pixels that don't overlap; none when nothing is drawn, NULL when so much is
 * that it is not worth while. Free with g_array_unref(). O(cells). */
GArray *psc_patches_get_rects (const PscPatches *patches);

G_END_DECLS
