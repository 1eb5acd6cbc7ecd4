/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-insight.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "psc-format.h"

struct _PscInsight
{
  GObject parent_instance;

  PscJudgement *judgement;
  char *note;
  PscColdLook look; /* cold NULL: nobody looked */
  GArray *cold_segments;
  guint64 orphan_bytes;
  char *orphan_sentence;
};

G_DEFINE_FINAL_TYPE (PscInsight, psc_insight, G_TYPE_OBJECT)

static guint changed_signal;

static void
changed (PscInsight *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* --- the verdict --------------------------------------------------------------------------- */

void
psc_insight_set_judgement (PscInsight *self, PscJudgement *judgement, const char *note)
{
  g_return_if_fail (PSC_IS_INSIGHT (self));

  if (judgement != NULL)
    psc_judgement_ref (judgement);
  psc_judgement_unref (self->judgement);
  self->judgement = judgement;
  g_free (self->note);
  self->note = g_strdup (note);
  changed (self);
}

PscJudgement *
psc_insight_get_judgement (PscInsight *self)
{
  return self->judgement;
}

const char *
psc_insight_get_note (PscInsight *self)
{
  return self->note;
}

char *
psc_insight_dup_growth (PscInsight *self, const PscSpace *space, const PscMapping *mapping)
{
  const PscFinding *finding = self->judgement != NULL ?
                                  psc_verdict_find_of (self->judgement->verdict, space, mapping) :
                                  NULL;
  g_autofree char *sentence = finding != NULL ? psc_finding_dup_sentence (finding) : NULL;
  guint64 n = finding != NULL ? finding->amount.n_mappings : 0;

  if (finding == NULL || finding->what == PSC_FINDING_FIXED || n <= 1)
    return g_steal_pointer (&sentence);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%" G_GUINT64_FORMAT " mapping: %s",
                                       "%" G_GUINT64_FORMAT " such mappings together: %s",
                                       (gulong) n),
                          n, sentence);
}

/* --- cold ---------------------------------------------------------------------------------- */

static void
forget_cold (PscInsight *self)
{
  g_clear_pointer (&self->look.cold, psc_cold_free);
  g_clear_pointer (&self->cold_segments, g_array_unref);
}

/* The kernel's own opinion proves nothing where memory is plenty. */
static GArray *
find_segments (const PscCold *cold)
{
  guint n = cold->space->n_mappings;
  g_autofree guint64 *looked_at = g_new (guint64, MAX (n, 1)), *bytes = g_new (guint64, MAX (n, 1));

  if (cold->source != PSC_COLD_REFERENCED)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      looked_at[i] = cold->mappings[i].touched + cold->mappings[i].cold;
      bytes[i] = cold->mappings[i].cold;
    }
  return psc_cold_segments_new (cold->space, looked_at, bytes);
}

void
psc_insight_take_cold (PscInsight *self, PscCold *cold, gint64 time_usec, gint64 span_usec)
{
  g_return_if_fail (PSC_IS_INSIGHT (self));
  g_return_if_fail (cold != NULL);

  forget_cold (self);
  self->look = (PscColdLook){ cold, time_usec, span_usec };
  self->cold_segments = find_segments (cold);
  changed (self);
}

const PscColdLook *
psc_insight_get_cold (PscInsight *self)
{
  return self->look.cold != NULL ? &self->look : NULL;
}

GArray *
psc_insight_get_cold_segments (PscInsight *self)
{
  return self->cold_segments;
}

static char *
dup_clock (gint64 time_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_usec / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%H:%M:%S") : g_strdup ("?");
}

static char *
dup_look (const PscColdLook *look, guint64 bytes, guint64 whole)
{
  g_autofree char *size = psc_format_size (bytes);
  g_autofree char *resident = psc_format_size (whole);
  g_autofree char *clock = dup_clock (look->time_usec);
  g_autofree char *span = psc_growth_format_span (look->span_usec);

  if (look->cold->source == PSC_COLD_FRAMES)
    return g_strdup_printf (_ ("%s of %s, by the kernel’s lists (%s)"), size, resident, clock);
  return g_strdup_printf (_ ("%s of %s in %s (%s)"), size, resident, span, clock);
}

char *
psc_insight_dup_cold (PscInsight *self)
{
  const PscColdSums *total;

  if (self->look.cold == NULL)
    return NULL;
  total = &self->look.cold->total;
  return dup_look (&self->look, total->touched, total->resident);
}

/* The mapping as it was when somebody looked: the kernel lets them grow at both ends. */
static const PscMapping *
find_then (const PscSpace *space, const PscMapping *mapping)
{
  guint i = psc_space_lower_bound (space, mapping->start);
  const PscMapping *then = i < space->n_mappings ? &space->mappings[i] : NULL;

  if (then == NULL || then->start >= mapping->end || then->kind != mapping->kind)
    return NULL;
  return then;
}

char *
psc_insight_dup_touched (PscInsight *self, const PscMapping *mapping)
{
  const PscCold *cold = self->look.cold;
  const PscMapping *then = cold != NULL ? find_then (cold->space, mapping) : NULL;
  const PscColdSums *sums;

  if (then == NULL)
    return NULL;
  sums = &cold->mappings[psc_space_mapping_index (cold->space, then)];
  return sums->resident > 0 ? dup_look (&self->look, sums->touched, sums->resident) : NULL;
}

/* --- orphans ------------------------------------------------------------------------------- */

void
psc_insight_take_orphans (PscInsight *self, PscOrphans *orphans, gint pid)
{
  g_autoptr (PscOrphans) taken = orphans;
  g_autofree char *size = NULL;
  guint n = 0;

  g_return_if_fail (PSC_IS_INSIGHT (self));

  g_clear_pointer (&self->orphan_sentence, g_free);
  self->orphan_bytes = 0;
  for (guint i = 0; i < taken->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (taken->orphans, i);

      if (!psc_orphan_belongs (orphan, pid))
        continue;
      self->orphan_bytes += orphan->bytes;
      n++;
    }
  if (n > 0)
    {
      size = psc_format_size (self->orphan_bytes);
      self->orphan_sentence = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%s of shared memory that nobody maps any more, in %u piece",
                       "%s of shared memory that nobody maps any more, in %u pieces", n),
          size, n);
    }
  changed (self);
}

const char *
psc_insight_get_orphans (PscInsight *self, guint64 *bytes)
{
  if (bytes != NULL)
    *bytes = self->orphan_bytes;
  return self->orphan_sentence;
}

/* --- limits -------------------------------------------------------------------------------- */

static const PscCgroupLevel *
find_narrowest (const PscLimits *limits)
{
  const PscCgroupLevel *narrowest = NULL;
  guint64 least = G_MAXUINT64;

  for (guint i = 0; i < limits->n_levels; i++)
    {
      const PscCgroupLevel *level = &limits->levels[i];
      guint64 left;

      if (level->max.state != PSC_LIMIT_VALUE || level->usage.state != PSC_LIMIT_VALUE)
        continue;
      left = level->max.value - MIN (level->usage.value, level->max.value);
      if (left >= least)
        continue;
      least = left;
      narrowest = level;
    }
  return narrowest;
}

char *
psc_insight_dup_limit (PscInsight *self)
{
  const PscJudgement *judgement = self->judgement;
  const PscCgroupLevel *level;
  g_autofree char *max = NULL, *used = NULL;

  if (judgement == NULL || judgement->limits == NULL)
    return NULL;
  level = find_narrowest (psc_known_limits_get (judgement->limits));
  if (level == NULL)
    return NULL;
  max = psc_format_size (level->max.value);
  used = psc_format_size (level->usage.value);
  return g_strdup_printf (_ ("%s of control group %s, %s used"), max, level->path, used);
}

/* --- the object ---------------------------------------------------------------------------- */

char *
psc_insight_dup_sentence (const char *words)
{
  GString *text = g_string_new (NULL);

  if (*words != '\0')
    {
      g_string_append_unichar (text, g_unichar_toupper (g_utf8_get_char (words)));
      g_string_append (text, g_utf8_next_char (words));
    }
  return g_string_free (text, FALSE);
}

static void
forget (PscInsight *self)
{
  g_clear_pointer (&self->judgement, psc_judgement_unref);
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->orphan_sentence, g_free);
  self->orphan_bytes = 0;
  forget_cold (self);
}

void
psc_insight_forget (PscInsight *self)
{
  g_return_if_fail (PSC_IS_INSIGHT (self));

  forget (self);
  changed (self);
}

static void
psc_insight_finalize (GObject *object)
{
  forget (PSC_INSIGHT (object));
  G_OBJECT_CLASS (psc_insight_parent_class)->finalize (object);
}

static void
psc_insight_class_init (PscInsightClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_insight_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_INSIGHT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_insight_init (PscInsight *self)
{
}

PscInsight *
psc_insight_new (void)
{
  return g_object_new (PSC_TYPE_INSIGHT, NULL);
}
