/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recordings in the window: made of what is watched, opened, travelled in, refused. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-recording.h"
#include "psc-ui-test.h"
#include "psc-window-private.h"

#define MIB (1024u * 1024u)

typedef struct
{
  char *folder, *path;
  PscWindow *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("pagescape-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "a.pagescape", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static PscWindow *
open_myself (void)
{
  g_autofree char *target = g_strdup_printf ("%d", getpid ());

  return psc_ui_open (NULL, target);
}

static void
record_to (PscWindow *window, const char *path)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "record-to",
                                  g_variant_new_string (path));
}

static gboolean
is_recording (PscWindow *window)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (window), "record");

  return g_variant_get_boolean (state);
}

static void
stop_recording (PscWindow *window)
{
  g_action_group_change_action_state (G_ACTION_GROUP (window), "record",
                                      g_variant_new_boolean (FALSE));
  psc_ui_wait_until (!is_recording (window));
}

/* As anyone sees the file, also while it is written; 0 before it is there. */
static guint
count_recorded (const char *path)
{
  g_autoptr (PscRecording) recording = psc_recording_open (path, NULL);

  return recording != NULL ? psc_recording_get_n_moments (recording) : 0;
}

static const char *
dup_ended (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecording) recording = psc_recording_open (path, &error);

  g_assert_no_error (error);
  return g_intern_string (psc_recording_get_meta (recording, "ended"));
}

static guint64
resident_at (PscWindow *window, const guint8 *start)
{
  PscSpace *space = psc_window_get_shown_space (window);
  const PscMapping *mapping = psc_space_lookup (space, (guint64) (gsize) start);

  return mapping != NULL ? mapping->resident : 0;
}

/* Of the page there: PSC_AGE_OLDER where nothing says that it has appeared. */
static PscAgeClass
age_at (PscWindow *window, const guint8 *start)
{
  const PscTrait *trait =
      psc_traits_lookup (psc_map_view_get_traits (window->map), (guint64) (gsize) start);

  return trait != NULL ? trait->value : PSC_AGE_OLDER;
}

/* What was recorded while it grew is shown as it was, without the process. */
static void
test_round (Fixture *fixture, gconstpointer data)
{
  PscWindow *window = open_myself ();
  guint8 *area;
  gint64 first_usec;
  guint n;

  record_to (window, fixture->path);
  g_assert_true (is_recording (window));
  psc_ui_wait_until (count_recorded (fixture->path) >= 1);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "Recording, "));
  area = mmap (NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (area != MAP_FAILED);
  memset (area, 1, 16 * MIB);
  psc_ui_wait_until (resident_at (window, area) >= 16 * MIB);
  /* The moment of what is shown is still being made. */
  n = count_recorded (fixture->path);
  psc_ui_wait_until (count_recorded (fixture->path) >= n + 2);
  stop_recording (window);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "a.pagescape") != NULL);
  g_assert_cmpstr (dup_ended (fixture->path), ==, "stopped");
  psc_ui_close (window);

  window = psc_ui_open (NULL, fixture->path);
  g_assert_cmpint (psc_session_get_pid (psc_window_get_session (window)), ==, 0);
  g_assert_true (psc_window_is_past (window));
  g_assert_cmpint (psc_window_get_shown_space (window)->pid, ==, getpid ());
  g_assert_cmpuint (resident_at (window, area), >=, 16 * MIB);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "recorded on "));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "record"));
  g_action_group_activate_action (G_ACTION_GROUP (window), "lens", g_variant_new_string ("age"));
  psc_ui_wait_until (age_at (window, area) <= PSC_AGE_MINUTE);
  psc_ui_press_key (GTK_WIDGET (psc_timeline_view_get_area (window->timeline)), GDK_KEY_Home, 0);
  psc_ui_wait_until (resident_at (window, area) < 16 * MIB);
  psc_ui_wait_until (age_at (window, area) == PSC_AGE_OLDER);
  first_usec = psc_window_get_shown_space (window)->time_usec;
  g_assert_cmpint (psc_timeline_area_get_shown (psc_timeline_view_get_area (window->timeline)), ==,
                   first_usec);

  /* A process takes its place. */
  psc_window_open_process (window, getpid ());
  g_assert_null (psc_window_recording_get_facts (window));
  psc_ui_wait_until (psc_session_get_space (psc_window_get_session (window)) != NULL);
  g_assert_false (psc_window_is_past (window));
  psc_ui_close (window);
  munmap (area, 16 * MIB);
}

static void
test_moment (Fixture *fixture, gconstpointer data)
{
  PscWindow *window = open_myself ();
  g_autofree char *start = g_strconcat (fixture->path, "@start", NULL);
  g_autoptr (PscRecording) recording = NULL;

  record_to (window, fixture->path);
  psc_ui_wait_until (count_recorded (fixture->path) >= 3);
  stop_recording (window);
  psc_ui_close (window);
  recording = psc_recording_open (fixture->path, NULL);
  window = psc_ui_open (NULL, start);
  psc_ui_wait_until (psc_window_get_shown_space (window)->time_usec ==
                     psc_recording_get_time (recording, 0));
  psc_ui_close (window);
}

/* A recording ends with what it is of, and is whole then. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  GSubprocess *child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  g_autofree char *other = g_build_filename (fixture->folder, "b.pagescape", NULL);
  g_autofree char *third = g_build_filename (fixture->folder, "c.pagescape", NULL);

  record_to (window, fixture->path);
  psc_ui_wait_until (count_recorded (fixture->path) >= 2);
  psc_ui_end_child (child);
  psc_ui_wait_until (!is_recording (window));
  g_assert_cmpstr (dup_ended (fixture->path), ==, "the process ended");
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "record"));
  g_object_unref (child);

  psc_window_open_process (window, getpid ());
  psc_ui_wait_until (psc_window_recording_can_record (window));
  record_to (window, other);
  psc_ui_wait_until (count_recorded (other) >= 1);
  child = psc_ui_start_child ();
  psc_window_open_process (window, atoi (g_subprocess_get_identifier (child)));
  psc_ui_wait_until (!is_recording (window));
  g_assert_cmpstr (dup_ended (other), ==, "another process was opened");

  psc_ui_wait_until (psc_window_recording_can_record (window));
  record_to (window, third);
  psc_ui_wait_until (count_recorded (third) >= 1);
  psc_ui_close (window);
  psc_ui_wait_until (g_strcmp0 (dup_ended (third), "the window was closed") == 0);
  psc_ui_end_child (child);
  g_object_unref (child);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  PscWindow *window;
  g_autofree char *no_folder = g_build_filename (fixture->folder, "no", "a.pagescape", NULL);

  /* With nothing else to show, a page of its own; else a word about it. */
  window = PSC_WINDOW (psc_window_new (psc_ui_get_application (), NULL, NULL, fixture->path));
  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "No such file") != NULL);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "Can’t Show This Recording"));
  psc_ui_close (window);

  g_assert_true (g_file_set_contents (fixture->path, "no recording at all", -1, NULL));
  window = open_myself ();
  g_action_group_activate_action (G_ACTION_GROUP (window), "open-file",
                                  g_variant_new_string (fixture->path));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "no recording of Pagescape") != NULL);
  g_assert_cmpint (psc_window_get_shown_space (window)->pid, ==, getpid ());

  record_to (window, no_folder);
  psc_ui_wait_until (!is_recording (window));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "no/a.pagescape") != NULL);
  psc_ui_close (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/recording/round", Fixture, NULL, set_up, test_round, tear_down);
  g_test_add ("/recording/moment", Fixture, NULL, set_up, test_moment, tear_down);
  g_test_add ("/recording/ends", Fixture, NULL, set_up, test_ends, tear_down);
  g_test_add ("/recording/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
