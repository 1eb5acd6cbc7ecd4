/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the costs of refreshes become the time until the next, and the hold. */

#include "psc-budget.h"

#define MSEC 1000

static void
test_delay (void)
{
  static const struct
  {
    gint64 probe[6], core[6]; /* of refreshes one after another, ends with 0 */
    gint64 wished, delay;     /* microseconds */
  } cases[] = {
    /* Nothing known: as wished. */
    { { 0 }, { 0 }, 100 * MSEC, 100 * MSEC },
    /* Well within the budget. */
    { { 40 }, { 60 }, 100 * MSEC, 100 * MSEC },
    /* Just within it, and just beyond. */
    { { 3 * MSEC }, { 2 * MSEC }, 100 * MSEC, 100 * MSEC },
    { { 4 * MSEC }, { 2 * MSEC }, 100 * MSEC, 120 * MSEC },
    /* 60,000 mappings: both sides count. */
    { { 50 * MSEC }, { 20 * MSEC }, 100 * MSEC, 1400 * MSEC },
    { { 50 * MSEC }, { 20 * MSEC }, 2000 * MSEC, 2000 * MSEC },
    /* One that was interrupted counts for a quarter. */
    { { 4 * MSEC, 4 * MSEC, 4 * MSEC, 20 * MSEC }, { 1, 1, 1, 1 }, 100 * MSEC, 160 * MSEC + 20 },
    /* And is forgotten. */
    { { 20 * MSEC, 4 * MSEC, 4 * MSEC, 4 * MSEC, 4 * MSEC }, { 0 }, 100 * MSEC, 100 * MSEC },
    /* A clock that went backwards. */
    { { -5 * MSEC }, { -5 * MSEC }, 100 * MSEC, 100 * MSEC },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscBudget budget = PSC_BUDGET_DEFAULT;

      for (guint j = 0; cases[i].probe[j] != 0; j++)
        {
          PscCost cost = { .probe_usec = cases[i].probe[j], .core_usec = cases[i].core[j] };

          psc_budget_add (&budget, &cost);
        }
      g_assert_cmpint (psc_budget_next_delay_usec (&budget, cases[i].wished), ==, cases[i].delay);
    }
}

static void
test_share (void)
{
  PscBudget budget = { .share = 0.5, .held = 0.25, .stall_usec = 1000 };
  PscCost cost = { .probe_usec = 100 * MSEC };

  psc_budget_add (&budget, &cost);
  g_assert_cmpint (psc_budget_next_delay_usec (&budget, 0), ==, 200 * MSEC);
}

/* The process's lock is dearer than a core: what holds it decides. */
static void
test_held (void)
{
  PscBudget budget = { .share = 0.5, .held = 0.25, .stall_usec = 1000 };
  PscCost cost = { .probe_usec = 100 * MSEC, .held_usec = 90 * MSEC };

  psc_budget_add (&budget, &cost);
  g_assert_cmpint (psc_budget_next_delay_usec (&budget, 0), ==, 360 * MSEC);
  cost.held_usec = 10 * MSEC;
  psc_budget_add (&budget, &cost);
  g_assert_cmpint (psc_budget_next_delay_usec (&budget, 0), ==, 200 * MSEC);
}

static void
test_hold (void)
{
  static const struct
  {
    gint64 longest[9]; /* ends with 0 */
    guint hold;
  } cases[] = {
    { { 0 }, 500 },
    /* As asked for. */
    { { 333, 900 }, 500 },
    /* Too long once, and for ever: but never without bound. */
    { { 1001 }, 250 },
    { { 5000, 5000, 5000, 5000, 5000 }, 100 },
    /* Grows back, and not beyond where it began. */
    { { 5000, 400 }, 281 },
    { { 5000, 400, 400, 400, 400, 400, 400, 400 }, 500 },
    { { 100, 100, 100 }, 500 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscBudget budget = PSC_BUDGET_DEFAULT;

      for (guint j = 0; cases[i].longest[j] != 0; j++)
        {
          PscCost cost = { .longest_hold_usec = cases[i].longest[j] };

          psc_budget_add (&budget, &cost);
        }
      g_assert_cmpuint (psc_budget_get_hold_usec (&budget), ==, cases[i].hold);
    }
}

/* A refresh that handed out the last snapshot again held nothing, and says nothing of holds. */
static void
test_no_hold (void)
{
  PscBudget budget = PSC_BUDGET_DEFAULT;
  PscCost slow = { .longest_hold_usec = 5000 }, none = { .probe_usec = 20 };

  psc_budget_add (&budget, &slow);
  for (guint i = 0; i < 20; i++)
    psc_budget_add (&budget, &none);
  g_assert_cmpuint (psc_budget_get_hold_usec (&budget), ==, 250);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/budget/delay", test_delay);
  g_test_add_func ("/budget/share", test_share);
  g_test_add_func ("/budget/held", test_held);
  g_test_add_func ("/budget/hold", test_hold);
  g_test_add_func ("/budget/no-hold", test_no_hold);
  return g_test_run ();
}
