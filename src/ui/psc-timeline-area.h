/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The chart of a timeline as something to point at: dragging and clicking travel in time, the wheel
 * zooms around the pointer, dragging the axis moves what is in view. Like a slider for a screen
 * reader: its value is the moment that is shown. Owns nothing of the timeline; who adds to it says
 * so. Thread of the window only.
 *
 * Keys: Left and Right go to the moment before and after, with Ctrl to the event before and after;
 * Home to the first moment; End, n and Escape back to live; + and - zoom, 0 shows all; Space plays;
 * m marks the moment that is shown ("win.mark"). Shift and a click mark the one that is clicked
 * ("win.mark-at").
 *
 * Signals:
 *  "travel" (gint64): a moment of the timeline is to be shown, microseconds since 1970
 *  "live": what is live is to be shown
 *  "play": the past is to be played, or not any more
 */

#include <gtk/gtk.h>
#include "psc-chart.h"

G_BEGIN_DECLS

#define PSC_TYPE_TIMELINE_AREA (psc_timeline_area_get_type ())
G_DECLARE_FINAL_TYPE (PscTimelineArea, psc_timeline_area, PSC, TIMELINE_AREA, GtkWidget)

/* Borrowed until another one is set; NULL: none. Shows all of it, live. */
void psc_timeline_area_set_timeline (PscTimelineArea *self, const PscTimeline *timeline);
/* Something was added. */
void psc_timeline_area_changed (PscTimelineArea *self);
/* Does the timeline go on by itself? FALSE for recordings: then there is nothing live. */
void psc_timeline_area_set_goes_on (PscTimelineArea *self, gboolean goes_on);
/* The moment that is shown; 0: what is live. */
void psc_timeline_area_set_shown (PscTimelineArea *self, gint64 time_usec);
gint64 psc_timeline_area_get_shown (PscTimelineArea *self);
/* A moment that has a flag: what is compared with; 0: none. */
void psc_timeline_area_set_flag (PscTimelineArea *self, gint64 time_usec);
void psc_timeline_area_set_patterns (PscTimelineArea *self, gboolean patterns);

/* What the keys do. */
void psc_timeline_area_step_moment (PscTimelineArea *self, int step);
void psc_timeline_area_step_event (PscTimelineArea *self, int step);
void psc_timeline_area_go_to_first (PscTimelineArea *self);
/* Everything in view, as it comes. */
void psc_timeline_area_fit (PscTimelineArea *self);
gboolean psc_timeline_area_get_fit (PscTimelineArea *self);
/* A factor above 1 shows less time, around x px of the widget. */
void psc_timeline_area_zoom (PscTimelineArea *self, double factor, double x);
/* As if the user had chosen what is at x px of the widget. */
void psc_timeline_area_choose (PscTimelineArea *self, double x);

/* As it is drawn now. */
PscChart psc_timeline_area_get_chart (PscTimelineArea *self);

G_END_DECLS
