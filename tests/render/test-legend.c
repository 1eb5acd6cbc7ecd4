/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The legend: every entry is drawn in a place of its own at every width, is found there, and is
 * dimmed when it is not shown. */

#include <math.h>

#include "psc-chrome.h"
#include "psc-test-space.h"

#define SPACE  "200000 400000 rw-p a 100 r 1 50 s 1\n10000000 3000 rw-p b 1 f 1\n"
#define HEIGHT 1800 /* all entries have room at every width */
/* The picture is wider than the area, so that what leaves the area is seen. */
#define MARGIN 60
/* px: size of text. */
#define EM 12

static const int widths[] = { 160, 240, 480, 1100, 1900 };

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  guint64 bytes[PSC_LENS_MAX_ENTRIES], seen[PSC_LENS_MAX_ENTRIES];
  PscMap map;
  int width;
} Fixture;

/* Every entry occurs. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->space = psc_test_space_new (SPACE);
  fixture->layout = psc_layout_new (fixture->space, NULL);
  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    {
      fixture->bytes[i] = (G_GUINT64_CONSTANT (4100) << 10) * (i + 1);
      fixture->seen[i] = fixture->bytes[i] / 3;
    }
  fixture->map = (PscMap){
    .space = fixture->space,
    .layout = fixture->layout,
    .hover = PSC_MAP_NOWHERE,
    .bytes = fixture->bytes,
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

static cairo_surface_t *
new_picture (Fixture *fixture, cairo_t **cr)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, fixture->width + MARGIN, HEIGHT);

  *cr = cairo_create (surface);
  cairo_set_source_rgb (*cr, 1, 1, 1);
  cairo_paint (*cr);
  return surface;
}

static cairo_surface_t *
draw_map (Fixture *fixture)
{
  PscRect body = psc_map_body (&fixture->map, fixture->width, HEIGHT);
  cairo_t *cr;
  cairo_surface_t *surface = new_picture (fixture, &cr);

  psc_view_fit (&fixture->map.view, fixture->layout, body.width, body.height);
  psc_map_draw (&fixture->map, cr, fixture->width, HEIGHT, NULL);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* The legend alone, in its place on the map. */
static cairo_surface_t *
draw (Fixture *fixture, guint64 only)
{
  cairo_t *cr;
  cairo_surface_t *surface = new_picture (fixture, &cr);

  fixture->map.only = only;
  psc_map_draw_parts (&fixture->map, cr, fixture->width, HEIGHT, NULL, PSC_MAP_LEGEND);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint64
hit (const Fixture *fixture, int x, int y)
{
  guint64 entries = 0;
  gboolean found =
      psc_map_legend_hit (&fixture->map, fixture->width, HEIGHT, x + 0.5, y + 0.5, &entries);

  g_assert_cmpint (found, ==, entries != 0);
  return entries;
}

static guint32
pixel_at (cairo_surface_t *surface, int x, int y)
{
  const guint8 *line =
      cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (const void *) line)[x] & 0xffffff;
}

/* The pixels that are different stand on one line, and there the entry is found, at all ends. */
static void
check_place (Fixture *fixture, guint64 mask, cairo_surface_t *dimmed)
{
  cairo_surface_t *lit = draw (fixture, mask);
  int left = G_MAXINT, right = -1, upper = G_MAXINT, lower = -1;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < fixture->width + MARGIN; x++)
      if (pixel_at (lit, x, y) != pixel_at (dimmed, x, y))
        {
          left = MIN (left, x);
          right = MAX (right, x);
          upper = MIN (upper, y);
          lower = y;
        }
  g_assert_cmpint (right - left, >, 3 * EM);
  g_assert_cmphex (hit (fixture, left, upper), ==, mask);
  g_assert_cmphex (hit (fixture, right, upper), ==, mask);
  g_assert_cmphex (hit (fixture, left, lower), ==, mask);
  g_assert_cmphex (hit (fixture, right, lower), ==, mask);
  g_assert_cmphex (hit (fixture, (left + right) / 2, (upper + lower) / 2), ==, mask);
  cairo_surface_destroy (lit);
}

static guint64
mask_of (PscLens lens, guint entry)
{
  guint n_pairs = psc_lens_n_pairs (lens);
  guint64 one = G_GUINT64_CONSTANT (1);

  return one << entry | (n_pairs > 0 ? one << (entry + n_pairs) : 0);
}

static void
check_width (Fixture *fixture, int width)
{
  guint n;
  cairo_surface_t *dimmed;

  psc_lens_get_entries (fixture->map.lens, &n);
  if (psc_lens_n_pairs (fixture->map.lens) > 0)
    n = psc_lens_n_pairs (fixture->map.lens);
  fixture->width = width;
  /* No lens has so many entries. */
  dimmed = draw (fixture, G_GUINT64_CONSTANT (1) << 63);
  for (guint i = 0; i < n; i++)
    check_place (fixture, mask_of (fixture->map.lens, i), dimmed);
  /* Nothing outside of the area. */
  for (int y = 0; y < HEIGHT; y++)
    for (int x = width; x < width + MARGIN; x++)
      g_assert_cmphex (pixel_at (dimmed, x, y), ==, 0xffffff);
  cairo_surface_destroy (dimmed);
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  fixture->map.lens = GPOINTER_TO_UINT (data);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      fixture->map.seen = NULL;
      check_width (fixture, widths[i]);
      fixture->map.seen = fixture->seen;
      check_width (fixture, widths[i]);
    }
}

/* What is in view changes with every move: the body must not. */
static void
test_still (Fixture *fixture, gconstpointer data)
{
  static const guint64 sizes[] = { 0, 4096, 1023 << 10, 1023 << 20 };

  fixture->map.seen = fixture->seen;
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
      {
        PscRect first;

        fixture->map.lens = lens;
        for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
          {
            PscRect body;

            for (guint entry = 0; entry < PSC_LENS_MAX_ENTRIES; entry++)
              fixture->seen[entry] = sizes[size];
            body = psc_map_body (&fixture->map, widths[i], HEIGHT);
            if (size == 0)
              first = body;
            g_assert_cmpfloat (body.height, ==, first.height);
          }
      }
}

/* However low the area and however large the text, half of it is the map's. */
static void
test_room (Fixture *fixture, gconstpointer data)
{
  static const int heights[] = { 60, 150, 400, 700 };
  static const double text_scales[] = { 1, 1.5, 2 };

  fixture->map.seen = fixture->seen;
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
      for (guint h = 0; h < G_N_ELEMENTS (heights); h++)
        for (guint t = 0; t < G_N_ELEMENTS (text_scales); t++)
          {
            PscRect body;

            fixture->map.lens = lens;
            fixture->map.text_scale = text_scales[t];
            body = psc_map_body (&fixture->map, widths[i], heights[h]);
            g_assert_cmpfloat (body.height, >, heights[h] / 2.0 - 2 * EM * text_scales[t]);
          }
}

/* Entries that do not occur are not there, and quiet ones come last. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  guint64 last = 0;
  guint n_found = 0;
  PscRect body;

  for (guint i = 0; i < PSC_LENS_MAX_ENTRIES; i++)
    fixture->bytes[i] = 0;
  fixture->bytes[PSC_CLASS_ABSENT] = 4096;
  fixture->bytes[PSC_CLASS_RESIDENT] = 4096;
  fixture->bytes[PSC_CLASS_SWAPPED] = 4096;
  fixture->width = 1900;
  body = psc_map_body (&fixture->map, fixture->width, HEIGHT);
  for (int x = 0; x < fixture->width; x++)
    {
      guint64 found = hit (fixture, x, (int) (body.y + body.height) + 15);

      if (found == 0 || found == last)
        continue;
      last = found;
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, 3);
  g_assert_cmphex (last, ==, 1 << PSC_CLASS_ABSENT);
}

/* With patterns the swatches have more colours than one: on the map as it is drawn whole. */
static void
test_patterns (Fixture *fixture, gconstpointer data)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_SHARING, &n);
  guint inked[PSC_LENS_MAX_ENTRIES] = { 0 };
  cairo_surface_t *surface;
  PscRect body;

  fixture->map.lens = PSC_LENS_SHARING;
  fixture->map.patterns = TRUE;
  fixture->width = 720;
  surface = draw_map (fixture);
  body = psc_map_body (&fixture->map, fixture->width, HEIGHT);
  for (int y = (int) ceil (body.y + body.height); y < HEIGHT; y++)
    for (int x = 0; x < fixture->width; x++)
      for (guint i = 0; i < n; i++)
        if (pixel_at (surface, x, y) == psc_pattern_ink (entries[i].colors[PSC_THEME_LIGHT]))
          {
            g_assert_cmphex (hit (fixture, x, y), ==, mask_of (PSC_LENS_SHARING, i));
            inked[i]++;
          }
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (inked[i] > 10, ==, entries[i].pattern != PSC_PATTERN_NONE);
  cairo_surface_destroy (surface);
}

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint lens = 0; lens < PSC_N_LENSES; lens++)
    {
      g_autofree char *path = g_strdup_printf ("/legend/places/%s", psc_lens_id (lens));

      ADD (path, GUINT_TO_POINTER (lens), test_places);
    }
  ADD ("/legend/still", NULL, test_still);
  ADD ("/legend/room", NULL, test_room);
  ADD ("/legend/order", NULL, test_order);
  ADD ("/legend/patterns", NULL, test_patterns);
  return g_test_run ();
}
