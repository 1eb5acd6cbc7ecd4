/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The raster accounts for every page: mean light over the map is the share of pages, at every zoom.
 */

#include <math.h>

#include "psc-light.h"
#include "psc-raster.h"
#include "psc-test-pixels.h"
#include "psc-test-space.h"

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscColor resident, absent;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer text)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);

  fixture->space = psc_test_space_new (text);
  fixture->layout = psc_layout_new (fixture->space, NULL);
  fixture->resident = entries[PSC_CLASS_RESIDENT].colors[PSC_THEME_LIGHT];
  fixture->absent = entries[PSC_CLASS_ABSENT].colors[PSC_THEME_LIGHT];
}

static void
tear_down (Fixture *fixture, gconstpointer text)
{
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

static cairo_surface_t *
draw (Fixture *fixture, const PscView *view)
{
  PscRasterJob job = { fixture->space,     fixture->layout, *view,
                       PSC_LENS_RESIDENCY, PSC_THEME_LIGHT, 1 };
  cairo_surface_t *surface = psc_raster_new_surface (&job);

  g_assert_nonnull (surface);
  return surface;
}

/* One GiB, every other page touched. */
#define CHECKER "40000000 40000000 rw-p anon 262144 r 2"

static void
test_checker_fit (Fixture *fixture, gconstpointer text)
{
  static const int sizes[][2] = { { 512, 512 }, { 256, 512 },   { 1000, 700 },
                                  { 300, 97 },  { 1920, 1080 }, { 3000, 200 } };

  g_assert_cmpint (fixture->layout->n_bands, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int width = sizes[i][0];
      int height = sizes[i][1];
      PscView view;
      cairo_surface_t *surface;
      double rule;

      psc_view_fit (&view, fixture->layout, width, height);
      surface = draw (fixture, &view);
      g_test_message ("%d x %d, rows of %g px", width, height, view.row_height);
      rule = psc_view_rule_height (&view, fixture->layout);
      g_assert_cmpfloat_with_epsilon (psc_test_share (surface, fixture->resident, fixture->absent,
                                                      PSC_TEST_NO_SKIP, 0, 0, width,
                                                      (int) (height - rule) - 1),
                                      0.5, 0.005);
      cairo_surface_destroy (surface);
    }
}

/* Without hairlines, so up to rows of 5.9 px; and at a zoom where two pages share a pixel every
 * single pixel is half. */
static void
test_checker_zooms (Fixture *fixture, gconstpointer text)
{
  for (double row = 1.1; row < 5.9; row *= 1.13)
    {
      PscView view = { .width = 1024, .height = 300, .row_height = row };
      cairo_surface_t *surface;

      psc_view_pan (&view, fixture->layout, 0, 77);
      surface = draw (fixture, &view);
      g_assert_cmpfloat_with_epsilon (psc_test_share (surface, fixture->resident, fixture->absent,
                                                      PSC_TEST_NO_SKIP, 0, 0, 1024, 300),
                                      0.5, 0.002);
      cairo_surface_destroy (surface);
    }
  for (int width = 64; width <= 256; width *= 2)
    {
      PscView view = { .width = width, .height = 64, .row_height = 3 };
      cairo_surface_t *surface = draw (fixture, &view);

      for (int y = 0; y < 64; y++)
        for (int x = 0; x < width; x++)
          g_assert_cmpfloat_with_epsilon (psc_test_share (surface, fixture->resident,
                                                          fixture->absent, PSC_TEST_NO_SKIP, x, y,
                                                          1, 1),
                                          0.5, 0.01);
      cairo_surface_destroy (surface);
    }
}

/* Where pages are cells, each cell is wholly one or the other, and as many are one as the other. */
static void
test_checker_cells (Fixture *fixture, gconstpointer text)
{
  PscView view = { .width = 640, .height = 800, .row_height = 80 };
  double page;
  cairo_surface_t *surface;
  guint n[2] = { 0, 0 };

  psc_view_pan (&view, fixture->layout, 0, 0);
  page = psc_view_page_width (&view, fixture->layout);
  g_assert_cmpfloat (page, >, 4);
  surface = draw (fixture, &view);
  for (int row = 0; row < 10; row++)
    for (int i = 0; (i + 1) * page < 640; i++)
      {
        double share =
            psc_test_share (surface, fixture->resident, fixture->absent, PSC_TEST_NO_SKIP,
                            (int) ((i + 0.4) * page), row * 80 + 40, 1, 1);

        g_assert_true (fabs (share) < 0.01 || fabs (share - 1) < 0.01);
        n[share > 0.5]++;
      }
  g_assert_cmpint (ABS ((int) n[0] - (int) n[1]), <=, 10);
  cairo_surface_destroy (surface);
}

/* 64 MiB dense, then 1.5 MiB untouched, then one page: 4 TiB away nothing is lost. */
#define MIXED "400000000 4000000 rw-p a 16384 r 1\n404000000 181000 rw-p b 384 . 1 1 s 1"

static void
test_counts_every_page (Fixture *fixture, gconstpointer text)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);
  PscColor swapped = entries[PSC_CLASS_SWAPPED].colors[PSC_THEME_LIGHT];
  PscView view;
  cairo_surface_t *surface;
  guint found = 0;

  psc_view_fit (&view, fixture->layout, 1024, 600);
  surface = draw (fixture, &view);
  for (int y = 0; y < 600; y++)
    for (int x = 0; x < 1024; x++)
      found += (((guint32 *) (void *) (cairo_image_surface_get_data (surface) +
                                       y * cairo_image_surface_get_stride (surface)))[x] &
                0xffffff) == swapped;
  /* One page: 2 px wide, one row high without its hairline. */
  g_assert_cmpuint (found, >=, 2);
  g_assert_cmpuint (found, <=, 2 * (guint) ceil (view.row_height));
  cairo_surface_destroy (surface);
}

/* Spans that meet leave no seam, whatever fractions they meet at. */
static void
test_light_is_exact (void)
{
  GRand *random = g_rand_new_with_seed (7);
  PscLight white = psc_light_from_color (0xffffff);
  PscLight black = psc_light_from_color (0x000000);
  guint32 pixels[64];
  PscLightLine line;

  psc_light_line_init (&line, 64);
  for (guint round = 0; round < 2000; round++)
    {
      guint32 weights[2] = { g_rand_int_range (random, 0, PSC_LIGHT_WHOLE + 1), 0 };

      weights[1] = PSC_LIGHT_WHOLE - weights[0];
      psc_light_line_clear (&line);
      for (guint layer = 0; layer < 2; layer++)
        for (double x = -3; x < 66;)
          {
            double next = x + g_rand_double_range (random, 0, 9);

            psc_light_line_add (&line, x, next, white, weights[layer]);
            x = next;
          }
      psc_light_line_resolve (&line, black, pixels);
      for (guint i = 0; i < 64; i++)
        g_assert_cmphex (pixels[i], ==, 0xffffff);
    }
  psc_light_line_finish (&line);
  g_rand_free (random);
}

#define ADD(path, text, test) g_test_add (path, Fixture, text, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/raster/checker/fit", CHECKER, test_checker_fit);
  ADD ("/raster/checker/zooms", CHECKER, test_checker_zooms);
  ADD ("/raster/checker/cells", CHECKER, test_checker_cells);
  ADD ("/raster/every-page", MIXED, test_counts_every_page);
  g_test_add_func ("/raster/light", test_light_is_exact);
  return g_test_run ();
}
