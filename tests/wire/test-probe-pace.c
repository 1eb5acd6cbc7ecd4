/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a scan paces itself, on a clock that the test invents. */

#include <glib.h>
#include "psc-probe-pace.h"

#define HOLD_USEC 1000
#define HOLD_NSEC (HOLD_USEC * G_GUINT64_CONSTANT (1000))
#define GIB       (G_GUINT64_CONSTANT (1) << 30)
#define TIB       (G_GUINT64_CONSTANT (1) << 40)
#define PAGE      G_GUINT64_CONSTANT (4096)

/* Memory as far as the pace is concerned: `hole` bytes of nothing, then dense pages. */
typedef struct
{
  const char *name;
  guint64 hole_bytes;
  guint64 dense_bytes;
  double page_nsec;         /* a page that is there */
  double hole_nsec_per_gib; /* absent memory */
  guint max_calls;
  double max_hold; /* longest call, in holds, that is tolerated */
} Space;

static const Space spaces[] = {
  { "dense", 0, 8 * GIB, 13, 0, 60, 1 },
  { "slow", 0, 2 * GIB, 50, 0, 60, 1 },
  { "one-page-mappings", 0, GIB / 4, 363, 0, 60, 2 },
  { "huge", 0, 64 * GIB, 0.2, 0, 100, 1 },
  { "hole", 127 * TIB, 0, 0, 0, 20, 1 },
  { "hole-then-dense", 100 * TIB, 4 * GIB, 13, 0, 60, 1 },
  { "hole-then-one-page-mappings", 100 * TIB, GIB / 4, 363, 0, 60, 2 },
  { "untouched-with-tables", 4 * TIB, 0, 0, 14000, 120, 2 },
};

static guint64
simulate (const Space *space, guint64 *at, struct probe_pace *pace)
{
  guint64 end = MIN (*at + pace->step, space->hole_bytes + space->dense_bytes);
  guint64 hole_end = MIN (end, space->hole_bytes);
  guint64 n_hole = hole_end > *at ? hole_end - *at : 0;
  guint64 n_dense = end - *at - n_hole;
  gboolean cut = pace->n_pages != 0 && n_dense > pace->n_pages * PAGE;
  struct probe_pace_call call;

  if (cut)
    n_dense = pace->n_pages * PAGE;
  *at += n_hole + n_dense;
  call.elapsed_nsec = 10000 + (guint64) ((double) n_hole / GIB * space->hole_nsec_per_gib +
                                         (double) (n_dense / PAGE) * space->page_nsec);
  call.reached_end = *at == end;
  call.cut_by_pages = cut;
  call.found_nothing = n_dense == 0;
  probe_pace_learn (pace, &call);
  return call.elapsed_nsec;
}

static void
test_space (gconstpointer data)
{
  const Space *space = data;
  struct probe_pace pace;
  guint64 at = 0, longest_nsec = 0;
  guint n_calls = 0;

  probe_pace_init (&pace, HOLD_USEC, 0, FALSE);
  for (; at < space->hole_bytes + space->dense_bytes; n_calls++)
    {
      guint64 elapsed_nsec = simulate (space, &at, &pace);

      longest_nsec = MAX (longest_nsec, elapsed_nsec);
      g_assert_cmpuint (pace.step % PROBE_PACE_LEAST_BYTES, ==, 0);
      g_assert_cmpuint (pace.step, >=, PROBE_PACE_LEAST_BYTES);
      g_assert_cmpuint (pace.n_pages, >=, PROBE_PACE_LEAST_PAGES);
    }
  g_test_message ("%u calls, longest %.2f holds", n_calls, (double) longest_nsec / HOLD_NSEC);
  g_assert_cmpuint (n_calls, <=, space->max_calls);
  g_assert_cmpfloat ((double) longest_nsec, <=, space->max_hold * (double) HOLD_NSEC);
}

/* Whatever it hears, steps stay within bounds and on page borders. */
static void
test_bounds (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (guint i = 0; i < 2000; i++)
    {
      struct probe_pace pace;
      guint32 hold_usec = g_rand_int (random) % 1000000 + 1;
      gboolean matches_holes = g_rand_boolean (random);

      probe_pace_init (&pace, hold_usec, 0, matches_holes);
      for (guint j = 0; j < 50; j++)
        {
          struct probe_pace_call call = {
            .elapsed_nsec = g_rand_int (random) >> g_rand_int_range (random, 0, 31),
            .reached_end = g_rand_boolean (random),
            .cut_by_pages = g_rand_boolean (random),
            .found_nothing = g_rand_boolean (random),
          };

          probe_pace_learn (&pace, &call);
          g_assert_cmpuint (pace.step % 65536, ==, 0);
          g_assert_cmpuint (pace.step, >=, PROBE_PACE_LEAST_BYTES);
          g_assert_cmpuint (pace.step, <=, pace.most_step);
          g_assert_cmpint (pace.n_pages == 0, ==, matches_holes);
        }
    }
}

static void
test_no_pace (void)
{
  const struct probe_pace_call slow = { .elapsed_nsec = G_GUINT64_CONSTANT (60000000000) };
  struct probe_pace pace;

  probe_pace_init (&pace, 0, 1000000, FALSE);
  probe_pace_learn (&pace, &slow);
  g_assert_cmpuint (pace.step, ==, G_MAXUINT64);
  g_assert_cmpuint (pace.n_pages, ==, 0);
  g_assert_false (probe_pace_rest (&pace));
}

/* Sleeps come after a quarter of the hold, in one call or in many. */
static void
test_rest (void)
{
  struct probe_pace_call call = { .elapsed_nsec = HOLD_NSEC / 10, .reached_end = true };
  struct probe_pace pace;
  gint64 began_usec;

  probe_pace_init (&pace, HOLD_USEC, 500, FALSE);
  for (guint i = 0; i < 2; i++)
    {
      probe_pace_learn (&pace, &call);
      g_assert_false (probe_pace_rest (&pace));
    }
  probe_pace_learn (&pace, &call);
  began_usec = g_get_monotonic_time ();
  g_assert_true (probe_pace_rest (&pace));
  g_assert_cmpint (g_get_monotonic_time () - began_usec, >=, 500);
  g_assert_false (probe_pace_rest (&pace));
  call.elapsed_nsec = HOLD_NSEC / 4;
  probe_pace_learn (&pace, &call);
  g_assert_true (probe_pace_rest (&pace));
}

/* Reads of pagemap: from all of it down to the least and back. */
static void
test_fixed (void)
{
  struct probe_pace_call call = { .elapsed_nsec = 2 * HOLD_NSEC, .reached_end = true };
  struct probe_pace pace;

  probe_pace_init_fixed (&pace, HOLD_USEC, 0, 4096, 65536);
  g_assert_cmpuint (pace.step, ==, 65536);
  for (guint i = 0; i < 6; i++)
    probe_pace_learn (&pace, &call);
  g_assert_cmpuint (pace.step, ==, 4096);
  call.elapsed_nsec = HOLD_NSEC / 3;
  for (guint i = 0; i < 6; i++)
    probe_pace_learn (&pace, &call);
  g_assert_cmpuint (pace.step, ==, 65536);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *path = g_strconcat ("/pace/", spaces[i].name, NULL);

      g_test_add_data_func (path, &spaces[i], test_space);
    }
  g_test_add_func ("/pace/bounds", test_bounds);
  g_test_add_func ("/pace/no-pace", test_no_pace);
  g_test_add_func ("/pace/rest", test_rest);
  g_test_add_func ("/pace/fixed", test_fixed);
  return g_test_run ();
}
