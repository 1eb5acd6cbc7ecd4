/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A small finished picture as a widget: a cairo surface, drawn at its own size from the top left.
 * Without one it is blank. The background is the stylesheet's. Thread of the window only.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PSC_TYPE_PICTURE (psc_picture_get_type ())
G_DECLARE_FINAL_TYPE (PscPicture, psc_picture, PSC, PICTURE, GtkWidget)

/* NULL: none. Takes a reference; the surface must not change any more. */
void psc_picture_set_surface (PscPicture *self, cairo_surface_t *surface);

/* A node that fills a rectangle with the surface, in the way that costs the widget's renderer
 * least. Free with gsk_render_node_unref(). */
GskRenderNode *
psc_picture_make_node (GtkWidget *widget, cairo_surface_t *surface, const graphene_rect_t *bounds);

G_END_DECLS
