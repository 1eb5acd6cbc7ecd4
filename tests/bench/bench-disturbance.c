/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a process that maps, touches and unmaps memory as fast as it can loses while it is watched,
 * ten times a second, in one run with nobody watching: interleaved windows, each of one watcher.
 * The process is on one CPU, everything else on the other.
 *
 *   kept   cycles done, as a share of those of the window of the same round in which nobody
 * watches; its median over the rounds, so that a machine that is faster at one time than at another
 *          makes no difference
 *   worst  the longest cycle of a window, its median over the windows: how long it was stalled
 *
 *   spin     works as long as `us` does and looks at nothing: what another CPU at work takes away
 *            by itself
 *   us       psc_target_capture() at the rate and with the holds that the default budget gives
 *   unpaced  the same at ten times a second, whatever the budget says: why there is one
 *   smaps    read to its end, nothing parsed
 *   pagemap  maps, and the entries of all mappings read, nothing parsed
 */

#include "psc-bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "psc-budget.h"

#define INTERVAL_USEC (100 * 1000)
/* Many short windows: what else happens on the machine drifts from second to second. */
#define N_WINDOWS 21
/* The slow readers, far from any bound, have a window in every so many rounds. */
#define SLOW_EVERY 3

typedef enum
{
  NOBODY,
  SPIN,
  US,
  UNPACED,
  SMAPS,
  PAGEMAP,
  N_WATCHERS
} Watcher;

/* Between windows, for all who had to wait for the process's CPU. */
#define REST_USEC (200 * 1000)

static int window_msec = 1000;

static const char *const watcher_names[N_WATCHERS] = { "nobody",  "spin",  "us",
                                                       "unpaced", "smaps", "pagemap" };

typedef struct
{
  const char *title, *shape;
  double least_kept;      /* by us */
  double most_worst_msec; /* NAN: not asked for */
} Ballast;

static const Ballast ballasts[] = {
  { "4 GiB of 4K pages", "dense", 0.97, 1 },
  { "60,000 mappings", "ballast60k", 0.95, NAN },
};

typedef struct
{
  BenchTarget *process;
  PscProbe *probe;
  PscTarget *target;
  PscBudget budget;
  gint64 work_usec;           /* of our last look */
  GArray *mapped;             /* guint64 pairs */
  GArray *cycles[N_WATCHERS]; /* of windows */
  GArray *worst[N_WATCHERS];  /* nanoseconds */
  GArray *looks[N_WATCHERS];  /* how often it was looked at */
  GArray *looked[N_WATCHERS]; /* time that looking took, microseconds, without sleeps */
} Subject;

static gint64
look (Subject *subject, Watcher watcher)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  gint64 began = g_get_monotonic_time ();
  g_autoptr (PscSpace) space = NULL;
  PscCost cost;

  if (watcher == SPIN)
    while (g_get_monotonic_time () - began < subject->work_usec)
      continue;
  if (watcher == SMAPS)
    bench_read_file (subject->process->pid, "smaps");
  if (watcher == PAGEMAP)
    {
      bench_read_file (subject->process->pid, "maps");
      bench_read_pagemap (subject->process->pid, subject->mapped);
    }
  if (watcher != US && watcher != UNPACED)
    return g_get_monotonic_time () - began;
  options.hold_usec = psc_budget_get_hold_usec (&subject->budget);
  space = psc_target_capture (subject->target, &options, NULL);
  g_assert_nonnull (space);
  psc_target_get_cost (subject->target, &cost);
  if (watcher == US)
    psc_budget_add (&subject->budget, &cost);
  subject->work_usec = cost.probe_usec + cost.core_usec;
  return subject->work_usec;
}

static void
watch_until (Subject *subject, Watcher watcher, gint64 end_usec)
{
  gint64 n_looks = 0, looked_usec = 0, next_usec = g_get_monotonic_time (), now_usec;

  while (watcher != NOBODY && next_usec < end_usec)
    {
      gint64 delay_usec = INTERVAL_USEC, took_usec;

      now_usec = g_get_monotonic_time ();
      if (next_usec > now_usec)
        g_usleep ((gulong) (next_usec - now_usec));
      now_usec = g_get_monotonic_time ();
      took_usec = look (subject, watcher);
      if (watcher == US || watcher == SPIN)
        delay_usec = psc_budget_next_delay_usec (&subject->budget, INTERVAL_USEC);
      next_usec = now_usec + delay_usec;
      looked_usec += took_usec;
      n_looks++;
    }
  g_array_append_val (subject->looks[watcher], n_looks);
  looked_usec = n_looks > 0 ? looked_usec / n_looks : 0;
  g_array_append_val (subject->looked[watcher], looked_usec);
}

static void
run_window (Subject *subject, Watcher watcher)
{
  g_autofree char *order = g_strdup_printf ("work %d", window_msec);
  g_autofree char *line = NULL;
  gint64 end_usec = g_get_monotonic_time () + window_msec * 1000;
  gint64 cycles, worst;

  end_usec += REST_USEC;
  g_usleep (REST_USEC);
  bench_target_order (subject->process, order);
  watch_until (subject, watcher, end_usec);
  line = bench_target_read_line (subject->process);
  if (line == NULL ||
      sscanf (line, "worked %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &cycles, &worst) != 2)
    g_error ("The process said “%s”", line != NULL ? line : "nothing");
  g_array_append_val (subject->cycles[watcher], cycles);
  g_array_append_val (subject->worst[watcher], worst);
}

static void
prepare (Subject *subject)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;

  subject->budget = (PscBudget) PSC_BUDGET_DEFAULT;
  subject->probe = psc_probe_new_local (NULL, NULL, &error);
  if (subject->probe != NULL)
    subject->target = psc_target_new (subject->probe, subject->process->pid, &error);
  if (subject->target != NULL)
    space = psc_target_capture (subject->target, NULL, &error);
  if (space == NULL)
    g_error ("%s", error->message);
  psc_budget_add (&subject->budget, &space->cost);
  subject->work_usec = space->cost.probe_usec + space->cost.core_usec;
  subject->mapped = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].end <= G_MAXINT64)
      {
        g_array_append_val (subject->mapped, space->mappings[i].start);
        g_array_append_val (subject->mapped, space->mappings[i].end);
      }
  for (guint i = 0; i < N_WATCHERS; i++)
    {
      subject->cycles[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
      subject->worst[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
      subject->looks[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
      subject->looked[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
    }
}

static guint
print_verdict (const Ballast *ballast, double kept, double worst_msec)
{
  gboolean kept_met = kept >= ballast->least_kept;
  gboolean worst_met = isnan (ballast->most_worst_msec) || worst_msec <= ballast->most_worst_msec;

  printf ("   kept >= %.0f %% %s", 100 * ballast->least_kept, kept_met ? "met" : "missed");
  if (!isnan (ballast->most_worst_msec))
    printf (", worst <= %.0f ms %s", ballast->most_worst_msec, worst_met ? "met" : "missed");
  return !kept_met + !worst_met;
}

/* In millionths. */
static gint64
kept_by (const Subject *subject, Watcher watcher)
{
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < subject->cycles[watcher]->len; i++)
    {
      guint round = watcher < SMAPS ? i : i * SLOW_EVERY;
      gint64 ratio = g_array_index (subject->cycles[watcher], gint64, i) * 1000000 /
                     MAX (g_array_index (subject->cycles[NOBODY], gint64, round), 1);

      g_array_append_val (ratios, ratio);
    }
  return bench_median (ratios);
}

static guint
print_rows (const Ballast *ballast, Subject *subject)
{
  double kepts[N_WATCHERS];
  guint n_missed = 0;

  /* Before medians sort the windows. */
  for (guint i = 0; i < N_WATCHERS; i++)
    kepts[i] = (double) kept_by (subject, i) / 1e6;

  for (guint i = 0; i < N_WATCHERS; i++)
    {
      double kept = kepts[i];
      double worst_msec = (double) bench_median (subject->worst[i]) / 1e6;

      printf ("%-18s %-8s %9.0f %7.1f %% %8.2f %8.1f %9.2f", ballast->title, watcher_names[i],
              (double) bench_median (subject->cycles[i]) * 1000 / window_msec, 100 * kept,
              worst_msec, (double) bench_median (subject->looks[i]) * 1000 / window_msec,
              (double) bench_median (subject->looked[i]) / 1000);
      if (i == US)
        n_missed = print_verdict (ballast, kept, worst_msec);
      printf ("\n");
    }
  fflush (stdout);
  return n_missed;
}

static void
subject_clear (Subject *subject)
{
  for (guint i = 0; i < N_WATCHERS; i++)
    {
      g_array_unref (subject->cycles[i]);
      g_array_unref (subject->worst[i]);
      g_array_unref (subject->looks[i]);
      g_array_unref (subject->looked[i]);
    }
  g_array_unref (subject->mapped);
  psc_target_free (subject->target);
  psc_probe_unref (subject->probe);
  bench_target_free (subject->process);
}

static guint
run_ballast (const Ballast *ballast)
{
  Subject subject = { 0 };
  g_autofree char *why = NULL;
  guint n_missed;

  subject.process = bench_target_new_shape (ballast->shape, &why);
  if (subject.process == NULL)
    {
      printf ("%-18s skipped: %s\n", ballast->title, why);
      return 0;
    }
  bench_pin (subject.process->pid, 0);
  prepare (&subject);
  /* There and back, so that what drifts doesn't always favour the same one. */
  for (guint i = 0; i < N_WINDOWS; i++)
    for (guint j = 0; j < N_WATCHERS; j++)
      {
        Watcher watcher = i % 2 == 0 ? j : N_WATCHERS - 1 - j;

        if (watcher < SMAPS || i % SLOW_EVERY == 0)
          run_window (&subject, watcher);
      }
  n_missed = print_rows (ballast, &subject);
  subject_clear (&subject);
  return n_missed;
}

int
main (int argc, char **argv)
{
  guint n_missed = 0;

  /* bench-disturbance [BALLAST [MSEC]]: one ballast alone, and windows of that length. */
  if (argc > 2)
    window_msec = CLAMP (atoi (argv[2]), 100, 60000);
  if (!bench_pin (0, 1))
    {
      printf ("skipped: needs two CPUs, one for the process and one for who watches\n");
      return 77;
    }
  printf ("medians of %u interleaved windows of %.1f s, looked at 10 times a second\n", N_WINDOWS,
          window_msec / 1000.0);
  printf ("%-18s %-8s %9s %9s %8s %8s %9s\n", "ballast", "watcher", "cycles/s", "kept", "worst ms",
          "looks/s", "ms a look");
  for (guint i = 0; i < G_N_ELEMENTS (ballasts); i++)
    if (argc < 2 || g_str_equal (argv[1], ballasts[i].shape))
      n_missed += run_ballast (&ballasts[i]);
  printf ("%u missed\n", n_missed);
  return n_missed == 0 ? 0 : 1;
}
