/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chrome.h"

#include <math.h>

#include "psc-canvas.h"

/* Areas narrower than this, in widths of text, have no labels; and no ruler. */
#define LABELS_FROM  52.0
#define RULER_FROM   34.0
#define LABELS_LEAST 13.0
#define LABELS_MOST  24.0
#define LABELS_SHARE 0.22

static double
labels_width (const PscCanvas *canvas, double width)
{
  if (width < LABELS_FROM * canvas->em)
    return canvas->em * 0.5;
  return round (CLAMP (width * LABELS_SHARE, LABELS_LEAST * canvas->em, LABELS_MOST * canvas->em));
}

static void
place_body (PscCanvas *canvas, double width, double height)
{
  double em = canvas->em;
  double left = width >= RULER_FROM * em ? psc_canvas_ruler_width (canvas) : round (em * 0.5);
  double right = labels_width (canvas, width);
  cairo_t *cr = canvas->cr;
  double legend;

  canvas->cr = NULL;
  legend = psc_canvas_draw_legend (canvas, em, 0, width - 2 * em);
  canvas->cr = cr;
  canvas->body.x = left;
  canvas->body.y = round (em * 0.6);
  canvas->body.width = MAX (floor (width - left - right), 1);
  canvas->body.height = MAX (floor (height - canvas->body.y - legend - em * 0.9), 1);
}

PscRect
psc_map_body (const PscMap *map, double width, double height)
{
  PscCanvas canvas;
  PscRect body;

  psc_canvas_init (&canvas, map, NULL);
  place_body (&canvas, width, height);
  body = canvas.body;
  psc_canvas_finish (&canvas);
  return body;
}

static void
draw_body (const PscCanvas *canvas, cairo_surface_t *raster)
{
  const PscRect *body = &canvas->body;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, body->x, body->y, body->width, body->height);
  cairo_clip (canvas->cr);
  if (raster != NULL)
    {
      cairo_set_source_surface (canvas->cr, raster, body->x, body->y);
      cairo_pattern_set_filter (cairo_get_source (canvas->cr), CAIRO_FILTER_NEAREST);
      cairo_paint (canvas->cr);
    }
  psc_canvas_draw_marks (canvas);
  psc_canvas_draw_names (canvas);
  cairo_restore (canvas->cr);
}

static cairo_surface_t *
make_raster (const PscMap *map, cairo_t *cr)
{
  PscRasterJob job = { map->space, map->layout, map->view,   map->lens,
                       map->theme, 1,           map->traits, map->only };
  cairo_surface_t *target = cairo_get_target (cr);
  double scale_x = 1;
  double scale_y = 1;

  cairo_surface_get_device_scale (target, &scale_x, &scale_y);
  /* Vector files are looked at from close by. */
  if (cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE)
    scale_x = MAX (scale_x, 2);
  job.scale = scale_x;
  return psc_raster_new_surface (&job);
}

void
psc_map_draw (const PscMap *map, cairo_t *cr, double width, double height, cairo_surface_t *raster)
{
  PscCanvas canvas;
  cairo_surface_t *made = NULL;
  double ruler_room;

  psc_canvas_init (&canvas, map, cr);
  place_body (&canvas, width, height);
  psc_canvas_set_color (&canvas, canvas.colors->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (raster == NULL)
    raster = made = make_raster (map, cr);
  draw_body (&canvas, raster);
  ruler_room = psc_canvas_ruler_width (&canvas);
  if (canvas.body.x >= ruler_room)
    psc_canvas_draw_ruler (&canvas);
  if (width >= LABELS_FROM * canvas.em)
    psc_canvas_draw_labels (&canvas, labels_width (&canvas, width));
  psc_canvas_draw_pointers (&canvas);
  psc_canvas_draw_hits (&canvas);
  psc_canvas_draw_legend (&canvas, canvas.em, canvas.body.y + canvas.body.height + canvas.em * 0.6,
                          width - 2 * canvas.em);
  psc_canvas_finish (&canvas);
  if (made != NULL)
    cairo_surface_destroy (made);
}

void
psc_map_draw_hits (const PscMap *map, cairo_t *cr, double width, double height)
{
  PscCanvas canvas;

  psc_canvas_init (&canvas, map, cr);
  place_body (&canvas, width, height);
  psc_canvas_draw_hits (&canvas);
  psc_canvas_finish (&canvas);
}
