/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is drawn over a chart: which moments are meant, and beside it what was so then. */

#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-format.h"

/* In widths of text. */
#define FLAG_SIZE   1.0
#define LEGEND_LINE 1.4
#define SWATCH      0.8

static void
draw_line (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places,
           gint64 time_usec, PscColor color, double width)
{
  double x = psc_chart_x_in (chart, &places->memory, time_usec);
  const PscRect *rect = &places->memory;

  if (time_usec == 0 || x < rect->x - 0.5 || x > rect->x + rect->width + 0.5)
    return;
  x = CLAMP (round (x - width / 2), rect->x, rect->x + rect->width - width);
  psc_canvas_set_color (canvas, color, 1);
  cairo_rectangle (canvas->cr, x, places->events.y, width, places->axis.y - places->events.y);
  cairo_fill (canvas->cr);
}

/* A line with a flag at its top, to the side where there is room. */
static void
draw_flag (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places)
{
  double x = psc_chart_x_in (chart, &places->memory, chart->flag_usec);
  const PscRect *rect = &places->memory;
  double size = round (canvas->em * FLAG_SIZE), y = places->events.y;

  if (chart->flag_usec == 0 || x < rect->x - 0.5 || x > rect->x + rect->width + 0.5)
    return;
  draw_line (canvas, chart, places, chart->flag_usec, canvas->colors->text, 1);
  x = CLAMP (round (x - 0.5), rect->x, rect->x + rect->width - 1);
  if (x + size > rect->x + rect->width)
    size = -size;
  cairo_move_to (canvas->cr, x, y);
  cairo_line_to (canvas->cr, x + size, y + fabs (size) * 0.4);
  cairo_line_to (canvas->cr, x, y + fabs (size) * 0.8);
  cairo_close_path (canvas->cr);
  psc_canvas_set_color (canvas, canvas->colors->text, 1);
  cairo_fill (canvas->cr);
}

/* What is told beside the chart: the moment that is pointed at, else the one that is shown, else
 * the last in view. NULL: none. */
static const PscMoment *
find_told (const PscChart *chart)
{
  gint64 usec = chart->hover_usec != 0 ? chart->hover_usec : chart->shown_usec;
  const PscMoment *moment;

  if (usec == 0)
    usec = chart->to_usec;
  moment = psc_timeline_get_moment (chart->timeline, psc_timeline_index_at (chart->timeline, usec));
  return moment->time_usec <= usec ? moment : NULL;
}

static void
draw_entry (const PscCanvas *canvas, const PscRect *rect, double y, PscColor color,
            const char *title, const char *amount)
{
  double size = round (canvas->em * SWATCH), amount_width, height;
  double x = rect->x + size + PSC_CHART_MARGIN;

  psc_canvas_measure (canvas, canvas->text, amount, &amount_width, &height);
  psc_canvas_set_color (canvas, color, 1);
  cairo_rectangle (canvas->cr, round (rect->x), round (y - size / 2), size, size);
  cairo_fill (canvas->cr);
  psc_canvas_text (canvas, canvas->text, title, x, y, PSC_ALIGN_LEFT,
                   rect->x + rect->width - amount_width - PSC_CHART_MARGIN - x,
                   canvas->colors->text);
  psc_canvas_text (canvas, canvas->text, amount, rect->x + rect->width, y, PSC_ALIGN_RIGHT, 0,
                   canvas->colors->dim);
}

static const char *
title_of (const PscChartLayers *layers, guint layer)
{
  if (layer + 1 == layers->n)
    return _ ("Swapped");
  if (layers->has_other && layer == 0)
    return _ ("Other");
  return _ (psc_kind_title (layers->kinds[layer - layers->has_other]));
}

/* From the top down, as they lie; where there is no room for all, the lowest are left out. */
static void
draw_legend (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places)
{
  const PscRect *rect = &places->legend;
  const PscMoment *moment = find_told (chart);
  double line = canvas->em * LEGEND_LINE, y = rect->y + line / 2;
  double bytes[PSC_CHART_MAX_LAYERS];
  PscChartLayers layers;

  if (rect->width <= 0 || moment == NULL || !moment->pages_known)
    return;
  psc_chart_layers_find (chart->timeline, &layers);
  psc_chart_layers_split (&layers, moment, bytes);
  for (guint i = layers.n; i-- > 0;)
    {
      g_autofree char *amount = psc_format_size ((guint64) bytes[i]);

      if (bytes[i] <= 0)
        continue;
      if (y + line / 2 > rect->y + rect->height)
        return;
      draw_entry (canvas, rect, y, psc_chart_layer_color (&layers, i, chart->theme),
                  title_of (&layers, i), amount);
      y += line;
    }
}

void
psc_chart_draw_pointers (const PscChart *chart, cairo_t *cr, double width, double height)
{
  PscCanvas canvas;
  PscChartPlaces places;
  PscMap look;

  if (psc_chart_is_empty (chart))
    return;
  psc_chart_canvas_init (&canvas, chart, &look, cr);
  places = psc_chart_places (&canvas, chart, width, height);
  cairo_save (cr);
  draw_legend (&canvas, chart, &places);
  draw_flag (&canvas, chart, &places);
  draw_line (&canvas, chart, &places, chart->hover_usec, canvas.colors->rule, 1);
  draw_line (&canvas, chart, &places, chart->shown_usec, canvas.colors->accent, 2);
  cairo_restore (cr);
  psc_canvas_finish (&canvas);
}
