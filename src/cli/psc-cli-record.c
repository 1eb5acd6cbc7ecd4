/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-budget.h"
#include "psc-cli-clock.h"
#include "psc-format.h"
#include "psc-recorder.h"

typedef struct
{
  gint64 interval_usec, for_usec; /* for_usec 0: until it ends */
  gint64 began_usec;              /* monotonic */
  PscBudget budget;
  PscTarget *target;
  PscRecorder *recorder;
  PscSpace *before;  /* a reference; NULL: none yet */
  PscMoment *moment; /* of before */
} Record;

static gboolean
add (Record *record, PscSpace *space, GError **error)
{
  g_autoptr (PscMoment) moment =
      psc_moment_new_after (record->moment, record->before, space, g_get_real_time ());

  if (!psc_recorder_add (record->recorder, space, moment, error))
    return FALSE;
  psc_space_ref (space);
  psc_space_unref (record->before);
  record->before = space;
  psc_moment_unref (record->moment);
  record->moment = g_steal_pointer (&moment);
  return TRUE;
}

static gboolean
has_ended (const GError *error)
{
  return g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE) ||
         g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP);
}

/* One look. FALSE at the end, which is none to complain about when *reason is set. */
static gboolean
look (Record *record, const char **reason, GError **error)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  g_autoptr (GError) capture_error = NULL;
  g_autoptr (PscSpace) space = NULL;
  PscCost cost;

  options.hold_usec = psc_budget_get_hold_usec (&record->budget);
  space = psc_target_capture (record->target, &options, &capture_error);
  if (space != NULL)
    {
      psc_target_get_cost (record->target, &cost);
      psc_budget_add (&record->budget, &cost);
      return add (record, space, error);
    }
  if (has_ended (capture_error))
    *reason = "the process ended";
  /* The probe got the signal that we got. */
  else if (psc_cli_wait_until (0))
    *reason = "stopped";
  else
    g_propagate_error (error, g_steal_pointer (&capture_error));
  return FALSE;
}

/* Until something ends it; why, or NULL with an error. */
static const char *
run (Record *record, GError **error)
{
  const char *reason = NULL;
  gint64 end_usec = record->for_usec > 0 ? record->began_usec + record->for_usec : G_MAXINT64;

  for (;;)
    {
      gint64 next_usec = g_get_monotonic_time ();

      if (!look (record, &reason, error))
        return reason;
      next_usec += psc_budget_next_delay_usec (&record->budget, record->interval_usec);
      if (psc_cli_wait_until (MIN (next_usec, end_usec)))
        return "stopped";
      if (next_usec > end_usec)
        return "the time was up";
    }
}

static char *
dup_summary (const PscRecorder *recorder, gint64 took_usec, const char *path)
{
  guint64 n = psc_recorder_get_n_moments (recorder);
  g_autofree char *size = psc_format_size (psc_recorder_get_size (recorder));
  g_autofree char *took = psc_format_duration (took_usec);
  g_autofree char *shown = psc_format_name (path, -1);

  return g_strdup_printf (ngettext ("%s: %" G_GUINT64_FORMAT " moment in %s, %s\n",
                                    "%s: %" G_GUINT64_FORMAT " moments in %s, %s\n", n),
                          shown, n, took, size);
}

/* Whatever happens, what was recorded stays, and the line says what that is. */
static PscCliStatus
record_to (Record *record, const char *path)
{
  g_autoptr (GError) error = NULL, finish_error = NULL;
  g_autofree char *summary = NULL;
  const char *reason = run (record, &error);
  gint64 took_usec = g_get_monotonic_time () - record->began_usec;

  if (!psc_recorder_finish (record->recorder, reason != NULL ? reason : error->message,
                            &finish_error) &&
      error == NULL)
    error = g_steal_pointer (&finish_error);
  summary = dup_summary (record->recorder, took_usec, path);
  if (error != NULL)
    psc_cli_error ("%s", error->message);
  if (psc_recorder_get_n_moments (record->recorder) > 0 &&
      psc_cli_print_text (summary) != PSC_CLI_DONE)
    return PSC_CLI_FAILED;
  return error == NULL ? PSC_CLI_DONE : PSC_CLI_FAILED;
}

/* The first look comes before the file: what can't be looked at leaves none behind. */
static PscCliStatus
start (Record *record, const char *output, gboolean force)
{
  const PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) first = psc_target_capture (record->target, &options, &error);
  g_autofree char *path = NULL;
  PscCliStatus status;

  if (first != NULL)
    {
      path = output != NULL ? g_strdup (output) : psc_recorder_dup_file_name (first);
      record->recorder = psc_recorder_new (path, force, &error);
    }
  if (error != NULL)
    {
      psc_cli_error ("%s%s", error->message,
                     g_error_matches (error, PSC_STORE_ERROR, PSC_STORE_ERROR_EXISTS) ?
                         _ ("; --force replaces it") :
                         "");
      return PSC_CLI_FAILED;
    }
  psc_cli_catch_signals ();
  record->began_usec = g_get_monotonic_time ();
  status = record_to (record, path);
  psc_recorder_free (record->recorder);
  psc_space_unref (record->before);
  psc_moment_unref (record->moment);
  return status;
}

PscCliStatus
psc_cli_record (int argc, char **argv, PscCliSource *source)
{
  Record record = { .budget = PSC_BUDGET_DEFAULT };
  g_autofree char *output = NULL, *interval = NULL, *duration = NULL;
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_ ("Where to write: FILE.pagescape; if not given, name, process id and time make it"),
      N_ ("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_ ("Replace a recording that is there"), NULL },
    { "interval", 0, 0, G_OPTION_ARG_STRING, &interval,
      N_ ("Time between two looks (0.1, 100ms, 1s; default 1s); longer when looking costs more "
          "than 5 % of a core"),
      N_ ("TIME") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &duration, N_ ("End after so long (5, 500ms, 10m)"),
      N_ ("TIME") },
    { NULL },
  };
  g_autoptr (PscTarget) target = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Records the memory of a process until it ends, or Ctrl+C."), 1) ||
      !psc_cli_parse_pace (interval, duration, &record.interval_usec, &record.for_usec))
    return PSC_CLI_WRONG_USAGE;
  record.target = target = psc_cli_open_target (source, argv[1], &status);
  if (target == NULL)
    return status;
  return start (&record, output, force);
}
