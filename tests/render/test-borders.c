/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines where mappings meet: where they are, that the raster draws them as cairo would, all of them
 * however many there are, and that a vector file has them as shapes or in its picture. */

#include <cairo-pdf.h>
#include <math.h>

#include "psc-borders.h"
#include "psc-chrome.h"

#define PAGE   G_GUINT64_CONSTANT (4096)
#define BASE   G_GUINT64_CONSTANT (0x40000000)
#define WIDTH  2048
#define HEIGHT 1000

/* Side by side, `n_pages` each; the first begins a row. */
static PscSpace *
make_space (guint n, guint n_pages)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);

  for (guint i = 0; i < n; i++)
    {
      PscMapping mapping = { .start = BASE + i * n_pages * PAGE,
                             .end = BASE + (i + 1) * n_pages * PAGE,
                             .name = "",
                             .perms = PSC_PERM_READ,
                             .flags = PSC_MAPPING_PAGES_KNOWN };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  g_assert_true (
      psc_space_builder_add_run (builder, BASE, BASE + n * n_pages * PAGE, PSC_PAGE_PRESENT));
  return psc_space_builder_freeze (builder);
}

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscView view;
} Fixture;

static void
set_up (Fixture *fixture, guint n, guint n_pages, double row_height)
{
  PscLayoutOptions options = { .low_at_top = TRUE };

  fixture->space = make_space (n, n_pages);
  fixture->layout = psc_layout_new (fixture->space, &options);
  fixture->view = (PscView){ .width = WIDTH, .height = HEIGHT, .row_height = row_height };
}

static void
tear_down (Fixture *fixture)
{
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

static void
print_cb (double x, double y, double width, double height, gpointer text)
{
  g_string_append_printf (text, "%g,%g %gx%g\n", fabs (x), y, width, height);
}

/* 500 pages each on rows of 512, of 4 px a page and 10 px a row. What is so near the edge that
 * there is no room for it on one of the two rows has no line. */
static void
test_places (void)
{
  Fixture fixture;
  g_autoptr (GString) text = g_string_new (NULL);
  PscBorders borders;

  set_up (&fixture, 3, 500, 10);
  borders = (PscBorders){ fixture.space, fixture.layout, &fixture.view, 0, HEIGHT };
  psc_borders_find (&borders, print_cb, text);
  g_assert_cmpstr (text->str, ==,
                   "2000,23.5 1x10\n"
                   "0,33.5 2000x1\n"
                   "1952,33.5 1x10\n"
                   "0,43.5 1952x1\n"
                   "1952,33.5 96x1\n");
  tear_down (&fixture);
}

static void
add_cb (double x, double y, double width, double height, gpointer cr)
{
  cairo_rectangle (cr, floor (x + 0.5), floor (y + 0.5), MAX (floor (width + 0.5), 1),
                   MAX (floor (height + 0.5), 1));
}

/* Where they cross they are no darker, and no digit is different: what was exported once is the
 * same file today. */
static void
draw_by_cairo (const Fixture *fixture, PscTheme theme, cairo_surface_t *surface)
{
  PscBorders borders = { fixture->space, fixture->layout, &fixture->view, 0, HEIGHT };
  PscColor color = psc_theme_colors (theme)->background;
  cairo_t *cr = cairo_create (surface);

  cairo_translate (cr, 0, -fixture->view.y);
  psc_borders_find (&borders, add_cb, cr);
  cairo_set_source_rgba (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                         (color & 0xff) / 255.0, PSC_BORDERS_ALPHA);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
}

static guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  gsize at = (gsize) y * (gsize) cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) (data + at))[x] & 0xffffff;
}

static void
test_as_cairo (void)
{
  Fixture fixture;
  PscRasterJob job;
  guint n_different = 0;

  set_up (&fixture, 400, 700, 10);
  psc_view_pan (&fixture.view, fixture.layout, 0, 33);
  job = (PscRasterJob){
    .space = fixture.space, .layout = fixture.layout, .view = fixture.view, .scale = 1
  };
  for (PscTheme theme = 0; theme < PSC_N_THEMES; theme++)
    {
      cairo_surface_t *with, *without, *by_cairo;

      job.theme = theme;
      job.borders = FALSE;
      without = psc_raster_new_surface (&job);
      by_cairo = psc_raster_new_surface (&job);
      job.borders = TRUE;
      with = psc_raster_new_surface (&job);
      draw_by_cairo (&fixture, theme, by_cairo);
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          {
            g_assert_cmphex (get_pixel (with, x, y), ==, get_pixel (by_cairo, x, y));
            n_different += get_pixel (with, x, y) != get_pixel (without, x, y);
          }
      cairo_surface_destroy (with);
      cairo_surface_destroy (without);
      cairo_surface_destroy (by_cairo);
    }
  g_assert_cmpuint (n_different, >, 10000);
  tear_down (&fixture);
}

/* Is there a line in this row of 10 px? */
static gboolean
has_line (cairo_surface_t *surface, int row)
{
  guint32 first = get_pixel (surface, 0, row * 10 + 5);

  for (int x = 1; x < WIDTH; x++)
    if (get_pixel (surface, x, row * 10 + 5) != first)
      return TRUE;
  return FALSE;
}

/* 97 rows with 170 of them each, below a rule. */
static void
test_all_of_many (void)
{
  Fixture fixture;
  PscRasterJob job;
  cairo_surface_t *surface;

  set_up (&fixture, 20000, 3, 10);
  job = (PscRasterJob){ .space = fixture.space,
                        .layout = fixture.layout,
                        .view = fixture.view,
                        .scale = 1,
                        .borders = TRUE };
  surface = psc_raster_new_surface (&job);
  for (int row = 3; row < HEIGHT / 10; row++)
    g_assert_true (has_line (surface, row));
  cairo_surface_destroy (surface);
  tear_down (&fixture);
}

static gboolean
has_shapes (const Fixture *fixture, cairo_surface_t *surface)
{
  PscMap map = { .space = fixture->space, .layout = fixture->layout, .view = fixture->view };
  cairo_t *cr = cairo_create (surface);
  gboolean result = psc_map_has_border_shapes (&map, cr);

  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return result;
}

static void
test_shapes (void)
{
  Fixture few, many;

  set_up (&few, 400, 700, 10);
  set_up (&many, 20000, 3, 10);
  g_assert_true (has_shapes (&few, cairo_pdf_surface_create (NULL, 10, 10)));
  g_assert_false (has_shapes (&few, cairo_image_surface_create (CAIRO_FORMAT_RGB24, 10, 10)));
  g_assert_false (has_shapes (&many, cairo_pdf_surface_create (NULL, 10, 10)));
  g_assert_false (has_shapes (&many, cairo_image_surface_create (CAIRO_FORMAT_RGB24, 10, 10)));
  tear_down (&few);
  tear_down (&many);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/borders/places", test_places);
  g_test_add_func ("/borders/as-cairo", test_as_cairo);
  g_test_add_func ("/borders/all-of-many", test_all_of_many);
  g_test_add_func ("/borders/shapes", test_shapes);
  return g_test_run ();
}
