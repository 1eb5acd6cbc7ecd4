/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Properties of the way between two views, on layouts with blocks, lines, folds and rules: it ends
 * where it should, has no jumps, zooms out at most once, and can be broken off anywhere. */

#include "psc-path.h"

#include <math.h>

#include "psc-test-space.h"

#define WIDTH  1000
#define HEIGHT 640
#define STEPS  800

/* 256 MiB, words and folds, a rule, 1 GiB, a rule, 64 MiB. */
#define SPACE                                                                                      \
  "40000000 10000000 rw-p a 65536 r 1\n60000000 5000 rw-p b 5 r 1\n"                               \
  "60010000 300000 rw-p c 4 r 1\n800000000 40000000 rw-p d 262144 r 2\n"                           \
  "7f0000000000 4000000 r-xp e 16384 f 1"

static const struct
{
  const char *name;
  guint64 from[2], to[2]; /* what is in view; 0, 0: everything */
  gboolean travels;
} ways[] = {
  { "in", { 0, 0 }, { 0x40000000, 0x42000000 }, FALSE },
  { "in to a page", { 0, 0 }, { 0x800345000, 0x800346000 }, FALSE },
  { "out from a page", { 0x800345000, 0x800346000 }, { 0, 0 }, FALSE },
  { "next row", { 0x800200000, 0x800400000 }, { 0x800400000, 0x800600000 }, FALSE },
  { "page to its neighbour", { 0x800345000, 0x800346000 }, { 0x800346000, 0x800347000 }, FALSE },
  { "end to end", { 0x40000000, 0x40001000 }, { 0x7f0003fff000, 0x7f0004000000 }, TRUE },
  { "block to block", { 0x40000000, 0x41000000 }, { 0x830000000, 0x831000000 }, TRUE },
  { "page to row", { 0x40000000, 0x40001000 }, { 0x830000000, 0x830200000 }, TRUE },
  { "row to word", { 0x830000000, 0x830200000 }, { 0x60000000, 0x60005000 }, TRUE },
  { "along a row", { 0x800200000, 0x800201000 }, { 0x8003ff000, 0x800400000 }, TRUE },
  { "nowhere", { 0x830000000, 0x830200000 }, { 0x830000000, 0x830200000 }, FALSE },
};

typedef PscTestMap Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  psc_test_map_init (fixture, SPACE, GPOINTER_TO_INT (data));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_test_map_clear (fixture);
}

static PscView
view_of (const PscLayout *layout, const guint64 range[2])
{
  PscView view;

  psc_view_fit (&view, layout, WIDTH, HEIGHT);
  if (range[0] < range[1])
    psc_view_show_range (&view, layout, range[0], range[1]);
  return view;
}

static PscPath
path_of (const PscLayout *layout, guint i)
{
  PscView from = view_of (layout, ways[i].from), to = view_of (layout, ways[i].to);
  PscPath path;

  psc_path_init (&path, layout, &from, &to);
  return path;
}

static void
assert_same (const PscView *a, const PscView *b, double epsilon)
{
  g_assert_cmpfloat_with_epsilon (a->row_height, b->row_height, epsilon);
  g_assert_cmpfloat_with_epsilon (a->x, b->x, epsilon);
  g_assert_cmpfloat_with_epsilon (a->y, b->y, epsilon);
}

static void
test_kind (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      PscPath path = path_of (fixture->layout, i);

      g_test_message ("%s: travels %d, length %.2f, %u ms", ways[i].name, path.travels, path.length,
                      psc_path_duration_ms (&path));
      g_assert_cmpint (path.travels, ==, ways[i].travels);
      g_assert_cmpfloat (path.length, >=, 0);
      g_assert_cmpuint (psc_path_duration_ms (&path), >=, 150);
      g_assert_cmpuint (psc_path_duration_ms (&path), <=, 900);
    }
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      PscView from = view_of (fixture->layout, ways[i].from);
      PscView to = view_of (fixture->layout, ways[i].to);
      PscPath path = path_of (fixture->layout, i);
      PscView first = psc_path_at (&path, fixture->layout, 0);
      PscView last = psc_path_at (&path, fixture->layout, 1);

      g_assert_cmpmem (&first, sizeof first, &from, sizeof from);
      g_assert_cmpmem (&last, sizeof last, &to, sizeof to);
      /* And comes close to them before it is there. */
      first = psc_path_at (&path, fixture->layout, 1e-9);
      last = psc_path_at (&path, fixture->layout, 1 - 1e-9);
      assert_same (&first, &from, 0.05);
      assert_same (&last, &to, 0.05);
    }
}

/* What moves under the eye from one frame to the next: the middle of the screen, in px, and zoom.
 */
static void
test_continuous (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      PscPath path = path_of (fixture->layout, i);
      PscView last = psc_path_at (&path, fixture->layout, 0);
      /* Of all that moves, a share of a view and no more, however far the way is. */
      double most = HEIGHT * (path.length + 1) * 6 / STEPS;

      for (guint step = 1; step <= STEPS; step++)
        {
          PscView view = psc_path_at (&path, fixture->layout, (double) step / STEPS);
          double ratio = view.row_height / last.row_height;
          PscView still = last;

          /* Undo the zoom around the middle; what is left is the movement. */
          psc_view_zoom (&still, fixture->layout, ratio, WIDTH / 2.0, HEIGHT / 2.0);
          g_assert_cmpfloat (fabs (log (ratio)), <=, 3.5 * (path.length + 0.1) / STEPS);
          g_assert_cmpfloat (fabs (still.y - view.y), <=, most);
          g_assert_cmpfloat (fabs (still.x - view.x), <=, most * 3);
          last = view;
        }
    }
}

/* Out once, then in: the row height has one least value, and none before or after it is less. */
static void
test_zooms_out_once (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      PscPath path = path_of (fixture->layout, i);
      double lowest = psc_view_fit_row_height (fixture->layout, WIDTH, HEIGHT);
      double last = path.from.row_height;
      gboolean inwards = FALSE;

      for (guint step = 1; step <= STEPS; step++)
        {
          double height = psc_path_at (&path, fixture->layout, (double) step / STEPS).row_height;

          g_assert_cmpfloat (height, >=, lowest * 0.999999);
          if (height > last * 1.000001)
            inwards = TRUE;
          else if (inwards)
            g_assert_cmpfloat (height, >=, last * 0.999999);
          last = height;
        }
    }
}

/* In the middle of a long way the eye sees both ends, or nearly so. */
static void
test_both_in_sight (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      PscPath path = path_of (fixture->layout, i);
      double least = G_MAXDOUBLE;

      if (!path.travels)
        continue;
      for (guint step = 0; step <= STEPS; step++)
        least = MIN (least, psc_path_at (&path, fixture->layout, (double) step / STEPS).row_height);
      g_assert_cmpfloat (HEIGHT / least, >=, path.distance * 0.7);
      g_assert_cmpfloat (least, <, MIN (path.from.row_height, path.to.row_height) * 1.0001);
    }
}

/* Broken off anywhere, another way goes on from exactly there. */
static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    for (double share = 0.05; share < 1; share += 0.13)
      {
        PscPath path = path_of (fixture->layout, i), other;
        PscView at = psc_path_at (&path, fixture->layout, share);
        PscView back;

        psc_path_init (&other, fixture->layout, &at, &path.from);
        back = psc_path_at (&other, fixture->layout, 0);
        g_assert_cmpmem (&back, sizeof back, &at, sizeof at);
        back = psc_path_at (&other, fixture->layout, 1e-9);
        assert_same (&back, &at, 0.05);
        back = psc_path_at (&other, fixture->layout, 1);
        g_assert_cmpmem (&back, sizeof back, &path.from, sizeof back);
      }
}

/* A zoom at a point keeps what is there where it is, all the way. */
static void
test_holds_point (Fixture *fixture, gconstpointer data)
{
  static const double points[][2] = { { 500, 320 }, { 20, 20 }, { 980, 620 }, { 300, 500 } };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      PscView from = view_of (fixture->layout, (const guint64[]){ 0x800000000, 0x810000000 });
      PscView to = from;
      PscPath path;
      double rows, rules, there, those;

      psc_view_down (&from, fixture->layout, points[i][1], &rows, &rules);
      psc_view_zoom (&to, fixture->layout, 3, points[i][0], points[i][1]);
      psc_path_init (&path, fixture->layout, &from, &to);
      for (double share = 0; share <= 1; share += 0.05)
        {
          PscView view = psc_path_at (&path, fixture->layout, share);

          psc_view_down (&view, fixture->layout, points[i][1], &there, &those);
          g_assert_cmpfloat_with_epsilon (there, rows, 0.01);
          g_assert_cmpfloat_with_epsilon (those, rules, 0.01);
        }
    }
}

/* Nothing to show: no way, and no division by what isn't there. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscSpace) space = psc_test_space_new ("");
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  PscView from, to, at;
  PscPath path;

  psc_view_fit (&from, layout, WIDTH, HEIGHT);
  to = from;
  to.row_height *= 2;
  psc_path_init (&path, layout, &from, &to);
  at = psc_path_at (&path, layout, 0.5);
  g_assert_true (isfinite (at.x) && isfinite (at.y) && isfinite (at.row_height));
}

static const struct
{
  const char *name;
  void (*test) (Fixture *, gconstpointer);
} tests[] = {
  { "kind", test_kind },
  { "ends", test_ends },
  { "continuous", test_continuous },
  { "zooms-out-once", test_zooms_out_once },
  { "both-in-sight", test_both_in_sight },
  { "interrupted", test_interrupted },
  { "holds-point", test_holds_point },
  { "empty", test_empty },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int low_at_top = 0; low_at_top < 2; low_at_top++)
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path =
            g_strdup_printf ("/path/%s/%s", low_at_top ? "top" : "bottom", tests[i].name);

        g_test_add (path, Fixture, GINT_TO_POINTER (low_at_top), set_up, tests[i].test, tear_down);
      }
  return g_test_run ();
}
