/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-chart-private.h"

#include <glib/gi18n.h>

#include "psc-format.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Most kinds, and most events, that a tip lists. */
#define MOST_KINDS  7
#define MOST_EVENTS 6

char *
psc_chart_dup_clock (gint64 time_usec, gint64 now_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_usec / G_USEC_PER_SEC);
  gboolean today;

  if (time == NULL || now == NULL)
    return g_strdup ("?");
  today = g_date_time_get_year (time) == g_date_time_get_year (now) &&
          g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now);
  return g_date_time_format (time, today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S");
}

char *
psc_chart_dup_span (gint64 usec)
{
  gint64 seconds = (usec + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
  gint64 minutes = seconds / MINUTE, hours = seconds / HOUR, days = seconds / DAY;

  if (seconds < MINUTE)
    return g_strdup_printf (_ ("%d s"), (int) seconds);
  if (seconds < HOUR)
    return seconds % MINUTE == 0 || minutes >= 10 ?
               g_strdup_printf (_ ("%d min"), (int) minutes) :
               g_strdup_printf (_ ("%d min %d s"), (int) minutes, (int) (seconds % MINUTE));
  if (seconds < DAY)
    return minutes % 60 == 0 ?
               g_strdup_printf (_ ("%d h"), (int) hours) :
               g_strdup_printf (_ ("%d h %d min"), (int) hours, (int) (minutes % 60));
  return hours % 24 == 0 ? g_strdup_printf (_ ("%d d"), (int) days) :
                           g_strdup_printf (_ ("%d d %d h"), (int) days, (int) (hours % 24));
}

static guint64
in_memory (const PscAmount *amount)
{
  return amount->resident + amount->hugetlb;
}

/* --- all of it ----------------------------------------------------------------------------- */

/* The kind that grew or shrank most. */
static PscKind
find_mover (const PscMoment *first, const PscMoment *last, gint64 *most)
{
  PscKind mover = 0;

  *most = 0;
  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      gint64 by = (gint64) (in_memory (&last->kinds[kind]) - in_memory (&first->kinds[kind]));

      if (ABS (by) <= ABS (*most))
        continue;
      *most = by;
      mover = kind;
    }
  return mover;
}

static void
append_growth (GString *text, const PscMoment *first, const PscMoment *last)
{
  gint64 by = (gint64) (in_memory (&last->total) - in_memory (&first->total)), most;
  PscKind mover = find_mover (first, last, &most);
  g_autofree char *delta = psc_format_size_delta (by);
  g_autofree char *of_mover = psc_format_size_delta (most);
  g_autofree char *span = psc_chart_dup_span (last->time_usec - first->time_usec);

  if (by == 0 && most == 0)
    g_string_append_printf (text, _ (", the same as %s before"), span);
  else
    g_string_append_printf (text, _ (", %s in %s (%s %s)"), delta, span, _ (psc_kind_title (mover)),
                            of_mover);
}

static void
append_peak (GString *text, const PscChart *chart, guint first, guint last)
{
  const PscMoment *highest = psc_timeline_get_moment (chart->timeline, first);
  g_autofree char *size = NULL, *clock = NULL;

  for (guint i = first; i <= last; i++)
    {
      const PscMoment *moment = psc_timeline_get_moment (chart->timeline, i);

      if (in_memory (&moment->total) > in_memory (&highest->total))
        highest = moment;
    }
  size = psc_format_size (in_memory (&highest->total));
  clock = psc_chart_dup_clock (highest->time_usec, chart->to_usec);
  g_string_append_printf (text, _ (". At most %s, at %s"), size, clock);
}

static void
append_event_count (GString *text, const PscChart *chart)
{
  guint n, first, end;

  psc_timeline_get_events (chart->timeline, &n);
  first = psc_timeline_first_event_at (chart->timeline, chart->from_usec);
  end = psc_timeline_first_event_at (chart->timeline, chart->to_usec + 1);
  if (end == first)
    return;
  g_string_append (text, ". ");
  g_string_append_printf (text, ngettext ("%u event", "%u events", end - first), end - first);
}

char *
psc_chart_dup_sentence (const PscChart *chart)
{
  guint n = chart->timeline != NULL ? psc_timeline_get_n_moments (chart->timeline) : 0;
  GString *text = g_string_new (NULL);
  g_autofree char *size = NULL;
  const PscMoment *last;
  guint from, to;

  if (n == 0)
    return g_string_free (g_string_assign (text, _ ("The first seconds are being gathered")),
                          FALSE);
  from = psc_timeline_index_at (chart->timeline, chart->from_usec);
  to = psc_timeline_index_at (chart->timeline, chart->to_usec);
  last = psc_timeline_get_moment (chart->timeline, to);
  if (!last->pages_known)
    return g_string_free (g_string_assign (text, _ ("What is resident is not known")), FALSE);
  size = psc_format_size (in_memory (&last->total));
  g_string_append_printf (text, _ ("%s resident"), size);
  if (to > from)
    {
      append_growth (text, psc_timeline_get_moment (chart->timeline, from), last);
      append_peak (text, chart, from, to);
    }
  append_event_count (text, chart);
  return g_string_free (text, FALSE);
}

/* --- one moment ---------------------------------------------------------------------------- */

static PscKind
find_next_kind (const PscMoment *moment, guint64 below, gint after)
{
  PscKind found = PSC_N_KINDS;
  guint64 most = 0;

  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      guint64 bytes = in_memory (&moment->kinds[kind]);

      if (bytes > below || (bytes == below && (gint) kind <= after) || bytes <= most)
        continue;
      most = bytes;
      found = kind;
    }
  return found;
}

static void
append_kinds (GString *text, const PscMoment *moment)
{
  guint64 below = G_MAXUINT64;
  gint after = -1;

  for (guint i = 0; i < MOST_KINDS; i++)
    {
      PscKind kind = find_next_kind (moment, below, after);
      g_autofree char *size = NULL;

      if (kind == PSC_N_KINDS)
        return;
      below = in_memory (&moment->kinds[kind]);
      after = (gint) kind;
      size = psc_format_size (below);
      g_string_append_printf (text, "\n%s: %s", _ (psc_kind_title (kind)), size);
    }
}

static void
append_faults (GString *text, const PscChart *chart, guint moment)
{
  PscFaultRate rate = psc_timeline_fault_rate (chart->timeline, moment);

  if (rate.minor >= 0)
    g_string_append_printf (text, _ ("\nFaults per second: %.0f minor"), rate.minor);
  if (rate.minor >= 0 && rate.major > 0)
    g_string_append_printf (text, _ (", %.1f major"), rate.major);
}

static void
append_moment (GString *text, const PscChart *chart, guint index)
{
  const PscMoment *moment = psc_timeline_get_moment (chart->timeline, index);
  g_autofree char *size = psc_format_size (in_memory (&moment->total));
  g_autofree char *swapped = psc_format_size (moment->total.swapped);

  if (!moment->pages_known)
    {
      g_string_append (text, _ ("\nWhat was resident is not known"));
      return;
    }
  g_string_append_printf (text, _ ("\n%s resident"), size);
  if (moment->total.swapped > 0)
    g_string_append_printf (text, _ (", %s swapped"), swapped);
  append_kinds (text, moment);
  append_faults (text, chart, index);
}

static void
append_events (GString *text, const PscChart *chart, guint first, guint n_events)
{
  guint n;
  const PscEvent *events = psc_timeline_get_events (chart->timeline, &n);

  for (guint i = 0; i < MIN (n_events, MOST_EVENTS); i++)
    {
      g_autofree char *sentence = psc_event_dup_sentence (&events[first + i]);

      g_string_append_printf (text, "\n%s", sentence);
    }
  if (n_events > MOST_EVENTS)
    g_string_append_printf (text,
                            ngettext ("\n… and %u more", "\n… and %u more", n_events - MOST_EVENTS),
                            n_events - MOST_EVENTS);
}

char *
psc_chart_dup_tip (const PscChart *chart, const PscChartSpot *spot)
{
  const PscMoment *moment;
  g_autofree char *clock = NULL;
  GString *text;
  guint n;

  if (spot->part == PSC_CHART_NOTHING || !spot->has_moment)
    return NULL;
  moment = psc_timeline_get_moment (chart->timeline, spot->moment);
  if (spot->part == PSC_CHART_EVENTS && spot->n_events > 0)
    clock = psc_chart_dup_clock (
        psc_timeline_get_events (chart->timeline, &n)[spot->first_event].time_usec, chart->to_usec);
  else
    clock = psc_chart_dup_clock (moment->time_usec, chart->to_usec);
  text = g_string_new (clock);
  if (spot->part == PSC_CHART_EVENTS && spot->n_events > 0)
    append_events (text, chart, spot->first_event, spot->n_events);
  else if (psc_chart_is_gap (chart->timeline, spot->moment) &&
           spot->time_usec > moment->time_usec + G_USEC_PER_SEC)
    g_string_append (text, _ ("\nNobody looked for a while after this"));
  else
    append_moment (text, chart, spot->moment);
  return g_string_free (text, FALSE);
}
