/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lane of page faults. */

#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of faults that a process had to wait for, however few. */
#define LEAST_MAJOR_PX 3.0
#define MAJOR_WIDTH_PX 2

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
height_of (const PscChartPlot *plot, double rate)
{
  if (rate <= 0 || plot->columns.most_faults <= 0)
    return 0;
  return sqrt (rate / plot->columns.most_faults) * plot->places->faults.height;
}

static void
add_bars (const PscChartPlot *plot, gboolean major)
{
  const PscRect *lane = &plot->places->faults;
  double bottom = lane->y + lane->height;

  for (guint i = 0; i < plot->columns.n; i++)
    {
      const PscChartColumn *column = &plot->columns.columns[i];
      double height = height_of (plot, major ? column->major : column->minor);

      if (height <= 0)
        continue;
      height = MAX (height, major ? LEAST_MAJOR_PX : 1);
      cairo_rectangle (plot->canvas->cr, psc_chart_plot_x (plot, i), bottom - height,
                       MAX (plot->column_width, major ? MAJOR_WIDTH_PX : 0), height);
    }
}

void
psc_chart_draw_faults (const PscChartPlot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *lane = &plot->places->faults;
  g_autofree char *rate = dup_rate (MAX (plot->columns.most_faults, 0));
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
  psc_canvas_text (canvas, canvas->small, _ ("faults/s"), lane->x - PSC_CHART_MARGIN / 2,
                   lane->y + line, PSC_ALIGN_RIGHT, lane->x - PSC_CHART_MARGIN,
                   canvas->colors->dim);
  psc_canvas_text (canvas, canvas->small, most, lane->x - PSC_CHART_MARGIN / 2,
                   lane->y + 3 * line + 1, PSC_ALIGN_RIGHT, lane->x - PSC_CHART_MARGIN,
                   canvas->colors->dim);
}
