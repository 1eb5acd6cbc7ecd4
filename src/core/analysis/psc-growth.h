/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Does it grow? A judgement on a series of amounts over time: flat, warming up, growing steadily
 * (how fast, how sure, since when), going up and down like a sawtooth, shrinking. Pure functions,
 * the same answer for the same series; any thread. Nothing is assumed of the samples but that they
 * are in order of time: they may lie unevenly, and more apart the older they are.
 *
 * How it is judged
 *
 * Floor. What was given back was no leak, so the floor is judged and not the peaks. Ups and downs
 * are found by turning points: a fall counts when it is more than a third of the deepest one
 * (rainflow counting without small ranges, as in ASTM E1049). With six falls or more only the
 * troughs are looked at, with three to five only what was kept through all of them. Time is then
 * cut into at most 48 equal bins and the least of each taken, of equally many samples in each: the
 * least of many is lower than the least of few, and bins in the thinned past would seem to be
 * higher than those of today.
 *
 * Slope. By feasible generalised least squares with errors of AR(1), whose coefficient is corrected
 * for its bias and set to 1 when it is near it: Perron and Yabu, “Estimating deterministic trends
 * with an integrated or stationary noise component”, Journal of Econometrics 151 (2009). So noise
 * that depends on its own past makes the interval wider, as it must, up to a random walk, whose
 * drift is the mean of its steps; ordinary regression, and Newey-West and the block bootstrap of so
 * short a series too, take a slow wave for a trend. The interval has 99 % confidence, by Student's
 * t, or more where parts of an eighth of the time tell of a walk that noise hides from neighbours
 * (Müller and Watson, “Testing models of low-frequency variability”, Econometrica 76, 2008).
 *
 * Since when. Of all windows that end now, each 0.85 times as long as the one before, the longest
 * that is straight: its second half grew not significantly slower or faster than its first, its
 * last quarter or eighth has not stopped. The steeper beginning of a program falls off so.
 *
 * Growing steadily is what then passes all of these: the interval lies above zero; the gain is at
 * least `least` and 1/1000 of what is there; it is at least three times the deepest fall of the
 * floor in ten windows' time, which noise hardly ever does, however slow its waves are; it came in
 * at least four bins, no single one of which brought half of it; and what came before was not
 * faster and as long, because that is how a cache fills and a runtime warms up.
 *
 * Measured in tests/core/test-growth.c, which bounds it: of 1,000 series of ten minutes of flat
 * noise, none is called growing at AR(1) 0 to 0.98 from one second to the next, and 6 at 0.99,
 * whose waves last minutes; bound 10. The true rate is in the interval in 97 % or more (bound 95
 * %): that the window is chosen for being straight costs a little of the 99 %. A leak of 3 MiB/min
 * is seen 35 s after it began when all else is still, and after 3 min in slow noise of 1 MiB.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 time_usec;
  guint64 bytes; /* or whatever else is counted */
} PscSample;

typedef enum
{
  PSC_GROWTH_TOO_SHORT,
  PSC_GROWTH_FLAT,
  PSC_GROWTH_WARMING_UP, /* it grew, and slows down or has stopped */
  PSC_GROWTH_GROWING,    /* steadily; a sawtooth whose troughs rise is growing */
  PSC_GROWTH_SAWTOOTH,   /* up and down, the troughs do not rise */
  PSC_GROWTH_SHRINKING,
  PSC_N_GROWTHS
} PscGrowthShape;

/* What is warming up does now. */
typedef enum
{
  PSC_WARM_UP_RISING, /* too early to say more */
  PSC_WARM_UP_SLOWING,
  PSC_WARM_UP_STOPPED,
} PscWarmUp;

typedef struct
{
  PscGrowthShape shape;
  PscWarmUp warm_up; /* WARMING_UP only */
  gint64 since_usec; /* when what the shape says began; of what warms up: when it last was markedly
                        lower, so that it has stopped since when it has; of all else the same, or
                        the first sample */
  gint64 first_usec; /* the first sample */
  gint64 until_usec; /* the last one */
  gint64 needs_usec; /* TOO_SHORT: so much longer at least; else 0 */
  guint64 bytes;     /* the last sample */
  /* Of the floor, from since to until; of what is not growing or shrinking: from the first sample.
   */
  gint64 bytes_grown;
  /* Of the floor, with 99 % confidence; all 0 when it is too short. Of what is warming up: now. */
  double bytes_per_min, bytes_per_min_low, bytes_per_min_high;
  /* Of all samples; with cycles the middle trough and the middle peak. */
  guint64 low_bytes, high_bytes;
  gboolean has_cycles; /* also of a growing one: goes up and down as well */
  gint64 period_usec;  /* of the cycles, from trough to trough, the middle one; 0 without */
} PscTrend;

/* A shorter series is too short, and so is one of fewer samples. */
#define PSC_GROWTH_LEAST_USEC    (30 * G_USEC_PER_SEC)
#define PSC_GROWTH_LEAST_SAMPLES 12
/* `least` for memory: who grows by less is not growing. */
#define PSC_GROWTH_LEAST_BYTES (128 * G_GUINT64_CONSTANT (1024))

/* Samples in order of time, those not later than the one before are passed over. `least`: growth by
 * less than this is none, PSC_GROWTH_LEAST_BYTES for memory. n 0 gives TOO_SHORT. O(n), and up to
 * 2 ms for what moves. */
void psc_growth_judge (const PscSample *samples, guint n, guint64 least, PscTrend *trend);

/* "too_short", "flat", "warming_up", "growing", "sawtooth", "shrinking". */
const char *psc_growth_shape_id (PscGrowthShape shape);
/* "growing steadily, 3.1 MiB/min for 12 min", "warming up: +40 MiB, slowing", "flat": for people,
 * translated, without a full stop. Free with g_free(). */
char *psc_growth_dup_sentence (const PscTrend *trend);
/* "3.1 MiB/min", "42 MiB/s" when it is that fast, "1.2 MiB/h" when that slow; free with g_free().
 */
char *psc_growth_format_rate (double bytes_per_min);
/* A number to three digits that count: "0.25", "42.3", "1390"; free with g_free(). */
char *psc_growth_format_count (double count);
/* "12 min", "45 s", "2 h", "3 days": one unit, for people; free with g_free(). */
char *psc_growth_format_span (gint64 usec);

G_END_DECLS
