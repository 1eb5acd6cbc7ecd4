/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <string.h>

/* What the hits were drawn for: anything else is another picture. */
typedef struct
{
  PscView view;
  PscRect body;
  PscLayout *layout; /* a reference, so that no other takes its address */
  int theme, width, height;
  guint serial; /* of the hits */
} Look;

struct _PscMapHits
{
  GArray *ranges; /* PscRange, sorted, not overlapping */
  PscRange hit;
  guint serial;
  Look look;
  GskRenderNode *node; /* as `look` has it; NULL: to be made */
};

void
psc_map_hits_free (PscMapHits *hits)
{
  if (hits == NULL)
    return;
  g_array_unref (hits->ranges);
  g_clear_pointer (&hits->node, gsk_render_node_unref);
  g_clear_pointer (&hits->look.layout, psc_layout_unref);
  g_free (hits);
}

static PscMapHits *
get_hits (PscMapView *self)
{
  if (self->hits == NULL)
    {
      self->hits = g_new0 (PscMapHits, 1);
      self->hits->ranges = g_array_new (FALSE, FALSE, sizeof (PscRange));
    }
  return self->hits;
}

static void
hits_changed (PscMapView *self)
{
  self->hits->serial++;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
psc_map_view_set_hits (PscMapView *self, const PscRange *ranges, guint n)
{
  GArray *array;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  array = get_hits (self)->ranges;
  g_array_set_size (array, 0);
  for (guint i = 0; i < n; i++)
    {
      PscRange *last = array->len > 0 ? &g_array_index (array, PscRange, array->len - 1) : NULL;

      /* One inside of the other is drawn as one. */
      if (last != NULL && ranges[i].start < last->end)
        last->end = MAX (last->end, ranges[i].end);
      else
        g_array_append_val (array, ranges[i]);
    }
  hits_changed (self);
}

void
psc_map_view_set_hit (PscMapView *self, guint64 start, guint64 end)
{
  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  get_hits (self)->hit = (PscRange){ start, end };
  hits_changed (self);
}

void
psc_map_view_seek (PscMapView *self, guint64 start, guint64 end)
{
  PscView from, to;

  g_return_if_fail (PSC_IS_MAP_VIEW (self));

  if (!psc_map_view_can_move (self) || start >= end)
    return;
  /* Asked for the next while still on the way to one: on from there. */
  from = to = *psc_map_view_get_goal (self);
  psc_view_seek (&to, self->layout, start, end);
  if (memcmp (&to, &from, sizeof to) != 0)
    psc_map_view_jump_on (self, &to);
}

static Look
get_look (PscMapView *self, double width, double height)
{
  Look look;

  /* It is compared as bytes. */
  memset (&look, 0, sizeof look);
  look.view = self->view;
  look.body = self->body;
  look.layout = self->layout;
  look.theme = (int) psc_map_view_get_theme (self);
  look.width = (int) width;
  look.height = (int) height;
  look.serial = self->hits->serial;
  return look;
}

static GskRenderNode *
make_node (PscMapView *self, double width, double height)
{
  PscMap map = psc_map_view_get_map (self);
  GskRenderNode *node =
      gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  map.hits = (const PscRange *) (gpointer) self->hits->ranges->data;
  map.n_hits = self->hits->ranges->len;
  map.hit = self->hits->hit;
  psc_map_draw_hits (&map, cr, width, height);
  cairo_destroy (cr);
  return node;
}

/* Apart from the map's own node, so that typing repaints no pages. */
void
psc_map_hits_snapshot (PscMapView *self, GtkSnapshot *snapshot)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  PscMapHits *hits = self->hits;
  Look look;

  if (hits == NULL || self->layout == NULL || width <= 0 || height <= 0 ||
      (hits->ranges->len == 0 && hits->hit.start >= hits->hit.end))
    return;
  look = get_look (self, width, height);
  if (memcmp (&look, &hits->look, sizeof look) != 0)
    {
      g_clear_pointer (&hits->node, gsk_render_node_unref);
      g_clear_pointer (&hits->look.layout, psc_layout_unref);
      hits->look = look;
      psc_layout_ref (look.layout);
    }
  if (hits->node == NULL)
    hits->node = make_node (self, width, height);
  gtk_snapshot_append_node (snapshot, hits->node);
}
