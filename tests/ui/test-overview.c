/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview strip of the window: a click goes there, a drag follows, a tooltip says what is. */

#include "psc-map-view-private.h"
#include "psc-ui-test.h"

static GtkEventController *
find_drag (GtkWidget *map)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (map);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_DRAG (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        return controller;
    }
  g_assert_not_reached ();
}

static PscRect
find_strip (PscMapView *view, PscOverview *overview)
{
  GtkWidget *widget = GTK_WIDGET (view);
  PscMap map = psc_map_view_get_map (view);
  PscRect strip;

  g_assert_true (psc_map_overview (&map, gtk_widget_get_width (widget),
                                   gtk_widget_get_height (widget), &strip, overview));
  return strip;
}

static gboolean
is_in_view (PscMapView *map, guint64 address)
{
  PscRect rect;

  return psc_map_view_get_place_rect (map, address, &rect);
}

static void
test_click_and_drag (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscSpace *space = psc_map_view_get_space (map);
  const PscMapping *lowest = &space->mappings[0];
  const PscMapping *stack = &space->mappings[space->n_mappings - 2];
  GtkEventController *drag = find_drag (GTK_WIDGET (map));
  PscOverview overview;
  PscRect strip = find_strip (map, &overview);
  double low = psc_overview_y (&overview, lowest->start);
  double high = psc_overview_y (&overview, stack->end - 1);

  g_assert_true (psc_map_view_get_fit (map));
  g_signal_emit_by_name (drag, "drag-begin", strip.x + 3, strip.y + low);
  psc_ui_wait_for_rest (map);
  g_assert_false (psc_map_view_get_fit (map));
  g_assert_true (is_in_view (map, lowest->start));
  g_assert_false (is_in_view (map, stack->start));
  g_signal_emit_by_name (drag, "drag-update", 0.0, high - low);
  g_assert_true (is_in_view (map, stack->start));
  g_assert_false (is_in_view (map, lowest->start));
  g_assert_true (psc_map_view_can_go_back (map));
  psc_ui_close (window);
}

/* Beside the strip it is none of its business. */
static void
test_elsewhere (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  GtkEventController *drag = find_drag (GTK_WIDGET (map));
  PscOverview overview;
  PscRect strip = find_strip (map, &overview);

  g_signal_emit_by_name (drag, "drag-begin", strip.x + strip.width + 30, strip.y + 100);
  g_signal_emit_by_name (drag, "drag-update", 0.0, 40.0);
  g_assert_true (psc_map_view_get_fit (map));
  psc_ui_close (window);
}

static gboolean
has_tooltip (PscMapView *map, double x, double y)
{
  GtkTooltip *tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  g_signal_emit_by_name (map, "query-tooltip", (int) x, (int) y, FALSE, tooltip, &shown);
  g_object_unref (tooltip);
  return shown;
}

static void
test_tooltip (void)
{
  g_autofree char *root = psc_ui_dup_root ("node");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscOverview overview;
  PscRect strip = find_strip (map, &overview);

  for (double y = 1; y < strip.height; y += 7)
    g_assert_true (has_tooltip (map, strip.x + 5, strip.y + y));
  g_assert_false (has_tooltip (map, strip.x + strip.width + 40, strip.y + 50));
  g_assert_false (has_tooltip (map, strip.x + 5, strip.y + strip.height + 5));
  psc_ui_close (window);
}

/* What could be huge is told of the process and of a page; the recorded tree has no settings. */
static void
test_huge_slot (void)
{
  g_autofree char *root = psc_ui_dup_root ("java");
  PscWindow *window = psc_ui_open (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  PscSpace *space = psc_map_view_get_space (map);
  const PscMapping *file = NULL;

  for (guint i = 0; i < space->n_mappings && file == NULL; i++)
    if (space->mappings[i].kind == PSC_KIND_TEXT)
      file = &space->mappings[i];
  g_assert_null (psc_ui_find_fact (GTK_WIDGET (window), "Could be huge"));
  psc_map_view_select (map, file->start);
  psc_ui_wait_until (psc_ui_find_fact (GTK_WIDGET (window), "Huge page") != NULL);
  g_assert_nonnull (strstr (psc_ui_find_fact (GTK_WIDGET (window), "Huge page"), "file"));
  psc_ui_close (window);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overview/click-and-drag", test_click_and_drag);
  g_test_add_func ("/overview/elsewhere", test_elsewhere);
  g_test_add_func ("/overview/tooltip", test_tooltip);
  g_test_add_func ("/overview/huge-slot", test_huge_slot);
  return g_test_run ();
}
