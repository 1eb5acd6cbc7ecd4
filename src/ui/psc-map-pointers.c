/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What is pointed at: a frame around what is under the pointer, an outline of what is selected. As
 * nodes of a few thin pieces, so that another selection has little drawn anew; a tint would have
 * all of it, and the colours of pages not be what the legend says.
 *
 * GDK clears and sends a rectangle around all that a frame draws. So where something else is
 * selected, its outline comes first and the old one goes a frame later: each is small, however far
 * apart they are. For GSK to see that, they have two places in the tree and take turns.
 */

#include "psc-map-view-private.h"

#include <math.h>

#include "psc-outline.h"

#define LINE_PX        3.0
#define HALO_PX        2.0
#define LEAST_PX       8.0
#define FRAME_PX       2.0
#define FRAME_LEAST_PX 5.0

GdkRGBA
psc_map_rgba (PscColor color, double alpha)
{
  return (GdkRGBA){ (float) (color >> 16 & 0xff) / 255, (float) (color >> 8 & 0xff) / 255,
                    (float) (color & 0xff) / 255, (float) alpha };
}

static void
append_frame (GtkSnapshot *snapshot, const PscRect *rect, double grow, const GdkRGBA *color)
{
  const float line = (float) FRAME_PX;
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float) (rect->x - grow), (float) (rect->y - grow),
                          (float) (rect->width + 2 * grow), (float) (rect->height + 2 * grow));
  GskRoundedRect outline;
  const float widths[4] = { line, line, line, line };
  const GdkRGBA colors[4] = { *color, *color, *color, *color };

  gsk_rounded_rect_init_from_rect (&outline, &bounds, 2);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

/* A page or mark, however small it is drawn. */
static void
append_place (PscMapView *self, GtkSnapshot *snapshot, guint64 address)
{
  const PscThemeColors *colors = psc_theme_colors (psc_map_view_get_theme (self));
  GdkRGBA accent = psc_map_rgba (colors->accent, 1);
  GdkRGBA halo = psc_map_rgba (colors->background, 0.85);
  PscRect rect;
  double grow_x, grow_y;

  if (!psc_map_view_get_place_rect (self, address, &rect))
    return;
  grow_x = MAX (0, FRAME_LEAST_PX - rect.width) / 2;
  grow_y = MAX (0, FRAME_LEAST_PX - rect.height) / 2;
  rect = (PscRect){ rect.x - grow_x, rect.y - grow_y, rect.width + 2 * grow_x,
                    rect.height + 2 * grow_y };
  append_frame (snapshot, &rect, 2 * FRAME_PX, &halo);
  append_frame (snapshot, &rect, FRAME_PX, &accent);
}

static void
append_bars (PscMapView *self, GtkSnapshot *snapshot, guint64 start, guint64 end, double line,
             PscColor color)
{
  PscView view = psc_map_view_snap (self);
  g_autoptr (GArray) bars = psc_outline_new (&view, self->layout, start, end, line, LEAST_PX);
  GdkRGBA rgba = psc_map_rgba (color, 1);

  for (guint i = 0; i < bars->len; i++)
    {
      const PscRect *bar = &g_array_index (bars, PscRect, i);
      double left = round (self->body.x + bar->x), top = round (self->body.y + bar->y);
      double right = round (self->body.x + bar->x + bar->width);
      double bottom = round (self->body.y + bar->y + bar->height);

      /* Whole pixels: halves would overlap, and GSK gives up on more than thirty pieces. */
      gtk_snapshot_append_color (snapshot, &rgba,
                                 &GRAPHENE_RECT_INIT ((float) left, (float) top,
                                                      (float) (right - left),
                                                      (float) (bottom - top)));
    }
}

/* What is selected now, as it is to be pointed at. */
static PscMapPointed
get_pointed (PscMapView *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self);
  PscMapPointed pointed = { .page = PSC_MAP_NOWHERE };

  if (mapping == NULL)
    return pointed;
  /* What the inspector speaks of: what is under the pointer, else the selected page. */
  if (self->hover.type == PSC_PLACE_NOTHING)
    pointed.page = self->selected_page;
  if (self->level == PSC_MAP_LEVEL_PAGE ||
      psc_map_view_get_selected_run (self, &pointed.start, &pointed.end))
    return pointed;
  pointed.start = mapping->start;
  pointed.end = mapping->end;
  return pointed;
}

static gboolean
is_same (const PscMapPointed *a, const PscMapPointed *b)
{
  return a->start == b->start && a->end == b->end && a->page == b->page;
}

static gboolean
is_empty (const PscMapPointed *pointed)
{
  return pointed->start == pointed->end && pointed->page == PSC_MAP_NOWHERE;
}

/* Lets the old go, and the new come. */
static void
update_pointed (PscMapView *self)
{
  PscMapPointed *shown = &self->pointed[self->pointed_at];
  PscMapPointed wanted = get_pointed (self);

  self->pointed[!self->pointed_at] = (PscMapPointed){ .page = PSC_MAP_NOWHERE };
  if (is_same (shown, &wanted))
    return;
  if (!is_empty (shown) && !is_empty (&wanted))
    {
      self->pointed_at = !self->pointed_at;
      psc_map_view_draw_soon (self);
    }
  self->pointed[self->pointed_at] = wanted;
}

/* A node also where there is nothing, so that others keep their places. */
static void
append_clipped (PscMapView *self, GtkSnapshot *snapshot, GtkSnapshot *drawn)
{
  graphene_rect_t clip = GRAPHENE_RECT_INIT ((float) self->body.x, (float) self->body.y,
                                             (float) self->body.width, (float) self->body.height);
  GskRenderNode *child = gtk_snapshot_free_to_node (drawn);
  GskRenderNode *node;

  if (child == NULL)
    child = gsk_container_node_new (NULL, 0);
  node = gsk_clip_node_new (child, &clip);
  gtk_snapshot_append_node (snapshot, node);
  gsk_render_node_unref (node);
  gsk_render_node_unref (child);
}

static GtkSnapshot *
draw_pointed (PscMapView *self, const PscMapPointed *pointed)
{
  const PscThemeColors *colors = psc_theme_colors (psc_map_view_get_theme (self));
  GtkSnapshot *drawn = gtk_snapshot_new ();

  if (pointed->page != PSC_MAP_NOWHERE)
    append_place (self, drawn, pointed->page);
  if (pointed->start < pointed->end)
    {
      append_bars (self, drawn, pointed->start, pointed->end, LINE_PX + HALO_PX,
                   colors->background);
      append_bars (self, drawn, pointed->start, pointed->end, LINE_PX, colors->accent);
    }
  return drawn;
}

void
psc_map_pointers_draw (PscMapView *self, GtkSnapshot *snapshot)
{
  GtkSnapshot *hover;

  if (self->layout == NULL || self->body.width <= 0)
    return;
  update_pointed (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->pointed); i++)
    append_clipped (self, snapshot, draw_pointed (self, &self->pointed[i]));
  hover = gtk_snapshot_new ();
  if (self->hover.type != PSC_PLACE_NOTHING)
    append_place (self, hover, self->hover.start);
  append_clipped (self, snapshot, hover);
}
