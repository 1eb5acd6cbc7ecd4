/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Inside psc-growth: a straight line through few points whose errors depend on one another, and
 * ups and downs. Pure functions; times in seconds, values in whatever they are.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double time_s, value;
} PscPoint;

typedef struct
{
  double slope;       /* per second */
  double slope_error; /* standard error of it */
  double ar;          /* what an error keeps of the one before, 0 to 1 */
  double step_sd;     /* standard deviation of what is new in each error */
  guint freedom;      /* degrees of it, of Student's t */
} PscLine;

/* At least four points at rising times; FALSE else, and then there is no line. */
gboolean psc_line_fit (const PscPoint *points, guint n, PscLine *line);
/* So much to each side of the slope makes 99 %, if errors are as the line has them. */
double psc_line_margin (const PscLine *line);
/* The same, or more when the points wander in the long run by more than the line's errors tell:
 * noise hides that from one step to the next, but not from one eighth of the time to the next.
 * (Inference from few low frequencies, as in Müller and Watson, Econometrica 76, 2008.) */
double psc_line_long_margin (const PscPoint *points, guint n, const PscLine *line);

/* Of an ordinary line; 0 with fewer than two points. */
double psc_points_slope (const PscPoint *points, guint n);
/* Sum of the squares that an ordinary line leaves. */
double psc_points_line_rest (const PscPoint *points, guint n);

typedef struct
{
  GArray *troughs; /* PscPoint: the lowest between two peaks; neither the first nor the last leg */
  guint n_falls;
  double deepest;      /* largest fall from a peak to what came later; 0 when there is none */
  double range;        /* highest less lowest */
  double trough, peak; /* the middle ones; with n_falls > 0 */
  double period_s;     /* from trough to trough, the middle one; 0 with fewer than two */
  double fall_s;       /* from peak to trough, the middle one */
  double period_ratio; /* 90th percentile of the periods to the 10th */
} PscCycles;

/* O(n). Free with psc_cycles_clear(). */
void psc_cycles_find (const PscPoint *points, guint n, PscCycles *cycles);
void psc_cycles_clear (PscCycles *cycles);
/* Largest fall from a value to a later one, in [from, n). */
double psc_points_deepest_fall (const PscPoint *points, guint from, guint n);

G_END_DECLS
