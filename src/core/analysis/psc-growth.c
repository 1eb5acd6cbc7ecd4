/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-growth.h"

#include <math.h>

#include "psc-growth-window.h"

#define WINDOW_RATIO 0.85
/* Noise hardly ever gains three times its deepest fall in ten times the time. */
#define FALLS_OUTDONE     3
#define FEW_FALLS_OUTDONE 4
#define FEW_TROUGHS       12
#define HORIZON           10
/* A pace that was so much faster before, for so long, is a warm-up. */
#define FASTER    1.5
#define NO_FASTER 1.1
#define LONGER    2.0
/* A regular beat, not noise: the longest periods to the shortest, what share of the peak, and what
 * share of the time it falls: noise looks the same when time runs backwards. */
#define REGULAR_RATIO     2.0
#define FEW_REGULAR_RATIO 1.5
#define CYCLE_SHARE       0.05
#define FALL_SHARE        0.34
/* Steps that a growth must have come in. */
#define LEAST_STEPS 4

typedef struct
{
  GArray *points; /* PscPoint, all samples, times since the first; values have the sign of what is
                     looked for */
  gint64 first_usec;
  double least;
} Series;

static const PscPoint *
point_at (const GArray *points, guint index)
{
  return &g_array_index (points, PscPoint, index);
}

static const PscPoint *
last_of (const GArray *points)
{
  return point_at (points, points->len - 1);
}

static double
span_of (const GArray *points)
{
  return last_of (points)->time_s - point_at (points, 0)->time_s;
}

/* First point that is no older than so many seconds. */
static guint
window_start (const Series *series, double seconds)
{
  double from = last_of (series->points)->time_s - seconds;
  guint low = 0, high = series->points->len - 1;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (point_at (series->points, middle)->time_s < from)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

typedef struct
{
  GArray *floor;
  PscCycles cycles;
  PscWindowTrend trend;
  PscLine line;
  double margin; /* to each side of the slope */
} Window;

static void
window_clear (Window *window)
{
  g_clear_pointer (&window->floor, g_array_unref);
  psc_cycles_clear (&window->cycles);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Window, window_clear)

static void
window_init (Window *window, const Series *series, double seconds)
{
  guint from = window_start (series, seconds);
  g_autoptr (GArray) points =
      psc_window_points (point_at (series->points, 0), from, series->points->len);

  psc_cycles_find (point_at (points, 0), points->len, &window->cycles);
  window->floor = psc_window_floor (point_at (points, 0), points->len, &window->cycles);
  window->trend = psc_window_trend (window->floor, &window->line, &window->margin);
}

static double
gain_of (const Window *window)
{
  return window->line.slope * span_of (window->floor);
}

/* Not in one or two jumps, and in none that was half of it: beyond what the line has for the time
 * that passed, because where little is known points may lie far apart. */
static gboolean
is_gradual (const Window *window)
{
  const GArray *floor = window->floor;
  double highest = point_at (floor, 0)->value, at_s = point_at (floor, 0)->time_s, largest = 0;
  guint n_steps = 0;

  for (guint i = 1; i < floor->len; i++)
    {
      const PscPoint *point = point_at (floor, i);
      double step = point->value - highest;

      if (step <= 0)
        continue;
      n_steps++;
      largest = MAX (largest, step - window->line.slope * (point->time_s - at_s));
      highest = point->value;
      at_s = point->time_s;
    }
  return n_steps >= LEAST_STEPS && largest <= gain_of (window) / 2;
}

/* More than what comes and goes, in a time that is much longer than the window. */
static gboolean
outdoes_falls (const Series *series, const Window *window)
{
  double seconds = HORIZON * span_of (window->floor);
  guint from = window_start (series, seconds);
  g_autoptr (GArray) points =
      psc_window_points (point_at (series->points, 0), from, series->points->len);
  g_autoptr (GArray) floor = NULL;
  gboolean in_cycles, few;
  PscCycles cycles;

  psc_cycles_find (point_at (points, 0), points->len, &cycles);
  /* A window within one rise of a sawtooth does not know of the others: all falls count then. */
  in_cycles =
      window->cycles.n_falls >= PSC_FLOOR_CYCLES && window->cycles.deepest >= cycles.deepest / 2;
  floor = psc_window_floor (point_at (points, 0), points->len, in_cycles ? &cycles : NULL);
  psc_cycles_clear (&cycles);
  /* Few troughs may rise one after the other by chance: then all must have risen by a cycle. */
  if (in_cycles && window->floor->len < FEW_TROUGHS && gain_of (window) < cycles.deepest)
    return FALSE;
  few = window->cycles.n_falls >= PSC_FLOOR_FEW_CYCLES && window->cycles.n_falls < PSC_FLOOR_CYCLES;
  return gain_of (window) >= (few ? FEW_FALLS_OUTDONE : FALLS_OUTDONE) *
                                 psc_points_deepest_fall (point_at (floor, 0), 0, floor->len);
}

/* Of the last point that is no younger; the first one when all are. */
static const PscPoint *
point_before (const GArray *points, double time_s)
{
  guint i = points->len - 1;

  while (i > 0 && point_at (points, i)->time_s > time_s)
    i--;
  return point_at (points, i);
}

static double
slope_between (const PscPoint *first, const PscPoint *last)
{
  return last->time_s > first->time_s ?
             (last->value - first->value) / (last->time_s - first->time_s) :
             0;
}

/* The first point of which all before was lower than this. */
static const PscPoint *
first_above (const GArray *history, double value)
{
  guint i = 0;

  while (i + 1 < history->len && point_at (history, i)->value < value)
    i++;
  return point_at (history, i);
}

/* It grew faster just before, and in most of what it has gained so far: then this is the end of it.
 * What slows down does so for long, so the slower it is now, the longer it must have gone on. */
static gboolean
is_tail (const Window *window, const GArray *history)
{
  const PscPoint *begin = point_at (window->floor, 0), *began, *ended;
  double base = point_at (history, 0)->value, gain = begin->value - base, ratio;
  double slope = window->line.slope, span = span_of (window->floor);
  double before = MAX (span, span_of (history) / 8);

  if (gain < 0.5 * gain_of (window) ||
      slope_between (point_before (history, begin->time_s - before), begin) <= NO_FASTER * slope)
    return FALSE;
  began = first_above (history, base + 0.05 * gain);
  ended = first_above (history, base + 0.9 * gain);
  ratio = slope_between (began, ended) / slope;
  return ratio > FASTER && begin->time_s + span - ended->time_s <
                               (ended->time_s - began->time_s) * (LONGER + log2 (ratio));
}

/* What it gained was not given back just now. */
static gboolean
is_kept (const Window *window)
{
  return last_of (window->floor)->value - point_at (window->floor, 0)->value >=
         gain_of (window) / 2;
}

/* Enough, step by step, and still there. */
static gboolean
is_growth (const Series *series, const Window *window)
{
  double level = fabs (last_of (window->floor)->value);

  return window->trend == PSC_WINDOW_RISING &&
         gain_of (window) >= MAX (series->least, level / 1000) && is_gradual (window) &&
         is_kept (window);
}

static gboolean
is_steady (const Series *series, const Window *window, const GArray *history)
{
  return outdoes_falls (series, window) && !is_tail (window, history);
}

static gint64
to_usec (const Series *series, double time_s)
{
  return series->first_usec + (gint64) (time_s * G_USEC_PER_SEC + 0.5);
}

static void
take_line (PscTrend *trend, const Window *window, double sign)
{
  double low = window->line.slope - window->margin, high = window->line.slope + window->margin;

  trend->bytes_per_min = 60 * sign * window->line.slope;
  trend->bytes_per_min_low = 60 * (sign > 0 ? low : -high);
  trend->bytes_per_min_high = 60 * (sign > 0 ? high : -low);
}

/* A window may begin a little before what it shows: with a knee that is told. */
static void
trim (const Series *series, const GArray *history, Window *window)
{
  guint knee = psc_window_knee (window->floor);
  Window later = { 0 };

  if (knee == 0)
    return;
  window_init (&later, series,
               last_of (series->points)->time_s - point_at (window->floor, knee)->time_s);
  if (is_growth (series, &later) && is_steady (series, &later, history))
    {
      window_clear (window);
      *window = later;
    }
  else
    window_clear (&later);
}

/* The longest window that rises steadily (or falls: sign -1). A longer one that rises in a line,
 * but not steadily, decides too: what is shorter is only a part of it. */
static gboolean
find_steady (const Series *series, const GArray *history, double sign, PscTrend *trend)
{
  double span = span_of (series->points);

  for (double seconds = span; seconds >= (double) PSC_GROWTH_LEAST_USEC / G_USEC_PER_SEC;
       seconds *= WINDOW_RATIO)
    {
      g_auto (Window) window = { 0 };

      if (series->points->len - window_start (series, seconds) < PSC_GROWTH_LEAST_SAMPLES)
        return FALSE;
      window_init (&window, series, seconds);
      if (!is_growth (series, &window))
        continue;
      if (!is_steady (series, &window, history))
        return FALSE;
      trim (series, history, &window);
      trend->since_usec = to_usec (series, point_at (window.floor, 0)->time_s);
      trend->bytes_grown = (gint64) (sign * gain_of (&window));
      take_line (trend, &window, sign);
      return TRUE;
    }
  return FALSE;
}

/* A beat, and not what noise does. */
static gboolean
is_regular (const Series *series, const PscCycles *cycles)
{
  double height = cycles->peak - cycles->trough;
  double most = cycles->n_falls < 6 ? FEW_REGULAR_RATIO : REGULAR_RATIO;

  return cycles->n_falls >= 3 && cycles->period_s > 0 && cycles->period_ratio <= most &&
         cycles->fall_s <= FALL_SHARE * cycles->period_s &&
         height >= MAX (2 * series->least, CYCLE_SHARE * cycles->peak);
}

static void
find_cycles (const Series *series, const Window *all, PscTrend *trend)
{
  g_auto (Window) half = { 0 };
  const PscCycles *cycles = &all->cycles;

  window_init (&half, series, span_of (series->points) / 2);
  if (!is_regular (series, cycles))
    cycles = &half.cycles;
  if (!is_regular (series, cycles))
    return;
  trend->has_cycles = TRUE;
  trend->low_bytes = (guint64) MAX (cycles->trough, 0);
  trend->high_bytes = (guint64) MAX (cycles->peak, 0);
  trend->period_usec = (gint64) (cycles->period_s * G_USEC_PER_SEC);
}

/* When it was lower the last time than what it has gained but a tenth; 0 when never. */
static double
lower_until (const GArray *floor, double now, double gain)
{
  double lower_at = 0;

  for (guint i = 0; i < floor->len; i++)
    if (point_at (floor, i)->value < now - 0.1 * gain)
      lower_at = point_at (floor, i)->time_s;
  return lower_at;
}

static PscWarmUp
find_warm_up_end (const Series *series, double gain, PscTrend *trend)
{
  g_auto (Window) end = { 0 };
  double span = span_of (series->points);

  window_init (&end, series, span / 4);
  take_line (trend, &end, 1);
  if (trend->bytes_per_min_low <= 0)
    return PSC_WARM_UP_STOPPED;
  return end.line.slope < gain / span ? PSC_WARM_UP_SLOWING : PSC_WARM_UP_RISING;
}

/* It is higher than it was, and that is not long ago. */
static gboolean
find_warm_up (const Series *series, const GArray *floor, PscTrend *trend)
{
  double now = last_of (floor)->value, gain, lower_at;

  for (guint i = floor->len - MIN (floor->len, 3); i < floor->len; i++)
    now = MIN (now, point_at (floor, i)->value);
  gain = now - point_at (floor, 0)->value;
  if (gain < MAX (series->least, CYCLE_SHARE * now) ||
      gain < FALLS_OUTDONE * psc_points_deepest_fall (point_at (floor, 0), 0, floor->len))
    return FALSE;
  lower_at = lower_until (floor, now, gain);
  trend->since_usec = to_usec (series, lower_at);
  if (last_of (series->points)->time_s - lower_at > span_of (series->points) / 2)
    return FALSE;
  trend->bytes_grown = (gint64) gain;
  trend->warm_up = find_warm_up_end (series, gain, trend);
  return TRUE;
}

static void
negate (Series *series)
{
  for (guint i = 0; i < series->points->len; i++)
    g_array_index (series->points, PscPoint, i).value *= -1;
}

/* The floor of all the time, from its very beginning, which is not always a trough. */
static GArray *
history_new (const Series *series)
{
  g_autoptr (GArray) points =
      psc_window_points (point_at (series->points, 0), 0, series->points->len);

  return psc_window_floor (point_at (points, 0), points->len, NULL);
}

static gboolean
find_shrinking (Series *series, PscTrend *trend)
{
  g_autoptr (GArray) history = NULL;
  gboolean found;

  negate (series);
  history = history_new (series);
  found = find_steady (series, history, -1, trend);
  negate (series);
  return found;
}

/* What it did before it was flat is past. */
static void
take_flat_part (const Series *series, PscTrend *trend)
{
  g_auto (Window) window = { 0 };

  if (trend->since_usec == series->first_usec)
    return;
  window_init (&window, series, (double) (trend->until_usec - trend->since_usec) / G_USEC_PER_SEC);
  take_line (trend, &window, 1);
}

static void
judge (Series *series, PscTrend *trend)
{
  g_auto (Window) all = { 0 };
  g_autoptr (GArray) history = history_new (series);

  window_init (&all, series, span_of (series->points));
  take_line (trend, &all, 1);
  /* Most parts of a process keep still, and cost no more than that. */
  if ((double) (trend->high_bytes - trend->low_bytes) < series->least)
    {
      trend->shape = PSC_GROWTH_FLAT;
      return;
    }
  find_cycles (series, &all, trend);
  if (find_steady (series, history, 1, trend))
    trend->shape = PSC_GROWTH_GROWING;
  else if (find_warm_up (series, history, trend))
    trend->shape = PSC_GROWTH_WARMING_UP;
  else if (find_shrinking (series, trend))
    trend->shape = PSC_GROWTH_SHRINKING;
  else
    {
      trend->shape = trend->has_cycles ? PSC_GROWTH_SAWTOOTH : PSC_GROWTH_FLAT;
      take_flat_part (series, trend);
    }
}

static void
series_init (Series *series, const PscSample *samples, guint n, guint64 least)
{
  gint64 last_usec = G_MININT64;

  series->points = g_array_sized_new (FALSE, FALSE, sizeof (PscPoint), n);
  series->least = (double) least;
  series->first_usec = n > 0 ? samples[0].time_usec : 0;
  for (guint i = 0; i < n; i++)
    {
      PscPoint point = { (double) (samples[i].time_usec - series->first_usec) / G_USEC_PER_SEC,
                         (double) samples[i].bytes };

      if (samples[i].time_usec > last_usec)
        g_array_append_val (series->points, point);
      last_usec = MAX (last_usec, samples[i].time_usec);
    }
}

static void
find_range (const Series *series, PscTrend *trend)
{
  double low = INFINITY, high = 0;

  for (guint i = 0; i < series->points->len; i++)
    {
      low = MIN (low, point_at (series->points, i)->value);
      high = MAX (high, point_at (series->points, i)->value);
    }
  trend->low_bytes = (guint64) low;
  trend->high_bytes = (guint64) high;
}

/* How long until there are enough samples, when they come as they did. */
static gint64
needed_usec (const Series *series)
{
  guint n = series->points->len;
  gint64 span_usec = (gint64) (span_of (series->points) * G_USEC_PER_SEC);
  gint64 needs_usec = MAX (PSC_GROWTH_LEAST_USEC - span_usec, 0);

  if (n >= PSC_GROWTH_LEAST_SAMPLES)
    return needs_usec;
  if (n < 2)
    return PSC_GROWTH_LEAST_USEC;
  return MAX (needs_usec, span_usec / (n - 1) * (PSC_GROWTH_LEAST_SAMPLES - n));
}

void
psc_growth_judge (const PscSample *samples, guint n, guint64 least, PscTrend *trend)
{
  Series series;

  *trend = (PscTrend){ .shape = PSC_GROWTH_TOO_SHORT, .needs_usec = PSC_GROWTH_LEAST_USEC };
  if (n == 0)
    return;
  series_init (&series, samples, n, least);
  find_range (&series, trend);
  trend->bytes = (guint64) last_of (series.points)->value;
  trend->first_usec = trend->since_usec = series.first_usec;
  trend->until_usec = to_usec (&series, last_of (series.points)->time_s);
  trend->bytes_grown =
      (gint64) (last_of (series.points)->value - point_at (series.points, 0)->value);
  trend->needs_usec = needed_usec (&series);
  if (trend->needs_usec == 0)
    judge (&series, trend);
  g_array_unref (series.points);
}
