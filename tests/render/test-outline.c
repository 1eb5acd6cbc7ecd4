/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Outlines are around what they are of: every bar lies outside of the pages of the range and beside
 * one of them, and every page of the range is on the other side of some bar from what is beside. */

#include "psc-outline.h"
#include "psc-test-space.h"

#define WIDTH  640
#define HEIGHT 480
#define LINE   2.0

/* 8 MiB, words with a gap, 16 MiB. */
#define SPACE                                                                                      \
  "40000000 800000 rw-p a 2048 r 1\n60000000 5000 rw-p b 5 r 1\n60010000 8000 rw-p c 8 r 1\n"      \
  "70000000 1000000 rw-p d 4096 r 2"

static const struct
{
  guint64 start, end;
  guint least_bars, most_bars;
} ranges[] = {
  { 0x40000000, 0x40001000, 4, 4 },  /* a page */
  { 0x40000000, 0x40200000, 4, 4 },  /* a row */
  { 0x40100000, 0x40300000, 6, 10 }, /* the end of one and the beginning of the next */
  { 0x40100000, 0x40700000, 8, 14 }, /* and rows between */
  { 0x60000000, 0x60005000, 4, 4 },  /* a word */
  { 0x60010000, 0x60018000, 4, 4 },  /* the one beside it */
};

static gboolean
is_in (guint64 address, guint i)
{
  return address >= ranges[i].start && address < ranges[i].end;
}

static gboolean
on_bar (GArray *bars, double x, double y)
{
  for (guint i = 0; i < bars->len; i++)
    {
      const PscRect *bar = &g_array_index (bars, PscRect, i);

      if (x >= bar->x && x < bar->x + bar->width && y >= bar->y && y < bar->y + bar->height)
        return TRUE;
    }
  return FALSE;
}

/* Whether the page at a point is of the range; the blank is not. */
static gboolean
inside (const PscView *view, const PscLayout *layout, double x, double y, guint i)
{
  PscPlace place = psc_view_hit (view, layout, x, y);

  return place.type == PSC_PLACE_PAGE && is_in (place.start, i);
}

/* Along each line of pixels: from the inside to the outside there is a bar. */
static void
check_closed (const PscView *view, const PscLayout *layout, GArray *bars, guint i)
{
  for (double y = 0.5; y < HEIGHT; y += 3)
    for (double x = 0.5; x < WIDTH - 1; x++)
      if (inside (view, layout, x, y, i) != inside (view, layout, x + 1, y, i))
        g_assert_true (on_bar (bars, x, y) || on_bar (bars, x + 1, y) || on_bar (bars, x + 2, y) ||
                       on_bar (bars, x - 1, y));
  for (double x = 0.5; x < WIDTH; x += 3)
    for (double y = 0.5; y < HEIGHT - 1; y++)
      if (inside (view, layout, x, y, i) != inside (view, layout, x, y + 1, i))
        g_assert_true (on_bar (bars, x, y) || on_bar (bars, x, y + 1) || on_bar (bars, x, y + 2) ||
                       on_bar (bars, x, y - 1));
}

static void
check_sides (const PscView *view, GArray *bars, double pages_right)
{
  for (guint b = 0; b < bars->len; b++)
    {
      const PscRect *bar = &g_array_index (bars, PscRect, b);

      g_assert_cmpfloat (MIN (bar->width, bar->height), <=, LINE + 0.001);
      g_assert_cmpfloat (bar->x, >=, -LINE);
      g_assert_cmpfloat (bar->y, >=, -LINE);
      g_assert_cmpfloat (bar->x + bar->width, <=, pages_right + LINE + 0.001);
      g_assert_cmpfloat (bar->y + bar->height, <=, HEIGHT + LINE + 0.001);
    }
}

static void
test_outline (gconstpointer data)
{
  PscLayoutOptions options = { .low_at_top = GPOINTER_TO_INT (data) };
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = psc_layout_new (space, &options);

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (GArray) bars = NULL;
      PscView view;

      psc_view_fit (&view, layout, WIDTH, HEIGHT);
      psc_view_show_range (&view, layout, ranges[i].start, ranges[i].end);
      bars = psc_outline_new (&view, layout, ranges[i].start, ranges[i].end, LINE, 1);
      g_assert_cmpuint (bars->len, >=, ranges[i].least_bars);
      g_assert_cmpuint (bars->len, <=, ranges[i].most_bars);
      check_sides (&view, bars, WIDTH);
      check_closed (&view, layout, bars, i);
    }
}

/* Out of view there is nothing, and what is too small to see is drawn large enough. */
static void
test_edges (void)
{
  g_autoptr (PscSpace) space = psc_test_space_new (SPACE);
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  g_autoptr (GArray) away = NULL, small = NULL;
  PscView view;

  psc_view_fit (&view, layout, WIDTH, HEIGHT);
  small = psc_outline_new (&view, layout, 0x40345000, 0x40346000, LINE, 9);
  g_assert_cmpuint (small->len, ==, 4);
  g_assert_cmpfloat (g_array_index (small, PscRect, 0).width, >=, 9);
  psc_view_show_range (&view, layout, 0x70000000, 0x70001000);
  away = psc_outline_new (&view, layout, 0x40000000, 0x40001000, LINE, 9);
  g_assert_cmpuint (away->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/outline/bottom", GINT_TO_POINTER (0), test_outline);
  g_test_add_data_func ("/outline/top", GINT_TO_POINTER (1), test_outline);
  g_test_add_func ("/outline/edges", test_edges);
  return g_test_run ();
}
