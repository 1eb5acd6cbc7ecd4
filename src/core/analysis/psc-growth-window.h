/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Inside psc-growth: one window of a series, from some time to its end. Its floor, the line through
 * it, and whether that is straight. Pure; times in seconds since the first sample.
 */

#include "psc-growth-fit.h"

G_BEGIN_DECLS

/* A floor has at most so many points. */
#define PSC_FLOOR_MAX 48
/* So many falls, and only the troughs between them are the floor. */
#define PSC_FLOOR_CYCLES 6
/* With fewer, but so many, it is what was kept through all of them. */
#define PSC_FLOOR_FEW_CYCLES 3

/* At most 1024 points from index `from` on, spaced evenly where they can be. */
GArray *psc_window_points (const PscPoint *points, guint from, guint n);
/* PscPoint: the least in each of equally long parts of the time, or the troughs. O(n). */
GArray *psc_window_floor (const PscPoint *points, guint n, const PscCycles *cycles);

typedef enum
{
  PSC_WINDOW_BENT, /* no line */
  PSC_WINDOW_LEVEL,
  PSC_WINDOW_RISING,
  PSC_WINDOW_FALLING,
} PscWindowTrend;

/* What a floor does. The line is filled in whatever it is; margin: so much to each side of its
 * slope makes 99 %. */
PscWindowTrend psc_window_trend (GArray *floor, PscLine *line, double *margin);
/* Index of the point at which the floor becomes another line, in its first half, when two lines are
 * so much better than one; else 0. O(n^2) of at most PSC_FLOOR_MAX. */
guint psc_window_knee (const GArray *floor);

G_END_DECLS
