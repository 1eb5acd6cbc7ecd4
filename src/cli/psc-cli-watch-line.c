/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli-watch-line.h"

#include "psc-format.h"
#include "psc-json.h"

#define SCHEMA 1

/* Columns are as wide as what may stand in them, because nobody knows what will. */
static char *
format_row (const char *time, const char *resident, const char *swapped, const char *huge,
            const char *change, const char *mappings, const char *cost, const char *growth)
{
  const char *const cells[] = { time, resident, swapped, huge, change, mappings, cost };
  GString *row = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      int blanks = 10 - (int) g_utf8_strlen (cells[i], -1);

      g_string_append_printf (row, "%*s%s%s", MAX (blanks, 0), "", cells[i],
                              i + 1 < G_N_ELEMENTS (cells) ? "  " : "");
    }
  /* The last one is to the left, and nothing comes after it. */
  if (*growth != '\0')
    g_string_append_printf (row, "  %s", growth);
  g_string_append_c (row, '\n');
  return g_string_free (row, FALSE);
}

static char *
format_head (void)
{
  return format_row (_ ("TIME"), _ ("RESIDENT"), _ ("SWAPPED"), _ ("HUGE"), _ ("CHANGE"),
                     _ ("MAPPINGS"), _ ("COST"), _ ("GROWS"));
}

/* "Heap 3.1 MiB/min", "" when nothing grows. */
static char *
format_growth (const PscFinding *fastest)
{
  g_autofree char *title = NULL, *rate = NULL;

  if (fastest == NULL)
    return g_strdup ("");
  title = psc_finding_dup_title (fastest);
  if (fastest->what == PSC_FINDING_MAPPINGS)
    {
      rate = psc_growth_format_count (fastest->trend.bytes_per_min);
      return g_strdup_printf (_ ("%s %s/min"), title, rate);
    }
  rate = psc_growth_format_rate (fastest->trend.bytes_per_min);
  return g_strdup_printf (_ ("%s %s"), title, rate);
}

char *
psc_watch_line_to_text (const PscWatchLine *line)
{
  const PscTotals *totals = &line->space->totals;
  g_autofree char *time = g_strdup_printf ("%.2f s", (double) line->elapsed_usec / 1e6);
  g_autofree char *resident = psc_format_size (totals->resident);
  g_autofree char *swapped = psc_format_size (totals->swapped);
  g_autofree char *huge = psc_format_size (totals->huge + totals->hugetlb);
  g_autofree char *change = psc_format_size_delta (line->change);
  g_autofree char *mappings = g_strdup_printf ("%" G_GUINT64_FORMAT, totals->n_mappings);
  g_autofree char *spent = psc_format_duration (line->cost.probe_usec + line->cost.core_usec);
  g_autofree char *growth = format_growth (line->fastest);
  gboolean known = line->space->source != PSC_SOURCE_NONE;
  g_autofree char *head = line->is_first ? format_head () : g_strdup ("");
  g_autofree char *row =
      format_row (time, known ? resident : "?", known ? swapped : "?", known ? huge : "?",
                  known ? change : "?", mappings, spent, growth);

  return g_strconcat (head, row, NULL);
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

static JsonObject *
new_object (gint64 elapsed_usec)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "schema", SCHEMA);
  json_object_set_int_member (object, "elapsed_usec", elapsed_usec);
  return object;
}

static JsonObject *
growth_to_object (const PscFinding *fastest)
{
  JsonObject *object = json_object_new ();
  g_autofree char *title = psc_finding_dup_title (fastest);

  json_object_set_string_member (object, "title", title);
  json_object_set_int_member (object, "per_min", (gint64) fastest->trend.bytes_per_min);
  json_object_set_int_member (object, "per_min_low", (gint64) fastest->trend.bytes_per_min_low);
  json_object_set_int_member (object, "per_min_high", (gint64) fastest->trend.bytes_per_min_high);
  return object;
}

char *
psc_watch_line_to_json (const PscWatchLine *line)
{
  const PscTotals *totals = &line->space->totals;
  gboolean known = line->space->source != PSC_SOURCE_NONE;
  JsonObject *object = new_object (line->elapsed_usec);

  json_object_set_int_member (object, "pid", line->space->pid);
  json_object_set_int_member (object, "mappings", (gint64) totals->n_mappings);
  json_object_set_int_member (object, "size", (gint64) totals->size);
  psc_json_set_known (object, "resident", known, (gint64) totals->resident);
  psc_json_set_known (object, "swapped", known, (gint64) totals->swapped);
  psc_json_set_known (object, "zero", known, (gint64) totals->zero);
  psc_json_set_known (object, "huge", known, (gint64) totals->huge);
  psc_json_set_known (object, "hugetlb", known, (gint64) totals->hugetlb);
  psc_json_set_known (object, "change", known, line->change);
  json_object_set_boolean_member (object, "reused", line->reused);
  json_object_set_object_member (object, "cost", cost_to_object (&line->cost));
  if (line->fastest != NULL)
    json_object_set_object_member (object, "fastest", growth_to_object (line->fastest));
  return psc_json_take_to_text (object, FALSE);
}

static char *
end_to_text (const PscWatchEnd *end)
{
  g_autofree char *verdict =
      end->verdict != NULL ? psc_verdict_to_text (end->verdict) : g_strdup ("");

  return g_strconcat (end->ended ? _ ("process ended\n") : "", verdict, NULL);
}

static char *
end_to_json (const PscWatchEnd *end)
{
  JsonObject *object = new_object (end->elapsed_usec);

  json_object_set_int_member (object, "pid", end->pid);
  json_object_set_boolean_member (object, "ended", end->ended);
  if (end->held != NULL)
    json_object_set_string_member (object, "held", end->held);
  if (end->verdict != NULL)
    json_object_set_member (object, "verdict", psc_verdict_to_json_node (end->verdict));
  return psc_json_take_to_text (object, FALSE);
}

/* Nothing was ever called so: better said, since it never holds then. */
static void
warn_of_unseen (const PscCondition *condition, const PscTimeline *timeline)
{
  const char *unseen = psc_condition_find_unseen (condition, timeline);

  if (unseen != NULL)
    psc_cli_error (_ ("--fail-if: no memory that can leak was ever called “%s”"), unseen);
}

PscCliStatus
psc_watch_end_print (const PscWatchEnd *end, const PscCondition *condition,
                     const PscTimeline *timeline, gboolean json)
{
  g_autofree char *text = json ? end_to_json (end) : end_to_text (end);
  PscCliStatus status = json ? psc_cli_print_json (text) : psc_cli_print_text (text);

  if (condition != NULL && end->held == NULL)
    warn_of_unseen (condition, timeline);
  if (end->held == NULL || status != PSC_CLI_DONE)
    return status;
  psc_cli_error (_ ("--fail-if held: %s"), end->held);
  return PSC_CLI_HELD;
}
