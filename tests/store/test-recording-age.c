/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old pages are at a moment of a recording: as whoever had watched it all along would say. The
 * past of a live process says the same. */

#include "psc-change.h"
#include "psc-history.h"
#include "psc-recorder.h"
#include "psc-recording-age.h"
#include "psc-store-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
/* Of the life that is recorded: more than what is gone through for one moment. */
#define N_STEPS 700
/* From here on it sleeps. */
#define AWAKE 690

typedef struct
{
  char *folder, *path;
  PscRecording *recording;
  PscHistory *history; /* of the same moments */
} Fixture;

static PscSpace *
space_at (guint step)
{
  g_autoptr (PscSpace) last = NULL;
  g_autoptr (PscSpace) first = NULL;

  if (step < AWAKE)
    return store_test_life (3, step);
  first = store_test_life (3, 0);
  last = store_test_life (3, AWAKE - 1);
  return store_test_life_alike (last, first->time_usec + step * SECOND);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PscRecorder *recorder;

  fixture->folder = psc_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "a.pagescape", NULL);
  fixture->history = psc_history_new (G_MAXUINT64, PSC_THINNING_BY_AGE);
  recorder = psc_recorder_new (fixture->path, FALSE, NULL);
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (PscSpace) space = space_at (step);
      g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);

      g_assert_true (psc_recorder_add (recorder, space, moment, NULL));
      psc_history_add (fixture->history, space, moment);
    }
  g_assert_true (psc_recorder_finish (recorder, "stopped", NULL));
  psc_recorder_free (recorder);
  fixture->recording = psc_recording_open (fixture->path, NULL);
  g_assert_nonnull (fixture->recording);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_recording_free (fixture->recording);
  psc_history_free (fixture->history);
  g_free (fixture->path);
  psc_test_folder_free (fixture->folder);
}

static void
count (const PscTraits *traits, guint64 n_pages[PSC_N_AGES])
{
  for (guint i = 0; i < traits->n_traits; i++)
    n_pages[traits->traits[i].value] += traits->traits[i].n_pages;
}

static void
check_same (const PscTraits *a, const PscTraits *b)
{
  g_assert_cmpuint (a->page_size, ==, b->page_size);
  g_assert_cmpuint (a->n_traits, ==, b->n_traits);
  for (guint i = 0; i < a->n_traits; i++)
    {
      g_assert_cmphex (a->traits[i].start, ==, b->traits[i].start);
      g_assert_cmpuint (a->traits[i].n_pages, ==, b->traits[i].n_pages);
      g_assert_cmpuint (a->traits[i].value, ==, b->traits[i].value);
    }
}

static void
test_as_watched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscAge) age = psc_age_new ();
  g_autoptr (PscSpace) then = NULL;

  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (PscSpace) now = space_at (step);
      g_autoptr (PscTraits) changes = psc_change_new_since (then, now);
      guint64 n_pages[PSC_N_AGES] = { 0 };

      psc_age_add (age, now, changes);
      if (step % 97 == 0 || step >= N_STEPS - 2)
        {
          g_autoptr (PscTraits) expected = psc_age_dup_traits (age, now->page_size, now->time_usec);
          g_autoptr (PscTraits) found = psc_recording_dup_age (fixture->recording, step, NULL);

          check_same (found, expected);
          count (found, n_pages);
          /* What nobody saw coming is older. */
          g_assert_cmpuint (n_pages[PSC_AGE_NEW] > 0, ==, step > 0 && step < AWAKE);
          g_assert_cmpuint (n_pages[PSC_AGE_MINUTES] > 0, ==, step > 60);
        }
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
}

static void
test_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscTraits) traits = psc_recording_dup_age (fixture->recording, 0, NULL);

  g_assert_cmpuint (traits->n_traits, ==, 0);
}

/* --- going to and fro ---------------------------------------------------------------------- */

/* The moments of the history, counted. */
typedef struct
{
  PscHistory *history;
  guint n_loads;
  GCancellable *cancellable; /* is cancelled by so many */
  guint n_before_cancel;
} Counted;

static gint64
find_counted (gpointer data, gint64 time_usec)
{
  return psc_history_past.find (((Counted *) data)->history, time_usec);
}

static gboolean
next_counted (gpointer data, gint64 time_usec, gint64 until_usec, gint64 *next_usec, GError **error)
{
  return psc_history_past.next (((Counted *) data)->history, time_usec, until_usec, next_usec,
                                error);
}

static PscSpace *
load_counted (gpointer data, gint64 time_usec, GError **error)
{
  Counted *counted = data;

  if (++counted->n_loads == counted->n_before_cancel)
    g_cancellable_cancel (counted->cancellable);
  return psc_history_past.load (counted->history, time_usec, error);
}

static const PscPastType counted_past = { find_counted, next_counted, load_counted };

/* Goes to a step and compares with what the recording says who goes there straight. Returns how
 * many snapshots that took. */
static guint
go_to (Fixture *fixture, PscPastAge *past, Counted *counted, guint step)
{
  gint64 time_usec = psc_recording_get_time (fixture->recording, step);
  g_autoptr (PscTraits) expected = psc_recording_dup_age (fixture->recording, step, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscTraits) found = NULL;
  guint n_loads = counted->n_loads;

  found = psc_past_age_dup_traits (past, time_usec, 0, NULL, &error);
  g_assert_no_error (error);
  check_same (found, expected);
  return counted->n_loads - n_loads;
}

/* Whatever the way, the ages are the same; what is near is near. */
static void
test_to_and_fro (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint step, n_most; /* snapshots */
    gboolean anew;      /* by somebody who has been nowhere yet */
  } way[] = {
    { 0, 1 },
    { 1, 1 },
    { 100, 99 },
    { 100, 0 },
    { 60, 16 },
    { 99, 16 },
    { 3, 4 },
    { 350, 255 },
    { 340, 16 },
    { 349, 16 },
    { 650, 301 },
    { 649, 32 },
    { 620, 32 },
    { 699, 80 },
    { 699, 0 },
    { 10, 16 },
    { 680, 32 },
    /* Ten minutes and the one beyond that it has room for; before that it has to begin anew. */
    { 699, 652, TRUE },
    { 640, 32 },
    { 600, 601 },
    { 680, 81 },
  };
  Counted counted = { fixture->history };
  g_autoptr (PscPastAge) past = psc_past_age_new (&counted_past, &counted, 60 * SECOND);

  for (guint i = 0; i < G_N_ELEMENTS (way); i++)
    {
      guint n_loads;

      if (way[i].anew)
        {
          psc_past_age_free (past);
          past = psc_past_age_new (&counted_past, &counted, 60 * SECOND);
        }
      n_loads = go_to (fixture, past, &counted, way[i].step);
      g_test_message ("to %u: %u snapshots", way[i].step, n_loads);
      g_assert_cmpuint (n_loads, <=, way[i].n_most);
    }
}

/* What was done until then is not done again. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Counted counted = { fixture->history, 0, cancellable, 200 };
  g_autoptr (PscPastAge) past = psc_past_age_new (&counted_past, &counted, 0);
  gint64 time_usec = psc_recording_get_time (fixture->recording, 500);
  g_autoptr (GError) error = NULL;

  g_assert_null (psc_past_age_dup_traits (past, time_usec, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (counted.n_loads, ==, 200);
  g_clear_error (&error);
  g_assert_null (psc_past_age_dup_traits (past, time_usec, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (counted.n_loads, ==, 200);
  g_assert_cmpuint (go_to (fixture, past, &counted, 501), ==, 502 - 200);
}

/* Also of what is still to be packed, and of what has been thrown away in between. */
static void
test_thinned (void)
{
  g_autoptr (PscHistory) history = psc_history_new (1, PSC_THINNING_BY_AGE);
  g_autoptr (PscPastAge) past = psc_past_age_new (&psc_history_past, history, 0);
  g_autoptr (PscSpace) first = NULL;
  g_autoptr (PscSpace) last = NULL;
  g_autoptr (PscTraits) changes = NULL;
  g_autoptr (PscTraits) traits = NULL;
  g_autoptr (PscTraits) expected = NULL;
  g_autoptr (PscAge) age = psc_age_new ();

  for (guint step = 0; step < 50; step++)
    {
      g_autoptr (PscSpace) space = store_test_life (3, step);
      g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);

      psc_history_add (history, space, moment);
      psc_traits_unref (g_steal_pointer (&traits));
      traits = psc_past_age_dup_traits (past, space->time_usec, 0, NULL, NULL);
      g_assert_nonnull (traits);
    }
  psc_history_settle (history);
  g_assert_cmpuint (psc_history_get_n_snapshots (history), ==, 2);
  psc_past_age_free (past);
  past = psc_past_age_new (&psc_history_past, history, 0);
  first = store_test_life (3, 0);
  last = store_test_life (3, 49);
  changes = psc_change_new_since (first, last);
  psc_age_add (age, first, changes);
  psc_age_add (age, last, changes);
  expected = psc_age_dup_traits (age, last->page_size, last->time_usec);
  psc_traits_unref (g_steal_pointer (&traits));
  traits = psc_past_age_dup_traits (past, last->time_usec, 0, NULL, NULL);
  check_same (traits, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/recording-age/as-watched", Fixture, NULL, set_up, test_as_watched, tear_down);
  g_test_add ("/recording-age/start", Fixture, NULL, set_up, test_start, tear_down);
  g_test_add ("/recording-age/to-and-fro", Fixture, NULL, set_up, test_to_and_fro, tear_down);
  g_test_add ("/recording-age/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add_func ("/recording-age/thinned", test_thinned);
  return g_test_run ();
}
