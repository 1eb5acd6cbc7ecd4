/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much of the past is kept, and which moment answers for which. Needs no display. */

#include "psc-past.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START  (1000 * SECOND)

/* A snapshot of process `pid` so many seconds after the start, with so many runs. */
static PscSpace *
moment (gint pid, guint seconds, guint n_runs)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscMapping mapping = { .start = 4096,
                         .end = 4096 * (2 * (guint64) n_runs + 3),
                         .flags = PSC_MAPPING_PAGES_KNOWN,
                         .page_shift = 12,
                         .name = "" };

  space->pid = pid;
  space->time_usec = START + seconds * SECOND;
  space->host = psc_space_builder_intern (builder, "host", -1);
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  for (guint64 i = 0; i < n_runs; i++)
    g_assert_true (psc_space_builder_add_run (builder, 4096 * (2 * i + 1), 4096 * (2 * i + 2),
                                              PSC_PAGE_PRESENT));
  return psc_space_builder_freeze (builder);
}

static void
add (PscPast *past, gint pid, guint seconds, guint n_runs)
{
  g_autoptr (PscSpace) space = moment (pid, seconds, n_runs);

  psc_past_add (past, space);
}

/* Seconds after the start; G_MAXUINT: there is none. */
static guint
second_of (const PscSpace *space)
{
  return space != NULL ? (guint) ((space->time_usec - START) / SECOND) : G_MAXUINT;
}

static guint
second_at (const PscPast *past, gint64 seconds)
{
  return second_of (psc_past_get_at (past, START + seconds * SECOND));
}

static void
test_empty (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  g_assert_null (psc_past_get_mark (past));
  g_assert_null (psc_past_get_at (past, START));
  g_assert_false (psc_past_mark (past));
  psc_past_add (past, NULL);
  g_assert_cmpuint (psc_past_get_n_kept (past), ==, 0);
  psc_past_free (NULL);
}

/* The moment before is what was so. */
static void
test_moments (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  add (past, 1, 0, 0);
  add (past, 1, 3, 0);
  add (past, 1, 4, 0);
  g_assert_cmpuint (second_at (past, -1), ==, 0);
  g_assert_cmpuint (second_at (past, 0), ==, 0);
  g_assert_cmpuint (second_at (past, 2), ==, 0);
  g_assert_cmpuint (second_at (past, 3), ==, 3);
  g_assert_cmpuint (second_at (past, 100), ==, 4);
}

/* A minute and longer, every second: few are kept, every question is answered nearly right, and the
 * first stays. */
static void
test_long (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  for (guint second = 0; second <= 300; second++)
    {
      add (past, 1, second, 0);
      g_assert_cmpuint (psc_past_get_n_kept (past), <=, 30);
      for (guint ago = 0; ago <= MIN (second, PSC_PAST_SECONDS); ago++)
        {
          guint found = second_at (past, (gint64) second - ago);
          guint exact = second - ago;

          g_assert_cmpuint (found, <=, exact);
          g_assert_cmpuint (exact - found, <=, ago <= 12 ? 0 : 5);
        }
    }
  g_assert_cmpuint (second_of (psc_past_get_mark (past)), ==, 0);
}

/* Nothing happens for an hour: what was so then is what was so a minute ago. */
static void
test_still (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  add (past, 1, 0, 0);
  add (past, 1, 5, 0);
  add (past, 1, 3600, 0);
  g_assert_cmpuint (second_at (past, 3540), ==, 5);
  g_assert_cmpuint (psc_past_get_n_kept (past), ==, 2);
}

static void
test_mark (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  add (past, 1, 0, 0);
  g_assert_false (psc_past_has_mark (past));
  add (past, 1, 10, 0);
  g_assert_true (psc_past_mark (past));
  for (guint second = 11; second < 200; second++)
    add (past, 1, second, 0);
  g_assert_true (psc_past_has_mark (past));
  g_assert_cmpuint (second_of (psc_past_get_mark (past)), ==, 10);
}

static void
test_other_process (void)
{
  g_autoptr (PscPast) past = psc_past_new ();

  add (past, 1, 0, 0);
  psc_past_mark (past);
  add (past, 2, 5, 0);
  g_assert_false (psc_past_has_mark (past));
  g_assert_cmpuint (second_of (psc_past_get_mark (past)), ==, 5);
  g_assert_cmpuint (psc_past_get_n_kept (past), ==, 1);
  psc_past_add (past, NULL);
  g_assert_null (psc_past_get_mark (past));
}

/* Large ones are fewer; the newest always is there. */
static void
test_memory (void)
{
  const guint n_runs = PSC_PAST_MEMORY / sizeof (PscRun) / 4;
  g_autoptr (PscPast) past = psc_past_new ();

  for (guint second = 0; second < 8; second++)
    {
      add (past, 1, second, n_runs);
      g_assert_cmpuint (psc_past_get_n_kept (past), <=, 4);
      g_assert_cmpuint (second_at (past, second), ==, second);
    }
  g_assert_cmpuint (psc_past_get_n_kept (past), ==, 3);
  add (past, 1, 9, 5 * n_runs);
  g_assert_cmpuint (psc_past_get_n_kept (past), ==, 1);
  g_assert_cmpuint (second_at (past, 0), ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/past/empty", test_empty);
  g_test_add_func ("/past/moments", test_moments);
  g_test_add_func ("/past/long", test_long);
  g_test_add_func ("/past/still", test_still);
  g_test_add_func ("/past/mark", test_mark);
  g_test_add_func ("/past/other-process", test_other_process);
  g_test_add_func ("/past/memory", test_memory);
  return g_test_run ();
}
