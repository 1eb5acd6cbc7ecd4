/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-map-view-private.h"

#include <math.h>

/* libadwaita's own text size; labels of the map are 9 pt beside it. */
#define USUAL_TEXT_PT 11.0

/* The parts that are kept as nodes of their own, from the bottom up. The pages, below them all and
 * with the lines where mappings meet, are strips. */
static const PscMapParts parts[PSC_MAP_N_NODES] = {
  PSC_MAP_HUGE, PSC_MAP_MARKS, PSC_MAP_SIDES, PSC_MAP_OVERVIEW, PSC_MAP_LABELS, PSC_MAP_LEGEND
};

static void
drop_key (PscMapNode *node)
{
  if (node->key != NULL)
    g_string_free (g_steal_pointer (&node->key), TRUE);
}

void
psc_map_view_drop_parts (PscMapView *self, PscMapParts dropped)
{
  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    if (parts[i] & dropped)
      {
        g_clear_pointer (&self->nodes[i].node, gsk_render_node_unref);
        drop_key (&self->nodes[i]);
        self->nodes[i].check = FALSE;
      }
  if (dropped & PSC_MAP_BODY && self->strips != NULL)
    psc_strips_clear (self->strips);
  if (dropped & PSC_MAP_BODY)
    g_clear_pointer (&self->strips_node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* So that moving the view leaves the strips as they are. */
PscView
psc_map_view_snap (PscMapView *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  PscView view = self->view;

  view.y = round (view.y * scale) / scale;
  return view;
}

static GString *
make_key (PscMapView *self, PscMapParts part)
{
  PscMap map = psc_map_view_get_map (self);

  map.view = psc_map_view_snap (self);
  return psc_map_part_key (&map, gtk_widget_get_width (GTK_WIDGET (self)),
                           gtk_widget_get_height (GTK_WIDGET (self)), part);
}

void
psc_map_view_check_parts (PscMapView *self, PscMapParts checked)
{
  if (self->layout == NULL)
    {
      psc_map_view_drop_parts (self, checked);
      return;
    }
  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    if (parts[i] & checked && self->nodes[i].node != NULL)
      {
        if (self->nodes[i].key == NULL)
          self->nodes[i].key = make_key (self, parts[i]);
        self->nodes[i].check = TRUE;
      }
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
    .body = self->body,
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
update_strips (PscMapView *self)
{
  PscMap map = psc_map_view_get_map (self);
  PscRasterJob job;

  if (self->sheet == NULL)
    self->sheet = psc_sheet_new (self->space, self->layout, self->lens, self->traits);
  if (self->strips == NULL)
    self->strips = psc_strips_new ((GDestroyNotify) gsk_render_node_unref);
  map.view = psc_map_view_snap (self);
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

/* Cairo copies a surface that is drawn into after somebody has recorded it, even when nobody has
 * the record any more. A pattern of our own only has a reference. */
static cairo_surface_t *
acquire_cb (cairo_pattern_t *pattern, void *surface, cairo_surface_t *target,
            const cairo_rectangle_int_t *extents)
{
  return cairo_surface_reference (surface);
}

static void
release_cb (cairo_pattern_t *pattern, void *data, cairo_surface_t *surface)
{
  cairo_surface_destroy (surface);
}

static cairo_status_t
copy_cb (cairo_pattern_t *pattern, void *surface, const cairo_pattern_t *other)
{
  cairo_surface_reference (surface);
  return CAIRO_STATUS_SUCCESS;
}

static void
finish_cb (cairo_pattern_t *pattern, void *surface)
{
  cairo_surface_destroy (surface);
}

static cairo_pattern_t *
make_pattern (cairo_surface_t *surface, double scale)
{
  cairo_pattern_t *pattern = cairo_pattern_create_raster_source (
      cairo_surface_reference (surface), CAIRO_CONTENT_COLOR,
      cairo_image_surface_get_width (surface), cairo_image_surface_get_height (surface));
  cairo_matrix_t matrix;

  cairo_matrix_init_scale (&matrix, scale, scale);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_raster_source_pattern_set_acquire (pattern, acquire_cb, release_cb);
  cairo_raster_source_pattern_set_copy (pattern, copy_cb);
  cairo_raster_source_pattern_set_finish (pattern, finish_cb);
  return pattern;
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
      cairo_pattern_t *pattern = make_pattern (strip->surface, scale);
      cairo_t *cr;

      node = gsk_cairo_node_new (&bounds);
      cr = gsk_cairo_node_get_draw_context (node);
      /* Nothing behind it shows through: cairo doesn't see that by itself, and would blend. */
      cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
      cairo_set_source (cr, pattern);
      cairo_paint (cr);
      cairo_destroy (cr);
      cairo_pattern_destroy (pattern);
    }
  else
    {
      cairo_surface_t *opaque = make_opaque (strip->surface);

      node = make_texture_node (opaque, &bounds);
      cairo_surface_destroy (opaque);
    }
  return node;
}

/* All of them in view, where they are. */
static GskRenderNode *
join_strips (PscMapView *self)
{
  graphene_rect_t clip = GRAPHENE_RECT_INIT ((float) self->body.x, (float) self->body.y,
                                             (float) self->body.width, (float) self->body.height);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  PscStrip **strips;
  guint n;

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
  return gtk_snapshot_free_to_node (snapshot);
}

/* TRUE when there are new ones, or others in view. */
static gboolean
snapshot_strips (PscMapView *self, GtkSnapshot *snapshot)
{
  PscView view = psc_map_view_snap (self);
  gboolean same = self->strips_node != NULL && self->strips_y == view.y;
  PscStrip **strips;
  guint n;

  update_strips (self);
  strips = psc_strips_get (self->strips, &n);
  for (guint i = 0; i < n; i++)
    same = same && strips[i]->data != NULL;
  if (!same)
    {
      g_clear_pointer (&self->strips_node, gsk_render_node_unref);
      self->strips_node = join_strips (self);
      self->strips_y = view.y;
    }
  gtk_snapshot_append_node (snapshot, self->strips_node);
  return !same;
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

  map.view = psc_map_view_snap (self);
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

/* A part of a drawing, in the pixels of the screen. */
static cairo_surface_t *
draw_patch (PscMapView *self, cairo_surface_t *drawing, const PscRect *rect)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, (int) rect->width * scale, (int) rect->height * scale);
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  cairo_set_source_surface (cr, drawing, -rect->x, -rect->y);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static GskRenderNode *
make_patch_node (PscMapView *self, cairo_surface_t *drawing, const PscRect *rect)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) rect->x, (float) rect->y,
                                               (float) rect->width, (float) rect->height);
  cairo_surface_t *surface = draw_patch (self, drawing, rect);
  GskRenderNode *node;

  if (is_drawn_by_cairo (self))
    {
      cairo_t *cr;

      node = gsk_cairo_node_new (&bounds);
      cr = gsk_cairo_node_get_draw_context (node);
      cairo_set_source_surface (cr, surface, rect->x, rect->y);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  else
    node = make_texture_node (surface, &bounds);
  cairo_surface_destroy (surface);
  return node;
}

/* What stands here and there on the body: GSK blends an image of all of a node, so there are nodes
 * only where something is. NULL: that is about everywhere. */
static GskRenderNode *
make_patches_node (PscMapView *self, PscMapParts part)
{
  g_autoptr (GPtrArray) nodes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);
  g_autoptr (GArray) rects = NULL;
  PscMap map = psc_map_view_get_map (self);
  cairo_surface_t *drawing = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (drawing);

  map.view = psc_map_view_snap (self);
  rects = psc_map_draw_patches (&map, cr, gtk_widget_get_width (GTK_WIDGET (self)),
                                gtk_widget_get_height (GTK_WIDGET (self)), part);
  cairo_destroy (cr);
  for (guint i = 0; rects != NULL && i < rects->len; i++)
    g_ptr_array_add (nodes, make_patch_node (self, drawing, &g_array_index (rects, PscRect, i)));
  cairo_surface_destroy (drawing);
  if (rects == NULL)
    return NULL;
  return gsk_container_node_new ((GskRenderNode **) nodes->pdata, nodes->len);
}

/* Most refreshes change none of what is said of the pages. */
static void
check_node (PscMapView *self, PscMapNode *node, PscMapParts part)
{
  GString *key;

  if (part == PSC_MAP_LEGEND)
    psc_map_lens_count_seen (self);
  key = make_key (self, part);
  node->check = FALSE;
  if (node->key == NULL || !g_string_equal (key, node->key))
    g_clear_pointer (&node->node, gsk_render_node_unref);
  drop_key (node);
  node->key = key;
}

static void
make_node (PscMapView *self, PscMapNode *node, PscMapParts part)
{
  if (part == PSC_MAP_LEGEND && node->key == NULL)
    psc_map_lens_count_seen (self);
  if (part == PSC_MAP_MARKS || part == PSC_MAP_HUGE)
    node->node = make_patches_node (self, part);
  if (node->node != NULL)
    return;
  node->node = make_part_node (self, part);
  if (!is_drawn_by_cairo (self))
    node->node = make_part_texture (self, node->node);
}

/* What has to be made is: the view has changed. What has to be checked is, but as soon as one thing
 * has changed the others are left for the next frames: GDK clears and sends a rectangle around all
 * that is drawn, which for a strip and the legend is most of the map. */
static void
update_parts (PscMapView *self, gboolean changed)
{
  gboolean moved = FALSE, later = FALSE;

  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    moved |= self->nodes[i].node == NULL;
  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    {
      PscMapNode *node = &self->nodes[i];

      if (node->node != NULL && node->check && (moved || !changed))
        check_node (self, node, parts[i]);
      later |= node->check;
      if (node->node != NULL)
        continue;
      make_node (self, node, parts[i]);
      changed = TRUE;
    }
  if (later)
    psc_map_view_draw_soon (self);
}

static gboolean
draw_soon_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  PSC_MAP_VIEW (widget)->draw_tick = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

void
psc_map_view_draw_soon (PscMapView *self)
{
  if (self->draw_tick == 0)
    self->draw_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), draw_soon_cb, NULL, NULL);
}

/* Around the body, which strips cover: no pixel is drawn twice. */
static void
snapshot_background (PscMapView *self, GtkSnapshot *snapshot, float width, float height)
{
  const PscRect *body = &self->body;
  float left = (float) body->x, right = (float) (body->x + body->width);
  float top = (float) body->y, bottom = (float) (body->y + body->height);
  const graphene_rect_t sides[] = {
    GRAPHENE_RECT_INIT (0, 0, width, top),
    GRAPHENE_RECT_INIT (0, top, left, bottom - top),
    GRAPHENE_RECT_INIT (right, top, MAX (width - right, 0), bottom - top),
    GRAPHENE_RECT_INIT (0, bottom, width, MAX (height - bottom, 0)),
  };
  GdkRGBA color = psc_map_rgba (psc_theme_colors (psc_map_view_get_theme (self))->background, 1);

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    gtk_snapshot_append_color (snapshot, &color, &sides[i]);
}

void
psc_map_view_draw (PscMapView *self, GtkSnapshot *snapshot)
{
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));

  if (self->layout == NULL || width <= 0 || height <= 0)
    return;
  snapshot_background (self, snapshot, width, height);
  update_parts (self, snapshot_strips (self, snapshot));
  for (guint i = 0; i < PSC_MAP_N_NODES; i++)
    gtk_snapshot_append_node (snapshot, self->nodes[i].node);
}
