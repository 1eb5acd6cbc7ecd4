/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Borders of mappings as shapes, for vector files: elsewhere they are in the raster. */

#include "psc-canvas.h"

#include <math.h>

#include "psc-borders.h"

static void
add_cb (double x, double y, double width, double height, gpointer user_data)
{
  const PscCanvas *canvas = user_data;

  cairo_rectangle (canvas->cr, round (canvas->body.x + x),
                   round (canvas->body.y + y - canvas->map->view.y), MAX (round (width), 1),
                   MAX (round (height), 1));
}

void
psc_canvas_draw_borders (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  PscBorders borders = { map->space, map->layout, &map->view, 0, map->view.height };

  if (!psc_map_has_border_shapes (map, canvas->cr))
    return;
  psc_borders_find (&borders, add_cb, (gpointer) canvas);
  psc_canvas_set_color (canvas, canvas->colors->background, PSC_BORDERS_ALPHA);
  cairo_fill (canvas->cr);
}
