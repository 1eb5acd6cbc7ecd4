/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-growth-fit.h"

#include <math.h>

/* A fall of so much of the deepest one is a cycle's. */
#define FALL_SHARE (1.0 / 3)
#define LONG_PARTS 8

static double
square (double x)
{
  return x * x;
}

/* Weighted regression through the origin of y on two columns: what generalised least squares comes
 * to once points are made into differences. FALSE when the columns are the same. */
typedef struct
{
  double aa, ab, bb, ay, by, yy;
} Sums;

static void
sums_add (Sums *sums, double a, double b, double y)
{
  sums->aa += a * a;
  sums->ab += a * b;
  sums->bb += b * b;
  sums->ay += a * y;
  sums->by += b * y;
  sums->yy += y * y;
}

static gboolean
sums_solve (const Sums *sums, double *first, double *second, double *second_weight)
{
  double determinant = sums->aa * sums->bb - square (sums->ab);

  if (!(determinant > 1e-12 * sums->aa * sums->bb))
    return FALSE;
  *first = (sums->bb * sums->ay - sums->ab * sums->by) / determinant;
  *second = (sums->aa * sums->by - sums->ab * sums->ay) / determinant;
  *second_weight = determinant / sums->aa;
  return TRUE;
}

/* Times from their middle on: there is nothing to cancel then. */
static double
middle_of (const PscPoint *points, guint n)
{
  return (points[0].time_s + points[n - 1].time_s) / 2;
}

/* How much of an error is left in the next one, by ordinary regression. The estimate is too low by
 * (2 + 4 ar) / n when a trend is taken out first. It is 1 as long as a test of Dickey and Fuller
 * does not refuse that with 90 % confidence (their table for a constant and a trend). */
static double
find_ar (const PscPoint *points, guint n, double base, double slope)
{
  double middle = middle_of (points, n), before = 0, product = 0, squares = 0, all = 0, ar, error;

  for (guint i = 0; i < n; i++)
    {
      error = points[i].value - base - slope * (points[i].time_s - middle);
      if (i > 0)
        {
          product += error * before;
          squares += before * before;
          all += error * error;
        }
      before = error;
    }
  if (!(squares > 0))
    return 0;
  ar = product / squares;
  error = sqrt (MAX (all - ar * product, 0) / (n - 3) / squares);
  if (ar - 1 > -3.15 * error)
    return 1;
  return CLAMP (ar + (2 + 4 * ar) / n, 0, 1);
}

/* The first point counts in full, as in Perron and Yabu. */
static void
sum_differences (const PscPoint *points, guint n, double ar, Sums *sums)
{
  double middle = middle_of (points, n);
  double first_weight = ar < 1 ? sqrt (1 - ar * ar) : 0;

  sums_add (sums, first_weight, first_weight * (points[0].time_s - middle),
            first_weight * points[0].value);
  for (guint i = 1; i < n; i++)
    sums_add (sums, 1 - ar, points[i].time_s - middle - ar * (points[i - 1].time_s - middle),
              points[i].value - ar * points[i - 1].value);
}

/* A random walk has no level: only its steps count, and the constant falls out. */
static void
fit_walk (const PscPoint *points, guint n, PscLine *line)
{
  double span = points[n - 1].time_s - points[0].time_s, rest = 0;

  line->slope = (points[n - 1].value - points[0].value) / span;
  for (guint i = 1; i < n; i++)
    rest += square (points[i].value - points[i - 1].value -
                    line->slope * (points[i].time_s - points[i - 1].time_s));
  line->freedom = n - 2;
  line->step_sd = sqrt (rest / line->freedom);
  line->slope_error = line->step_sd * sqrt (n - 1) / span;
}

static gboolean
fit_stationary (const PscPoint *points, guint n, PscLine *line)
{
  Sums sums = { 0 };
  double base, weight, rest = 0, middle = middle_of (points, n), before = 0;

  sum_differences (points, n, line->ar, &sums);
  if (!sums_solve (&sums, &base, &line->slope, &weight))
    return FALSE;
  /* Not from the sums: they are of large numbers that are nearly the same. */
  for (guint i = 0; i < n; i++)
    {
      double error = points[i].value - base - line->slope * (points[i].time_s - middle);

      rest += i > 0 ? square (error - line->ar * before) : square (error) * (1 - square (line->ar));
      before = error;
    }
  line->freedom = n - 2;
  line->step_sd = sqrt (rest / line->freedom);
  line->slope_error = line->step_sd / sqrt (weight);
  return TRUE;
}

gboolean
psc_line_fit (const PscPoint *points, guint n, PscLine *line)
{
  Sums sums = { 0 };
  double base, slope, weight;

  *line = (PscLine){ 0 };
  if (n < 4 || !(points[n - 1].time_s > points[0].time_s))
    return FALSE;
  sum_differences (points, n, 0, &sums);
  if (!sums_solve (&sums, &base, &slope, &weight))
    return FALSE;
  line->ar = find_ar (points, n, base, slope);
  if (line->ar < 1)
    return fit_stationary (points, n, line);
  fit_walk (points, n, line);
  return TRUE;
}

/* The 99.5th percentile: Abramowitz and Stegun, 26.7.5, good to a hundredth from four degrees of
 * freedom on. */
static double
student_t (guint freedom)
{
  const double z = 2.5758293, v = MAX (freedom, 2);

  return z + (pow (z, 3) + z) / (4 * v) +
         (5 * pow (z, 5) + 16 * pow (z, 3) + 3 * z) / (96 * v * v) +
         (3 * pow (z, 7) + 19 * pow (z, 5) + 17 * pow (z, 3) - 15 * z) / (384 * v * v * v);
}

double
psc_line_margin (const PscLine *line)
{
  return student_t (line->freedom) * line->slope_error;
}

/* The middle of a part of the points. */
static PscPoint
mean_of (const PscPoint *points, guint n)
{
  PscPoint mean = { 0 };

  for (guint i = 0; i < n; i++)
    {
      mean.time_s += points[i].time_s / n;
      mean.value += points[i].value / n;
    }
  return mean;
}

double
psc_line_long_margin (const PscPoint *points, guint n, const PscLine *line)
{
  PscPoint parts[LONG_PARTS];
  PscLine walk = { 0 };

  if (n < 2 * LONG_PARTS)
    return psc_line_margin (line);
  for (guint i = 0; i < LONG_PARTS; i++)
    parts[i] = mean_of (&points[i * n / LONG_PARTS], (i + 1) * n / LONG_PARTS - i * n / LONG_PARTS);
  fit_walk (parts, LONG_PARTS, &walk);
  return MAX (psc_line_margin (line), psc_line_margin (&walk));
}

double
psc_points_slope (const PscPoint *points, guint n)
{
  Sums sums = { 0 };
  double base, slope = 0, weight;

  sum_differences (points, n, 0, &sums);
  return sums_solve (&sums, &base, &slope, &weight) ? slope : 0;
}

double
psc_points_line_rest (const PscPoint *points, guint n)
{
  Sums sums = { 0 };
  double base, slope, weight, rest = 0, middle = middle_of (points, n);

  sum_differences (points, n, 0, &sums);
  if (!sums_solve (&sums, &base, &slope, &weight))
    return 0;
  for (guint i = 0; i < n; i++)
    rest += square (points[i].value - base - slope * (points[i].time_s - middle));
  return rest;
}

double
psc_points_deepest_fall (const PscPoint *points, guint from, guint n)
{
  double highest = -INFINITY, deepest = 0;

  for (guint i = from; i < n; i++)
    {
      highest = MAX (highest, points[i].value);
      deepest = MAX (deepest, highest - points[i].value);
    }
  return deepest;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
percentile (GArray *sorted, double share)
{
  return g_array_index (sorted, double, (guint) (share * (sorted->len - 1) + 0.5));
}

/* Peaks and troughs by turn. A turn is one when the value has come back from it by `least`. */
typedef struct
{
  double least;
  gboolean falling;
  PscPoint turn; /* the utmost since the last turning point */
  PscPoint peak; /* the last one */
  PscCycles *cycles;
  GArray *peaks, *lows, *periods, *falls; /* double; the last two are seconds */
} Walk;

static void
walk_turn (Walk *walk, const PscPoint *point)
{
  GArray *troughs = walk->cycles->troughs;

  if (walk->falling)
    {
      double fall_s = walk->turn.time_s - walk->peak.time_s;

      g_array_append_val (walk->falls, fall_s);
      if (troughs->len > 0)
        {
          double period =
              walk->turn.time_s - g_array_index (troughs, PscPoint, troughs->len - 1).time_s;

          g_array_append_val (walk->periods, period);
        }
      g_array_append_val (troughs, walk->turn);
      g_array_append_val (walk->lows, walk->turn.value);
      walk->cycles->n_falls++;
    }
  else
    {
      g_array_append_val (walk->peaks, walk->turn.value);
      walk->peak = walk->turn;
    }
  walk->falling = !walk->falling;
  walk->turn = *point;
}

static void
walk_on (Walk *walk, const PscPoint *point)
{
  double back = walk->falling ? point->value - walk->turn.value : walk->turn.value - point->value;

  if (back < 0)
    walk->turn = *point;
  else if (back >= walk->least)
    walk_turn (walk, point);
}

static void
find_middles (Walk *walk)
{
  PscCycles *cycles = walk->cycles;

  if (walk->peaks->len == 0 || walk->lows->len == 0)
    return;
  g_array_sort (walk->peaks, compare_doubles);
  g_array_sort (walk->lows, compare_doubles);
  g_array_sort (walk->periods, compare_doubles);
  g_array_sort (walk->falls, compare_doubles);
  cycles->peak = percentile (walk->peaks, 0.5);
  cycles->trough = percentile (walk->lows, 0.5);
  if (walk->periods->len == 0)
    return;
  cycles->period_s = percentile (walk->periods, 0.5);
  cycles->fall_s = percentile (walk->falls, 0.5);
  cycles->period_ratio = percentile (walk->periods, 0.9) / percentile (walk->periods, 0.1);
}

static double
range_of (const PscPoint *points, guint n)
{
  double low = INFINITY, high = -INFINITY;

  for (guint i = 0; i < n; i++)
    {
      low = MIN (low, points[i].value);
      high = MAX (high, points[i].value);
    }
  return n > 0 ? high - low : 0;
}

void
psc_cycles_find (const PscPoint *points, guint n, PscCycles *cycles)
{
  g_autoptr (GArray) peaks = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) lows = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) periods = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) falls = g_array_new (FALSE, FALSE, sizeof (double));
  Walk walk = {
    .cycles = cycles, .peaks = peaks, .lows = lows, .periods = periods, .falls = falls
  };

  *cycles = (PscCycles){ 0 };
  cycles->troughs = g_array_new (FALSE, FALSE, sizeof (PscPoint));
  cycles->deepest = psc_points_deepest_fall (points, 0, n);
  cycles->range = range_of (points, n);
  if (!(cycles->deepest > 0))
    return;
  walk.least = cycles->deepest * FALL_SHARE;
  walk.turn = points[0];
  for (guint i = 1; i < n; i++)
    walk_on (&walk, &points[i]);
  find_middles (&walk);
}

void
psc_cycles_clear (PscCycles *cycles)
{
  g_clear_pointer (&cycles->troughs, g_array_unref);
}
