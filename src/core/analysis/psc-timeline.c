/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-timeline.h"

struct _PscTimeline
{
  GPtrArray *moments; /* PscMoment */
  GArray *events;     /* PscEvent, with labels of their own */
};

static void
clear_event (gpointer event)
{
  g_ref_string_release ((char *) ((PscEvent *) event)->label);
}

PscTimeline *
psc_timeline_new (void)
{
  PscTimeline *timeline = g_new0 (PscTimeline, 1);

  timeline->moments = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_moment_unref);
  timeline->events = g_array_new (FALSE, FALSE, sizeof (PscEvent));
  g_array_set_clear_func (timeline->events, clear_event);
  return timeline;
}

void
psc_timeline_free (PscTimeline *timeline)
{
  if (timeline == NULL)
    return;
  g_ptr_array_unref (timeline->moments);
  g_array_unref (timeline->events);
  g_free (timeline);
}

static void
append_event (PscTimeline *timeline, const PscEvent *from)
{
  PscEvent event = *from;

  event.label = g_ref_string_acquire ((char *) event.label);
  g_array_append_val (timeline->events, event);
}

PscTimeline *
psc_timeline_copy (const PscTimeline *timeline)
{
  PscTimeline *copy = psc_timeline_new ();

  for (guint i = 0; i < timeline->moments->len; i++)
    g_ptr_array_add (copy->moments, psc_moment_ref (g_ptr_array_index (timeline->moments, i)));
  for (guint i = 0; i < timeline->events->len; i++)
    append_event (copy, &g_array_index (timeline->events, PscEvent, i));
  return copy;
}

guint
psc_timeline_get_n_moments (const PscTimeline *timeline)
{
  return timeline->moments->len;
}

PscMoment *
psc_timeline_get_moment (const PscTimeline *timeline, guint index)
{
  g_return_val_if_fail (index < timeline->moments->len, NULL);

  return g_ptr_array_index (timeline->moments, index);
}

/* Every other one of the older half, but the first. */
static void
thin_out_moments (PscTimeline *timeline)
{
  g_autoptr (GPtrArray) all = g_steal_pointer (&timeline->moments);

  timeline->moments = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_moment_unref);
  for (guint i = 0; i < all->len; i++)
    if (i % 2 == 0 || i >= all->len / 2)
      g_ptr_array_add (timeline->moments, psc_moment_ref (g_ptr_array_index (all, i)));
}

static void
add_events (PscTimeline *timeline, const PscMoment *moment)
{
  for (guint i = 0; i < moment->n_events; i++)
    append_event (timeline, &moment->events[i]);
  /* A quarter at a time, so that it costs nothing most of the time. */
  if (timeline->events->len > PSC_TIMELINE_MAX_EVENTS)
    g_array_remove_range (timeline->events, 0, PSC_TIMELINE_MAX_EVENTS / 4);
}

gboolean
psc_timeline_add (PscTimeline *timeline, PscMoment *moment)
{
  guint n = timeline->moments->len;

  if (n > 0 && moment->time_usec <= psc_timeline_get_moment (timeline, n - 1)->time_usec)
    return FALSE;
  g_ptr_array_add (timeline->moments, psc_moment_ref (moment));
  if (timeline->moments->len > PSC_TIMELINE_MAX_MOMENTS)
    thin_out_moments (timeline);
  add_events (timeline, moment);
  return TRUE;
}

guint
psc_timeline_index_at (const PscTimeline *timeline, gint64 time_usec)
{
  guint low = 0, high = timeline->moments->len;

  /* The first that is younger. */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (psc_timeline_get_moment (timeline, middle)->time_usec > time_usec)
        high = middle;
      else
        low = middle + 1;
    }
  return low > 0 ? low - 1 : 0;
}

const PscEvent *
psc_timeline_get_events (const PscTimeline *timeline, guint *n)
{
  *n = timeline->events->len;
  return (const PscEvent *) (const void *) timeline->events->data;
}

guint
psc_timeline_first_event_at (const PscTimeline *timeline, gint64 time_usec)
{
  guint low = 0, high = timeline->events->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (timeline->events, PscEvent, middle).time_usec < time_usec)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static double
rate_of (guint64 then, guint64 now, double seconds)
{
  if (then == PSC_FAULTS_UNKNOWN || now == PSC_FAULTS_UNKNOWN || now < then)
    return -1;
  return (double) (now - then) / seconds;
}

PscFaultRate
psc_timeline_fault_rate (const PscTimeline *timeline, guint index)
{
  const PscMoment *then, *now;
  double seconds;

  if (index == 0 || index >= timeline->moments->len)
    return (PscFaultRate){ -1, -1 };
  then = psc_timeline_get_moment (timeline, index - 1);
  now = psc_timeline_get_moment (timeline, index);
  seconds = (double) (now->time_usec - then->time_usec) / G_USEC_PER_SEC;
  return (PscFaultRate){ rate_of (then->minor_faults, now->minor_faults, seconds),
                         rate_of (then->major_faults, now->major_faults, seconds) };
}
