/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window on processes that live, end, or are not there, and the program as it is started. */

#include "psc-process-list-view.h"
#include "psc-ui-test.h"

static void
test_refresh_keeps_place (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscMapView *map = psc_window_get_map (window);
  guint64 stack = 0;
  g_autoptr (PscSpace) first = psc_space_ref (psc_map_view_get_space (map));
  PscRect before, after;

  for (guint i = 0; i < first->n_mappings; i++)
    if (first->mappings[i].kind == PSC_KIND_STACK)
      stack = first->mappings[i].end - first->page_size;
  g_assert_true (psc_map_view_get_place_rect (map, stack, &before));
  psc_map_view_zoom_at (map, 3, before.x, before.y);
  g_assert_true (psc_map_view_get_place_rect (map, stack, &before));
  psc_ui_wait_until (psc_map_view_get_space (map) != first);
  g_assert_true (psc_map_view_get_place_rect (map, stack, &after));
  g_assert_cmpfloat_with_epsilon (after.x, before.x, 1);
  g_assert_cmpfloat_with_epsilon (after.y, before.y, 1);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_pause (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscSession *session = psc_window_get_session (window);
  g_autoptr (PscSpace) last = NULL;

  psc_ui_press_key (GTK_WIDGET (psc_window_get_map (window)), GDK_KEY_space, 0);
  g_assert_cmpint (psc_session_get_state (session), ==, PSC_SESSION_PAUSED);
  last = psc_space_ref (psc_session_get_space (session));
  g_action_group_activate_action (G_ACTION_GROUP (window), "refresh", NULL);
  psc_ui_wait_until (psc_session_get_space (session) != last);
  g_assert_cmpint (psc_session_get_state (session), ==, PSC_SESSION_PAUSED);
  psc_ui_press_key (GTK_WIDGET (psc_window_get_map (window)), GDK_KEY_space, 0);
  g_assert_cmpint (psc_session_get_state (session), ==, PSC_SESSION_LIVE);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_end (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscSession *session = psc_window_get_session (window);
  GtkWidget *banner = psc_ui_find (GTK_WIDGET (window), GTK_TYPE_REVEALER);

  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (banner)));
  psc_ui_end_child (child);
  psc_ui_wait_until (psc_session_get_state (session) == PSC_SESSION_GONE);
  g_assert_nonnull (psc_session_get_space (session));
  g_assert_nonnull (psc_map_view_get_space (psc_window_get_map (window)));
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (banner)));
  psc_session_refresh (session);
  g_assert_cmpint (psc_session_get_state (session), ==, PSC_SESSION_GONE);
  psc_ui_close (window);
}

static const char *
status_title (PscWindow *window)
{
  GtkWidget *overlay = psc_ui_find (GTK_WIDGET (window), GTK_TYPE_PANED);
  GtkWidget *map_side = gtk_paned_get_end_child (GTK_PANED (overlay));
  GtkWidget *page = psc_ui_find (map_side, ADW_TYPE_STATUS_PAGE);

  return gtk_widget_get_mapped (page) ? adw_status_page_get_title (ADW_STATUS_PAGE (page)) : NULL;
}

/* Targets that can't be shown give a calm page each. */
static void
test_no_such_target (void)
{
  static const struct
  {
    const char *target, *title;
  } cases[] = {
    { "4194303", "No Such Process" },
    { "no such <b>process", "No Such Process" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *window = psc_window_new (psc_ui_get_application (), NULL, NULL, cases[i].target);

      gtk_window_present (GTK_WINDOW (window));
      psc_ui_wait_until (g_strcmp0 (status_title (PSC_WINDOW (window)), cases[i].title) == 0);
      psc_ui_close (PSC_WINDOW (window));
    }
}

static void
test_no_probe (void)
{
  GtkWidget *window =
      psc_window_new (psc_ui_get_application (), NULL, "/nonexistent/command", NULL);

  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (g_strcmp0 (status_title (PSC_WINDOW (window)), "Can’t Read Processes") == 0);
  psc_ui_close (PSC_WINDOW (window));
}

/* By way of a command, and by a name that only one process has. */
static void
test_via (void)
{
  GtkWidget *window = psc_window_new (psc_ui_get_application (), NULL, "env", PSC_WINDOW_LARGEST);
  PscSession *session = psc_window_get_session (PSC_WINDOW (window));

  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (psc_session_get_space (session) != NULL);
  psc_ui_close (PSC_WINDOW (window));
}

static void
test_switch (void)
{
  g_autoptr (GSubprocess) one = psc_ui_start_child ();
  g_autoptr (GSubprocess) two = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (one));
  PscSession *session = psc_window_get_session (window);
  PscMapView *map = psc_window_get_map (window);
  gint pid = atoi (g_subprocess_get_identifier (two));

  for (int i = 0; i < 20; i++)
    psc_session_open (session, i % 2 == 0 ? pid : atoi (g_subprocess_get_identifier (one)));
  psc_session_open (session, pid);
  psc_ui_wait_until (psc_map_view_get_space (map) != NULL &&
                     psc_map_view_get_space (map)->pid == pid);
  g_assert_true (psc_map_view_get_fit (map));
  psc_session_open (session, 0);
  g_assert_null (psc_map_view_get_space (map));
  psc_ui_close (window);
  psc_ui_end_child (one);
  psc_ui_end_child (two);
}

static void
check_program (int status, const char *argument, const char *second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        &error, g_getenv ("PSC_TEST_WINDOW"), argument, second, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  g_assert_cmpint (g_subprocess_get_exit_status (program), ==, status);
}

static void
test_program (void)
{
  check_program (0, "--version", NULL);
  check_program (0, "--help", NULL);
  check_program (0, "--exit-after-startup", NULL);
  check_program (0, "--exit-after-startup", "1");
  check_program (0, "--exit-after-startup", "--largest");
  check_program (1, "--no-such-option", NULL);
  check_program (2, "1", "2");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/refresh-keeps-place", test_refresh_keeps_place);
  g_test_add_func ("/live/pause", test_pause);
  g_test_add_func ("/live/end", test_end);
  g_test_add_func ("/live/no-such-target", test_no_such_target);
  g_test_add_func ("/live/no-probe", test_no_probe);
  g_test_add_func ("/live/via", test_via);
  g_test_add_func ("/live/switch", test_switch);
  g_test_add_func ("/live/program", test_program);
  return g_test_run ();
}
