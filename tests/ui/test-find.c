/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding in the map of recorded and of live processes: typing, stepping, closing, and what becomes
 * of it all when the process changes. */

#include <string.h>
#include <sys/mman.h>

#include "psc-find-bar.h"
#include "psc-inspector.h"
#include "psc-map-view-private.h"
#include "psc-ui-test.h"

static PscFindBar *
get_bar (PscWindow *window)
{
  return PSC_FIND_BAR (psc_ui_find (GTK_WIDGET (window), PSC_TYPE_FIND_BAR));
}

static GtkWidget *
get_entry (PscWindow *window)
{
  return psc_ui_find (GTK_WIDGET (get_bar (window)), GTK_TYPE_SEARCH_ENTRY);
}

static const char *
get_result (PscWindow *window)
{
  return psc_find_bar_get_result (get_bar (window));
}

static void
activate (PscWindow *window, const char *name)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, NULL);
}

/* As typed, and what came of it. */
static void
find (PscWindow *window, const char *text, const char *result)
{
  activate (window, "find");
  gtk_editable_set_text (GTK_EDITABLE (get_entry (window)), text);
  psc_ui_wait_until (g_str_equal (get_result (window), result));
}

static void
press_enter (PscWindow *window)
{
  g_signal_emit_by_name (get_entry (window), "activate");
}

static const PscMapping *
find_kind (PscSpace *space, PscKind kind)
{
  for (guint i = 0; i < space->n_mappings; i++)
    if (space->mappings[i].kind == kind)
      return &space->mappings[i];
  return NULL;
}

static gboolean
has_focus (GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (gtk_widget_get_root (widget)));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
test_results (void)
{
  static const struct
  {
    const char *text, *result;
  } cases[] = {
    { "w+x", "3 places · writable and executable mappings" },
    { "libjvm", "5 places · mappings whose name contains “libjvm”" },
    { "kind:heap", "1 place · segments of the kind Heap" },
    { "java heap", "1 place · memory whose owner’s name contains “java heap”" },
    { "no such thing",
      "Nothing found · mappings, owners or threads whose name contains “no such thing”" },
    { "0x10", "Nothing found · 0x10 is not mapped: the next mapping, Java heap, begins 3.94 GiB "
              "above" },
    { "0xq", "“0xq” is no number in hexadecimal" },
    { "", "" },
  };
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      find (window, cases[i].text, cases[i].result);
      /* Looking is no going there. */
      g_assert_null (psc_map_view_get_selected (psc_window_get_map (window)));
      g_assert_true (psc_map_view_get_fit (psc_window_get_map (window)));
    }
  psc_ui_close (window);
}

static void
test_steps (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkWidget *entry = get_entry (window);
  const PscMapping *first, *second;
  PscRect rect;

  find (window, "libjvm", "5 places · mappings whose name contains “libjvm”");
  g_assert_true (has_focus (entry));
  press_enter (window);
  first = psc_map_view_get_selected (map);
  g_assert_nonnull (first);
  g_assert_nonnull (strstr (first->name, "libjvm"));
  g_assert_true (g_str_has_prefix (get_result (window), "1 of 5 · "));
  psc_ui_wait_for_rest (map);
  g_assert_true (psc_map_view_get_place_rect (map, first->start, &rect));
  g_assert_cmpfloat (rect.height, >=, 4.9);

  activate (window, "find-next");
  second = psc_map_view_get_selected (map);
  g_assert_cmphex (second->start, ==, first->end);
  g_assert_true (g_str_has_prefix (get_result (window), "2 of 5 · "));
  activate (window, "find-previous");
  activate (window, "find-previous");
  g_assert_true (g_str_has_prefix (get_result (window), "5 of 5 · "));
  activate (window, "find-next");
  g_assert_true (psc_map_view_get_selected (map) == first);
  g_assert_true (psc_ui_press_key (entry, GDK_KEY_Return, GDK_SHIFT_MASK));
  g_assert_true (g_str_has_prefix (get_result (window), "5 of 5 · "));
  g_assert_true (has_focus (entry));
  psc_ui_close (window);
}

/* Enter right after the last letter looks for what is written, not for what was. */
static void
test_enter_at_once (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);

  activate (window, "find");
  gtk_editable_set_text (GTK_EDITABLE (get_entry (window)), "kind:stack");
  press_enter (window);
  g_assert_nonnull (psc_map_view_get_selected (map));
  g_assert_true (g_str_has_prefix (get_result (window), "1 of "));
  psc_ui_close (window);
}

static void
test_address (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  guint64 page = find_kind (space, PSC_KIND_HEAP)->start + 3 * space->page_size;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_MODIFIER "x", page + 0x123);
  g_autofree char *result =
      g_strdup_printf ("1 place · address 0x%" G_GINT64_MODIFIER "x", page + 0x123);
  g_autofree char *shown = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", page);
  PscRect rect;

  find (window, text, result);
  press_enter (window);
  g_assert_cmphex (psc_map_view_get_selected_page (map), ==, page);
  psc_ui_wait_until (g_strcmp0 (psc_ui_find_fact (GTK_WIDGET (window), "Address"), shown) == 0);
  psc_ui_wait_for_rest (map);
  g_assert_true (psc_map_view_get_place_rect (map, page, &rect));
  g_assert_cmpfloat (rect.width, >=, 7.9);
  g_assert_false (psc_map_view_get_fit (map));
  activate (window, "back");
  psc_ui_wait_until (psc_map_view_get_fit (map));
  psc_ui_close (window);
}

/* How many pixels of a colour the marks alone have, drawn as they are now. */
static guint
count_marks (PscMapView *map)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  guint n = 0;

  psc_map_hits_snapshot (map, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return 0;
  {
    int width = gtk_widget_get_width (GTK_WIDGET (map));
    int height = gtk_widget_get_height (GTK_WIDGET (map));
    cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create (surface);
    const guint32 *pixels;

    gsk_render_node_draw (node, cr);
    cairo_destroy (cr);
    cairo_surface_flush (surface);
    pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
    for (int i = 0; i < width * height; i++)
      n += pixels[i] >> 24 == 0xff;
    cairo_surface_destroy (surface);
  }
  return n;
}

static void
test_marks (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  guint all;

  g_assert_cmpuint (count_marks (map), ==, 0);
  find (window, "perms:r-x", "12 places · readable, executable and not writable mappings");
  all = count_marks (map);
  g_assert_cmpuint (all, >, 100);
  find (window, "kind:heap", "1 place · segments of the kind Heap");
  g_assert_cmpuint (count_marks (map), >, 20);
  g_assert_cmpuint (count_marks (map), <, all);
  find (window, "nonsense",
        "Nothing found · mappings, owners or threads whose name contains "
        "“nonsense”");
  g_assert_cmpuint (count_marks (map), ==, 0);
  psc_ui_close (window);
}

static void
test_escape (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkWidget *page = gtk_widget_get_parent (GTK_WIDGET (map));

  find (window, "kind:heap", "1 place · segments of the kind Heap");
  press_enter (window);
  g_assert_cmpuint (count_marks (map), >, 0);
  g_signal_emit_by_name (get_entry (window), "stop-search");
  g_assert_false (psc_find_bar_is_open (get_bar (window)));
  g_assert_true (has_focus (GTK_WIDGET (map)));
  g_assert_cmpuint (count_marks (map), ==, 0);
  g_assert_cmpint (psc_map_view_get_selected (map)->kind, ==, PSC_KIND_HEAP);

  /* A slash on the map opens it again, Escape there closes it and leaves the selection alone. */
  g_assert_true (psc_ui_press_key (page, GDK_KEY_slash, 0));
  g_assert_true (psc_find_bar_is_open (get_bar (window)));
  g_assert_true (has_focus (get_entry (window)));
  g_assert_cmpuint (count_marks (map), >, 0);
  g_assert_true (psc_ui_press_key (page, GDK_KEY_Escape, 0));
  g_assert_false (psc_find_bar_is_open (get_bar (window)));
  g_assert_nonnull (psc_map_view_get_selected (map));
  g_assert_false (psc_ui_press_key (page, GDK_KEY_Escape, 0));

  /* And F3 goes on with what was looked for. */
  activate (window, "find-next");
  g_assert_true (psc_find_bar_is_open (get_bar (window)));
  g_assert_true (g_str_has_prefix (get_result (window), "1 of 1 · "));
  psc_ui_close (window);
}

/* The test maps and unmaps memory of its own while a window looks at it. */
static void
test_refresh (void)
{
  g_autofree char *target = g_strdup_printf ("%d", getpid ());
  PscWindow *window = psc_ui_open (NULL, target);
  PscMapView *map = psc_window_get_map (window);
  guint64 here = (guint64) (guintptr) &test_refresh;
  g_autofree char *name = g_strdup_printf ("psc-find-%d", getpid ());
  g_autofree char *one = g_strdup_printf ("1 place · mappings whose name contains “%s”", name);
  g_autofree char *none = g_strdup_printf (
      "Nothing found · mappings, owners or threads whose name contains “%s”", name);
  int fd = memfd_create (name, MFD_CLOEXEC);
  void *memory;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, 1 << 20), ==, 0);
  g_assert_nonnull (psc_space_lookup (psc_map_view_get_space (map), here));
  find (window, name, none);
  memory = mmap (NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (memory != MAP_FAILED);
  activate (window, "refresh");
  psc_ui_wait_until (g_str_equal (get_result (window), one));
  press_enter (window);
  g_assert_true (g_str_has_prefix (get_result (window), "1 of 1 · "));

  /* Half of it stays the one that is looked at. */
  g_assert_cmpint (munmap ((char *) memory + (1 << 19), 1 << 19), ==, 0);
  activate (window, "refresh");
  psc_ui_wait_until (psc_map_view_get_selected (map) != NULL &&
                     psc_map_view_get_selected (map)->end ==
                         (guint64) (guintptr) memory + (1 << 19));
  g_assert_true (g_str_has_prefix (get_result (window), "1 of 1 · "));
  g_assert_cmpint (munmap (memory, 1 << 19), ==, 0);
  activate (window, "refresh");
  psc_ui_wait_until (g_str_equal (get_result (window), none));
  close (fd);
  psc_ui_close (window);
}

static void
test_other_process (void)
{
  GSubprocess *child = psc_ui_start_child ();
  g_autofree char *target = g_strdup_printf ("%d", getpid ());
  PscWindow *window = psc_ui_open (NULL, target);
  PscMapView *map = psc_window_get_map (window);
  gint pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (child), NULL, 10);

  find (window, "[stack]", "1 place · mappings whose name contains “[stack]”");
  press_enter (window);
  g_assert_true (g_str_has_prefix (get_result (window), "1 of 1 · "));
  psc_session_open (psc_window_get_session (window), pid);
  psc_ui_wait_until (psc_map_view_get_space (map) != NULL &&
                     psc_map_view_get_space (map)->pid == pid);
  g_assert_cmpstr (get_result (window), ==, "1 place · mappings whose name contains “[stack]”");
  g_assert_null (psc_map_view_get_selected (map));
  psc_ui_close (window);
  psc_ui_end_child (child);
}

static void
test_accessible (void)
{
  g_autofree char *root = psc_ui_dup_root ("idle");
  PscWindow *window = psc_ui_open (root, NULL);
  GtkWidget *entry = get_entry (window);
  GtkWidget *label = gtk_widget_get_next_sibling (gtk_widget_get_next_sibling (entry));

  find (window, "kind:stack", "1 place · segments of the kind Stack");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "1 place · segments of the kind Stack");
  g_assert_true (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL));
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/find/results", test_results);
  g_test_add_func ("/find/steps", test_steps);
  g_test_add_func ("/find/enter-at-once", test_enter_at_once);
  g_test_add_func ("/find/address", test_address);
  g_test_add_func ("/find/marks", test_marks);
  g_test_add_func ("/find/escape", test_escape);
  g_test_add_func ("/find/refresh", test_refresh);
  g_test_add_func ("/find/other-process", test_other_process);
  g_test_add_func ("/find/accessible", test_accessible);
  return g_test_run ();
}
