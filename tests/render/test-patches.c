/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Patches have all of what is drawn, and little else: as rectangles, and of a map, whose marks are
 * the same drawn as a whole and patch by patch. */

#include "psc-huge-slots.h"
#include "psc-patches.h"
#include "psc-test-space.h"

#define WIDTH  1300
#define HEIGHT 900

static const PscRect bounds = { 100, 50, 1000, 800 };

/* --- rectangles ---------------------------------------------------------------------------- */

static gboolean
has_point (const PscRect *rect, double x, double y)
{
  return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

static guint
count_at (const GArray *rects, double x, double y)
{
  guint n = 0;

  for (guint i = 0; i < rects->len; i++)
    n += has_point (&g_array_index (rects, PscRect, i), x, y);
  return n;
}

static void
check_rects (const GArray *rects, const PscRect *within)
{
  for (guint i = 0; i < rects->len; i++)
    {
      const PscRect *rect = &g_array_index (rects, PscRect, i);

      g_assert_cmpfloat (rect->width, >=, 1);
      g_assert_cmpfloat (rect->height, >=, 1);
      g_assert_cmpfloat (rect->x, >=, within->x);
      g_assert_cmpfloat (rect->y, >=, within->y);
      g_assert_cmpfloat (rect->x + rect->width, <=, within->x + within->width);
      g_assert_cmpfloat (rect->y + rect->height, <=, within->y + within->height);
      /* Their corners are in no other one, and they all stand on one grid. */
      g_assert_cmpuint (count_at (rects, rect->x, rect->y), ==, 1);
      g_assert_cmpuint (count_at (rects, rect->x + rect->width - 1, rect->y), ==, 1);
      g_assert_cmpuint (count_at (rects, rect->x, rect->y + rect->height - 1), ==, 1);
      g_assert_cmpuint (count_at (rects, rect->x + rect->width - 1, rect->y + rect->height - 1), ==,
                        1);
    }
}

typedef struct
{
  const char *name;
  PscRect drawn[3];
  int n_rects; /* -1: not worth while */
} Case;

static const Case cases[] = {
  { "nothing", { { 0 } }, 0 },
  { "no-height", { { 300, 300, 50, 0 } }, 0 },
  { "a-point", { { 300, 300, 1, 1 } }, 1 },
  { "outside", { { 0, 0, 99, 49 }, { 1101, 100, 50, 50 }, { 300, 851, 50, 50 } }, 0 },
  { "across-the-edge", { { 0, 0, 120, 60 } }, 1 },
  { "at-the-end", { { 1099, 849, 1, 1 } }, 1 },
  { "side-by-side", { { 300, 300, 50, 10 }, { 400, 300, 50, 10 } }, 1 },
  { "far-apart", { { 120, 300, 50, 10 }, { 900, 300, 50, 10 } }, 2 },
  { "one-above-the-other", { { 300, 300, 50, 10 }, { 300, 500, 50, 10 } }, 2 },
  { "a-column", { { 300, 60, 1, 700 } }, 1 },
  { "a-line", { { 100, 300, 1000, 1 } }, 1 },
  { "a-cross", { { 100, 300, 1000, 1 }, { 500, 50, 1, 800 } }, 3 },
  { "everything", { { 0, 0, 2000, 2000 } }, -1 },
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  PscPatches *patches = psc_patches_new (&bounds);
  g_autoptr (GArray) rects = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (one->drawn); i++)
    psc_patches_add (patches, one->drawn[i].x, one->drawn[i].y, one->drawn[i].width,
                     one->drawn[i].height);
  rects = psc_patches_get_rects (patches);
  psc_patches_free (patches);
  g_assert_cmpint (rects != NULL ? (int) rects->len : -1, ==, one->n_rects);
  if (rects != NULL)
    check_rects (rects, &bounds);
}

/* So many that they are joined. */
static void
test_many (void)
{
  const PscRect wide = { 0, 0, 4000, 4000 };
  PscPatches *patches = psc_patches_new (&wide);
  g_autoptr (GArray) rects = NULL;

  for (guint y = 0; y < 4000; y += 32)
    for (guint x = y % 64; x < 4000; x += 500)
      psc_patches_add (patches, x, y, 1, 1);
  rects = psc_patches_get_rects (patches);
  psc_patches_free (patches);
  g_assert_nonnull (rects);
  g_assert_cmpuint (rects->len, <=, 400);
  check_rects (rects, &wide);
  for (guint y = 0; y < 4000; y += 32)
    for (guint x = y % 64; x < 4000; x += 500)
      g_assert_cmpuint (count_at (rects, x, y), ==, 1);
}

static void
test_random (void)
{
  for (guint round = 0; round < 200; round++)
    {
      PscPatches *patches = psc_patches_new (&bounds);
      g_autoptr (GArray) rects = NULL;
      PscRect drawn[20];

      for (guint i = 0; i < G_N_ELEMENTS (drawn); i++)
        {
          drawn[i] =
              (PscRect){ g_test_rand_double_range (0, 1200), g_test_rand_double_range (0, 900),
                         g_test_rand_double_range (0, 90), g_test_rand_double_range (0, 30) };
          psc_patches_add (patches, drawn[i].x, drawn[i].y, drawn[i].width, drawn[i].height);
        }
      rects = psc_patches_get_rects (patches);
      psc_patches_free (patches);
      g_assert_nonnull (rects);
      check_rects (rects, &bounds);
      for (guint i = 0; i < 20 * G_N_ELEMENTS (drawn); i++)
        {
          const PscRect *one = &drawn[i % G_N_ELEMENTS (drawn)];
          double x = one->x + g_test_rand_double_range (0, one->width);
          double y = one->y + g_test_rand_double_range (0, one->height);

          if (has_point (&bounds, x, y))
            g_assert_cmpuint (count_at (rects, x, y), ==, 1);
        }
    }
}

/* --- a map --------------------------------------------------------------------------------- */

/* A heap with holes in it, libraries with names, folds with room for their size and without. */
#define SPACE                                                                                      \
  "40000000 4000000 rw-p heap 2048 r 1 1024 h 1 2048 . 1 512 r 1 512 . 1 300 r 1\n"                \
  "50000000 800000 rw-p folded 10 r 1 2000 . 1 10 r 1\n"                                           \
  "60000000 40000 r-xp one 64 f 1\n60040000 40000 r--p two 64 f 1\n"                               \
  "7ffffffde000 21000 rw-p [stack] 33 r 1"

static cairo_surface_t *
new_ground (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 0.2, 0.5, 0.7);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

static void
paint (cairo_surface_t *on, cairo_surface_t *drawing, const PscRect *rect)
{
  cairo_t *cr = cairo_create (on);

  if (rect != NULL)
    {
      cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
      cairo_clip (cr);
    }
  cairo_set_source_surface (cr, drawing, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (on);
}

static cairo_surface_t *
draw_whole (const PscMap *map, PscMapParts part)
{
  cairo_surface_t *surface = new_ground ();
  cairo_surface_t *drawing = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (drawing);

  psc_map_draw_parts (map, cr, WIDTH, HEIGHT, NULL, part);
  cairo_destroy (cr);
  paint (surface, drawing, NULL);
  cairo_surface_destroy (drawing);
  return surface;
}

static cairo_surface_t *
draw_by_patches (const PscMap *map, PscMapParts part)
{
  cairo_surface_t *surface = new_ground ();
  cairo_surface_t *drawing = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (drawing);
  g_autoptr (GArray) rects = psc_map_draw_patches (map, cr, WIDTH, HEIGHT, part);

  cairo_destroy (cr);
  g_assert_nonnull (rects);
  check_rects (rects, &map->body);
  for (guint i = 0; i < rects->len; i++)
    paint (surface, drawing, &g_array_index (rects, PscRect, i));
  cairo_surface_destroy (drawing);
  return surface;
}

static guint32
pixel_at (cairo_surface_t *surface, int x, int y)
{
  const guint8 *line =
      cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) line)[x] & 0xffffff;
}

/* Cairo rounds the first thing that it draws on an image and what comes later another way. */
static gboolean
is_near (guint32 a, guint32 b)
{
  for (guint shift = 0; shift < 24; shift += 8)
    if (ABS ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)) > 1)
      return FALSE;
  return TRUE;
}

/* Returns how many pixels are drawn. */
static guint
check_same (const PscMap *map, PscMapParts part)
{
  cairo_surface_t *whole = draw_whole (map, part);
  cairo_surface_t *patched = draw_by_patches (map, part);
  cairo_surface_t *ground = new_ground ();
  guint n = 0;

  cairo_surface_flush (ground);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        if (!is_near (pixel_at (whole, x, y), pixel_at (patched, x, y)))
          g_error ("%d, %d of part %u, rows of %g px: %06x and %06x", x, y, part,
                   map->view.row_height, pixel_at (whole, x, y), pixel_at (patched, x, y));
        n += pixel_at (whole, x, y) != pixel_at (ground, x, y);
      }
  cairo_surface_destroy (ground);
  cairo_surface_destroy (patched);
  cairo_surface_destroy (whole);
  return n;
}

static void
test_map (void)
{
  static const double row_heights[] = { 6, 9, 16, 20.5, 33.3, 70, 200 };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = NULL;
  guint n_marks = 0, n_outlines = 0;

  space->huge_settings =
      (PscHugeSettings){ .anon = PSC_HUGE_MODE_NEVER, .shmem = PSC_HUGE_MODE_NEVER };
  psc_huge_slots_sum (space, &space->huge_sums);
  layout = psc_layout_new (space, NULL);
  for (guint i = 0; i < 4 * G_N_ELEMENTS (row_heights); i++)
    {
      PscMap map = {
        .space = space, .layout = layout, .theme = i % PSC_N_THEMES, .hover = PSC_MAP_NOWHERE
      };

      map.body = psc_map_body (&map, WIDTH, HEIGHT);
      psc_view_fit (&map.view, layout, map.body.width, map.body.height);
      psc_view_zoom (&map.view, layout, row_heights[i / 4] / map.view.row_height, 3.7,
                     map.body.height * (i % 4) / 3);
      n_marks += check_same (&map, PSC_MAP_MARKS);
      n_outlines += check_same (&map, PSC_MAP_HUGE);
    }
  g_assert_cmpuint (n_marks, >, 10000);
  g_assert_cmpuint (n_outlines, >, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/patches/rects/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/patches/many", test_many);
  g_test_add_func ("/patches/random", test_random);
  g_test_add_func ("/patches/map", test_map);
  return g_test_run ();
}
