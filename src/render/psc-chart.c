/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-format.h"

/* In widths of text. */
#define EVENTS_HEIGHT 1.5
#define FAULTS_HEIGHT 2.1
#define AXIS_HEIGHT   1.4
#define LEGEND_WIDTH  19.0
#define LEGEND_FROM   54.0 /* the width of all from which on there is room for one */
#define FLAG_SIZE     1.0
#define LEGEND_LINE   1.4
#define SWATCH        0.8
/* px */
#define MARGIN 8.0
/* How much of the background is in what was there at times only, percent. */
#define PALE 58
/* Most lines across memory, and what each takes at least, in widths of text. */
#define MOST_LINES 4
#define LINE_ROOM  1.6
/* Of faults that a process had to wait for, however few. */
#define LEAST_MAJOR_PX 3.0
#define MAJOR_WIDTH_PX 2

/* --- where things go ----------------------------------------------------------------------- */

static void
canvas_init (PscCanvas *canvas, const PscChart *chart, PscMap *look, cairo_t *cr)
{
  *look = (PscMap){ .theme = chart->theme, .font = chart->font, .text_scale = chart->text_scale };
  psc_canvas_init (canvas, look, cr);
}

PscChartPlaces
psc_chart_places (const PscCanvas *canvas, const PscChart *chart, double width, double height)
{
  PscChartPlaces places = { 0 };
  double em = canvas->em, left, right = width - MARGIN, bottom = height, text_height;

  psc_canvas_measure (canvas, canvas->small, "1023 MiB", &left, &text_height);
  left = ceil (left + 2 * MARGIN);
  if (width >= em * LEGEND_FROM)
    {
      places.legend = (PscRect){ width - em * LEGEND_WIDTH, MARGIN / 2, em * LEGEND_WIDTH - MARGIN,
                                 height - MARGIN };
      right = floor (places.legend.x - 2 * MARGIN);
    }
  right = MAX (right, left + 1);
  places.events = (PscRect){ left, MARGIN / 4, right - left, floor (em * EVENTS_HEIGHT) };
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

  canvas_init (&canvas, chart, &look, NULL);
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

/* --- memory -------------------------------------------------------------------------------- */

typedef struct
{
  const PscCanvas *canvas;
  const PscChart *chart;
  const PscChartPlaces *places;
  const PscChartColumns *columns;
  double top; /* bytes at the upper edge */
  double column_width;
} Plot;

static double
y_of (const Plot *plot, double bytes)
{
  const PscRect *rect = &plot->places->memory;

  return rect->y + rect->height * (1 - bytes / plot->top);
}

static double
x_of_column (const Plot *plot, guint column)
{
  return plot->places->memory.x + column * plot->column_width;
}

/* The upper edge of a layer in a column. */
static double
edge_of (const Plot *plot, guint column, guint layer, gboolean most)
{
  const PscChartColumn *at = &plot->columns->columns[column];

  return y_of (plot, most ? at->most[layer] : at->least[layer]);
}

/* From the bottom of the plot to the edge, over columns that are known: each as wide as it is, so
 * that one of them alone has its whole height. */
static void
add_area (const Plot *plot, guint layer, gboolean most)
{
  cairo_t *cr = plot->canvas->cr;
  double bottom = y_of (plot, 0), last = -1;
  guint i = 0, n = plot->columns->n;

  while (i < n)
    {
      if (plot->columns->columns[i].state != PSC_CHART_COLUMN_KNOWN)
        {
          i++;
          continue;
        }
      cairo_move_to (cr, x_of_column (plot, i), bottom);
      last = bottom;
      for (; i < n && plot->columns->columns[i].state == PSC_CHART_COLUMN_KNOWN; i++)
        {
          double y = edge_of (plot, i, layer, most);

          if (fabs (y - last) < 0.02)
            continue;
          cairo_line_to (cr, x_of_column (plot, i), last);
          cairo_line_to (cr, x_of_column (plot, i), y);
          last = y;
        }
      cairo_line_to (cr, x_of_column (plot, i), last);
      cairo_line_to (cr, x_of_column (plot, i), bottom);
      cairo_close_path (cr);
    }
}

/* A pattern as a source: what it doesn't cover is left as it is. */
static void
set_ink (const PscCanvas *canvas, PscPattern pattern, PscColor ink)
{
  cairo_surface_t *tile =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, PSC_PATTERN_SIZE, PSC_PATTERN_SIZE);
  int stride = cairo_image_surface_get_stride (tile);
  guint8 *data = cairo_image_surface_get_data (tile);
  cairo_pattern_t *source;

  for (guint y = 0; data != NULL && y < PSC_PATTERN_SIZE; y++)
    for (guint x = 0; x < PSC_PATTERN_SIZE; x++)
      if (psc_pattern_covers (pattern, x, y))
        ((guint32 *) (void *) (data + (gsize) y * (gsize) stride))[x] = 0xff000000 | ink;
  cairo_surface_mark_dirty (tile);
  source = cairo_pattern_create_for_surface (tile);
  cairo_pattern_set_extend (source, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (source, CAIRO_FILTER_NEAREST);
  cairo_set_source (canvas->cr, source);
  cairo_pattern_destroy (source);
  cairo_surface_destroy (tile);
}

static PscPattern
pattern_of (const Plot *plot, guint layer)
{
  const PscChartLayers *layers = &plot->columns->layers;
  guint n;

  if (layer + 1 == layers->n)
    return PSC_PATTERN_DIAGONAL_UP;
  if (!plot->chart->patterns || (layers->has_other && layer == 0))
    return PSC_PATTERN_NONE;
  return psc_lens_get_entries (PSC_LENS_KIND, &n)[layers->kinds[layer - layers->has_other]].pattern;
}

/* From the top layer down, each over all that is above it: edges lie on what they border on. */
static void
draw_areas (const Plot *plot, gboolean most)
{
  const PscCanvas *canvas = plot->canvas;
  const PscChartLayers *layers = &plot->columns->layers;

  for (guint layer = layers->n; layer-- > 0;)
    {
      PscColor color = psc_chart_layer_color (layers, layer, plot->chart->theme);
      PscPattern pattern = pattern_of (plot, layer);

      if (most)
        color = psc_color_mix (color, canvas->colors->background, PALE);
      add_area (plot, layer, most);
      psc_canvas_set_color (canvas, color, 1);
      cairo_fill_preserve (canvas->cr);
      if (pattern != PSC_PATTERN_NONE)
        {
          /* What is in swap is not in memory: there the background is what shines through. */
          set_ink (canvas, pattern,
                   layer + 1 == layers->n ? canvas->colors->background : psc_pattern_ink (color));
          cairo_fill_preserve (canvas->cr);
        }
      cairo_new_path (canvas->cr);
    }
}

/* The most there was, as a line: a single column of it is seen. */
static void
draw_crest (const Plot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  cairo_t *cr = canvas->cr;
  double last = 0;
  gboolean on = FALSE;

  for (guint i = 0; i < plot->columns->n; i++)
    {
      double y = edge_of (plot, i, plot->columns->layers.n - 1, TRUE);

      if (plot->columns->columns[i].state != PSC_CHART_COLUMN_KNOWN)
        {
          on = FALSE;
          continue;
        }
      if (!on)
        cairo_move_to (cr, x_of_column (plot, i), y);
      else if (fabs (y - last) >= 0.02)
        {
          cairo_line_to (cr, x_of_column (plot, i), last);
          cairo_line_to (cr, x_of_column (plot, i), y);
        }
      on = TRUE;
      last = y;
      if (i + 1 == plot->columns->n ||
          plot->columns->columns[i + 1].state != PSC_CHART_COLUMN_KNOWN)
        cairo_line_to (cr, x_of_column (plot, i + 1), last);
    }
  psc_canvas_set_color (canvas, canvas->colors->text, 0.55);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_unknown (const Plot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *rect = &plot->places->memory;
  guint i = 0, n = plot->columns->n;

  while (i < n)
    {
      guint first = i;
      double x, width;

      for (; i < n && plot->columns->columns[i].state == PSC_CHART_COLUMN_UNKNOWN; i++)
        continue;
      x = x_of_column (plot, first);
      width = x_of_column (plot, i) - x;
      i += i == first;
      if (width <= 0)
        continue;
      set_ink (canvas, PSC_PATTERN_DIAGONAL_DOWN, canvas->colors->gap);
      cairo_rectangle (canvas->cr, x, rect->y, width, rect->height);
      cairo_fill (canvas->cr);
      if (width > canvas->em * 6)
        psc_canvas_text (canvas, canvas->text, _ ("not known"), x + width / 2,
                         rect->y + rect->height / 2, PSC_ALIGN_CENTER, width, canvas->colors->text);
    }
}

static guint
count_lines (const Plot *plot)
{
  double room = plot->places->memory.height / (plot->canvas->em * LINE_ROOM);

  return (guint) CLAMP (room, 1, MOST_LINES);
}

/* Over the areas, so that one can read off how high they are; its numbers beside it. */
static void
draw_size_axis (const Plot *plot, double step, gboolean lines)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *rect = &plot->places->memory;

  for (double bytes = lines ? step : 0; bytes <= plot->top + 1; bytes += step)
    {
      double y = y_of (plot, bytes);
      g_autofree char *text = psc_format_size ((guint64) bytes);

      if (lines)
        {
          psc_canvas_set_color (canvas, canvas->colors->text, 0.12);
          cairo_rectangle (canvas->cr, rect->x, round (y), rect->width, 1);
          cairo_fill (canvas->cr);
        }
      else
        psc_canvas_text (canvas, canvas->small, bytes == 0 ? "0" : text, rect->x - MARGIN / 2,
                         CLAMP (y, rect->y + canvas->em * 0.3, rect->y + rect->height - 4),
                         PSC_ALIGN_RIGHT, 0, canvas->colors->dim);
    }
}

static void
draw_memory (const Plot *plot, double step)
{
  draw_unknown (plot);
  draw_areas (plot, TRUE);
  draw_areas (plot, FALSE);
  draw_crest (plot);
  draw_size_axis (plot, step, TRUE);
  draw_size_axis (plot, step, FALSE);
}

/* --- faults -------------------------------------------------------------------------------- */

static char *
dup_rate (double rate)
{
  if (rate >= 1e6)
    return g_strdup_printf ("%.3g M", rate / 1e6);
  if (rate >= 1e3)
    return g_strdup_printf ("%.3g k", rate / 1e3);
  return g_strdup_printf ("%.0f", ceil (rate));
}

/* By the square root: a process that starts has a thousand times as many as one that runs. */
static double
height_of (const Plot *plot, double rate)
{
  if (rate <= 0 || plot->columns->most_faults <= 0)
    return 0;
  return sqrt (rate / plot->columns->most_faults) * plot->places->faults.height;
}

static void
add_bars (const Plot *plot, gboolean major)
{
  const PscRect *lane = &plot->places->faults;
  double bottom = lane->y + lane->height;

  for (guint i = 0; i < plot->columns->n; i++)
    {
      const PscChartColumn *column = &plot->columns->columns[i];
      double height = height_of (plot, major ? column->major : column->minor);

      if (height <= 0)
        continue;
      height = MAX (height, major ? LEAST_MAJOR_PX : 1);
      cairo_rectangle (plot->canvas->cr, x_of_column (plot, i), bottom - height,
                       MAX (plot->column_width, major ? MAJOR_WIDTH_PX : 0), height);
    }
}

static void
draw_faults (const Plot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *lane = &plot->places->faults;
  g_autofree char *rate = dup_rate (MAX (plot->columns->most_faults, 0));
  g_autofree char *most = g_strdup_printf (_ ("≤ %s"), rate);
  double line = lane->height / 4;

  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_rectangle (canvas->cr, lane->x, lane->y + lane->height, lane->width, 1);
  cairo_fill (canvas->cr);
  add_bars (plot, FALSE);
  psc_canvas_set_color (canvas, canvas->colors->dim, 0.6);
  cairo_fill (canvas->cr);
  add_bars (plot, TRUE);
  psc_canvas_set_color (canvas, canvas->colors->text, 1);
  cairo_fill (canvas->cr);
  psc_canvas_text (canvas, canvas->small, _ ("faults/s"), lane->x - MARGIN / 2, lane->y + line,
                   PSC_ALIGN_RIGHT, lane->x - MARGIN, canvas->colors->dim);
  psc_canvas_text (canvas, canvas->small, most, lane->x - MARGIN / 2, lane->y + 3 * line + 1,
                   PSC_ALIGN_RIGHT, lane->x - MARGIN, canvas->colors->dim);
}

/* --- the chart ----------------------------------------------------------------------------- */

static gboolean
is_empty (const PscChart *chart)
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
  double scale_x = 1, scale_y = 1, step;
  guint n;
  PscChartColumns columns;
  Plot plot = { canvas, chart, places, &columns, 0, 0 };

  cairo_surface_get_device_scale (cairo_get_target (canvas->cr), &scale_x, &scale_y);
  n = (guint) MAX (floor (places->memory.width * MAX (scale_x, 1)), 1);
  psc_chart_columns_init (&columns, chart, n);
  plot.column_width = places->memory.width / n;
  step = psc_chart_size_step (columns.peak, count_lines (&plot));
  plot.top = MAX (ceil (columns.peak / step), 1) * step;
  draw_memory (&plot, step);
  draw_faults (&plot);
  psc_chart_columns_finish (&columns);
}

void
psc_chart_draw (const PscChart *chart, cairo_t *cr, double width, double height)
{
  PscCanvas canvas;
  PscChartPlaces places;
  PscMap look;

  canvas_init (&canvas, chart, &look, cr);
  places = psc_chart_places (&canvas, chart, width, height);
  cairo_save (cr);
  psc_canvas_set_color (&canvas, canvas.colors->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  if (is_empty (chart) || chart->to_usec <= chart->from_usec)
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

/* --- what is pointed at -------------------------------------------------------------------- */

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
  double x = rect->x + size + MARGIN;

  psc_canvas_measure (canvas, canvas->text, amount, &amount_width, &height);
  psc_canvas_set_color (canvas, color, 1);
  cairo_rectangle (canvas->cr, round (rect->x), round (y - size / 2), size, size);
  cairo_fill (canvas->cr);
  psc_canvas_text (canvas, canvas->text, title, x, y, PSC_ALIGN_LEFT,
                   rect->x + rect->width - amount_width - MARGIN - x, canvas->colors->text);
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

  if (is_empty (chart))
    return;
  canvas_init (&canvas, chart, &look, cr);
  places = psc_chart_places (&canvas, chart, width, height);
  cairo_save (cr);
  draw_legend (&canvas, chart, &places);
  draw_flag (&canvas, chart, &places);
  draw_line (&canvas, chart, &places, chart->hover_usec, canvas.colors->rule, 1);
  draw_line (&canvas, chart, &places, chart->shown_usec, canvas.colors->accent, 2);
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
find_kind (const PscChart *chart, const PscRect *rect, double y, PscChartSpot *spot)
{
  const PscMoment *moment = psc_timeline_get_moment (chart->timeline, spot->moment);
  PscChartColumns columns;
  double bytes[PSC_CHART_MAX_LAYERS], at, step, sum = 0;
  PscCanvas canvas;
  PscMap look;
  PscChartPlaces places = { .memory = *rect };
  Plot plot = { &canvas, chart, &places, &columns, 0, 0 };

  psc_chart_columns_init (&columns, chart, (guint) MAX (rect->width, 1));
  canvas_init (&canvas, chart, &look, NULL);
  step = psc_chart_size_step (columns.peak, count_lines (&plot));
  psc_canvas_finish (&canvas);
  at = (rect->y + rect->height - y) / rect->height * MAX (ceil (columns.peak / step), 1) * step;
  psc_chart_layers_split (&columns.layers, moment, bytes);
  for (guint i = 0; i + 1 < columns.layers.n; i++)
    {
      if (at >= sum && at < sum + bytes[i] && i >= (guint) columns.layers.has_other)
        {
          spot->has_kind = TRUE;
          spot->kind = columns.layers.kinds[i - columns.layers.has_other];
        }
      sum += bytes[i];
    }
  psc_chart_columns_finish (&columns);
}

static void
find_mark (const PscChart *chart, const PscRect *lane, double x, PscChartSpot *spot)
{
  PscCanvas canvas;
  PscMap look;
  g_autoptr (GArray) marks = NULL;
  double nearest;

  canvas_init (&canvas, chart, &look, NULL);
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

  if (is_empty (chart))
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
        find_kind (chart, &places.memory, y, &spot);
    }
  else if (is_inside (&places.faults, x, y))
    spot.part = PSC_CHART_FAULTS;
  else if (is_inside (&places.axis, x, y))
    spot.part = PSC_CHART_AXIS;
  return spot;
}
