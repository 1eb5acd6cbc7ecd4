/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old pages are at a moment of a recording: as whoever had watched it all along would say. */

#include "psc-change.h"
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
  recorder = psc_recorder_new (fixture->path, FALSE, NULL);
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (PscSpace) space = space_at (step);
      g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);

      g_assert_true (psc_recorder_add (recorder, space, moment, NULL));
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/recording-age/as-watched", Fixture, NULL, set_up, test_as_watched, tear_down);
  g_test_add ("/recording-age/start", Fixture, NULL, set_up, test_start, tear_down);
  return g_test_run ();
}
