/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is not used, in the window: nothing is done before the user has agreed, then what is found
 * is what a process that touches a quarter of its memory does. */

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-cold-dialog.h"
#include "psc-cold-job.h"
#include "psc-ui-test.h"
#include "psc-window-private.h"

#define AREA_BYTES ((gsize) 64 << 20)
#define PAGE       4096

/* --- a process that touches a quarter ------------------------------------------------------ */

/* Says where its memory is once all of it is there; until its input ends. */
static int
touch (void)
{
  volatile guint8 *area =
      mmap (NULL, AREA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  GPollFD input = { STDIN_FILENO, G_IO_IN | G_IO_HUP, 0 };

  if (area == MAP_FAILED || madvise ((void *) area, AREA_BYTES, MADV_NOHUGEPAGE) < 0)
    return 1;
  for (gsize at = 0; at < AREA_BYTES; at += PAGE)
    area[at] = 1;
  printf ("%018" G_GINT64_MODIFIER "x", (guint64) (gsize) area);
  fflush (stdout);
  do
    for (gsize at = 0; at < AREA_BYTES / 4; at += PAGE)
      area[at] = 2;
  while (g_poll (&input, 1, 50) == 0);
  return 0;
}

static GSubprocess *
start_child (guint64 *area)
{
  g_autofree char *myself = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  char answer[19] = "";
  GSubprocess *child =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        myself, "touch", NULL);

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), answer, 18, NULL, NULL, &error);
  g_assert_no_error (error);
  *area = g_ascii_strtoull (answer, NULL, 16);
  return child;
}

/* What the kernel says of the whole area. */
static guint64
read_referenced (GSubprocess *child, guint64 area)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/smaps", g_subprocess_get_identifier (child));
  g_autofree char *text = NULL;
  g_autofree char *head = g_strdup_printf ("%" G_GINT64_MODIFIER "x-", area);
  const char *at;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  at = strstr (text, head);
  g_assert_nonnull (at);
  at = strstr (at, "\nReferenced:");
  g_assert_nonnull (at);
  return g_ascii_strtoull (at + strlen ("\nReferenced:"), NULL, 10) * 1024;
}

/* --- helpers ------------------------------------------------------------------------------- */

static GtkWidget *
open_dialog (PscWindow *window)
{
  return psc_ui_open_dialog (window, "unused", PSC_TYPE_COLD_DIALOG);
}

static const PscColdLook *
get_look (PscWindow *window)
{
  return psc_insight_get_cold (psc_window_get_insight (window));
}

/* --- tests --------------------------------------------------------------------------------- */

static void
test_quarter (void)
{
  guint64 area;
  g_autoptr (GSubprocess) child = start_child (&area);
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *inspector = GTK_WIDGET (window->inspector);
  GtkWidget *dialog;
  const PscMapping *mapping;
  const PscColdSums *sums;

  dialog = open_dialog (window);
  g_assert_nonnull (psc_ui_find_text (dialog, "This makes the kernel forget which pages"));
  g_assert_nonnull (psc_ui_find_button (dialog, "Clear and Look"));
  g_assert_cmpuint (read_referenced (child, area), ==, AREA_BYTES);
  g_assert_null (get_look (window));

  psc_cold_dialog_start (PSC_COLD_DIALOG (dialog), G_USEC_PER_SEC);
  psc_ui_wait_until (psc_ui_find_text (dialog, "was not touched in 1 s") != NULL);
  g_assert_nonnull (get_look (window));
  mapping = psc_space_lookup (get_look (window)->cold->space, area);
  sums = &get_look (window)
              ->cold->mappings[psc_space_mapping_index (get_look (window)->cold->space, mapping)];
  g_assert_cmpuint (sums->resident, ==, AREA_BYTES);
  g_assert_cmpuint (sums->touched, ==, AREA_BYTES / 4);
  g_assert_cmpuint (sums->cold, ==, AREA_BYTES / 4 * 3);
  g_assert_cmpuint (read_referenced (child, area), ==, AREA_BYTES / 4);
  g_assert_nonnull (psc_ui_find_text (dialog, "16 MiB of 64 MiB, 75 % cold"));

  /* It stays in the inspector, with its time. */
  gtk_window_destroy (GTK_WINDOW (dialog));
  psc_map_view_select (window->map, area);
  psc_ui_wait_until (psc_ui_find_fact (inspector, "Touched") != NULL);
  g_assert_true (
      g_str_has_prefix (psc_ui_find_fact (inspector, "Touched"), "16 MiB of 64 MiB in 1 s ("));
  psc_map_view_select (window->map, PSC_MAP_NOWHERE);
  psc_ui_wait_until (psc_ui_find_fact (inspector, "Touched") != NULL);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_stop (void)
{
  guint64 area;
  g_autoptr (GSubprocess) child = start_child (&area);
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *dialog = open_dialog (window);

  psc_cold_dialog_start (PSC_COLD_DIALOG (dialog), 60 * G_USEC_PER_SEC);
  psc_ui_wait_until (psc_ui_find_text (dialog, "Waiting for what the process touches") != NULL);
  g_signal_emit_by_name (psc_ui_find_button (dialog, "Stop"), "clicked");
  psc_ui_wait_until (psc_ui_find_button (dialog, "Clear and Look") != NULL);
  g_assert_null (get_look (window));
  /* Another process: this one is not asked about any more. */
  psc_window_open_process (window, getpid ());
  psc_ui_wait_until (psc_ui_find_toplevel (PSC_TYPE_COLD_DIALOG) == NULL);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* Not in the window that shows what was recorded. */
static void
test_recorded (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);

  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "unused"));
  psc_ui_close (window);
}

static void
test_frames (void)
{
  guint64 area;
  g_autoptr (GSubprocess) child = NULL;
  PscWindow *window;
  GtkWidget *dialog, *button;

  child = start_child (&area);
  window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  psc_ui_wait_until (psc_session_get_table (psc_window_get_session (window)) != NULL);
  dialog = open_dialog (window);
  button = psc_ui_find_button (dialog, "Look Without Writing");
  g_assert_cmpint (gtk_widget_get_sensitive (button), ==,
                   psc_session_get_table (psc_window_get_session (window))->sees_flags);
  if (!gtk_widget_get_sensitive (button))
    {
      g_assert_nonnull (psc_ui_find_text (dialog, "by root"));
      g_test_skip ("flags of page frames are not shown here");
      goto end;
    }
  g_signal_emit_by_name (button, "clicked");
  psc_ui_wait_until (psc_ui_find_text (dialog, "kernel’s list of unused pages") != NULL ||
                     psc_ui_find_text (dialog, "Not Told by This Kernel") != NULL);
  /* Nothing was written, and what proves nothing is no fact for a verdict. */
  g_assert_cmpuint (read_referenced (child, area), ==, AREA_BYTES);
  g_assert_null (psc_insight_get_cold_segments (psc_window_get_insight (window)));
end:
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
ended_cb (PscColdJob *job, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static PscSpace *
capture (GSubprocess *child)
{
  g_autoptr (PscProbeSource) source = psc_probe_source_new (NULL, NULL);
  g_autoptr (PscWatch) watch = psc_watch_new (source, atoi (g_subprocess_get_identifier (child)));
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_watch_capture (watch, NULL, &error);

  g_assert_no_error (error);
  return space;
}

static void
check_refused (const char *via, PscSpace *space, PscProbeError code)
{
  g_autoptr (PscColdJob) job = psc_cold_job_new (NULL, via, space, G_USEC_PER_SEC);
  gboolean ended = FALSE;

  g_signal_connect (job, "ended", G_CALLBACK (ended_cb), &ended);
  psc_ui_wait_until (ended);
  g_assert_error (psc_cold_job_get_error (job), PSC_PROBE_ERROR, (int) code);
  g_assert_null (psc_cold_job_take_cold (job));
}

/* A PID that is another's by now is left alone. */
static void
test_another (void)
{
  guint64 area;
  g_autoptr (GSubprocess) child = start_child (&area);
  g_autoptr (PscSpace) space = capture (child);
  /* Until the last worker is done with it. */
  static PscSpace another;

  another = *space;
  g_atomic_ref_count_init (&another.ref_count);
  another.start_time--;
  check_refused (NULL, &another, PSC_PROBE_ERROR_GONE);
  g_assert_cmpuint (read_referenced (child, area), ==, AREA_BYTES);
  psc_ui_end_child (child);
}

static void
test_denied (void)
{
  guint64 area;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (PscSpace) space = NULL;

  if (!psc_ui_can_be_nobody ())
    {
      g_test_skip ("can't run a probe as nobody here");
      return;
    }
  child = start_child (&area);
  space = capture (child);
  check_refused (PSC_UI_AS_NOBODY, space, PSC_PROBE_ERROR_DENIED);
  g_assert_cmpuint (read_referenced (child, area), ==, AREA_BYTES);
  psc_ui_end_child (child);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "touch") == 0)
    return touch ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cold/quarter", test_quarter);
  g_test_add_func ("/cold/stop", test_stop);
  g_test_add_func ("/cold/recorded", test_recorded);
  g_test_add_func ("/cold/frames", test_frames);
  g_test_add_func ("/cold/another", test_another);
  g_test_add_func ("/cold/denied", test_denied);
  return g_test_run ();
}
