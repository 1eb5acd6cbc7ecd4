/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How long the difference of two large spaces takes, against what reading both of them takes: a
 * walk that looks at every mapping and every run once and adds up its pages. Medians of interleaved
 * rounds.
 *
 *   moments      two moments of one process, a hundredth of the runs different; also what
 *                psc_change_new() takes, which tells less
 *   the same     two moments, nothing different
 *   elsewhere    the same at other addresses, as of two processes
 *   matched      65,000 mappings, most with another like it
 */

#include "psc-bench.h"

#include <stdio.h>

#include "psc-diff.h"

#define PAGE     G_GUINT64_CONSTANT (4096)
#define N_ROUNDS 7u

typedef struct
{
  const char *title;
  guint n_mappings, n_runs; /* runs of each mapping */
  guint64 shift;            /* pages: of two processes */
  guint changed;            /* one run of so many is another; 0: none */
  double most_of_walk;      /* times the walk that it may take */
  double most_msec;
} Shape;

static const Shape shapes[] = {
  { "10 M runs, moments", 100, 100000, 0, 100, 3, 500 },
  { "10 M runs, the same", 100, 100000, 0, 0, 3, 500 },
  { "10 M runs, elsewhere", 100, 100000, 0x200000, 100, 3, 500 },
  { "65,000 mappings, moments", 65000, 10, 0, 100, 100, 400 },
  { "65,000 mappings, matched", 65000, 10, 0x200000, 100, 100, 400 },
};

/* Mappings of runs with one page between two. */
static PscSpace *
space_new (const Shape *shape, gboolean now)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 first = 0x10000 + (now ? shape->shift : 0);
  guint64 step = (guint64) shape->n_runs * 3 + 16;

  space->source = PSC_SOURCE_SCAN;
  space->pid = now && shape->shift != 0 ? 2 : 1;
  space->time_usec = now;
  for (guint i = 0; i < shape->n_mappings; i++)
    {
      guint64 start = (first + i * step) * PAGE;
      PscMapping mapping = { .start = start,
                             .end = start + (shape->n_runs * 3ul + i % 3) * PAGE,
                             .flags = PSC_MAPPING_PAGES_KNOWN,
                             .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                             .kind = PSC_KIND_ANON,
                             .page_shift = 12,
                             .name = "" };

      psc_space_builder_add_mapping (builder, &mapping);
    }
  for (guint i = 0, n = 0; i < shape->n_mappings; i++)
    for (guint j = 0; j < shape->n_runs; j++, n++)
      {
        guint64 start = (first + i * step + j * 3ul) * PAGE;
        gboolean other = now && shape->changed > 0 && n % shape->changed == 0;

        psc_space_builder_add_run (builder, start, start + 2 * PAGE,
                                   other ? PSC_PAGE_SWAPPED : PSC_PAGE_PRESENT);
      }
  return psc_space_builder_freeze (builder);
}

static guint64
walk (const PscSpace *space)
{
  guint64 sum = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      for (guint j = 0; j < mapping->n_runs; j++)
        if (space->runs[mapping->first_run + j].state & PSC_PAGE_PRESENT)
          sum += space->runs[mapping->first_run + j].n_pages;
    }
  return sum;
}

typedef enum
{
  WALK,
  CHANGE,
  DIFF,
  N_METHODS
} Method;

static void
run_method (Method method, const Shape *shape, PscSpace *a, PscSpace *b)
{
  static volatile guint64 sink;

  if (method == WALK)
    sink = walk (a) + walk (b);
  else if (method == CHANGE && shape->shift == 0)
    psc_traits_unref (psc_change_new (a, b, NULL));
  else if (method == DIFF)
    psc_diff_unref (psc_diff_new (a, b));
  (void) sink;
}

/* TRUE when it keeps its promises. */
static gboolean
run_shape (const Shape *shape)
{
  g_autoptr (PscSpace) a = space_new (shape, FALSE);
  g_autoptr (PscSpace) b = space_new (shape, TRUE);
  double msec[N_METHODS];
  GArray *times[N_METHODS];
  gboolean met;

  for (guint i = 0; i < N_METHODS; i++)
    times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < N_METHODS; i++)
      {
        gint64 began = bench_now_nsec (), took;

        run_method (i, shape, a, b);
        took = bench_now_nsec () - began;
        g_array_append_val (times[i], took);
      }
  for (guint i = 0; i < N_METHODS; i++)
    {
      msec[i] = (double) bench_median (times[i]) / 1e6;
      g_array_unref (times[i]);
    }
  met = msec[DIFF] <= shape->most_of_walk * msec[WALK] && msec[DIFF] <= shape->most_msec;
  printf ("%-26s %9u %10u %9.1f ", shape->title, a->n_mappings, a->n_runs, msec[WALK]);
  if (shape->shift == 0)
    printf ("%9.1f", msec[CHANGE]);
  else
    printf ("%9s", "-");
  printf (" %9.1f   %6.1fx (<= %.0f, <= %.0f ms: %s)\n", msec[DIFF], msec[DIFF] / msec[WALK],
          shape->most_of_walk, shape->most_msec, met ? "met" : "missed");
  fflush (stdout);
  return met;
}

int
main (void)
{
  guint n_missed = 0;

  bench_pin (0, 1);
  printf ("milliseconds, medians of %u interleaved rounds\n", N_ROUNDS);
  printf ("%-26s %9s %10s %9s %9s %9s   %s\n", "shape", "mappings", "runs", "walk", "change",
          "diff", "diff / walk");
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    n_missed += !run_shape (&shapes[i]);
  printf ("%u missed\n", n_missed);
  return n_missed == 0 ? 0 : 1;
}
