/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-gallery-zoom.h"

#include <adwaita.h>

#include "psc-picture.h"

#define ZOOM_MS 280

struct _PscGalleryZoom
{
  GtkWidget *widget; /* borrowed: it owns the zoom */
  PscGalleryZoomPlan plan;
  AdwAnimation *animation;
  double at; /* 0 at the tile, 1 at the map */
  gboolean ended;
  void (*done) (gpointer user_data);
  gpointer user_data;
};

static void
animate_cb (double value, gpointer user_data)
{
  PscGalleryZoom *zoom = user_data;

  zoom->at = value;
  gtk_widget_queue_draw (zoom->widget);
}

static void
done_cb (PscGalleryZoom *zoom)
{
  if (zoom->ended)
    return;
  zoom->ended = TRUE;
  zoom->at = 1;
  zoom->done (zoom->user_data);
}

PscGalleryZoom *
psc_gallery_zoom_new (GtkWidget *widget, const PscGalleryZoomPlan *plan,
                      void (*done) (gpointer user_data), gpointer user_data)
{
  PscGalleryZoom *zoom = g_new0 (PscGalleryZoom, 1);
  AdwAnimationTarget *target = adw_callback_animation_target_new (animate_cb, zoom, NULL);

  zoom->widget = widget;
  zoom->plan = *plan;
  cairo_surface_reference (zoom->plan.surface);
  if (plan->backdrop != NULL)
    gsk_render_node_ref (plan->backdrop);
  zoom->done = done;
  zoom->user_data = user_data;
  zoom->animation = adw_timed_animation_new (widget, 0, 1, ZOOM_MS, target);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (zoom->animation), ADW_EASE_IN_OUT_CUBIC);
  g_signal_connect_swapped (zoom->animation, "done", G_CALLBACK (done_cb), zoom);
  adw_animation_play (zoom->animation);
  return zoom;
}

void
psc_gallery_zoom_free (PscGalleryZoom *zoom)
{
  if (zoom == NULL)
    return;
  zoom->ended = TRUE;
  g_signal_handlers_disconnect_by_data (zoom->animation, zoom);
  adw_animation_skip (zoom->animation);
  g_object_unref (zoom->animation);
  cairo_surface_destroy (zoom->plan.surface);
  g_clear_pointer (&zoom->plan.backdrop, gsk_render_node_unref);
  g_free (zoom);
}

void
psc_gallery_zoom_skip (PscGalleryZoom *zoom)
{
  adw_animation_skip (zoom->animation);
}

gboolean
psc_gallery_zoom_is_moving (const PscGalleryZoom *zoom)
{
  return !zoom->ended;
}

static graphene_rect_t
get_target (const PscGalleryZoom *zoom)
{
  const GtkBorder *margins = &zoom->plan.margins;
  int width = gtk_widget_get_width (zoom->widget) - margins->left - margins->right;
  int height = gtk_widget_get_height (zoom->widget) - margins->top - margins->bottom;

  return GRAPHENE_RECT_INIT (margins->left, margins->top, (float) MAX (width, 1),
                             (float) MAX (height, 1));
}

static void
snapshot_backdrop (PscGalleryZoom *zoom, GtkSnapshot *snapshot)
{
  if (zoom->at >= 1 || zoom->plan.backdrop == NULL)
    return;
  gtk_snapshot_push_opacity (snapshot, 1 - zoom->at);
  gtk_snapshot_append_node (snapshot, zoom->plan.backdrop);
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_ground (PscGalleryZoom *zoom, GtkSnapshot *snapshot, const graphene_rect_t *all)
{
  PscColor color = psc_theme_colors (zoom->plan.theme)->background;
  const GdkRGBA ground = {
    (float) (color >> 16 & 0xff) / 255,
    (float) (color >> 8 & 0xff) / 255,
    (float) (color & 0xff) / 255,
    (float) zoom->at,
  };

  gtk_snapshot_append_color (snapshot, &ground, all);
}

void
psc_gallery_zoom_snapshot (PscGalleryZoom *zoom, GtkSnapshot *snapshot)
{
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (zoom->widget),
                                            (float) gtk_widget_get_height (zoom->widget));
  graphene_rect_t to = get_target (zoom), rect;
  GskRenderNode *node;

  gtk_snapshot_push_clip (snapshot, &all);
  snapshot_backdrop (zoom, snapshot);
  snapshot_ground (zoom, snapshot, &all);
  graphene_rect_interpolate (&zoom->plan.from, &to, zoom->at, &rect);
  node = psc_picture_make_node (zoom->widget, zoom->plan.surface, &rect);
  gtk_snapshot_append_node (snapshot, node);
  gsk_render_node_unref (node);
  gtk_snapshot_pop (snapshot);
}
