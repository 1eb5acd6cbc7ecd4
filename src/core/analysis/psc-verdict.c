/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-verdict-private.h"

#include <string.h>

#define MOST_SEGMENTS 256
/* Growth by fewer mappings is none. */
#define LEAST_MAPPINGS 64
/* Growth by less than one in so many bytes of the whole process is none. */
#define LEAST_SHARE 1000
/* What is mapped grew by less than this of what grew: it grows into what is there. */
#define ROOM_RATIO 0.1

guint64
psc_amount_get (const PscAmount *amount, PscSeriesOf of)
{
  switch (of)
    {
    case PSC_SERIES_RESIDENT:
      return amount->resident;
    case PSC_SERIES_SWAPPED:
      return amount->swapped;
    case PSC_SERIES_SIZE:
      return amount->size;
    case PSC_SERIES_N_MAPPINGS:
      return amount->n_mappings;
    case PSC_SERIES_POPULATED:
    default:
      return psc_amount_populated (amount);
    }
}

guint
psc_timeline_first_of_program (const PscTimeline *timeline, gint64 until_usec)
{
  guint n_events;
  const PscEvent *events = psc_timeline_get_events (timeline, &n_events);

  for (guint i = n_events; i > 0; i--)
    if (events[i - 1].type == PSC_EVENT_EXEC && events[i - 1].time_usec <= until_usec)
      {
        guint index = psc_timeline_index_at (timeline, events[i - 1].time_usec);
        guint n = psc_timeline_get_n_moments (timeline);

        /* The moment itself may have been thinned out since. */
        while (index + 1 < n &&
               psc_timeline_get_moment (timeline, index)->time_usec < events[i - 1].time_usec)
          index++;
        return index;
      }
  return 0;
}

/* The moments that count, in a form that is quick to walk. */
typedef struct
{
  PscMoment **moments; /* borrowed */
  guint n;
  PscSample *samples; /* n of them, for one part after the other */
  guint64 *sizes;
  guint64 least; /* growth that is worth a word */
} Walk;

static void
walk_init (Walk *walk, const PscTimeline *timeline, gint64 until_usec)
{
  guint n = psc_timeline_get_n_moments (timeline);

  *walk = (Walk){ g_new (PscMoment *, n), 0, g_new (PscSample, n), g_new (guint64, n) };
  for (guint i = psc_timeline_first_of_program (timeline, until_usec); i < n; i++)
    {
      PscMoment *moment = psc_timeline_get_moment (timeline, i);

      if (moment->time_usec > until_usec)
        break;
      if (moment->pages_known)
        walk->moments[walk->n++] = moment;
    }
  if (walk->n > 0)
    walk->least = MAX (PSC_GROWTH_LEAST_BYTES,
                       psc_amount_populated (&walk->moments[walk->n - 1]->total) / LEAST_SHARE);
}

static void
walk_clear (Walk *walk)
{
  g_free (walk->moments);
  g_free (walk->samples);
  g_free (walk->sizes);
}

/* What memory limits count: nothing that a file has as well. */
static gboolean
is_own (PscKind kind)
{
  return kind != PSC_KIND_TEXT && kind != PSC_KIND_RODATA && kind != PSC_KIND_FILE &&
         kind != PSC_KIND_DEVICE && kind != PSC_KIND_VDSO;
}

static void
judge_sums (const Walk *walk, gboolean size, PscTrend *trend)
{
  for (guint i = 0; i < walk->n; i++)
    {
      guint64 sum = 0;

      for (guint kind = 0; kind < PSC_N_KINDS && !size; kind++)
        if (is_own (kind))
          sum += psc_amount_populated (&walk->moments[i]->kinds[kind]);
      walk->samples[i].time_usec = walk->moments[i]->time_usec;
      walk->samples[i].bytes = size ? walk->moments[i]->total.size : sum;
    }
  psc_growth_judge (walk->samples, walk->n, PSC_GROWTH_LEAST_BYTES, trend);
}

const PscAmount *
psc_finding_amount_at (const PscFinding *finding, const PscMoment *moment)
{
  static const PscAmount none = { 0 };
  const PscSegment *segment;

  switch (finding->what)
    {
    case PSC_FINDING_TOTAL:
    case PSC_FINDING_MAPPINGS:
      return &moment->total;
    case PSC_FINDING_SEGMENT:
      segment = psc_moment_find_segment (moment, finding->kind, finding->label);
      return segment != NULL ? &segment->amount : &none;
    case PSC_FINDING_KIND:
    case PSC_FINDING_STACK:
    case PSC_FINDING_FIXED:
    default:
      return &moment->kinds[finding->kind];
    }
}

/* What was mapped when the growth began is what it grows into. */
static guint64
find_room (const Walk *walk, const PscFinding *finding)
{
  guint64 then = walk->sizes[0], now = finding->amount.size;
  guint64 populated = psc_amount_populated (&finding->amount);

  for (guint i = 0; i < walk->n && walk->samples[i].time_usec <= finding->trend.since_usec; i++)
    then = walk->sizes[i];
  if ((double) now > then + ROOM_RATIO * finding->trend.bytes_grown)
    return 0;
  return now - MIN (populated, now);
}

static PscSeverity
severity_of (const PscFinding *finding)
{
  switch (finding->trend.shape)
    {
    case PSC_GROWTH_GROWING:
      return PSC_SEVERITY_GROWING;
    case PSC_GROWTH_WARMING_UP:
      return finding->trend.warm_up == PSC_WARM_UP_STOPPED ? PSC_SEVERITY_NOTHING :
                                                             PSC_SEVERITY_NOTE;
    case PSC_GROWTH_TOO_SHORT:
      return finding->trend.bytes_grown >= (gint64) PSC_GROWTH_LEAST_BYTES ? PSC_SEVERITY_NOTE :
                                                                             PSC_SEVERITY_NOTHING;
    case PSC_GROWTH_FLAT:
    case PSC_GROWTH_SAWTOOTH:
    case PSC_GROWTH_SHRINKING:
    case PSC_N_GROWTHS:
    default:
      return PSC_SEVERITY_NOTHING;
    }
}

static void
judge (const Walk *walk, PscFinding *finding)
{
  gboolean counts = finding->what == PSC_FINDING_MAPPINGS;

  for (guint i = 0; i < walk->n; i++)
    {
      const PscAmount *amount = psc_finding_amount_at (finding, walk->moments[i]);

      walk->samples[i].time_usec = walk->moments[i]->time_usec;
      walk->samples[i].bytes = counts ? amount->n_mappings : psc_amount_populated (amount);
      walk->sizes[i] = amount->size;
    }
  finding->amount = *psc_finding_amount_at (finding, walk->moments[walk->n - 1]);
  psc_growth_judge (walk->samples, walk->n, counts ? LEAST_MAPPINGS : walk->least, &finding->trend);
  finding->severity = severity_of (finding);
  if (finding->trend.shape == PSC_GROWTH_GROWING && !counts)
    finding->room_bytes = find_room (walk, finding);
}

static guint
segment_hash (gconstpointer key)
{
  const PscSegment *segment = key;

  return g_direct_hash (segment->label) * 31 + segment->kind;
}

static gboolean
segment_equal (gconstpointer a, gconstpointer b)
{
  const PscSegment *first = a, *second = b;

  return first->label == second->label && first->kind == second->kind;
}

static int
compare_most_cb (gconstpointer a, gconstpointer b)
{
  const PscSegment *first = *(PscSegment *const *) a, *second = *(PscSegment *const *) b;
  guint64 first_bytes = first->amount.size, second_bytes = second->amount.size;

  if (first_bytes != second_bytes)
    return first_bytes > second_bytes ? -1 : 1;
  return first->kind != second->kind ? (first->kind < second->kind ? -1 : 1) :
                                       strcmp (first->label, second->label);
}

/* All segments there ever were, the largest first; PscSegment, amount.size being the most that was
 * ever populated. Labels are interned, so pointers tell them apart; they are borrowed. */
static GPtrArray *
find_segments (const Walk *walk)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (segment_hash, segment_equal);
  GPtrArray *segments = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < walk->n; i++)
    for (guint j = 0; j < walk->moments[i]->n_segments; j++)
      {
        const PscSegment *segment = &walk->moments[i]->segments[j];
        guint64 bytes = psc_amount_populated (&segment->amount);
        PscSegment *most = g_hash_table_lookup (seen, segment);

        if (most == NULL)
          {
            if (bytes < PSC_GROWTH_LEAST_BYTES)
              continue;
            most = g_memdup2 (segment, sizeof *segment);
            most->amount.size = bytes;
            g_hash_table_add (seen, most);
            g_ptr_array_add (segments, most);
          }
        most->amount.size = MAX (most->amount.size, bytes);
      }
  g_ptr_array_sort (segments, compare_most_cb);
  return segments;
}

static void
add_finding (const Walk *walk, GArray *findings, PscFindingWhat what, PscKind kind,
             const char *label)
{
  PscFinding finding = { .what = what, .kind = kind };

  finding.label =
      *label != '\0' ? g_ref_string_acquire ((char *) label) : g_ref_string_new_intern ("");
  if (what == PSC_FINDING_FIXED)
    finding.amount = walk->moments[walk->n - 1]->kinds[kind];
  else
    judge (walk, &finding);
  g_array_append_val (findings, finding);
}

/* What its segments grow by, those that do. */
static double
slope_of_segments (const GArray *findings, PscKind kind)
{
  double slope = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const PscFinding *finding = &g_array_index (findings, PscFinding, i);

      if (finding->what == PSC_FINDING_SEGMENT && finding->kind == kind &&
          finding->severity >= PSC_SEVERITY_GROWING)
        slope += finding->trend.bytes_per_min;
    }
  return slope;
}

/* Segments that come and stay, none of which grows. */
static void
add_kind (const Walk *walk, GArray *findings, PscKind kind)
{
  const PscFinding *last;

  add_finding (walk, findings, PSC_FINDING_KIND, kind, "");
  last = &g_array_index (findings, PscFinding, findings->len - 1);
  if (last->severity < PSC_SEVERITY_GROWING ||
      slope_of_segments (findings, kind) >= last->trend.bytes_per_min / 2)
    g_array_set_size (findings, findings->len - 1);
}

static void
add_kinds (const Walk *walk, GArray *findings)
{
  const PscMoment *now = walk->moments[walk->n - 1];

  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      if (now->kinds[kind].n_mappings == 0)
        continue;
      if (psc_kind_nature (kind) == PSC_NATURE_CAN_LEAK)
        add_kind (walk, findings, kind);
      else if (psc_kind_nature (kind) == PSC_NATURE_SELF)
        add_finding (walk, findings, PSC_FINDING_STACK, kind, "");
      else
        add_finding (walk, findings, PSC_FINDING_FIXED, kind, "");
    }
  add_finding (walk, findings, PSC_FINDING_MAPPINGS, 0, "");
}

int
psc_finding_compare (gconstpointer a, gconstpointer b)
{
  const PscFinding *first = a, *second = b;
  guint64 first_bytes = psc_amount_populated (&first->amount);
  guint64 second_bytes = psc_amount_populated (&second->amount);

  if ((first->what == PSC_FINDING_FIXED) != (second->what == PSC_FINDING_FIXED))
    return first->what == PSC_FINDING_FIXED ? 1 : -1;
  if (first->severity != second->severity)
    return first->severity > second->severity ? -1 : 1;
  /* Mappings are not bytes. */
  if ((first->what == PSC_FINDING_MAPPINGS) != (second->what == PSC_FINDING_MAPPINGS))
    return first->what == PSC_FINDING_MAPPINGS ? 1 : -1;
  if (first->severity >= PSC_SEVERITY_GROWING &&
      first->trend.bytes_per_min != second->trend.bytes_per_min)
    return first->trend.bytes_per_min > second->trend.bytes_per_min ? -1 : 1;
  if (first_bytes != second_bytes)
    return first_bytes > second_bytes ? -1 : 1;
  return first->kind < second->kind ? -1 : first->kind > second->kind;
}

static void
clear_finding (gpointer finding)
{
  g_ref_string_release ((char *) ((PscFinding *) finding)->label);
}

static PscVerdict *
verdict_of (const Walk *walk)
{
  PscVerdict *verdict = g_new0 (PscVerdict, 1);
  GArray *findings = g_array_new (FALSE, FALSE, sizeof (PscFinding));
  g_autoptr (GPtrArray) segments = find_segments (walk);

  g_array_set_clear_func (findings, clear_finding);
  verdict->since_usec = walk->moments[0]->time_usec;
  verdict->until_usec = walk->moments[walk->n - 1]->time_usec;
  verdict->total.label = g_ref_string_new_intern ("");
  judge (walk, &verdict->total);
  judge_sums (walk, FALSE, &verdict->own);
  judge_sums (walk, TRUE, &verdict->size);
  for (guint i = 0; i < MIN (segments->len, MOST_SEGMENTS); i++)
    {
      const PscSegment *segment = g_ptr_array_index (segments, i);

      add_finding (walk, findings, PSC_FINDING_SEGMENT, segment->kind, segment->label);
    }
  add_kinds (walk, findings);
  g_array_sort (findings, psc_finding_compare);
  g_array_set_clear_func (findings, NULL);
  verdict->n_findings = findings->len;
  verdict->findings = (PscFinding *) (void *) g_array_free (findings, FALSE);
  return verdict;
}

PscVerdict *
psc_verdict_new (const PscTimeline *timeline)
{
  return psc_verdict_new_at (timeline, G_MAXINT64);
}

PscVerdict *
psc_verdict_new_at (const PscTimeline *timeline, gint64 time_usec)
{
  PscVerdict *verdict = NULL;
  Walk walk;

  walk_init (&walk, timeline, time_usec);
  if (walk.n > 0)
    verdict = verdict_of (&walk);
  walk_clear (&walk);
  return verdict;
}

void
psc_verdict_free (PscVerdict *verdict)
{
  if (verdict == NULL)
    return;
  for (guint i = 0; i < verdict->n_findings; i++)
    clear_finding (&verdict->findings[i]);
  clear_finding (&verdict->total);
  g_clear_pointer (&verdict->forecasts, g_ptr_array_unref);
  g_free (verdict->orphan_sentence);
  g_free (verdict->findings);
  g_free (verdict);
}

const PscFinding *
psc_verdict_get_worst (const PscVerdict *verdict)
{
  const PscFinding *first = verdict->n_findings > 0 ? &verdict->findings[0] : NULL;

  if (first == NULL || first->severity < PSC_SEVERITY_GROWING)
    first = NULL;
  /* Bytes before numbers. */
  if ((first == NULL || first->what == PSC_FINDING_MAPPINGS) &&
      verdict->total.severity >= PSC_SEVERITY_GROWING)
    return &verdict->total;
  return first;
}
