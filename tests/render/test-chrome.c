/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole map as it is drawn: places of its parts, and pixels that must be there. */

#include <string.h>

#include "psc-chrome.h"
#include "psc-huge-slots.h"
#include "psc-test-space.h"

/* A heap of 64 MiB of which some rows are whole, some huge; a library beside another; a stack. */
#define SPACE                                                                                      \
  "40000000 4000000 rw-p heap 2048 r 1 1024 h 1 2048 . 1 512 r 1 512 . 1 300 r 1\n"                \
  "60000000 40000 r-xp one 64 f 1\n60040000 40000 r--p two 64 f 1\n"                               \
  "7ffffffde000 21000 rw-p [stack] 33 r 1"

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscLabels *labels;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->space = psc_test_space_new (SPACE);
  fixture->space->huge_settings =
      (PscHugeSettings){ .anon = PSC_HUGE_MODE_NEVER, .shmem = PSC_HUGE_MODE_NEVER };
  psc_huge_slots_sum (fixture->space, &fixture->space->huge_sums);
  fixture->layout = psc_layout_new (fixture->space, NULL);
  fixture->labels = psc_labels_new (fixture->space, fixture->layout);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_labels_unref (fixture->labels);
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

static PscMap
make_map (const Fixture *fixture, double width, double height)
{
  PscMap map = { .space = fixture->space,
                 .layout = fixture->layout,
                 .theme = PSC_THEME_LIGHT,
                 .hover = PSC_MAP_NOWHERE };
  PscRect body = psc_map_body (&map, width, height);

  psc_view_fit (&map.view, fixture->layout, body.width, body.height);
  return map;
}

static cairo_surface_t *
draw (const PscMap *map, guint width, guint height)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cairo_t *cr = cairo_create (surface);

  psc_map_draw (map, cr, width, height, NULL);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint
count_pixels (cairo_surface_t *surface, const PscRect *rect, PscColor color)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint n = 0;

  for (int y = (int) rect->y; y < (int) (rect->y + rect->height); y++)
    for (int x = (int) rect->x; x < (int) (rect->x + rect->width); x++)
      n += (((const guint32 *) (gconstpointer) (data + y * stride))[x] & 0xffffff) == color;
  return n;
}

/* At every width: overview, then what is between, then the body, within the area. */
static void
test_places (Fixture *fixture, gconstpointer data)
{
  gboolean had_overview = FALSE;

  for (double width = 60; width < 2600; width += 37)
    for (double height = 60; height < 1500; height += 411)
      {
        PscMap map = make_map (fixture, width, height);
        PscRect body = psc_map_body (&map, width, height);
        PscOverview overview;
        PscRect strip;

        g_assert_cmpfloat (body.width, >=, 1);
        g_assert_cmpfloat (body.height, >=, 1);
        if (width > 100)
          g_assert_cmpfloat (body.x + body.width, <=, width);
        if (!psc_map_overview (&map, width, height, &strip, &overview))
          continue;
        had_overview = TRUE;
        g_assert_cmpfloat (strip.x + strip.width, <=, body.x);
        g_assert_cmpfloat (strip.y, ==, body.y);
        g_assert_cmpfloat (overview.height, ==, body.height);
        g_assert_cmpuint (overview.user_bits, ==, 47);
      }
  g_assert_true (had_overview);
}

/* Labels that were made before are those that are made for the drawing. */
static void
test_given_labels (Fixture *fixture, gconstpointer data)
{
  static const guint sizes[][2] = { { 300, 200 }, { 660, 600 }, { 1400, 900 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      PscMap map = make_map (fixture, sizes[i][0], sizes[i][1]);
      cairo_surface_t *without = draw (&map, sizes[i][0], sizes[i][1]);
      cairo_surface_t *with;

      map.labels = fixture->labels;
      with = draw (&map, sizes[i][0], sizes[i][1]);
      g_assert_cmpmem (cairo_image_surface_get_data (with),
                       (gsize) cairo_image_surface_get_stride (with) * sizes[i][1],
                       cairo_image_surface_get_data (without),
                       (gsize) cairo_image_surface_get_stride (without) * sizes[i][1]);
      cairo_surface_destroy (with);
      cairo_surface_destroy (without);
    }
}

/* Rows that could be huge have a dashed outline. */
static void
test_huge_outline (Fixture *fixture, gconstpointer data)
{
  PscMap map = make_map (fixture, 1200, 1000);
  PscRect body = psc_map_body (&map, 1200, 1000);
  guint n;
  PscColor huge =
      psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_HUGE].colors[PSC_THEME_LIGHT];
  /* The first of four; the last, which 300 pages are in. */
  static const guint64 rows[] = { 0x40000000, 0x41400000 };
  cairo_surface_t *surface;

  psc_view_zoom (&map.view, map.layout, 20 / map.view.row_height, 10, 10);
  psc_view_reveal (&map.view, map.layout, 0x40000000);
  surface = draw (&map, 1200, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PscRect left = { 0 };
      double width, height, x, y;

      g_assert_true (psc_view_rect (&map.view, map.layout, rows[i], &x, &y, &width, &height));
      left = (PscRect){ body.x, body.y + y, 2, height };
      g_assert_cmpuint (count_pixels (surface, &left, huge), >=, 4);
    }
  cairo_surface_destroy (surface);
}

/* The same, in another lens: no outline. */
static void
test_no_outline_in_other_lens (Fixture *fixture, gconstpointer data)
{
  PscMap map = make_map (fixture, 1200, 1000);
  PscRect body = psc_map_body (&map, 1200, 1000);
  cairo_surface_t *one, *other;
  guint n;
  PscColor huge =
      psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_HUGE].colors[PSC_THEME_LIGHT];
  PscRect column = { body.x, body.y, 1, body.height };

  psc_view_zoom (&map.view, map.layout, 20 / map.view.row_height, 10, 10);
  psc_view_reveal (&map.view, map.layout, 0x40000000);
  one = draw (&map, 1200, 1000);
  map.lens = PSC_LENS_KIND;
  other = draw (&map, 1200, 1000);
  g_assert_cmpuint (count_pixels (one, &column, huge), >, count_pixels (other, &column, huge));
  g_assert_cmpuint (count_pixels (other, &column, huge), ==, 0);
  cairo_surface_destroy (one);
  cairo_surface_destroy (other);
}

/* Two mappings in one state, side by side: a line between them, of another colour than both. */
static void
test_border (Fixture *fixture, gconstpointer data)
{
  PscMap map = make_map (fixture, 1200, 1000);
  PscRect body = psc_map_body (&map, 1200, 1000);
  cairo_surface_t *surface;
  guint n;
  PscColor file = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n)[PSC_CLASS_RESIDENT_FILE]
                      .colors[PSC_THEME_LIGHT];
  double x, y, width, height;
  PscRect strip;

  psc_view_zoom (&map.view, map.layout, 16 / map.view.row_height, 10, 10);
  psc_view_reveal (&map.view, map.layout, 0x60040000);
  g_assert_true (psc_view_rect (&map.view, map.layout, 0x60040000, &x, &y, &width, &height));
  surface = draw (&map, 1200, 1000);
  strip = (PscRect){ body.x + x - 4, body.y + y + height / 2, 9, 1 };
  n = count_pixels (surface, &strip, file);
  g_assert_cmpuint (n, >=, 6);
  g_assert_cmpuint (n, <=, 8);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "places", test_places },
    { "given-labels", test_given_labels },
    { "huge-outline", test_huge_outline },
    { "no-outline-in-other-lens", test_no_outline_in_other_lens },
    { "border", test_border },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/chrome/%s", tests[i].name);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
