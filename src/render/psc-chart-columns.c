/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <string.h>

#include "psc-lens.h"

/* A kind that never has more of the most there was than this has no area of its own. */
#define LEAST_SHARE 0.02
/* Nobody looked for so many times as long as the neighbours lie apart, and so long at least. */
#define GAP_FACTOR     4
#define GAP_USEC       (5 * G_USEC_PER_SEC)
#define GAP_NEIGHBOURS 3

/* What can't grow lies still at the bottom, what can leak moves on top of it. */
static const PscKind order[PSC_N_KINDS] = {
  PSC_KIND_VDSO,     PSC_KIND_DEVICE,   PSC_KIND_GUARD,     PSC_KIND_RESERVED,
  PSC_KIND_TEXT,     PSC_KIND_RODATA,   PSC_KIND_RELRO,     PSC_KIND_DATA,
  PSC_KIND_BSS,      PSC_KIND_FILE,     PSC_KIND_STACK,     PSC_KIND_THREAD_STACK,
  PSC_KIND_HUGETLB,  PSC_KIND_SHM_SYSV, PSC_KIND_SHM_POSIX, PSC_KIND_SHM_MEMFD,
  PSC_KIND_SHM_ANON, PSC_KIND_JIT,      PSC_KIND_ANON,      PSC_KIND_HEAP,
};

static guint64
in_memory (const PscAmount *amount)
{
  return amount->resident + amount->hugetlb;
}

/* --- layers -------------------------------------------------------------------------------- */

static void
find_peaks (const PscTimeline *timeline, guint64 *peaks, guint64 *peak)
{
  guint n = psc_timeline_get_n_moments (timeline);

  for (guint i = 0; i < n; i++)
    {
      const PscMoment *moment = psc_timeline_get_moment (timeline, i);

      *peak = MAX (*peak, in_memory (&moment->total));
      for (guint kind = 0; kind < PSC_N_KINDS; kind++)
        peaks[kind] = MAX (peaks[kind], in_memory (&moment->kinds[kind]));
    }
}

static gboolean
is_among_largest (const guint64 *peaks, PscKind kind)
{
  guint larger = 0;

  for (guint other = 0; other < PSC_N_KINDS; other++)
    larger += peaks[other] > peaks[kind] || (peaks[other] == peaks[kind] && other < kind);
  return larger < PSC_CHART_MAX_KINDS;
}

void
psc_chart_layers_find (const PscTimeline *timeline, PscChartLayers *layers)
{
  guint64 peaks[PSC_N_KINDS] = { 0 }, peak = 0;

  *layers = (PscChartLayers){ 0 };
  if (timeline != NULL)
    find_peaks (timeline, peaks, &peak);
  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      PscKind kind = order[i];

      if (peaks[kind] == 0)
        continue;
      if ((double) peaks[kind] >= LEAST_SHARE * (double) peak && is_among_largest (peaks, kind))
        layers->kinds[layers->n_kinds++] = kind;
      else
        layers->has_other = TRUE;
    }
  layers->n = layers->n_kinds + layers->has_other + 1;
}

PscColor
psc_chart_layer_color (const PscChartLayers *layers, guint layer, PscTheme theme)
{
  guint n;

  if (layer + 1 == layers->n)
    return psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_SWAPPED].colors[theme];
  /* Reserved memory has nothing in it: its grey is free. */
  if (layers->has_other && layer == 0)
    return psc_kind_color (PSC_KIND_RESERVED, theme);
  return psc_kind_color (layers->kinds[layer - layers->has_other], theme);
}

void
psc_chart_layers_split (const PscChartLayers *layers, const PscMoment *moment, double *bytes)
{
  double rest = (double) in_memory (&moment->total);

  for (guint i = 0; i < layers->n_kinds; i++)
    {
      double amount = (double) in_memory (&moment->kinds[layers->kinds[i]]);

      bytes[i + layers->has_other] = amount;
      rest -= amount;
    }
  if (layers->has_other)
    bytes[0] = MAX (rest, 0);
  bytes[layers->n - 1] = (double) moment->total.swapped;
}

/* --- columns ------------------------------------------------------------------------------- */

static gint64
time_of (const PscTimeline *timeline, guint moment)
{
  return psc_timeline_get_moment (timeline, moment)->time_usec;
}

/* The shortest time between two moments, of a few from `first` on, or 0 when there are none. */
static gint64
least_apart (const PscTimeline *timeline, guint first, guint end)
{
  gint64 least = 0;

  for (guint i = first; i + 1 < end; i++)
    {
      gint64 apart = time_of (timeline, i + 1) - time_of (timeline, i);

      least = least == 0 ? apart : MIN (least, apart);
    }
  return least;
}

gboolean
psc_chart_is_gap (const PscTimeline *timeline, guint moment)
{
  guint n = psc_timeline_get_n_moments (timeline);
  gint64 apart, before, after;

  if (moment + 1 >= n)
    return FALSE;
  apart = time_of (timeline, moment + 1) - time_of (timeline, moment);
  if (apart <= GAP_USEC)
    return FALSE;
  before =
      least_apart (timeline, moment > GAP_NEIGHBOURS ? moment - GAP_NEIGHBOURS : 0, moment + 1);
  after = least_apart (timeline, moment + 1, MIN (n, moment + 2 + GAP_NEIGHBOURS));
  return MAX (before, after) > 0 && apart > GAP_FACTOR * MAX (before, after);
}

/* Goes through time, column by column. */
typedef struct
{
  const PscChart *chart;
  const PscChartLayers *layers;
  guint n_moments;
  guint passed; /* moments that are no later than where it is */
  PscChartColumn *column;
} Walk;

static const PscMoment *
get_moment (const Walk *walk, guint index)
{
  return psc_timeline_get_moment (walk->chart->timeline, index);
}

static void
take_bytes (Walk *walk, const double *bytes)
{
  PscChartColumn *column = walk->column;
  double edges[PSC_CHART_MAX_LAYERS], total = 0;
  guint n = walk->layers->n;

  for (guint i = 0; i < n; i++)
    edges[i] = total += bytes[i];
  if (column->state != PSC_CHART_COLUMN_KNOWN || total < column->least_total)
    {
      memcpy (column->least, edges, n * sizeof *edges);
      column->least_total = total;
    }
  if (column->state != PSC_CHART_COLUMN_KNOWN || total > column->most_total)
    {
      memcpy (column->most, edges, n * sizeof *edges);
      column->most_total = total;
    }
  column->state = PSC_CHART_COLUMN_KNOWN;
}

static void
take_unknown (Walk *walk)
{
  if (walk->column->state == PSC_CHART_COLUMN_EMPTY)
    walk->column->state = PSC_CHART_COLUMN_UNKNOWN;
}

static void
take_moment (Walk *walk, guint index)
{
  const PscMoment *moment = get_moment (walk, index);
  double bytes[PSC_CHART_MAX_LAYERS];

  if (!moment->pages_known)
    {
      take_unknown (walk);
      return;
    }
  psc_chart_layers_split (walk->layers, moment, bytes);
  take_bytes (walk, bytes);
}

static gboolean
is_exec (const PscMoment *moment)
{
  return moment->n_events > 0 && moment->events[moment->n_events - 1].type == PSC_EVENT_EXEC;
}

/* What was so between the moments that lie around a time. */
static void
take_between (Walk *walk, double usec)
{
  const PscMoment *then, *now;
  double from[PSC_CHART_MAX_LAYERS], to[PSC_CHART_MAX_LAYERS], ratio;

  if (walk->passed == 0 || walk->passed == walk->n_moments)
    return;
  then = get_moment (walk, walk->passed - 1);
  now = get_moment (walk, walk->passed);
  if (!then->pages_known || !now->pages_known ||
      psc_chart_is_gap (walk->chart->timeline, walk->passed - 1))
    {
      take_unknown (walk);
      return;
    }
  ratio = (usec - (double) (then->time_usec - walk->chart->from_usec)) /
          (double) (now->time_usec - then->time_usec);
  /* Another program is no more of the one before. */
  if (is_exec (now))
    ratio = 0;
  psc_chart_layers_split (walk->layers, then, from);
  psc_chart_layers_split (walk->layers, now, to);
  for (guint i = 0; i < walk->layers->n; i++)
    from[i] += (to[i] - from[i]) * CLAMP (ratio, 0, 1);
  take_bytes (walk, from);
}

/* Those between the last moment and the next. */
static void
take_faults (Walk *walk)
{
  PscFaultRate rate;

  if (walk->passed == 0 || walk->passed == walk->n_moments)
    return;
  rate = psc_timeline_fault_rate (walk->chart->timeline, walk->passed);
  walk->column->minor = MAX (walk->column->minor, rate.minor);
  walk->column->major = MAX (walk->column->major, rate.major);
}

static void
walk_column (Walk *walk, double from, double to, gboolean is_last)
{
  const PscTimeline *timeline = walk->chart->timeline;
  gint64 base = walk->chart->from_usec;

  take_between (walk, from);
  take_faults (walk);
  while (walk->passed < walk->n_moments)
    {
      double usec = (double) (time_of (timeline, walk->passed) - base);

      if (usec > to || (usec == to && !is_last))
        break;
      take_moment (walk, walk->passed);
      walk->passed++;
      take_faults (walk);
    }
  take_between (walk, to);
}

void
psc_chart_columns_init (PscChartColumns *columns, const PscChart *chart, guint n)
{
  Walk walk = { .chart = chart, .layers = &columns->layers };
  double span = (double) (chart->to_usec - chart->from_usec);

  *columns = (PscChartColumns){ .columns = g_new0 (PscChartColumn, n), .n = n };
  psc_chart_layers_find (chart->timeline, &columns->layers);
  if (chart->timeline != NULL)
    walk.n_moments = psc_timeline_get_n_moments (chart->timeline);
  if (walk.n_moments > 0 && time_of (chart->timeline, 0) < chart->from_usec)
    walk.passed = psc_timeline_index_at (chart->timeline, chart->from_usec - 1) + 1;
  for (guint i = 0; i < n; i++)
    {
      walk.column = &columns->columns[i];
      walk.column->minor = walk.column->major = -1;
      if (walk.n_moments > 0)
        walk_column (&walk, span * i / n, span * (i + 1) / n, i + 1 == n);
      columns->peak = MAX (columns->peak, walk.column->most_total);
      columns->most_faults = MAX (columns->most_faults, walk.column->minor);
      columns->most_faults = MAX (columns->most_faults, walk.column->major);
    }
}

void
psc_chart_columns_finish (PscChartColumns *columns)
{
  g_clear_pointer (&columns->columns, g_free);
}
