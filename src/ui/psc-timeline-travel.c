/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-timeline-area-private.h"

static void
go_to (PscTimelineArea *self, guint index)
{
  guint n = psc_timeline_area_count (self);

  if (n == 0)
    return;
  index = MIN (index, n - 1);
  if (index + 1 == n && self->goes_on)
    {
      if (self->shown_usec != 0)
        g_signal_emit_by_name (self, "live");
      return;
    }
  /* What is looked at closely stays where it is. */
  if (self->goes_on && self->span_usec != 0 && self->end_usec == 0)
    self->end_usec = psc_timeline_area_time_of (self, n - 1);
  psc_timeline_area_reveal (self, psc_timeline_area_time_of (self, index));
  if (psc_timeline_area_time_of (self, index) != self->shown_usec)
    g_signal_emit_by_name (self, "travel", psc_timeline_area_time_of (self, index));
}

guint
psc_timeline_area_get_shown_index (PscTimelineArea *self)
{
  guint n = psc_timeline_area_count (self);

  if (self->shown_usec == 0)
    return n > 0 ? n - 1 : 0;
  return psc_timeline_index_at (self->timeline, self->shown_usec);
}

void
psc_timeline_area_step_moment (PscTimelineArea *self, int step)
{
  guint index;

  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (psc_timeline_area_count (self) == 0)
    return;
  index = psc_timeline_area_get_shown_index (self);
  if (step < 0 && index == 0)
    return;
  go_to (self, index + (guint) step);
}

/* The first moment that knows of it: older ones may be gone. */
static guint
index_of_event (PscTimelineArea *self, const PscEvent *event)
{
  guint index = psc_timeline_index_at (self->timeline, event->time_usec);

  return psc_timeline_area_time_of (self, index) < event->time_usec ? index + 1 : index;
}

void
psc_timeline_area_step_event (PscTimelineArea *self, int step)
{
  const PscEvent *events;
  guint n, shown;

  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (psc_timeline_area_count (self) == 0)
    return;
  shown = psc_timeline_area_get_shown_index (self);
  events = psc_timeline_get_events (self->timeline, &n);
  for (guint i = 0; i < n; i++)
    {
      guint index = index_of_event (self, &events[step < 0 ? n - 1 - i : i]);

      if ((step < 0 && index < shown) || (step > 0 && index > shown))
        {
          go_to (self, index);
          return;
        }
    }
}

void
psc_timeline_area_go_to_first (PscTimelineArea *self)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  go_to (self, 0);
}

void
psc_timeline_area_go_live (PscTimelineArea *self)
{
  psc_timeline_area_pan_to_end (self);
  if (self->goes_on)
    g_signal_emit_by_name (self, "live");
  else if (psc_timeline_area_count (self) > 0)
    go_to (self, psc_timeline_area_count (self) - 1);
}

void
psc_timeline_area_play (PscTimelineArea *self)
{
  g_signal_emit_by_name (self, "play");
}

guint
psc_timeline_area_index_near (PscTimelineArea *self, double x)
{
  PscChart chart = psc_timeline_area_get_chart (self);
  gint64 time = psc_chart_time_at (&chart, gtk_widget_get_width (GTK_WIDGET (self)),
                                   gtk_widget_get_height (GTK_WIDGET (self)), x);
  guint index;

  time = CLAMP (time, chart.from_usec, chart.to_usec);
  index = psc_timeline_index_at (self->timeline, time);
  if (index + 1 < psc_timeline_area_count (self) &&
      ABS (psc_timeline_area_time_of (self, index + 1) - time) <
          ABS (time - psc_timeline_area_time_of (self, index)))
    index++;
  return index;
}

void
psc_timeline_area_choose (PscTimelineArea *self, double x)
{
  g_return_if_fail (PSC_IS_TIMELINE_AREA (self));

  if (psc_timeline_area_count (self) > 0)
    go_to (self, psc_timeline_area_index_near (self, x));
}

void
psc_timeline_area_mark (PscTimelineArea *self, double x)
{
  if (psc_timeline_area_count (self) > 0)
    gtk_widget_activate_action (
        GTK_WIDGET (self), "win.mark-at", "x",
        psc_timeline_area_time_of (self, psc_timeline_area_index_near (self, x)));
}
