/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was found: outlines on the body, and ticks beside the rows for those too small to be seen.
 * Hits are first set down as pixels, so that any number of them under one pixel cost what it costs,
 * and the pixels around those are painted: an outline never lies on what was found, which is there
 * to be looked at, and neighbours share one. */

#include "psc-canvas.h"

#include <math.h>
#include <string.h>

/* px, around what was found */
#define LINE_PX    1.5
#define CURRENT_PX 3.0
#define HALO_PX    1.5
#define HALO_ALPHA 0.85
#define OUTSIDE_PX 2.0 /* of an outline, beside the body */
#define TICK_PX    4.0 /* across */
#define TICK_LEAST 2.0 /* down */
/* Wider ones leave a pixel to their neighbour. */
#define APART_FROM 6
/* Vector files are looked at from close by. */
#define VECTOR_SCALE 2.0

#define HIT 0xff

typedef struct
{
  const PscCanvas *canvas;
  double page_width;
  double scale;       /* pixels per px */
  int width, height;  /* of the body, pixels */
  int margin;         /* around it, pixels */
  gsize stride;       /* of `pixels`, with margins */
  guint8 *pixels;     /* HIT or 0, with margins */
  int x0, y0, x1, y1; /* all that is hit lies in there; x1 0: nothing */
} Marker;

static guint8 *
line_of (const Marker *marker, guint8 *pixels, int y)
{
  return pixels + (gsize) (y + marker->margin) * marker->stride + marker->margin;
}

/* A rectangle of the body, px; cut to it, and as large as a pixel at least. */
static void
mark (Marker *marker, double left, double top, double right, double bottom)
{
  int x0 = (int) CLAMP (floor (left * marker->scale + 0.01), 0, marker->width);
  int y0 = (int) CLAMP (floor (top * marker->scale + 0.01), 0, marker->height);
  int x1 = (int) CLAMP (ceil (right * marker->scale - 0.01), 0, marker->width);
  int y1 = (int) CLAMP (ceil (bottom * marker->scale - 0.01), 0, marker->height);

  if (y1 <= y0 || x1 <= x0)
    return;
  if (x1 - x0 >= APART_FROM && x1 < marker->width)
    x1--;
  for (int y = y0; y < y1; y++)
    memset (line_of (marker, marker->pixels, y) + x0, HIT, (gsize) (x1 - x0));
  marker->x0 = MIN (marker->x0, x0);
  marker->y0 = MIN (marker->y0, y0);
  marker->x1 = MAX (marker->x1, x1);
  marker->y1 = MAX (marker->y1, y1);
}

/* --- from addresses to places -------------------------------------------------------------- */

/* As a selection is drawn: the end of its first row, whole rows, the beginning of its last. */
static void
mark_in_block (Marker *marker, const PscBand *band, double top, guint64 start, guint64 end)
{
  const PscMap *map = marker->canvas->map;
  const PscLayout *layout = map->layout;
  guint64 base = band->start / layout->row_size;
  double first = (double) (start / layout->row_size - base);
  double last = (double) ((end - 1) / layout->row_size - base);
  double left = (double) (start % layout->row_size / layout->page_size);
  double right = (double) ((end - 1) % layout->row_size / layout->page_size + 1);
  double row = map->view.row_height;
  double full = layout->row_pages * marker->page_width - map->view.x;

  if (!layout->low_at_top)
    {
      first = band->n_rows - 1 - first;
      last = band->n_rows - 1 - last;
    }
  left = left * marker->page_width - map->view.x;
  right = right * marker->page_width - map->view.x;
  if (first == last)
    mark (marker, left, top + first * row, right, top + (first + 1) * row);
  else
    {
      mark (marker, left, top + first * row, full, top + (first + 1) * row);
      mark (marker, -map->view.x, top + (MIN (first, last) + 1) * row, full,
            top + MAX (first, last) * row);
      mark (marker, -map->view.x, top + last * row, right, top + (last + 1) * row);
    }
}

static void
mark_in_item (Marker *marker, const PscItem *item, double top, guint64 start, guint64 end)
{
  const PscMap *map = marker->canvas->map;
  double left = item->x;
  double right = item->x + item->width;

  if (item->type == PSC_ITEM_GAP)
    return;
  if (item->type == PSC_ITEM_WORD && start > item->start)
    left += (double) ((start - item->start) / map->layout->page_size);
  if (item->type == PSC_ITEM_WORD && end < item->end)
    right -= (double) ((item->end - end) / map->layout->page_size);
  mark (marker, left * marker->page_width - map->view.x, top,
        right * marker->page_width - map->view.x, top + map->view.row_height);
}

/* The index of the first hit that ends above the address. */
static guint
first_hit_above (const PscMap *map, guint64 address)
{
  guint low = 0;
  guint high = map->n_hits;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (map->hits[middle].end > address)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* Both are sorted. */
static void
mark_in_line (Marker *marker, const PscBand *band, double top, guint hit)
{
  const PscMap *map = marker->canvas->map;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];

      while (hit < map->n_hits && map->hits[hit].end <= item->start)
        hit++;
      for (guint j = hit; j < map->n_hits && map->hits[j].start < item->end; j++)
        mark_in_item (marker, item, top, map->hits[j].start, map->hits[j].end);
    }
}

static void
mark_band (Marker *marker, const PscBand *band)
{
  const PscMap *map = marker->canvas->map;
  guint hit = first_hit_above (map, band->start);
  double top = psc_view_band_top (&map->view, map->layout, band);

  if (band->type == PSC_BAND_LINE)
    mark_in_line (marker, band, top, hit);
  if (band->type != PSC_BAND_BLOCK)
    return;
  for (; hit < map->n_hits && map->hits[hit].start < band->end; hit++)
    mark_in_block (marker, band, top, MAX (map->hits[hit].start, band->start),
                   MIN (map->hits[hit].end, band->end));
}

static void
mark_all (Marker *marker)
{
  const PscMap *map = marker->canvas->map;
  guint first, last;

  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    mark_band (marker, &map->layout->bands[i]);
}

/* --- drawing ------------------------------------------------------------------------------- */

/* Every pixel that has a hit within `reach` pixels, of what lies in the bounds and so near. */
static guint8 *
spread (const Marker *marker, int reach)
{
  gsize size = marker->stride * (gsize) (marker->height + 2 * marker->margin);
  guint8 *across = g_malloc0 (size);
  guint8 *result = g_malloc0 (size);
  int x0 = marker->x0 - reach;
  int x1 = marker->x1 + reach;

  for (int y = marker->y0; y < marker->y1; y++)
    for (int by = -reach; by <= reach; by++)
      {
        guint8 *to = line_of (marker, across, y);
        const guint8 *from = line_of (marker, marker->pixels, y) + by;

        for (int x = x0; x < x1; x++)
          to[x] |= from[x];
      }
  for (int y = marker->y0 - reach; y < marker->y1 + reach; y++)
    for (int by = MAX (-reach, marker->y0 - y); by <= MIN (reach, marker->y1 - 1 - y); by++)
      {
        guint8 *to = line_of (marker, result, y);
        const guint8 *from = line_of (marker, across, y + by);

        for (int x = x0; x < x1; x++)
          to[x] |= from[x];
      }
  g_free (across);
  return result;
}

static guint32
premultiply (PscColor color, double alpha)
{
  guint32 a = (guint32) (alpha * 255 + 0.5);
  guint32 red = ((color >> 16 & 0xff) * a + 127) / 255;
  guint32 green = ((color >> 8 & 0xff) * a + 127) / 255;
  guint32 blue = ((color & 0xff) * a + 127) / 255;

  return a << 24 | red << 16 | green << 8 | blue;
}

/* Line, halo and nothing, from (x0, y0) of the body on. */
static cairo_surface_t *
paint (const Marker *marker, PscColor color, int line, int halo)
{
  int reach = line + halo;
  int x0 = marker->x0 - reach;
  int y0 = marker->y0 - reach;
  int width = marker->x1 + reach - x0;
  int height = marker->y1 + reach - y0;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *data = cairo_image_surface_get_data (surface);
  g_autofree guint8 *near = spread (marker, line);
  g_autofree guint8 *far = spread (marker, reach);
  const guint32 colors[3] = { 0, premultiply (marker->canvas->colors->background, HALO_ALPHA),
                              premultiply (color, 1) };

  for (int y = 0; y < height && data != NULL; y++)
    {
      guint32 *to =
          (guint32 *) (gpointer) (data +
                                  (gsize) y * (gsize) cairo_image_surface_get_stride (surface));
      const guint8 *hit = line_of (marker, marker->pixels, y0 + y) + x0;
      const guint8 *in_line = line_of (marker, near, y0 + y) + x0;
      const guint8 *in_halo = line_of (marker, far, y0 + y) + x0;

      for (int x = 0; x < width; x++)
        to[x] = colors[hit[x] ? 0 : in_line[x] ? 2 : in_halo[x] ? 1 : 0];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
draw_marks (const Marker *marker, PscColor color, double line_px)
{
  const PscRect *body = &marker->canvas->body;
  cairo_t *cr = marker->canvas->cr;
  int line = (int) round (line_px * marker->scale);
  int halo = (int) round (HALO_PX * marker->scale);
  cairo_surface_t *surface = paint (marker, color, line, halo);

  cairo_save (cr);
  cairo_rectangle (cr, body->x - OUTSIDE_PX, body->y, body->width + 2 * OUTSIDE_PX, body->height);
  cairo_clip (cr);
  cairo_translate (cr, body->x, body->y);
  cairo_scale (cr, 1 / marker->scale, 1 / marker->scale);
  cairo_set_source_surface (cr, surface, marker->x0 - line - halo, marker->y0 - line - halo);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

/* Beside the rows, in the room that is left free for them. */
static void
draw_ticks (const Marker *marker, PscColor color)
{
  const PscCanvas *canvas = marker->canvas;
  double x = canvas->body.x + canvas->body.width + 1;
  gsize n = (gsize) (marker->x1 - marker->x0);
  int start = -1;

  for (int y = marker->y0; y <= marker->y1; y++)
    {
      gboolean set = y < marker->y1 &&
                     memchr (line_of (marker, marker->pixels, y) + marker->x0, HIT, n) != NULL;

      if (set && start < 0)
        start = y;
      if (set || start < 0)
        continue;
      cairo_rectangle (canvas->cr, x, canvas->body.y + start / marker->scale, TICK_PX,
                       MAX ((y - start) / marker->scale, TICK_LEAST));
      start = -1;
    }
  psc_canvas_set_color (canvas, color, 1);
  cairo_fill (canvas->cr);
}

static double
scale_of (cairo_t *cr)
{
  cairo_surface_t *target = cairo_get_target (cr);
  double scale_x, scale_y;

  cairo_surface_get_device_scale (target, &scale_x, &scale_y);
  if (cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_SVG ||
      cairo_surface_get_type (target) == CAIRO_SURFACE_TYPE_PDF)
    scale_x = VECTOR_SCALE;
  return MAX (scale_x, 1);
}

/* Marks all that is hit; pixels are to be freed. */
static void
marker_init (Marker *marker, const PscCanvas *canvas, double scale)
{
  *marker = (Marker){ .canvas = canvas, .scale = scale };
  marker->page_width = psc_view_page_width (&canvas->map->view, canvas->map->layout);
  marker->width = (int) ceil (canvas->body.width * scale);
  marker->height = (int) ceil (canvas->body.height * scale);
  /* An outline looks for hits so far beyond its own reach. */
  marker->margin = 2 * (int) ceil ((CURRENT_PX + HALO_PX) * scale + 1);
  marker->stride = (gsize) (marker->width + 2 * marker->margin);
  marker->pixels = g_malloc0 (marker->stride * (gsize) (marker->height + 2 * marker->margin));
  marker->x0 = marker->width;
  marker->y0 = marker->height;
  mark_all (marker);
}

static void
draw (const PscCanvas *canvas, const PscMap *map, PscColor color, double line_px)
{
  PscCanvas of_map = *canvas;
  Marker marker;

  of_map.map = map;
  marker_init (&marker, &of_map, scale_of (canvas->cr));
  if (marker.x1 > 0)
    {
      draw_marks (&marker, color, line_px);
      draw_ticks (&marker, color);
    }
  g_free (marker.pixels);
}

/* --- glow ---------------------------------------------------------------------------------- */

/* Warmer and brighter than anything that pages are drawn in. */
static PscColor
glow_color (PscTheme theme)
{
  return psc_theme_is_dark (theme) ? 0xfff3b8 : 0xffd21a;
}

static void
draw_light (const Marker *marker, double alpha)
{
  const PscCanvas *canvas = marker->canvas;
  int width = marker->x1 - marker->x0, height = marker->y1 - marker->y0;
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A8, width, height);
  guint8 *data = cairo_image_surface_get_data (mask);
  int stride = cairo_image_surface_get_stride (mask);

  for (int y = 0; data != NULL && y < height; y++)
    memcpy (data + (gsize) y * (gsize) stride,
            line_of (marker, marker->pixels, marker->y0 + y) + marker->x0, (gsize) width);
  cairo_surface_mark_dirty (mask);
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, canvas->body.x, canvas->body.y);
  cairo_scale (canvas->cr, 1 / marker->scale, 1 / marker->scale);
  psc_canvas_set_color (canvas, glow_color (canvas->map->theme), alpha);
  cairo_mask_surface (canvas->cr, mask, marker->x0, marker->y0);
  cairo_restore (canvas->cr);
  cairo_surface_destroy (mask);
}

PscRect
psc_map_draw_glow (const PscMap *map, cairo_t *cr, double width, double height, double alpha)
{
  PscCanvas canvas;
  Marker marker;
  PscRect bounds = { 0 };

  psc_canvas_init (&canvas, map, cr);
  canvas.body = map->body.width > 0 ? map->body : psc_map_body (map, width, height);
  marker_init (&marker, &canvas, cr != NULL ? scale_of (cr) : 1);
  if (marker.x1 > 0)
    {
      bounds.x = canvas.body.x + marker.x0 / marker.scale;
      bounds.y = canvas.body.y + marker.y0 / marker.scale;
      bounds.width = (marker.x1 - marker.x0) / marker.scale;
      bounds.height = (marker.y1 - marker.y0) / marker.scale;
    }
  if (marker.x1 > 0 && cr != NULL)
    draw_light (&marker, alpha);
  g_free (marker.pixels);
  psc_canvas_finish (&canvas);
  return bounds;
}

void
psc_canvas_draw_hits (const PscCanvas *canvas)
{
  PscMap current = *canvas->map;

  if (canvas->map->n_hits > 0)
    draw (canvas, canvas->map, canvas->colors->text, LINE_PX);
  if (current.hit.start >= current.hit.end)
    return;
  current.hits = &canvas->map->hit;
  current.n_hits = 1;
  draw (canvas, &current, canvas->colors->accent, CURRENT_PX);
}
