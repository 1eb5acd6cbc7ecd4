/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lenses in the window: keys, the legend that is clicked, what has changed, page frames; in high
 * contrast. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "psc-change.h"
#include "psc-frame-traits.h"
#include "psc-map-view-private.h"
#include "psc-ui-test.h"

#define MIB (1024u * 1024u)

static void
activate (PscWindow *window, const char *name, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, parameter);
}

static void
press (PscMapView *map, guint key, GdkModifierType state)
{
  psc_ui_press_key (GTK_WIDGET (map), key, state);
}

/* A window remembers the lens of the one before. */
static PscWindow *
open_plain (const char *root, const char *target)
{
  PscWindow *window = psc_ui_open (root, target);

  activate (window, "lens", g_variant_new_string ("residency"));
  return window;
}

static PscWindow *
open_myself (void)
{
  g_autofree char *target = g_strdup_printf ("%d", getpid ());

  return open_plain (NULL, target);
}

/* A recording has no frames: those lenses are passed over and refused. */
static void
test_keys (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = open_plain (root, NULL);
  PscMapView *map = psc_window_get_map (window);

  psc_ui_wait_until (psc_session_get_table (psc_window_get_session (window)) != NULL);
  for (guint lens = 0; lens <= PSC_LENS_AGE; lens++)
    {
      press (map, GDK_KEY_1 + lens, 0);
      g_assert_cmpuint (psc_map_view_get_lens (map), ==, lens);
    }
  press (map, GDK_KEY_7, 0);
  g_assert_cmpuint (psc_map_view_get_lens (map), ==, PSC_LENS_AGE);
  press (map, GDK_KEY_l, 0);
  g_assert_cmpuint (psc_map_view_get_lens (map), ==, PSC_LENS_RESIDENCY);
  press (map, GDK_KEY_9, 0);
  g_assert_cmpuint (psc_map_view_get_lens (map), ==, PSC_LENS_RESIDENCY);
  psc_ui_close (window);
}

/* --- the legend ---------------------------------------------------------------------------- */

/* A point of the widget where the legend has exactly these entries. */
static void
find_in_legend (PscMapView *map, guint64 entries, double *x, double *y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (map));
  int height = gtk_widget_get_height (GTK_WIDGET (map));
  PscMap drawn = psc_map_view_get_map (map);
  guint64 found;

  for (*y = height - 1; *y > height / 2.0; *y -= 6)
    for (*x = 0; *x < width; *x += 6)
      if (psc_map_legend_hit (&drawn, width, height, *x, *y, &found) && found == entries)
        return;
  g_assert_not_reached ();
}

/* The gesture of the legend is the one that comes before the others. */
static void
click_legend (PscMapView *map, guint64 entries)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (map));
  double x, y;

  find_in_legend (map, entries, &x, &y);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "pressed", 1, x, y);
    }
}

static void
test_isolate (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = open_plain (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  const guint64 resident = 1 << PSC_CLASS_RESIDENT;
  const guint64 absent = 1 << PSC_CLASS_ABSENT;

  click_legend (map, resident);
  g_assert_cmphex (psc_map_view_get_only (map), ==, resident);
  click_legend (map, absent);
  g_assert_cmphex (psc_map_view_get_only (map), ==, absent);
  click_legend (map, absent);
  g_assert_cmphex (psc_map_view_get_only (map), ==, 0);
  click_legend (map, absent);
  press (map, GDK_KEY_Escape, 0);
  g_assert_cmphex (psc_map_view_get_only (map), ==, 0);
  /* Another lens has other entries. */
  click_legend (map, resident);
  press (map, GDK_KEY_2, 0);
  g_assert_cmphex (psc_map_view_get_only (map), ==, 0);
  click_legend (map, G_GUINT64_CONSTANT (1) << PSC_KIND_HEAP |
                         G_GUINT64_CONSTANT (1) << (PSC_N_KINDS + PSC_KIND_HEAP));
  g_assert_cmphex (psc_map_view_get_only (map), !=, 0);
  psc_ui_close (window);
}

/* One entry after another by the keyboard, and back to all. */
static void
test_isolate_keys (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = open_plain (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  guint64 first, seen = 0, bytes[PSC_LENS_MAX_ENTRIES];
  guint n = 0, n_occurring = 0;

  psc_lens_count (PSC_LENS_RESIDENCY, psc_map_view_get_space (map), NULL, bytes);
  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    n_occurring += bytes[i] > 0;
  press (map, GDK_KEY_i, 0);
  first = psc_map_view_get_only (map);
  for (; psc_map_view_get_only (map) != 0; press (map, GDK_KEY_i, 0))
    {
      g_assert_cmphex (seen & psc_map_view_get_only (map), ==, 0);
      seen |= psc_map_view_get_only (map);
      n++;
    }
  g_assert_cmpuint (n, ==, n_occurring);
  press (map, GDK_KEY_i, 0);
  g_assert_cmphex (psc_map_view_get_only (map), ==, first);
  press (map, GDK_KEY_i, GDK_SHIFT_MASK);
  g_assert_cmphex (psc_map_view_get_only (map), ==, 0);
  psc_ui_close (window);
}

/* --- change -------------------------------------------------------------------------------- */

static guint8 *
map_area (void)
{
  guint8 *area = mmap (NULL, 8 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (area != MAP_FAILED);
  madvise (area, 8 * MIB, MADV_NOHUGEPAGE);
  return area;
}

/* Whether all of [start, end) has this change now. */
static gboolean
has_changed (PscMapView *map, const guint8 *start, gsize size, PscChange change)
{
  const PscTrait *trait =
      psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) start);

  return trait != NULL && trait->value == change &&
         psc_trait_end (trait, 4096) >= (guint64) (gsize) start + size;
}

static void
test_mark (void)
{
  guint8 *area = map_area ();
  PscWindow *window;
  PscMapView *map;

  memset (area, 1, 4 * MIB);
  window = open_myself ();
  map = psc_window_get_map (window);
  press (map, GDK_KEY_m, 0);
  g_assert_cmpuint (psc_map_view_get_lens (map), ==, PSC_LENS_CHANGE);
  psc_ui_wait_until (psc_map_view_get_traits (map) != NULL);
  memset (area + 4 * MIB, 1, 2 * MIB);
  madvise (area + MIB, MIB, MADV_DONTNEED);
  psc_ui_wait_until (has_changed (map, area + 4 * MIB, 2 * MIB, PSC_CHANGE_APPEARED));
  psc_ui_wait_until (has_changed (map, area + MIB, MIB, PSC_CHANGE_GONE));
  g_assert_null (psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) area));

  /* Marked again: what has happened is the past. */
  activate (window, "mark", NULL);
  psc_ui_wait_until (!has_changed (map, area + 4 * MIB, 2 * MIB, PSC_CHANGE_APPEARED));
  memset (area + MIB, 1, MIB);
  psc_ui_wait_until (has_changed (map, area + MIB, MIB, PSC_CHANGE_APPEARED));
  psc_ui_close (window);
  munmap (area, 8 * MIB);
}

/* Without a mark: since the process was opened. Another lens knows nothing of it. */
static void
test_since_start (void)
{
  guint8 *area = map_area ();
  PscWindow *window = open_myself ();
  PscMapView *map = psc_window_get_map (window);
  g_autoptr (PscSpace) first = psc_space_ref (psc_map_view_get_space (map));
  g_autoptr (GVariant) since = NULL;

  memset (area, 1, MIB);
  psc_ui_wait_until (psc_session_get_space (psc_window_get_session (window)) != first);
  activate (window, "lens", g_variant_new_string ("change"));
  psc_ui_wait_until (has_changed (map, area, MIB, PSC_CHANGE_APPEARED));
  activate (window, "lens", g_variant_new_string ("sharing"));
  g_assert_null (psc_map_view_get_traits (map));
  activate (window, "change-since", g_variant_new_string ("10"));
  activate (window, "lens", g_variant_new_string ("change"));
  psc_ui_wait_until (psc_map_view_get_traits (map) != NULL);
  since = g_action_group_get_action_state (G_ACTION_GROUP (window), "change-since");
  g_assert_cmpstr (g_variant_get_string (since, NULL), ==, "10");
  psc_ui_close (window);
  munmap (area, 8 * MIB);
}

/* --- page frames --------------------------------------------------------------------------- */

static void
test_frames (void)
{
  guint8 *area = map_area ();
  PscWindow *window;
  PscMapView *map;

  memset (area, 1, 4 * MIB);
  window = open_myself ();
  map = psc_window_get_map (window);
  psc_ui_wait_until (psc_session_get_table (psc_window_get_session (window)) != NULL);
  if (!psc_session_get_table (psc_window_get_session (window))->sees_flags)
    {
      activate (window, "lens", g_variant_new_string ("order"));
      g_assert_cmpuint (psc_map_view_get_lens (map), ==, PSC_LENS_RESIDENCY);
      g_test_skip ("frame numbers are shown to root only");
    }
  else
    {
      const PscTrait *trait;

      activate (window, "lens", g_variant_new_string ("order"));
      psc_ui_wait_until (
          psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) area) != NULL);
      trait = psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) area);
      g_assert_cmpuint (trait->value, ==, PSC_FOLIO_4K);
      activate (window, "lens", g_variant_new_string ("contiguity"));
      psc_ui_wait_until (
          psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) area) != NULL);
      trait = psc_traits_lookup (psc_map_view_get_traits (map), (guint64) (gsize) area);
      g_assert_cmpuint (trait->value, <=, PSC_STRETCH_LARGE);
    }
  psc_ui_close (window);
  munmap (area, 8 * MIB);
}

/* --- looks --------------------------------------------------------------------------------- */

static void
test_contrast (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = open_plain (root, NULL);
  PscMapView *map = psc_window_get_map (window);
  AdwStyleManager *manager = adw_style_manager_get_default ();

  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_assert_cmpint (psc_map_view_get_theme (map), ==, PSC_THEME_LIGHT_CONTRAST);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  g_assert_cmpint (psc_map_view_get_theme (map), ==, PSC_THEME_DARK_CONTRAST);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  psc_ui_close (window);
}

static void
test_patterns (void)
{
  g_autofree char *root = psc_ui_dup_root ("threads");
  PscWindow *window = open_plain (root, NULL);
  PscMapView *map = psc_window_get_map (window);

  g_assert_false (psc_map_view_get_patterns (map));
  activate (window, "patterns", NULL);
  g_assert_true (psc_map_view_get_patterns (map));
  g_assert_true (psc_map_view_get_map (map).patterns);
  activate (window, "patterns", NULL);
  g_assert_false (psc_map_view_get_patterns (map));
  psc_ui_close (window);
}

int
main (int argc, char **argv)
{
  g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lens/keys", test_keys);
  g_test_add_func ("/lens/isolate", test_isolate);
  g_test_add_func ("/lens/isolate-keys", test_isolate_keys);
  g_test_add_func ("/lens/mark", test_mark);
  g_test_add_func ("/lens/since-start", test_since_start);
  g_test_add_func ("/lens/frames", test_frames);
  g_test_add_func ("/lens/contrast", test_contrast);
  g_test_add_func ("/lens/patterns", test_patterns);
  return g_test_run ();
}
