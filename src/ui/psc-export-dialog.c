/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-export-dialog.h"

#include <glib/gi18n-lib.h>

#include "psc-compat.h"

/* In the order of the list in the .ui file. */
static const char *const extensions[] = { "png", "svg", "pdf", "csv", "json" };
#define FIRST_DATA_FORMAT 3
#define EXTENT_SEEN       1

struct _PscExportDialog
{
  AdwWindow parent_instance;

  PscExport *export;
  AdwComboRow *format_row, *extent_row, *theme_row;
  AdwActionRow *width_row;
  GtkAdjustment *width_adjustment;
};

G_DEFINE_FINAL_TYPE (PscExportDialog, psc_export_dialog, ADW_TYPE_WINDOW)

static guint export_signal;

PscExport *
psc_export_dialog_take (PscExportDialog *self)
{
  g_return_val_if_fail (PSC_IS_EXPORT_DIALOG (self), NULL);

  return g_steal_pointer (&self->export);
}

static void
read_choices (PscExportDialog *self)
{
  self->export->seen_only = adw_combo_row_get_selected (self->extent_row) == EXTENT_SEEN;
  self->export->theme = adw_combo_row_get_selected (self->theme_row);
  self->export->width = (guint) gtk_adjustment_get_value (self->width_adjustment);
}

/* A name without an extension, or with a wrong one, gets that of the format that was chosen. */
static char *
complete_path (PscExportDialog *self, GFile *file)
{
  const char *extension = extensions[adw_combo_row_get_selected (self->format_row)];
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *suffix = g_strconcat (".", extension, NULL);
  g_autofree char *lower = NULL;

  if (path == NULL)
    return NULL;
  lower = g_ascii_strdown (path, -1);
  if (g_str_has_suffix (lower, suffix))
    return g_steal_pointer (&path);
  return g_strconcat (path, suffix, NULL);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscExportDialog) self = user_data;
  g_autoptr (GFile) file = psc_compat_save_finish (result, NULL);
  g_autofree char *path = NULL;

  if (file == NULL || self->export == NULL)
    return;
  path = complete_path (self, file);
  if (path == NULL)
    return;
  read_choices (self);
  g_signal_emit (self, export_signal, 0, path);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
export_cb (PscExportDialog *self)
{
  const PscSpace *space = self->export->space;
  g_autofree char *safe = g_strdelimit (g_strdup (space->name), "/\\:*?\"<>| ", '_');
  g_autofree char *name = g_strdup_printf (
      "%s-%d.%s", safe, space->pid, extensions[adw_combo_row_get_selected (self->format_row)]);

  psc_compat_save_async (GTK_WINDOW (self), _ ("Export"), name, chosen_cb, g_object_ref (self));
}

/* Data have neither colours nor a width, and are always everything; what the window shows is as
 * wide as it is. */
static void
choice_changed_cb (PscExportDialog *self)
{
  gboolean picture = adw_combo_row_get_selected (self->format_row) < FIRST_DATA_FORMAT;
  gboolean seen = adw_combo_row_get_selected (self->extent_row) == EXTENT_SEEN;

  gtk_widget_set_sensitive (GTK_WIDGET (self->extent_row), picture);
  gtk_widget_set_sensitive (GTK_WIDGET (self->theme_row), picture);
  gtk_widget_set_sensitive (GTK_WIDGET (self->width_row), picture && !seen);
}

static void
psc_export_dialog_dispose (GObject *object)
{
  PscExportDialog *self = PSC_EXPORT_DIALOG (object);

  g_clear_pointer (&self->export, psc_export_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_EXPORT_DIALOG);
  G_OBJECT_CLASS (psc_export_dialog_parent_class)->dispose (object);
}

static void
psc_export_dialog_class_init (PscExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_export_dialog_dispose;
  export_signal = g_signal_new ("export", PSC_TYPE_EXPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, format_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, extent_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, theme_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, width_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, width_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
}

static void
psc_export_dialog_init (PscExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_export_dialog_new (GtkWindow *parent, PscExport *export)
{
  PscExportDialog *self = g_object_new (PSC_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->export = export;
  adw_combo_row_set_selected (self->theme_row, export->theme);
  gtk_adjustment_set_value (self->width_adjustment, export->width);
  return GTK_WIDGET (self);
}
