/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hover and selection: outlines over the body. */

#include "psc-areas.h"
#include "psc-canvas.h"

#define LINE_PX  2.0
#define LEAST_PX 5.0 /* a page is smaller than what an eye finds */

static void
add_rectangle (const PscCanvas *canvas, double left, double top, double right, double bottom)
{
  const PscRect *body = &canvas->body;

  left = CLAMP (left, -LINE_PX, body->width + LINE_PX);
  right = CLAMP (right, -LINE_PX, body->width + LINE_PX);
  top = CLAMP (top, -LINE_PX, body->height + LINE_PX);
  bottom = CLAMP (bottom, -LINE_PX, body->height + LINE_PX);
  if (right > left && bottom > top)
    cairo_rectangle (canvas->cr, body->x + left, body->y + top, right - left, bottom - top);
}

static void
add_block_range (const PscCanvas *canvas, const PscBand *band, guint64 start, guint64 end)
{
  PscAreaEdges edges[PSC_AREA_MOST_EDGES];
  guint n = psc_area_find_edges (canvas->map, band, start, end, edges);

  for (guint i = 0; i < n; i++)
    add_rectangle (canvas, edges[i].left, edges[i].top, edges[i].right, edges[i].bottom);
}

static void
add_line_range (const PscCanvas *canvas, const PscBand *band, guint64 start, guint64 end)
{
  const PscMap *map = canvas->map;
  double page_width = psc_view_page_width (&map->view, map->layout);
  double top = psc_view_band_top (&map->view, map->layout, band);

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];
      double left = item->x;
      double right = item->x + item->width;

      if (item->type == PSC_ITEM_GAP || item->end <= start || item->start >= end)
        continue;
      if (item->type == PSC_ITEM_WORD && start > item->start)
        left += (double) ((start - item->start) / map->layout->page_size);
      if (item->type == PSC_ITEM_WORD && end < item->end)
        right -= (double) ((item->end - end) / map->layout->page_size);
      left = left * page_width - map->view.x;
      right = MAX (right * page_width - map->view.x, left + LEAST_PX);
      add_rectangle (canvas, left, top, right, top + map->view.row_height);
    }
}

/* Outlines and tints the path: fills with the winding rule leave no seam between rectangles. */
static void
paint_path (const PscCanvas *canvas, double tint)
{
  psc_canvas_set_color (canvas, canvas->colors->accent, tint);
  cairo_fill_preserve (canvas->cr);
  psc_canvas_set_color (canvas, canvas->colors->accent, 1);
  cairo_set_line_width (canvas->cr, LINE_PX);
  cairo_stroke (canvas->cr);
}

static void
draw_selection (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  guint first, last;

  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      guint64 start = MAX (band->start, map->selection_start);
      guint64 end = MIN (band->end, map->selection_end);

      if (start >= end)
        continue;
      if (band->type == PSC_BAND_BLOCK)
        add_block_range (canvas, band, start, end);
      else if (band->type == PSC_BAND_LINE)
        add_line_range (canvas, band, start, end);
    }
  paint_path (canvas, 0.14);
}

static void
draw_hover (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  double x, y, width, height;

  if (!psc_view_rect (&map->view, map->layout, map->hover, &x, &y, &width, &height))
    return;
  if (width < LEAST_PX)
    x -= (LEAST_PX - width) / 2;
  if (height < LEAST_PX)
    y -= (LEAST_PX - height) / 2;
  add_rectangle (canvas, x, y, x + MAX (width, LEAST_PX), y + MAX (height, LEAST_PX));
  paint_path (canvas, 0);
}

void
psc_canvas_draw_pointers (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  const PscRect *body = &canvas->body;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, body->x, body->y, body->width, body->height);
  cairo_clip (canvas->cr);
  if (map->selection_start < map->selection_end)
    draw_selection (canvas);
  if (map->hover != PSC_MAP_NOWHERE)
    draw_hover (canvas);
  cairo_restore (canvas->cr);
}
