/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * When a process that goes on growing as it does runs into something. Pure, any thread.
 *
 * Rates have a low and a high bound, so times have too: the low bound of time goes with the high
 * one of the rate. What the kernel does on the way (gives back page cache, swaps) makes the true
 * time later, never sooner.
 */

#include <math.h>

#include "psc-limits.h"

G_BEGIN_DECLS

/* What there is a limit of. */
typedef enum
{
  PSC_FORECAST_CGROUP,        /* a control group's limit: then somebody in it is killed */
  PSC_FORECAST_CGROUP_HIGH,   /* memory.high: then it is slowed down */
  PSC_FORECAST_OUT_OF_MEMORY, /* of the whole machine */
  PSC_FORECAST_COMMIT,        /* CommitLimit, where overcommit is switched off */
  PSC_FORECAST_MAPPINGS,      /* vm.max_map_count */
  PSC_FORECAST_STACK,         /* RLIMIT_STACK */
  PSC_FORECAST_ADDRESS_SPACE, /* RLIMIT_AS */
  PSC_FORECAST_DATA,          /* RLIMIT_DATA */
  PSC_N_FORECASTS
} PscForecastKind;

/* Per minute; high at least low. A rate that isn't known: both 0. */
typedef struct
{
  double low, high;
} PscRate;

/* How a process grows. */
typedef struct
{
  PscRate memory;        /* bytes resident and swapped that are its own or of no file */
  PscRate mappings;      /* mappings */
  PscRate stack;         /* bytes of the main thread's stack */
  PscRate address_space; /* bytes mapped */
} PscGrowth;

/* What it has now; 0: not known, then there is no forecast of that. */
typedef struct
{
  guint64 n_mappings;
  guint64 stack;         /* bytes of the main thread's stack, its mapping's size */
  guint64 address_space; /* bytes mapped */
  guint64 data;          /* bytes of private writable memory mapped, status VmData */
} PscAmounts;

typedef struct
{
  PscForecastKind kind;
  guint64 limit, now;      /* bytes, or mappings; now may be above the limit */
  double low, high;        /* minutes until then, from now; high is INFINITY when it may never be */
  const char *cgroup_path; /* of CGROUP and CGROUP_HIGH, borrowed from the limits; else NULL */
  char *sentence;          /* translated, one sentence without a full stop */
} PscForecast;

/* Mappings, main stack, address space and data of a snapshot. */
PscAmounts psc_amounts_of_space (const PscSpace *space);

/* Everything that lies ahead, what comes first first; array of PscForecast that owns them, empty
 * when nothing grows or nothing limits. */
GPtrArray *
psc_forecast_new (const PscLimits *limits, const PscAmounts *now, const PscGrowth *growth);
void psc_forecast_free (PscForecast *forecast);
/* "cgroup", "out_of_memory", …: for JSON. */
const char *psc_forecast_id (PscForecastKind kind);
/* Minutes for people: "in about 40 min", "in 2 to 5 h", "in 3 days or later", "now". Translated,
 * free with g_free(). */
char *psc_forecast_format_time (double low, double high);

G_END_DECLS
