/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Made-up series of memory over time: a shape, noise on it, and how it was sampled. The same seed
 * gives the same series.
 */

#include "psc-growth.h"

G_BEGIN_DECLS

typedef enum
{
  SERIES_FLAT,
  SERIES_LEAK,           /* rate bytes/min from the beginning */
  SERIES_STEP_LEAK,      /* the same rate, in steps of `size` at random times */
  SERIES_LATE_LEAK,      /* flat for two thirds of the time */
  SERIES_START_AND_LEAK, /* `size` in the first `time_s`, then the leak */
  SERIES_APPROACH,       /* to `size` with time constant time_s */
  SERIES_FILL,           /* to `size` in a line within time_s, then flat */
  SERIES_JUMP,           /* `size` at once at time_s */
  SERIES_SAWTOOTH,       /* `size` up within time_s, then down at once */
  SERIES_SAWTOOTH_LEAK,  /* the same on a leak */
  SERIES_SPIKES,         /* `size` for a second or two, every time_s or so */
  SERIES_SHRINK,         /* rate bytes/min less */
  SERIES_STOPPED_LEAK,   /* a leak until half of the time */
} SeriesShape;

typedef struct
{
  SeriesShape shape;
  double base, rate_per_min, size, time_s;
  double noise, ar; /* standard deviation, bytes, and what an error keeps of the one before; ar 1 is
                       a random walk with steps of `noise` */
  double interval_s, length_s;
  gboolean uneven;  /* intervals between half and one and a half */
  gboolean thinned; /* the older, the fewer */
} SeriesSpec;

#define SERIES_KIB(n) ((n) *1024.0)
#define SERIES_MIB(n) ((n) *1048576.0)

/* PscSample; bytes are whole pages. */
GArray *series_new (const SeriesSpec *spec, guint32 seed);

G_END_DECLS
