/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was found: outlines on the body, and ticks beside the rows for those too small to be seen.
 * Hits are first set down as pixels of one line after the other, so that any number of them under
 * one pixel are drawn once. An outline lies around its pages, never on them: what is found is there
 * to be looked at, and neighbours share one. */

#include "psc-canvas.h"

#include <math.h>

#define LINE_PX    1.5
#define HALO_PX    1.5 /* around a line */
#define CURRENT_PX 3.0
#define TICK_PX    4.0 /* across */
#define TICK_LEAST 2.0 /* down */
/* Wider ones leave a pixel to their neighbour. */
#define APART_FROM 6

typedef struct
{
  const PscCanvas *canvas;
  double page_width;
  int width, height; /* px of the body */
  guint8 *line;      /* pixels of the line from y0 to y1 that are hit */
  int y0, y1;        /* y1 0: no line */
  int low, high;     /* [low, high) of `line` may be set */
  guint8 *rows;      /* pixels down the body that have a hit */
  GArray *rects;     /* cairo_rectangle_int_t, in the body */
} Marker;

static void
add_rect (Marker *marker, int x0, int y0, int x1, int y1)
{
  cairo_rectangle_int_t rect = { x0, y0, x1 - x0, y1 - y0 };

  if (x1 > x0 && y1 > y0)
    g_array_append_val (marker->rects, rect);
}

/* The line's pixels become rectangles. */
static void
flush_line (Marker *marker)
{
  int start = -1;

  for (int x = marker->low; x <= marker->high; x++)
    {
      gboolean set = x < marker->high && marker->line[x] != 0;

      if (set && start < 0)
        start = x;
      if (set || start < 0)
        continue;
      add_rect (marker, start, marker->y0, x, marker->y1);
      start = -1;
    }
  if (marker->high > marker->low)
    memset (marker->line + marker->low, 0, (gsize) (marker->high - marker->low));
  marker->low = marker->width;
  marker->high = 0;
}

static void
mark_rows (Marker *marker, int y0, int y1)
{
  memset (marker->rows + y0, 1, (gsize) (y1 - y0));
}

/* Part of one row: px in the body, cut to it. */
static void
mark (Marker *marker, double left, double top, double right, double bottom)
{
  int y0 = (int) CLAMP (floor (top + 0.01), 0, marker->height);
  int y1 = (int) CLAMP (ceil (bottom - 0.01), 0, marker->height);
  int x0 = (int) CLAMP (floor (left + 0.01), 0, marker->width);
  int x1 = (int) CLAMP (ceil (right - 0.01), 0, marker->width);

  if (y1 <= y0 || x1 <= x0)
    return;
  if (x1 - x0 >= APART_FROM && x1 < marker->width)
    x1--;
  if (y0 != marker->y0 || y1 != marker->y1)
    {
      flush_line (marker);
      marker->y0 = y0;
      marker->y1 = y1;
    }
  memset (marker->line + x0, 1, (gsize) (x1 - x0));
  marker->low = MIN (marker->low, x0);
  marker->high = MAX (marker->high, x1);
  mark_rows (marker, y0, y1);
}

/* Whole rows: no need to go through lines. */
static void
mark_block (Marker *marker, double top, double bottom, double right)
{
  int y0 = (int) CLAMP (floor (top + 0.01), 0, marker->height);
  int y1 = (int) CLAMP (ceil (bottom - 0.01), 0, marker->height);
  double left = -marker->canvas->map->view.x;

  if (y1 <= y0)
    return;
  add_rect (marker, (int) CLAMP (floor (left), -4, marker->width), y0,
            (int) CLAMP (ceil (right), 0, marker->width + 4.0), y1);
  mark_rows (marker, y0, y1);
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
      mark_block (marker, top + (MIN (first, last) + 1) * row, top + MAX (first, last) * row, full);
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
  flush_line (marker);
}

/* --- drawing ------------------------------------------------------------------------------- */

static void
add_paths (const Marker *marker, double grow)
{
  const PscRect *body = &marker->canvas->body;

  for (guint i = 0; i < marker->rects->len; i++)
    {
      const cairo_rectangle_int_t *rect = &g_array_index (marker->rects, cairo_rectangle_int_t, i);

      cairo_rectangle (marker->canvas->cr, body->x + rect->x - grow, body->y + rect->y - grow,
                       rect->width + 2 * grow, rect->height + 2 * grow);
    }
}

/* To the body without the pages that are hit. */
static void
clip_around (const Marker *marker)
{
  const PscRect *body = &marker->canvas->body;
  cairo_t *cr = marker->canvas->cr;

  cairo_rectangle (cr, body->x, body->y, body->width, body->height);
  cairo_clip (cr);
  cairo_rectangle (cr, body->x - 8, body->y - 8, body->width + 16, body->height + 16);
  add_paths (marker, 0);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_clip (cr);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_WINDING);
}

static void
draw_marks (const Marker *marker, PscColor color, double line)
{
  const PscCanvas *canvas = marker->canvas;

  cairo_save (canvas->cr);
  clip_around (marker);
  add_paths (marker, line + HALO_PX);
  psc_canvas_set_color (canvas, canvas->colors->background, 0.85);
  cairo_fill (canvas->cr);
  add_paths (marker, line);
  psc_canvas_set_color (canvas, color, 1);
  cairo_fill (canvas->cr);
  cairo_restore (canvas->cr);
}

/* Beside the rows, in the room that is left free for them. */
static void
draw_ticks (const Marker *marker, PscColor color)
{
  const PscCanvas *canvas = marker->canvas;
  double x = canvas->body.x + canvas->body.width + 1;
  int start = -1;

  for (int y = 0; y <= marker->height; y++)
    {
      gboolean set = y < marker->height && marker->rows[y] != 0;

      if (set && start < 0)
        start = y;
      if (set || start < 0)
        continue;
      cairo_rectangle (canvas->cr, x, canvas->body.y + start, TICK_PX, MAX (y - start, TICK_LEAST));
      start = -1;
    }
  psc_canvas_set_color (canvas, color, 1);
  cairo_fill (canvas->cr);
}

static void
draw (const PscCanvas *canvas, const PscMap *map, PscColor color, double line)
{
  PscCanvas of_map = *canvas;
  Marker marker = { .canvas = &of_map };

  of_map.map = map;
  marker.page_width = psc_view_page_width (&map->view, map->layout);
  marker.width = (int) ceil (canvas->body.width);
  marker.height = (int) ceil (canvas->body.height);
  marker.line = g_malloc0 ((gsize) marker.width);
  marker.rows = g_malloc0 ((gsize) marker.height);
  marker.rects = g_array_new (FALSE, FALSE, sizeof (cairo_rectangle_int_t));
  marker.low = marker.width;
  mark_all (&marker);

  draw_marks (&marker, color, line);
  draw_ticks (&marker, color);
  g_free (marker.line);
  g_free (marker.rows);
  g_array_unref (marker.rects);
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
