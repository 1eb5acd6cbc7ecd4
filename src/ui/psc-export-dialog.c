/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-export-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "psc-compat.h"
#include "psc-format.h"

/* In the order of the lists in the .ui file. */
typedef enum
{
  THEME_WINDOW,
  THEME_LIGHT,
  THEME_DARK,
} ThemeChoice;

typedef enum
{
  SIZE_AUTO,
  SIZE_FULL_HD,
  SIZE_CUSTOM,
} SizeChoice;

static const char *const theme_ids[] = { "window", "light", "dark", NULL };
static const char *const size_ids[] = { "auto", "full-hd", "custom", NULL };

struct _PscExportDialog
{
  AdwWindow parent_instance;

  PscExport *export;
  GSettings *settings; /* or NULL */

  AdwPreferencesGroup *group;
  AdwComboRow *format_row, *extent_row, *theme_row, *size_row;
  AdwActionRow *width_row, *double_row;
  GtkAdjustment *width_adjustment;
  GtkSwitch *double_switch;
};

G_DEFINE_FINAL_TYPE (PscExportDialog, psc_export_dialog, ADW_TYPE_WINDOW)

static guint export_signal;

/* --- what is chosen ------------------------------------------------------------------------ */

static PscExportFormat
get_format (PscExportDialog *self)
{
  return adw_combo_row_get_selected (self->format_row);
}

static gboolean
is_picture (PscExportFormat format)
{
  return format <= PSC_EXPORT_PDF;
}

static void
read_choices (PscExportDialog *self)
{
  PscExport *export = self->export;
  guint theme = adw_combo_row_get_selected (self->theme_row);
  guint size = adw_combo_row_get_selected (self->size_row);

  export->extent = adw_combo_row_get_selected (self->extent_row);
  if (theme != THEME_WINDOW)
    export->theme = theme == THEME_DARK ? PSC_THEME_DARK : PSC_THEME_LIGHT;
  if (size == SIZE_FULL_HD)
    {
      export->width = 1920;
      export->height = 1080;
    }
  else if (size == SIZE_CUSTOM)
    export->width = (guint) gtk_adjustment_get_value (self->width_adjustment);
  export->scale = gtk_switch_get_active (self->double_switch) ? 2 : 1;
}

static guint
find_id (const char *const *ids, const char *id)
{
  for (guint i = 0; ids[i] != NULL; i++)
    if (g_str_equal (ids[i], id))
      return i;
  return 0;
}

static void
load_choices (PscExportDialog *self)
{
  g_autofree char *format_id = g_settings_get_string (self->settings, "export-format");
  g_autofree char *theme = g_settings_get_string (self->settings, "export-theme");
  g_autofree char *size = g_settings_get_string (self->settings, "export-size");
  PscExportFormat format;

  if (psc_export_format_from_id (format_id, &format))
    adw_combo_row_set_selected (self->format_row, format);
  adw_combo_row_set_selected (self->theme_row, find_id (theme_ids, theme));
  adw_combo_row_set_selected (self->size_row, find_id (size_ids, size));
  gtk_adjustment_set_value (self->width_adjustment,
                            g_settings_get_int (self->settings, "export-width"));
  gtk_switch_set_active (self->double_switch,
                         g_settings_get_boolean (self->settings, "export-double"));
}

static void
save_choices (PscExportDialog *self)
{
  GSettings *settings = self->settings;

  if (settings == NULL)
    return;
  g_settings_set_string (settings, "export-format", psc_export_format_id (get_format (self)));
  g_settings_set_string (settings, "export-theme",
                         theme_ids[adw_combo_row_get_selected (self->theme_row)]);
  g_settings_set_string (settings, "export-size",
                         size_ids[adw_combo_row_get_selected (self->size_row)]);
  g_settings_set_int (settings, "export-width",
                      (int) gtk_adjustment_get_value (self->width_adjustment));
  g_settings_set_boolean (settings, "export-double", gtk_switch_get_active (self->double_switch));
}

PscExport *
psc_export_dialog_take (PscExportDialog *self)
{
  g_return_val_if_fail (PSC_IS_EXPORT_DIALOG (self), NULL);

  return g_steal_pointer (&self->export);
}

/* --- where --------------------------------------------------------------------------------- */

/* A name without an extension, or with a wrong one, gets that of the format that was chosen. What
 * stands there by the longer name was not what the user agreed to replace. */
static char *
complete_path (PscExportDialog *self, GFile *file)
{
  const char *extension = psc_export_format_id (get_format (self));
  g_autofree char *path = g_file_get_path (file);
  const char *dot = path != NULL ? strrchr (path, '.') : NULL;
  char *longer;

  if (path == NULL)
    return NULL;
  if (dot != NULL && g_ascii_strcasecmp (dot + 1, extension) == 0)
    return g_steal_pointer (&path);
  longer = g_strdup_printf ("%s.%s", path, extension);
  for (guint i = 2; g_file_test (longer, G_FILE_TEST_EXISTS); i++)
    {
      g_free (longer);
      longer = g_strdup_printf ("%s %u.%s", path, i, extension);
    }
  return longer;
}

void
psc_export_dialog_accept (PscExportDialog *self, GFile *file)
{
  g_autofree char *path = NULL;

  g_return_if_fail (PSC_IS_EXPORT_DIALOG (self));
  g_return_if_fail (G_IS_FILE (file));

  path = self->export != NULL ? complete_path (self, file) : NULL;
  if (path == NULL)
    return;
  read_choices (self);
  save_choices (self);
  g_signal_emit (self, export_signal, 0, path);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscExportDialog) self = user_data;
  g_autoptr (GFile) file = psc_compat_save_finish (result, NULL);

  if (file != NULL)
    psc_export_dialog_accept (self, file);
}

static void
export_cb (PscExportDialog *self)
{
  const PscSpace *space = self->export->space;
  g_autofree char *safe = psc_format_name (space->name, -1);
  g_autofree char *name = NULL;

  g_strdelimit (safe, "/\\:*?\"<>| ", '_');
  name = g_strdup_printf ("%s-%d.%s", safe, space->pid, psc_export_format_id (get_format (self)));
  psc_compat_save_async (GTK_WINDOW (self), _ ("Export"), name, chosen_cb, g_object_ref (self));
}

/* --- what makes sense ---------------------------------------------------------------------- */

static const char *
describe_format (PscExportFormat format)
{
  switch (format)
    {
    case PSC_EXPORT_SVG:
      return _ ("Can be searched; segments tell their names under the pointer in a browser");
    case PSC_EXPORT_PDF:
      return _ ("One page, for print; can be searched");
    case PSC_EXPORT_CSV:
      return _ ("A line for each mapping, for spreadsheets");
    case PSC_EXPORT_JSON:
      return _ ("All that is known, for programs");
    default:
      return _ ("For pages, slides and messages");
    }
}

static char *
describe_size (PscExportDialog *self)
{
  guint extent = adw_combo_row_get_selected (self->extent_row);

  if (!is_picture (get_format (self)) || extent != PSC_EXPORT_SEEN)
    return g_strdup ("");
  return g_strdup_printf (_ ("That of the window, %u × %u"), self->export->seen_width,
                          self->export->seen_height);
}

static void
choice_changed_cb (PscExportDialog *self)
{
  PscExportFormat format = get_format (self);
  gboolean picture = is_picture (format);
  gboolean free_size = picture && adw_combo_row_get_selected (self->extent_row) != PSC_EXPORT_SEEN;
  g_autofree char *size = NULL;

  if (self->export == NULL)
    return;
  size = describe_size (self);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->format_row), describe_format (format));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->extent_row),
                               picture ? "" : _ ("Data are always everything"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->size_row), size);
  gtk_widget_set_sensitive (GTK_WIDGET (self->extent_row), picture);
  gtk_widget_set_sensitive (GTK_WIDGET (self->theme_row), picture);
  gtk_widget_set_sensitive (GTK_WIDGET (self->size_row), free_size);
  gtk_widget_set_sensitive (GTK_WIDGET (self->width_row), free_size);
  gtk_widget_set_visible (GTK_WIDGET (self->width_row),
                          adw_combo_row_get_selected (self->size_row) == SIZE_CUSTOM);
  gtk_widget_set_sensitive (GTK_WIDGET (self->double_row), format == PSC_EXPORT_PNG);
}

/* --- the object ---------------------------------------------------------------------------- */

static void
psc_export_dialog_dispose (GObject *object)
{
  PscExportDialog *self = PSC_EXPORT_DIALOG (object);

  g_clear_pointer (&self->export, psc_export_free);
  g_clear_object (&self->settings);
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
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, group);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, format_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, extent_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, theme_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, size_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, width_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, width_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, double_row);
  gtk_widget_class_bind_template_child (widget_class, PscExportDialog, double_switch);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
}

static void
psc_export_dialog_init (PscExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
describe_subject (PscExportDialog *self)
{
  const PscExport *export = self->export;
  g_autofree char *name = psc_format_name_ellipsized (export->space->name, 40);
  g_autofree char *text = g_strdup_printf (_ ("%s — %d · Lens: %s"), name, export->space->pid,
                                           _ (psc_lens_title (export->lens)));
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_group_set_description (self->group, escaped);
}

static void
fill_extents (PscExportDialog *self)
{
  const PscExport *export = self->export;
  const PscMapping *selected = psc_space_lookup (export->space, export->selection_start);
  GtkStringList *list = GTK_STRING_LIST (adw_combo_row_get_model (self->extent_row));
  g_autofree char *label = NULL, *shown = NULL, *text = NULL;

  if (export->selection_start >= export->selection_end || selected == NULL)
    return;
  label = psc_space_dup_label (export->space, selected);
  shown = psc_format_name_ellipsized (label, 28);
  text = g_strdup_printf (_ ("Selected: %s"), shown);
  gtk_string_list_append (list, text);
}

GtkWidget *
psc_export_dialog_new (GtkWindow *parent, PscExport *export, GSettings *settings)
{
  PscExportDialog *self = g_object_new (PSC_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->export = export;
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  gtk_adjustment_set_value (self->width_adjustment, PSC_FIGURE_WIDTH);
  if (settings != NULL)
    load_choices (self);
  describe_subject (self);
  fill_extents (self);
  choice_changed_cb (self);
  return GTK_WIDGET (self);
}
