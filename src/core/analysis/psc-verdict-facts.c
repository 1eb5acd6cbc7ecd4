/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-verdict-private.h"

#include <stdlib.h>
#include <string.h>

#include "psc-moment-private.h"

static PscRate
rate_of (const PscTrend *trend)
{
  if (trend->shape != PSC_GROWTH_GROWING)
    return (PscRate){ 0, 0 };
  return (PscRate){ trend->bytes_per_min_low, trend->bytes_per_min_high };
}

static void
add_forecasts (PscVerdict *verdict, const PscVerdictFacts *facts)
{
  PscGrowth growth = { .memory = rate_of (&verdict->own),
                       .address_space = rate_of (&verdict->size) };

  for (guint i = 0; i < verdict->n_findings; i++)
    {
      const PscFinding *finding = &verdict->findings[i];

      if (finding->what == PSC_FINDING_MAPPINGS)
        growth.mappings = rate_of (&finding->trend);
      else if (finding->what == PSC_FINDING_STACK && finding->kind == PSC_KIND_STACK)
        growth.stack = rate_of (&finding->trend);
    }
  g_clear_pointer (&verdict->forecasts, g_ptr_array_unref);
  verdict->forecasts = psc_forecast_new (facts->limits, &facts->amounts, &growth);
}

static void
add_cold (PscVerdict *verdict, const PscColdSegment *cold)
{
  for (guint i = 0; i < verdict->n_findings; i++)
    {
      PscFinding *finding = &verdict->findings[i];

      if (finding->what != PSC_FINDING_SEGMENT || finding->kind != cold->kind ||
          strcmp (finding->label, cold->label) != 0)
        continue;
      finding->looked_at_bytes = cold->resident;
      finding->cold_bytes = cold->cold;
      if (finding->severity == PSC_SEVERITY_GROWING && cold->resident > 0 &&
          (double) cold->cold >= PSC_VERDICT_COLD_SHARE * cold->resident)
        finding->severity = PSC_SEVERITY_LEAK;
    }
}

void
psc_verdict_add_facts (PscVerdict *verdict, const PscVerdictFacts *facts)
{
  if (facts->limits != NULL)
    add_forecasts (verdict, facts);
  for (guint i = 0; facts->cold != NULL && i < facts->cold->len; i++)
    add_cold (verdict, &g_array_index (facts->cold, PscColdSegment, i));
  qsort (verdict->findings, verdict->n_findings, sizeof (PscFinding), psc_finding_compare);
  verdict->orphan_bytes = facts->orphan_bytes;
  g_free (verdict->orphan_sentence);
  verdict->orphan_sentence = g_strdup (facts->orphan_sentence);
}

static void
clear_cold (gpointer cold)
{
  g_ref_string_release ((char *) ((PscColdSegment *) cold)->label);
}

/* Neighbours are mostly of one segment, so the last ones are looked at first. Takes the label. */
static PscColdSegment *
cold_segment_at (GArray *segments, PscKind kind, char *label)
{
  const PscColdSegment segment = { kind, label, 0, 0 };

  for (guint i = segments->len; i > 0; i--)
    {
      PscColdSegment *there = &g_array_index (segments, PscColdSegment, i - 1);

      if (there->kind != kind || there->label != label)
        continue;
      g_ref_string_release (label);
      return there;
    }
  g_array_append_val (segments, segment);
  return &g_array_index (segments, PscColdSegment, segments->len - 1);
}

GArray *
psc_cold_segments_new (const PscSpace *space, const guint64 *looked_at, const guint64 *cold)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (PscColdSegment));

  g_array_set_clear_func (segments, clear_cold);
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      PscColdSegment *segment;

      if (psc_kind_nature (mapping->kind) != PSC_NATURE_CAN_LEAK)
        continue;
      segment = cold_segment_at (segments, mapping->kind, psc_moment_dup_label (space, mapping));
      segment->resident += looked_at[i];
      segment->cold += cold[i];
    }
  return segments;
}
