/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How often a process may be looked at, and how long it may be held up at a time, so that watching
 * costs no more than a share of one core, holds the process's mmap lock for no more than a share of
 * its time, and stalls it for no longer than a bound. Pure: told what
 * refreshes cost, it says when the next may begin and which hold to ask for. Plain data, one
 * thread.
 *
 * A target of 60,000 mappings takes some 70 ms a refresh whatever one does: at 5 % of a core it is
 * looked at every 1.4 s, whatever was wished for.
 */

#include "psc-space.h"

G_BEGIN_DECLS

#define PSC_BUDGET_SHARE 0.05 /* of one core */
/* Of the process's time. A process that does nothing but map and unmap loses what the lock is held,
 * and about as much for waking up after each hold: at 1.2 % it keeps 97 %. */
#define PSC_BUDGET_HELD       0.012
#define PSC_BUDGET_STALL_USEC 1000

/* Refreshes that are averaged over: one that was interrupted shouldn't slow down the rest. */
#define PSC_BUDGET_N_COSTS 4

typedef struct
{
  double share; /* above 0 */
  double held;  /* above 0 */
  guint stall_usec;
  /* private */
  gint64 work_usec[PSC_BUDGET_N_COSTS], held_usec[PSC_BUDGET_N_COSTS];
  guint n, at;
  guint hold_usec;
} PscBudget;

#define PSC_BUDGET_DEFAULT                                                                         \
  {                                                                                                \
    .share = PSC_BUDGET_SHARE, .held = PSC_BUDGET_HELD, .stall_usec = PSC_BUDGET_STALL_USEC        \
  }

/* A refresh was made (or handed out again, which costs a little, too). */
void psc_budget_add (PscBudget *budget, const PscCost *cost);
/* Time from the beginning of the last refresh to that of the next, in microseconds: what was wished
 * for, or longer when either share would be passed. */
gint64 psc_budget_next_delay_usec (const PscBudget *budget, gint64 wished_usec);
/* For PscCaptureOptions.hold_usec. Who waits for the target's lock waits for a whole hold at worst,
 * which is longer than was asked for where memory becomes denser, and then for its turn on a CPU:
 * so it begins at half the stall that is allowed. Shorter ones would cost the target more than they
 * spare it: after each it has to be woken. */
guint psc_budget_get_hold_usec (const PscBudget *budget);

G_END_DECLS
