/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>
#include <string.h>

/* It fades in few steps: each is a frame of all that lies around what glows. */
#define STEP_MSEC 375

static const double alphas[] = { 0.8, 0.55, 0.3, 0.12 };

/* What it was drawn for. */
typedef struct
{
  PscView view;
  PscRect body;
  PscLayout *layout; /* a reference */
  PscTheme theme;
  guint step;
} Look;

struct _PscMapGlow
{
  GArray *ranges; /* PscRange, sorted, not overlapping */
  guint step, timer;
  Look look;
  GskRenderNode *node; /* as `look` has it; NULL: to be made, or nothing in view */
};

static void
drop_node (PscMapGlow *glow)
{
  g_clear_pointer (&glow->node, gsk_render_node_unref);
  g_clear_pointer (&glow->look.layout, psc_layout_unref);
}

void
psc_map_glow_free (PscMapGlow *glow)
{
  if (glow == NULL)
    return;
  g_clear_handle_id (&glow->timer, g_source_remove);
  drop_node (glow);
  g_array_unref (glow->ranges);
  g_free (glow);
}

static gboolean
step_cb (gpointer user_data)
{
  PscMapView *self = user_data;
  PscMapGlow *glow = self->glow;

  if (glow->node != NULL)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  if (++glow->step < G_N_ELEMENTS (alphas))
    return G_SOURCE_CONTINUE;
  glow->timer = 0;
  g_clear_pointer (&self->glow, psc_map_glow_free);
  return G_SOURCE_REMOVE;
}

void
psc_map_view_glow (PscMapView *self, const PscRange *ranges, guint n)
{
  gboolean was_seen = self->glow != NULL && self->glow->node != NULL;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  g_clear_pointer (&self->glow, psc_map_glow_free);
  if (was_seen)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  if (n == 0 || !adw_get_enable_animations (GTK_WIDGET (self)))
    return;
  self->glow = g_new0 (PscMapGlow, 1);
  self->glow->ranges = g_array_new (FALSE, FALSE, sizeof (PscRange));
  g_array_append_vals (self->glow->ranges, ranges, n);
  self->glow->timer = g_timeout_add (STEP_MSEC, step_cb, self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
psc_map_view_is_glowing (PscMapView *self)
{
  return self->glow != NULL;
}

static gboolean
looks_so (PscMapView *self, const PscView *view)
{
  const Look *look = &self->glow->look;

  return look->layout == self->layout && look->step == self->glow->step &&
         look->theme == psc_map_view_get_theme (self) &&
         memcmp (&look->view, view, sizeof *view) == 0 &&
         memcmp (&look->body, &self->body, sizeof self->body) == 0;
}

static GskRenderNode *
make_node (PscMapView *self, const PscView *view)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  PscMap map = psc_map_view_get_map (self);
  graphene_rect_t bounds;
  GskRenderNode *node;
  PscRect rect;
  cairo_t *cr;

  map.view = *view;
  map.hits = (const PscRange *) (gpointer) self->glow->ranges->data;
  map.n_hits = self->glow->ranges->len;
  rect = psc_map_draw_glow (&map, NULL, width, height, 0);
  if (rect.width <= 0)
    return NULL;
  /* At another scale the same pages take other pixels: one more on each side is enough. */
  bounds = GRAPHENE_RECT_INIT ((float) floor (rect.x) - 1, (float) floor (rect.y) - 1,
                               (float) ceil (rect.width) + 3, (float) ceil (rect.height) + 3);
  node = gsk_cairo_node_new (&bounds);
  cr = gsk_cairo_node_get_draw_context (node);
  psc_map_draw_glow (&map, cr, width, height, alphas[self->glow->step]);
  cairo_destroy (cr);
  return node;
}

void
psc_map_glow_snapshot (PscMapView *self, GtkSnapshot *snapshot)
{
  PscMapGlow *glow = self->glow;
  PscView view;

  if (glow == NULL || self->layout == NULL)
    return;
  view = psc_map_view_snap (self);
  if (!looks_so (self, &view))
    {
      drop_node (glow);
      glow->look = (Look){ .view = view,
                           .body = self->body,
                           .layout = psc_layout_ref (self->layout),
                           .theme = psc_map_view_get_theme (self),
                           .step = glow->step };
      glow->node = make_node (self, &view);
    }
  if (glow->node != NULL)
    gtk_snapshot_append_node (snapshot, glow->node);
}
