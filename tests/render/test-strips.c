/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The body in strips, kept while the view moves, is the body drawn in one go: no seams, nothing
 * lost or drawn twice where rows and the lines between mappings cross from strip to strip. */

#include <math.h>
#include <string.h>

#include "psc-strips.h"

#define PAGE   G_GUINT64_CONSTANT (4096)
#define WIDTH  411
#define HEIGHT 273

typedef struct
{
  const char *name;
  guint n_mappings;
  guint most_pages; /* of a mapping */
  guint touching;   /* of so many mappings one is followed by a gap */
  guint most_gap;   /* pages */
  gboolean low_at_top;
} Shape;

static const Shape shapes[] = {
  { "words", 900, 40, 3, 9, FALSE },
  { "blocks", 400, 900, 60, 3, FALSE },
  { "blocks-low-at-top", 400, 900, 60, 3, TRUE },
  { "rules", 60, 3000, 4, 900000, TRUE },
};

static PscSpace *
make_space (const Shape *shape)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  guint64 at = G_GUINT64_CONSTANT (0x5500000ff000);
  guint n;
  const PscMapping *mappings;

  for (guint i = 0; i < shape->n_mappings; i++)
    {
      guint64 n_pages = (guint64) g_rand_int_range (random, 1, (gint) shape->most_pages + 1);
      PscMapping mapping = { .start = at,
                             .end = at + n_pages * PAGE,
                             .name = "",
                             .perms = PSC_PERM_READ,
                             .flags = PSC_MAPPING_PAGES_KNOWN };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      at = mapping.end;
      if (g_rand_int_range (random, 0, (gint) shape->touching) == 0)
        at += (guint64) g_rand_int_range (random, 1, (gint) shape->most_gap + 1) * PAGE;
    }
  mappings = psc_space_builder_get_mappings (builder, &n);
  for (guint i = 0; i < n; i++)
    psc_space_builder_add_run (builder, mappings[i].start, mappings[i].end - i % 2 * PAGE,
                               i % 5 == 0 ? PSC_PAGE_SWAPPED : PSC_PAGE_PRESENT);
  return psc_space_builder_freeze (builder);
}

/* As a window puts them together. */
static cairo_surface_t *
join (PscStrips *strips, const PscRasterJob *job, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guint8 *to = cairo_image_surface_get_data (surface);
  gsize to_stride = (gsize) cairo_image_surface_get_stride (surface);
  guint n;
  PscStrip **all = psc_strips_get (strips, &n);

  for (guint i = 0; i < n; i++)
    {
      const guint8 *from = cairo_image_surface_get_data (all[i]->surface);
      gsize stride = (gsize) cairo_image_surface_get_stride (all[i]->surface);
      int top = (int) lround (psc_strips_get_y (strips, all[i]) * job->scale);

      for (int y = MAX (0, -top); y < PSC_STRIPS_HEIGHT && top + y < height; y++)
        memcpy (to + (gsize) (top + y) * to_stride, from + (gsize) y * stride,
                (gsize) width * sizeof (guint32));
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static guint
get_distance (guint32 a, guint32 b)
{
  guint most = 0;

  for (guint shift = 0; shift <= 16; shift += 8)
    {
      gint channel = (gint) (a >> shift & 0xff) - (gint) (b >> shift & 0xff);

      most = MAX (most, (guint) ABS (channel));
    }
  return most;
}

/* Light is summed up from the top of what is drawn: its last digit may differ. */
static void
assert_same (cairo_surface_t *a, cairo_surface_t *b, const PscRasterJob *job)
{
  int width = cairo_image_surface_get_width (a);
  int height = cairo_image_surface_get_height (a);
  gsize stride = (gsize) cairo_image_surface_get_stride (a);

  g_assert_cmpint (width, ==, cairo_image_surface_get_width (b));
  g_assert_cmpint (height, ==, cairo_image_surface_get_height (b));
  for (int y = 0; y < height; y++)
    {
      gsize at = (gsize) y * stride;
      const guint32 *line = (guint32 *) (void *) (cairo_image_surface_get_data (a) + at);
      const guint32 *other = (guint32 *) (void *) (cairo_image_surface_get_data (b) + at);

      for (int x = 0; x < width; x++)
        if (get_distance (line[x], other[x]) > 1)
          g_error ("rows of %g px from %g on, scale %g: %06x instead of %06x at %d, %d",
                   job->view.row_height, job->view.y, job->scale, line[x] & 0xffffff,
                   other[x] & 0xffffff, x, y);
    }
}

static void
check (PscStrips *strips, const PscRasterJob *job)
{
  cairo_surface_t *whole = psc_raster_new_surface (job);
  cairo_surface_t *joined;

  psc_strips_update (strips, job);
  joined = join (strips, job, cairo_image_surface_get_width (whole),
                 cairo_image_surface_get_height (whole));
  assert_same (joined, whole, job);
  cairo_surface_destroy (joined);
  cairo_surface_destroy (whole);
}

/* The window draws views on whole device pixels only. */
static void
snap (PscRasterJob *job)
{
  job->view.y = round (job->view.y * job->scale) / job->scale;
}

static void
check_zoom (PscStrips *strips, PscRasterJob *job, double row_height, double height)
{
  static const double steps[] = { 0, 0.5, 1, 17.25, 63.5, 64, -40, 129.75, 7, 1000, -333.3 };

  psc_view_fit (&job->view, job->layout, WIDTH, height);
  psc_view_zoom (&job->view, job->layout, row_height / job->view.row_height, 300, height * 0.49);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      psc_view_pan (&job->view, job->layout, 0, steps[i]);
      snap (job);
      check (strips, job);
    }
  psc_strips_drop_rows (strips, job->layout, job->layout->n_bands / 2, 0, 1);
  check (strips, job);
}

static void
test_one_go (gconstpointer data)
{
  static const double row_heights[] = { 1.7, 4, 4.35, 5.5, 6, 7.5, 10.35, 13.5, 24, 41.7, 90, 333 };
  /* The last is lower than a strip. */
  static const struct
  {
    double scale, height;
  } sizes[] = { { 1, HEIGHT }, { 2, HEIGHT }, { 3, HEIGHT / 2.0 }, { 1, 41 } };
  const Shape *shape = data;
  PscLayoutOptions options = { .low_at_top = shape->low_at_top };
  g_autoptr (PscSpace) space = make_space (shape);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);
  g_autoptr (PscSheet) sheet = psc_sheet_new (space, layout, PSC_LENS_RESIDENCY, NULL);
  g_autoptr (PscStrips) strips = psc_strips_new (NULL);
  PscRasterJob job = { .space = space, .layout = layout, .sheet = sheet, .borders = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (row_heights); j++)
      {
        job.scale = sizes[i].scale;
        check_zoom (strips, &job, row_heights[j], sizes[i].height);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *one_go = g_strdup_printf ("/strips/one-go/%s", shapes[i].name);

      g_test_add_data_func (one_go, &shapes[i], test_one_go);
    }
  return g_test_run ();
}
