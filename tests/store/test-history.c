/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The past in memory: comes back as it was, within its budget, thinned by its law. */

#include <math.h>

#include "psc-history.h"
#include "psc-store-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* Adds steps [from, to) of a life. */
static void
live (PscHistory *history, guint seed, guint from, guint to)
{
  g_autoptr (PscSpace) then = from > 0 ? store_test_life (seed, from - 1) : NULL;

  for (guint step = from; step < to; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (seed, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      psc_history_add (history, now, moment);
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
}

static gint64
time_of (guint seed, guint step)
{
  g_autoptr (PscSpace) space = store_test_life (seed, step);

  return space->time_usec;
}

static PscSpace *
load (PscHistory *history, gint64 time_usec)
{
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_history_load (history, time_usec, &error);

  g_assert_no_error (error);
  return space;
}

static void
check_step (PscHistory *history, guint seed, guint step)
{
  g_autoptr (PscSpace) expected = store_test_life (seed, step);
  g_autoptr (PscSpace) space = load (history, expected->time_usec);

  store_test_assert_equal (expected, space);
}

static void
test_round_trip (void)
{
  g_autoptr (PscHistory) history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_BY_AGE);
  g_autoptr (GError) error = NULL;
  gint64 first;

  g_assert_null (psc_history_load (history, 0, &error));
  g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND);
  live (history, 1, 0, 150);
  /* Whether they are packed or not. */
  check_step (history, 1, 149);
  check_step (history, 1, 0);
  psc_history_settle (history);
  for (guint step = 150; step-- > 0;)
    check_step (history, 1, step);
  first = time_of (1, 0);
  g_assert_cmpint (psc_history_time_at (history, first + SECOND * 3 / 2), ==, first + SECOND);
  g_assert_cmpint (psc_history_time_at (history, 0), ==, first);
  g_assert_cmpint (psc_history_time_at (history, G_MAXINT64), ==, first + 149 * SECOND);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), ==, 150);
  g_assert_cmpuint (psc_timeline_get_n_moments (psc_history_get_timeline (history)), ==, 150);
}

/* ---- Thinning ---- */

/* Adds one item a second for so long, and drops whatever is too many. */
static GArray *
thin (guint n_seconds, guint n_most, PscThinning thinning)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (PscThinningItem));

  for (guint i = 0; i < n_seconds; i++)
    {
      PscThinningItem item = { (gint64) i * SECOND, i == n_seconds / 3 ? PSC_KEEP_MARK : 0 };

      g_array_append_val (items, item);
      if (items->len > n_most)
        {
          guint index = psc_thinning_choose ((const PscThinningItem *) (const void *) items->data,
                                             items->len, thinning);

          g_assert_cmpuint (index, >, 0);
          g_assert_cmpuint (index, <, items->len - 1);
          g_array_remove_index (items, index);
        }
    }
  return items;
}

static gint64
time_at (const GArray *items, guint i)
{
  return g_array_index (items, PscThinningItem, i).time_usec;
}

/* The largest gap over the smallest, as a share of its age or as it is, of what is older than the
 * last minute; a gap beside the mark is left out, where it had to be smaller. */
static double
unevenness (const GArray *items, PscThinning thinning)
{
  gint64 now = time_at (items, items->len - 1);
  double least = HUGE_VAL, most = 0;

  for (guint i = 0; i + 1 < items->len; i++)
    {
      gint64 gap = time_at (items, i + 1) - time_at (items, i);
      gint64 age = now - time_at (items, i);
      double value = thinning == PSC_THINNING_EVEN ? (double) gap : (double) gap / (double) age;

      if (age <= 70 * SECOND || gap == SECOND ||
          g_array_index (items, PscThinningItem, i).keep == PSC_KEEP_MARK ||
          g_array_index (items, PscThinningItem, i + 1).keep == PSC_KEEP_MARK)
        continue;
      least = MIN (least, value);
      most = MAX (most, value);
    }
  return most / least;
}

static void
check_thinned (guint n_seconds, guint n_most, PscThinning thinning)
{
  g_autoptr (GArray) items = thin (n_seconds, n_most, thinning);
  guint n_new = 0, n_marks = 0;

  g_assert_cmpuint (items->len, ==, n_most);
  g_assert_cmpint (time_at (items, 0), ==, 0);
  g_assert_cmpint (time_at (items, items->len - 1), ==, (gint64) (n_seconds - 1) * SECOND);
  for (guint i = 0; i < items->len; i++)
    {
      n_new += time_at (items, i) >= (gint64) (n_seconds - 61) * SECOND;
      n_marks += g_array_index (items, PscThinningItem, i).keep == PSC_KEEP_MARK;
    }
  g_assert_cmpuint (n_new, ==, 61);
  g_assert_cmpuint (n_marks, ==, 1);
  g_test_message ("%u of %u: largest gap is %.1f of the smallest", n_most, n_seconds,
                  unevenness (items, thinning));
  g_assert_cmpfloat (unevenness (items, thinning), <=, 4.5);
}

static void
test_law (void)
{
  check_thinned (3600, 200, PSC_THINNING_BY_AGE);
  check_thinned (3600, 1000, PSC_THINNING_BY_AGE);
  check_thinned (20000, 300, PSC_THINNING_BY_AGE);
  check_thinned (3600, 200, PSC_THINNING_EVEN);
  check_thinned (20000, 1000, PSC_THINNING_EVEN);
}

static void
test_thinning_ends (void)
{
  const PscThinningItem items[] = { { 0, 0 }, { 1, PSC_KEEP_MARK }, { 2, 0 } };

  g_assert_cmpuint (psc_thinning_choose (items, 0, PSC_THINNING_EVEN), ==, 0);
  g_assert_cmpuint (psc_thinning_choose (items, 1, PSC_THINNING_EVEN), ==, 0);
  g_assert_cmpuint (psc_thinning_choose (items, 2, PSC_THINNING_BY_AGE), ==, 0);
  g_assert_cmpuint (psc_thinning_choose (items, 3, PSC_THINNING_BY_AGE), ==, 1);
}

/* ---- The budget ---- */

static void
test_budget (void)
{
  guint64 budget = 200 * 1024;
  g_autoptr (PscHistory) history = psc_history_new (budget, PSC_THINNING_BY_AGE);
  gint64 first = time_of (1, 0), last;
  guint n, n_steps = 2000;

  for (guint step = 0; step < n_steps; step += 100)
    {
      live (history, 1, step, step + 100);
      psc_history_settle (history);
      g_assert_cmpuint (psc_history_get_bytes (history), <=, budget);
    }
  n = psc_history_get_n_snapshots (history);
  g_test_message ("%u of %u snapshots in %" G_GUINT64_FORMAT " bytes", n, n_steps,
                  psc_history_get_bytes (history));
  g_assert_cmpuint (n, >, 100);
  g_assert_cmpuint (n, <, n_steps);
  last = first + (gint64) (n_steps - 1) * SECOND;
  for (gint64 time = last; time >= first; time -= SECOND)
    {
      gint64 found = psc_history_time_at (history, time);

      g_assert_cmpint (found, <=, time);
      if (last - time <= PSC_THINNING_NEW_USEC)
        g_assert_cmpint (found, ==, time);
      check_step (history, 1, (guint) ((found - first) / SECOND));
    }
  g_assert_cmpint (psc_history_time_at (history, first), ==, first);
}

/* No room for more than the oldest and the newest. */
static void
test_no_budget (void)
{
  g_autoptr (PscHistory) history = psc_history_new (0, PSC_THINNING_EVEN);

  live (history, 1, 0, 50);
  psc_history_settle (history);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), ==, 2);
  check_step (history, 1, 0);
  check_step (history, 1, 49);
}

static void
test_alike (void)
{
  g_autoptr (PscHistory) history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_BY_AGE);
  g_autoptr (PscSpace) space = store_test_life (1, 5);
  g_autoptr (PscMoment) first = psc_moment_new (NULL, space);
  g_autoptr (PscSpace) back = NULL;

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (PscSpace) alike =
          store_test_life_alike (space, space->time_usec + (gint64) i * SECOND);
      g_autoptr (PscMoment) moment = psc_moment_new_alike (first, alike->time_usec);

      psc_history_add (history, alike, moment);
    }
  psc_history_settle (history);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), ==, 3000);
  g_assert_cmpuint (psc_history_get_bytes (history), <, 3000 * 200);
  back = load (history, space->time_usec + 1000 * SECOND);
  g_assert_cmpint (back->time_usec, ==, space->time_usec + 1000 * SECOND);
  g_assert_cmpuint (back->n_runs, ==, space->n_runs);
}

/* ---- What is kept as such ---- */

static void
test_pause (void)
{
  g_autoptr (PscHistory) history = psc_history_new (100 * 1024, PSC_THINNING_BY_AGE);
  gint64 first = time_of (1, 0);
  g_autoptr (GArray) pauses = NULL;

  psc_history_note_pause (history);
  live (history, 1, 0, 100);
  psc_history_note_pause (history);
  psc_history_note_pause (history);
  live (history, 1, 163, 1500);
  psc_history_settle (history);
  pauses = psc_history_dup_pauses (history);
  g_assert_cmpuint (pauses->len, ==, 1);
  g_assert_cmpint (g_array_index (pauses, PscPause, 0).from_usec, ==, first + 99 * SECOND);
  g_assert_cmpint (g_array_index (pauses, PscPause, 0).to_usec, ==, first + 163 * SECOND);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), <, 1000);
  check_step (history, 1, 99);
  check_step (history, 1, 163);
}

static PscSpace *
run_another (PscSpace *space)
{
  PscSpace *other = psc_space_new_alike (space);

  other->start_code = other->start_stack = 0x1000;
  return other;
}

static void
test_exec (void)
{
  g_autoptr (PscHistory) history = psc_history_new (100 * 1024, PSC_THINNING_BY_AGE);
  g_autoptr (PscSpace) before = store_test_life (1, 99);
  g_autoptr (PscSpace) after = store_test_life (1, 100);
  g_autoptr (PscSpace) then = run_another (before);
  g_autoptr (PscSpace) now = run_another (after);
  g_autoptr (PscMoment) moment = NULL;
  g_autoptr (PscSpace) back = NULL;

  then->start_code = 0x2000;
  moment = psc_moment_new (then, now);
  g_assert_cmpuint (moment->n_events, ==, 1);
  g_assert_cmpint (moment->events[0].type, ==, PSC_EVENT_EXEC);
  live (history, 1, 0, 100);
  psc_history_add (history, now, moment);
  live (history, 1, 101, 1500);
  psc_history_settle (history);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), <, 1000);
  check_step (history, 1, 99);
  back = load (history, now->time_usec);
  store_test_assert_equal (now, back);
}

static void
test_clock_set_back (void)
{
  static const gint64 seconds[] = { 100, 101, 50, 51 };
  g_autoptr (PscHistory) history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_BY_AGE);
  g_autoptr (PscSpace) space = store_test_life (1, 5);
  g_autoptr (PscMoment) first = psc_moment_new (NULL, space);
  PscTimeline *timeline = psc_history_get_timeline (history);

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_autoptr (PscMoment) moment = psc_moment_new_alike (first, seconds[i] * SECOND);

      psc_history_add (history, space, moment);
    }
  g_assert_cmpuint (psc_timeline_get_n_moments (timeline), ==, 4);
  g_assert_cmpint (psc_timeline_get_moment (timeline, 3)->time_usec, ==, 102 * SECOND + 1);
  g_assert_cmpint (psc_history_time_at (history, 102 * SECOND), ==, 101 * SECOND + 1);
}

/* ---- Threads ---- */

typedef struct
{
  PscHistory *history;
  gint stop;
  guint seed, n_loaded;
} Loader;

static gpointer
load_worker (gpointer data)
{
  Loader *loader = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (loader->seed);
  gint64 first = time_of (1, 0);

  while (!g_atomic_int_get (&loader->stop))
    {
      gint64 time = first + g_rand_int_range (rand, 0, 600) * SECOND;
      g_autoptr (PscSpace) space = psc_history_load (loader->history, time, NULL);
      g_autoptr (PscSpace) expected = NULL;

      if (space == NULL)
        continue;
      g_assert_cmpint (space->time_usec, <=, time);
      expected = store_test_life (1, (guint) ((space->time_usec - first) / SECOND));
      store_test_assert_equal (expected, space);
      loader->n_loaded++;
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (PscHistory) history = psc_history_new (60 * 1024, PSC_THINNING_BY_AGE);
  Loader loaders[3];
  GThread *threads[3];

  for (guint i = 0; i < 3; i++)
    {
      loaders[i] = (Loader){ history, FALSE, i, 0 };
      threads[i] = g_thread_new ("load", load_worker, &loaders[i]);
    }
  live (history, 1, 0, 600);
  psc_history_settle (history);
  for (guint i = 0; i < 3; i++)
    {
      g_atomic_int_set (&loaders[i].stop, TRUE);
      g_thread_join (threads[i]);
      g_test_message ("%u loaded", loaders[i].n_loaded);
    }
}

/* With snapshots still to be packed. */
static void
test_free_early (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (PscHistory) history = psc_history_new (PSC_HISTORY_BUDGET, PSC_THINNING_EVEN);

      live (history, i, 0, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/round-trip", test_round_trip);
  g_test_add_func ("/thinning/law", test_law);
  g_test_add_func ("/thinning/ends", test_thinning_ends);
  g_test_add_func ("/history/budget", test_budget);
  g_test_add_func ("/history/no-budget", test_no_budget);
  g_test_add_func ("/history/alike", test_alike);
  g_test_add_func ("/history/pause", test_pause);
  g_test_add_func ("/history/exec", test_exec);
  g_test_add_func ("/history/clock-set-back", test_clock_set_back);
  g_test_add_func ("/history/threads", test_threads);
  g_test_add_func ("/history/free-early", test_free_early);
  return g_test_run ();
}
