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

static void
set_color (const PscCanvas *canvas)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);

  psc_canvas_set_color (canvas, entries[PSC_CLASS_HUGE].colors[canvas->map->theme], 1);
}

/* `offset`: px of the dashes that are behind already. */
static void
stroke_dashed (const PscCanvas *canvas, double offset)
{
  static const double dashes[] = { DASH_PX, GAP_PX };

  cairo_save (canvas->cr);
  cairo_set_line_width (canvas->cr, LINE_PX);
  cairo_set_dash (canvas->cr, dashes, G_N_ELEMENTS (dashes), offset);
  cairo_stroke (canvas->cr);
  cairo_restore (canvas->cr);
}

void
psc_canvas_stroke_huge (const PscCanvas *canvas)
{
  set_color (canvas);
  stroke_dashed (canvas, 0);
}

/* Does a dash reach the corner that is so far from the beginning? Cairo takes one that ends there
 * for one that goes around it. */
static gboolean
is_on_dash (double along)
{
  return fmod (along, DASH_PX + GAP_PX) <= DASH_PX;
}

/* From one corner to the next. A dash that goes around a corner fills it, by reaching half a line
 * beyond it on both edges. Returns how far the next corner is from the beginning. */
static double
stroke_edge (const PscCanvas *canvas, const double *from, const double *to, double along)
{
  double length = fabs (to[0] - from[0]) + fabs (to[1] - from[1]);
  double step_x = length > 0 ? (to[0] - from[0]) / length : 0;
  double step_y = length > 0 ? (to[1] - from[1]) / length : 0;
  double before = along > 0 && is_on_dash (along) ? LINE_PX / 2 : 0;
  double after = is_on_dash (along + length) ? LINE_PX / 2 : 0;

  cairo_move_to (canvas->cr, from[0] - before * step_x, from[1] - before * step_y);
  cairo_line_to (canvas->cr, to[0] + after * step_x, to[1] + after * step_y);
  stroke_dashed (canvas, along - before);
  psc_patches_add (canvas->patches, MIN (from[0], to[0]) - LINE_PX / 2,
                   MIN (from[1], to[1]) - LINE_PX / 2, fabs (to[0] - from[0]) + LINE_PX,
                   fabs (to[1] - from[1]) + LINE_PX);
  return along + length;
}

/* The same outline edge by edge: who draws a small part of the map draws what of it lies there, not
 * all that it is around. */
static void
stroke_edges (const PscCanvas *canvas, double x, double y, double width, double height)
{
  const double left = round (x) + LINE_PX / 2, right = left + round (width) - LINE_PX;
  const double top = round (y) + LINE_PX / 2, bottom = top + round (height) - LINE_PX;
  const double corners[][2] = {
    { left, top }, { right, top }, { right, bottom }, { left, bottom }, { left, top },
  };
  double along = 0;

  set_color (canvas);
  for (guint i = 0; i + 1 < G_N_ELEMENTS (corners); i++)
    along = stroke_edge (canvas, corners[i], corners[i + 1], along);
  /* The dash that is under way at the end joins the one at the beginning. */
  if (is_on_dash (along) && fmod (along, DASH_PX + GAP_PX) > 0)
    {
      cairo_rectangle (canvas->cr, left - LINE_PX / 2, top - LINE_PX / 2, LINE_PX, LINE_PX);
      cairo_fill (canvas->cr);
    }
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

  if (canvas->patches != NULL)
    stroke_edges (canvas, body->x - map->view.x, y0, width, y1 - y0);
  else
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
