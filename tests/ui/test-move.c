/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The map by keys, wheel and hand: where it goes, that it can be stopped, and what is said of it.
 */

#include <math.h>

#include "psc-describe.h"
#include "psc-map-view-private.h"
#include "psc-test-space.h"
#include "psc-ui-test.h"

static void
set_animations (gboolean enabled)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", enabled, NULL);
}

static void
press (PscMapView *map, guint key, GdkModifierType state)
{
  g_assert_true (psc_ui_press_key (GTK_WIDGET (map), key, state));
}

static void
press_and_rest (PscMapView *map, guint key, GdkModifierType state)
{
  press (map, key, state);
  psc_ui_wait_for_rest (map);
}

static PscMapView *
open_map (const char *name, PscWindow **window)
{
  g_autofree char *root = psc_ui_dup_root (name);

  *window = psc_ui_open (root, NULL);
  return psc_window_get_map (*window);
}

/* Up and down as it is drawn, whichever end is on top. */
static void
test_mappings (void)
{
  for (int low_at_top = 0; low_at_top < 2; low_at_top++)
    {
      PscWindow *window;
      PscMapView *map = open_map ("node", &window);
      g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
      PscRect last = { 0 }, rect;

      g_action_group_change_action_state (G_ACTION_GROUP (window), "low-at-top",
                                          g_variant_new_boolean (low_at_top));
      psc_ui_wait_until (psc_map_view_get_layout (map)->low_at_top == low_at_top);
      for (guint i = 0; i < space->n_mappings; i++)
        {
          guint index = low_at_top ? space->n_mappings - 1 - i : i;

          press_and_rest (map, GDK_KEY_Up, 0);
          g_assert_cmphex (psc_map_view_get_selected (map)->start, ==,
                           space->mappings[index].start);
          g_assert_cmpint (psc_map_view_get_level (map), ==, PSC_MAP_LEVEL_MAPPING);
          g_assert_true (psc_map_view_get_place_rect (map, space->mappings[index].start, &rect));
          if (i > 0)
            g_assert_cmpfloat (rect.y, <=, last.y + 0.001);
          last = rect;
          if (i == 20)
            break;
        }
      press (map, GDK_KEY_Down, 0);
      g_assert_cmphex (psc_map_view_get_selected (map)->start, ==,
                       space->mappings[low_at_top ? space->n_mappings - 20 : 19].start);
      g_action_group_change_action_state (G_ACTION_GROUP (window), "low-at-top",
                                          g_variant_new_boolean (FALSE));
      psc_ui_close (window);
    }
}

/* Along the row through all that is mapped, absent stretches too, and back. */
static void
test_runs (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("python", &window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  PscStretch stretch = psc_stretch_at (space, &space->mappings[0], space->mappings[0].start);
  guint64 start, end;
  guint n = 0;

  for (; stretch.end != 0 && n < 40; n++)
    {
      press (map, GDK_KEY_Right, 0);
      g_assert_true (psc_map_view_get_selected_run (map, &start, &end));
      g_assert_cmphex (start, ==, stretch.start);
      g_assert_cmphex (end, ==, stretch.end);
      g_assert_cmphex (psc_map_view_get_selected (map)->start, ==,
                       psc_space_lookup (space, stretch.start)->start);
      stretch = psc_stretch_next (space, &stretch, 1);
    }
  g_assert_cmpuint (n, >, 10);
  for (; n > 1; n--)
    press (map, GDK_KEY_Left, 0);
  g_assert_true (psc_map_view_get_selected_run (map, &start, &end));
  g_assert_cmphex (start, ==, space->mappings[0].start);
  /* There is nothing before the first. */
  press (map, GDK_KEY_Left, 0);
  g_assert_true (psc_map_view_get_selected_run (map, &start, &end));
  g_assert_cmphex (start, ==, space->mappings[0].start);

  /* Page by page, over the border of the mapping. */
  for (guint64 at = start; at <= space->mappings[0].end; at += space->page_size)
    {
      press (map, GDK_KEY_Right, GDK_SHIFT_MASK);
      if (at + space->page_size < space->mappings[0].end)
        g_assert_cmphex (psc_map_view_get_selected_page (map), ==, at + space->page_size);
    }
  g_assert_cmphex (psc_map_view_get_selected (map)->start, ==, space->mappings[1].start);
  press (map, GDK_KEY_Left, GDK_SHIFT_MASK);
  psc_ui_close (window);
}

static void
test_escape (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("node", &window);

  press (map, GDK_KEY_Right, 0);
  g_assert_cmpint (psc_map_view_get_level (map), ==, PSC_MAP_LEVEL_RUN);
  press_and_rest (map, GDK_KEY_Return, 0);
  g_assert_false (psc_map_view_get_fit (map));
  press (map, GDK_KEY_Escape, 0);
  g_assert_cmpint (psc_map_view_get_level (map), ==, PSC_MAP_LEVEL_MAPPING);
  g_assert_nonnull (psc_map_view_get_selected (map));
  press (map, GDK_KEY_Escape, 0);
  g_assert_null (psc_map_view_get_selected (map));
  g_assert_false (psc_map_view_get_fit (map));
  press_and_rest (map, GDK_KEY_Escape, 0);
  g_assert_true (psc_map_view_get_fit (map));
  psc_ui_close (window);
}

/* Selects the largest of its kind. A copy: the window shows another space by and by. */
static PscMapping
select_kind (PscMapView *map, PscKind kind)
{
  PscSpace *space = psc_map_view_get_space (map);
  const PscMapping *found = NULL;
  PscMapping copy;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      if (mapping->kind == kind &&
          (found == NULL || mapping->end - mapping->start > found->end - found->start))
        found = mapping;
    }
  g_assert_nonnull (found);
  copy = *found;
  psc_map_view_select (map, copy.start);
  return copy;
}

/* One key each: everything, a segment, a row, a page; closer each time, and what is meant is
 * whole in the middle. */
static void
test_letters (void)
{
  static const guint everything[] = { GDK_KEY_f, GDK_KEY_0, GDK_KEY_Home, GDK_KEY_F };
  PscWindow *window;
  PscMapView *map = open_map ("java", &window);
  PscMapping text = select_kind (map, PSC_KIND_TEXT);
  const PscView *view = psc_map_view_get_view (map);
  double height = view->row_height;
  PscRect rect;

  press_and_rest (map, GDK_KEY_s, 0);
  g_assert_true (psc_map_view_get_place_rect (map, text.start, &rect));
  g_assert_true (psc_map_view_get_place_rect (map, text.end - 1, &rect));
  g_assert_cmpfloat (view->row_height, >, height);
  height = view->row_height;
  press_and_rest (map, GDK_KEY_p, 0);
  g_assert_true (psc_map_view_get_place_rect (map, text.start, &rect));
  g_assert_cmpfloat (rect.width, >, 60);
  g_assert_cmpfloat (rect.height, >, 100);
  g_assert_cmpfloat (view->row_height, >, height);
  press_and_rest (map, GDK_KEY_r, 0);
  /* The whole row, as large as it fits. */
  g_assert_cmpfloat (psc_view_page_width (view, psc_map_view_get_layout (map)) * 512, <=,
                     view->width * 1.001);
  g_assert_true (psc_map_view_get_place_rect (map, text.start, &rect));
  for (guint i = 0; i < G_N_ELEMENTS (everything); i++)
    {
      press_and_rest (map, everything[i], 0);
      g_assert_true (psc_map_view_get_fit (map));
      press_and_rest (map, GDK_KEY_p, 0);
      g_assert_false (psc_map_view_get_fit (map));
    }
  psc_ui_close (window);
}

/* With nothing selected the letters mean what is under the pointer. */
static void
test_letters_at_pointer (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("node", &window);
  GtkEventController *motion =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_MOTION);
  PscMapping heap = select_kind (map, PSC_KIND_HEAP);
  PscRect rect, first, last;

  psc_map_view_select (map, PSC_MAP_NOWHERE);
  g_assert_true (psc_map_view_get_place_rect (map, heap.start, &rect));
  g_signal_emit_by_name (motion, "motion", rect.x + rect.width / 2, rect.y + rect.height / 2);
  press_and_rest (map, GDK_KEY_s, 0);
  g_assert_true (psc_map_view_get_place_rect (map, heap.start, &first));
  g_assert_true (psc_map_view_get_place_rect (map, heap.end - 1, &last));
  psc_ui_close (window);
}

static void
test_scroll (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("java", &window);
  const PscView *view = psc_map_view_get_view (map);
  double y, x;

  select_kind (map, PSC_KIND_TEXT);
  press_and_rest (map, GDK_KEY_p, 0);
  y = view->y;
  x = view->x;
  press_and_rest (map, GDK_KEY_Down, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon (view->y, y + 60, 0.01);
  press_and_rest (map, GDK_KEY_Up, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon (view->y, y, 0.01);
  press_and_rest (map, GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpfloat_with_epsilon (view->x, x + 60, 0.01);
  press_and_rest (map, GDK_KEY_Page_Down, 0);
  g_assert_cmpfloat_with_epsilon (view->y, y + view->height * 0.9, 0.01);
  /* Twice in a row goes twice as far, although the first is not there yet. */
  press (map, GDK_KEY_Page_Up, 0);
  press_and_rest (map, GDK_KEY_Page_Up, 0);
  g_assert_cmpfloat_with_epsilon (view->y, y - view->height * 0.9, 0.01);
  press_and_rest (map, GDK_KEY_Home, GDK_CONTROL_MASK);
  g_assert_cmpfloat (view->y, ==, 0);
  press_and_rest (map, GDK_KEY_End, GDK_CONTROL_MASK);
  g_assert_cmpfloat (view->y, >, y);
  psc_ui_close (window);
}

static gboolean
same_view (const PscView *a, const PscView *b)
{
  return a->x == b->x && a->y == b->y && a->row_height == b->row_height;
}

/* Whoever does not want movement gets none: every jump and every notch of the wheel at once. */
static void
test_reduced_motion (void)
{
  static const guint keys[] = { GDK_KEY_p,         GDK_KEY_r,     GDK_KEY_s,        GDK_KEY_plus,
                                GDK_KEY_Page_Down, GDK_KEY_minus, GDK_KEY_Up,       GDK_KEY_Right,
                                GDK_KEY_End,       GDK_KEY_f,     GDK_KEY_BackSpace };
  PscWindow *window;
  PscMapView *map = open_map ("java", &window);
  GtkEventController *scroll =
      psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  const PscView *view = psc_map_view_get_view (map);
  gboolean handled = FALSE;
  PscView at;

  set_animations (FALSE);
  select_kind (map, PSC_KIND_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      press (map, keys[i], 0);
      at = *view;
      g_assert_false (psc_map_view_is_moving (map));
      psc_ui_wait_for_rest (map);
      g_assert_true (same_view (&at, view));
    }
  g_signal_emit_by_name (scroll, "scroll", 0.0, -1.0, &handled);
  g_assert_cmpfloat (view->row_height, >, at.row_height);
  at = *view;
  psc_ui_wait_for_rest (map);
  g_assert_true (same_view (&at, view));
  set_animations (TRUE);
  psc_ui_close (window);
}

/* Into the middle of a long way. */
static void
start_travel (PscMapView *map)
{
  const PscView *view = psc_map_view_get_view (map);
  PscView from;

  press_and_rest (map, GDK_KEY_p, 0);
  from = *view;
  press (map, GDK_KEY_End, GDK_CONTROL_MASK);
  g_assert_true (psc_map_view_is_moving (map));
  psc_ui_wait_until (view->row_height < from.row_height * 0.8);
}

/* Whatever comes in between begins where the map is, at that moment. */
static void
test_interrupt (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("java", &window);
  const PscView *view = psc_map_view_get_view (map);
  PscView at;

  select_kind (map, PSC_KIND_TEXT);
  start_travel (map);
  at = *view;
  psc_map_view_pan (map, 0, 10);
  g_assert_false (psc_map_view_is_moving (map));
  g_assert_cmpfloat (view->row_height, ==, at.row_height);
  g_assert_cmpfloat_with_epsilon (view->y, at.y + 10, 0.001);

  start_travel (map);
  at = *view;
  press (map, GDK_KEY_f, 0);
  g_assert_true (same_view (&at, view));
  psc_ui_wait_for_rest (map);
  g_assert_true (psc_map_view_get_fit (map));

  start_travel (map);
  at = *view;
  psc_map_view_zoom_at (map, 1.0, 200, 200);
  g_assert_true (same_view (&at, view));
  psc_ui_wait_for_rest (map);
  g_assert_true (same_view (&at, view));
  psc_ui_close (window);
}

/* A hand that lets go while it moves: the map glides on, slows down, and stops when it is touched.
 */
static void
test_kinetic (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("java", &window);
  GtkEventController *drag = psc_ui_find_controller (GTK_WIDGET (map), GTK_TYPE_GESTURE_DRAG);
  const PscView *view = psc_map_view_get_view (map);
  double let_go, rested;

  select_kind (map, PSC_KIND_TEXT);
  press_and_rest (map, GDK_KEY_r, 0);
  for (int catches = 0; catches < 2; catches++)
    {
      gint64 end_usec;
      double y = 0;

      g_signal_emit_by_name (drag, "drag-begin", 300.0, 300.0);
      /* By the clock, as a hand does it. */
      for (gint64 start_usec = g_get_monotonic_time (), last = 0, now = 0; now < 100000;)
        {
          now = g_get_monotonic_time () - start_usec;
          if (now - last < 8000)
            continue;
          last = now;
          y = -(double) now * 900 / G_USEC_PER_SEC;
          g_signal_emit_by_name (drag, "drag-update", 0.0, y);
        }
      let_go = view->y;
      g_signal_emit_by_name (drag, "drag-end", 0.0, y);
      psc_ui_wait_until (view->y > let_go + 5);
      end_usec = g_get_monotonic_time ();
      if (catches)
        {
          g_signal_emit_by_name (drag, "drag-begin", 300.0, 300.0);
          rested = view->y;
          psc_ui_wait_for_rest (map);
          g_assert_cmpfloat (view->y, ==, rested);
        }
      else
        {
          psc_ui_wait_for_rest (map);
          g_assert_cmpfloat (view->y, >, let_go + 60);
          g_assert_cmpfloat (view->y, <, let_go + 900);
          g_assert_cmpint (g_get_monotonic_time () - end_usec, <, 10 * G_USEC_PER_SEC);
        }
    }
  psc_ui_close (window);
}

/* What is selected stays where it is while memory below it grows. */
static void
test_selection_holds (void)
{
  g_autoptr (PscSpace) before =
      psc_test_space_new ("40000000 2000000 rw-p a 8192 r 1\n800000000 8000000 rw-p d 32768 r 2");
  g_autoptr (PscSpace) after =
      psc_test_space_new ("40000000 6000000 rw-p a 24576 r 1\n800000000 8000000 rw-p d 32768 r 2");
  GtkWidget *window = gtk_window_new (), *widget = psc_map_view_new ();
  PscMapView *map = PSC_MAP_VIEW (widget);
  PscRect was, is;

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 500);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  psc_map_view_set_space (map, before);
  psc_ui_wait_until (psc_map_view_get_space (map) == before &&
                     psc_map_view_get_view (map)->width > 0);
  press (map, GDK_KEY_Up, 0);
  press (map, GDK_KEY_Up, 0);
  g_assert_cmphex (psc_map_view_get_selected (map)->start, ==, 0x800000000);
  press_and_rest (map, GDK_KEY_r, 0);
  g_assert_true (psc_map_view_get_place_rect (map, 0x800000000, &was));
  psc_map_view_set_space (map, after);
  psc_ui_wait_until (psc_map_view_get_space (map) == after);
  g_assert_true (psc_map_view_get_place_rect (map, 0x800000000, &is));
  g_assert_cmpfloat_with_epsilon (was.y, is.y, 0.01);
  g_assert_cmpfloat_with_epsilon (was.x, is.x, 0.01);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Said to a screen reader, and shown below the map. */
static void
wait_for_sentence (PscWindow *window, const char *sentence)
{
  PscMapView *map = psc_window_get_map (window);

  psc_ui_wait_until (g_str_equal (psc_map_view_get_sentence (map), sentence));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), sentence) != NULL);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       sentence);
}

static void
test_sentences (void)
{
  PscWindow *window;
  PscMapView *map = open_map ("node", &window);
  g_autoptr (PscSpace) space = psc_space_ref (psc_map_view_get_space (map));
  PscScene scene = { 0 };
  g_autofree char *label = g_strdup_printf ("Memory map of %s, %d", space->name, space->pid);
  g_autofree char *mapping = psc_describe_mapping (space, &space->mappings[0]);
  g_autofree char *run = NULL, *page = NULL, *brief = NULL;
  PscStretch stretch = psc_stretch_at (space, &space->mappings[0], space->mappings[0].start);

  brief = psc_describe_scene_briefly (space, &scene);
  psc_ui_wait_until (g_str_equal (psc_map_view_get_brief_sentence (map), brief));
  g_assert_true (g_str_has_prefix (psc_map_view_get_sentence (map), "Shows all of "));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (map), GTK_ACCESSIBLE_PROPERTY_LABEL, label);
  press (map, GDK_KEY_Up, 0);
  wait_for_sentence (window, mapping);
  press (map, GDK_KEY_Right, 0);
  run = psc_describe_stretch (space, &stretch);
  wait_for_sentence (window, run);
  press (map, GDK_KEY_Right, GDK_SHIFT_MASK);
  page = psc_describe_page (space, psc_map_view_get_selected_page (map));
  wait_for_sentence (window, page);
  press (map, GDK_KEY_Escape, 0);
  psc_ui_wait_until (g_str_equal (psc_map_view_get_brief_sentence (map), brief));
  press_and_rest (map, GDK_KEY_p, 0);
  psc_ui_wait_until (g_str_has_prefix (psc_map_view_get_sentence (map), "Shows 0x"));
  psc_ui_close (window);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/move/mappings", test_mappings);
  g_test_add_func ("/move/runs", test_runs);
  g_test_add_func ("/move/escape", test_escape);
  g_test_add_func ("/move/letters", test_letters);
  g_test_add_func ("/move/letters-at-pointer", test_letters_at_pointer);
  g_test_add_func ("/move/scroll", test_scroll);
  g_test_add_func ("/move/reduced-motion", test_reduced_motion);
  g_test_add_func ("/move/interrupt", test_interrupt);
  g_test_add_func ("/move/kinetic", test_kinetic);
  g_test_add_func ("/move/selection-holds", test_selection_holds);
  g_test_add_func ("/move/sentences", test_sentences);
  return g_test_run ();
}
