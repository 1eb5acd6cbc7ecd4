/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Everything of the map but its pages: overview of all addresses, brackets of the upper page
 * tables, address ruler, labels of segments, rules with their sizes, marks of folds, hover and
 * selection, legend. One call draws the whole map, for the window and for export alike. Needs no
 * display.
 */

#include <cairo.h>
#include "psc-labels.h"
#include "psc-overview.h"
#include "psc-raster.h"

G_BEGIN_DECLS

typedef struct
{
  double x, y, width, height;
} PscRect;

/* A map that is drawn: what, how, and what is pointed at. Plain; the caller owns what it points to.
 */
typedef struct
{
  const PscSpace *space;
  const PscLayout *layout;
  PscView view; /* of the body, see psc_map_body() */
  PscLens lens;
  PscTheme theme;
  const char *font;                       /* family for labels, NULL: "Sans" */
  double text_scale;                      /* 1.0: 9 pt labels; 0 counts as 1.0 */
  const PscTraits *traits;                /* as in PscRasterJob */
  PscSheet *sheet;                        /* likewise */
  guint64 only;                           /* likewise */
  guint64 hover;                          /* address, or PSC_MAP_NOWHERE */
  guint64 selection_start, selection_end; /* addresses; equal: nothing is selected */
  const PscLabels *labels;                /* of space and layout, NULL: made for each drawing */
  const PscRange *hits;                   /* what was found; sorted, not overlapping */
  guint n_hits;
  PscRange hit;         /* the one that is looked at; equal ends: none */
  const guint64 *bytes; /* of each entry, as psc_lens_count() says; NULL: counted here */
  const guint64 *seen;  /* of them, what is in view; NULL: not said */
  gboolean patterns;    /* as in PscRasterJob */
  PscRect body; /* as psc_map_body() says of the area; of no width: found for each drawing */
} PscMap;

#define PSC_MAP_NOWHERE G_MAXUINT64

/* The body of a map, for the raster: with lines where mappings meet. */
PscRasterJob psc_map_get_raster_job (const PscMap *map, double scale);
/* Does psc_map_draw() draw those lines on this context, as shapes? Then the raster must be without
 * them. It does for vector files, unless there are very many. */
gboolean psc_map_has_border_shapes (const PscMap *map, cairo_t *cr);

/* Where the body (the pages) goes in an area of the given size: the rest is overview, brackets of
 * the upper page tables, ruler, labels, legend. All but the legend give way when the area is
 * narrow; the legend when it is low. */
PscRect psc_map_body (const PscMap *map, double width, double height);

/* Where the overview goes, and its geometry; FALSE when it has given way. */
gboolean psc_map_overview (const PscMap *map, double width, double height, PscRect *strip,
                           PscOverview *overview);

/* Draws the whole map at (0, 0) of the context, `width` x `height`. `raster` is the body as
 * psc_raster_new_surface() made it, its lines where mappings meet as psc_map_has_border_shapes()
 * wants them, or NULL to have it made here. map->view must have the
 * body's size. */
void
psc_map_draw (const PscMap *map, cairo_t *cr, double width, double height, cairo_surface_t *raster);

/* What was found alone, as psc_map_draw() draws it on top of everything: for a window that keeps
 * the rest. Costs what the hits in view and the pixels cost. */
void psc_map_draw_hits (const PscMap *map, cairo_t *cr, double width, double height);

/* The hits as light on their pages, alpha 0 to 1: for pages that have just appeared. The least
 * rectangle of the area that has all of it; of no size, and nothing drawn, when none is in view. cr
 * NULL: only that. Costs likewise. */
PscRect
psc_map_draw_glow (const PscMap *map, cairo_t *cr, double width, double height, double alpha);

/* What a map is made of; drawn one by one by who keeps what has not changed. */
typedef enum
{
  PSC_MAP_BODY = 1 << 0,  /* the pages */
  PSC_MAP_MARKS = 1 << 1, /* on the body: rules, folds, names */
  PSC_MAP_SIDES = 1 << 2, /* brackets, ruler */
  PSC_MAP_OVERVIEW = 1 << 3,
  PSC_MAP_LABELS = 1 << 4,   /* beside the body */
  PSC_MAP_POINTERS = 1 << 5, /* selection, hover, what was found */
  PSC_MAP_LEGEND = 1 << 6,
  PSC_MAP_HUGE = 1 << 7, /* outlines on the body, under the marks */
  PSC_MAP_EVERYTHING = (1 << 8) - 1,
} PscMapParts;

/* Some parts alone, where psc_map_draw() would draw them, with nothing behind them. */
void psc_map_draw_parts (const PscMap *map, cairo_t *cr, double width, double height,
                         cairo_surface_t *raster, PscMapParts parts);
/* The rectangle that a single part may draw in; of no size when there is no such part. None reaches
 * the left edge of the area. */
PscRect psc_map_part_bounds (const PscMap *map, double width, double height, PscMapParts part);
/* Marks or outlines, and where they are: most of the body has none. PscRects on whole pixels that
 * don't overlap and have all of it, or NULL when it is about everywhere. Free with
 * g_array_unref(). */
GArray *psc_map_draw_patches (const PscMap *map, cairo_t *cr, double width, double height,
                              PscMapParts part);
/* What a single part (not the body, not the pointers) shows of the states of pages. As long as
 * view, layout, lens and looks are the same, equal bytes are equal pictures. Much cheaper than the
 * picture. Free with g_string_free(). */
GString *psc_map_part_key (const PscMap *map, double width, double height, PscMapParts part);

/* Is an entry of the legend at a point of an area that psc_map_draw() fills? Then its bit, or both
 * where the lens has the entry twice (psc_lens_n_pairs()). Costs what laying it out does. */
gboolean psc_map_legend_hit (const PscMap *map, double width, double height, double x, double y,
                             guint64 *entries);

G_END_DECLS
