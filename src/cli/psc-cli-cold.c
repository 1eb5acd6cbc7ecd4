/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "psc-cli-clock.h"
#include "psc-cold.h"
#include "psc-format.h"
#include "psc-json.h"

#define SCHEMA           1
#define DEFAULT_FOR_USEC (10 * G_TIME_SPAN_SECOND)
#define LEAST_FOR_USEC   (10 * G_TIME_SPAN_MILLISECOND)
#define MOST_FOR_USEC    G_TIME_SPAN_DAY
/* Mappings that the text names; JSON has them all. */
#define MAX_MAPPINGS 12u

typedef struct
{
  gboolean json, yes, frames;
  gint64 for_usec;
  PscTarget *target;
  char *warning;     /* NULL with frames */
  gint64 clear_usec; /* how long clearing took */
} Job;

/*
 * JSON.
 */

static void
add_sums (JsonObject *object, const PscColdSums *sums)
{
  json_object_set_int_member (object, "resident", (gint64) sums->resident);
  json_object_set_int_member (object, "touched", (gint64) sums->touched);
  json_object_set_int_member (object, "cold", (gint64) sums->cold);
  json_object_set_int_member (object, "unknown", (gint64) sums->unknown);
}

static JsonObject *
sums_to_object (const PscColdSums *sums)
{
  JsonObject *object = json_object_new ();

  add_sums (object, sums);
  return object;
}

static JsonObject *
kinds_to_object (const PscCold *cold)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (cold->space->kinds[i].n_mappings > 0)
      json_object_set_object_member (object, psc_kind_id ((PscKind) i),
                                     sums_to_object (&cold->kinds[i]));
  return object;
}

static JsonArray *
mappings_to_array (const PscCold *cold)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < cold->space->n_mappings; i++)
    {
      const PscMapping *mapping = &cold->space->mappings[i];
      JsonObject *object = json_object_new ();

      psc_json_set_address (object, "start", mapping->start);
      psc_json_set_address (object, "end", mapping->end);
      json_object_set_string_member (object, "kind", psc_kind_id ((PscKind) mapping->kind));
      psc_json_set_name (object, "name", mapping->name);
      add_sums (object, &cold->mappings[i]);
      json_array_add_object_element (array, object);
    }
  return array;
}

static char *
to_json (const Job *job, const PscCold *cold)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "schema", SCHEMA);
  json_object_set_int_member (object, "pid", cold->space->pid);
  json_object_set_string_member (object, "name", cold->space->name);
  json_object_set_string_member (object, "source", job->frames ? "frames" : "referenced");
  psc_json_set_known (object, "for_usec", !job->frames, job->for_usec);
  psc_json_set_known (object, "clear_usec", !job->frames, job->clear_usec);
  if (job->frames)
    json_object_set_null_member (object, "warning");
  else
    json_object_set_string_member (object, "warning", job->warning);
  json_object_set_object_member (object, "totals", sums_to_object (&cold->total));
  json_object_set_object_member (object, "kinds", kinds_to_object (cold));
  json_object_set_array_member (object, "mappings", mappings_to_array (cold));
  return psc_json_take_to_text (object, TRUE);
}

/*
 * Text.
 */

static void
append_row (GString *text, const char *resident, const char *touched, const char *cold,
            const char *share, const char *what)
{
  const char *const cells[] = { resident, touched, cold, share };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      int blanks = 10 - (int) g_utf8_strlen (cells[i], -1);

      g_string_append_printf (text, "%*s%s  ", MAX (blanks, 0), "", cells[i]);
    }
  g_string_append_printf (text, "%s\n", what);
}

static void
append_sums (GString *text, const PscColdSums *sums, const char *what)
{
  g_autofree char *resident = psc_format_size (sums->resident);
  g_autofree char *touched = psc_format_size (sums->touched);
  g_autofree char *cold = psc_format_size (sums->cold);
  g_autofree char *share = psc_format_share (sums->cold, sums->resident);

  append_row (text, resident, touched, cold, share, what);
}

static void
append_kinds (GString *text, const PscCold *cold, const char *used)
{
  append_row (text, _ ("RESIDENT"), used, _ ("COLD"), "%", _ ("KIND"));
  for (guint i = 0; i < PSC_N_KINDS; i++)
    if (cold->kinds[i].resident > 0)
      append_sums (text, &cold->kinds[i], psc_kind_title ((PscKind) i));
  append_sums (text, &cold->total, _ ("all"));
}

static gint
compare_cold (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const PscColdSums *sums = user_data;
  const PscColdSums *x = &sums[*(const guint *) a], *y = &sums[*(const guint *) b];

  if (x->cold != y->cold)
    return x->cold > y->cold ? -1 : 1;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

static void
append_mappings (GString *text, const PscCold *cold, const char *used)
{
  const PscSpace *space = cold->space;
  g_autofree guint *order = g_new (guint, MAX (space->n_mappings, 1));

  for (guint i = 0; i < space->n_mappings; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) space->n_mappings, sizeof *order, compare_cold, cold->mappings);
  append_row (text, _ ("RESIDENT"), used, _ ("COLD"), "%", _ ("MAPPING"));
  for (guint i = 0; i < MIN (space->n_mappings, MAX_MAPPINGS); i++)
    {
      const PscMapping *mapping = &space->mappings[order[i]];
      g_autofree char *start = psc_format_address (mapping->start);
      g_autofree char *label = psc_space_dup_label (space, mapping);
      g_autofree char *what = g_strdup_printf ("%-14s  %s", start, label);

      if (cold->mappings[order[i]].cold > 0)
        append_sums (text, &cold->mappings[order[i]], what);
    }
}

static void
append_verdict (GString *text, const Job *job, const PscCold *cold)
{
  g_autofree char *share = psc_format_share (cold->total.cold, cold->total.resident);
  g_autofree char *resident = psc_format_size (cold->total.resident);
  g_autofree char *time = psc_format_duration (job->for_usec);

  g_string_append_c (text, '\n');
  if (job->frames)
    g_string_append_printf (
        text,
        _ ("%s of %s is on the inactive list and not referenced. The kernel "
           "finds out when it looks for memory to reclaim and not before: where "
           "memory is plenty this says little.\n"),
        share, resident);
  else
    g_string_append_printf (text, _ ("%s of %s was not touched in %s.\n"), share, resident, time);
}

static char *
to_text (const Job *job, const PscCold *cold)
{
  const char *used = job->frames ? _ ("USED") : _ ("TOUCHED");
  GString *text = g_string_new (NULL);

  append_kinds (text, cold, used);
  g_string_append_c (text, '\n');
  append_mappings (text, cold, used);
  append_verdict (text, job, cold);
  return g_string_free (text, FALSE);
}

/*
 * The work.
 */

static PscSpace *
capture (const Job *job, PscSmapsPolicy smaps, GError **error)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  options.smaps = smaps;
  return psc_target_capture (job->target, &options, error);
}

/* Says what it is about to do, and asks where somebody can answer. */
static gboolean
may_go_on (const Job *job)
{
  g_autofree char *line = g_strconcat (job->warning, "\n\n", NULL);
  char answer[16] = "";

  if (job->yes)
    return job->json || psc_cli_print_text (line) == PSC_CLI_DONE;
  g_printerr ("%s%s", line, _ ("Go on? [y/N] "));
  return fgets (answer, sizeof answer, stdin) != NULL && g_ascii_tolower (answer[0]) == 'y';
}

static PscCold *
make_exact (Job *job, gboolean *refused, GError **error)
{
  g_autoptr (PscSpace) before = capture (job, PSC_SMAPS_NEVER, error);
  g_autoptr (PscSpace) after = NULL;
  PscCold *cold;

  if (before == NULL)
    return NULL;
  job->warning = psc_cold_dup_warning (before->name, before->pid, before->totals.resident);
  *refused = !may_go_on (job);
  if (*refused || !psc_target_clear_referenced (job->target, &job->clear_usec, error))
    return NULL;
  g_usleep ((gulong) job->for_usec);
  after = capture (job, PSC_SMAPS_ALWAYS, error);
  cold = after != NULL ? psc_cold_new (after) : NULL;
  if (after != NULL && cold == NULL)
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
                 _ ("Can't read smaps of process %d, which tells what was touched"), after->pid);
  return cold;
}

static PscCold *
make_from_frames (const Job *job, GError **error)
{
  g_autoptr (PscSpace) space = capture (job, PSC_SMAPS_NEVER, error);

  return space != NULL ? psc_cold_read_frames (job->target, space, error) : NULL;
}

static PscCliStatus
run (Job *job)
{
  gboolean refused = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscCold) cold =
      job->frames ? make_from_frames (job, &error) : make_exact (job, &refused, &error);
  g_autofree char *text = NULL;

  if (cold == NULL)
    {
      psc_cli_error ("%s", refused ? _ ("Nothing was done") : error->message);
      return PSC_CLI_FAILED;
    }
  text = job->json ? to_json (job, cold) : to_text (job, cold);
  return job->json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}

/* FALSE after an error line. */
static gboolean
check_usage (Job *job, const char *duration, const PscCliSource *source)
{
  job->for_usec = DEFAULT_FOR_USEC;
  if (duration != NULL &&
      !psc_cli_parse_duration (duration, LEAST_FOR_USEC, MOST_FOR_USEC, &job->for_usec))
    {
      psc_cli_error (_ ("--for “%s” is no time between 10ms and 24h, such as 5, 500ms or 10m"),
                     duration);
      return FALSE;
    }
  if (source->root != NULL)
    {
      psc_cli_error (_ ("What is cold can only be told of a process that runs, not of a recorded "
                        "tree"));
      return FALSE;
    }
  if (job->frames || job->yes || (isatty (STDIN_FILENO) && isatty (STDERR_FILENO)))
    return TRUE;
  psc_cli_error (_ ("This clears the referenced bits of the process, which slows it down for a "
                    "moment, and there is no terminal to ask on: say --yes, or --frames to write "
                    "nothing"));
  return FALSE;
}

PscCliStatus
psc_cli_cold (int argc, char **argv, PscCliSource *source)
{
  Job job = { 0 };
  g_autofree char *duration = NULL;
  const GOptionEntry entries[] = {
    { "for", 0, 0, G_OPTION_ARG_STRING, &duration,
      N_ ("Wait so long for it to touch things (5, 500ms, 10m; default 10s)"), N_ ("TIME") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &job.yes, N_ ("Don't ask before clearing"), NULL },
    { "frames", 0, 0, G_OPTION_ARG_NONE, &job.frames,
      N_ ("Write nothing: what the kernel takes for unused (root)"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &job.json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (PscTarget) target = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Tells which memory a process has and does not touch: has the kernel "
                         "forget what was touched, waits, and looks what was touched since."),
                      1) ||
      !check_usage (&job, duration, source))
    return PSC_CLI_WRONG_USAGE;
  source->may_clear = !job.frames;
  job.target = target = psc_cli_open_target (source, argv[1], &status);
  if (target == NULL)
    return status;
  status = run (&job);
  g_free (job.warning);
  return status;
}
