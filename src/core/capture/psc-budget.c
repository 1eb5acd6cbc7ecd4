/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-budget.h"

/* A shorter hold makes more calls than it saves the target. */
#define LEAST_HOLD_USEC 100

static guint
most_hold (const PscBudget *budget)
{
  return MAX (budget->stall_usec / 2, LEAST_HOLD_USEC);
}

guint
psc_budget_get_hold_usec (const PscBudget *budget)
{
  return budget->hold_usec > 0 ? budget->hold_usec : most_hold (budget);
}

/* Shrinks at once, and grows back slowly. */
static void
learn_hold (PscBudget *budget, gint64 longest_usec)
{
  guint hold = psc_budget_get_hold_usec (budget);

  if (longest_usec > (gint64) budget->stall_usec)
    hold /= 2;
  else if (longest_usec < (gint64) budget->stall_usec / 2)
    hold += hold / 8;
  budget->hold_usec = CLAMP (hold, LEAST_HOLD_USEC, most_hold (budget));
}

void
psc_budget_add (PscBudget *budget, const PscCost *cost)
{
  budget->work_usec[budget->at] = MAX (cost->probe_usec, 0) + MAX (cost->core_usec, 0);
  budget->held_usec[budget->at] = MAX (cost->held_usec, 0);
  budget->at = (budget->at + 1) % PSC_BUDGET_N_COSTS;
  budget->n = MIN (budget->n + 1, PSC_BUDGET_N_COSTS);
  if (cost->longest_hold_usec > 0)
    learn_hold (budget, cost->longest_hold_usec);
}

gint64
psc_budget_next_delay_usec (const PscBudget *budget, gint64 wished_usec)
{
  double work = 0, held = 0, least_usec;

  if (budget->n == 0)
    return wished_usec;
  for (guint i = 0; i < budget->n; i++)
    {
      work += (double) budget->work_usec[i];
      held += (double) budget->held_usec[i];
    }
  least_usec = MAX (work / budget->share, held / budget->held) / budget->n;
  return MAX (wished_usec, (gint64) least_usec);
}
