/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Areas: which parts of a map can be pointed at, for formats that tell what is under the pointer
 * (SVG). Each mapping has an area of its own where it is large enough; neighbours that are too
 * small to be pointed at share one. Pure; any thread.
 */

#include "psc-chrome.h"

G_BEGIN_DECLS

typedef struct
{
  guint first, last;  /* mappings by their index in the space, both included */
  guint64 start, end; /* addresses in view; what is not mapped between them belongs to it */
} PscArea;

/* The areas in view, by address: PscArea, at most `most` (1 or more) of them. Free with
 * g_array_unref(). O(mappings in view). */
GArray *psc_areas_new (const PscMap *map, guint most);

typedef void (*PscAreaRectFunc) (const PscRect *rect, gpointer user_data);

/* The rectangles of an area, px in the body, cut to the viewport: none when it is out of view. */
void psc_area_each_rect (const PscArea *area, const PscMap *map, PscAreaRectFunc func,
                         gpointer user_data);

/* Edges of a rectangle, px of the viewport; may be outside, and the wrong way round for one that is
 * not there. */
typedef struct
{
  double left, top, right, bottom;
} PscAreaEdges;

/* A range of a block is a staircase: the end of its lowest row, whole rows, the beginning of its
 * highest. Finds so many rectangles for [start, end), which is inside of the block. */
#define PSC_AREA_MOST_EDGES 3
guint psc_area_find_edges (const PscMap *map, const PscBand *block, guint64 start, guint64 end,
                           PscAreaEdges *edges);

G_END_DECLS
