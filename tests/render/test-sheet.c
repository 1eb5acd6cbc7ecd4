/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sheet holds every page once, wherever its pyramids are asked; an updated one is the one that
 * would have been made anew; and lines of pixels are the light of all that is under them. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "psc-light.h"
#include "psc-raster.h"

#define PAGE G_GUINT64_CONSTANT (4096)

static const guint16 states[] = {
  PSC_PAGE_PRESENT, PSC_PAGE_PRESENT | PSC_PAGE_FILE,
  PSC_PAGE_SWAPPED, PSC_PAGE_PRESENT | PSC_PAGE_ZERO,
  PSC_PAGE_GUARD,   PSC_PAGE_PRESENT | PSC_PAGE_HUGE,
};

typedef struct
{
  const char *name;
  guint n_mappings;
  guint most_pages; /* of a mapping */
  guint most_run;   /* pages */
  guint most_gap;   /* pages between mappings */
} Shape;

static const Shape shapes[] = {
  { "one-page", 1, 1, 1, 1 },
  { "words", 900, 40, 6, 9 },
  { "blocks", 9, 40000, 30, 70000 },
  { "both", 200, 3000, 700, 300 },
  { "islands", 40, 6000, 3, 900000 } /* with rules */,
};

/* Some 7,000 rows. */
static const Shape deep = { "deep", 3, 4000000, 900, 100 };

static void
add_mappings (PscSpaceBuilder *builder, GRand *random, const Shape *shape)
{
  guint64 at = G_GUINT64_CONSTANT (0x5500000ff000);

  for (guint i = 0; i < shape->n_mappings; i++)
    {
      guint64 size = (guint64) g_rand_int_range (random, 1, (gint) shape->most_pages + 1) * PAGE;
      PscMapping mapping = {
        .start = at,
        .end = at + size,
        .name = "",
        .perms = PSC_PERM_READ,
        .kind = (guint8) g_rand_int_range (random, 0, PSC_N_KINDS),
        .flags = g_rand_int_range (random, 0, 8) == 0 ? 0 : PSC_MAPPING_PAGES_KNOWN,
      };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      at += size + (guint64) g_rand_int_range (random, 0, (gint) shape->most_gap + 1) * PAGE;
    }
}

/* The same mappings for the same seed; runs after the second one. Mappings of which nothing is
 * known have none. */
static PscSpace *
make_space (const Shape *shape, guint32 seed, guint32 run_seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GRand) runs = g_rand_new_with_seed (run_seed);
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscMapping *mappings;
  guint n;

  add_mappings (builder, random, shape);
  mappings = psc_space_builder_get_mappings (builder, &n);
  for (guint i = 0; i < n; i++)
    for (guint64 at = mappings[i].start; at < mappings[i].end;)
      {
        guint64 length = (guint64) g_rand_int_range (random, 1, (gint) shape->most_run + 1) * PAGE;
        guint64 end = MIN (at + length, mappings[i].end);
        guint16 state = states[g_rand_int_range (random, 0, G_N_ELEMENTS (states))];
        gboolean is_there = g_rand_int_range (random, 0, 3) > 0;

        if (g_rand_int_range (runs, 0, 40) == 0)
          state = states[g_rand_int_range (runs, 0, G_N_ELEMENTS (states))];
        if (is_there && mappings[i].flags & PSC_MAPPING_PAGES_KNOWN)
          psc_space_builder_add_run (builder, at, end, state);
        at = end;
      }
  return psc_space_builder_freeze (builder);
}

/* Pages that stand on the layout, by entry: those in folds don't. */
static void
count_by_hand (const PscSpace *space, const PscLayout *layout, PscLens lens, guint64 *n_pages)
{
  memset (n_pages, 0, PSC_LENS_MAX_ENTRIES * sizeof *n_pages);
  for (guint i = 0; i < space->n_mappings; i++)
    for (guint64 at = space->mappings[i].start; at < space->mappings[i].end; at += PAGE)
      {
        PscPageClass klass = psc_space_page_class (space, &space->mappings[i], at);
        guint band;
        double x, row;

        if (psc_layout_locate (layout, at, &band, &x, &row) &&
            psc_layout_hit (layout, band, x, row + 0.5).type == PSC_PLACE_PAGE)
          n_pages[psc_lens_entry_of (lens, &space->mappings[i], klass)]++;
      }
}

static void
test_counts (gconstpointer data)
{
  const Shape *shape = data;
  g_autoptr (PscSpace) space = make_space (shape, 1, 1);

  for (guint turn = 0; turn < 2 * PSC_N_LENSES; turn++)
    {
      PscLayoutOptions options = { .low_at_top = turn % 2 == 0 };
      g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
      g_autoptr (PscSheet) sheet = psc_sheet_new (space, layout, turn / 2, NULL);
      guint64 expected[PSC_LENS_MAX_ENTRIES], n_pages[PSC_LENS_MAX_ENTRIES];
      PscView view;

      psc_view_fit (&view, layout, 700, 500);
      psc_sheet_count (sheet, &view, n_pages);
      count_by_hand (space, layout, turn / 2, expected);
      g_assert_cmpmem (n_pages, sizeof n_pages, expected, sizeof expected);
    }
}

static cairo_surface_t *
draw (const PscSpace *space, PscLayout *layout, PscSheet *sheet, const PscView *view)
{
  PscRasterJob job = { .space = space,
                       .layout = layout,
                       .view = *view,
                       .lens = psc_sheet_get_lens (sheet),
                       .sheet = sheet,
                       .scale = 1 };
  cairo_surface_t *surface = psc_raster_new_surface (&job);

  g_assert_nonnull (surface);
  return surface;
}

/* Sums of the same light in another order may round to the next step. */
static void
assert_same_picture (const PscSpace *space, PscLayout *layout, PscSheet *a, PscSheet *b,
                     double row_height)
{
  PscView view;
  cairo_surface_t *one, *two;

  psc_view_fit (&view, layout, 640, 400);
  psc_view_zoom (&view, layout, row_height / view.row_height, 320, 200);
  one = draw (space, layout, a, &view);
  two = draw (space, layout, b, &view);
  for (int i = 0; i < cairo_image_surface_get_stride (one) * 400; i++)
    g_assert_cmpint (
        abs (cairo_image_surface_get_data (one)[i] - cairo_image_surface_get_data (two)[i]), <=, 1);
  cairo_surface_destroy (one);
  cairo_surface_destroy (two);
}

static void
test_update (gconstpointer data)
{
  static const double row_heights[] = { 0.001, 0.02, 0.4, 1, 3.3 };
  const Shape *shape = data;
  g_autoptr (PscSpace) first = make_space (shape, 2, 1);
  g_autoptr (PscLayout) layout = psc_layout_new (first, NULL);

  for (PscLens lens = 0; lens < PSC_N_LENSES; lens++)
    {
      g_autoptr (PscSheet) sheet = psc_sheet_new (first, layout, lens, NULL);
      g_autoptr (PscSpace) last = psc_space_ref (first);

      for (guint32 step = 2; step < 6; step++)
        {
          g_autoptr (PscSpace) space = make_space (shape, 2, step);
          g_autoptr (PscSheet) fresh = psc_sheet_new (space, layout, lens, NULL);
          g_autoptr (GArray) dirty = psc_sheet_find_dirty (last, space);
          guint64 expected[PSC_LENS_MAX_ENTRIES], n_pages[PSC_LENS_MAX_ENTRIES];
          PscView view;

          g_assert_nonnull (dirty);
          psc_sheet_update (sheet, space, (const PscDirty *) (void *) dirty->data, dirty->len);
          psc_view_fit (&view, layout, 640, 400);
          psc_sheet_count (sheet, &view, n_pages);
          psc_sheet_count (fresh, &view, expected);
          g_assert_cmpmem (n_pages, sizeof n_pages, expected, sizeof expected);
          for (guint i = 0; i < G_N_ELEMENTS (row_heights); i++)
            assert_same_picture (space, layout, sheet, fresh, row_heights[i]);
          /* Every other time its sums are left to be made up for. */
          if (step % 2 == 0)
            psc_sheet_settle (sheet);
          assert_same_picture (space, layout, sheet, fresh, row_heights[0]);
          psc_space_unref (last);
          last = psc_space_ref (space);
        }
    }
}

/* Spaces of other mappings have no list of differences. */
static void
test_other_mappings (void)
{
  g_autoptr (PscSpace) a = make_space (&shapes[1], 1, 1);
  g_autoptr (PscSpace) b = make_space (&shapes[1], 2, 1);
  g_autoptr (GArray) same = psc_sheet_find_dirty (a, a);

  g_assert_null (psc_sheet_find_dirty (a, b));
  g_assert_nonnull (same);
  g_assert_cmpuint (same->len, ==, 0);
}

/* Green light of a pixel, by hand: every row under it, column by column. FALSE: there is a mark
 * under it. */
static gboolean
find_light (const PscSpace *space, const PscLayout *layout, const PscView *view, double x, double y,
            double *light)
{
  const PscThemeColors *colors = psc_theme_colors (PSC_THEME_LIGHT);
  const PscLensEntry *entries;
  double sum = 0;
  const int steps = view->row_height < 0.3 ? (int) (24 / view->row_height) : 64;
  guint n;

  entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);
  for (int i = 0; i < steps; i++)
    {
      PscPlace place = psc_view_hit (view, layout, x, y + (i + 0.5) / steps);
      PscColor color = colors->background;

      if (place.type > PSC_PLACE_PAGE)
        return FALSE;
      if (place.type == PSC_PLACE_PAGE)
        {
          const PscMapping *mapping = psc_space_lookup (space, place.start);

          color = entries[psc_space_page_class (space, mapping, place.start)].colors[0];
        }
      sum += psc_light_from_color (color)[1];
    }
  *light = sum / steps;
  return TRUE;
}

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscSheet *sheet;
} Subject;

static void
subject_init (Subject *subject, const Shape *shape)
{
  subject->space = make_space (shape, 3, 1);
  subject->layout = psc_layout_new (subject->space, NULL);
  subject->sheet = psc_sheet_new (subject->space, subject->layout, PSC_LENS_RESIDENCY, NULL);
}

static void
subject_clear (Subject *subject)
{
  psc_sheet_unref (subject->sheet);
  psc_layout_unref (subject->layout);
  psc_space_unref (subject->space);
}

/* In the middle of columns. Returns how many pixels. */
static guint
check_lines (const Subject *subject, const PscView *view, guint step)
{
  cairo_surface_t *surface = draw (subject->space, subject->layout, subject->sheet, view);
  const guint32 *pixels = (void *) cairo_image_surface_get_data (surface);
  guint stride = (guint) cairo_image_surface_get_stride (surface) / 4;
  guint n_checked = 0;

  for (guint y = 1; y < 300; y += 7)
    for (guint column = 0; column < 512; column += step)
      {
        guint32 pixel = pixels[y * stride + column * 3 + 1];
        double light;

        if (!find_light (subject->space, subject->layout, view, column * 3 + 1.5, y, &light))
          continue;
        g_assert_cmpfloat_with_epsilon (psc_light_from_color (pixel)[1], light, 1000);
        n_checked++;
      }
  cairo_surface_destroy (surface);
  return n_checked;
}

static void
check_heights (const Shape *shape, const double *row_heights, guint n_heights, guint step)
{
  Subject subject;

  subject_init (&subject, shape);
  for (guint i = 0; i < n_heights; i++)
    {
      PscView view;

      psc_view_fit (&view, subject.layout, 1536, 300);
      psc_view_zoom (&view, subject.layout, row_heights[i] / view.row_height, 0, 150);
      g_assert_cmpfloat_with_epsilon (view.row_height, row_heights[i], 1e-9);
      g_assert_cmpfloat_with_epsilon (psc_view_page_width (&view, subject.layout), 3, 1e-9);
      g_assert_cmpuint (check_lines (&subject, &view, step), >, 300);
    }
  subject_clear (&subject);
}

static void
test_lines (void)
{
  static const double row_heights[] = { 0.87, 1.13, 1.9, 4.4 };

  check_heights (&shapes[2], row_heights, G_N_ELEMENTS (row_heights), 13);
}

/* Lines of several groups: where one ends within a group, the next one begins. */
static void
test_deep_lines (void)
{
  static const double row_heights[] = { 0.044, 0.06, 0.09, 0.17 };

  check_heights (&deep, row_heights, G_N_ELEMENTS (row_heights), 61);
}

/* What is all one takes next to nothing. */
static void
test_memory (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscMapping mapping = {
    .start = 1ull << 40, .end = 2ull << 40, .name = "", .flags = PSC_MAPPING_PAGES_KNOWN
  };
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscLayout) layout = NULL;
  g_autoptr (PscSheet) sheet = NULL;

  psc_space_builder_add_mapping (builder, &mapping);
  for (guint64 at = mapping.start; at < mapping.end; at += 1ull << 30)
    psc_space_builder_add_run (builder, at, at + (1ull << 30), PSC_PAGE_PRESENT);
  space = psc_space_builder_freeze (builder);
  layout = psc_layout_new (space, NULL);
  sheet = psc_sheet_new (space, layout, PSC_LENS_RESIDENCY, NULL);
  g_assert_cmpuint (psc_sheet_get_memory (sheet), <, space->totals.size / PAGE / 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *counts = g_strconcat ("/sheet/counts/", shapes[i].name, NULL);
      g_autofree char *update = g_strconcat ("/sheet/update/", shapes[i].name, NULL);

      g_test_add_data_func (counts, &shapes[i], test_counts);
      g_test_add_data_func (update, &shapes[i], test_update);
    }
  g_test_add_func ("/sheet/other-mappings", test_other_mappings);
  g_test_add_func ("/sheet/lines", test_lines);
  g_test_add_func ("/sheet/deep-lines", test_deep_lines);
  g_test_add_func ("/sheet/memory", test_memory);
  return g_test_run ();
}
