/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-window-private.h"

#define TABLE_MIN_HEIGHT 130
#define TABLE_HEIGHT     260
/* What is left for the map, whatever height is remembered. */
#define MAP_MIN_HEIGHT 200

static void
show_table_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  gboolean shown = g_variant_get_boolean (state);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!shown && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->table)))
    gtk_widget_grab_focus (GTK_WIDGET (self->map));
  gtk_widget_set_visible (GTK_WIDGET (self->table), shown && !self->in_gallery);
  g_simple_action_set_state (action, state);
}

static void
filter_table_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;

  g_action_group_change_action_state (G_ACTION_GROUP (self), "show-table",
                                      g_variant_new_boolean (TRUE));
  psc_mapping_table_search (self->table);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = psc_mapping_table_export_finish (result, &error);

  psc_window_say_exported (self, path, error);
}

static void
export_cb (PscWindow *self, const char *path)
{
  psc_mapping_table_export_async (self->table, path, exported_cb, g_object_ref (self));
}

/* As with the inspector: as high as is remembered until the user moves the handle. */
static void
handle_moved_cb (PscWindow *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self->table), -1, TABLE_MIN_HEIGHT);
}

static void
load (PscWindow *self)
{
  g_auto (GStrv) columns = NULL;
  g_autofree char *sort = NULL;
  int height = TABLE_HEIGHT;

  if (self->settings != NULL)
    {
      height = MIN (g_settings_get_int (self->settings, "table-height"),
                    g_settings_get_int (self->settings, "window-height") - MAP_MIN_HEIGHT);
      columns = g_settings_get_strv (self->settings, "table-columns");
      sort = g_settings_get_string (self->settings, "table-sort-column");
      psc_mapping_table_set_columns (self->table, (const char *const *) columns);
      psc_mapping_table_set_sort (self->table, sort,
                                  g_settings_get_boolean (self->settings, "table-sort-descending"));
    }
  gtk_widget_set_size_request (GTK_WIDGET (self->table), -1, MAX (height, TABLE_MIN_HEIGHT));
}

void
psc_window_table_save (PscWindow *self)
{
  g_auto (GStrv) columns = psc_mapping_table_dup_columns (self->table);
  gboolean descending;
  const char *sort = psc_mapping_table_get_sort (self->table, &descending);
  int height = gtk_widget_get_height (GTK_WIDGET (self->table));

  if (gtk_widget_get_visible (GTK_WIDGET (self->table)) && height > 0)
    g_settings_set_int (self->settings, "table-height", MAX (height, TABLE_MIN_HEIGHT));
  g_settings_set_strv (self->settings, "table-columns", (const char *const *) columns);
  g_settings_set_string (self->settings, "table-sort-column", sort);
  g_settings_set_boolean (self->settings, "table-sort-descending", descending);
}

void
psc_window_table_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-table", .state = "false", .change_state = show_table_changed },
    { .name = "filter-table", .activate = filter_table_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  psc_mapping_table_set_map (self->table, self->map);
  g_signal_connect_object (self->table, "export", G_CALLBACK (export_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->map_paned, "notify::position-set", G_CALLBACK (handle_moved_cb),
                           self, G_CONNECT_SWAPPED);
  load (self);
}
