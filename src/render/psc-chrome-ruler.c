/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#include <math.h>
#include <string.h>

#include "psc-sight.h"

/* Least distance between two addresses, in heights of text; and inside a block. */
#define LINE_SPACING 1.25
#define TICK_SPACING 5.0
#define TICK_PX      5.0

/* "7f3a 1234 5000": in groups, as long hex numbers are read; the kernel's half in as much room:
 * "ffff…ff60 0000". */
static void
format_grouped (guint64 address, char text[32])
{
  char digits[17];
  gsize n = (gsize) g_snprintf (digits, sizeof digits, "%" G_GINT64_MODIFIER "x", address);
  gsize at = 0;

  if (n > 14)
    at = (gsize) g_snprintf (text, 32, "%.4s…", digits);
  for (gsize i = n > 14 ? 8 : 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 4 == 0 && !(n > 14 && i == 8))
        text[at++] = ' ';
      text[at++] = digits[i];
    }
  text[at] = '\0';
}

double
psc_canvas_ruler_width (const PscCanvas *canvas)
{
  double width, height;

  psc_canvas_measure (canvas, canvas->mono, "7fff ffff ffff", &width, &height);
  return ceil (width + 3 * TICK_PX + 4);
}

typedef struct
{
  const PscCanvas *canvas;
  double spacing;
  double last_y; /* of the address that was placed last, going down, seen or not */
} Ruler;

static void
draw_address (Ruler *ruler, guint64 address, double y)
{
  const PscCanvas *canvas = ruler->canvas;
  const PscRect *body = &canvas->body;
  char text[32];

  if (y - ruler->last_y < ruler->spacing)
    return;
  ruler->last_y = y;
  if (y < body->y || y > body->y + body->height)
    return;
  format_grouped (address, text);
  psc_canvas_text (canvas, canvas->mono, text, body->x - 2 * TICK_PX, y, PSC_ALIGN_RIGHT, 0,
                   canvas->colors->dim);
  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_rectangle (canvas->cr, body->x - TICK_PX - 2, round (y), TICK_PX, 1);
  cairo_fill (canvas->cr);
}

/* Rows between two addresses in a block: a power of two, so that they are round. */
static guint
tick_rows (const Ruler *ruler, double row_height)
{
  guint rows = 1;

  while (rows * row_height < ruler->canvas->em * TICK_SPACING && rows < 1u << 30)
    rows *= 2;
  return rows;
}

/* From `margin` above the view to as much below it. */
static void
draw_block (Ruler *ruler, const PscBand *band, double top, double margin)
{
  const PscMap *map = ruler->canvas->map;
  double row_height = map->view.row_height;
  guint step = tick_rows (ruler, row_height);
  guint lowest = map->layout->low_at_top ? 0 : band->n_rows - 1;
  guint row = (guint) CLAMP (floor ((-margin - top) / row_height), 0, band->n_rows);
  guint end =
      (guint) CLAMP (ceil ((map->view.height + margin - top) / row_height), 0, band->n_rows);

  while (row < end)
    {
      guint64 address = psc_layout_row_address (map->layout, band, row);
      guint64 number = address / map->layout->row_size;
      double y = ruler->canvas->body.y + top + (row + 0.5) * row_height;
      gboolean crowds_lowest = row != lowest && band->n_rows > 1 &&
                               fabs ((double) row - lowest) * row_height < ruler->spacing;

      if (row == lowest || (number % step == 0 && !crowds_lowest))
        draw_address (ruler, MAX (address, band->start), y);
      /* To the next round row, or to the lowest. */
      if (map->layout->low_at_top)
        row += (guint) (step - number % step);
      else
        row = MIN (row + (guint) (number % step == 0 ? step : number % step),
                   row < lowest ? MAX (lowest, row + 1) : end);
    }
}

/* Of many lines in a row, the first in each cell has its address: cells stand still in the layout,
 * so a pan moves addresses and doesn't change them. */
static double
next_cell (const Ruler *ruler, double y)
{
  const PscView *view = &ruler->canvas->map->view;
  double cell = ruler->spacing + view->row_height;

  return (floor ((y + view->y) / cell + 1e-6) + 1) * cell - view->y;
}

void
psc_canvas_draw_ruler (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  const PscView *view = &map->view;
  Ruler ruler = { canvas, canvas->em * LINE_SPACING, -G_MAXDOUBLE };
  double margin = 2 * (ruler.spacing + view->row_height);
  double y = next_cell (&ruler, -margin);
  PscSightRow row;

  while (y < view->height + margin && psc_sight_row_at (view, map->layout, y, &row))
    {
      double top = psc_view_band_top (view, map->layout, row.band);
      double bottom = row.top + row.height;

      if (row.band->type == PSC_BAND_BLOCK)
        {
          draw_block (&ruler, row.band, top, margin);
          bottom = top + row.band->n_rows * view->row_height;
        }
      else if (row.band->type == PSC_BAND_LINE)
        draw_address (&ruler, row.start, canvas->body.y + row.top + row.height / 2);
      /* Rows that are far enough apart all have theirs. */
      if (row.band->type != PSC_BAND_RULE && view->row_height < ruler.spacing)
        y = MAX (bottom, next_cell (&ruler, MAX (row.top, y)));
      else
        y = bottom;
      y += 0.01;
    }
}
