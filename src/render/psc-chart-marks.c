/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <math.h>

/* In widths of text: room of a mark, with the number beside it; its size. */
#define ROOM  2.3
#define GLYPH 0.62
/* More are too many to be said. */
#define MOST_SAID 99

/* Events that lie so near to each other are one mark. The stretches begin at fixed times, so that
 * marks don't join and part while the chart moves on. */
GArray *
psc_chart_marks_find (const PscCanvas *canvas, const PscChart *chart, const PscRect *lane)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (PscChartMark));
  double room = canvas->em * ROOM, half = canvas->em * GLYPH / 2;
  double usec = (double) (chart->to_usec - chart->from_usec) * room / MAX (lane->width, 1);
  gint64 stretch = MAX ((gint64) usec, 1), last = G_MININT64;
  const PscEvent *events;
  guint n;

  if (chart->timeline == NULL || lane->height <= 0 || lane->width <= 0)
    return marks;
  events = psc_timeline_get_events (chart->timeline, &n);
  for (guint i = psc_timeline_first_event_at (chart->timeline, chart->from_usec);
       i < n && events[i].time_usec <= chart->to_usec; i++)
    {
      gint64 at = events[i].time_usec / stretch;
      PscChartMark *mark;

      if (marks->len == 0 || at != last)
        {
          double left = psc_chart_x_in (chart, lane, at * stretch);
          double x = psc_chart_x_in (chart, lane, events[i].time_usec);
          PscChartMark first = { CLAMP (x, left + half, left + room - half), i, 0 };

          g_array_append_val (marks, first);
        }
      mark = &g_array_index (marks, PscChartMark, marks->len - 1);
      /* The number has its room on the right. */
      if (++mark->n == 2)
        mark->x = psc_chart_x_in (chart, lane, at * stretch) + half;
      mark->x = CLAMP (mark->x, lane->x, lane->x + lane->width);
      last = at;
    }
  return marks;
}

static void
add_shape (cairo_t *cr, double x, double y, double size, const double (*points)[2], guint n)
{
  cairo_new_sub_path (cr);
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, x + points[i][0] * size, y + points[i][1] * size);
  cairo_close_path (cr);
}

static void
add_box (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_rectangle (cr, x - width / 2, y - height / 2, width, height);
}

/* Up is more, down is less; a bar is where swap begins. */
static void
add_glyph (cairo_t *cr, PscEventType type, double x, double y, double size)
{
  static const double up[][2] = { { 0, -0.5 }, { 0.55, 0.5 }, { -0.55, 0.5 } };
  static const double down[][2] = { { 0, 0.5 }, { 0.55, -0.5 }, { -0.55, -0.5 } };
  static const double diamond[][2] = { { 0, -0.6 }, { 0.6, 0 }, { 0, 0.6 }, { -0.6, 0 } };

  switch (type)
    {
    case PSC_EVENT_GREW:
      add_shape (cr, x, y, size, up, G_N_ELEMENTS (up));
      break;
    case PSC_EVENT_SHRANK:
      add_shape (cr, x, y, size, down, G_N_ELEMENTS (down));
      break;
    case PSC_EVENT_MAPPED:
      add_box (cr, x, y, size, size * 0.28);
      add_box (cr, x, y - size * 0.32, size * 0.28, size * 0.36);
      add_box (cr, x, y + size * 0.32, size * 0.28, size * 0.36);
      break;
    case PSC_EVENT_UNMAPPED:
      add_box (cr, x, y, size, size * 0.28);
      break;
    case PSC_EVENT_BECAME_HUGE:
      add_box (cr, x, y, size, size);
      break;
    case PSC_EVENT_SPLIT:
      add_box (cr, x - size * 0.3, y, size * 0.4, size);
      add_box (cr, x + size * 0.3, y, size * 0.4, size);
      break;
    case PSC_EVENT_SWAPPED_OUT:
      add_shape (cr, x, y - size * 0.15, size * 0.8, down, G_N_ELEMENTS (down));
      add_box (cr, x, y + size * 0.46, size, size * 0.18);
      break;
    case PSC_EVENT_SWAPPED_IN:
      add_shape (cr, x, y - size * 0.15, size * 0.8, up, G_N_ELEMENTS (up));
      add_box (cr, x, y + size * 0.46, size, size * 0.18);
      break;
    case PSC_EVENT_EXEC:
    case PSC_N_EVENTS:
    default:
      add_shape (cr, x, y, size, diamond, G_N_ELEMENTS (diamond));
      break;
    }
}

/* Where several things happened at once, the one that stands for them: another program, else what
 * happened to the most bytes. */
static const PscEvent *
find_chief (const PscEvent *events, guint n)
{
  const PscEvent *chief = &events[0];

  for (guint i = 1; i < n; i++)
    {
      gboolean exec = events[i].type == PSC_EVENT_EXEC;

      if (exec || (chief->type != PSC_EVENT_EXEC && events[i].bytes > chief->bytes))
        chief = &events[i];
    }
  return chief;
}

static void
draw_exec_line (const PscCanvas *canvas, const PscChartPlaces *places, double x)
{
  double dashes[] = { 3, 3 };
  double bottom = places->axis.y;

  psc_canvas_set_color (canvas, canvas->colors->text, 0.8);
  cairo_set_line_width (canvas->cr, 1);
  cairo_set_dash (canvas->cr, dashes, 2, 0);
  cairo_move_to (canvas->cr, floor (x) + 0.5, places->memory.y);
  cairo_line_to (canvas->cr, floor (x) + 0.5, bottom);
  cairo_stroke (canvas->cr);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

static void
draw_mark (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places,
           const PscChartMark *mark)
{
  guint n;
  const PscEvent *events = &psc_timeline_get_events (chart->timeline, &n)[mark->first];
  const PscEvent *chief = find_chief (events, mark->n);
  gboolean exec = chief->type == PSC_EVENT_EXEC;
  double y = places->events.y + places->events.height / 2;
  double size = canvas->em * GLYPH;

  if (exec)
    draw_exec_line (canvas, places, mark->x);
  psc_canvas_set_color (
      canvas, exec ? canvas->colors->text : psc_kind_color (chief->kind, chart->theme), 1);
  cairo_new_path (canvas->cr);
  add_glyph (canvas->cr, chief->type, mark->x, y, size);
  cairo_fill (canvas->cr);
  if (mark->n > 1)
    {
      g_autofree char *count = mark->n > MOST_SAID ? g_strdup_printf ("%u+", MOST_SAID) :
                                                     g_strdup_printf ("%u", mark->n);

      psc_canvas_text (canvas, canvas->small, count, mark->x + size * 0.75, y, PSC_ALIGN_LEFT, 0,
                       canvas->colors->dim);
    }
}

void
psc_chart_draw_marks (const PscCanvas *canvas, const PscChart *chart, const PscChartPlaces *places)
{
  g_autoptr (GArray) marks = psc_chart_marks_find (canvas, chart, &places->events);

  for (guint i = 0; i < marks->len; i++)
    draw_mark (canvas, chart, places, &g_array_index (marks, PscChartMark, i));
}
