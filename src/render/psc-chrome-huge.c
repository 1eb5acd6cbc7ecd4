/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that could be huge pages but are not: a dashed outline in the colour of huge pages, one
 * around all that follow each other. */

#include "psc-canvas.h"

#include <math.h>

#include "psc-huge-slots.h"

#define ROW_MIN 8.0 /* px: lower rows have no outlines */
#define LINE_PX 1.0
#define DASH_PX 4.0
#define GAP_PX  3.0

void
psc_canvas_add_huge_outline (const PscCanvas *canvas, double x, double y, double width,
                             double height)
{
  cairo_rectangle (canvas->cr, round (x) + LINE_PX / 2, round (y) + LINE_PX / 2,
                   round (width) - LINE_PX, round (height) - LINE_PX);
}

void
psc_canvas_stroke_huge (const PscCanvas *canvas)
{
  static const double dashes[] = { DASH_PX, GAP_PX };
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);

  cairo_save (canvas->cr);
  psc_canvas_set_color (canvas, entries[PSC_CLASS_HUGE].colors[canvas->map->theme], 1);
  cairo_set_line_width (canvas->cr, LINE_PX);
  cairo_set_dash (canvas->cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_stroke (canvas->cr);
  cairo_restore (canvas->cr);
}

static gboolean
could_be_huge (const PscMap *map, const PscBand *band, guint row)
{
  PscHugeSlot slot;

  return psc_huge_slot_at (map->space, psc_layout_row_address (map->layout, band, row), &slot) &&
         psc_huge_reason_could (slot.reason);
}

/* Rows [from, to) of a band whose top is at `top`, px. */
static void
add_outline (const PscCanvas *canvas, double top, guint from, guint to)
{
  const PscMap *map = canvas->map;
  const PscRect *body = &canvas->body;
  double row_height = map->view.row_height;
  double width = map->layout->row_pages * psc_view_page_width (&map->view, map->layout);
  double y0 = round (body->y + top + from * row_height);
  double y1 = round (body->y + top + to * row_height);

  psc_canvas_add_huge_outline (canvas, body->x - map->view.x, y0, width, y1 - y0);
}

/* And one more at each end, so that an outline goes on beyond the view. */
static void
rows_in_view (const PscMap *map, const PscBand *band, double top, guint *from, guint *to)
{
  double row_height = map->view.row_height;

  *from = (guint) CLAMP (floor (-top / row_height), 0, band->n_rows);
  *to = (guint) CLAMP (ceil ((map->view.height - top) / row_height), 0, band->n_rows);
  *from -= *from > 0;
  *to += *to < band->n_rows;
}

static void
add_block (const PscCanvas *canvas, const PscBand *band, double top)
{
  const PscMap *map = canvas->map;
  guint row, end;

  rows_in_view (map, band, top, &row, &end);
  while (row < end)
    {
      guint from = row;

      while (row < end && could_be_huge (map, band, row))
        row++;
      if (row > from)
        add_outline (canvas, top, from, row);
      else
        row++;
    }
}

void
psc_canvas_draw_huge (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  guint first, last;

  if (map->lens != PSC_LENS_RESIDENCY || map->view.row_height < ROW_MIN)
    return;
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    if (map->layout->bands[i].type == PSC_BAND_BLOCK)
      add_block (canvas, &map->layout->bands[i],
                 psc_view_band_top (&map->view, map->layout, &map->layout->bands[i]));
  psc_canvas_stroke_huge (canvas);
}

void
psc_canvas_write_huge (const PscCanvas *canvas, GString *key)
{
  const PscMap *map = canvas->map;
  double row_height = map->view.row_height;
  guint first, last;

  if (map->lens != PSC_LENS_RESIDENCY || row_height < ROW_MIN)
    return;
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      guint from, to;

      if (band->type != PSC_BAND_BLOCK)
        continue;
      rows_in_view (map, band, psc_view_band_top (&map->view, map->layout, band), &from, &to);
      for (; from < to; from++)
        g_string_append_c (key, could_be_huge (map, band, from) ? '1' : '0');
    }
}
