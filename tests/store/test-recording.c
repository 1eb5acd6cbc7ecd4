/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is recorded comes back: snapshots, timeline, time; also while it is written, and after the
 * recorder was killed. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-recorder.h"
#include "psc-recording-time.h"
#include "psc-recording.h"
#include "psc-store-test.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = psc_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "a.pagescape", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_chmod (fixture->folder, 0700);
  g_free (fixture->path);
  psc_test_folder_free (fixture->folder);
}

static PscRecorder *
new_recorder (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PscRecorder *recorder = psc_recorder_new (fixture->path, FALSE, &error);

  g_assert_no_error (error);
  return recorder;
}

static PscRecording *
open_recording (const char *path)
{
  g_autoptr (GError) error = NULL;
  PscRecording *recording = psc_recording_open (path, &error);

  g_assert_no_error (error);
  return recording;
}

/* Records steps [from, to) of a life. */
static void
record (PscRecorder *recorder, guint seed, guint from, guint to)
{
  g_autoptr (PscSpace) then = from > 0 ? store_test_life (seed, from - 1) : NULL;

  for (guint step = from; step < to; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (seed, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);
      g_autoptr (GError) error = NULL;

      psc_recorder_add (recorder, now, moment, &error);
      g_assert_no_error (error);
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
}

static void
finish (PscRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  psc_recorder_finish (recorder, "stopped", &error);
  g_assert_no_error (error);
  psc_recorder_free (recorder);
}

static void
check_moment (PscRecording *recording, guint index, guint seed, guint step)
{
  g_autoptr (PscSpace) expected = store_test_life (seed, step);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = psc_recording_load (recording, index, &error);

  g_assert_no_error (error);
  store_test_assert_equal (expected, space);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscRecording) recording = NULL;
  struct stat status;

  PscRecorder *recorder = new_recorder (fixture);

  record (recorder, 1, 0, 200);
  g_assert_cmpuint (psc_recorder_get_n_moments (recorder), ==, 200);
  g_assert_cmpuint (psc_recorder_get_size (recorder), >, 10000);
  finish (recorder);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  recording = open_recording (fixture->path);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, 200);
  for (guint step = 0; step < 200; step++)
    check_moment (recording, step, 1, step);
  for (guint step = 200; step-- > 0;)
    check_moment (recording, step, 1, step);
  g_assert_cmpstr (psc_recording_get_meta (recording, "name"), ==, "life");
  g_assert_cmpstr (psc_recording_get_meta (recording, "pid"), ==, "1001");
  g_assert_cmpstr (psc_recording_get_meta (recording, "ended"), ==, "stopped");
  g_assert_null (psc_recording_get_meta (recording, "nothing"));
}

static void
check_same_events (const PscMoment *a, const PscMoment *b)
{
  g_assert_cmpuint (a->n_events, ==, b->n_events);
  for (guint i = 0; i < a->n_events; i++)
    {
      g_assert_cmpint (a->events[i].type, ==, b->events[i].type);
      g_assert_cmpint (a->events[i].kind, ==, b->events[i].kind);
      g_assert_cmpint (a->events[i].time_usec, ==, b->events[i].time_usec);
      g_assert_cmpuint (a->events[i].start, ==, b->events[i].start);
      g_assert_cmpuint (a->events[i].end, ==, b->events[i].end);
      g_assert_cmpuint (a->events[i].bytes, ==, b->events[i].bytes);
      g_assert_cmpuint (a->events[i].n, ==, b->events[i].n);
      g_assert_cmpstr (a->events[i].label, ==, b->events[i].label);
    }
}

static void
check_same_moment (const PscMoment *a, const PscMoment *b)
{
  g_assert_cmpint (a->time_usec, ==, b->time_usec);
  g_assert_cmpuint (a->minor_faults, ==, b->minor_faults);
  g_assert_cmpuint (a->major_faults, ==, b->major_faults);
  g_assert_cmpuint (a->vm_pte, ==, b->vm_pte);
  g_assert_cmpuint (a->n_threads, ==, b->n_threads);
  g_assert_cmpint (a->pages_known, ==, b->pages_known);
  g_assert_cmpuint (a->huge, ==, b->huge);
  g_assert_cmpmem (&a->total, sizeof a->total, &b->total, sizeof b->total);
  g_assert_cmpmem (a->kinds, sizeof a->kinds, b->kinds, sizeof b->kinds);
  g_assert_cmpuint (a->n_segments, ==, b->n_segments);
  for (guint i = 0; i < a->n_segments; i++)
    {
      g_assert_cmpint (a->segments[i].kind, ==, b->segments[i].kind);
      g_assert_cmpstr (a->segments[i].label, ==, b->segments[i].label);
      g_assert_cmpmem (&a->segments[i].amount, sizeof (PscAmount), &b->segments[i].amount,
                       sizeof (PscAmount));
    }
  check_same_events (a, b);
}

/* Without its last reference of a label nobody can tell what a segment was called. */
static void
test_timeline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscTimeline) expected = psc_timeline_new ();
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (PscSpace) then = NULL;
  PscTimeline *timeline;
  guint n_events = 0;

  PscRecorder *recorder = new_recorder (fixture);

  record (recorder, 2, 0, 100);
  finish (recorder);
  for (guint step = 0; step < 100; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (2, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      g_assert_true (psc_timeline_add (expected, moment));
      n_events += moment->n_events;
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  g_assert_cmpuint (n_events, >, 50);
  recording = open_recording (fixture->path);
  timeline = psc_recording_get_timeline (recording);
  g_assert_cmpuint (psc_timeline_get_n_moments (timeline), ==, 100);
  for (guint i = 0; i < 100; i++)
    check_same_moment (psc_timeline_get_moment (timeline, i),
                       psc_timeline_get_moment (expected, i));
}

static void
test_alike (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscSpace) space = store_test_life (1, 5);
  g_autoptr (PscMoment) first = psc_moment_new (NULL, space);
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (PscSpace) back = NULL;
  guint64 size;

  PscRecorder *recorder = new_recorder (fixture);

  g_assert_true (psc_recorder_add (recorder, space, first, NULL));
  for (guint i = 1; i < 1000; i++)
    {
      g_autoptr (PscSpace) alike =
          store_test_life_alike (space, space->time_usec + (gint64) i * SECOND);
      g_autoptr (PscMoment) moment = psc_moment_new_alike (first, alike->time_usec);

      alike->minor_faults += i;
      g_assert_true (psc_recorder_add (recorder, alike, moment, NULL));
    }
  finish (recorder);
  recording = open_recording (fixture->path);
  back = psc_recording_load_at (recording, space->time_usec + 700 * SECOND + 1, NULL);
  g_assert_cmpint (back->time_usec, ==, space->time_usec + 700 * SECOND);
  g_assert_cmpuint (back->minor_faults, ==, space->minor_faults + 700);
  g_assert_cmpuint (back->n_runs, ==, space->n_runs);
  {
    struct stat status;

    g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
    size = (guint64) status.st_size;
  }
  g_test_message ("%" G_GUINT64_FORMAT " bytes for a thousand moments alike", size);
  g_assert_cmpuint (size, <, 200000);
}

/* A clock that is set back does not end a recording, nor turn its order around. */
static void
test_clock_set_back (Fixture *fixture, gconstpointer data)
{
  static const gint64 seconds[] = { 100, 101, 50, 51, 52, 40, 41 };
  g_autoptr (PscSpace) space = store_test_life (1, 5);
  g_autoptr (PscMoment) first = psc_moment_new (NULL, space);
  g_autoptr (PscRecording) recording = NULL;

  PscRecorder *recorder = new_recorder (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_autoptr (PscMoment) moment = psc_moment_new_alike (first, seconds[i] * SECOND);

      g_assert_true (psc_recorder_add (recorder, space, moment, NULL));
    }
  g_assert_cmpint (psc_recorder_get_last_time (recorder), ==, 104 * SECOND + 2);
  finish (recorder);
  recording = open_recording (fixture->path);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, 7);
  g_assert_cmpint (psc_recording_get_time (recording, 2), ==, 101 * SECOND + 1);
  g_assert_cmpint (psc_recording_get_time (recording, 4), ==, 103 * SECOND + 1);
  g_assert_cmpuint (psc_recording_index_at (recording, 103 * SECOND), ==, 3);
  g_assert_cmpuint (psc_recording_index_at (recording, 0), ==, 0);
  g_assert_cmpuint (psc_recording_index_at (recording, G_MAXINT64), ==, 6);
}

static void
test_find_time (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *time;
    gint64 seconds; /* after the start; -1: an error */
  } cases[] = { { NULL, 9 }, { "end", 9 }, { "start", 0 }, { "4s", 4 }, { "-2", 7 }, { "1h", -1 } };
  g_autoptr (PscRecording) recording = NULL;
  PscRecorder *recorder = new_recorder (fixture);
  gint64 first_usec, time_usec;

  record (recorder, 1, 0, 10);
  finish (recorder);
  recording = open_recording (fixture->path);
  first_usec = psc_recording_get_time (recording, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      if (!psc_recording_find_time (recording, cases[i].time, &time_usec, &error))
        {
          g_assert_cmpint (cases[i].seconds, ==, -1);
          g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (time_usec, ==, first_usec + cases[i].seconds * SECOND);
    }
}

static void
test_unknown_pages (Fixture *fixture, gconstpointer data)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  const PscMapping mapping = { .start = 4096, .end = 8192, .kind = PSC_KIND_ANON };
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscMoment) moment = NULL;
  PscMoment *back;

  PscRecorder *recorder = new_recorder (fixture);

  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  psc_space_builder_get_space (builder)->time_usec = 1;
  space = psc_space_builder_freeze (builder);
  moment = psc_moment_new (NULL, space);
  g_assert_false (moment->pages_known);
  g_assert_true (psc_recorder_add (recorder, space, moment, NULL));
  finish (recorder);
  recording = open_recording (fixture->path);
  back = psc_timeline_get_moment (psc_recording_get_timeline (recording), 0);
  g_assert_false (back->pages_known);
  g_assert_cmpuint (back->minor_faults, ==, PSC_FAULTS_UNKNOWN);
}

/* ---- Files ---- */

/* Whatever a process calls itself: names of threads and of the kernel's have slashes. */
static void
test_file_name (void)
{
  static const struct
  {
    const char *name, *begins;
  } cases[] = {
    { "java", "java-77-" },         { "kworker/0:1", "kworker_0_1-77-" },
    { "a\xff\nb c", "a__b_c-77-" }, { ".hidden", "process-77-" },
    { "..", "process-77-" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PscSpace space = { .pid = 77, .name = cases[i].name };
      g_autofree char *name = psc_recorder_dup_file_name (&space);
      g_autofree char *base = g_path_get_basename (name);

      g_assert_cmpstr (name, ==, base);
      g_assert_true (g_str_has_prefix (name, cases[i].begins));
      g_assert_true (g_str_has_suffix (name, PSC_RECORDING_SUFFIX));
      g_assert_cmpuint (strlen (name), ==,
                        strlen (cases[i].begins) + strlen ("20261122-153000.pagescape"));
    }
}

static void
check_not_made (const char *path, gboolean overwrite, PscStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (psc_recorder_new (path, overwrite, &error));
  g_assert_error (error, PSC_STORE_ERROR, (gint) code);
  g_test_message ("%s", error->message);
}

static void
test_existing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "notes", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "where", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecording) recording = NULL;
  PscRecorder *recorder = new_recorder (fixture);

  record (recorder, 1, 0, 5);
  finish (recorder);
  check_not_made (fixture->path, FALSE, PSC_STORE_ERROR_EXISTS);
  g_assert_true (g_file_set_contents (other, "my own", -1, NULL));
  check_not_made (other, FALSE, PSC_STORE_ERROR_EXISTS);
  check_not_made (other, TRUE, PSC_STORE_ERROR_FOREIGN);
  check_not_made (fixture->folder, TRUE, PSC_STORE_ERROR_FOREIGN);
  check_not_made (nowhere, FALSE, PSC_STORE_ERROR_FAILED);
  g_assert_true (g_file_get_contents (other, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "my own");
  recorder = psc_recorder_new (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  record (recorder, 2, 0, 3);
  finish (recorder);
  recording = open_recording (fixture->path);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, 3);
  check_moment (recording, 2, 2, 2);
}

/* A child of root has every right, so it becomes somebody who has none. */
static void
check_readable_by_nobody (const char *path, guint n_moments)
{
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autoptr (GError) error = NULL;
      PscRecording *recording;

      if (geteuid () == 0 && setresuid (65534, 65534, 65534) != 0)
        _exit (2);
      recording = psc_recording_open (path, &error);
      if (recording == NULL)
        g_printerr ("# %s\n", error->message);
      _exit (recording != NULL && psc_recording_get_n_moments (recording) == n_moments &&
                     psc_recording_load (recording, n_moments - 1, NULL) != NULL ?
                 0 :
                 1);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (from, &content, &size, NULL));
  g_assert_true (g_file_set_contents (to, content, (gssize) size, NULL));
  g_assert_cmpint (g_chmod (to, 0444), ==, 0);
}

/* Whole; with its log but without what SQLite keeps beside it; and without its log. */
static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = g_build_filename (fixture->folder, "whole", NULL);
  g_autofree char *cut = g_build_filename (fixture->folder, "cut", NULL);
  g_autofree char *cut_log = g_build_filename (fixture->folder, "cut-wal", NULL);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  PscRecorder *recorder = new_recorder (fixture);

  record (recorder, 1, 0, 30);
  copy_file (fixture->path, cut);
  copy_file (log, cut_log);
  finish (recorder);
  copy_file (fixture->path, whole);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  check_readable_by_nobody (whole, 30);
  check_readable_by_nobody (cut, 30);
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  g_assert_cmpuint (count_files (fixture->folder), ==, 4);
}

static void
test_while_writing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (GError) error = NULL;
  PscRecorder *recorder = new_recorder (fixture);

  g_assert_null (psc_recording_open (fixture->path, &error));
  g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  record (recorder, 1, 0, 10);
  recording = open_recording (fixture->path);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, 10);
  g_assert_null (psc_recording_get_meta (recording, "ended"));
  record (recorder, 1, 10, 400);
  check_moment (recording, 9, 1, 9);
  g_assert_true (psc_recording_update (recording, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, 400);
  g_assert_cmpuint (psc_timeline_get_n_moments (psc_recording_get_timeline (recording)), ==, 400);
  check_moment (recording, 399, 1, 399);
  finish (recorder);
  g_assert_true (psc_recording_update (recording, &error));
  g_assert_cmpstr (psc_recording_get_meta (recording, "ended"), ==, "stopped");
  check_moment (recording, 200, 1, 200);
}

typedef struct
{
  PscRecording *recording;
  guint seed;
} Loader;

static gpointer
load_worker (gpointer data)
{
  Loader *loader = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (loader->seed);

  for (guint i = 0; i < 100; i++)
    {
      guint index = (guint) g_rand_int_range (rand, 0, 100);

      check_moment (loader->recording, index, 1, index);
    }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscRecording) recording = NULL;
  Loader loaders[4];
  GThread *threads[4];
  PscRecorder *recorder = new_recorder (fixture);

  record (recorder, 1, 0, 100);
  recording = open_recording (fixture->path);
  for (guint i = 0; i < 4; i++)
    {
      loaders[i] = (Loader){ recording, i };
      threads[i] = g_thread_new ("load", load_worker, &loaders[i]);
    }
  record (recorder, 1, 100, 200);
  g_assert_true (psc_recording_update (recording, NULL));
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  finish (recorder);
}

/* A child records and says after each moment that it has; then it is killed, somewhere. What it
 * said to have, the recording has. */
static guint
record_and_die (const char *path, GRand *rand)
{
  guint n_steps = (guint) g_rand_int_range (rand, 1, 40);
  guint pause_usec = (guint) g_rand_int_range (rand, 0, 3000);
  guint n_said = 0;
  int ends[2];
  pid_t pid;
  char byte;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      PscRecorder *recorder = psc_recorder_new (path, FALSE, NULL);

      if (recorder == NULL)
        _exit (1);
      for (guint step = 0;; step++)
        {
          record (recorder, 1, step, step + 1);
          if (write (ends[1], "x", 1) != 1)
            _exit (1);
        }
    }
  close (ends[1]);
  while (n_said < n_steps && read (ends[0], &byte, 1) == 1)
    n_said++;
  /* Not an event that is waited for: some time, so that it dies anywhere in its next moments. */
  g_usleep (pause_usec);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  while (read (ends[0], &byte, 1) == 1)
    n_said++;
  close (ends[0]);
  return n_said;
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  for (guint seed = 0; seed < 20; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autofree char *path = g_strdup_printf ("%s-%u", fixture->path, seed);
      guint n_said = record_and_die (path, rand), n;
      g_autoptr (PscRecording) recording = open_recording (path);

      n = psc_recording_get_n_moments (recording);
      g_test_message ("seed %u: %u moments said, %u there", seed, n_said, n);
      g_assert_cmpuint (n, >=, n_said);
      g_assert_cmpuint (n, <=, n_said + 1);
      for (guint i = 0; i < n; i++)
        check_moment (recording, i, 1, i);
      g_assert_null (psc_recording_get_meta (recording, "ended"));
    }
}

/* More than the timeline keeps. */
static void
test_long (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscSpace) space = store_test_life (1, 5);
  g_autoptr (PscMoment) first = psc_moment_new (NULL, space);
  g_autoptr (PscRecording) recording = NULL;
  PscTimeline *timeline;
  guint n = 2 * PSC_TIMELINE_MAX_MOMENTS + 77, kept;
  PscRecorder *recorder = new_recorder (fixture);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscMoment) moment =
          psc_moment_new_alike (first, space->time_usec + (gint64) i * SECOND);

      g_assert_true (psc_recorder_add (recorder, space, moment, NULL));
    }
  finish (recorder);
  recording = open_recording (fixture->path);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, n);
  timeline = psc_recording_get_timeline (recording);
  kept = psc_timeline_get_n_moments (timeline);
  g_assert_cmpuint (kept, >, PSC_TIMELINE_MAX_MOMENTS / 2);
  g_assert_cmpint (psc_timeline_get_moment (timeline, 0)->time_usec, ==, space->time_usec);
  g_assert_cmpint (psc_timeline_get_moment (timeline, kept - 1)->time_usec, ==,
                   psc_recording_get_time (recording, n - 1));
}

int
main (int argc, char **argv)
{
#define ADD(name, test) g_test_add ("/recording/" name, Fixture, NULL, set_up, test, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("timeline", test_timeline);
  ADD ("alike", test_alike);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("find-time", test_find_time);
  ADD ("unknown-pages", test_unknown_pages);
  g_test_add_func ("/recording/file-name", test_file_name);
  ADD ("existing", test_existing);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("while-writing", test_while_writing);
  ADD ("threads", test_threads);
  ADD ("killed", test_killed);
  ADD ("long", test_long);
  return g_test_run ();
}
