/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What moves on after the hand has let go. */

#include "psc-glide.h"

#include <math.h>

typedef struct
{
  double dx, dy, zoom, seconds, fastest;
} Sum;

/* All that a push gives out until it rests, at so many frames a second. */
static Sum
run (PscGlide glide, double frames_per_second)
{
  Sum sum = { 0 };
  gboolean moving = TRUE;

  while (moving)
    {
      double dx, dy, factor;

      moving = psc_glide_step (&glide, 1 / frames_per_second, &dx, &dy, &factor);
      sum.dx += dx;
      sum.dy += dy;
      sum.zoom += log (factor);
      sum.seconds += 1 / frames_per_second;
      sum.fastest = MAX (sum.fastest, hypot (dx, dy) * frames_per_second);
      g_assert_cmpfloat (sum.seconds, <, 5);
    }
  g_assert_false (psc_glide_is_moving (&glide));
  return sum;
}

/* The same way at any rate of frames. */
static void
test_frames (void)
{
  static const double rates[] = { 10, 30, 60, 144 };
  static const PscGlide pushes[] = { { 1500, -600, 0 }, { 100, 0, 0 }, { 0, 4000, 0 },
                                     { 0, 0, 1.2 },     { 0, 0, -3 },  { 300, 300, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (pushes); i++)
    {
      Sum expected = run (pushes[i], 1000);

      for (guint j = 0; j < G_N_ELEMENTS (rates); j++)
        {
          Sum sum = run (pushes[i], rates[j]);

          g_assert_cmpfloat_with_epsilon (sum.dx, expected.dx, 4);
          g_assert_cmpfloat_with_epsilon (sum.dy, expected.dy, 4);
          g_assert_cmpfloat_with_epsilon (sum.zoom, pushes[i].zoom, 1e-9);
        }
    }
}

static void
test_slows_down (void)
{
  PscGlide glide = { .vx = 2000, .vy = -2000 };
  double last = G_MAXDOUBLE, dx, dy, factor;
  guint steps = 0;

  while (psc_glide_step (&glide, 1 / 60.0, &dx, &dy, &factor))
    {
      g_assert_cmpfloat (dx, <, last);
      g_assert_cmpfloat (dx, >, 0);
      g_assert_cmpfloat_with_epsilon (dx, -dy, 1e-9);
      g_assert_cmpfloat (factor, ==, 1);
      last = dx;
      steps++;
    }
  /* About a second: to be felt, not to be waited for. */
  g_assert_cmpuint (steps, >, 30);
  g_assert_cmpuint (steps, <, 120);
}

static void
test_stop (void)
{
  PscGlide glide = { .vx = 900, .zoom = 2 };
  double dx, dy, factor;

  psc_glide_step (&glide, 1 / 60.0, &dx, &dy, &factor);
  psc_glide_stop (&glide);
  g_assert_false (psc_glide_step (&glide, 1 / 60.0, &dx, &dy, &factor));
  g_assert_cmpfloat (dx, ==, 0);
  g_assert_cmpfloat (factor, ==, 1);
}

/* However hard it is pushed. */
static void
test_bounded (void)
{
  g_assert_cmpfloat (run ((PscGlide){ 1e9, -1e9, 0 }, 60).fastest, <, 20000);
}

static const struct
{
  const char *name;
  guint n_moves;
  gint64 every_usec, rest_usec; /* between moves; from the last one to letting go */
  double dx, dy;                /* of each */
  double vx, vy;
} hands[] = {
  { "steady", 10, 10000, 0, 5, -2, 500, -200 },
  { "two moves", 2, 20000, 0, 8, 0, 400, 0 },
  { "one move says nothing", 1, 10000, 0, 50, 50, 0, 0 },
  { "held before letting go", 10, 10000, 90000, 5, 5, 0, 0 },
  { "let go a little later", 5, 10000, 10000, 10, 0, 800, 0 },
  { "all at once", 6, 0, 0, 50, 0, 0, 0 },
  { "more than is kept", 60, 8000, 0, 4, 4, 500, 500 },
};

static void
test_track (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hands); i++)
    {
      PscTrack track = { 0 };
      gint64 now = 5 * G_USEC_PER_SEC;
      double vx, vy;

      for (guint n = 0; n < hands[i].n_moves; n++)
        psc_track_add (&track, now += hands[i].every_usec, hands[i].dx, hands[i].dy);
      psc_track_get_velocity (&track, now + hands[i].rest_usec, &vx, &vy);
      g_test_message ("%s: %.0f %.0f", hands[i].name, vx, vy);
      g_assert_cmpfloat_with_epsilon (vx, hands[i].vx, 1);
      g_assert_cmpfloat_with_epsilon (vy, hands[i].vy, 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/glide/frames", test_frames);
  g_test_add_func ("/glide/slows-down", test_slows_down);
  g_test_add_func ("/glide/stop", test_stop);
  g_test_add_func ("/glide/bounded", test_bounded);
  g_test_add_func ("/glide/track", test_track);
  return g_test_run ();
}
