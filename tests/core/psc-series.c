/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-series.h"

#include <math.h>

static double
normal (GRand *rand)
{
  double u = 1 - g_rand_double (rand), v = g_rand_double (rand);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

static double
saw (const SeriesSpec *spec, double t)
{
  return spec->size * fmod (t, spec->time_s) / spec->time_s;
}

/* What there is at second t, without noise. */
static double
shape_at (const SeriesSpec *spec, double t)
{
  double leak = spec->rate_per_min / 60;

  switch (spec->shape)
    {
    case SERIES_LEAK:
      return leak * t;
    case SERIES_SHRINK:
      return -leak * t;
    case SERIES_LATE_LEAK:
      return leak * MAX (t - spec->length_s * 2 / 3, 0);
    case SERIES_STOPPED_LEAK:
      return leak * MIN (t, spec->length_s / 2);
    case SERIES_START_AND_LEAK:
      return spec->size * MIN (t / spec->time_s, 1) + leak * t;
    case SERIES_APPROACH:
      return spec->size * (1 - exp (-t / spec->time_s));
    case SERIES_FILL:
      return spec->size * MIN (t / spec->time_s, 1);
    case SERIES_JUMP:
      return t >= spec->time_s ? spec->size : 0;
    case SERIES_SAWTOOTH:
      return saw (spec, t);
    case SERIES_SAWTOOTH_LEAK:
      return saw (spec, t) + leak * t;
    case SERIES_FLAT:
    case SERIES_STEP_LEAK:
    case SERIES_SPIKES:
    default:
      return 0;
    }
}

/* What depends on chance and on what was before. */
typedef struct
{
  double error, steps, spike;
} State;

static void
state_go (State *state, const SeriesSpec *spec, GRand *rand, double seconds)
{
  double ar = pow (spec->ar, seconds);
  double p_step = spec->rate_per_min / 60 / spec->size * seconds;

  state->error = ar < 1 ? ar * state->error + spec->noise * sqrt (1 - ar * ar) * normal (rand) :
                          state->error + spec->noise * sqrt (seconds) * normal (rand);
  if (spec->shape == SERIES_STEP_LEAK)
    for (; p_step > 0; p_step -= 1)
      state->steps += g_rand_double (rand) < p_step ? spec->size : 0;
  if (spec->shape == SERIES_SPIKES)
    state->spike = g_rand_double (rand) < seconds / spec->time_s ? spec->size : 0;
}

/* As a timeline does with every other moment of its older half, twice. */
static void
thin_out (GArray *samples)
{
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = samples->len / 2; i > 0; i--)
      if (i % 2 == 1)
        g_array_remove_index (samples, i);
}

GArray *
series_new (const SeriesSpec *spec, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (PscSample));
  State state = { .error = spec->ar < 1 ? spec->noise * normal (rand) : 0 };
  double t = 0;

  while (t <= spec->length_s)
    {
      double seconds = spec->interval_s * (spec->uneven ? 0.5 + g_rand_double (rand) : 1);
      double bytes = spec->base + shape_at (spec, t) + state.error + state.steps + state.spike;
      PscSample sample = { (gint64) (t * G_USEC_PER_SEC), (guint64) MAX (bytes / 4096, 0) * 4096 };

      g_array_append_val (samples, sample);
      state_go (&state, spec, rand, seconds);
      t += seconds;
    }
  if (spec->thinned)
    thin_out (samples);
  return samples;
}
