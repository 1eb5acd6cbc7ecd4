/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* libadwaita's own text size; labels of the map are 9 pt beside it. */
#define USUAL_TEXT_PT  11.0
#define HOVER_LINE_PX  2.0
#define HOVER_LEAST_PX 5.0

void
psc_map_view_drop_node (PscMapView *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
psc_map_view_drop_raster (PscMapView *self)
{
  g_clear_pointer (&self->raster, cairo_surface_destroy);
  psc_map_view_drop_node (self);
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

static void
ensure_raster (PscMapView *self)
{
  PscRasterJob job = {
    .space = self->space,
    .layout = self->layout,
    .view = self->view,
    .lens = self->lens,
    .theme = psc_map_view_get_theme (self),
    .scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)),
    .traits = self->traits,
    .only = self->only,
    .patterns = self->patterns,
  };

  if (self->raster == NULL)
    self->raster = psc_raster_new_surface (&job);
}

static void
draw_map (PscMapView *self, cairo_t *cr, double width, double height)
{
  PscMap map = psc_map_view_get_map (self);

  ensure_raster (self);
  psc_map_draw (&map, cr, width, height, self->raster);
}

static GskRenderNode *
make_cairo_node (PscMapView *self, const graphene_rect_t *bounds)
{
  GskRenderNode *node = gsk_cairo_node_new (bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  draw_map (self, cr, bounds->size.width, bounds->size.height);
  cairo_destroy (cr);
  return node;
}

static GskRenderNode *
make_texture_node (PscMapView *self, const graphene_rect_t *bounds)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = (int) ceil (bounds->size.width * scale);
  int height = (int) ceil (bounds->size.height * scale);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  draw_map (self, cr, bounds->size.width, bounds->size.height);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes =
      g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                  (gsize) cairo_image_surface_get_stride (surface) * (gsize) height,
                                  (GDestroyNotify) cairo_surface_destroy, surface);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes,
                                    (gsize) cairo_image_surface_get_stride (surface));
  return gsk_texture_node_new (texture, bounds);
}

/* The cairo renderer draws a cairo node's damaged part alone but fetches a texture whole each
 * frame; the others upload a texture once but draw a cairo node whole each frame. */
static GskRenderNode *
make_node (PscMapView *self, double width, double height)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  if (renderer == NULL || g_str_equal (G_OBJECT_TYPE_NAME (renderer), "GskCairoRenderer"))
    return make_cairo_node (self, &bounds);
  return make_texture_node (self, &bounds);
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
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->layout == NULL || width <= 0 || height <= 0)
    return;
  if (self->node == NULL)
    self->node = make_node (self, width, height);
  gtk_snapshot_append_node (snapshot, self->node);
  snapshot_hover (self, snapshot);
}
