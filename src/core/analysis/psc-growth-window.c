/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-growth-window.h"

#include <math.h>

#define MOST_POINTS 1024
/* Falls that are less than this of all that there is are only noise on something else. */
#define CYCLES_SHARE 0.25
/* A part of a window is another line when its slope is not only certainly another but also by so
 * much: rates of real leaks vary, and a curve that is this flat is as good as a line. */
#define BENT_RATIO 0.7
/* Several parts of many windows are looked at, so 99 % would not be enough. */
#define BENT_MARGIN 1.4
#define LEAST_PART  5
/* Of what slows down or has stopped less proof is asked: "growing steadily" is what has to be sure.
 */
#define FADED_MARGIN 0.8
#define FADED_RATIO  0.5
/* Two lines must leave less than so much of the squares that one leaves. */
#define KNEE_RATIO 0.6
#define KNEE_LEAST 3

GArray *
psc_window_points (const PscPoint *points, guint from, guint n)
{
  GArray *some = g_array_sized_new (FALSE, FALSE, sizeof (PscPoint), MIN (n - from, MOST_POINTS));
  double spacing = (points[n - 1].time_s - points[from].time_s) / MOST_POINTS;
  double next = points[from].time_s;

  if (n - from <= MOST_POINTS)
    return g_array_append_vals (some, &points[from], n - from);
  for (guint i = from; i < n; i++)
    if (points[i].time_s >= next || i == n - 1)
      {
        g_array_append_val (some, points[i]);
        next = MAX (next + spacing, points[i].time_s + spacing / 2);
      }
  return some;
}

static guint
bin_of (const PscPoint *points, guint n, guint index, guint n_bins)
{
  double span = points[n - 1].time_s - points[0].time_s;
  double share = (points[index].time_s - points[0].time_s) / span;

  return MIN ((guint) (share * n_bins), n_bins - 1);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a, second = *(const guint *) b;

  return first < second ? -1 : first > second;
}

/* How many samples to take of each bin: nearly all bins have them. */
static guint
count_to_take (const guint counts[PSC_FLOOR_MAX], guint n_bins)
{
  guint sorted[PSC_FLOOR_MAX], n = 0;

  for (guint i = 0; i < n_bins; i++)
    if (counts[i] > 0)
      sorted[n++] = counts[i];
  qsort (sorted, n, sizeof sorted[0], compare_counts);
  return sorted[n / 10];
}

static GArray *
bin_floor (const PscPoint *points, guint n, guint n_bins)
{
  GArray *floor = g_array_sized_new (FALSE, FALSE, sizeof (PscPoint), n_bins);
  guint counts[PSC_FLOOR_MAX] = { 0 }, take;

  for (guint i = 0; i < n; i++)
    counts[bin_of (points, n, i, n_bins)]++;
  take = count_to_take (counts, n_bins);
  for (guint bin = 0, first = 0; bin < n_bins; first += counts[bin++])
    {
      guint n_taken = MIN (take, counts[bin]);
      const PscPoint *least = NULL;

      for (guint i = 0; i < n_taken; i++)
        {
          const PscPoint *point = &points[first + i * counts[bin] / n_taken];

          if (least == NULL || point->value < least->value)
            least = point;
        }
      if (least != NULL)
        g_array_append_val (floor, *least);
    }
  return floor;
}

/* What was never given back after: the least of all that comes later. The last rise is left out,
 * since nobody knows yet how much of it stays. */
static GArray *
kept_floor (const PscPoint *points, guint n, const PscPoint *last_trough)
{
  g_autoptr (GArray) kept =
      g_array_append_vals (g_array_sized_new (FALSE, FALSE, sizeof (PscPoint), n), points, n);
  PscPoint *values = (PscPoint *) (void *) kept->data;

  while (n > 0 && points[n - 1].time_s > last_trough->time_s)
    n--;
  for (guint i = n - 1; i > 0; i--)
    values[i - 1].value = MIN (values[i - 1].value, values[i].value);
  return n <= PSC_FLOOR_MAX ?
             g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (PscPoint)), values, n) :
             bin_floor (values, n, PSC_FLOOR_MAX);
}

GArray *
psc_window_floor (const PscPoint *points, guint n, const PscCycles *cycles)
{
  if (cycles != NULL && cycles->n_falls >= PSC_FLOOR_FEW_CYCLES &&
      cycles->deepest >= CYCLES_SHARE * cycles->range)
    {
      const PscPoint *troughs = (const PscPoint *) (const void *) cycles->troughs->data;

      if (cycles->n_falls < PSC_FLOOR_CYCLES)
        return kept_floor (points, n, &troughs[cycles->troughs->len - 1]);
      points = troughs;
      n = cycles->troughs->len;
    }
  if (n <= PSC_FLOOR_MAX)
    return g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (PscPoint)), points, n);
  return bin_floor (points, n, PSC_FLOOR_MAX);
}

static gboolean
is_other_slope (double first, double second)
{
  double smaller = fabs (first) < fabs (second) ? first : second;
  double larger = fabs (first) < fabs (second) ? second : first;

  return larger > 0 ? smaller < BENT_RATIO * larger : smaller > BENT_RATIO * larger;
}

/* Do these two parts go on alike? */
static gboolean
is_bent_at (const PscPoint *points, guint n, guint knee, const PscLine *whole)
{
  PscLine before, after;
  double margin, faded;

  if (knee < LEAST_PART || n - knee < LEAST_PART || !psc_line_fit (points, knee, &before) ||
      !psc_line_fit (&points[knee], n - knee, &after))
    return FALSE;
  /* What is bent before makes for errors that hide that it has stopped: the end alone decides. */
  faded = n - knee < n / 4 ? 2 * FADED_MARGIN : FADED_MARGIN;
  if (after.slope + faded * psc_line_margin (&after) < FADED_RATIO * whole->slope)
    return TRUE;
  margin = hypot (psc_line_margin (&before), psc_line_margin (&after));
  margin *= fabs (after.slope) < fabs (before.slope) ? faded : BENT_MARGIN;
  if (fabs (after.slope - before.slope) <= margin)
    return FALSE;
  return is_other_slope (before.slope, after.slope);
}

PscWindowTrend
psc_window_trend (GArray *floor, PscLine *line, double *margin)
{
  const PscPoint *points = (const PscPoint *) (const void *) floor->data;
  guint n = floor->len;

  *margin = 0;
  if (!psc_line_fit (points, n, line))
    return PSC_WINDOW_BENT;
  *margin = psc_line_long_margin (points, n, line);
  for (guint part = 2; part <= 8; part *= 2)
    if (is_bent_at (points, n, n - n / part, line))
      return PSC_WINDOW_BENT;
  if (line->slope > *margin)
    return PSC_WINDOW_RISING;
  return line->slope < -*margin ? PSC_WINDOW_FALLING : PSC_WINDOW_LEVEL;
}

guint
psc_window_knee (const GArray *floor)
{
  const PscPoint *points = (const PscPoint *) (const void *) floor->data;
  guint n = floor->len, best = 0;
  double least = KNEE_RATIO * psc_points_line_rest (points, n);

  for (guint knee = KNEE_LEAST; knee <= n / 2; knee++)
    {
      double rest =
          psc_points_line_rest (points, knee) + psc_points_line_rest (&points[knee], n - knee);

      if (rest < least && is_other_slope (psc_points_slope (points, knee),
                                          psc_points_slope (&points[knee], n - knee)))
        {
          least = rest;
          best = knee;
        }
    }
  return best;
}
