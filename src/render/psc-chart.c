/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* In widths of text. */
#define EVENTS_HEIGHT 1.5
#define FAULTS_HEIGHT 2.1
#define AXIS_HEIGHT   1.4
#define LEGEND_WIDTH  23.0
#define LEGEND_FROM   54.0 /* the width of all from which on there is room for one */
/* Most lines across memory, and what each takes at least, in widths of text. */
#define MOST_LINES 4
#define LINE_ROOM  1.6

/* --- where things go ----------------------------------------------------------------------- */

void
psc_chart_canvas_init (PscCanvas *canvas, const PscChart *chart, PscMap *look, cairo_t *cr)
{
  *look = (PscMap){ .theme = chart->theme, .font = chart->font, .text_scale = chart->text_scale };
  psc_canvas_init (canvas, look, cr);
}

PscChartPlaces
psc_chart_places (const PscCanvas *canvas, const PscChart *chart, double width, double height)
{
  PscChartPlaces places = { 0 };
  double em = canvas->em, left, right = width - PSC_CHART_MARGIN, bottom = height, text_height;

  psc_canvas_measure (canvas, canvas->small, "1023 MiB", &left, &text_height);
  left = ceil (left + 2 * PSC_CHART_MARGIN);
  if (width >= em * LEGEND_FROM)
    {
      places.legend = (PscRect){ width - em * LEGEND_WIDTH, PSC_CHART_MARGIN / 2,
                                 em * LEGEND_WIDTH - PSC_CHART_MARGIN, height - PSC_CHART_MARGIN };
      right = floor (places.legend.x - 2 * PSC_CHART_MARGIN);
    }
  right = MAX (right, left + 1);
  places.events = (PscRect){ left, PSC_CHART_MARGIN / 4, right - left, floor (em * EVENTS_HEIGHT) };
  bottom -= ceil (em * AXIS_HEIGHT);
  places.axis = (PscRect){ left, bottom, right - left, height - bottom };
  bottom -= 1;
  places.faults = (PscRect){ left, bottom - floor (em * FAULTS_HEIGHT), right - left,
                             floor (em * FAULTS_HEIGHT) };
  bottom = places.faults.y - 3;
  places.memory = (PscRect){ left, places.events.y + places.events.height, right - left, 0 };
  places.memory.height = MAX (bottom - places.memory.y, 1);
  return places;
}

double
psc_chart_x_in (const PscChart *chart, const PscRect *plot, gint64 time_usec)
{
  double span = (double) MAX (chart->to_usec - chart->from_usec, 1);

  return plot->x + (double) (time_usec - chart->from_usec) / span * plot->width;
}

static PscChartPlaces
measure (const PscChart *chart, double width, double height)
{
  PscCanvas canvas;
  PscMap look;
  PscChartPlaces places;

  psc_chart_canvas_init (&canvas, chart, &look, NULL);
  places = psc_chart_places (&canvas, chart, width, height);
  psc_canvas_finish (&canvas);
  return places;
}

PscRect
psc_chart_plot (const PscChart *chart, double width, double height)
{
  return measure (chart, width, height).memory;
}

double
psc_chart_x_of (const PscChart *chart, double width, double height, gint64 time_usec)
{
  PscRect plot = psc_chart_plot (chart, width, height);

  return psc_chart_x_in (chart, &plot, time_usec);
}

static gint64
time_in (const PscChart *chart, const PscRect *plot, double x)
{
  double ratio = (x - plot->x) / plot->width;

  return chart->from_usec + (gint64) (ratio * (double) (chart->to_usec - chart->from_usec));
}

gint64
psc_chart_time_at (const PscChart *chart, double width, double height, double x)
{
  PscRect plot = psc_chart_plot (chart, width, height);

  return time_in (chart, &plot, x);
}

/* --- scales -------------------------------------------------------------------------------- */

static guint
count_lines (const PscCanvas *canvas, const PscRect *memory)
{
  double room = memory->height / (canvas->em * LINE_ROOM);

  return (guint) CLAMP (room, 1, MOST_LINES);
}

void
psc_chart_plot_init (PscChartPlot *plot, const PscCanvas *canvas, const PscChart *chart,
                     const PscChartPlaces *places, double n_columns)
{
  guint n = (guint) MAX (floor (n_columns), 1);

  *plot = (PscChartPlot){ .canvas = canvas, .chart = chart, .places = places };
  psc_chart_columns_init (&plot->columns, chart, n);
  plot->column_width = places->memory.width / n;
  plot->step = psc_chart_size_step (plot->columns.peak, count_lines (canvas, &places->memory));
  plot->top = MAX (ceil (plot->columns.peak / plot->step), 1) * plot->step;
}

void
psc_chart_plot_finish (PscChartPlot *plot)
{
  psc_chart_columns_finish (&plot->columns);
}

double
psc_chart_plot_x (const PscChartPlot *plot, guint column)
{
  return plot->places->memory.x + column * plot->column_width;
}

/* --- the chart ----------------------------------------------------------------------------- */

gboolean
psc_chart_is_empty (const PscChart *chart)
{
  return chart->timeline == NULL || psc_timeline_get_n_moments (chart->timeline) == 0;
}

static void
draw_frame (const PscCanvas *canvas, const PscChartPlaces *places)
{
  const PscRect *rect = &places->memory;

  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_rectangle (canvas->cr, rect->x, rect->y + rect->height, rect->width, 1);
  cairo_fill (canvas->cr);
}

static void
draw_plot (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places)
{
  double scale_x = 1, scale_y = 1;
  PscChartPlot plot;

  cairo_surface_get_device_scale (cairo_get_target (canvas->cr), &scale_x, &scale_y);
  psc_chart_plot_init (&plot, canvas, chart, places, places->memory.width * MAX (scale_x, 1));
  psc_chart_draw_memory (&plot);
  psc_chart_draw_faults (&plot);
  psc_chart_plot_finish (&plot);
}

void
psc_chart_draw (const PscChart *chart, cairo_t *cr, double width, double height)
{
  PscCanvas canvas;
  PscChartPlaces places;
  PscMap look;

  psc_chart_canvas_init (&canvas, chart, &look, cr);
  places = psc_chart_places (&canvas, chart, width, height);
  cairo_save (cr);
  psc_canvas_set_color (&canvas, canvas.colors->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (psc_chart_is_empty (chart) || chart->to_usec <= chart->from_usec)
    psc_canvas_text (&canvas, canvas.text, _ ("The first seconds are being gathered"), width / 2,
                     height / 2, PSC_ALIGN_CENTER, width, canvas.colors->dim);
  else
    {
      draw_plot (&canvas, chart, &places);
      draw_frame (&canvas, &places);
      psc_chart_draw_marks (&canvas, chart, &places);
      psc_chart_draw_time_axis (&canvas, chart, &places);
    }
  cairo_restore (cr);
  psc_canvas_finish (&canvas);
}

/* --- what is at a point -------------------------------------------------------------------- */

static gboolean
is_inside (const PscRect *rect, double x, double y)
{
  return x >= rect->x && x <= rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

static void
find_kind (const PscChart *chart, const PscChartPlaces *places, double y, PscChartSpot *spot)
{
  const PscMoment *moment = psc_timeline_get_moment (chart->timeline, spot->moment);
  const PscRect *rect = &places->memory;
  double bytes[PSC_CHART_MAX_LAYERS], at, sum = 0;
  const PscChartLayers *layers;
  PscCanvas canvas;
  PscMap look;
  PscChartPlot plot;

  psc_chart_canvas_init (&canvas, chart, &look, NULL);
  psc_chart_plot_init (&plot, &canvas, chart, places, rect->width);
  psc_canvas_finish (&canvas);
  at = (rect->y + rect->height - y) / rect->height * plot.top;
  layers = &plot.columns.layers;
  psc_chart_layers_split (layers, moment, bytes);
  for (guint i = 0; i + 1 < layers->n; i++)
    {
      if (at >= sum && at < sum + bytes[i] && i >= (guint) layers->has_other)
        {
          spot->has_kind = TRUE;
          spot->kind = layers->kinds[i - layers->has_other];
        }
      sum += bytes[i];
    }
  psc_chart_plot_finish (&plot);
}

static void
find_mark (const PscChart *chart, const PscRect *lane, double x, PscChartSpot *spot)
{
  PscCanvas canvas;
  PscMap look;
  g_autoptr (GArray) marks = NULL;
  double nearest;

  psc_chart_canvas_init (&canvas, chart, &look, NULL);
  nearest = canvas.em;
  marks = psc_chart_marks_find (&canvas, chart, lane);
  psc_canvas_finish (&canvas);
  for (guint i = 0; i < marks->len; i++)
    {
      const PscChartMark *mark = &g_array_index (marks, PscChartMark, i);

      if (fabs (mark->x - x) >= nearest)
        continue;
      nearest = fabs (mark->x - x);
      spot->first_event = mark->first;
      spot->n_events = mark->n;
    }
}

PscChartSpot
psc_chart_hit (const PscChart *chart, double width, double height, double x, double y)
{
  PscChartPlaces places = measure (chart, width, height);
  PscChartSpot spot = { .part = PSC_CHART_NOTHING };

  if (psc_chart_is_empty (chart))
    return spot;
  spot.time_usec = time_in (chart, &places.memory, x);
  spot.moment = psc_timeline_index_at (chart->timeline, spot.time_usec);
  spot.has_moment =
      psc_timeline_get_moment (chart->timeline, spot.moment)->time_usec <= spot.time_usec;
  if (is_inside (&places.events, x, y))
    {
      spot.part = PSC_CHART_EVENTS;
      find_mark (chart, &places.events, x, &spot);
    }
  else if (is_inside (&places.memory, x, y))
    {
      spot.part = PSC_CHART_MEMORY;
      if (spot.has_moment)
        find_kind (chart, &places, y, &spot);
    }
  else if (is_inside (&places.faults, x, y))
    spot.part = PSC_CHART_FAULTS;
  else if (is_inside (&places.axis, x, y))
    spot.part = PSC_CHART_AXIS;
  return spot;
}
