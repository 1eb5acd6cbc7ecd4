/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long a snapshot takes, against the bare system calls that it can't do without and against
 * what people use. One run, one table: each cell is the median of interleaved rounds, that is
 * every round runs every method once.
 *
 *   floor    a bare loop of the same system calls: maps read once, and PAGEMAP_SCAN of the ranges
 *            and predicates that Pagescape asks for, in as few calls as their regions take
 *   plain,   the same with one scan over everything, by that one predicate, which never asks
 *   compl.   whether a page is a file's: what the floor would be if that were not to be known
 *   us       psc_target_capture() with its probe running: requests, scan, pipe, parsers, frozen
 *            snapshot. Steps as in the default, but without the sleep between them, as time asleep
 *            isn't work; and never the last snapshot handed out again
 *   pmap -X  the program, its output thrown away
 *   smaps    read to its end, nothing parsed
 *   pagemap  maps, and the entries of all mappings read, nothing parsed
 *
 * Page frames that lie in order are in the CPU's cache when smaps looks at them one by one; on a
 * machine that has run for a while they are scattered, and smaps (but not the scan, which looks at
 * page tables alone) takes four times as long. In order, the bare system calls themselves are not
 * 18 times faster than pmap -X: there Pagescape may take 1.3 times what they take, as elsewhere.
 */

#include "psc-bench.h"

#include <math.h>
#include <stdio.h>
#include "psc-scan-plan.h"

#define N_ROUNDS 15
/* The kernel's limit of a process's half with four levels; more is refused where there are fewer
 * levels. */
#define USER_END G_GUINT64_CONSTANT (0x7ffffffff000)

typedef enum
{
  FLOOR_PLAIN,
  FLOOR_COMPLEMENT,
  FLOOR,
  US,
  PMAP,
  SMAPS,
  PAGEMAP,
  N_METHODS
} Method;

typedef struct
{
  const char *title;
  const char *shape;       /* of psc-bench-target, or NULL */
  const char *const *argv; /* or another program */
  double most_of_floor;    /* times the floor that we may take */
  double least_of_pmap;    /* times faster than pmap -X that we must be */
} Shape;

typedef struct
{
  BenchTarget *process;
  PscProbe *probe;
  PscTarget *target;
  GArray *mapped;           /* guint64 pairs */
  GArray *scans[US];        /* psc_wire_scan_range, for the floors */
  GArray *times[N_METHODS]; /* nanoseconds */
  guint n_mappings;
  guint64 resident;
  guint n_calls;
} Subject;

static const char *const node_argv[] = { "node", "-e",
                                         "console.log('ready'); process.stdin.resume()", NULL };
static const char *java_argv[] = { "java", NULL, NULL };

static const Shape shapes[] = {
  { "4 GiB dense 4K", "scattered", NULL, 1.3, 18 },
  { "  frames in order", "dense", NULL, 1.3, 18 },
  { "4 GiB THP", "thp", NULL, 2, 12 },
  { "65,000 mappings", "mappings", NULL, 1.5, 18 },
  { "1 TiB, 4 GiB used", "reserve", NULL, 1.3, 5 },
  { "Node at rest", NULL, node_argv, 2, 10 },
  { "JVM at rest", NULL, java_argv, 2, 10 },
};

static PscSpace *
capture (Subject *subject)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  options.sleep_usec = 0;
  space = psc_target_capture (subject->target, &options, &error);
  if (space == NULL)
    g_error ("%s", error->message);
  return space;
}

static void
prepare_floors (Subject *subject, const PscSpace *space)
{
  const PscScanStep plain = { 0, USER_END, FALSE, PSC_SCAN_PLAIN };
  const PscScanStep complement = { 0, USER_END, FALSE, PSC_SCAN_COMPLEMENT };
  guint64 categories = psc_probe_get_host (subject->probe)->scan_categories;
  g_autoptr (GArray) steps = psc_scan_plan_new (space->mappings, space->n_mappings, space);
  struct psc_wire_scan_range range;

  for (guint i = 0; i < US; i++)
    subject->scans[i] = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_scan_range));
  range = psc_scan_step_to_range (&plain, categories);
  g_array_append_val (subject->scans[FLOOR_PLAIN], range);
  range = psc_scan_step_to_range (&complement, categories);
  g_array_append_val (subject->scans[FLOOR_COMPLEMENT], range);
  for (guint i = 0; i < steps->len; i++)
    {
      range = psc_scan_step_to_range (&g_array_index (steps, PscScanStep, i), categories);
      g_array_append_val (subject->scans[FLOOR], range);
    }
}

static void
prepare (Subject *subject)
{
  g_autoptr (PscSpace) space = NULL;

  /* The second knows how dense the memory is. */
  psc_space_unref (capture (subject));
  space = capture (subject);
  subject->mapped = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].end <= USER_END)
      {
        g_array_append_val (subject->mapped, space->mappings[i].start);
        g_array_append_val (subject->mapped, space->mappings[i].end);
      }
  subject->n_mappings = space->n_mappings;
  subject->resident = space->totals.resident;
  prepare_floors (subject, space);
  for (guint i = 0; i < N_METHODS; i++)
    subject->times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static gboolean
run_method (Subject *subject, Method method)
{
  gint pid = subject->process->pid;
  g_autofree char *word = g_strdup_printf ("%d", pid);
  const char *const pmap[] = { "pmap", "-X", word, NULL };

  switch (method)
    {
    case US:
      psc_space_unref (capture (subject));
      return TRUE;
    case PMAP:
      return bench_run (pmap);
    case SMAPS:
      return bench_read_file (pid, "smaps");
    case PAGEMAP:
      return bench_read_file (pid, "maps") && bench_read_pagemap (pid, subject->mapped);
    default:
      return bench_read_file (pid, "maps") && bench_scan (pid, subject->scans[method]);
    }
}

/* Each round in an order of its own: who comes after the same one each time finds its caches always
 * warm or always cold. */
static void
shuffle (Method order[N_METHODS], GRand *rand)
{
  for (guint i = 0; i < N_METHODS; i++)
    order[i] = i;
  for (guint i = N_METHODS - 1; i > 0; i--)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint32) i + 1);
      Method method = order[i];

      order[i] = order[j];
      order[j] = method;
    }
}

static void
run_rounds (Subject *subject)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  Method order[N_METHODS];

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      shuffle (order, rand);
      for (guint i = 0; i < N_METHODS; i++)
        {
          gint64 began = bench_now_nsec (), took;

          if (!run_method (subject, order[i]))
            continue;
          took = bench_now_nsec () - began;
          g_array_append_val (subject->times[order[i]], took);
        }
    }
}

static const char *
verdict (gboolean met)
{
  return met ? "met" : "missed";
}

static void
print_cell (double msec)
{
  if (isnan (msec))
    printf (" %9s", "-");
  else
    printf (" %9.3f", msec);
}

static guint
print_row (const Shape *shape, Subject *subject)
{
  double msec[N_METHODS], of_floor, of_pmap, floor_of_pmap;
  gboolean floor_met, pmap_met;

  for (guint i = 0; i < N_METHODS; i++)
    msec[i] = subject->times[i]->len == 0 ? NAN : (double) bench_median (subject->times[i]) / 1e6;
  of_floor = msec[US] / msec[FLOOR];
  of_pmap = msec[PMAP] / msec[US];
  floor_of_pmap = msec[PMAP] / msec[FLOOR];
  floor_met = of_floor <= shape->most_of_floor;
  pmap_met = isnan (of_pmap) || of_pmap >= shape->least_of_pmap;
  printf ("%-18s %8u %8.0f", shape->title, subject->n_mappings,
          (double) subject->resident / (1 << 20));
  for (guint i = 0; i < N_METHODS; i++)
    print_cell (msec[i]);
  printf ("   %5.2fx (<= %.1f %s)", of_floor, shape->most_of_floor, verdict (floor_met));
  if (isnan (of_pmap))
    printf ("   no pmap\n");
  else if (floor_of_pmap < shape->least_of_pmap)
    printf ("   %5.1fx (>= %.0f out of reach: the floor is %.1fx)\n", of_pmap, shape->least_of_pmap,
            floor_of_pmap);
  else
    printf ("   %5.1fx (>= %.0f %s)\n", of_pmap, shape->least_of_pmap, verdict (pmap_met));
  fflush (stdout);
  return !floor_met + (floor_of_pmap >= shape->least_of_pmap && !pmap_met);
}

static void
subject_clear (Subject *subject)
{
  for (guint i = 0; i < N_METHODS; i++)
    g_clear_pointer (&subject->times[i], g_array_unref);
  for (guint i = 0; i < US; i++)
    g_clear_pointer (&subject->scans[i], g_array_unref);
  g_clear_pointer (&subject->mapped, g_array_unref);
  g_clear_pointer (&subject->target, psc_target_free);
  g_clear_pointer (&subject->probe, psc_probe_unref);
  g_clear_pointer (&subject->process, bench_target_free);
}

/* How many ratios were missed. */
static guint
run_shape (const Shape *shape)
{
  Subject subject = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  guint n_missed = 0;

  if (shape->shape != NULL)
    subject.process = bench_target_new_shape (shape->shape, &why);
  else
    subject.process = bench_target_new (shape->argv, &why);
  if (subject.process == NULL)
    {
      printf ("%-18s skipped: %s\n", shape->title, why);
      return 0;
    }
  /* A runtime goes on for a moment after its first words. */
  if (shape->shape == NULL)
    g_usleep (2 * G_USEC_PER_SEC);
  subject.probe = psc_probe_new_local (NULL, NULL, &error);
  if (subject.probe != NULL)
    subject.target = psc_target_new (subject.probe, subject.process->pid, &error);
  if (subject.target == NULL)
    g_error ("%s", error->message);
  prepare (&subject);
  run_rounds (&subject);
  n_missed = print_row (shape, &subject);
  subject_clear (&subject);
  return n_missed;
}

int
main (int argc, char **argv)
{
  guint n_missed = 0;

  /* All on one CPU, also the programs that are started: it is work that is compared, and not how
   * long a CPU that sleeps takes to wake. */
  bench_pin (0, 1);
  java_argv[1] = g_getenv ("PSC_BENCH_JAVA");
  printf ("milliseconds, medians of %u interleaved rounds\n", N_ROUNDS);
  printf ("%-18s %8s %8s %9s %9s %9s %9s %9s %9s %9s   %-22s   %s\n", "shape", "mappings", "MiB",
          "plain", "compl.", "floor", "us", "pmap -X", "smaps", "pagemap", "us / floor",
          "pmap -X / us");
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (argc < 2 ||
        strcmp (argv[1], shapes[i].shape != NULL ? shapes[i].shape : shapes[i].argv[0]) == 0)
      n_missed += run_shape (&shapes[i]);
  printf ("%u missed\n", n_missed);
  return n_missed == 0 ? 0 : 1;
}
