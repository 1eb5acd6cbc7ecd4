/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that is full, and a limit of file sizes: one clear line, and a file that opens. */

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-recorder.h"
#include "psc-recording.h"
#include "psc-store-test.h"

#define MOST_STEPS 5000
#define SKIP       77

/* What the child said about itself. */
typedef struct
{
  guint n_recorded;
  char message[256];
} Said;

/* Until it can't any more; in a child. */
static void
record_until_full (const char *path, Said *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (GError) end = NULL;
  g_autoptr (PscSpace) then = NULL;
  PscRecorder *recorder = psc_recorder_new (path, FALSE, &error);

  g_assert_no_error (error);
  for (guint step = 0; error == NULL && step < MOST_STEPS; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (1, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      if (psc_recorder_add (recorder, now, moment, &error))
        said->n_recorded++;
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_FULL);
  g_strlcpy (said->message, error->message, sizeof said->message);
  g_assert_cmpuint (psc_recorder_get_n_moments (recorder), ==, said->n_recorded);
  {
    g_autoptr (PscMoment) moment = psc_moment_new (NULL, then);

    g_assert_false (psc_recorder_add (recorder, then, moment, &again));
    g_assert_cmpstr (again->message, ==, error->message);
  }
  g_assert_false (psc_recorder_finish (recorder, "stopped", &end));
  g_assert_cmpstr (end->message, ==, error->message);
  psc_recorder_free (recorder);
}

static void
check_opens (const char *path, const Said *said)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecording) recording = psc_recording_open (path, &error);

  g_assert_no_error (error);
  g_test_message ("%u moments, then: %s", said->n_recorded, said->message);
  g_assert_cmpuint (said->n_recorded, >, 5);
  g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, said->n_recorded);
  g_assert_null (strchr (said->message, '\n'));
  for (guint step = 0; step < said->n_recorded; step++)
    {
      g_autoptr (PscSpace) expected = store_test_life (1, step);
      g_autoptr (PscSpace) space = psc_recording_load (recording, step, &error);

      g_assert_no_error (error);
      store_test_assert_equal (expected, space);
    }
}

/* A mount that only this child has, and goes with it. */
static void
work_on_full_disk (const char *folder, const char *path, const char *size)
{
  g_autofree char *options = g_strconcat ("size=", size, ",mode=0700", NULL);
  Said said = { 0 };

  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("tmpfs", folder, "tmpfs", 0, options) != 0)
    _exit (SKIP);
  record_until_full (path, &said);
  g_assert_nonnull (strstr (said.message, g_strerror (ENOSPC)));
  check_opens (path, &said);
}

static void
work_within_limit (const char *folder, const char *path, const char *size)
{
  struct rlimit limit = { (rlim_t) atoi (size) << 10, (rlim_t) atoi (size) << 10 };
  Said said = { 0 };

  signal (SIGXFSZ, SIG_DFL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  record_until_full (path, &said);
  g_assert_nonnull (strstr (said.message, g_strerror (EFBIG)));
  check_opens (path, &said);
}

typedef struct
{
  const char *name, *size;
  void (*work) (const char *folder, const char *path, const char *size);
} Case;

static const Case cases[] = {
  { "/full/disk/300k", "300k", work_on_full_disk },
  { "/full/disk/600k", "600k", work_on_full_disk },
  { "/full/disk/2m", "2m", work_on_full_disk },
  { "/full/limit/250k", "250", work_within_limit },
  { "/full/limit/500k", "500", work_within_limit },
  { "/full/limit/3m", "3000", work_within_limit },
};

static void
test_case (gconstpointer data)
{
  const Case *the_case = data;
  char *folder = psc_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.pagescape", NULL);
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      the_case->work (folder, path, the_case->size);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  psc_test_folder_free (folder);
  if (WIFEXITED (status) && WEXITSTATUS (status) == SKIP)
    g_test_skip ("needs root, to mount a small file system");
  else
    g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].name, &cases[i], test_case);
  return g_test_run ();
}
