/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chrome.h"

#include <math.h>

#include "psc-borders.h"
#include "psc-canvas.h"

/* Areas narrower than this, in widths of text, have no labels; no ruler; and so on. */
#define LABELS_FROM        52.0
#define RULER_FROM         34.0
#define OVERVIEW_FROM      44.0
#define BRACKETS_FROM      46.0
#define BRACKET_TEXTS_FROM 68.0
#define LABELS_LEAST       14.5
#define LABELS_MOST        24.0
#define LABELS_SHARE       0.22
/* Widths, likewise. */
#define OVERVIEW_EM      1.6
#define BRACKET_EM       0.55
#define BRACKET_TEXTS_EM 1.5
/* Of the frame on the overview, how far it may reach beyond the strip; twice as far up and down. */
#define EDGE_PX 2.0

static double
labels_width (const PscCanvas *canvas, double width)
{
  if (width < LABELS_FROM * canvas->em)
    return canvas->em * 0.5;
  return round (CLAMP (width * LABELS_SHARE, LABELS_LEAST * canvas->em, LABELS_MOST * canvas->em));
}

/* From left to right: overview, brackets, ruler. Returns where the body begins. */
static double
place_left (PscCanvas *canvas, double width)
{
  double em = canvas->em;
  double x = round (em * 0.5);

  if (width >= OVERVIEW_FROM * em)
    {
      canvas->overview.x = x;
      canvas->overview.width = round (em * OVERVIEW_EM);
      x += canvas->overview.width + round (em * 0.5);
    }
  if (width >= BRACKETS_FROM * em)
    {
      canvas->bracket_text = width >= BRACKET_TEXTS_FROM * em;
      canvas->bracket_width = round (em * (canvas->bracket_text ? BRACKET_TEXTS_EM : BRACKET_EM));
      x += (canvas->levels.n_levels + 1) * canvas->bracket_width;
      canvas->brackets_right = x;
    }
  return width >= RULER_FROM * em ? x + psc_canvas_ruler_width (canvas) - round (em * 0.5) : x;
}

static PscRect
find_body (const PscCanvas *canvas, double left, double width, double height)
{
  double right = labels_width (canvas, width);
  double top = round (canvas->em * 0.6);
  double legend = psc_canvas_legend_height (canvas, width, height);

  return (PscRect){ left, top, MAX (floor (width - left - right), 1),
                    MAX (floor (height - top - legend), 1) };
}

static void
place_body (PscCanvas *canvas, double width, double height)
{
  double left;

  psc_levels_init (&canvas->levels, canvas->map->space);
  left = place_left (canvas, width);
  if (canvas->map->body.width > 0)
    canvas->body = canvas->map->body;
  else
    canvas->body = find_body (canvas, left, width, height);
  canvas->overview.y = canvas->body.y;
  canvas->overview.height = canvas->body.height;
}

gboolean
psc_map_legend_hit (const PscMap *map, double width, double height, double x, double y,
                    guint64 *entries)
{
  PscCanvas canvas;

  psc_canvas_init (&canvas, map, NULL);
  place_body (&canvas, width, height);
  *entries = psc_canvas_hit_legend (&canvas, width, height, x, y);
  psc_canvas_finish (&canvas);
  return *entries != 0;
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

gboolean
psc_map_overview (const PscMap *map, double width, double height, PscRect *strip,
                  PscOverview *overview)
{
  PscCanvas canvas;

  psc_canvas_init (&canvas, map, NULL);
  place_body (&canvas, width, height);
  *strip = canvas.overview;
  psc_canvas_get_overview (&canvas, overview);
  psc_canvas_finish (&canvas);
  return strip->width > 0;
}

static void
draw_pages (const PscCanvas *canvas, cairo_surface_t *raster)
{
  const PscRect *body = &canvas->body;

  cairo_set_source_surface (canvas->cr, raster, body->x, body->y);
  cairo_pattern_set_filter (cairo_get_source (canvas->cr), CAIRO_FILTER_NEAREST);
  cairo_paint (canvas->cr);
}

static void
draw_body (const PscCanvas *canvas, cairo_surface_t *raster, PscMapParts parts)
{
  const PscRect *body = &canvas->body;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, body->x, body->y, body->width, body->height);
  cairo_clip (canvas->cr);
  if (parts & PSC_MAP_BODY && raster != NULL)
    draw_pages (canvas, raster);
  if (parts & PSC_MAP_HUGE)
    psc_canvas_draw_huge (canvas);
  if (parts & PSC_MAP_MARKS)
    {
      psc_canvas_draw_marks (canvas);
      psc_canvas_draw_names (canvas);
    }
  cairo_restore (canvas->cr);
}

PscRasterJob
psc_map_get_raster_job (const PscMap *map, double scale)
{
  return (PscRasterJob){
    .space = map->space,
    .layout = map->layout,
    .view = map->view,
    .lens = map->lens,
    .theme = map->theme,
    .scale = scale,
    .traits = map->traits,
    .sheet = map->sheet,
    .only = map->only,
    .patterns = map->patterns,
    .borders = TRUE,
  };
}

gboolean
psc_map_has_border_shapes (const PscMap *map, cairo_t *cr)
{
  PscCanvas canvas = { .cr = cr };

  return psc_canvas_is_vector (&canvas) &&
         !psc_borders_are_many (map->space, map->layout, &map->view);
}

static cairo_surface_t *
make_raster (const PscMap *map, cairo_t *cr)
{
  cairo_surface_t *target = cairo_get_target (cr);
  double scale_x = 1;
  double scale_y = 1;
  PscRasterJob job;

  cairo_surface_get_device_scale (target, &scale_x, &scale_y);
  /* Vector files are looked at from close by. */
  if (cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE)
    scale_x = MAX (scale_x, 2);
  job = psc_map_get_raster_job (map, scale_x);
  job.borders = !psc_map_has_border_shapes (map, cr);
  return psc_raster_new_surface (&job);
}

static void
draw_sides (const PscCanvas *canvas, double width)
{
  psc_canvas_draw_brackets (canvas);
  if (width >= RULER_FROM * canvas->em)
    psc_canvas_draw_ruler (canvas);
}

/* Under everything; pixels that the raster covers would only be drawn twice. */
static void
draw_background (const PscCanvas *canvas, double width, double height, cairo_surface_t *raster)
{
  const PscRect *body = &canvas->body;

  psc_canvas_set_color (canvas, canvas->colors->background, 1);
  cairo_rectangle (canvas->cr, 0, 0, width, height);
  if (raster != NULL && !psc_canvas_is_vector (canvas))
    {
      cairo_set_fill_rule (canvas->cr, CAIRO_FILL_RULE_EVEN_ODD);
      cairo_rectangle (canvas->cr, body->x, body->y, body->width, body->height);
    }
  cairo_fill (canvas->cr);
  cairo_set_fill_rule (canvas->cr, CAIRO_FILL_RULE_WINDING);
}

static void
draw_parts (const PscMap *map, cairo_t *cr, double width, double height, cairo_surface_t *raster,
            PscMapParts parts, gboolean background)
{
  g_autoptr (PscLabels) labels = NULL;
  PscCanvas canvas;

  psc_canvas_init (&canvas, map, cr);
  if (map->labels == NULL && parts & (PSC_MAP_OVERVIEW | PSC_MAP_LABELS))
    labels = psc_labels_new (map->space, map->layout);
  canvas.labels = labels != NULL ? labels : map->labels;
  place_body (&canvas, width, height);
  if (background)
    draw_background (&canvas, width, height, raster);
  if (parts & (PSC_MAP_BODY | PSC_MAP_MARKS | PSC_MAP_HUGE))
    draw_body (&canvas, raster, parts);
  if (parts & PSC_MAP_OVERVIEW)
    psc_canvas_draw_overview (&canvas);
  if (parts & PSC_MAP_SIDES)
    draw_sides (&canvas, width);
  if (parts & PSC_MAP_LABELS && width >= LABELS_FROM * canvas.em)
    psc_canvas_draw_labels (&canvas, labels_width (&canvas, width));
  if (parts & PSC_MAP_POINTERS)
    {
      psc_canvas_draw_pointers (&canvas);
      psc_canvas_draw_hits (&canvas);
    }
  if (parts & PSC_MAP_LEGEND)
    psc_canvas_draw_legend (&canvas, width, height);
  psc_canvas_finish (&canvas);
}

void
psc_map_draw_parts (const PscMap *map, cairo_t *cr, double width, double height,
                    cairo_surface_t *raster, PscMapParts parts)
{
  draw_parts (map, cr, width, height, raster, parts, FALSE);
}

GArray *
psc_map_draw_patches (const PscMap *map, cairo_t *cr, double width, double height, PscMapParts part)
{
  GArray *rects;
  PscCanvas canvas;

  g_return_val_if_fail (part == PSC_MAP_MARKS || part == PSC_MAP_HUGE, NULL);

  psc_canvas_init (&canvas, map, cr);
  place_body (&canvas, width, height);
  canvas.patches = psc_patches_new (&canvas.body);
  draw_body (&canvas, NULL, part);
  rects = psc_patches_get_rects (canvas.patches);
  psc_patches_free (canvas.patches);
  psc_canvas_finish (&canvas);
  return rects;
}

static PscRect
part_bounds (const PscCanvas *canvas, double width, double height, PscMapParts part)
{
  const PscRect *body = &canvas->body;
  const PscRect *strip = &canvas->overview;
  double right = body->x + body->width;
  double bottom = body->y + body->height;
  double sides = strip->width > 0 ? strip->x + strip->width + EDGE_PX : EDGE_PX;

  switch (part)
    {
    case PSC_MAP_BODY:
    case PSC_MAP_MARKS:
    case PSC_MAP_HUGE:
      return *body;
    case PSC_MAP_SIDES:
      return (PscRect){ sides, 0, MAX (body->x - sides, 0), bottom + body->y };
    case PSC_MAP_OVERVIEW:
      if (strip->width <= 0)
        return (PscRect){ 0 };
      return (PscRect){ strip->x - EDGE_PX, strip->y - 2 * EDGE_PX, strip->width + 2 * EDGE_PX,
                        strip->height + 4 * EDGE_PX };
    case PSC_MAP_LABELS:
      return (PscRect){ right, body->y - 1, MAX (width - right, 0), body->height + 2 };
    case PSC_MAP_LEGEND:
      return (PscRect){ canvas->em / 2, bottom, MAX (width - canvas->em, 0),
                        MAX (height - bottom, 0) };
    default:
      return (PscRect){ 0, 0, width, height };
    }
}

PscRect
psc_map_part_bounds (const PscMap *map, double width, double height, PscMapParts part)
{
  PscCanvas canvas;
  PscRect bounds;

  psc_canvas_init (&canvas, map, NULL);
  place_body (&canvas, width, height);
  bounds = part_bounds (&canvas, width, height, part);
  psc_canvas_finish (&canvas);
  return bounds;
}

GString *
psc_map_part_key (const PscMap *map, double width, double height, PscMapParts part)
{
  g_autoptr (PscLabels) labels = NULL;
  GString *key = g_string_new (NULL);
  PscCanvas canvas;

  psc_canvas_init (&canvas, map, NULL);
  if (map->labels == NULL && part & (PSC_MAP_OVERVIEW | PSC_MAP_LABELS))
    labels = psc_labels_new (map->space, map->layout);
  canvas.labels = labels != NULL ? labels : map->labels;
  place_body (&canvas, width, height);
  if (part == PSC_MAP_HUGE)
    psc_canvas_write_huge (&canvas, key);
  else if (part == PSC_MAP_OVERVIEW)
    psc_canvas_write_overview (&canvas, key);
  else if (part == PSC_MAP_LABELS && width >= LABELS_FROM * canvas.em)
    psc_canvas_write_labels (&canvas, key);
  else if (part == PSC_MAP_LEGEND)
    psc_canvas_write_legend (&canvas, key);
  psc_canvas_finish (&canvas);
  return key;
}

void
psc_map_draw (const PscMap *map, cairo_t *cr, double width, double height, cairo_surface_t *raster)
{
  cairo_surface_t *made = NULL;

  if (raster == NULL)
    raster = made = make_raster (map, cr);
  draw_parts (map, cr, width, height, raster, PSC_MAP_EVERYTHING, TRUE);
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
