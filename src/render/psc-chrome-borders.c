/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where one mapping ends and the next begins without a gap: a thin line in the colour of what is
 * not mapped, so that neighbours in one state are told apart. */

#include "psc-canvas.h"

#include <math.h>

#define ROW_MIN     4.0
#define LEAST_PX    3.0 /* of a mapping on its row, to have lines */
#define AVERAGE_PX  8.0 /* of the mappings on a row: else there would be nothing but lines */
#define MAX_BORDERS 6000
#define ALPHA       0.6

typedef struct
{
  const PscCanvas *canvas;
  double page_width;
  guint n;
} Borderer;

static void
add_line (Borderer *borderer, double x0, double y0, double x1, double y1)
{
  const PscRect *body = &borderer->canvas->body;

  x0 = CLAMP (x0, 0, body->width);
  x1 = CLAMP (x1, 0, body->width);
  cairo_rectangle (borderer->canvas->cr, round (body->x + x0), round (body->y + y0),
                   MAX (round (x1 - x0), 1), MAX (round (y1 - y0), 1));
}

/* Mappings go on from row to row: where the upper of two rows belongs to one and the lower to the
 * other there is a line between the rows. */
static void
add_step (Borderer *borderer, const PscMapping *low, const PscMapping *high, guint64 row_start,
          guint64 row_end, double x, double y)
{
  const PscMap *map = borderer->canvas->map;
  double right = map->layout->row_pages * borderer->page_width - map->view.x;
  double up = map->layout->low_at_top ? map->view.row_height : 0;
  double down = map->view.row_height - up;

  if (high->end > row_end)
    add_line (borderer, -map->view.x, y + up, x, y + up + 1);
  if (low->start < row_start)
    add_line (borderer, x, y + down, right, y + down + 1);
}

/* [start, end) stands on a row from column `page` on, its top at y; `row` FALSE: it is a word. */
static void
add_stretch (Borderer *borderer, guint64 start, guint64 end, double page, double y, gboolean row)
{
  const PscMap *map = borderer->canvas->map;
  const PscSpace *space = map->space;
  double px = borderer->page_width / (double) space->page_size;
  double left = page * borderer->page_width - map->view.x;
  guint first = psc_space_lower_bound (space, start);
  guint last = psc_space_lower_bound (space, end - 1);

  if (first >= last || (last - first) * AVERAGE_PX > (double) (end - start) * px)
    return;
  for (guint i = first; i < last && i + 1 < space->n_mappings; i++)
    {
      const PscMapping *low = &space->mappings[i];
      const PscMapping *high = &space->mappings[i + 1];
      double x = left + (double) (low->end - start) * px;

      if (low->end != high->start ||
          (double) (low->end - MAX (low->start, start)) * px < LEAST_PX ||
          (double) (MIN (high->end, end) - high->start) * px < LEAST_PX)
        continue;
      if (borderer->n++ >= MAX_BORDERS)
        return;
      if (x >= 0 && x <= map->view.width)
        add_line (borderer, x, y, x + 1, y + map->view.row_height);
      if (row)
        add_step (borderer, low, high, start, end, x, y);
    }
}

static void
add_block (Borderer *borderer, const PscBand *band, double top)
{
  const PscMap *map = borderer->canvas->map;
  const PscLayout *layout = map->layout;
  double row_height = map->view.row_height;
  guint row = (guint) CLAMP (floor (-top / row_height), 0, band->n_rows);
  guint end = (guint) CLAMP (ceil ((map->view.height - top) / row_height), 0, band->n_rows);

  for (; row < end; row++)
    {
      guint64 address = psc_layout_row_address (layout, band, row);
      guint64 from = MAX (address, band->start);

      add_stretch (borderer, from, MIN (address + layout->row_size, band->end),
                   (double) ((from - address) / layout->page_size), top + row * row_height, TRUE);
    }
}

static void
add_words (Borderer *borderer, const PscBand *band, double top)
{
  const PscMap *map = borderer->canvas->map;
  double from = map->view.x / borderer->page_width;
  double to = (map->view.x + map->view.width) / borderer->page_width;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];

      if (item->type == PSC_ITEM_WORD && item->x < to && item->x + item->width > from &&
          item->width * borderer->page_width >= 2 * LEAST_PX)
        add_stretch (borderer, item->start, item->end, item->x, top, FALSE);
    }
}

void
psc_canvas_draw_borders (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  Borderer borderer = { canvas, psc_view_page_width (&map->view, map->layout), 0 };
  guint first, last;

  if (map->view.row_height < ROW_MIN)
    return;
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      double top = psc_view_band_top (&map->view, map->layout, band);

      if (band->type == PSC_BAND_BLOCK)
        add_block (&borderer, band, top);
      else if (band->type == PSC_BAND_LINE)
        add_words (&borderer, band, top);
    }
  psc_canvas_set_color (canvas, canvas->colors->background, ALPHA);
  cairo_fill (canvas->cr);
}
