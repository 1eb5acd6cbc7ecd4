/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include <glib/gi18n-lib.h>

#include "psc-compat.h"
#include "psc-mapping-cell.h"
#include "psc-mapping-table-private.h"
#include "psc-report.h"

static guint export_signal;

/* --- copy ---------------------------------------------------------------------------------- */

static void
append_row (GString *text, const PscMappingFacts *facts, guint index, const PscColumn *columns,
            guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell = psc_mapping_cell_dup_text (facts, index, columns[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", cell);
    }
  g_string_append_c (text, '\n');
}

char *
psc_mapping_table_dup_selected_text (PscMappingTable *self)
{
  GString *text = g_string_new (NULL);
  g_autofree PscColumn *columns = NULL;
  g_autofree guint *indices = NULL;
  guint n, n_columns;

  columns = psc_mapping_columns_dup_visible (self->columns, &n_columns);
  indices = psc_mapping_model_dup_indices (self->model, TRUE, &n);
  for (guint i = 0; i < n; i++)
    append_row (text, psc_mapping_model_get_facts (self->model), indices[i], columns, n_columns);
  return g_string_free (text, FALSE);
}

static void
copy (PscMappingTable *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_rows_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);
  g_autofree char *text = psc_mapping_table_dup_selected_text (self);

  if (*text != '\0')
    copy (self, text);
}

static void
copy_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);
  const PscMapping *mapping = psc_mapping_table_get_current (self);
  g_autofree char *text = NULL;

  if (mapping == NULL)
    return;
  text = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", mapping->start);
  copy (self, text);
}

/* --- map and smaps ------------------------------------------------------------------------- */

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);
  const PscMapping *mapping = psc_mapping_table_get_current (self);

  if (mapping == NULL)
    return;
  psc_map_view_show_range (self->map, mapping->start, mapping->end);
  gtk_widget_grab_focus (GTK_WIDGET (self->map));
}

static void
read_smaps_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  psc_session_read_details (PSC_MAPPING_TABLE (widget)->session);
}

/* --- export -------------------------------------------------------------------------------- */

typedef struct
{
  PscMappingFacts *facts;
  guint *indices, n;
  char *path;
} Job;

static void
job_free (Job *job)
{
  psc_mapping_facts_unref (job->facts);
  g_free (job->indices);
  g_free (job->path);
  g_free (job);
}

static gboolean
is_json (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".json");
}

static void
export_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  PscReportRows rows = { job->facts, job->indices, job->n };
  g_autofree char *text =
      is_json (job->path) ? psc_report_rows_to_json (&rows) : psc_report_rows_to_csv (&rows);
  g_autoptr (GError) error = NULL;

  if (g_file_set_contents (job->path, text, -1, &error))
    g_task_return_pointer (task, g_strdup (job->path), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
psc_mapping_table_export_async (PscMappingTable *self, const char *path,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Job *job;

  g_return_if_fail (psc_mapping_model_get_facts (self->model) != NULL);

  job = g_new0 (Job, 1);
  job->facts = psc_mapping_facts_ref (psc_mapping_model_get_facts (self->model));
  job->indices = psc_mapping_model_dup_indices (self->model, FALSE, &job->n);
  job->path = g_strdup (path);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, export_worker);
}

char *
psc_mapping_table_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A name without the extension that was asked for gets it. */
static char *
complete_path (GFile *file, const char *extension)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *lower = path != NULL ? g_ascii_strdown (path, -1) : NULL;

  if (path == NULL || g_str_has_suffix (lower, extension))
    return g_steal_pointer (&path);
  return g_strconcat (path, extension, NULL);
}

typedef struct
{
  PscMappingTable *table;
  const char *extension;
} Choice;

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Choice *choice = user_data;
  g_autoptr (PscMappingTable) self = choice->table;
  g_autoptr (GFile) file = psc_compat_save_finish (result, NULL);
  g_autofree char *path = file != NULL ? complete_path (file, choice->extension) : NULL;

  if (path != NULL && self->model != NULL && psc_mapping_model_get_facts (self->model) != NULL)
    g_signal_emit (self, export_signal, 0, path);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);
  PscMappingFacts *facts = psc_mapping_model_get_facts (self->model);
  gboolean json = g_str_equal (g_variant_get_string (parameter, NULL), "json");
  g_autofree char *safe = NULL, *file_name = NULL;
  Choice *choice;

  if (facts == NULL)
    return;
  choice = g_new0 (Choice, 1);
  choice->table = g_object_ref (self);
  choice->extension = json ? ".json" : ".csv";
  safe = g_strdelimit (g_strdup (facts->space->name), "/\\:*?\"<>| ", '_');
  file_name = g_strdup_printf ("%s-%d-mappings%s", safe, facts->space->pid, choice->extension);
  psc_compat_save_async (GTK_WINDOW (gtk_widget_get_root (widget)), _ ("Export Table"), file_name,
                         chosen_cb, choice);
}

/* --- context menu -------------------------------------------------------------------------- */

static void
popup_at (PscMappingTable *self, double x, double y)
{
  gtk_popover_set_pointing_to (self->context_menu, &(const GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (self->context_menu);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);
  const PscMapping *mapping = psc_mapping_table_get_current (self);
  GtkWidget *row = mapping != NULL ? psc_mapping_table_find_row (self, mapping->start) : NULL;
  double x = 0, y = 0;

  if (row == NULL || !gtk_widget_get_mapped (row))
    return;
  gtk_widget_translate_coordinates (row, widget, 24, gtk_widget_get_height (row) / 2.0, &x, &y);
  popup_at (self, x, y);
}

/* The item of the row that has this widget in it, or in which this widget is. */
static PscMappingItem *
find_item (GtkWidget *widget, GtkWidget *end)
{
  for (; widget != NULL && widget != end; widget = gtk_widget_get_parent (widget))
    for (GtkWidget *at = widget; at != NULL; at = gtk_widget_get_first_child (at))
      if (PSC_IS_MAPPING_CELL (at))
        return psc_mapping_cell_get_item (PSC_MAPPING_CELL (at));
  return NULL;
}

static void
right_click_cb (PscMappingTable *self, int n_press, double x, double y)
{
  GtkWidget *view = GTK_WIDGET (self->column_view);
  GtkWidget *picked = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  PscMappingItem *item = find_item (picked, view);
  double table_x = 0, table_y = 0;
  guint position;

  if (item == NULL)
    return;
  position = psc_mapping_model_find (self->model, psc_mapping_item_get_mapping (item)->start);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->model), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->model), position, TRUE);
  gtk_widget_translate_coordinates (view, GTK_WIDGET (self), x, y, &table_x, &table_y);
  popup_at (self, table_x, table_y);
}

/* --- all of them --------------------------------------------------------------------------- */

void
psc_mapping_table_actions_update (PscMappingTable *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean any = self->model != NULL && psc_mapping_model_get_facts (self->model) != NULL;
  gboolean selected = any && psc_mapping_table_get_current (self) != NULL;

  gtk_widget_action_set_enabled (widget, "table.show", selected);
  gtk_widget_action_set_enabled (widget, "table.copy-address", selected);
  gtk_widget_action_set_enabled (widget, "table.copy-rows", selected);
  gtk_widget_action_set_enabled (widget, "table.export", any);
  gtk_widget_action_set_enabled (widget, "table.read-smaps",
                                 self->session != NULL &&
                                     psc_session_can_read_details (self->session));
}

void
psc_mapping_table_actions_class_init (GtkWidgetClass *klass)
{
  export_signal = g_signal_new ("export", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (klass, "table.show", NULL, show_action);
  gtk_widget_class_install_action (klass, "table.copy-address", NULL, copy_address_action);
  gtk_widget_class_install_action (klass, "table.copy-rows", NULL, copy_rows_action);
  gtk_widget_class_install_action (klass, "table.export", "s", export_action);
  gtk_widget_class_install_action (klass, "table.read-smaps", NULL, read_smaps_action);
  gtk_widget_class_install_action (klass, "table.menu", NULL, menu_action);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy-rows", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "table.copy-address", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Menu, 0, "table.menu", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_F10, GDK_SHIFT_MASK, "table.menu", NULL);
}

static GMenuModel *
make_menu (PscMappingTable *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) export = g_menu_new ();

  g_menu_append (export, _ ("Export Table as CSV…"), "table.export::csv");
  g_menu_append (export, _ ("Export Table as JSON…"), "table.export::json");
  g_menu_append_section (menu, NULL, psc_mapping_columns_get_menu (self->columns));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (export));
  return G_MENU_MODEL (menu);
}

void
psc_mapping_table_actions_init (PscMappingTable *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  g_autoptr (GMenuModel) menu = make_menu (self);

  gtk_menu_button_set_menu_model (self->menu_button, menu);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (right_click_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));
  psc_mapping_table_actions_update (self);
}
