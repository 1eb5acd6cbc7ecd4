/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Limits that the user sets: the dialog, what is kept, and notifications, which come to a desktop
 * that this test plays on a bus of its own. */

#include <string.h>
#include <sys/mman.h>

#include "psc-notify-dialog.h"
#include "psc-notify-row.h"
#include "psc-ui-test.h"
#include "psc-window-private.h"

/* --- a desktop that shows notifications ---------------------------------------------------- */

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

static const char interface_xml[] =
    "<node><interface name='" NAME "'>"
    "<method name='Notify'>"
    "<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<method name='GetServerInformation'><arg type='s' direction='out'/>"
    "<arg type='s' direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/>"
    "</method>"
    "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
    "</interface></node>";

typedef struct
{
  char *title, *body;
} Told;

static struct
{
  GDBusConnection *connection;
  GPtrArray *told; /* of Told; index + 1 is the number that the desktop gave */
} desktop;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_free (told->title);
  g_free (told->body);
  g_free (told);
}

static void
call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  static const char *const capabilities[] = { "actions", "body", NULL };
  Told *told;

  if (g_str_equal (method, "Notify"))
    {
      told = g_new0 (Told, 1);
      g_variant_get_child (parameters, 3, "s", &told->title);
      g_variant_get_child (parameters, 4, "s", &told->body);
      g_ptr_array_add (desktop.told, told);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", desktop.told->len));
    }
  else if (g_str_equal (method, "GetCapabilities"))
    g_dbus_method_invocation_return_value (
        invocation, g_variant_new ("(@as)", g_variant_new_strv (capabilities, -1)));
  else if (g_str_equal (method, "GetServerInformation"))
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(ssss)", "test", "test", "1", "1.2"));
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
desktop_start (const char *address)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interface_xml, &error);
  gboolean acquired = FALSE;

  g_assert_no_error (error);
  desktop.told = g_ptr_array_new_with_free_func (told_free);
  desktop.connection =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (desktop.connection, PATH, info->interfaces[0], &vtable, NULL,
                                     NULL, &error);
  g_assert_no_error (error);
  g_bus_own_name_on_connection (desktop.connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, acquired_cb,
                                NULL, &acquired, NULL);
  psc_ui_wait_until (acquired);
}

static const Told *
get_told (guint index)
{
  return g_ptr_array_index (desktop.told, index);
}

/* As if the user had clicked on it. */
static void
click (guint index)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (desktop.connection, NULL, PATH, NAME, "ActionInvoked",
                                 g_variant_new ("(us)", index + 1, "default"), &error);
  g_assert_no_error (error);
}

/* --- a process that does as it is told ----------------------------------------------------- */

/* Each line of input: so many MiB from now on. Says when that is so. */
static int
obey (void)
{
  gsize most = (gsize) 256 << 20;
  guint8 *area = mmap (NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char line[32];

  if (area == MAP_FAILED || madvise (area, most, MADV_NOHUGEPAGE) < 0)
    return 1;
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      gsize size = MIN ((gsize) g_ascii_strtoull (line, NULL, 10) << 20, most);

      memset (area, 1, size);
      madvise (area + size, most - size, MADV_DONTNEED);
      fputs ("done\n", stdout);
      fflush (stdout);
    }
  return 0;
}

static void
tell (GSubprocess *child, guint mib)
{
  g_autofree char *line = g_strdup_printf ("%u\n", mib);
  g_autoptr (GError) error = NULL;
  char answer[5];

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (child), line, strlen (line), NULL, NULL,
                             &error);
  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), answer, sizeof answer, NULL, NULL,
                           &error);
  g_assert_no_error (error);
}

static GSubprocess *
start_child (void)
{
  g_autofree char *myself = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *child = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, myself, "obey", NULL);

  g_assert_no_error (error);
  tell (child, 1);
  return child;
}

/* --- helpers ------------------------------------------------------------------------------- */

static GtkWidget *
open_dialog (PscWindow *window)
{
  return psc_ui_open_dialog (window, "notify-when", PSC_TYPE_NOTIFY_DIALOG);
}

static gboolean
can_save (GtkWidget *dialog)
{
  return gtk_widget_get_sensitive (psc_ui_find_button (dialog, "Save"));
}

static void
write_limit (GtkWidget *dialog, const char *text)
{
  GtkWidget *row;

  g_signal_emit_by_name (psc_ui_find_button (dialog, "Write One"), "clicked");
  row = psc_ui_find (dialog, PSC_TYPE_NOTIFY_ROW);
  while (gtk_widget_get_next_sibling (row) != NULL)
    row = gtk_widget_get_next_sibling (row);
  psc_notify_row_set_text (PSC_NOTIFY_ROW (row), text);
}

static void
save (GtkWidget *dialog)
{
  psc_ui_wait_until (can_save (dialog));
  g_signal_emit_by_name (psc_ui_find_button (dialog, "Save"), "clicked");
  psc_ui_wait_until (psc_ui_find_toplevel (PSC_TYPE_NOTIFY_DIALOG) == NULL);
}

static void
set_limits (const char *name, const char *const *texts)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.pagescape.Pagescape");
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  if (name != NULL)
    g_variant_builder_add (&builder, "{s^as}", name, texts);
  g_settings_set_value (settings, "notify-when", g_variant_builder_end (&builder));
}

static char **
dup_limits (const char *name)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.pagescape.Pagescape");
  g_autoptr (GVariant) all = g_settings_get_value (settings, "notify-when");
  g_autoptr (GVariant) texts = g_variant_lookup_value (all, name, G_VARIANT_TYPE_STRING_ARRAY);

  return texts != NULL ? g_variant_dup_strv (texts, NULL) : NULL;
}

static gboolean
has_alert (PscWindow *window)
{
  GtkWidget *bar = GTK_WIDGET (window->timeline);
  GtkWidget *button = psc_ui_find (bar, GTK_TYPE_BUTTON);

  while (button != NULL && !gtk_widget_has_css_class (button, "alert"))
    button = gtk_widget_get_next_sibling (button);
  return button != NULL && gtk_widget_get_visible (button);
}

static guint
count_moments (PscWindow *window)
{
  PscChart chart = psc_timeline_area_get_chart (psc_timeline_view_get_area (window->timeline));

  return psc_timeline_get_n_moments (chart.timeline);
}

/* --- tests --------------------------------------------------------------------------------- */

/* One that is crossed is told once, again when it was not crossed in between, and the notification
 * leads to the window. */
static void
test_told (void)
{
  static const char *const limits[] = { "resident>64MiB", "mappings>1000000", NULL };
  g_autoptr (GSubprocess) child = start_child ();
  gint pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (child), NULL, 10);
  g_autofree char *title = NULL;
  PscWindow *window;
  PscSession *session;
  guint n;

  g_ptr_array_set_size (desktop.told, 0);
  set_limits ("test-ui-notify", limits);
  window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  session = psc_window_get_session (window);
  psc_ui_wait_until (count_moments (window) >= 3);
  g_assert_cmpuint (desktop.told->len, ==, 0);
  g_assert_false (has_alert (window));

  tell (child, 100);
  psc_ui_wait_until (desktop.told->len == 1);
  title = g_strdup_printf ("test-ui-notify (%d)", pid);
  g_assert_cmpstr (get_told (0)->title, ==, title);
  g_assert_true (g_str_has_prefix (get_told (0)->body, "resident>64MiB: it is at "));
  g_assert_true (has_alert (window));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "resident>64MiB: it is at ") != NULL);

  n = count_moments (window);
  tell (child, 110);
  psc_ui_wait_until (count_moments (window) >= n + 3);
  g_assert_cmpuint (desktop.told->len, ==, 1);
  tell (child, 1);
  psc_ui_wait_until (!has_alert (window));
  g_assert_cmpuint (desktop.told->len, ==, 1);
  tell (child, 100);
  psc_ui_wait_until (desktop.told->len == 2);

  /* The window went on to something else. */
  psc_window_open_process (window, 1);
  click (1);
  psc_ui_wait_until (psc_session_get_pid (session) == pid);
  psc_ui_close (window);
  psc_ui_end_child (child);
  set_limits (NULL, NULL);
}

/* As when it is minimised: nobody sees it, and it goes on for the sake of its limits only. */
static void
test_unseen (void)
{
  static const char *const limits[] = { "resident>64MiB", NULL };
  g_autoptr (GSubprocess) child = start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  guint n;

  g_ptr_array_set_size (desktop.told, 0);
  psc_ui_wait_until (count_moments (window) >= 2);
  set_limits ("test-ui-notify", limits);
  g_assert_true (psc_window_notify_is_on (window));
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  n = count_moments (window);
  psc_ui_wait_until (count_moments (window) >= n + 2);
  tell (child, 100);
  psc_ui_wait_until (desktop.told->len == 1);
  click (0);
  psc_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (window)));
  psc_ui_close (window);
  psc_ui_end_child (child);
  set_limits (NULL, NULL);
}

static void
test_dialog (void)
{
  g_autoptr (GSubprocess) child = start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *dialog;
  g_auto (GStrv) kept = NULL;

  psc_ui_wait_until (count_moments (window) >= 2);
  dialog = open_dialog (window);
  g_assert_nonnull (psc_ui_find_text (dialog, "called “test-ui-notify”"));
  g_assert_nonnull (psc_ui_find_text (dialog, "No limit is set yet."));
  /* What is ready made says at once whether it holds. */
  psc_ui_wait_until (psc_ui_find_text (dialog, "any>1MiB/min · Does not hold now") != NULL);
  g_assert_nonnull (psc_ui_find_text (dialog, "mappings>60000 · Does not hold now"));

  write_limit (dialog, "heap>");
  psc_ui_wait_until (
      psc_ui_find_text (dialog, "After “heap>” there must be a size, such as 64MiB") != NULL);
  g_assert_false (can_save (dialog));
  g_assert_null (psc_ui_find_text (dialog, "No limit is set yet."));
  psc_notify_row_set_text (PSC_NOTIFY_ROW (psc_ui_find (dialog, PSC_TYPE_NOTIFY_ROW)),
                           "mappings>1");
  psc_ui_wait_until (psc_ui_find_text (dialog, "Holds now. mappings>1: there are") != NULL);
  write_limit (dialog, "segment:nobody>1MiB");
  psc_ui_wait_until (psc_ui_find_text (dialog, "nothing was ever called “nobody”") != NULL);
  write_limit (dialog, "");
  save (dialog);
  kept = dup_limits ("test-ui-notify");
  g_assert_cmpuint (g_strv_length (kept), ==, 2);
  g_assert_cmpstr (kept[0], ==, "mappings>1");
  g_assert_cmpstr (kept[1], ==, "segment:nobody>1MiB");
  psc_ui_wait_until (has_alert (window));

  /* Another window of a process of that name has them too. */
  dialog = open_dialog (window);
  psc_ui_wait_until (psc_ui_find_text (dialog, "Holds now. mappings>1") != NULL);
  for (GtkWidget *row; (row = psc_ui_find (dialog, PSC_TYPE_NOTIFY_ROW)) != NULL;)
    g_signal_emit_by_name (row, "remove");
  save (dialog);
  g_assert_null (dup_limits ("test-ui-notify"));
  g_assert_false (has_alert (window));
  g_assert_false (psc_window_notify_is_on (window));
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_ready_made (void)
{
  g_autoptr (GSubprocess) child = start_child ();
  PscWindow *window = psc_ui_open (NULL, g_subprocess_get_identifier (child));
  GtkWidget *dialog;
  g_auto (GStrv) kept = NULL;

  psc_ui_wait_until (count_moments (window) >= 2);
  dialog = open_dialog (window);
  g_signal_emit_by_name (psc_ui_find_button (dialog, "Add"), "clicked");
  save (dialog);
  kept = dup_limits ("test-ui-notify");
  g_assert_cmpuint (g_strv_length (kept), ==, 1);
  g_assert_true (g_str_has_prefix (kept[0], "resident>"));
  g_assert_true (g_str_has_suffix (kept[0], "MiB"));
  psc_ui_close (window);
  psc_ui_end_child (child);
  set_limits (NULL, NULL);
}

static void
test_no_recording (void)
{
  static const char *const limits[] = { "resident>1MiB", NULL };
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window;

  g_ptr_array_set_size (desktop.told, 0);
  set_limits ("java", limits);
  window = psc_ui_open (root, NULL);
  /* Of a live one it is told. */
  psc_ui_wait_until (desktop.told->len == 1);
  psc_window_open_process (window, 0);
  g_assert_false (psc_window_notify_is_on (window));
  g_assert_false (has_alert (window));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "notify-when"));
  psc_ui_close (window);
  set_limits (NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  GTestDBus *bus;
  int status;

  if (argc == 2 && strcmp (argv[1], "obey") == 0)
    return obey ();
  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  /* It takes that away. */
  g_setenv ("DISPLAY", display != NULL ? display : "", TRUE);
  desktop_start (g_test_dbus_get_bus_address (bus));
  g_test_add_func ("/notify/told", test_told);
  g_test_add_func ("/notify/unseen", test_unseen);
  g_test_add_func ("/notify/dialog", test_dialog);
  g_test_add_func ("/notify/ready-made", test_ready_made);
  g_test_add_func ("/notify/no-recording", test_no_recording);
  status = g_test_run ();
  g_ptr_array_unref (desktop.told);
  g_object_unref (desktop.connection);
  /* The application keeps its connection: who frees the bus waits for that in vain. */
  g_dbus_connection_set_exit_on_close (
      g_application_get_dbus_connection (G_APPLICATION (psc_ui_get_application ())), FALSE);
  g_test_dbus_stop (bus);
  return status;
}
