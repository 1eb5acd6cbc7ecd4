/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Export from the window: the dialog, the files that it makes, and the clipboard. */

#include <glib/gstdio.h>
#include <string.h>

#include "psc-export-dialog.h"
#include "psc-ui-test.h"

typedef struct
{
  PscWindow *window;
  char *dir;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *root = psc_ui_dup_root (data);

  fixture->dir = g_dir_make_tmp ("pagescape-export-XXXXXX", NULL);
  fixture->window = psc_ui_open (root, NULL);
}

/* Nothing may be left but what a test took away. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_ui_close (fixture->window);
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
}

static void
activate (Fixture *fixture, const char *name)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), name, NULL);
}

static PscExportDialog *
open_dialog (Fixture *fixture)
{
  g_autoptr (GListModel) windows = NULL;

  activate (fixture, "export");
  windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (PSC_IS_EXPORT_DIALOG (window))
        return PSC_EXPORT_DIALOG (window);
    }
  g_error ("no dialog");
}

static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_ACTION_ROW (widget) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static AdwComboRow *
find_combo (PscExportDialog *dialog, const char *title)
{
  GtkWidget *row = find_row (GTK_WIDGET (dialog), title);

  g_assert_nonnull (row);
  return ADW_COMBO_ROW (row);
}

/* Accepts the dialog with a name in the test's folder, and waits for what is written there. */
static char *
accept (Fixture *fixture, PscExportDialog *dialog, const char *name, const char *written,
        gsize *length)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autofree char *expected = g_build_filename (fixture->dir, written, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  char *contents;

  psc_export_dialog_accept (dialog, file);
  psc_ui_wait_until (g_file_test (expected, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (expected, &contents, length, NULL));
  g_assert_cmpint (g_unlink (expected), ==, 0);
  return contents;
}

static void
get_png_size (const char *png, guint *width, guint *height)
{
  guint32 sides[2];

  g_assert_cmpmem (png, 4, "\x89PNG", 4);
  memcpy (sides, png + 16, sizeof sides);
  *width = GUINT32_FROM_BE (sides[0]);
  *height = GUINT32_FROM_BE (sides[1]);
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  static const char *const magic[] = { "\x89PNG", "<?xml", "%PDF-", "start,", "{" };

  for (guint i = 0; i < PSC_N_EXPORT_FORMATS; i++)
    {
      PscExportDialog *dialog = open_dialog (fixture);
      g_autofree char *written = g_strconcat ("map.", psc_export_format_id (i), NULL);
      g_autofree char *contents = NULL;
      gsize length;

      adw_combo_row_set_selected (find_combo (dialog, "Format"), i);
      /* Data have no looks. */
      g_assert_cmpint (gtk_widget_get_sensitive (GTK_WIDGET (find_combo (dialog, "Colours"))), ==,
                       i <= PSC_EXPORT_PDF);
      g_assert_cmpint (gtk_widget_get_sensitive (GTK_WIDGET (find_combo (dialog, "Show"))), ==,
                       i <= PSC_EXPORT_PDF);
      g_assert_cmpint (gtk_widget_get_sensitive (find_row (GTK_WIDGET (dialog), "Double Density")),
                       ==, i == 0);
      contents = accept (fixture, dialog, i % 2 ? "map" : written, written, &length);
      g_assert_cmpmem (contents, strlen (magic[i]), magic[i], strlen (magic[i]));
      psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (fixture->window), written) != NULL);
    }
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  GtkWidget *map = GTK_WIDGET (psc_window_get_map (fixture->window));
  /* Extent, size, density; width and height: 0 what the window has, 1 any. */
  static const struct
  {
    guint extent, size;
    gboolean is_double;
    guint width, height;
  } cases[] = {
    { PSC_EXPORT_EVERYTHING, 0, FALSE, 1600, 1 },
    { PSC_EXPORT_EVERYTHING, 0, TRUE, 3200, 1 },
    { PSC_EXPORT_EVERYTHING, 1, FALSE, 1920, 1080 },
    { PSC_EXPORT_EVERYTHING, 1, TRUE, 3840, 2160 },
    { PSC_EXPORT_SEEN, 1, FALSE, 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscExportDialog *dialog = open_dialog (fixture);
      g_autofree char *contents = NULL;
      guint width, height;
      gsize length;

      adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_PNG);
      adw_combo_row_set_selected (find_combo (dialog, "Show"), cases[i].extent);
      adw_combo_row_set_selected (find_combo (dialog, "Size"), cases[i].size);
      gtk_switch_set_active (GTK_SWITCH (psc_ui_find (GTK_WIDGET (dialog), GTK_TYPE_SWITCH)),
                             cases[i].is_double);
      contents = accept (fixture, dialog, "map.png", "map.png", &length);
      get_png_size (contents, &width, &height);
      g_assert_cmpuint (width, ==,
                        cases[i].width > 0 ? cases[i].width : (guint) gtk_widget_get_width (map));
      if (cases[i].height > 1)
        g_assert_cmpuint (height, ==, cases[i].height);
    }
}

/* Only with a selected mapping can that be chosen; then the picture is of it alone. */
static void
test_selected (Fixture *fixture, gconstpointer data)
{
  PscMapView *map = psc_window_get_map (fixture->window);
  PscExportDialog *dialog = open_dialog (fixture);
  g_autofree char *contents = NULL, *range = NULL;
  const PscMapping *selected;
  gsize length;

  g_assert_cmpuint (
      g_list_model_get_n_items (adw_combo_row_get_model (find_combo (dialog, "Show"))), ==, 2);
  gtk_window_destroy (GTK_WINDOW (dialog));
  psc_map_view_select_next (map, 1);
  selected = psc_map_view_get_selected (map);
  g_assert_nonnull (selected);
  range = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x–0x%" G_GINT64_MODIFIER "x", selected->start,
                           selected->end);
  dialog = open_dialog (fixture);
  g_assert_cmpuint (
      g_list_model_get_n_items (adw_combo_row_get_model (find_combo (dialog, "Show"))), ==, 3);
  adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_SVG);
  adw_combo_row_set_selected (find_combo (dialog, "Show"), PSC_EXPORT_SELECTED);
  contents = accept (fixture, dialog, "one.svg", "one.svg", &length);
  g_assert_nonnull (strstr (contents, range));
  g_assert_null (strstr (contents, "unmapped"));
}

static void
test_colours (Fixture *fixture, gconstpointer data)
{
  PscTheme window = psc_map_view_get_theme (psc_window_get_map (fixture->window));
  const PscTheme themes[] = { window, PSC_THEME_LIGHT, PSC_THEME_DARK };

  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    {
      PscExportDialog *dialog = open_dialog (fixture);
      g_autofree char *background = g_strdup_printf ("<path fill=\"#%06x\" d=\"M0 0h1600",
                                                     psc_theme_colors (themes[i])->background);
      g_autofree char *contents = NULL;
      gsize length;

      adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_SVG);
      adw_combo_row_set_selected (find_combo (dialog, "Size"), 0);
      adw_combo_row_set_selected (find_combo (dialog, "Colours"), i);
      contents = accept (fixture, dialog, "map.svg", "map.svg", &length);
      g_assert_nonnull (strstr (contents, background));
    }
}

/* What was exported last is what the next dialog begins with. */
static void
test_remembers (Fixture *fixture, gconstpointer data)
{
  PscExportDialog *dialog = open_dialog (fixture);
  g_autofree char *contents = NULL;
  gsize length;

  adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_PDF);
  adw_combo_row_set_selected (find_combo (dialog, "Colours"), 2);
  adw_combo_row_set_selected (find_combo (dialog, "Size"), 1);
  contents = accept (fixture, dialog, "map.pdf", "map.pdf", &length);
  dialog = open_dialog (fixture);
  g_assert_cmpuint (adw_combo_row_get_selected (find_combo (dialog, "Format")), ==, PSC_EXPORT_PDF);
  g_assert_cmpuint (adw_combo_row_get_selected (find_combo (dialog, "Colours")), ==, 2);
  g_assert_cmpuint (adw_combo_row_get_selected (find_combo (dialog, "Size")), ==, 1);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The chooser asked about "map", which is not there; "map.svg" is somebody's. */
static void
test_never_in_the_way (Fixture *fixture, gconstpointer data)
{
  PscExportDialog *dialog = open_dialog (fixture);
  g_autofree char *old = g_build_filename (fixture->dir, "map.svg", NULL);
  g_autofree char *kept = NULL, *contents = NULL;
  gsize length;

  g_assert_true (g_file_set_contents (old, "precious", -1, NULL));
  adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_SVG);
  contents = accept (fixture, dialog, "map", "map 2.svg", &length);
  g_assert_true (g_str_has_prefix (contents, "<?xml"));
  g_assert_true (g_file_get_contents (old, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "precious");
  g_assert_cmpint (g_unlink (old), ==, 0);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  PscExportDialog *dialog = open_dialog (fixture);
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/map.png");

  adw_combo_row_set_selected (find_combo (dialog, "Format"), PSC_EXPORT_PNG);
  psc_export_dialog_accept (dialog, file);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (fixture->window), "Export failed") != NULL);
  g_assert_cmpstr (psc_ui_find_text (GTK_WIDGET (fixture->window), "Export failed"), ==,
                   "Export failed: Can't write “/nonexistent/map.png”: No such file or directory");
}

/* --- clipboard ----------------------------------------------------------------------------- */

static void
texture_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GdkTexture **) user_data =
      gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static void
test_copy_image (Fixture *fixture, gconstpointer data)
{
  GtkWidget *map = GTK_WIDGET (psc_window_get_map (fixture->window));
  GdkClipboard *clipboard = gtk_widget_get_clipboard (map);
  g_autoptr (GdkTexture) texture = NULL;

  activate (fixture, "copy-image");
  psc_ui_wait_until (
      gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard), "image/png"));
  gdk_clipboard_read_texture_async (clipboard, NULL, texture_cb, &texture);
  psc_ui_wait_until (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, gtk_widget_get_width (map));
  g_assert_cmpint (gdk_texture_get_height (texture), >, gtk_widget_get_height (map));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (fixture->window), "Copied as image") != NULL);
}

static void
stream_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GInputStream **) user_data =
      gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);
  g_assert_no_error (error);
}

static void
test_copy_svg (Fixture *fixture, gconstpointer data)
{
  static const char *types[] = { "image/svg+xml", NULL };
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));
  g_autoptr (GInputStream) stream = NULL;
  char start[6] = "";

  activate (fixture, "copy-svg");
  psc_ui_wait_until (
      gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard), types[0]));
  gdk_clipboard_read_async (clipboard, types, G_PRIORITY_DEFAULT, NULL, stream_cb, &stream);
  psc_ui_wait_until (stream != NULL);
  g_assert_true (g_input_stream_read_all (stream, start, 5, NULL, NULL, NULL));
  g_assert_cmpstr (start, ==, "<?xml");
}

#define ADD(path, root, test) g_test_add (path, Fixture, root, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  ADD ("/export/formats", "python", test_formats);
  ADD ("/export/sizes", "java", test_sizes);
  ADD ("/export/selected", "node", test_selected);
  ADD ("/export/colours", "python", test_colours);
  ADD ("/export/remembers", "idle", test_remembers);
  ADD ("/export/never-in-the-way", "idle", test_never_in_the_way);
  ADD ("/export/failure", "names", test_failure);
  ADD ("/export/copy-image", "java", test_copy_image);
  ADD ("/export/copy-svg", "python", test_copy_svg);
  return g_test_run ();
}
