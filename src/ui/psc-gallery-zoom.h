/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The movement from a tile of the gallery to the map: the tile's picture grows to where the map
 * will be drawn while everything else fades. Draws in place of a widget's own children; at its end
 * it stays as it is until it is freed, so that the map can be faded in over it. Without animations
 * it is at its end at once. Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-lens.h"

G_BEGIN_DECLS

typedef struct _PscGalleryZoom PscGalleryZoom;

/* Where from, where to, and what. */
typedef struct
{
  cairo_surface_t *surface;
  graphene_rect_t from;    /* of the picture, px in the widget */
  GtkBorder margins;       /* px from the widget's edges to the map, which the picture grows to */
  GskRenderNode *backdrop; /* the widget as it was; NULL: nothing */
  PscTheme theme;
} PscGalleryZoomPlan;

/* Copies the plan and takes references. done is called once, at the end, also when that comes at
 * once (then before this returns). */
PscGalleryZoom *psc_gallery_zoom_new (GtkWidget *widget, const PscGalleryZoomPlan *plan,
                                      void (*done) (gpointer user_data), gpointer user_data);
/* NULL is allowed. done is not called any more. */
void psc_gallery_zoom_free (PscGalleryZoom *zoom);
/* To the end, now. */
void psc_gallery_zoom_skip (PscGalleryZoom *zoom);
gboolean psc_gallery_zoom_is_moving (const PscGalleryZoom *zoom);
void psc_gallery_zoom_snapshot (PscGalleryZoom *zoom, GtkSnapshot *snapshot);

G_END_DECLS
