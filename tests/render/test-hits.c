/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was found, marked on the map: where, however small and however many; and the view that goes
 * there. */

#include <math.h>

#include "psc-chrome.h"
#include "psc-test-space.h"

#define WIDTH  900
#define HEIGHT 600

/* Blocks, words, a fold and a rule. */
#define SPACE                                                                                      \
  "40000000 2000000 rw-p a 8192 r 1\n60000000 5000 rw-p b 5 r 1\n60010000 300000 rw-p c 4 r 1\n"   \
  "800000000 40000000 rw-p d 262144 r 2"

typedef struct
{
  PscSpace *space;
  PscLayout *layout;
  PscMap map;
  PscRect body;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };

  fixture->space = psc_test_space_new (SPACE);
  fixture->layout = psc_layout_new (fixture->space, &options);
  fixture->map =
      (PscMap){ .space = fixture->space, .layout = fixture->layout, .hover = PSC_MAP_NOWHERE };
  fixture->body = psc_map_body (&fixture->map, WIDTH, HEIGHT);
  psc_view_fit (&fixture->map.view, fixture->layout, fixture->body.width, fixture->body.height);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
}

/* The marks alone. */
static cairo_surface_t *
draw (const Fixture *fixture)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  psc_map_draw_hits (&fixture->map, cr, WIDTH, HEIGHT);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint
alpha_at (cairo_surface_t *surface, double x, double y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT)
    return 0;
  return *(const guint32 *) (gconstpointer) (data + (int) y * stride + (int) x * 4) >> 24;
}

static guint
count_marked (cairo_surface_t *surface)
{
  guint n = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      n += alpha_at (surface, x, y) > 0;
  return n;
}

/* Each page alone: its own pixels are left free, what is around them is marked, and so is the row
 * at the side. */
static void
test_around (Fixture *fixture, gconstpointer data)
{
  static const guint64 pages[] = { 0x40000000, 0x40123000,  0x41fff000, 0x60002000,
                                   0x60010000, 0x800000000, 0x83ffff000 };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      const PscRange hit = { pages[i], pages[i] + 0x1000 };
      cairo_surface_t *surface;
      double x, y, width, height, middle, right;

      fixture->map.hits = &hit;
      fixture->map.n_hits = 1;
      surface = draw (fixture);
      g_assert_true (
          psc_view_rect (&fixture->map.view, fixture->layout, pages[i], &x, &y, &width, &height));
      x += fixture->body.x;
      y += fixture->body.y;
      middle = y + height / 2;
      right = fixture->body.x + fixture->body.width;
      g_assert_cmpuint (alpha_at (surface, x + width / 2, middle), ==, 0);
      /* At the edge of the body there is no other side. */
      g_assert_true (alpha_at (surface, x - 2, middle) > 0 ||
                     alpha_at (surface, ceil (x + width) + 1, middle) > 0);
      g_assert_cmpuint (alpha_at (surface, right + 3, middle), ==, 0xff);
      cairo_surface_destroy (surface);
    }
}

/* Nothing to mark, or out of view. */
static void
test_none (Fixture *fixture, gconstpointer data)
{
  const PscRange hit = { 0x40000000, 0x40001000 };
  cairo_surface_t *surface = draw (fixture);

  g_assert_cmpuint (count_marked (surface), ==, 0);
  cairo_surface_destroy (surface);
  psc_view_show_range (&fixture->map.view, fixture->layout, 0x820000000, 0x820001000);
  fixture->map.hits = &hit;
  fixture->map.n_hits = 1;
  surface = draw (fixture);
  g_assert_cmpuint (count_marked (surface), ==, 0);
  cairo_surface_destroy (surface);
}

/* The one that is looked at has more around it than it would have among the others. */
static void
test_current (Fixture *fixture, gconstpointer data)
{
  const PscRange hits[] = { { 0x40400000, 0x40500000 }, { 0x41000000, 0x41100000 } };
  cairo_surface_t *surface;
  guint without, with;

  fixture->map.hits = hits;
  fixture->map.n_hits = G_N_ELEMENTS (hits);
  surface = draw (fixture);
  without = count_marked (surface);
  cairo_surface_destroy (surface);
  fixture->map.hit = hits[1];
  surface = draw (fixture);
  with = count_marked (surface);
  cairo_surface_destroy (surface);
  g_assert_cmpuint (with, >, without);
}

/* Every fourth page of a GiB: cost follows pixels, at every zoom. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  const guint n = 65536;
  g_autofree PscRange *hits = g_new (PscRange, n);
  gint64 usec = 0;
  guint n_drawn = 0;

  for (guint i = 0; i < n; i++)
    hits[i] = (PscRange){ 0x800000000 + i * G_GUINT64_CONSTANT (0x4000),
                          0x800001000 + i * G_GUINT64_CONSTANT (0x4000) };
  fixture->map.hits = hits;
  fixture->map.n_hits = n;
  for (double factor = 1; factor < 200; factor *= 1.7, n_drawn++)
    {
      gint64 began_usec = g_get_monotonic_time ();
      cairo_surface_t *surface = draw (fixture);

      usec += g_get_monotonic_time () - began_usec;
      g_assert_cmpuint (count_marked (surface), >, 0);
      cairo_surface_destroy (surface);
      psc_view_zoom (&fixture->map.view, fixture->layout, 1.7, 300, 300);
    }
  g_test_message ("%.1f ms a picture", (double) usec / 1000 / n_drawn);
  /* A hundred times what it takes: hits, not pixels, would take longer. */
  g_assert_cmpint (usec / n_drawn, <, G_USEC_PER_SEC / 2);
}

/* An exported map has them where it is told to, and is as it was where it is not. */
static void
test_in_map (Fixture *fixture, gconstpointer data)
{
  const PscRange hit = { 0x40400000, 0x41400000 };
  cairo_surface_t *surfaces[2];
  guint n_different = 0;

  for (guint i = 0; i < 2; i++)
    {
      cairo_t *cr;

      surfaces[i] = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
      cr = cairo_create (surfaces[i]);
      fixture->map.hits = &hit;
      fixture->map.n_hits = i;
      psc_map_draw (&fixture->map, cr, WIDTH, HEIGHT, NULL);
      cairo_destroy (cr);
      cairo_surface_flush (surfaces[i]);
    }
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        gsize at = (gsize) y * (gsize) cairo_image_surface_get_stride (surfaces[0]) + (gsize) x * 4;

        n_different += memcmp (cairo_image_surface_get_data (surfaces[0]) + at,
                               cairo_image_surface_get_data (surfaces[1]) + at, 3) != 0;
      }
  g_assert_cmpuint (n_different, >, 200);
  cairo_surface_destroy (surfaces[0]);
  cairo_surface_destroy (surfaces[1]);
}

/* --- going there --------------------------------------------------------------------------- */

static const struct
{
  guint64 start, end;
} ranges[] = {
  { 0x40000000, 0x40001000 },   { 0x41fff000, 0x42000000 },   { 0x40000000, 0x42000000 },
  { 0x60000000, 0x60005000 },   { 0x60004000, 0x60005000 },   { 0x60010000, 0x60310000 },
  { 0x800000000, 0x840000000 }, { 0x812345000, 0x812346000 }, { 0x83ffff000, 0x840000000 },
};

static void
check_seen (const Fixture *fixture, const PscView *view, guint64 start, guint64 end)
{
  double x, y, width, height, last_x, last_y;

  g_assert_true (psc_view_rect (view, fixture->layout, start, &x, &y, &width, &height));
  g_assert_cmpfloat (x, >=, -0.01);
  g_assert_cmpfloat (y, >=, -0.01);
  g_assert_cmpfloat (x, <, view->width);
  g_assert_cmpfloat (y, <, view->height);
  g_assert_true (psc_view_rect (view, fixture->layout, end - 1, &last_x, &last_y, &width, &height));
  if (fabs (last_y - y) < 1)
    g_assert_cmpfloat (height, >=, 9.9);
  if (fabs (last_y - y) < 1)
    g_assert_cmpfloat (last_x + width - x, >=, 7.9);
}

static void
test_seek (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ranges); j++)
      {
        PscView view = fixture->map.view;
        PscView again;
        double row_height;

        psc_view_seek (&view, fixture->layout, ranges[i].start, ranges[i].end);
        check_seen (fixture, &view, ranges[i].start, ranges[i].end);
        again = view;
        psc_view_seek (&again, fixture->layout, ranges[i].start, ranges[i].start + 1);
        g_assert_cmpfloat (again.row_height, >=, view.row_height);
        row_height = again.row_height;
        psc_view_seek (&again, fixture->layout, ranges[j].start, ranges[j].end);
        g_assert_cmpfloat (again.row_height, >=, row_height);
        check_seen (fixture, &again, ranges[j].start, ranges[j].end);
      }
}

/* What can be read already is left where it is. */
static void
test_seek_stays (Fixture *fixture, gconstpointer data)
{
  PscView view = fixture->map.view;
  PscView before;

  psc_view_seek (&view, fixture->layout, 0x800400000, 0x810400000);
  g_assert_cmpmem (&view, sizeof view, &fixture->map.view, sizeof view);
  psc_view_seek (&view, fixture->layout, 0x40400000, 0x40401000);
  g_assert_cmpfloat (view.row_height, >, fixture->map.view.row_height);
  before = view;
  psc_view_seek (&view, fixture->layout, 0x40400000, 0x40401000);
  g_assert_cmpmem (&view, sizeof view, &before, sizeof view);
  psc_view_seek (&view, fixture->layout, 0x40400000, 0x40400000);
  g_assert_cmpmem (&view, sizeof view, &before, sizeof view);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *low = g_strdup_printf ("/hits/%s/low-at-bottom", name);
  g_autofree char *high = g_strdup_printf ("/hits/%s/low-at-top", name);

  g_test_add (low, Fixture, GINT_TO_POINTER (FALSE), set_up, func, tear_down);
  g_test_add (high, Fixture, GINT_TO_POINTER (TRUE), set_up, func, tear_down);
}

/* Light lies on the pages themselves, and its bounds have all of it. */
static void
test_glow (Fixture *fixture, gconstpointer data)
{
  const PscRange glowing[] = { { 0x40123000, 0x40125000 }, { 0x60002000, 0x60003000 } };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  PscRect bounds;

  bounds = psc_map_draw_glow (&fixture->map, cr, WIDTH, HEIGHT, 0.5);
  g_assert_cmpfloat (bounds.width, ==, 0);
  fixture->map.hits = glowing;
  fixture->map.n_hits = G_N_ELEMENTS (glowing);
  bounds = psc_map_draw_glow (&fixture->map, NULL, WIDTH, HEIGHT, 0);
  g_assert_cmpfloat (bounds.width, >, 0);
  psc_map_draw_glow (&fixture->map, cr, WIDTH, HEIGHT, 0.5);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (guint i = 0; i < G_N_ELEMENTS (glowing); i++)
    {
      double x, y, width, height;

      g_assert_true (psc_view_rect (&fixture->map.view, fixture->layout, glowing[i].start, &x, &y,
                                    &width, &height));
      g_assert_cmpuint (
          alpha_at (surface, fixture->body.x + x + width / 2, fixture->body.y + y + height / 2), ==,
          128);
    }
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (alpha_at (surface, x, y) > 0)
        {
          g_assert_cmpfloat (x + 1, >, bounds.x);
          g_assert_cmpfloat (x, <, bounds.x + bounds.width);
          g_assert_cmpfloat (y + 1, >, bounds.y);
          g_assert_cmpfloat (y, <, bounds.y + bounds.height);
        }
  g_assert_cmpuint (count_marked (surface), <, 40);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("around", test_around);
  add ("none", test_none);
  add ("current", test_current);
  add ("many", test_many);
  add ("in-map", test_in_map);
  add ("glow", test_glow);
  add ("seek", test_seek);
  add ("seek-stays", test_seek_stays);
  return g_test_run ();
}
