/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A verdict with all that is shown of it, made by a worker: what the process can run into (its
 * limits, read when asked to) and the small curves of what is worth one. Reference counted, frozen
 * once made, any thread.
 */

#include "psc-sparkline.h"
#include "psc-worker.h"

G_BEGIN_DECLS

/* Limits as of a moment: the forecasts of verdicts point into them. */
typedef struct _PscKnownLimits PscKnownLimits;

PscKnownLimits *psc_known_limits_ref (PscKnownLimits *known);
/* NULL is allowed. */
void psc_known_limits_unref (PscKnownLimits *known);
const PscLimits *psc_known_limits_get (const PscKnownLimits *known);

typedef struct
{
  PscVerdict *verdict;
  PscSpark **sparks;      /* one for each finding; NULL of those that have nothing to show */
  PscKnownLimits *limits; /* those that it was compared with; NULL: with none */
  gint64 limits_usec;     /* when they were read now (monotonic); 0: they were not */
  char *limits_problem;   /* why they could not be read; NULL: they could, or nobody asked */
  gint64 cost_usec;       /* of making it */
} PscJudgement;

/* What it is to be made of, beside the timeline. All may be left out. */
typedef struct
{
  gint64 until_usec;      /* judged as of then; G_MAXINT64: now */
  PscWatch *watch;        /* whose limits are to be read */
  PscKnownLimits *limits; /* what is known of them, when they are not or can't be */
  PscSpace *space;        /* with limits: what the process has of what is limited */
  GArray *cold;           /* of PscColdSegment */
  guint64 orphan_bytes;
  const char *orphan_sentence;
} PscJudgementFacts;

/* Copies the timeline and takes references. */
void psc_judgement_new_async (const PscTimeline *timeline, const PscJudgementFacts *facts,
                              GAsyncReadyCallback callback, gpointer user_data);
/* NULL when the timeline had no moment. */
PscJudgement *psc_judgement_new_finish (GAsyncResult *result);
/* The same at once: blocks. */
PscJudgement *psc_judgement_new (const PscTimeline *timeline, const PscJudgementFacts *facts);
PscJudgement *psc_judgement_ref (PscJudgement *judgement);
/* NULL is allowed. */
void psc_judgement_unref (PscJudgement *judgement);

/* Has it something to say that is not "flat" or "can't leak"? */
gboolean psc_finding_is_worth_showing (const PscFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscKnownLimits, psc_known_limits_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscJudgement, psc_judgement_unref)

G_END_DECLS
