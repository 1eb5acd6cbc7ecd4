/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-moment-private.h"

#include <string.h>

#include "psc-format.h"

char *
psc_moment_dup_label (const PscSpace *space, const PscMapping *mapping)
{
  const PscOwner *owner = psc_space_lookup_owner (space, mapping->start);
  g_autofree char *name = NULL;

  if (owner != NULL && owner->start <= mapping->start && mapping->end <= owner->end)
    return g_ref_string_new_intern (owner->label);
  if (*mapping->name == '\0' || mapping->kind == PSC_KIND_HEAP)
    return g_ref_string_new_intern ("");
  name = psc_format_name (mapping->name, -1);
  return g_ref_string_new_intern (name);
}

static void
add_amount (PscAmount *to, const PscMapping *mapping)
{
  to->size += mapping->end - mapping->start;
  to->resident += mapping->resident;
  to->swapped += mapping->swapped;
  to->hugetlb += mapping->hugetlb;
  to->n_mappings++;
}

static PscAmount
amount_of (const PscTotals *totals)
{
  return (PscAmount){ totals->size, totals->resident, totals->swapped, totals->hugetlb,
                      totals->n_mappings };
}

/* Takes the label. */
static PscAmount *
segment_at (GArray *segments, GHashTable *indices, PscKind kind, char *label)
{
  PscSegment segment = { .kind = kind, .label = label };
  gpointer index;

  /* Labels are interned, and a kind has one of each: the pointer and the kind are the key. */
  if (!g_hash_table_lookup_extended (indices, label, NULL, &index))
    {
      index = GUINT_TO_POINTER (segments->len);
      g_hash_table_insert (indices, label, index);
      g_array_append_val (segments, segment);
    }
  else
    g_ref_string_release (label);
  return &g_array_index (segments, PscSegment, GPOINTER_TO_UINT (index)).amount;
}

/* Mappings without owner or name need no look-up: there may be a million of them. */
static gboolean
is_plain (const PscSpace *space, const PscMapping *mapping)
{
  return *mapping->name == '\0' && psc_space_lookup_owner (space, mapping->start) == NULL;
}

static GArray *
find_segments (const PscSpace *space)
{
  GArray *segments = g_array_new (FALSE, TRUE, sizeof (PscSegment));
  GHashTable *indices[PSC_N_KINDS] = { NULL };
  PscAmount plain[PSC_N_KINDS] = { { 0 } };

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      if (psc_kind_nature (mapping->kind) != PSC_NATURE_CAN_LEAK)
        continue;
      if (is_plain (space, mapping) || segments->len >= PSC_MOMENT_MAX_SEGMENTS)
        {
          add_amount (&plain[mapping->kind], mapping);
          continue;
        }
      if (indices[mapping->kind] == NULL)
        indices[mapping->kind] = g_hash_table_new (NULL, NULL);
      add_amount (segment_at (segments, indices[mapping->kind], mapping->kind,
                              psc_moment_dup_label (space, mapping)),
                  mapping);
    }
  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      PscSegment segment = { kind, "", plain[kind] };

      g_clear_pointer (&indices[kind], g_hash_table_unref);
      if (segment.amount.n_mappings == 0)
        continue;
      segment.label = g_ref_string_new_intern ("");
      g_array_append_val (segments, segment);
    }
  return segments;
}

static int
compare_segments (const PscSegment *a, const PscSegment *b)
{
  return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : strcmp (a->label, b->label);
}

static int
compare_segments_cb (gconstpointer a, gconstpointer b)
{
  return compare_segments (a, b);
}

/* The heap has no label whether it is plain or named, and labels may have run out: one of each. */
static void
merge_segments (GArray *segments)
{
  guint kept = 0;

  g_array_sort (segments, compare_segments_cb);
  for (guint i = 0; i < segments->len; i++)
    {
      PscSegment *from = &g_array_index (segments, PscSegment, i);
      PscSegment *to = &g_array_index (segments, PscSegment, kept > 0 ? kept - 1 : 0);

      if (kept == 0 || compare_segments (from, to) != 0)
        {
          g_array_index (segments, PscSegment, kept++) = *from;
          continue;
        }
      to->amount.size += from->amount.size;
      to->amount.resident += from->amount.resident;
      to->amount.swapped += from->amount.swapped;
      to->amount.hugetlb += from->amount.hugetlb;
      to->amount.n_mappings += from->amount.n_mappings;
      g_ref_string_release ((char *) from->label);
    }
  g_array_set_size (segments, kept);
}

static int
compare_events_cb (gconstpointer a, gconstpointer b)
{
  const PscEvent *first = a, *second = b;

  if (first->type != second->type)
    return first->type < second->type ? -1 : 1;
  return first->kind < second->kind ? -1 : first->kind > second->kind;
}

PscMoment *
psc_moment_new_take (const PscMoment *values, GArray *segments, GArray *events)
{
  PscMoment *moment = g_memdup2 (values, sizeof *values);

  g_atomic_ref_count_init (&moment->ref_count);
  moment->segments = NULL;
  moment->events = NULL;
  moment->n_segments = moment->n_events = 0;
  if (segments != NULL)
    {
      merge_segments (segments);
      moment->n_segments = segments->len;
      moment->segments = (PscSegment *) (void *) g_array_free (segments, FALSE);
    }
  if (events != NULL)
    {
      g_array_sort (events, compare_events_cb);
      moment->n_events = events->len;
      moment->events = (PscEvent *) (void *) g_array_free (events, FALSE);
    }
  return moment;
}

PscMoment *
psc_moment_new (const PscSpace *then, const PscSpace *now)
{
  PscMoment values = {
    .time_usec = now->time_usec,
    .minor_faults = now->minor_faults,
    .major_faults = now->major_faults,
    .vm_pte = now->vm_pte,
    .n_threads = now->n_threads,
    .pages_known = now->source != PSC_SOURCE_NONE,
    .total = amount_of (&now->totals),
    .huge = now->totals.huge,
  };
  GArray *events = g_array_new (FALSE, FALSE, sizeof (PscEvent));

  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    values.kinds[kind] = amount_of (&now->kinds[kind]);
  if (then != NULL)
    psc_moment_find_events (then, now, events);
  return psc_moment_new_take (&values, find_segments (now), events);
}

PscMoment *
psc_moment_new_alike (const PscMoment *moment, gint64 time_usec)
{
  GArray *segments = g_array_sized_new (FALSE, FALSE, sizeof (PscSegment), moment->n_segments);
  PscMoment values = *moment;

  values.time_usec = time_usec;
  for (guint i = 0; i < moment->n_segments; i++)
    {
      PscSegment segment = moment->segments[i];

      segment.label = g_ref_string_acquire ((char *) segment.label);
      g_array_append_val (segments, segment);
    }
  return psc_moment_new_take (&values, segments, NULL);
}

PscMoment *
psc_moment_new_after (const PscMoment *before, const PscSpace *then, const PscSpace *now,
                      gint64 time_usec)
{
  return now == then ? psc_moment_new_alike (before, time_usec) : psc_moment_new (then, now);
}

PscMoment *
psc_moment_ref (PscMoment *moment)
{
  g_atomic_ref_count_inc (&moment->ref_count);
  return moment;
}

void
psc_moment_unref (PscMoment *moment)
{
  if (moment == NULL || !g_atomic_ref_count_dec (&moment->ref_count))
    return;
  for (guint i = 0; i < moment->n_segments; i++)
    g_ref_string_release ((char *) moment->segments[i].label);
  for (guint i = 0; i < moment->n_events; i++)
    g_ref_string_release ((char *) moment->events[i].label);
  g_free (moment->segments);
  g_free (moment->events);
  g_free (moment);
}

const PscSegment *
psc_moment_find_segment (const PscMoment *moment, PscKind kind, const char *label)
{
  const PscSegment wanted = { .kind = kind, .label = label };
  guint low = 0, high = moment->n_segments;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare_segments (&moment->segments[middle], &wanted);

      if (order == 0)
        return &moment->segments[middle];
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}
