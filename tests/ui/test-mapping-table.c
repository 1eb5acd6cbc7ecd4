/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of mappings in step with the map, and with very many rows. */

#include <glib/gstdio.h>

#include "psc-mapping-cell.h"
#include "psc-mapping-table-private.h"
#include "psc-test-mappings.h"
#include "psc-ui-test.h"

static void
change (PscWindow *window, const char *action, gboolean state)
{
  g_action_group_change_action_state (G_ACTION_GROUP (window), action,
                                      g_variant_new_boolean (state));
}

static PscMappingTable *
open_table (PscWindow *window)
{
  PscMappingTable *table =
      PSC_MAPPING_TABLE (psc_ui_find (GTK_WIDGET (window), PSC_TYPE_MAPPING_TABLE));

  change (window, "show-table", TRUE);
  psc_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (table)) &&
                     g_list_model_get_n_items (G_LIST_MODEL (psc_mapping_table_get_model (table))) >
                         0);
  return table;
}

static guint
count_cells (GtkWidget *widget)
{
  guint n = PSC_IS_MAPPING_CELL (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cells (child);
  return n;
}

/* Is the row of a mapping where it can be seen? */
static gboolean
is_in_sight (PscMappingTable *table, guint64 start)
{
  GtkWidget *row = psc_mapping_table_find_row (table, start);
  GtkWidget *view = GTK_WIDGET (table->scrolled_window);
  graphene_rect_t bounds;

  return row != NULL && gtk_widget_get_mapped (row) &&
         gtk_widget_compute_bounds (row, view, &bounds) && bounds.size.height > 0 &&
         bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= (float) gtk_widget_get_height (view);
}

/* Snapshots follow each other: a mapping is known by where it begins. */
static guint64
recent_start (PscMappingModel *model)
{
  const PscMapping *mapping = psc_mapping_model_get_recent (model);

  return mapping != NULL ? mapping->start : PSC_MAP_NOWHERE;
}

static guint64
map_start (PscMapView *map)
{
  const PscMapping *mapping = psc_map_view_get_selected (map);

  return mapping != NULL ? mapping->start : PSC_MAP_NOWHERE;
}

static void
test_both_ways (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscMappingTable *table = open_table (window);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscMapping *last = &space->mappings[space->n_mappings - 1];

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, space->n_mappings);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (model), 7, TRUE);
  g_assert_cmphex (map_start (map), ==, space->mappings[7].start);
  psc_map_view_select (map, last->start);
  g_assert_cmphex (recent_start (model), ==, last->start);
  g_assert_cmpuint (psc_mapping_model_sum (model, TRUE).n, ==, 1);
  psc_ui_wait_until (is_in_sight (table, last->start));
  psc_ui_press_key (GTK_WIDGET (map), GDK_KEY_Down, 0);
  g_assert_cmphex (recent_start (model), ==, last[-1].start);
  psc_map_view_select (map, PSC_MAP_NOWHERE);
  g_assert_null (psc_mapping_model_get_recent (model));

  /* Of several the last one is the map's, and that leaves the others selected. */
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (model), 3, TRUE);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (model), 4, FALSE);
  g_assert_cmphex (map_start (map), ==, space->mappings[4].start);
  g_assert_cmpuint (psc_mapping_model_sum (model, TRUE).n, ==, 2);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (table), "2 of "));
  psc_ui_close (window);
}

/* What is selected while the table is hidden is selected when it comes. */
static void
test_opens_at_selection (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscSpace *space = psc_map_view_get_space (map);
  guint64 start = space->mappings[space->n_mappings / 2].start;
  PscMappingTable *table;

  psc_map_view_select (map, start);
  table = open_table (window);
  g_assert_cmphex (recent_start (psc_mapping_table_get_model (table)), ==, start);
  psc_ui_wait_until (is_in_sight (table, start));
  change (window, "show-table", FALSE);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (table)));
  psc_ui_close (window);
}

static void
test_activate (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscMappingTable *table = open_table (window);
  PscRect rect;
  double row_height;
  guint64 start;

  psc_ui_wait_for_rest (map);
  row_height = psc_map_view_get_view (map)->row_height;
  start = psc_mapping_model_get_mapping (psc_mapping_table_get_model (table), 3)->start;
  g_signal_emit_by_name (table->column_view, "activate", 3);
  psc_ui_wait_until (!psc_map_view_get_fit (map));
  psc_ui_wait_for_rest (map);
  g_assert_cmpfloat (psc_map_view_get_view (map)->row_height, >, row_height);
  g_assert_true (psc_map_view_get_place_rect (map, start, &rect));
  psc_ui_close (window);
}

static void
test_filter_entry (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMappingTable *table = open_table (window);
  GListModel *model = G_LIST_MODEL (psc_mapping_table_get_model (table));
  guint all = g_list_model_get_n_items (model);
  g_autofree char *text = g_strdup_printf ("1 of %u mappings · ", all);

  psc_mapping_table_set_filter (table, "kind:heap");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (table), text));
  psc_mapping_table_set_filter (table, "no such mapping");
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (table), "No Mapping Found") != NULL);
  psc_mapping_table_set_filter (table, "rss>");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, all);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (table), "lacks an amount"));
  g_signal_emit_by_name (table->filter_entry, "stop-search");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (table->filter_entry)), ==, "");
  g_action_group_activate_action (G_ACTION_GROUP (window), "filter-table", NULL);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)),
                                         GTK_WIDGET (table->filter_entry)));
  psc_ui_close (window);
}

static void
read_clipboard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_copy (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMappingTable *table = open_table (window);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  const PscMapping *mapping = psc_mapping_model_get_mapping (model, 1);
  g_autofree char *range = g_strdup_printf ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x\t",
                                            mapping->start, mapping->end);
  g_autofree char *copied = NULL;
  g_auto (GStrv) rows = NULL, cells = NULL;
  static const char *const shown[] = { "address", "size", "kind", "perms", NULL };

  psc_mapping_table_set_columns (table, shown);
  gtk_selection_model_select_range (GTK_SELECTION_MODEL (model), 1, 2, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (table), "table.copy-rows", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (table)), NULL,
                                 read_clipboard_cb, &copied);
  psc_ui_wait_until (copied != NULL);
  rows = g_strsplit (copied, "\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, 3);
  g_assert_true (g_str_has_prefix (rows[0], range));
  cells = g_strsplit (rows[0], "\t", -1);
  g_assert_cmpuint (g_strv_length (cells), ==, 4);
  psc_ui_close (window);
}

/* Reading smaps fills the columns that said "not read". */
static void
test_smaps (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscSession *session = psc_window_get_session (window);
  PscMappingTable *table = open_table (window);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  g_autoptr (PscMappingItem) item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  guint64 pss;

  /* One that is on screen, when the numbers come. */
  g_assert_nonnull (item);
  psc_mapping_table_set_filter (table, "pss>0");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
  g_signal_emit_by_name (table->read_button, "clicked");
  psc_ui_wait_until (psc_session_get_details (session) != NULL);
  g_assert_true (psc_mapping_facts_get_number (psc_mapping_model_get_facts (model), 0,
                                               PSC_COLUMN_PSS, &pss, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), >, 0);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (table), "smaps read "));
  psc_ui_close (window);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = psc_mapping_table_export_finish (result, &error);
  g_assert_no_error (error);
}

/* What is written is what is seen: filtered, and in its order. */
static void
test_export (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  g_autofree char *folder = g_dir_make_tmp ("pagescape-table-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "table.csv", NULL);
  PscWindow *window = psc_ui_open (root, NULL);
  PscMappingTable *table = open_table (window);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  g_autofree char *written = NULL, *content = NULL, *first = NULL;
  g_auto (GStrv) lines = NULL;

  psc_mapping_table_set_filter (table, "libc");
  psc_mapping_table_set_sort (table, "size", TRUE);
  psc_mapping_table_export_async (table, path, exported_cb, &written);
  psc_ui_wait_until (written != NULL);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  lines = g_strsplit (content, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, g_list_model_get_n_items (G_LIST_MODEL (model)) + 2);
  first = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x,",
                           psc_mapping_model_get_mapping (model, 0)->start);
  g_assert_true (g_str_has_prefix (lines[1], first));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  psc_mapping_table_set_sort (table, "address", FALSE);
  psc_ui_close (window);
}

static void
test_columns_and_sort (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMappingTable *table = open_table (window);
  static const char *const shown[] = { "address", "size", "resident", "name", "pss", NULL };
  gboolean descending;
  g_auto (GStrv) columns = NULL;

  psc_mapping_table_set_columns (table, shown);
  gtk_widget_activate_action (GTK_WIDGET (table), "columns.vm_flags", NULL);
  gtk_widget_activate_action (GTK_WIDGET (table), "columns.pss", NULL);
  columns = psc_mapping_table_dup_columns (table);
  g_assert_true (g_strv_contains ((const char *const *) columns, "vm_flags"));
  g_assert_false (g_strv_contains ((const char *const *) columns, "pss"));
  g_assert_true (g_strv_contains ((const char *const *) columns, "address"));

  g_assert_cmpstr (psc_mapping_table_get_sort (table, &descending), ==, "address");
  g_assert_false (descending);
  psc_mapping_table_set_sort (table, "resident", TRUE);
  g_assert_cmpstr (psc_mapping_table_get_sort (table, &descending), ==, "resident");
  g_assert_true (descending);
  psc_test_mappings_check_sorted (psc_mapping_table_get_model (table), PSC_COLUMN_RESIDENT, TRUE);
  psc_ui_close (window);

  /* The next window has it as this one left it. */
  window = psc_ui_open (root, NULL);
  table = open_table (window);
  g_assert_cmpstr (psc_mapping_table_get_sort (table, &descending), ==, "resident");
  g_assert_true (descending);
  g_strfreev (columns);
  columns = psc_mapping_table_dup_columns (table);
  g_assert_true (g_strv_contains ((const char *const *) columns, "vm_flags"));
  gtk_widget_activate_action (GTK_WIDGET (table), "columns.vm_flags", NULL);
  gtk_widget_activate_action (GTK_WIDGET (table), "columns.pss", NULL);
  psc_mapping_table_set_sort (table, "address", FALSE);
  change (window, "show-table", FALSE);
  psc_ui_close (window);
}

/* The rows are what a screen reader has of the map. */
static void
test_accessible (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMappingTable *table = open_table (window);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  guint64 start = psc_mapping_model_get_mapping (model, 0)->start;
  g_autofree char *name = psc_mapping_cell_dup_row_name (psc_mapping_model_get_facts (model), 0);
  g_autofree char *bytes =
      psc_mapping_cell_dup_text (psc_mapping_model_get_facts (model), 0, PSC_COLUMN_SIZE);
  g_autofree char *size = g_strconcat ("Size: ", bytes, NULL);
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (table->column_view));
  GtkWidget *heading = gtk_widget_get_next_sibling (gtk_widget_get_first_child (header));
  GtkWidget *row;

  psc_ui_wait_until ((row = psc_mapping_table_find_row (table, start)) != NULL);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  gtk_test_accessible_assert_property (
      gtk_widget_get_next_sibling (gtk_widget_get_first_child (row)), GTK_ACCESSIBLE_PROPERTY_LABEL,
      size);
  gtk_test_accessible_assert_property (heading, GTK_ACCESSIBLE_PROPERTY_LABEL, "Size");
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (model), 0, TRUE);
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  psc_ui_close (window);
}

/* --- very many ----------------------------------------------------------------------------- */

/* A map and a table of it, without a process behind them. */
static GtkWidget *
open_bare (PscMapView **map, PscMappingTable **table, PscSession *session)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  psc_ui_get_application ();
  *map = PSC_MAP_VIEW (psc_map_view_new ());
  *table = g_object_new (PSC_TYPE_MAPPING_TABLE, NULL);
  gtk_widget_set_vexpand (GTK_WIDGET (*map), TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (*table), -1, 300);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*map));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*table));
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  psc_mapping_table_set_map (*table, *map);
  psc_mapping_table_set_session (*table, session);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
count_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  *(guint *) user_data += removed + added;
}

static void
test_many (void)
{
  g_autoptr (PscSession) session = psc_session_new (NULL, NULL);
  g_autoptr (PscSpace) first = psc_test_mappings_new (65000, 20000, 0, 1);
  g_autoptr (PscSpace) second = psc_test_mappings_new (65000, 40000, 0, 1);
  guint64 start = first->mappings[30000].start;
  PscMappingTable *table;
  PscMapView *map;
  GtkWidget *window = open_bare (&map, &table, session);
  PscMappingModel *model = psc_mapping_table_get_model (table);
  guint n_changed = 0;
  double place;
  gint64 begin_usec;

  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (table), "No Mappings"));
  psc_map_view_set_space (map, first);
  psc_ui_wait_until (g_list_model_get_n_items (G_LIST_MODEL (model)) == first->n_mappings);
  psc_map_view_select (map, start);
  psc_ui_wait_until (is_in_sight (table, start));
  /* As many widgets as are seen and some more, not as many as there are rows. */
  g_assert_cmpuint (count_cells (GTK_WIDGET (table)), <, 6000);

  place = gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (table->scrolled_window));
  g_assert_cmpfloat (place, >, 1000);
  psc_map_view_set_space (map, second);
  psc_ui_wait_until (psc_map_view_get_space (map) == second);
  psc_ui_wait_for_rest (map);
  g_assert_true (psc_mapping_model_get_recent (model) == psc_space_lookup (second, start));
  g_assert_true (is_in_sight (table, start));

  begin_usec = g_get_monotonic_time ();
  psc_mapping_table_set_sort (table, "resident", TRUE);
  g_test_message ("sorted in %d ms", (int) ((g_get_monotonic_time () - begin_usec) / 1000));
  psc_ui_wait_until (is_in_sight (table, start));
  begin_usec = g_get_monotonic_time ();
  psc_mapping_table_set_filter (table, "libodd");
  g_test_message ("filtered in %d ms", (int) ((g_get_monotonic_time () - begin_usec) / 1000));
  psc_mapping_table_set_filter (table, "");

  /* A refresh while it is sorted changes the two rows that are not the same, and no others. */
  psc_ui_wait_for_rest (map);
  g_signal_connect (model, "items-changed", G_CALLBACK (count_changed_cb), &n_changed);
  begin_usec = g_get_monotonic_time ();
  psc_map_view_set_space (map, first);
  psc_ui_wait_until (psc_map_view_get_space (map) == first);
  g_test_message ("refreshed in %d ms", (int) ((g_get_monotonic_time () - begin_usec) / 1000));
  g_assert_cmpuint (n_changed, ==, 2);
  g_signal_handlers_disconnect_by_data (model, &n_changed);
  gtk_window_destroy (GTK_WINDOW (window));
  psc_session_stop (session);
}

static void
test_empty (void)
{
  g_autoptr (PscSession) session = psc_session_new (NULL, NULL);
  g_autoptr (PscSpace) space = psc_test_mappings_new (10, 10, 0, 1);
  g_autoptr (PscSpace) denied = psc_test_mappings_new_denied ();
  PscMappingTable *table;
  PscMapView *map;
  GtkWidget *window = open_bare (&map, &table, session);

  psc_map_view_set_space (map, space);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (table), "10 mappings") != NULL);
  psc_map_view_set_space (map, NULL);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (table), "No Mappings") != NULL);
  g_assert_null (psc_ui_find_text (GTK_WIDGET (table), "10 mappings"));
  psc_map_view_set_space (map, denied);
  psc_ui_wait_until (
      psc_ui_find_text (GTK_WIDGET (table), "1 mapping · 64 KiB · resident not known") != NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  psc_session_stop (session);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping-table/both-ways", test_both_ways);
  g_test_add_func ("/mapping-table/opens-at-selection", test_opens_at_selection);
  g_test_add_func ("/mapping-table/activate", test_activate);
  g_test_add_func ("/mapping-table/filter", test_filter_entry);
  g_test_add_func ("/mapping-table/copy", test_copy);
  g_test_add_func ("/mapping-table/smaps", test_smaps);
  g_test_add_func ("/mapping-table/export", test_export);
  g_test_add_func ("/mapping-table/columns", test_columns_and_sort);
  g_test_add_func ("/mapping-table/accessible", test_accessible);
  g_test_add_func ("/mapping-table/empty", test_empty);
  g_test_add_func ("/mapping-table/many", test_many);
  return g_test_run ();
}
