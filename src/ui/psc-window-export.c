/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-compat.h"
#include "psc-export-dialog.h"

/* Exports that are done sooner need no word about it. */
#define PATIENCE_MSEC 400

/* --- toasts -------------------------------------------------------------------------------- */

/* An export under way, and what tells of it. */
typedef struct
{
  PscWindow *window; /* a reference */
  guint timer;
  AdwToast *toast; /* a reference, NULL while none is needed */
  PscExportFormat format;
} Run;

static gboolean
takes_long_cb (gpointer user_data)
{
  Run *run = user_data;

  run->timer = 0;
  run->toast = adw_toast_new (_ ("Exporting…"));
  adw_toast_set_timeout (run->toast, 0);
  adw_toast_overlay_add_toast (run->window->toast_overlay, g_object_ref (run->toast));
  return G_SOURCE_REMOVE;
}

static Run *
run_new (PscWindow *window, PscExportFormat format)
{
  Run *run = g_new0 (Run, 1);

  run->window = g_object_ref (window);
  run->format = format;
  run->timer = g_timeout_add (PATIENCE_MSEC, takes_long_cb, run);
  return run;
}

static void
run_free (Run *run)
{
  g_clear_handle_id (&run->timer, g_source_remove);
  if (run->toast != NULL)
    adw_toast_dismiss (run->toast);
  g_clear_object (&run->toast);
  g_object_unref (run->window);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
say_failed (PscWindow *self, const GError *error)
{
  g_autofree char *text = g_strdup_printf (_ ("Export failed: %s"), error->message);

  psc_window_say (self, text);
}

void
psc_window_say_exported (PscWindow *self, const char *path, const GError *error)
{
  g_autofree char *name = path != NULL ? g_filename_display_basename (path) : NULL;
  g_autofree char *text = NULL;

  if (path == NULL)
    {
      say_failed (self, error);
      return;
    }
  text = g_strdup_printf (_ ("Exported to %s"), name);
  psc_window_offer (self, text, _ ("Open Folder"), "win.show-folder", path);
}

/* --- files --------------------------------------------------------------------------------- */

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = psc_export_finish (result, &error);

  psc_window_say_exported (run->window, path, error);
}

static void
export_to (PscWindow *self, PscExport *export, const char *path)
{
  psc_export_async (export, path, exported_cb, run_new (self, PSC_EXPORT_PNG));
}

static PscExport *
new_export (PscWindow *self)
{
  PscExport *export = psc_export_new (self->map);
  const PscDiff *diff = psc_window_compare_get_diff (self);

  if (export != NULL && diff != NULL && export->traits == diff->traits)
    export->since = psc_space_ref (diff->a);
  return export;
}

static void
dialog_export_cb (PscExportDialog *dialog, const char *path, gpointer user_data)
{
  export_to (user_data, psc_export_dialog_take (dialog), path);
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscExport *export = new_export (self);
  GtkWidget *dialog;

  if (export == NULL)
    return;
  dialog = psc_export_dialog_new (GTK_WINDOW (self), export, self->settings);
  g_signal_connect_object (dialog, "export", G_CALLBACK (dialog_export_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_to_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscExport *export = new_export (self);

  if (export != NULL)
    export_to (self, export, g_variant_get_string (parameter, NULL));
}

static void
show_folder_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  psc_compat_show_folder (GTK_WINDOW (user_data), file);
}

/* --- clipboard ----------------------------------------------------------------------------- */

/* Other programs get the bytes as they are; our own process, where GTK asks for a texture, gets
 * one.
 */
static GdkContentProvider *
new_provider (PscExportFormat format, GBytes *bytes, GError **error)
{
  g_autoptr (GdkTexture) texture = NULL;
  GdkContentProvider *providers[2];

  if (format != PSC_EXPORT_PNG)
    return gdk_content_provider_new_for_bytes ("image/svg+xml", bytes);
  texture = gdk_texture_new_from_bytes (bytes, error);
  if (texture == NULL)
    return NULL;
  providers[0] = gdk_content_provider_new_for_bytes ("image/png", bytes);
  providers[1] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = psc_export_render_finish (result, &error);
  g_autoptr (GdkContentProvider) provider = NULL;

  if (bytes != NULL)
    provider = new_provider (run->format, bytes, &error);
  if (provider == NULL)
    {
      say_failed (run->window, error);
      return;
    }
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (run->window)), provider);
  psc_window_say (run->window,
                  run->format == PSC_EXPORT_PNG ? _ ("Copied as image") : _ ("Copied as SVG"));
}

static void
copy (PscWindow *self, PscExportFormat format)
{
  PscExport *export = new_export (self);

  if (export == NULL)
    return;
  export->extent = PSC_EXPORT_SEEN;
  export->scale = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self));
  export->scale = MIN (export->scale, PSC_FIGURE_MAX_SCALE);
  psc_export_render_async (export, format, rendered_cb, run_new (self, format));
}

static void
copy_image_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, PSC_EXPORT_PNG);
}

static void
copy_svg_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, PSC_EXPORT_SVG);
}

static const GActionEntry entries[] = {
  { .name = "export", .activate = export_action },
  { .name = "export-to", .activate = export_to_action, .parameter_type = "s" },
  { .name = "copy-image", .activate = copy_image_action },
  { .name = "copy-svg", .activate = copy_svg_action },
  { .name = "show-folder", .activate = show_folder_action, .parameter_type = "s" },
};

void
psc_window_export_install (PscWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
