/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-ui-test.h"

#include <unistd.h>

#include "psc-fact.h"
#include "psc-map-view-private.h"

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
psc_ui_iterate (void)
{
  guint timer = g_timeout_add (100, wake_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

GtkApplication *
psc_ui_get_application (void)
{
  static PscApplication *application = NULL;
  g_autoptr (GError) error = NULL;

  if (application == NULL)
    {
      application = psc_application_new ();
      g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
    }
  return GTK_APPLICATION (application);
}

char *
psc_ui_dup_root (const char *name)
{
  return g_build_filename (g_getenv ("PSC_TEST_DATA"), "proc", name, NULL);
}

/* Layouts come from a worker, and each frame of a movement takes as long as it takes: at rest is
 * what several turns leave as it is. */
void
psc_ui_wait_for_rest (PscMapView *map)
{
  PscView last;

  do
    {
      last = *psc_map_view_get_view (map);
      for (int i = 0; i < 6; i++)
        psc_ui_iterate ();
    }
  while (psc_map_view_is_moving (map) ||
         memcmp (&last, psc_map_view_get_view (map), sizeof last) != 0);
}

PscWindow *
psc_ui_open (const char *root, const char *target)
{
  GtkWidget *window = psc_window_new (psc_ui_get_application (), root, NULL,
                                      target != NULL ? target : PSC_WINDOW_LARGEST);
  PscMapView *map = psc_window_get_map (PSC_WINDOW (window));

  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (psc_map_view_get_space (map) != NULL &&
                     psc_map_view_get_view (map)->width > 0);
  psc_ui_wait_for_rest (map);
  return PSC_WINDOW (window);
}

void
psc_ui_close (PscWindow *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_close (GTK_WINDOW (window));
  psc_ui_wait_until (window == NULL);
}

typedef gboolean (*MatchFunc) (GtkWidget *widget, gconstpointer data);

static GtkWidget *
find (GtkWidget *root, MatchFunc match, gconstpointer data)
{
  GtkWidget *found;

  if (match (root, data))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if ((found = find (child, match, data)) != NULL)
      return found;
  return NULL;
}

static gboolean
has_type (GtkWidget *widget, gconstpointer data)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) data);
}

GtkWidget *
psc_ui_find (GtkWidget *root, GType type)
{
  return find (root, has_type, &type);
}

GtkWidget *
psc_ui_find_toplevel (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

GtkWidget *
psc_ui_open_dialog (PscWindow *window, const char *action, GType type)
{
  GtkWidget *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (window), action, NULL);
  dialog = psc_ui_find_toplevel (type);
  g_assert_nonnull (dialog);
  psc_ui_wait_until (gtk_widget_get_mapped (dialog));
  return dialog;
}

static gboolean
is_fact (GtkWidget *widget, gconstpointer data)
{
  g_autofree char *title = NULL;

  if (!PSC_IS_FACT (widget) || !gtk_widget_get_mapped (widget))
    return FALSE;
  g_object_get (widget, "title", &title, NULL);
  return g_strcmp0 (title, data) == 0;
}

const char *
psc_ui_find_fact (GtkWidget *root, const char *title)
{
  GtkWidget *fact = find (root, is_fact, title);

  return fact != NULL ? psc_fact_get_value (PSC_FACT (fact)) : NULL;
}

static gboolean
is_label_with (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), data) != NULL;
}

const char *
psc_ui_find_text (GtkWidget *root, const char *text)
{
  GtkWidget *label = find (root, is_label_with, text);

  return label != NULL ? gtk_label_get_text (GTK_LABEL (label)) : NULL;
}

static gboolean
is_button_with (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), data) == 0;
}

GtkWidget *
psc_ui_find_button (GtkWidget *root, const char *label)
{
  return find (root, is_button_with, label);
}

GtkEventController *
psc_ui_find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }
  g_error ("%s has no %s", G_OBJECT_TYPE_NAME (widget), g_type_name (type));
}

gboolean
psc_ui_press_key (GtkWidget *widget, guint key, GdkModifierType state)
{
  GtkEventController *controller = psc_ui_find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = FALSE;

  g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
  return handled;
}

GSubprocess *
psc_ui_start_child (void)
{
  g_autoptr (GError) error = NULL;
  char echo[1];
  GSubprocess *child = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "cat", NULL);

  g_assert_no_error (error);
  g_output_stream_write (g_subprocess_get_stdin_pipe (child), "\n", 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      g_input_stream_read (g_subprocess_get_stdout_pipe (child), echo, 1, NULL, &error), ==, 1);
  return child;
}

void
psc_ui_end_child (GSubprocess *child)
{
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
}

gboolean
psc_ui_can_be_nobody (void)
{
  g_autofree char *command =
      g_strdup_printf (PSC_UI_AS_NOBODY " %s --version", g_getenv ("PAGESCAPE_PROBE"));
  g_autofree char *out = NULL, *err = NULL;
  int status;

  return getuid () == 0 && g_spawn_command_line_sync (command, &out, &err, &status, NULL) &&
         g_spawn_check_wait_status (status, NULL);
}
