/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole window on recorded processes: opens, zooms, selects, exports. */

#include <glib/gstdio.h>

#include "psc-inspector.h"
#include "psc-process-list-view.h"
#include "psc-ui-test.h"

static void
activate (PscWindow *window, const char *name, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, parameter);
}

static void
wait_for_view (PscMapView *map, gboolean fit)
{
  psc_ui_wait_until (psc_map_view_get_fit (map) == fit);
}

static const PscMapping *
find_kind (PscSpace *space, PscKind kind)
{
  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].kind == kind)
      return &space->mappings[i];
  return NULL;
}

static void
test_open (void)
{
  static const char *const roots[] = { "node", "java", "threads", "python", "idle", "asan" };

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    {
      g_autofree char *root = psc_ui_dup_root (roots[i]);
      PscWindow *window = psc_ui_open (root, NULL);
      PscSpace *space = psc_map_view_get_space (psc_window_get_map (window));
      g_autofree char *title = g_strdup_printf ("%s — %d", space->name, space->pid);
      g_autofree char *pid = g_strdup_printf ("%d", space->pid);

      g_assert_true (psc_map_view_get_fit (psc_window_get_map (window)));
      g_assert_cmpuint (space->n_mappings, >, 5);
      g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, title);
      g_assert_cmpstr (psc_ui_find_fact (GTK_WIDGET (window), "PID"), ==, pid);
      psc_ui_close (window);
    }
}

static void
test_wheel (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkEventController *scroll =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  GtkEventController *motion =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscMapping *text = find_kind (space, PSC_KIND_TEXT);
  double row_height = psc_map_view_get_view (map)->row_height;
  gboolean handled = FALSE;
  PscPlace before, after;
  PscRect rect;

  g_assert_true (psc_map_view_get_place_rect (map, text->start, &rect));
  g_signal_emit_by_name (motion, "motion", rect.x + rect.width / 2, rect.y + rect.height / 2);
  before = psc_map_view_get_hover (map);
  g_assert_cmpint (before.type, ==, PSC_PLACE_PAGE);

  for (int i = 0; i < 8; i++)
    g_signal_emit_by_name (scroll, "scroll", 0.0, -1.0, &handled);
  g_assert_true (handled);
  psc_ui_wait_for_rest (map);
  g_assert_cmpfloat (psc_map_view_get_view (map)->row_height, >, row_height * 4);
  g_assert_false (psc_map_view_get_fit (map));
  after = psc_map_view_get_hover (map);
  g_assert_cmphex (after.start, ==, before.start);

  for (int i = 0; i < 20; i++)
    {
      g_signal_emit_by_name (scroll, "scroll", 0.0, 1.0, &handled);
      psc_ui_iterate ();
    }
  wait_for_view (map, TRUE);
  psc_ui_close (window);
}

static void
test_keys (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkWidget *widget = GTK_WIDGET (map);
  PscSpace *space = psc_map_view_get_space (map);

  g_assert_true (psc_ui_press_key (widget, GDK_KEY_Up, 0));
  g_assert_true (psc_map_view_get_selected (map) == &space->mappings[0]);
  g_assert_true (psc_ui_press_key (widget, GDK_KEY_Up, 0));
  g_assert_true (psc_map_view_get_selected (map) == &space->mappings[1]);
  g_assert_true (psc_ui_press_key (widget, GDK_KEY_Down, 0));
  g_assert_true (psc_map_view_get_selected (map) == &space->mappings[0]);

  psc_ui_press_key (widget, GDK_KEY_plus, 0);
  wait_for_view (map, FALSE);
  psc_ui_wait_for_rest (map);
  psc_ui_press_key (widget, GDK_KEY_BackSpace, 0);
  wait_for_view (map, TRUE);
  g_assert_true (psc_map_view_can_go_forward (map));
  psc_ui_press_key (widget, GDK_KEY_Escape, 0);
  g_assert_null (psc_map_view_get_selected (map));
  g_assert_false (psc_ui_press_key (widget, GDK_KEY_F12, 0));
  psc_ui_close (window);
}

static void
test_fill_and_back (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscMapping *heap = find_kind (space, PSC_KIND_HEAP);
  double row_height = psc_map_view_get_view (map)->row_height;
  PscRect first, last;

  psc_map_view_select (map, heap->start);
  g_assert_cmpstr (psc_ui_find_fact (GTK_WIDGET (window), "Kind"), !=, NULL);
  psc_ui_press_key (GTK_WIDGET (map), GDK_KEY_Return, 0);
  wait_for_view (map, FALSE);
  psc_ui_wait_for_rest (map);
  g_assert_cmpfloat (psc_map_view_get_view (map)->row_height, >, row_height);
  g_assert_true (psc_map_view_get_place_rect (map, heap->start, &first));
  g_assert_true (psc_map_view_get_place_rect (map, heap->end - 1, &last));

  activate (window, "back", NULL);
  wait_for_view (map, TRUE);
  psc_ui_wait_for_rest (map);
  g_assert_cmpfloat_with_epsilon (psc_map_view_get_view (map)->row_height, row_height, 1e-6);
  psc_ui_close (window);
}

static void
test_inspector (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkWidget *widget = GTK_WIDGET (window);
  GtkEventController *motion =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  const PscMapping *heap = find_kind (space, PSC_KIND_HEAP);
  g_autofree char *range = g_strdup_printf (
      "0x%" G_GINT64_MODIFIER "x –\n0x%" G_GINT64_MODIFIER "x", heap->start, heap->end);
  PscRect rect;

  g_assert_true (psc_map_view_get_place_rect (map, heap->start, &rect));
  g_signal_emit_by_name (motion, "motion", rect.x + rect.width / 2, rect.y + rect.height / 2);
  psc_ui_wait_until (psc_ui_find_fact (widget, "Range") != NULL);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Range"), ==, range);
  g_assert_cmpstr (psc_ui_find_fact (widget, "Access"), ==, "read, write · private");
  g_assert_true (g_str_has_prefix (psc_ui_find_fact (widget, "Tables"), "PGD "));

  g_signal_emit_by_name (motion, "leave");
  psc_ui_wait_until (psc_ui_find_fact (widget, "PID") != NULL);
  g_assert_null (psc_ui_find_fact (widget, "Tables"));
  psc_ui_close (window);
}

static void
test_lens (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkWidget *drop_down = psc_ui_find (GTK_WIDGET (window), GTK_TYPE_DROP_DOWN);
  g_autoptr (GVariant) state = NULL;

  activate (window, "lens", g_variant_new_string ("kind"));
  g_assert_cmpint (psc_map_view_get_lens (map), ==, PSC_LENS_KIND);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (drop_down)), ==, PSC_LENS_KIND);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), PSC_LENS_RESIDENCY);
  g_assert_cmpint (psc_map_view_get_lens (map), ==, PSC_LENS_RESIDENCY);
  state = g_action_group_get_action_state (G_ACTION_GROUP (window), "lens");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "residency");
  psc_ui_press_key (GTK_WIDGET (map), GDK_KEY_l, 0);
  g_assert_cmpint (psc_map_view_get_lens (map), ==, PSC_LENS_KIND);
  psc_ui_close (window);
}

static PscPlaceType
place_of (PscMapView *map, guint64 address)
{
  PscLayout *layout = psc_map_view_get_layout (map);
  double x, row;
  guint band;

  g_assert_true (psc_layout_locate (layout, address, &band, &x, &row));
  return psc_layout_hit (layout, band, x, row).type;
}

static void
test_unfold (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscLayout *layout = psc_map_view_get_layout (map);
  guint64 fold = 0, least = G_MAXUINT64;

  for (guint i = 0; i < layout->n_items; i++)
    if (layout->items[i].type == PSC_ITEM_FOLD &&
        layout->items[i].end - layout->items[i].start < least)
      {
        fold = layout->items[i].start;
        least = layout->items[i].end - layout->items[i].start;
      }
  g_assert_cmphex (fold, !=, 0);
  psc_map_view_unfold (map, fold);
  g_assert_cmpint (place_of (map, fold), ==, PSC_PLACE_FOLD);
  psc_ui_wait_until (place_of (map, fold) == PSC_PLACE_PAGE);
  activate (window, "fold-all", NULL);
  psc_ui_wait_until (place_of (map, fold) == PSC_PLACE_FOLD);
  g_assert_false (psc_map_view_has_unfolded (map));
  psc_ui_close (window);
}

static void
check_export (PscWindow *window, const char *folder, const char *name, const char *magic)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  gsize length = 0;

  activate (window, "export-to", g_variant_new_string (path));
  psc_ui_wait_until (g_file_get_contents (path, &content, &length, NULL) && length > 100);
  g_assert_cmpmem (content, strlen (magic), magic, strlen (magic));
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_export (void)
{
  g_autofree char *root = psc_ui_dup_root ("python");
  g_autofree char *folder = g_dir_make_tmp ("pagescape-ui-XXXXXX", NULL);
  PscWindow *window = psc_ui_open (root, NULL);

  check_export (window, folder, "map.png", "\x89PNG");
  check_export (window, folder, "map.svg", "<?xml");
  check_export (window, folder, "map.pdf", "%PDF");
  check_export (window, folder, "map.json", "{");
  check_export (window, folder, "map.csv", "start,");
  psc_ui_close (window);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What can't be written is a toast, not an end. */
static void
test_export_fails (void)
{
  g_autofree char *root = psc_ui_dup_root ("idle");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *overlay = psc_ui_find (GTK_WIDGET (window), ADW_TYPE_TOAST_OVERLAY);
  GType toast = g_type_from_name ("AdwToastWidget");

  activate (window, "export-to", g_variant_new_string ("/nonexistent/folder/map.png"));
  while (toast == 0)
    {
      psc_ui_iterate ();
      toast = g_type_from_name ("AdwToastWidget");
    }
  psc_ui_wait_until (psc_ui_find (overlay, toast) != NULL);
  psc_ui_close (window);
}

/* Pixels of one colour in a widget as it is drawn now. */
static guint
count_pixels (GtkWidget *widget, PscColor color)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guint32 *pixels = g_new0 (guint32, (gsize) width * (gsize) height);
  guint n = 0;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return 0;
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                   &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  for (int i = 0; i < width * height; i++)
    n += (pixels[i] & 0xffffff) == color;
  return n;
}

/* The map draws what it should: some of its pixels have the colour of what is resident, in either
 * theme. */
static void
test_pixels (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *map = GTK_WIDGET (psc_window_get_map (window));
  AdwStyleManager *manager = adw_style_manager_get_default ();
  guint n;
  const PscLensEntry *entry = &psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_RESIDENT];

  /* The lens is remembered from window to window. */
  activate (window, "lens", g_variant_new_string ("residency"));
  psc_ui_wait_until (count_pixels (map, entry->colors[PSC_THEME_LIGHT]) > 1000);
  g_assert_cmpuint (count_pixels (map, entry->colors[PSC_THEME_DARK]), ==, 0);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  psc_ui_wait_until (count_pixels (map, entry->colors[PSC_THEME_DARK]) > 1000);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  psc_ui_close (window);
}

static GtkWindow *
find_other_window (PscWindow *window)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (windows, i);

      if (other != GTK_WINDOW (window) && gtk_widget_get_mapped (GTK_WIDGET (other)))
        return other;
    }
  return NULL;
}

/* Every window that a menu leads to opens, draws and closes without a warning. */
static void
test_dialogs (void)
{
  static const char *const actions[] = { "export", "about", "show-help-overlay" };
  g_autofree char *root = psc_ui_dup_root ("idle");
  PscWindow *window = psc_ui_open (root, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      activate (window, actions[i], NULL);
      psc_ui_wait_until (find_other_window (window) != NULL);
      for (int turn = 0; turn < 10; turn++)
        psc_ui_iterate ();
      gtk_window_close (find_other_window (window));
      psc_ui_wait_until (find_other_window (window) == NULL);
    }
  psc_ui_close (window);
}

static void
check_label (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  gboolean icon_button =
      (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL) ||
      GTK_IS_MENU_BUTTON (widget);
  gboolean needs_label = icon_button || GTK_IS_DROP_DOWN (widget) || GTK_IS_SEARCH_ENTRY (widget) ||
                         GTK_IS_COLUMN_VIEW (widget) || PSC_IS_MAP_VIEW (widget);
  /* GTK's own title buttons name themselves another way. */
  gboolean own = gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL;

  if (needs_label && own && gtk_widget_get_mapped (widget) &&
      !gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL))
    g_error ("a %s has no name for a screen reader", G_OBJECT_TYPE_NAME (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_label (child);
}

static void
test_labels (void)
{
  g_autofree char *root = psc_ui_dup_root ("idle");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);

  /* It tells a moment after it has drawn. */
  psc_ui_wait_until (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_LABEL));
  check_label (GTK_WIDGET (window));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_ROLE_IMG);
  psc_map_view_select_next (map, 1);
  g_assert_true (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/window/open", test_open);
  g_test_add_func ("/window/wheel", test_wheel);
  g_test_add_func ("/window/keys", test_keys);
  g_test_add_func ("/window/fill-and-back", test_fill_and_back);
  g_test_add_func ("/window/inspector", test_inspector);
  g_test_add_func ("/window/lens", test_lens);
  g_test_add_func ("/window/unfold", test_unfold);
  g_test_add_func ("/window/export", test_export);
  g_test_add_func ("/window/export-fails", test_export_fails);
  g_test_add_func ("/window/pixels", test_pixels);
  g_test_add_func ("/window/dialogs", test_dialogs);
  g_test_add_func ("/window/labels", test_labels);
  return g_test_run ();
}
