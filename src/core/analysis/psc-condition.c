/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-condition-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-format.h"
#include "psc-growth-fit.h"

/* Growth by fewer is none. */
#define LEAST_COUNT 16
/* A rate must have held for so long, and is looked at so often in that time. */
#define HELD_USEC             (30 * G_USEC_PER_SEC)
#define HELD_LOOKS            3
#define FAULT_USEC            (30 * G_USEC_PER_SEC)
#define FAULT_LEAST_INTERVALS 5

static gboolean
is_named (const PscConditionTerm *term, const PscSegment *segment)
{
  const char *slash = strrchr (segment->label, '/');

  if (strcmp (segment->label, term->label) == 0)
    return TRUE;
  /* “/memfd:frames” is called frames by who made it. */
  if (term->what != PSC_CONDITION_MAPPING || slash == NULL)
    return FALSE;
  if (g_str_has_prefix (slash, "/memfd:") && strcmp (slash + strlen ("/memfd:"), term->label) == 0)
    return TRUE;
  return strcmp (slash + 1, term->label) == 0;
}

static gboolean
has_label (const PscConditionTerm *term)
{
  return term->what == PSC_CONDITION_SEGMENT || term->what == PSC_CONDITION_MAPPING;
}

/* One value of a moment, not of faults and not of “any”. */
static guint64
value_at (const PscConditionTerm *term, const PscMoment *moment)
{
  guint64 sum = 0;

  switch (term->what)
    {
    case PSC_CONDITION_AMOUNT:
      return psc_amount_get (&moment->total, term->of);
    case PSC_CONDITION_HUGE:
      return moment->huge;
    case PSC_CONDITION_PAGE_TABLES:
      return moment->vm_pte;
    case PSC_CONDITION_THREADS:
      return moment->n_threads;
    case PSC_CONDITION_SEGMENT:
    case PSC_CONDITION_MAPPING:
      for (guint i = 0; i < moment->n_segments; i++)
        if (is_named (term, &moment->segments[i]))
          sum += psc_amount_populated (&moment->segments[i].amount);
      return sum;
    case PSC_CONDITION_KINDS:
    default:
      for (guint kind = 0; kind < PSC_N_KINDS; kind++)
        if (term->kinds & (1u << kind))
          sum += psc_amount_populated (&moment->kinds[kind]);
      return sum;
    }
}

/* Sizes of mappings are known whatever may be looked at, and so are numbers. */
static gboolean
is_known (const PscConditionTerm *term, const PscMoment *moment)
{
  if (term->what == PSC_CONDITION_THREADS || term->what == PSC_CONDITION_PAGE_TABLES)
    return TRUE;
  if (term->what == PSC_CONDITION_AMOUNT &&
      (term->of == PSC_SERIES_SIZE || term->of == PSC_SERIES_N_MAPPINGS))
    return TRUE;
  return moment->pages_known;
}

static void
judge (const PscConditionTerm *term, const PscTimeline *timeline, gint64 until_usec,
       PscTrend *trend)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (PscSample));
  guint n = psc_timeline_get_n_moments (timeline);

  for (guint i = psc_timeline_first_of_program (timeline, until_usec); i < n; i++)
    {
      const PscMoment *moment = psc_timeline_get_moment (timeline, i);
      PscSample sample = { moment->time_usec, value_at (term, moment) };

      if (moment->time_usec <= until_usec && is_known (term, moment))
        g_array_append_val (samples, sample);
    }
  psc_growth_judge ((const PscSample *) (const void *) samples->data, samples->len,
                    psc_condition_term_is_count (term) ? LEAST_COUNT : PSC_GROWTH_LEAST_BYTES,
                    trend);
}

static gboolean
is_above (const PscTrend *trend, double limit)
{
  return trend->shape == PSC_GROWTH_GROWING && trend->bytes_per_min_low > limit;
}

static char *
dup_rate_sentence (const PscConditionTerm *term, const PscTrend *trend, const char *title)
{
  g_autofree char *span = psc_growth_format_span (trend->until_usec - trend->since_usec);
  g_autofree char *rate = NULL, *low = NULL;

  if (psc_condition_term_is_count (term))
    {
      rate = psc_growth_format_count (trend->bytes_per_min);
      low = psc_growth_format_count (trend->bytes_per_min_low);
      return g_strdup_printf (_ ("%s: growing steadily by %s a minute for %s, %s at least"),
                              term->text, rate, span, low);
    }
  rate = psc_growth_format_rate (trend->bytes_per_min);
  low = psc_growth_format_rate (trend->bytes_per_min_low);
  if (title != NULL)
    return g_strdup_printf (_ ("%s: %s is growing steadily, %s for %s, %s at least"), term->text,
                            title, rate, span, low);
  return g_strdup_printf (_ ("%s: growing steadily, %s for %s, %s at least"), term->text, rate,
                          span, low);
}

static gboolean
any_grows (const PscConditionTerm *term, const PscTimeline *timeline, gint64 until_usec,
           char **sentence)
{
  g_autoptr (PscVerdict) verdict = psc_verdict_new_at (timeline, until_usec);
  g_autofree char *title = NULL;

  for (guint i = 0; verdict != NULL && i < verdict->n_findings; i++)
    {
      const PscFinding *finding = &verdict->findings[i];

      if ((finding->what != PSC_FINDING_SEGMENT && finding->what != PSC_FINDING_KIND) ||
          !is_above (&finding->trend, term->limit))
        continue;
      title = psc_finding_dup_title (finding);
      *sentence = dup_rate_sentence (term, &finding->trend, title);
      return TRUE;
    }
  return FALSE;
}

static gboolean
grows_at (const PscConditionTerm *term, const PscTimeline *timeline, gint64 until_usec,
          char **sentence)
{
  PscTrend trend;

  if (term->what == PSC_CONDITION_ANY)
    return any_grows (term, timeline, until_usec, sentence);
  judge (term, timeline, until_usec, &trend);
  if (!is_above (&trend, term->limit))
    return FALSE;
  *sentence = dup_rate_sentence (term, &trend, NULL);
  return TRUE;
}

static gboolean
holds_as_rate (const PscConditionTerm *term, const PscTimeline *timeline, gboolean at_end,
               char **sentence)
{
  guint n = psc_timeline_get_n_moments (timeline);
  gint64 now_usec = psc_timeline_get_moment (timeline, n - 1)->time_usec;

  if (!grows_at (term, timeline, now_usec, sentence))
    return FALSE;
  for (guint i = 1; i < HELD_LOOKS && !at_end; i++)
    {
      g_autofree char *before = NULL;

      if (!grows_at (term, timeline, now_usec - i * HELD_USEC / (HELD_LOOKS - 1), &before))
        {
          g_clear_pointer (sentence, g_free);
          return FALSE;
        }
    }
  return TRUE;
}

static double
faults_of (const PscConditionTerm *term, const PscFaultRate *rate)
{
  if (term->what == PSC_CONDITION_MINOR_FAULTS)
    return rate->minor;
  if (term->what == PSC_CONDITION_MAJOR_FAULTS)
    return rate->major;
  return rate->minor < 0 || rate->major < 0 ? -1 : rate->minor + rate->major;
}

/* Faults per minute of the last intervals: their mean, and the low end of it. */
static gboolean
find_fault_rate (const PscConditionTerm *term, const PscTimeline *timeline, double *mean,
                 double *low)
{
  guint n = psc_timeline_get_n_moments (timeline), n_rates = 0;
  gint64 now_usec = psc_timeline_get_moment (timeline, n - 1)->time_usec;
  double sum = 0, squares = 0, variance;
  PscLine line;

  for (guint i = n - 1; i > psc_timeline_first_of_program (timeline, G_MAXINT64); i--)
    {
      PscFaultRate rate = psc_timeline_fault_rate (timeline, i);
      double faults = 60 * faults_of (term, &rate);

      if (faults < 0 || (n_rates >= FAULT_LEAST_INTERVALS &&
                         psc_timeline_get_moment (timeline, i)->time_usec < now_usec - FAULT_USEC))
        break;
      n_rates++;
      sum += faults;
      squares += faults * faults;
    }
  if (n_rates < FAULT_LEAST_INTERVALS)
    return FALSE;
  *mean = sum / n_rates;
  variance = MAX (squares - sum * *mean, 0) / (n_rates - 1);
  line = (PscLine){ .slope_error = sqrt (variance / n_rates), .freedom = n_rates - 1 };
  *low = *mean - psc_line_margin (&line);
  return TRUE;
}

static gboolean
holds_as_faults (const PscConditionTerm *term, const PscTimeline *timeline, char **sentence)
{
  double mean, low;

  if (!find_fault_rate (term, timeline, &mean, &low) || !(low > term->limit))
    return FALSE;
  *sentence = g_strdup_printf (_ ("%s: %.4g a second on average, %.4g at least"), term->text,
                               mean / 60, low / 60);
  return TRUE;
}

static char *
dup_size_sentence (const PscConditionTerm *term, guint64 value, const char *title)
{
  g_autofree char *size = NULL;

  if (psc_condition_term_is_count (term))
    return g_strdup_printf (_ ("%s: there are %" G_GUINT64_FORMAT), term->text, value);
  size = psc_format_size (value);
  if (title != NULL)
    return g_strdup_printf (_ ("%s: %s is at %s"), term->text, title, size);
  return g_strdup_printf (_ ("%s: it is at %s"), term->text, size);
}

static gboolean
any_is_large (const PscConditionTerm *term, const PscMoment *moment, char **sentence)
{
  for (guint i = 0; i < moment->n_segments; i++)
    {
      const PscSegment *segment = &moment->segments[i];
      PscFinding finding = { PSC_FINDING_SEGMENT, segment->kind, segment->label };
      guint64 value = psc_amount_populated (&segment->amount);
      g_autofree char *title = NULL;

      if ((double) value <= term->limit)
        continue;
      title = psc_finding_dup_title (&finding);
      *sentence = dup_size_sentence (term, value, title);
      return TRUE;
    }
  return FALSE;
}

static gboolean
holds_as_size (const PscConditionTerm *term, const PscMoment *moment, char **sentence)
{
  guint64 value;

  if (!is_known (term, moment))
    return FALSE;
  if (term->what == PSC_CONDITION_ANY)
    return any_is_large (term, moment, sentence);
  value = value_at (term, moment);
  if ((double) value <= term->limit)
    return FALSE;
  *sentence = dup_size_sentence (term, value, NULL);
  return TRUE;
}

gboolean
psc_condition_holds (const PscCondition *condition, const PscTimeline *timeline, gboolean at_end,
                     char **sentence)
{
  guint n = psc_timeline_get_n_moments (timeline);

  for (guint i = 0; n > 0 && i < condition->terms->len; i++)
    {
      const PscConditionTerm *term = &g_array_index (condition->terms, PscConditionTerm, i);
      g_autofree char *said = NULL;
      gboolean holds;

      if (psc_condition_term_is_faults (term))
        holds = holds_as_faults (term, timeline, &said);
      else if (term->is_rate)
        holds = holds_as_rate (term, timeline, at_end, &said);
      else
        holds = holds_as_size (term, psc_timeline_get_moment (timeline, n - 1), &said);
      if (!holds)
        continue;
      if (sentence != NULL)
        *sentence = g_steal_pointer (&said);
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_seen (const PscConditionTerm *term, const PscTimeline *timeline)
{
  for (guint i = psc_timeline_get_n_moments (timeline); i > 0; i--)
    {
      const PscMoment *moment = psc_timeline_get_moment (timeline, i - 1);

      for (guint j = 0; j < moment->n_segments; j++)
        if (is_named (term, &moment->segments[j]))
          return TRUE;
    }
  return FALSE;
}

const char *
psc_condition_find_unseen (const PscCondition *condition, const PscTimeline *timeline)
{
  for (guint i = 0; i < condition->terms->len; i++)
    {
      const PscConditionTerm *term = &g_array_index (condition->terms, PscConditionTerm, i);

      if (has_label (term) && !is_seen (term, timeline))
        return term->label;
    }
  return NULL;
}
