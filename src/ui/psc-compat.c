/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#undef GLIB_VERSION_MAX_ALLOWED
#undef GDK_VERSION_MAX_ALLOWED
#undef ADW_VERSION_MAX_ALLOWED

#include "psc-compat.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* Files of the kind first, then all. */
static GListModel *
new_filters (const char *kind, const char *suffix)
{
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) own = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (own, kind);
  gtk_file_filter_add_suffix (own, suffix + 1);
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, own);
  g_list_store_append (filters, all);
  return G_LIST_MODEL (filters);
}

#if GTK_CHECK_VERSION(4, 10, 0)

/* Takes the task and the file. */
static void
return_file (GTask *task, GFile *file, const GError *error)
{
  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", error->message);
  else
    g_task_return_error (task, g_error_copy (error));
  g_object_unref (task);
}

static void
save_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  return_file (user_data, gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error),
               error);
}

void
psc_compat_save_async (GtkWindow *parent, const char *title, const char *name,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, parent, NULL, save_cb, task);
}

static void
open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  return_file (user_data, gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error),
               error);
}

void
psc_compat_open_async (GtkWindow *parent, const char *title, const char *kind, const char *suffix,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListModel) filters = new_filters (kind, suffix);
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_open (dialog, parent, NULL, open_cb, task);
}

void
psc_compat_show_folder (GtkWindow *parent, GFile *file)
{
  g_autoptr (GtkFileLauncher) launcher = gtk_file_launcher_new (file);

  gtk_file_launcher_open_containing_folder (launcher, parent, NULL, NULL, NULL);
}

#else

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)),
                           g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Dismissed");
  g_object_unref (dialog);
}

void
psc_compat_save_async (GtkWindow *parent, const char *title, const char *name,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GtkFileChooserNative *dialog;
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  dialog = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
psc_compat_open_async (GtkWindow *parent, const char *title, const char *kind, const char *suffix,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GListModel) filters = new_filters (kind, suffix);
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  for (guint i = 0; i < g_list_model_get_n_items (filters); i++)
    {
      g_autoptr (GtkFileFilter) filter = g_list_model_get_item (filters, i);

      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
psc_compat_show_folder (GtkWindow *parent, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

  if (uri != NULL)
    gtk_show_uri (parent, uri, GDK_CURRENT_TIME);
}

#endif

GFile *
psc_compat_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GFile *
psc_compat_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

#if ADW_CHECK_VERSION(1, 5, 0)

void
psc_compat_show_about (GtkWindow *parent)
{
  adw_show_about_dialog (GTK_WIDGET (parent), "application-name", "Pagescape", "application-icon",
                         PSC_APP_ID, "version", PSC_VERSION, "comments",
                         _ ("See where a process’s memory is, page by page"), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

#else

void
psc_compat_show_about (GtkWindow *parent)
{
  adw_show_about_window (parent, "application-name", "Pagescape", "application-icon", PSC_APP_ID,
                         "version", PSC_VERSION, "comments",
                         _ ("See where a process’s memory is, page by page"), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

#endif
