/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One look for what a process does not touch, with a probe of its own, since clearing is nothing
 * that the window's other probes may do: opens the process, has the kernel forget what was touched,
 * waits, and reads what was touched since. Or, writing nothing, the reading by frames. Never begins
 * by itself. Thread of the window only; what blocks is done by workers.
 *
 * Signals, without arguments: "changed" (phase or progress), "ended": psc_cold_job_take_cold() or
 * an error; not after psc_cold_job_cancel().
 */

#include "psc-worker.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_COLD_CLEARING, /* begun */
  PSC_COLD_WAITING,
  PSC_COLD_READING,
  PSC_COLD_ENDED,
} PscColdPhase;

#define PSC_TYPE_COLD_JOB (psc_cold_job_get_type ())
G_DECLARE_FINAL_TYPE (PscColdJob, psc_cold_job, PSC, COLD_JOB, GObject)

/* Begins. root, via: as for PscProbeSource. space: of the process as the window knows it; one that
 * has its PID and is another is left alone. wait_usec 0: reads frames, and clears nothing. */
PscColdJob *psc_cold_job_new (const char *root, const char *via, PscSpace *space, gint64 wait_usec);
PscColdPhase psc_cold_job_get_phase (PscColdJob *self);
/* Of the wait: 0 to 1, and what is left of it. */
double psc_cold_job_get_progress (PscColdJob *self, gint64 *left_usec);
/* Why there is nothing; NULL: there is, or it has not ended. PSC_PROBE_ERROR. */
const GError *psc_cold_job_get_error (PscColdJob *self);
/* What it has found, once; the caller owns it. */
PscCold *psc_cold_job_take_cold (PscColdJob *self);
/* Wall clock of the look, and for how long the process had been watched before. */
gint64 psc_cold_job_get_time (PscColdJob *self, gint64 *span_usec);
/* How long clearing took; 0: nothing was cleared. */
gint64 psc_cold_job_get_clear_usec (PscColdJob *self);
/* Ends it as soon as may be. What was cleared stays so. */
void psc_cold_job_cancel (PscColdJob *self);

G_END_DECLS
