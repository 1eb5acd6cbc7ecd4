/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-judgement.h"

/* Beyond so many nobody reads them, and each is a walk along the timeline. */
#define MOST_SPARKS 24

/* --- limits -------------------------------------------------------------------------------- */

struct _PscKnownLimits
{
  PscLimits *limits;
};

static void
clear_known_limits (gpointer data)
{
  psc_limits_free (((PscKnownLimits *) data)->limits);
}

PscKnownLimits *
psc_known_limits_ref (PscKnownLimits *known)
{
  return g_atomic_rc_box_acquire (known);
}

void
psc_known_limits_unref (PscKnownLimits *known)
{
  if (known != NULL)
    g_atomic_rc_box_release_full (known, clear_known_limits);
}

const PscLimits *
psc_known_limits_get (const PscKnownLimits *known)
{
  return known->limits;
}

static PscKnownLimits *
read_limits (PscWatch *watch, GError **error)
{
  PscLimits *limits = psc_watch_read_limits (watch, error);
  PscKnownLimits *known;

  if (limits == NULL)
    return NULL;
  known = g_atomic_rc_box_new0 (PscKnownLimits);
  known->limits = limits;
  return known;
}

/* --- judging ------------------------------------------------------------------------------- */

gboolean
psc_finding_is_worth_showing (const PscFinding *finding)
{
  if (finding->what == PSC_FINDING_FIXED)
    return FALSE;
  if (finding->severity > PSC_SEVERITY_NOTHING)
    return TRUE;
  return finding->what == PSC_FINDING_SEGMENT && finding->trend.shape > PSC_GROWTH_FLAT;
}

static void
take_limits (PscJudgement *judgement, const PscJudgementFacts *facts)
{
  g_autoptr (GError) error = NULL;

  if (facts->watch != NULL)
    {
      judgement->limits = read_limits (facts->watch, &error);
      judgement->limits_usec = g_get_monotonic_time ();
      judgement->limits_problem = error != NULL ? g_strdup (error->message) : NULL;
    }
  if (judgement->limits == NULL && facts->limits != NULL)
    judgement->limits = psc_known_limits_ref (facts->limits);
}

static void
add_facts (PscJudgement *judgement, const PscJudgementFacts *facts)
{
  PscVerdictFacts more = { .cold = facts->cold,
                           .orphan_bytes = facts->orphan_bytes,
                           .orphan_sentence = facts->orphan_sentence };

  if (judgement->limits != NULL && facts->space != NULL)
    {
      more.limits = judgement->limits->limits;
      more.amounts = psc_amounts_of_space (facts->space);
    }
  psc_verdict_add_facts (judgement->verdict, &more);
}

static void
add_sparks (PscJudgement *judgement, const PscTimeline *timeline)
{
  const PscVerdict *verdict = judgement->verdict;
  guint n = 0;

  judgement->sparks = g_new0 (PscSpark *, MAX (verdict->n_findings, 1));
  for (guint i = 0; i < verdict->n_findings && n < MOST_SPARKS; i++)
    if (psc_finding_is_worth_showing (&verdict->findings[i]))
      {
        judgement->sparks[i] = psc_spark_new (timeline, verdict, &verdict->findings[i]);
        n++;
      }
}

PscJudgement *
psc_judgement_new (const PscTimeline *timeline, const PscJudgementFacts *facts)
{
  gint64 began_usec = g_get_monotonic_time ();
  PscVerdict *verdict = psc_verdict_new_at (timeline, facts->until_usec);
  PscJudgement *judgement;

  if (verdict == NULL)
    return NULL;
  judgement = g_atomic_rc_box_new0 (PscJudgement);
  judgement->verdict = verdict;
  take_limits (judgement, facts);
  add_facts (judgement, facts);
  add_sparks (judgement, timeline);
  judgement->cost_usec = g_get_monotonic_time () - began_usec;
  return judgement;
}

PscJudgement *
psc_judgement_ref (PscJudgement *judgement)
{
  return g_atomic_rc_box_acquire (judgement);
}

static void
clear_judgement (gpointer data)
{
  PscJudgement *judgement = data;

  for (guint i = 0; i < judgement->verdict->n_findings; i++)
    g_free (judgement->sparks[i]);
  g_free (judgement->sparks);
  psc_verdict_free (judgement->verdict);
  psc_known_limits_unref (judgement->limits);
  g_free (judgement->limits_problem);
}

void
psc_judgement_unref (PscJudgement *judgement)
{
  if (judgement != NULL)
    g_atomic_rc_box_release_full (judgement, clear_judgement);
}

/* --- in a worker --------------------------------------------------------------------------- */

typedef struct
{
  PscTimeline *timeline;
  PscJudgementFacts facts;
  char *orphan_sentence;
} Job;

static void
job_free (Job *job)
{
  psc_timeline_free (job->timeline);
  psc_watch_drop (job->facts.watch);
  psc_known_limits_unref (job->facts.limits);
  psc_space_unref (job->facts.space);
  g_clear_pointer (&job->facts.cold, g_array_unref);
  g_free (job->orphan_sentence);
  g_free (job);
}

static Job *
job_new (const PscTimeline *timeline, const PscJudgementFacts *facts)
{
  Job *job = g_new0 (Job, 1);

  job->timeline = psc_timeline_copy (timeline);
  job->facts = *facts;
  job->orphan_sentence = g_strdup (facts->orphan_sentence);
  job->facts.orphan_sentence = job->orphan_sentence;
  if (facts->watch != NULL)
    psc_watch_ref (facts->watch);
  if (facts->limits != NULL)
    psc_known_limits_ref (facts->limits);
  if (facts->space != NULL)
    psc_space_ref (facts->space);
  if (facts->cold != NULL)
    g_array_ref (facts->cold);
  return job;
}

static void
judge_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;

  g_task_return_pointer (task, psc_judgement_new (job->timeline, &job->facts),
                         (GDestroyNotify) psc_judgement_unref);
}

void
psc_judgement_new_async (const PscTimeline *timeline, const PscJudgementFacts *facts,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, job_new (timeline, facts), (GDestroyNotify) job_free);
  g_task_run_in_thread (task, judge_worker);
}

PscJudgement *
psc_judgement_new_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
