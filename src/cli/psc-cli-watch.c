/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-budget.h"
#include "psc-cli-clock.h"
#include "psc-cli-watch-line.h"
#include "psc-cli-watch-recording.h"
#include "psc-limits-reader.h"

/* Judging costs up to two milliseconds for each part that moves: not ten times a second, and less
 * often the longer it has been watched. */
#define JUDGE_USEC  G_USEC_PER_SEC
#define JUDGE_SHARE 200

typedef struct
{
  gboolean json;
  gint64 interval_usec, for_usec; /* for_usec 0: until it ends */
  gint64 began_usec;              /* monotonic */
  PscCondition *condition;        /* NULL: none */
  PscBudget budget;
  PscTarget *target;
  PscTimeline *timeline;
  PscSpace *last;      /* the space of the line before, or NULL */
  PscVerdict *verdict; /* of the line before, or NULL */
  gint64 judged_usec;  /* monotonic */
  char *held;          /* what of the condition held, or NULL */
} Watch;

static void
judge (Watch *watch)
{
  gint64 now_usec = g_get_monotonic_time ();

  if (watch->verdict != NULL && now_usec - watch->judged_usec <
                                    MAX (JUDGE_USEC, (now_usec - watch->began_usec) / JUDGE_SHARE))
    return;
  g_clear_pointer (&watch->verdict, psc_verdict_free);
  watch->verdict = psc_verdict_new (watch->timeline);
  watch->judged_usec = now_usec;
}

static void
remember (Watch *watch, PscSpace *space)
{
  guint n = psc_timeline_get_n_moments (watch->timeline);
  PscMoment *before = n > 0 ? psc_timeline_get_moment (watch->timeline, n - 1) : NULL;
  g_autoptr (PscMoment) moment =
      psc_moment_new_after (before, watch->last, space, g_get_real_time ());

  psc_timeline_add (watch->timeline, moment);
  g_clear_pointer (&watch->last, psc_space_unref);
  watch->last = psc_space_ref (space);
}

static PscCliStatus
print_line (Watch *watch, PscSpace *space)
{
  PscWatchLine line = {
    .space = space,
    .is_first = watch->last == NULL,
    .elapsed_usec = g_get_monotonic_time () - watch->began_usec,
    .change =
        watch->last == NULL ? 0 : (gint64) (space->totals.resident - watch->last->totals.resident),
  };
  g_autofree char *text = NULL;

  line.reused = psc_target_get_cost (watch->target, &line.cost);
  psc_budget_add (&watch->budget, &line.cost);
  remember (watch, space);
  judge (watch);
  line.fastest = watch->verdict != NULL ? psc_verdict_get_worst (watch->verdict) : NULL;
  text = watch->json ? psc_watch_line_to_json (&line) : psc_watch_line_to_text (&line);
  return watch->json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}

static gboolean
holds (Watch *watch, gboolean at_end)
{
  if (watch->condition == NULL || watch->held != NULL)
    return watch->held != NULL;
  return psc_condition_holds (watch->condition, watch->timeline, at_end, &watch->held);
}

/* A process that is gone has no limits; one that is there may still not tell. */
static PscLimits *
add_facts (const Watch *watch, PscVerdict *verdict)
{
  PscLimits *limits = psc_target_read_limits (watch->target, NULL);
  PscVerdictFacts facts = { .limits = limits };

  if (limits == NULL)
    return NULL;
  facts.amounts = psc_amounts_of_space (watch->last);
  psc_verdict_add_facts (verdict, &facts);
  return limits;
}

static PscCliStatus
print_end (Watch *watch, gboolean ended)
{
  g_autoptr (PscVerdict) verdict = psc_verdict_new (watch->timeline);
  g_autoptr (PscLimits) limits = NULL;
  PscWatchEnd end = { .pid = psc_target_get_pid (watch->target),
                      .elapsed_usec = g_get_monotonic_time () - watch->began_usec,
                      .ended = ended,
                      .verdict = verdict };
  PscCliStatus status;

  if (!ended && verdict != NULL)
    limits = add_facts (watch, verdict);
  holds (watch, TRUE);
  end.held = watch->held;
  status = psc_watch_end_print (&end, watch->condition, watch->timeline, watch->json);
  /* The verdict has borrowed from the limits. */
  g_clear_pointer (&verdict, psc_verdict_free);
  return status;
}

/* A process that ends while it is watched is no failure; one that is a zombie has ended. */
static gboolean
is_end (const Watch *watch, const GError *error)
{
  return watch->last != NULL &&
         (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE) ||
          g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP));
}

static PscCliStatus
finish (Watch *watch, const GError *error)
{
  if (is_end (watch, error))
    return print_end (watch, TRUE);
  /* The probe got the signal that we got. */
  if (psc_cli_wait_until (0))
    return watch->last != NULL ? print_end (watch, FALSE) : PSC_CLI_DONE;
  psc_cli_error ("%s", error->message);
  return PSC_CLI_FAILED;
}

static PscCliStatus
run (Watch *watch)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  gboolean stop = FALSE;

  watch->began_usec = g_get_monotonic_time ();
  while (!stop)
    {
      gint64 began_usec = g_get_monotonic_time (), next_usec, end_usec;
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = NULL;
      PscCliStatus status;

      options.hold_usec = psc_budget_get_hold_usec (&watch->budget);
      space = psc_target_capture (watch->target, &options, &error);
      if (space == NULL)
        return finish (watch, error);
      status = print_line (watch, space);
      if (status != PSC_CLI_DONE)
        return status;
      next_usec = began_usec + psc_budget_next_delay_usec (&watch->budget, watch->interval_usec);
      end_usec = watch->for_usec > 0 ? watch->began_usec + watch->for_usec : G_MAXINT64;
      stop = holds (watch, FALSE) || psc_cli_wait_until (MIN (next_usec, end_usec)) ||
             next_usec >= end_usec;
    }
  return print_end (watch, FALSE);
}

static void
clear (Watch *watch)
{
  psc_condition_free (watch->condition);
  psc_target_free (watch->target);
  psc_timeline_free (watch->timeline);
  g_clear_pointer (&watch->last, psc_space_unref);
  psc_verdict_free (watch->verdict);
  g_free (watch->held);
}

static gboolean
parse_condition (const char *text, PscCondition **condition)
{
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return TRUE;
  *condition = psc_condition_parse (text, &error);
  if (*condition == NULL)
    psc_cli_error ("--fail-if: %s", error->message);
  return *condition != NULL;
}

static PscCliStatus
open_and_run (Watch *watch, PscCliSource *source, const char *word)
{
  PscCliStatus status;

  if (psc_recording_is_named (word))
    return psc_cli_watch_recording (word, watch->condition, watch->json);
  watch->target = psc_cli_open_target (source, word, &status);
  if (watch->target == NULL)
    return status;
  watch->timeline = psc_timeline_new ();
  psc_cli_catch_signals ();
  return run (watch);
}

PscCliStatus
psc_cli_watch (int argc, char **argv, PscCliSource *source)
{
  Watch watch = { .budget = PSC_BUDGET_DEFAULT };
  g_autofree char *interval = NULL, *duration = NULL, *fail_if = NULL;
  const GOptionEntry entries[] = {
    { "interval", 0, 0, G_OPTION_ARG_STRING, &interval,
      N_ ("Time between two lines (0.1, 100ms, 1s; default 1s); longer when looking costs more "
          "than 5 % of a core"),
      N_ ("TIME") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &duration, N_ ("End after so long (5, 500ms, 10m)"),
      N_ ("TIME") },
    { "fail-if", 0, 0, G_OPTION_ARG_STRING, &fail_if,
      N_ ("End with exit status 3 as soon as this holds (any>1MiB/min, heap>64MiB)"),
      N_ ("CONDITION") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &watch.json, N_ ("Print JSON, an object a line"), NULL },
    { NULL },
  };
  PscCliStatus status = PSC_CLI_WRONG_USAGE;

  if (psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                     _ ("Prints a line of what a process has in memory, again and again, and at "
                        "the end what of it grows."),
                     1) &&
      psc_cli_parse_pace (interval, duration, &watch.interval_usec, &watch.for_usec) &&
      parse_condition (fail_if, &watch.condition))
    status = open_and_run (&watch, source, argv[1]);
  clear (&watch);
  return status;
}
