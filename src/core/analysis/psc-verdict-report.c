/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-verdict.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-format.h"

static const char *const whats[] = {
  [PSC_FINDING_TOTAL] = "total", [PSC_FINDING_SEGMENT] = "segment",   [PSC_FINDING_KIND] = "kind",
  [PSC_FINDING_STACK] = "stack", [PSC_FINDING_MAPPINGS] = "mappings", [PSC_FINDING_FIXED] = "fixed",
};
static const char *const severities[] = {
  [PSC_SEVERITY_NOTHING] = "nothing",
  [PSC_SEVERITY_NOTE] = "note",
  [PSC_SEVERITY_GROWING] = "growing",
  [PSC_SEVERITY_LEAK] = "leak",
};

char *
psc_finding_dup_title (const PscFinding *finding)
{
  const char *kind = _ (psc_kind_title (finding->kind));
  const char *slash = strrchr (finding->label, '/');

  if (finding->what == PSC_FINDING_TOTAL)
    return g_strdup (_ ("All memory"));
  if (finding->what == PSC_FINDING_MAPPINGS)
    return g_strdup (_ ("Number of mappings"));
  /* "/dev/zero" is how the kernel says that it has no name. */
  if (*finding->label == '\0' || finding->kind == PSC_KIND_SHM_ANON)
    return g_strdup (kind);
  if (slash != NULL && g_str_has_prefix (slash, "/memfd:"))
    slash += strlen ("/memfd");
  if (slash != NULL && slash[1] != '\0')
    return g_strdup_printf ("%s %s", kind, slash + 1);
  return g_strdup (finding->label);
}

static const char *
why_fixed (PscKind kind)
{
  switch (kind)
    {
    case PSC_KIND_TEXT:
    case PSC_KIND_RODATA:
    case PSC_KIND_RELRO:
      return _ ("can't leak: as large as the program's files, and no more");
    case PSC_KIND_DATA:
    case PSC_KIND_BSS:
      return _ ("can't leak: its size was fixed when the program was built");
    case PSC_KIND_RESERVED:
    case PSC_KIND_GUARD:
      return _ ("can't leak: address space without memory");
    case PSC_KIND_DEVICE:
      return _ ("can't leak: memory of a device");
    default:
      return _ ("can't leak: the kernel's own pages");
    }
}

static char *
dup_count_sentence (const PscTrend *trend)
{
  g_autofree char *span = psc_growth_format_span (trend->until_usec - trend->since_usec);
  g_autofree char *rate = psc_growth_format_count (trend->bytes_per_min);

  if (trend->shape != PSC_GROWTH_GROWING)
    return g_strdup (_ ("does not grow"));
  return g_strdup_printf (_ ("growing steadily, %s mappings/min for %s"), rate, span);
}

static void
append_room (GString *text, const PscFinding *finding)
{
  g_autofree char *room = psc_format_size (finding->room_bytes);

  if (finding->room_bytes > 0)
    g_string_append_printf (text, _ (", into memory it has mapped, %s left"), room);
}

static void
append_cold (GString *text, const PscFinding *finding)
{
  g_autofree char *share = psc_format_share (finding->cold_bytes, finding->looked_at_bytes);

  if (finding->looked_at_bytes == 0)
    return;
  if (finding->severity == PSC_SEVERITY_LEAK)
    g_string_append_printf (text, _ (", %s of it cold: likely a leak"), share);
  else
    g_string_append_printf (text, _ (", %s of it cold"), share);
}

char *
psc_finding_dup_sentence (const PscFinding *finding)
{
  g_autofree char *sentence = NULL;
  GString *text;

  if (finding->what == PSC_FINDING_FIXED)
    return g_strdup (why_fixed (finding->kind));
  if (finding->what == PSC_FINDING_MAPPINGS)
    return dup_count_sentence (&finding->trend);
  sentence = psc_growth_dup_sentence (&finding->trend);
  text = g_string_new (sentence);
  append_room (text, finding);
  append_cold (text, finding);
  return g_string_free (text, FALSE);
}

static char *
dup_titled (const PscFinding *finding)
{
  g_autofree char *title = psc_finding_dup_title (finding);
  g_autofree char *sentence = psc_finding_dup_sentence (finding);

  return g_strdup_printf (_ ("%s: %s"), title, sentence);
}

static guint
count (const PscVerdict *verdict, PscSeverity severity)
{
  guint n = 0;

  for (guint i = 0; i < verdict->n_findings; i++)
    if (verdict->findings[i].severity >= severity)
      n++;
  return n;
}

static char *
dup_nothing (const PscVerdict *verdict)
{
  g_autofree char *note = NULL, *needs = NULL;

  if (verdict->total.trend.shape == PSC_GROWTH_TOO_SHORT)
    {
      needs = psc_growth_format_span (verdict->total.trend.needs_usec);
      return g_strdup_printf (_ ("too short to tell what grows: needs %s more"), needs);
    }
  if (count (verdict, PSC_SEVERITY_NOTE) == 0)
    return g_strdup (_ ("nothing grows"));
  note = dup_titled (&verdict->findings[0]);
  return g_strdup_printf (_ ("nothing grows steadily; %s"), note);
}

char *
psc_verdict_dup_sentence (const PscVerdict *verdict)
{
  const PscFinding *worst = psc_verdict_get_worst (verdict);
  g_autofree char *sentence = NULL;
  GString *text;
  guint n_others;

  if (worst == NULL)
    return dup_nothing (verdict);
  sentence = dup_titled (worst);
  text = g_string_new (sentence);
  n_others = count (verdict, PSC_SEVERITY_GROWING) - (worst != &verdict->total);
  if (n_others > 0)
    g_string_append_printf (
        text, ngettext ("; %u other part grows", "; %u other parts grow", n_others), n_others);
  if (verdict->forecasts != NULL && verdict->forecasts->len > 0)
    {
      const PscForecast *forecast = g_ptr_array_index (verdict->forecasts, 0);

      g_string_append_printf (text, ". %s", forecast->sentence);
    }
  return g_string_free (text, FALSE);
}

/* What is flat and can leak is not worth a line, and neither is what can't. */
static gboolean
is_worth_a_line (const PscFinding *finding)
{
  return finding->severity > PSC_SEVERITY_NOTHING ||
         (finding->what == PSC_FINDING_SEGMENT && finding->trend.shape > PSC_GROWTH_FLAT);
}

char *
psc_verdict_to_text (const PscVerdict *verdict)
{
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);
  g_autofree char *total = dup_titled (&verdict->total);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Verdict: %s\n"), sentence);
  g_string_append_printf (text, "  %s\n", total);
  for (guint i = 0; i < verdict->n_findings; i++)
    {
      g_autofree char *line = dup_titled (&verdict->findings[i]);

      if (is_worth_a_line (&verdict->findings[i]))
        g_string_append_printf (text, "  %s\n", line);
    }
  for (guint i = 0; verdict->forecasts != NULL && i < verdict->forecasts->len; i++)
    g_string_append_printf (text, "  %s\n",
                            ((PscForecast *) g_ptr_array_index (verdict->forecasts, i))->sentence);
  if (verdict->orphan_sentence != NULL)
    g_string_append_printf (text, "  %s\n", verdict->orphan_sentence);
  return g_string_free (text, FALSE);
}

static void
set_int (JsonObject *object, const char *key, double value)
{
  json_object_set_int_member (object, key, (gint64) llround (CLAMP (value, -9e18, 9e18)));
}

/* What can't be told yet is null, not 0. */
static void
set_trend (JsonObject *object, const PscTrend *trend)
{
  static const char *const rates[] = { "per_min", "per_min_low", "per_min_high" };
  const double values[] = { trend->bytes_per_min, trend->bytes_per_min_low,
                            trend->bytes_per_min_high };

  json_object_set_string_member (object, "shape", psc_growth_shape_id (trend->shape));
  set_int (object, "grown", (double) trend->bytes_grown);
  set_int (object, "for_usec", (double) (trend->until_usec - trend->since_usec));
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    if (trend->shape == PSC_GROWTH_TOO_SHORT)
      json_object_set_null_member (object, rates[i]);
    else
      set_int (object, rates[i], values[i]);
  if (trend->has_cycles)
    {
      set_int (object, "trough", (double) trend->low_bytes);
      set_int (object, "peak", (double) trend->high_bytes);
      set_int (object, "period_usec", (double) trend->period_usec);
    }
  if (trend->shape == PSC_GROWTH_TOO_SHORT)
    set_int (object, "needs_usec", (double) trend->needs_usec);
}

static JsonObject *
finding_to_object (const PscFinding *finding)
{
  JsonObject *object = json_object_new ();
  g_autofree char *sentence = psc_finding_dup_sentence (finding);
  gboolean has_kind = finding->what != PSC_FINDING_TOTAL && finding->what != PSC_FINDING_MAPPINGS;

  json_object_set_string_member (object, "what", whats[finding->what]);
  if (has_kind)
    json_object_set_string_member (object, "kind", psc_kind_id (finding->kind));
  if (*finding->label != '\0')
    json_object_set_string_member (object, "label", finding->label);
  json_object_set_string_member (object, "severity", severities[finding->severity]);
  if (finding->what != PSC_FINDING_MAPPINGS)
    {
      set_int (object, "size", (double) finding->amount.size);
      set_int (object, "populated", (double) psc_amount_populated (&finding->amount));
    }
  set_int (object, "mappings", (double) finding->amount.n_mappings);
  if (finding->what != PSC_FINDING_FIXED)
    set_trend (object, &finding->trend);
  if (finding->room_bytes > 0)
    set_int (object, "room", (double) finding->room_bytes);
  if (finding->looked_at_bytes > 0)
    {
      set_int (object, "looked_at", (double) finding->looked_at_bytes);
      set_int (object, "cold", (double) finding->cold_bytes);
    }
  json_object_set_string_member (object, "sentence", sentence);
  return object;
}

/* null: may never be. */
static void
set_minutes (JsonObject *object, const char *key, double minutes)
{
  if (isfinite (minutes))
    json_object_set_double_member (object, key, minutes);
  else
    json_object_set_null_member (object, key);
}

static JsonArray *
forecasts_to_array (GPtrArray *forecasts)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < forecasts->len; i++)
    {
      const PscForecast *forecast = g_ptr_array_index (forecasts, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "limit_of", psc_forecast_id (forecast->kind));
      set_int (object, "limit", (double) forecast->limit);
      set_int (object, "now", (double) forecast->now);
      set_minutes (object, "minutes_low", forecast->low);
      set_minutes (object, "minutes_high", forecast->high);
      json_object_set_string_member (object, "sentence", forecast->sentence);
      json_array_add_object_element (array, object);
    }
  return array;
}

JsonNode *
psc_verdict_to_json_node (const PscVerdict *verdict)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *findings = json_array_new ();
  g_autofree char *sentence = psc_verdict_dup_sentence (verdict);
  JsonNode *node = json_node_alloc ();

  for (guint i = 0; i < verdict->n_findings; i++)
    json_array_add_object_element (findings, finding_to_object (&verdict->findings[i]));
  json_object_set_string_member (object, "sentence", sentence);
  set_int (object, "watched_usec", (double) (verdict->until_usec - verdict->since_usec));
  json_object_set_object_member (object, "total", finding_to_object (&verdict->total));
  json_object_set_array_member (object, "findings", findings);
  if (verdict->forecasts != NULL)
    json_object_set_array_member (object, "forecasts", forecasts_to_array (verdict->forecasts));
  if (verdict->orphan_sentence != NULL)
    set_int (object, "orphans", (double) verdict->orphan_bytes);
  return json_node_init_object (node, object);
}
