/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* libadwaita's own text size; labels of the map are 9 pt beside it. */
#define USUAL_TEXT_PT  11.0
#define HOVER_LINE_PX  2.0
#define HOVER_LEAST_PX 5.0

/* The parts that are kept as nodes of their own, from the bottom up. The pages, below them all, are
 * strips. */
static const PscMapParts parts[PSC_MAP_N_NODES] = { PSC_MAP_MARKS, PSC_MAP_SIDES, PSC_MAP_LABELS,
                                                    PSC_MAP_LEGEND, PSC_MAP_POINTERS };

void
psc_map_view_drop_parts (PscMapView *self, PscMapParts dropped)
{
  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    if (parts[i] & dropped)
      g_clear_pointer (&self->nodes[i], gsk_render_node_unref);
  if (dropped & PSC_MAP_BODY && self->strips != NULL)
    psc_strips_clear (self->strips);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
psc_map_view_drop_sheet (PscMapView *self)
{
  g_clear_pointer (&self->sheet, psc_sheet_unref);
  psc_map_view_drop_parts (self, PSC_MAP_EVERYTHING);
}

static double
get_text_scale (PscMapView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double dpi = pango_cairo_context_get_resolution (context);

  if (dpi <= 0)
    dpi = 96;
  if (pango_font_description_get_size_is_absolute (font))
    return size * 72 / 96 / USUAL_TEXT_PT;
  return size / USUAL_TEXT_PT * dpi / 96;
}

PscMap
psc_map_view_get_map (PscMapView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PscMap map = {
    .space = self->space,
    .layout = self->layout,
    .view = self->view,
    .lens = self->lens,
    .theme = psc_map_view_get_theme (self),
    .text_scale = get_text_scale (self),
    .hover = PSC_MAP_NOWHERE,
    .labels = self->labels,
  };

  map.font = pango_font_description_get_family (pango_context_get_font_description (context));
  if (self->has_selection)
    {
      map.selection_start = self->selection_start;
      map.selection_end = self->selection_end;
    }
  psc_map_lens_fill (self, &map);
  return map;
}

/* The view on whole device pixels, so that moving it leaves the strips as they are. */
static PscView
snap_view (PscMapView *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  PscView view = self->view;

  view.y = round (view.y * scale) / scale;
  return view;
}

static void
update_strips (PscMapView *self)
{
  PscMap map = psc_map_view_get_map (self);
  PscRasterJob job;

  if (self->sheet == NULL)
    self->sheet = psc_sheet_new (self->space, self->layout, self->lens, self->traits);
  if (self->strips == NULL)
    self->strips = psc_strips_new ((GDestroyNotify) gsk_render_node_unref);
  map.view = snap_view (self);
  map.sheet = self->sheet;
  job = psc_map_get_raster_job (&map, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  psc_strips_update (self->strips, &job);
}

/* The cairo renderer draws a cairo node's damaged part alone but fetches a texture whole each
 * frame; the others upload a texture once but draw a cairo node whole each frame. */
static gboolean
is_drawn_by_cairo (PscMapView *self)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));

  return renderer == NULL || g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer");
}

static GskRenderNode *
make_texture_node (cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (
      cairo_image_surface_get_data (surface), stride * (gsize) height,
      (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (surface));
  g_autoptr (GdkTexture) texture =
      gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);

  return gsk_texture_node_new (texture, bounds);
}

/* Textures have no pixels without alpha that the renderers take as they are. */
static cairo_surface_t *
make_opaque (cairo_surface_t *surface)
{
  int height = cairo_image_surface_get_height (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  cairo_surface_t *opaque = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, cairo_image_surface_get_width (surface), height);
  const guint32 *from = (const guint32 *) (void *) cairo_image_surface_get_data (surface);
  guint32 *to = (guint32 *) (void *) cairo_image_surface_get_data (opaque);

  for (gsize i = 0; i < stride / sizeof *to * (gsize) height; i++)
    to[i] = from[i] | 0xff000000;
  cairo_surface_mark_dirty (opaque);
  return opaque;
}

static GskRenderNode *
make_strip_node (PscMapView *self, PscStrip *strip)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = cairo_image_surface_get_width (strip->surface);
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (0, 0, (float) (width / scale), (float) (PSC_STRIPS_HEIGHT / scale));
  GskRenderNode *node;

  if (is_drawn_by_cairo (self))
    {
      cairo_t *cr;

      node = gsk_cairo_node_new (&bounds);
      cr = gsk_cairo_node_get_draw_context (node);
      cairo_set_source_surface (cr, strip->surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  else
    {
      cairo_surface_t *opaque = make_opaque (strip->surface);

      node = make_texture_node (opaque, &bounds);
      cairo_surface_destroy (opaque);
    }
  return node;
}

static void
snapshot_strips (PscMapView *self, GtkSnapshot *snapshot)
{
  graphene_rect_t clip = GRAPHENE_RECT_INIT ((float) self->body.x, (float) self->body.y,
                                             (float) self->body.width, (float) self->body.height);
  PscStrip **strips;
  guint n;

  update_strips (self);
  strips = psc_strips_get (self->strips, &n);
  gtk_snapshot_push_clip (snapshot, &clip);
  for (guint i = 0; i < n; i++)
    {
      double y = self->body.y + psc_strips_get_y (self->strips, strips[i]);

      if (strips[i]->data == NULL)
        strips[i]->data = make_strip_node (self, strips[i]);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) self->body.x, (float) y));
      gtk_snapshot_append_node (snapshot, strips[i]->data);
      gtk_snapshot_restore (snapshot);
    }
  gtk_snapshot_pop (snapshot);
}

/* A part that has nothing to draw still is a node, so that the others keep their places. */
static GskRenderNode *
make_part_node (PscMapView *self, PscMapParts part)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  PscMap map = psc_map_view_get_map (self);
  PscRect rect = psc_map_part_bounds (&map, width, height, part);
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float) rect.x, (float) rect.y, (float) rect.width, (float) rect.height);
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  if (part == PSC_MAP_LEGEND)
    psc_map_lens_count_seen (self);
  map.view = snap_view (self);
  psc_map_draw_parts (&map, cr, width, height, NULL, part);
  cairo_destroy (cr);
  return node;
}

/* Where cairo nodes are dear, the part is drawn once and kept as a texture. */
static GskRenderNode *
make_part_texture (PscMapView *self, GskRenderNode *drawn)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  graphene_rect_t bounds;
  cairo_surface_t *surface;
  GskRenderNode *node;
  cairo_t *cr;

  gsk_render_node_get_bounds (drawn, &bounds);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                        MAX ((int) ceil (bounds.size.width * scale), 1),
                                        MAX ((int) ceil (bounds.size.height * scale), 1));
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -bounds.origin.x, -bounds.origin.y);
  gsk_render_node_draw (drawn, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  node = make_texture_node (surface, &bounds);
  cairo_surface_destroy (surface);
  gsk_render_node_unref (drawn);
  return node;
}

static void
snapshot_parts (PscMapView *self, GtkSnapshot *snapshot)
{
  gboolean by_cairo = is_drawn_by_cairo (self);

  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    {
      if (self->nodes[i] == NULL)
        self->nodes[i] = make_part_node (self, parts[i]);
      if (!by_cairo && gsk_render_node_get_node_type (self->nodes[i]) == GSK_CAIRO_NODE)
        self->nodes[i] = make_part_texture (self, self->nodes[i]);
      gtk_snapshot_append_node (snapshot, self->nodes[i]);
    }
}

static void
set_rgba (GdkRGBA *rgba, PscColor color, float alpha)
{
  rgba->red = (float) (color >> 16 & 0xff) / 255;
  rgba->green = (float) (color >> 8 & 0xff) / 255;
  rgba->blue = (float) (color & 0xff) / 255;
  rgba->alpha = alpha;
}

static void
append_frame (GtkSnapshot *snapshot, const PscRect *rect, double grow, float line,
              const GdkRGBA *color)
{
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
snapshot_place (PscMapView *self, GtkSnapshot *snapshot, guint64 address)
{
  const PscThemeColors *colors = psc_theme_colors (psc_map_view_get_theme (self));
  graphene_rect_t clip = GRAPHENE_RECT_INIT ((float) self->body.x, (float) self->body.y,
                                             (float) self->body.width, (float) self->body.height);
  GdkRGBA accent, halo;
  PscRect rect;
  double grow_x, grow_y;

  if (!psc_map_view_get_place_rect (self, address, &rect))
    return;
  grow_x = MAX (0, HOVER_LEAST_PX - rect.width) / 2;
  grow_y = MAX (0, HOVER_LEAST_PX - rect.height) / 2;
  rect = (PscRect){ rect.x - grow_x, rect.y - grow_y, rect.width + 2 * grow_x,
                    rect.height + 2 * grow_y };
  set_rgba (&accent, colors->accent, 1);
  set_rgba (&halo, colors->background, 0.85f);
  gtk_snapshot_push_clip (snapshot, &clip);
  append_frame (snapshot, &rect, 2 * HOVER_LINE_PX, HOVER_LINE_PX, &halo);
  append_frame (snapshot, &rect, HOVER_LINE_PX, HOVER_LINE_PX, &accent);
  gtk_snapshot_pop (snapshot);
}

/* What the inspector speaks of: what is under the pointer, else the selected page. Apart from the
 * map's node, so that moving the pointer repaints a few pixels and not the map. */
static void
snapshot_hover (PscMapView *self, GtkSnapshot *snapshot)
{
  if (self->hover.type != PSC_PLACE_NOTHING)
    snapshot_place (self, snapshot, self->hover.start);
  else if (psc_map_view_get_selected (self) != NULL)
    snapshot_place (self, snapshot, self->selected_page);
}

void
psc_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PscMapView *self = PSC_MAP_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GdkRGBA background;

  if (self->layout == NULL || width <= 0 || height <= 0)
    return;
  set_rgba (&background, psc_theme_colors (psc_map_view_get_theme (self))->background, 1);
  gtk_snapshot_append_color (snapshot, &background, &GRAPHENE_RECT_INIT (0, 0, width, height));
  snapshot_strips (self, snapshot);
  snapshot_parts (self, snapshot);
  snapshot_hover (self, snapshot);
}
