/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define MINUTE (60 * (gint64) 1)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* In widths of text: least distance between two labels, and between one and the ends. */
#define LABEL_APART 6.5
#define END_APART   1.0
#define TICK_PX     3.0

double
psc_chart_size_step (double peak, guint n_most)
{
  double step = 1024;

  while (peak > step * n_most)
    step *= 2;
  return step;
}

gint64
psc_chart_time_step (gint64 min_usec)
{
  static const gint64 steps[] = { 1,           2,           5,          10,         15,
                                  30,          MINUTE,      2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
                                  15 * MINUTE, 30 * MINUTE, HOUR,       2 * HOUR,   3 * HOUR,
                                  6 * HOUR,    12 * HOUR,   DAY,        2 * DAY,    7 * DAY,
                                  14 * DAY,    28 * DAY };
  gint64 step;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * G_USEC_PER_SEC >= min_usec)
      return steps[i] * G_USEC_PER_SEC;
  step = steps[G_N_ELEMENTS (steps) - 1] * G_USEC_PER_SEC;
  while (step < min_usec)
    step *= 2;
  return step;
}

/* Labels of days and hours are those of this place, so steps begin at its midnight. */
static gint64
get_offset_usec (gint64 time_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_usec / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_get_utc_offset (time) : 0;
}

static char *
dup_label (gint64 time_usec, gint64 step_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_usec / G_USEC_PER_SEC);
  gboolean midnight;

  if (time == NULL)
    return g_strdup ("");
  midnight = g_date_time_get_hour (time) == 0 && g_date_time_get_minute (time) == 0 &&
             g_date_time_get_second (time) == 0;
  if (step_usec >= DAY * G_USEC_PER_SEC || midnight)
    return g_date_time_format (time, "%-d %b");
  return g_date_time_format (time, step_usec >= MINUTE * G_USEC_PER_SEC ? "%H:%M" : "%H:%M:%S");
}

typedef struct
{
  const PscCanvas *canvas;
  const PscRect *lane;
  double left, right; /* px that labels have to stay between */
} Axis;

static void
draw_label (const Axis *axis, const char *text, double x, PscAlign align, double width)
{
  const PscCanvas *canvas = axis->canvas;

  psc_canvas_text (canvas, canvas->small, text, x, axis->lane->y + axis->lane->height / 2 + 1,
                   align, width, canvas->colors->dim);
}

/* How long ago the beginning is, and what the end is: they stay where they are. */
static void
draw_ends (Axis *axis, const PscChart *chart)
{
  const PscCanvas *canvas = axis->canvas;
  g_autofree char *span = psc_chart_dup_span (chart->to_usec - chart->from_usec);
  g_autofree char *begin = g_strdup_printf ("−%s", span);
  double width, height;

  if (!chart->live)
    return;
  draw_label (axis, begin, axis->lane->x, PSC_ALIGN_LEFT, 0);
  psc_canvas_measure (canvas, canvas->small, begin, &width, &height);
  axis->left += width + canvas->em * END_APART;
  draw_label (axis, _ ("now"), axis->lane->x + axis->lane->width, PSC_ALIGN_RIGHT, 0);
  psc_canvas_measure (canvas, canvas->small, _ ("now"), &width, &height);
  axis->right -= width + canvas->em * END_APART;
}

static void
draw_tick (const Axis *axis, double x)
{
  const PscCanvas *canvas = axis->canvas;

  psc_canvas_set_color (canvas, canvas->colors->rule, 1);
  cairo_rectangle (canvas->cr, floor (x), axis->lane->y, 1, TICK_PX);
  cairo_fill (canvas->cr);
}

void
psc_chart_draw_time_axis (const PscCanvas *canvas, const PscChart *chart,
                          const PscChartPlaces *places)
{
  const PscRect *lane = &places->axis;
  Axis axis = { canvas, lane, lane->x, lane->x + lane->width };
  double usec_per_px = (double) (chart->to_usec - chart->from_usec) / MAX (lane->width, 1);
  gint64 step = psc_chart_time_step ((gint64) (canvas->em * LABEL_APART * usec_per_px));
  gint64 offset = get_offset_usec (chart->from_usec);
  gint64 time = (chart->from_usec + offset) / step * step - offset;

  if (lane->height <= 0)
    return;
  draw_ends (&axis, chart);
  for (; time <= chart->to_usec; time += step)
    {
      double x = psc_chart_x_in (chart, lane, time);
      g_autofree char *text = dup_label (time, step);
      double width, height;

      if (time < chart->from_usec)
        continue;
      draw_tick (&axis, x);
      psc_canvas_measure (canvas, canvas->small, text, &width, &height);
      if (x - width / 2 >= axis.left && x + width / 2 <= axis.right)
        draw_label (&axis, text, x, PSC_ALIGN_CENTER, 0);
    }
}
