/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <json-glib/json-glib.h>

#include "psc-budget.h"
#include "psc-cli-clock.h"
#include "psc-format.h"

#define SCHEMA 1

typedef struct
{
  gboolean json;
  gint64 interval_usec, for_usec; /* for_usec 0: until it ends */
  gint64 began_usec;              /* monotonic */
  PscBudget budget;
  PscTarget *target;
  guint64 resident; /* of the line before */
  gboolean has_line;
} Watch;

/* Columns are as wide as what may stand in them, because nobody knows what will. */
static char *
format_row (const char *time, const char *resident, const char *swapped, const char *huge,
            const char *change, const char *mappings, const char *cost)
{
  const char *const cells[] = { time, resident, swapped, huge, change, mappings, cost };
  GString *row = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      int blanks = 10 - (int) g_utf8_strlen (cells[i], -1);

      g_string_append_printf (row, "%*s%s%s", MAX (blanks, 0), "", cells[i],
                              i + 1 < G_N_ELEMENTS (cells) ? "  " : "\n");
    }
  return g_string_free (row, FALSE);
}

static char *
format_head (void)
{
  return format_row (_ ("TIME"), _ ("RESIDENT"), _ ("SWAPPED"), _ ("HUGE"), _ ("CHANGE"),
                     _ ("MAPPINGS"), _ ("COST"));
}

static gint64
change_of (const Watch *watch, const PscSpace *space)
{
  return watch->has_line ? (gint64) (space->totals.resident - watch->resident) : 0;
}

/* The first one has the head before it. */
static char *
line_to_text (const Watch *watch, const PscSpace *space, const PscCost *cost, gint64 elapsed_usec)
{
  const PscTotals *totals = &space->totals;
  g_autofree char *time = g_strdup_printf ("%.2f s", (double) elapsed_usec / 1e6);
  g_autofree char *resident = psc_format_size (totals->resident);
  g_autofree char *swapped = psc_format_size (totals->swapped);
  g_autofree char *huge = psc_format_size (totals->huge + totals->hugetlb);
  g_autofree char *change = psc_format_size_delta (change_of (watch, space));
  g_autofree char *mappings = g_strdup_printf ("%" G_GUINT64_FORMAT, totals->n_mappings);
  g_autofree char *spent = psc_format_duration (cost->probe_usec + cost->core_usec);
  gboolean known = space->source != PSC_SOURCE_NONE;
  g_autofree char *head = watch->has_line ? g_strdup ("") : format_head ();
  g_autofree char *row = format_row (time, known ? resident : "?", known ? swapped : "?",
                                     known ? huge : "?", known ? change : "?", mappings, spent);

  return g_strconcat (head, row, NULL);
}

static void
set_known (JsonObject *object, const char *key, gboolean known, gint64 value)
{
  if (known)
    json_object_set_int_member (object, key, value);
  else
    json_object_set_null_member (object, key);
}

static JsonObject *
cost_to_object (const PscCost *cost)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "probe_usec", cost->probe_usec);
  json_object_set_int_member (object, "core_usec", cost->core_usec);
  json_object_set_int_member (object, "wall_usec", cost->wall_usec);
  json_object_set_int_member (object, "longest_hold_usec", cost->longest_hold_usec);
  json_object_set_int_member (object, "held_usec", cost->held_usec);
  json_object_set_int_member (object, "bytes", (gint64) cost->bytes);
  return object;
}

/* Takes the object. One line. */
static char *
object_to_line (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, FALSE);

  json_object_unref (object);
  return g_strconcat (text, "\n", NULL);
}

static JsonObject *
new_object (gint64 elapsed_usec)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "schema", SCHEMA);
  json_object_set_int_member (object, "elapsed_usec", elapsed_usec);
  return object;
}

static char *
line_to_json (const Watch *watch, const PscSpace *space, const PscCost *cost, gboolean reused,
              gint64 elapsed_usec)
{
  const PscTotals *totals = &space->totals;
  gboolean known = space->source != PSC_SOURCE_NONE;
  JsonObject *object = new_object (elapsed_usec);

  json_object_set_int_member (object, "pid", space->pid);
  json_object_set_int_member (object, "mappings", (gint64) totals->n_mappings);
  json_object_set_int_member (object, "size", (gint64) totals->size);
  set_known (object, "resident", known, (gint64) totals->resident);
  set_known (object, "swapped", known, (gint64) totals->swapped);
  set_known (object, "zero", known, (gint64) totals->zero);
  set_known (object, "huge", known, (gint64) totals->huge);
  set_known (object, "hugetlb", known, (gint64) totals->hugetlb);
  set_known (object, "change", known, change_of (watch, space));
  json_object_set_boolean_member (object, "reused", reused);
  json_object_set_object_member (object, "cost", cost_to_object (cost));
  return object_to_line (object);
}

static PscCliStatus
print (const Watch *watch, const char *line)
{
  return watch->json ? psc_cli_print_json (line) : psc_cli_print_text (line);
}

static PscCliStatus
print_line (Watch *watch, const PscSpace *space)
{
  gint64 elapsed_usec = g_get_monotonic_time () - watch->began_usec;
  g_autofree char *line = NULL;
  PscCliStatus status;
  PscCost cost;
  gboolean reused = psc_target_get_cost (watch->target, &cost);

  psc_budget_add (&watch->budget, &cost);
  if (watch->json)
    line = line_to_json (watch, space, &cost, reused, elapsed_usec);
  else
    line = line_to_text (watch, space, &cost, elapsed_usec);
  status = print (watch, line);
  watch->resident = space->totals.resident;
  watch->has_line = TRUE;
  return status;
}

static PscCliStatus
print_end (const Watch *watch)
{
  gint64 elapsed_usec = g_get_monotonic_time () - watch->began_usec;
  JsonObject *object;
  g_autofree char *line = NULL;

  if (!watch->json)
    return psc_cli_print_text (_ ("process ended\n"));
  object = new_object (elapsed_usec);
  json_object_set_int_member (object, "pid", psc_target_get_pid (watch->target));
  json_object_set_boolean_member (object, "ended", TRUE);
  line = object_to_line (object);
  return psc_cli_print_json (line);
}

/* A process that ends while it is watched is no failure; one that is a zombie has ended. */
static gboolean
is_end (const Watch *watch, const GError *error)
{
  return watch->has_line &&
         (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE) ||
          g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP));
}

static PscCliStatus
finish (const Watch *watch, const GError *error)
{
  if (is_end (watch, error))
    return print_end (watch);
  /* The probe got the signal that we got. */
  if (psc_cli_wait_until (0))
    return PSC_CLI_DONE;
  psc_cli_error ("%s", error->message);
  return PSC_CLI_FAILED;
}

static PscCliStatus
run (Watch *watch)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  PscCliStatus status = PSC_CLI_DONE;
  gboolean stop = FALSE;

  watch->began_usec = g_get_monotonic_time ();
  while (!stop && status == PSC_CLI_DONE)
    {
      gint64 began_usec = g_get_monotonic_time (), next_usec, end_usec;
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = NULL;

      options.hold_usec = psc_budget_get_hold_usec (&watch->budget);
      space = psc_target_capture (watch->target, &options, &error);
      if (space == NULL)
        return finish (watch, error);
      status = print_line (watch, space);
      next_usec = began_usec + psc_budget_next_delay_usec (&watch->budget, watch->interval_usec);
      end_usec = watch->for_usec > 0 ? watch->began_usec + watch->for_usec : G_MAXINT64;
      stop = psc_cli_wait_until (MIN (next_usec, end_usec)) || next_usec >= end_usec;
    }
  return status;
}

PscCliStatus
psc_cli_watch (int argc, char **argv, PscCliSource *source)
{
  Watch watch = { .budget = PSC_BUDGET_DEFAULT };
  g_autofree char *interval = NULL, *duration = NULL;
  const GOptionEntry entries[] = {
    { "interval", 0, 0, G_OPTION_ARG_STRING, &interval,
      N_ ("Time between two lines (0.1, 100ms, 1s; default 1s); longer when looking costs more "
          "than 5 % of a core"),
      N_ ("TIME") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &duration, N_ ("End after so long (5, 500ms, 10m)"),
      N_ ("TIME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &watch.json, N_ ("Print JSON, an object a line"), NULL },
    { NULL },
  };
  g_autoptr (PscTarget) target = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Prints a line of what a process has in memory, again and again."), 1) ||
      !psc_cli_parse_pace (interval, duration, &watch.interval_usec, &watch.for_usec))
    return PSC_CLI_WRONG_USAGE;
  watch.target = target = psc_cli_open_target (source, argv[1], &status);
  if (target == NULL)
    return status;
  psc_cli_catch_signals ();
  return run (&watch);
}
