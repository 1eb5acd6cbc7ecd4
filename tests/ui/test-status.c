/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The calm pages: what cannot be shown says what happened, why, and what can be done. */

#include <sys/wait.h>
#include <unistd.h>

#include "psc-process-list-view.h"
#include "psc-ui-test.h"

/* Of the window; the list of processes has one of its own. */
static AdwStatusPage *
find_page (GtkWidget *root)
{
  if (PSC_IS_PROCESS_LIST_VIEW (root))
    return NULL;
  if (ADW_IS_STATUS_PAGE (root) && gtk_widget_get_mapped (root))
    return ADW_STATUS_PAGE (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwStatusPage *page = find_page (child);

      if (page != NULL)
        return page;
    }
  return NULL;
}

static gboolean
shows (PscWindow *window, const char *title)
{
  AdwStatusPage *page = find_page (GTK_WIDGET (window));

  return page != NULL && g_strcmp0 (adw_status_page_get_title (page), title) == 0;
}

static PscWindow *
open_window (const char *via, const char *target)
{
  GtkWidget *window = psc_window_new (psc_ui_get_application (), NULL, via, target);

  gtk_window_present (GTK_WINDOW (window));
  return PSC_WINDOW (window);
}

typedef struct
{
  const char *title, *icon;
  const char *says; /* part of the sentence */
  gboolean can_retry, can_choose;
} Expected;

static void
check_page (PscWindow *window, const Expected *expected)
{
  GtkWidget *root = GTK_WIDGET (window);
  AdwStatusPage *page;

  psc_ui_wait_until (shows (window, expected->title));
  page = find_page (root);
  g_assert_cmpstr (adw_status_page_get_icon_name (page), ==, expected->icon);
  g_assert_nonnull (strstr (adw_status_page_get_description (page), expected->says));
  g_assert_true (gtk_icon_theme_has_icon (
      gtk_icon_theme_get_for_display (gtk_widget_get_display (root)), expected->icon));
  g_assert_true ((psc_ui_find_button (root, "Try Again") != NULL) == expected->can_retry);
  g_assert_true ((psc_ui_find_button (root, "Back to the Gallery") != NULL) ==
                 expected->can_choose);
}

/* Its button leads to the gallery, which knows of other processes. */
static void
go_back (PscWindow *window)
{
  GtkWidget *button = psc_ui_find_button (GTK_WIDGET (window), "Back to the Gallery");

  g_signal_emit_by_name (button, "clicked");
  psc_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (psc_window_get_gallery (window))) &&
                     psc_gallery_get_n_tiles (psc_window_get_gallery (window)) > 0);
}

static void
test_never (void)
{
  static const Expected expected = { "No Such Process", "system-search-symbolic",
                                     "There is no process 4194303", FALSE, TRUE };
  PscWindow *window = open_window (NULL, "4194303");

  check_page (window, &expected);
  go_back (window);
  psc_ui_close (window);
}

static void
test_no_such (void)
{
  static const Expected expected = { "No Such Process", "system-search-symbolic",
                                     "no &lt;b&gt;such", FALSE, TRUE };
  PscWindow *window = open_window (NULL, "no <b>such");

  check_page (window, &expected);
  go_back (window);
  psc_ui_close (window);
}

/* Kernel threads have no memory; the second process is their father. */
static void
test_kernel_thread (void)
{
  static const Expected expected = { "No Memory of Its Own", "emblem-system-symbolic",
                                     "kernel thread", FALSE, TRUE };
  g_autofree char *name = NULL;
  PscWindow *window;

  if (!g_file_get_contents ("/proc/2/comm", &name, NULL, NULL) ||
      !g_str_equal (g_strchomp (name), "kthreadd"))
    {
      g_test_skip ("there are no kernel threads to be seen here");
      return;
    }
  window = open_window (NULL, "kthreadd");
  check_page (window, &expected);
  psc_ui_close (window);
}

/* A process that has ended and that its parent has not taken note of. */
static void
test_zombie (void)
{
  static const Expected expected = { "Nothing Left to See", "preferences-system-time-symbolic",
                                     "zombie", TRUE, TRUE };
  pid_t pid = fork ();
  g_autofree char *target = g_strdup_printf ("%d", (int) pid);
  siginfo_t info;
  PscWindow *window;

  if (pid == 0)
    _exit (0);
  g_assert_cmpint (waitid (P_PID, (id_t) pid, &info, WEXITED | WNOWAIT), ==, 0);
  window = open_window (NULL, target);
  check_page (window, &expected);
  go_back (window);
  psc_ui_close (window);
  waitpid (pid, NULL, 0);
}

static void
test_denied (void)
{
  static const Expected expected = { "Not Allowed to Look", "changes-prevent-symbolic",
                                     "or as root", TRUE, TRUE };
  g_autoptr (GSubprocess) child = NULL;
  PscWindow *window;

  if (!psc_ui_can_be_nobody ())
    {
      g_test_skip ("needs root, setpriv, and a probe that others may run");
      return;
    }
  child = psc_ui_start_child ();
  window = open_window (PSC_UI_AS_NOBODY, g_subprocess_get_identifier (child));
  check_page (window, &expected);
  go_back (window);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_no_list (void)
{
  static const Expected expected = { "Can’t Read Processes", "dialog-error-symbolic",
                                     "/nonexistent/command", TRUE, FALSE };
  PscWindow *window = open_window ("/nonexistent/command", NULL);

  check_page (window, &expected);
  psc_ui_close (window);
}

/* A process that ends while it is watched leaves its last picture, and a way on. */
static void
test_ended (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  PscSession *session = psc_window_get_session (window);

  g_assert_null (psc_ui_find_button (GTK_WIDGET (window), "Back to the Gallery"));
  psc_ui_end_child (child);
  psc_ui_wait_until (psc_session_get_state (session) == PSC_SESSION_GONE);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "This is its last moment") != NULL);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (psc_window_get_map (window))));
  g_assert_nonnull (psc_map_view_get_space (psc_window_get_map (window)));
  g_assert_null (find_page (GTK_WIDGET (window)));
  go_back (window);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "This is its last moment") == NULL);
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/never", test_never);
  g_test_add_func ("/status/no-such", test_no_such);
  g_test_add_func ("/status/kernel-thread", test_kernel_thread);
  g_test_add_func ("/status/zombie", test_zombie);
  g_test_add_func ("/status/denied", test_denied);
  g_test_add_func ("/status/no-list", test_no_list);
  g_test_add_func ("/status/ended", test_ended);
  return g_test_run ();
}
