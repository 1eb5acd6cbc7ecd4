/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The gallery: its model on made-up tables, and the window on processes that live, grow, end, or
 * may not be read. */

#include <unistd.h>

#include "psc-gallery-model.h"
#include "psc-gallery-tile.h"
#include "psc-process-list-view.h"
#include "psc-ui-test.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)

/* --- the model ----------------------------------------------------------------------------- */

typedef struct
{
  gint pid;
  const char *name;
  guint64 resident;
  guint uid; /* 0 is who looks */
  gboolean kernel_thread;
} Row;

static PscProcessTable *
make_table (const Row *rows, guint n)
{
  PscProcessTable *table = g_new0 (PscProcessTable, 1);

  g_atomic_ref_count_init (&table->ref_count);
  table->processes = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_process_free);
  table->users = g_new0 (const char *, n);
  for (guint i = 0; i < n; i++)
    {
      PscProcess *process = g_new0 (PscProcess, 1);

      process->pid = rows[i].pid;
      process->start_time = 7;
      process->resident = rows[i].resident;
      process->uid = rows[i].uid;
      process->kernel_thread = rows[i].kernel_thread;
      process->state = 'S';
      process->name = g_strdup (rows[i].name);
      process->program = g_strdup ("");
      process->command = g_strdup_printf ("/usr/bin/%s --flag", rows[i].name);
      g_ptr_array_add (table->processes, process);
      table->users[i] = "somebody";
    }
  return table;
}

static void
set_rows (PscGalleryModel *model, const Row *rows, guint n)
{
  g_autoptr (PscProcessTable) table = make_table (rows, n);

  psc_gallery_model_set_table (model, table);
}

static void
assert_order (PscGalleryModel *model, const char *expected)
{
  GListModel *list = psc_gallery_model_get_list (model);
  g_autoptr (GString) order = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (list, i);

      g_string_append_printf (order, "%s%d", i > 0 ? " " : "", psc_gallery_item_get_pid (item));
    }
  g_assert_cmpstr (order->str, ==, expected);
}

static const Row rows[] = {
  { 1, "init", 4 * MIB, 0, FALSE },     { 2, "kthreadd", 0, 0, TRUE },
  { 30, "node", 80 * MIB, 0, FALSE },   { 31, "Abacus", 20 * MIB, 0, FALSE },
  { 77, "vault", 999 * MIB, 5, FALSE },
};

/* What may not be read is last whatever the order; kernel threads are not there. */
static void
test_sort (void)
{
  static const struct
  {
    const char *id, *order;
  } cases[] = {
    { "resident", "30 31 1 77" },
    { "name", "31 1 30 77" },
    { "pid", "1 30 31 77" },
    { "growth", "30 31 1 77" },
  };
  g_autoptr (PscGalleryModel) model = psc_gallery_model_new ();
  PscGallerySort sort;
  guint n_unreadable;

  set_rows (model, rows, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (psc_gallery_sort_from_id (cases[i].id, &sort));
      g_assert_cmpstr (psc_gallery_sort_id (sort), ==, cases[i].id);
      psc_gallery_model_set_sort (model, sort);
      assert_order (model, cases[i].order);
    }
  g_assert_false (psc_gallery_sort_from_id ("beauty", &sort));
  g_assert_cmpuint (psc_gallery_model_count (model, &n_unreadable), ==, 4);
  g_assert_cmpuint (n_unreadable, ==, 1);
}

/* Growth is what came since the last look; the order waits until it is settled. */
static void
test_growth (void)
{
  g_autoptr (PscGalleryModel) model = psc_gallery_model_new ();
  Row later[G_N_ELEMENTS (rows)];
  PscGalleryItem *item;

  memcpy (later, rows, sizeof rows);
  later[0].resident += 100 * 1024;
  later[3].resident += 70 * MIB;
  set_rows (model, rows, G_N_ELEMENTS (rows));
  psc_gallery_model_set_sort (model, PSC_GALLERY_SORT_GROWTH);
  item = psc_gallery_model_find (model, 31);
  g_assert_cmpuint (psc_gallery_item_get_growth (item), ==, 0);

  set_rows (model, later, G_N_ELEMENTS (later));
  g_assert_true (psc_gallery_model_find (model, 31) == item);
  g_assert_cmpuint (psc_gallery_item_get_growth (item), ==, 70 * MIB);
  g_assert_cmpuint (psc_gallery_item_get_growth (psc_gallery_model_find (model, 1)), ==, 0);
  assert_order (model, "30 31 1 77");
  g_assert_true (psc_gallery_model_settle (model));
  assert_order (model, "31 1 30 77");
  g_assert_false (psc_gallery_model_settle (model));

  psc_gallery_model_look_away (model);
  g_assert_cmpuint (psc_gallery_item_get_growth (item), ==, 0);
}

static void
test_come_and_go (void)
{
  g_autoptr (PscGalleryModel) model = psc_gallery_model_new ();

  set_rows (model, rows, 3);
  assert_order (model, "30 1");
  set_rows (model, &rows[2], 3);
  assert_order (model, "30 31 77");
  g_assert_null (psc_gallery_model_find (model, 1));
  psc_gallery_model_set_search (model, "aba");
  assert_order (model, "31");
  g_assert_cmpuint (psc_gallery_model_get_position (model, 31), ==, 0);
  g_assert_cmpuint (psc_gallery_model_get_position (model, 30), ==, GTK_INVALID_LIST_POSITION);
  psc_gallery_model_set_search (model, NULL);
  assert_order (model, "30 31 77");
}

/* Names come from outside: they are shown as they are, never as markup. */
static void
test_words (void)
{
  static const Row odd[] = { { 9, "<b>&amp;", 3 * MIB, 5, FALSE } };
  g_autoptr (PscGalleryModel) model = psc_gallery_model_new ();
  PscGalleryItem *item;
  g_autofree char *name = NULL, *facts = NULL, *label = NULL, *tooltip = NULL;

  set_rows (model, odd, 1);
  item = psc_gallery_model_find (model, 9);
  name = psc_gallery_item_dup_name (item);
  facts = psc_gallery_item_dup_facts (item);
  label = psc_gallery_item_dup_label (item);
  tooltip = psc_gallery_item_dup_tooltip (item);
  g_assert_cmpstr (name, ==, "<b>&amp;");
  g_assert_cmpstr (facts, ==, "PID 9 · idle");
  g_assert_cmpstr (label, ==, "<b>&amp;, PID 9, 3 MiB resident, may not be read");
  g_assert_nonnull (strstr (tooltip, "administrator rights"));
  g_assert_cmpstr (psc_gallery_item_get_icon (item), ==, "changes-prevent-symbolic");
}

/* Thousands of processes are a few hundred widgets. */
static void
test_many (void)
{
  g_autofree Row *many = g_new0 (Row, 5000);
  g_autoptr (PscProcessTable) table = NULL;
  GtkWidget *window, *gallery, *grid;
  guint n_cells = 0;

  for (guint i = 0; i < 5000; i++)
    many[i] = (Row){ (gint) i + 1, "one of many", (i * 7919 % 5000 + 1) * 4096, 0, FALSE };
  table = make_table (many, 5000);
  psc_ui_get_application ();
  window = gtk_window_new ();
  gallery = psc_gallery_new ();
  gtk_window_set_child (GTK_WINDOW (window), gallery);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  psc_gallery_set_table (PSC_GALLERY (gallery), table);
  psc_ui_wait_until (psc_gallery_get_tile (PSC_GALLERY (gallery), 1) == NULL &&
                     psc_ui_find (gallery, PSC_TYPE_GALLERY_TILE) != NULL &&
                     gtk_widget_get_mapped (psc_ui_find (gallery, PSC_TYPE_GALLERY_TILE)));
  grid = psc_ui_find (gallery, GTK_TYPE_GRID_VIEW);
  for (GtkWidget *cell = gtk_widget_get_first_child (grid); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    n_cells++;
  g_assert_cmpuint (psc_gallery_get_n_tiles (PSC_GALLERY (gallery)), ==, 5000);
  g_assert_cmpuint (n_cells, >, 10);
  g_assert_cmpuint (n_cells, <, 300);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- the window ---------------------------------------------------------------------------- */

static PscWindow *
open_gallery (const char *via)
{
  GtkWidget *window = psc_window_new (psc_ui_get_application (), NULL, via, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
  return PSC_WINDOW (window);
}

static PscGalleryItem *
find_item (PscWindow *window, gint pid)
{
  GtkWidget *tile = psc_gallery_get_tile (psc_window_get_gallery (window), pid);

  return tile != NULL ? psc_gallery_tile_get_item (PSC_GALLERY_TILE (tile)) : NULL;
}

static gboolean
has_picture (PscWindow *window, gint pid)
{
  PscGalleryItem *item = find_item (window, pid);

  return item != NULL && psc_gallery_item_get_surface (item) != NULL;
}

/* Makes the tile of one process the only one. */
static GtkWidget *
find_entry (PscWindow *window)
{
  GtkWidget *list = psc_ui_find (GTK_WIDGET (window), PSC_TYPE_PROCESS_LIST_VIEW);

  return psc_ui_find (list, GTK_TYPE_SEARCH_ENTRY);
}

static void
search (PscWindow *window, const char *text)
{
  GtkWidget *entry = find_entry (window);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
choose (PscWindow *window, gint pid)
{
  GtkWidget *gallery = GTK_WIDGET (psc_window_get_gallery (window));
  GtkWidget *grid = psc_ui_find (gallery, GTK_TYPE_GRID_VIEW);
  GListModel *model = G_LIST_MODEL (gtk_grid_view_get_model (GTK_GRID_VIEW (grid)));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (model, i);

      if (psc_gallery_item_get_pid (item) != pid)
        continue;
      gtk_widget_activate_action (grid, "list.activate-item", "u", i);
      return;
    }
  g_error ("there is no tile of process %d", pid);
}

/* As if Escape were pressed in a tile, for the controller of a name. */
static gboolean
press_escape (PscGallery *gallery, const char *name)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (gallery));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_strcmp0 (gtk_event_controller_get_name (controller), name) == 0)
        g_signal_emit_by_name (controller, "key-pressed", GDK_KEY_Escape, 0, 0, &handled);
    }
  return handled;
}

static gboolean
shows_map (PscWindow *window, gint pid)
{
  PscMapView *map = psc_window_get_map (window);

  return gtk_widget_get_mapped (GTK_WIDGET (map)) && psc_map_view_get_space (map) != NULL &&
         psc_map_view_get_space (map)->pid == pid &&
         !gtk_widget_get_mapped (GTK_WIDGET (psc_window_get_gallery (window)));
}

static gint
pid_of (GSubprocess *child)
{
  return atoi (g_subprocess_get_identifier (child));
}

/* From the gallery to a map, and back to the same tile. */
static void
test_open (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  gint pid = pid_of (child);
  PscWindow *window = open_gallery (NULL);
  PscGallery *gallery = psc_window_get_gallery (window);
  g_autofree char *label = NULL, *expected = g_strdup_printf ("cat, PID %d, ", pid);

  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) > 0);
  g_assert_cmpint (psc_session_get_pid (psc_window_get_session (window)), ==, 0);
  search (window, g_subprocess_get_identifier (child));
  psc_ui_wait_until (has_picture (window, pid));
  label = psc_gallery_item_dup_label (find_item (window, pid));
  g_assert_true (g_str_has_prefix (label, expected));
  g_assert_true (gtk_test_accessible_has_property (
      GTK_ACCESSIBLE (gtk_widget_get_parent (psc_gallery_get_tile (gallery, pid))),
      GTK_ACCESSIBLE_PROPERTY_LABEL));

  choose (window, pid);
  psc_ui_wait_until (shows_map (window, pid));
  g_assert_cmpint (psc_session_get_pid (psc_window_get_session (window)), ==, pid);

  g_action_group_activate_action (G_ACTION_GROUP (window), "gallery", NULL);
  psc_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (gallery)));
  g_assert_cmpint (psc_session_get_pid (psc_window_get_session (window)), ==, pid);
  g_action_group_activate_action (G_ACTION_GROUP (window), "gallery", NULL);
  psc_ui_wait_until (shows_map (window, pid));
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* A key ends the movement where it was going. */
static void
test_skip (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  gint pid = pid_of (child);
  PscWindow *window = open_gallery (NULL);
  PscGallery *gallery = psc_window_get_gallery (window);
  GtkBorder margins = { 10, 10, 10, 10 };

  search (window, g_subprocess_get_identifier (child));
  psc_ui_wait_until (has_picture (window, pid));
  psc_ui_wait_until (psc_gallery_zoom (gallery, pid, &margins));
  g_assert_true (psc_gallery_is_zooming (gallery));
  g_assert_true (press_escape (gallery, "skip-zoom"));
  g_assert_false (psc_gallery_is_zooming (gallery));
  g_assert_false (psc_gallery_zoom (gallery, 1 << 30, &margins));

  /* And without animations there is none. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_assert_true (psc_gallery_zoom (gallery, pid, &margins));
  g_assert_false (psc_gallery_is_zooming (gallery));
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-enable-animations");
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* Nothing is captured for pictures that nobody sees. */
static void
test_rests (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  gint pid = pid_of (child);
  PscWindow *window = open_gallery (NULL);
  PscThumbnails *thumbnails = psc_gallery_get_thumbnails (psc_window_get_gallery (window));
  PscProcessTable *table;
  guint64 n_captures;

  search (window, g_subprocess_get_identifier (child));
  psc_ui_wait_until (has_picture (window, pid));
  choose (window, pid);
  psc_ui_wait_until (shows_map (window, pid));
  n_captures = psc_thumbnails_get_n_captures (thumbnails);

  /* Two lists later the picture is due, were it looked at. */
  for (int i = 0; i < 2; i++)
    {
      table = psc_session_get_table (psc_window_get_session (window));
      psc_session_refresh (psc_window_get_session (window));
      psc_ui_wait_until (psc_session_get_table (psc_window_get_session (window)) != table);
    }
  g_assert_cmpuint (psc_thumbnails_get_n_captures (thumbnails), ==, n_captures);
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_pause (void)
{
  PscWindow *window = open_gallery (NULL);
  PscGallery *gallery = psc_window_get_gallery (window);

  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) > 0);
  g_action_group_activate_action (G_ACTION_GROUP (window), "pause", NULL);
  g_assert_true (psc_gallery_get_paused (gallery));
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "Paused"));
  g_action_group_activate_action (G_ACTION_GROUP (window), "pause", NULL);
  g_assert_false (psc_gallery_get_paused (gallery));
  psc_ui_close (window);
}

/* A process that ends takes its tile along. */
static void
test_end (void)
{
  g_autoptr (GSubprocess) child = psc_ui_start_child ();
  gint pid = pid_of (child);
  PscWindow *window = open_gallery (NULL);
  PscGallery *gallery = psc_window_get_gallery (window);

  search (window, g_subprocess_get_identifier (child));
  psc_ui_wait_until (has_picture (window, pid));
  psc_ui_end_child (child);
  psc_ui_wait_until (psc_gallery_get_tile (gallery, pid) == NULL);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (gallery), "No Process Found") != NULL);
  search (window, "");
  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) > 1);
  psc_ui_close (window);
}

/* What may not be read has a tile that says so, and a page that says why. */
static void
test_denied (void)
{
  g_autoptr (GSubprocess) child = NULL;
  PscWindow *window;
  PscGalleryItem *item;
  gint pid;

  if (!psc_ui_can_be_nobody ())
    {
      g_test_skip ("needs root, setpriv, and a probe that others may run");
      return;
    }
  child = psc_ui_start_child ();
  pid = pid_of (child);
  window = open_gallery (PSC_UI_AS_NOBODY);
  search (window, g_subprocess_get_identifier (child));
  psc_ui_wait_until (find_item (window, pid) != NULL);
  item = find_item (window, pid);
  g_assert_false (psc_gallery_item_get_readable (item));
  g_assert_cmpstr (psc_gallery_item_get_icon (item), ==, "changes-prevent-symbolic");
  g_assert_null (psc_gallery_item_get_surface (item));
  choose (window, pid);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "Not Allowed to Look") != NULL);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window), "or as root"));
  g_signal_emit_by_name (psc_ui_find_button (GTK_WIDGET (window), "Back to the Gallery"),
                         "clicked");
  psc_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (psc_window_get_gallery (window))));
  psc_ui_close (window);
  psc_ui_end_child (child);
}

/* The search is that of the list, and Escape ends it. */
static void
test_search (void)
{
  PscWindow *window = open_gallery (NULL);
  PscGallery *gallery = psc_window_get_gallery (window);
  GtkWidget *entry = find_entry (window);
  GtkWidget *list = psc_ui_find (GTK_WIDGET (window), PSC_TYPE_PROCESS_LIST_VIEW);

  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) > 1);
  search (window, "no process is called like this");
  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) == 0);
  g_assert_cmpuint (psc_process_list_view_get_n_rows (PSC_PROCESS_LIST_VIEW (list)), ==, 0);
  g_assert_true (press_escape (gallery, "end-search"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  psc_ui_wait_until (psc_gallery_get_n_tiles (gallery) > 1);
  psc_ui_close (window);
}

static void
test_settings (void)
{
  PscWindow *window = open_gallery (NULL);
  GActionGroup *actions = G_ACTION_GROUP (window);
  g_autoptr (GVariant) state = NULL;

  g_action_group_activate_action (actions, "gallery-sort", g_variant_new_string ("name"));
  g_action_group_change_action_state (actions, "gallery-sort", g_variant_new_string ("beauty"));
  state = g_action_group_get_action_state (actions, "gallery-sort");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "name");
  g_action_group_activate_action (actions, "lens", g_variant_new_string ("kind"));
  g_action_group_activate_action (actions, "low-at-top", NULL);
  g_assert_false (g_action_group_get_action_enabled (actions, "zoom-fit"));
  g_assert_false (g_action_group_get_action_enabled (actions, "show-inspector"));
  psc_ui_close (window);
}

/* Beside a map the list is only where there is room for both, until somebody wants it otherwise. */
static void
test_list (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  GActionGroup *actions = G_ACTION_GROUP (window);
  GtkWidget *list = psc_ui_find (GTK_WIDGET (window), PSC_TYPE_PROCESS_LIST_VIEW);
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, height);
  psc_ui_wait_until (!gtk_widget_get_visible (list));
  g_action_group_change_action_state (actions, "gallery", g_variant_new_boolean (TRUE));
  g_assert_true (gtk_widget_get_visible (list));
  g_action_group_change_action_state (actions, "gallery", g_variant_new_boolean (FALSE));
  g_assert_false (gtk_widget_get_visible (list));
  gtk_window_set_default_size (GTK_WINDOW (window), 1600, height);
  psc_ui_wait_until (gtk_widget_get_visible (list));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, height);
  psc_ui_wait_until (!gtk_widget_get_visible (list));
  /* Whoever searches gets it until a process is found. */
  g_action_group_activate_action (actions, "search", NULL);
  g_assert_true (gtk_widget_get_visible (list));
  psc_window_show_process (window, 1);
  g_assert_false (gtk_widget_get_visible (list));
  g_action_group_change_action_state (actions, "show-list", g_variant_new_boolean (TRUE));
  g_assert_true (gtk_widget_get_visible (list));
  psc_window_show_process (window, 2);
  g_assert_true (gtk_widget_get_visible (list));
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery/sort", test_sort);
  g_test_add_func ("/gallery/growth", test_growth);
  g_test_add_func ("/gallery/come-and-go", test_come_and_go);
  g_test_add_func ("/gallery/words", test_words);
  g_test_add_func ("/gallery/many", test_many);
  g_test_add_func ("/gallery/open", test_open);
  g_test_add_func ("/gallery/skip", test_skip);
  g_test_add_func ("/gallery/rests", test_rests);
  g_test_add_func ("/gallery/pause", test_pause);
  g_test_add_func ("/gallery/end", test_end);
  g_test_add_func ("/gallery/denied", test_denied);
  g_test_add_func ("/gallery/search", test_search);
  g_test_add_func ("/gallery/settings", test_settings);
  g_test_add_func ("/gallery/list", test_list);
  return g_test_run ();
}
