/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The timeline below the map: the chart (PscTimelineArea), what is shown of it, the way back to
 * live, and a button that plays the past. It only asks to travel; who shows the moment says so with
 * psc_timeline_view_set_shown(). Thread of the window only.
 *
 * Signals "travel" (gint64) and "live": as those of PscTimelineArea.
 */

#include "psc-timeline-area.h"
#include "psc-verdict.h"

G_BEGIN_DECLS

#define PSC_TYPE_TIMELINE_VIEW (psc_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (PscTimelineView, psc_timeline_view, PSC, TIMELINE_VIEW, GtkWidget)

GtkWidget *psc_timeline_view_new (void);

/* As for the area. */
void psc_timeline_view_set_timeline (PscTimelineView *self, const PscTimeline *timeline);
void psc_timeline_view_changed (PscTimelineView *self);
/* FALSE: a recording, or a process that has ended. `word` is what the chip says when no moment of
 * the past is shown, static. */
void psc_timeline_view_set_goes_on (PscTimelineView *self, gboolean goes_on, const char *word);
void psc_timeline_view_set_shown (PscTimelineView *self, gint64 time_usec);
void psc_timeline_view_set_patterns (PscTimelineView *self, gboolean patterns);
/* Plays from what is shown, or from the beginning of what is in view when that is live, as fast as
 * the user has chosen; or stops. */
void psc_timeline_view_set_playing (PscTimelineView *self, gboolean playing);
gboolean psc_timeline_view_get_playing (PscTimelineView *self);

/* What is said of the process's growth, in place of the chart's facts; NULL: nothing yet. A click
 * on it is "win.show-growth". */
void
psc_timeline_view_set_verdict (PscTimelineView *self, const char *sentence, PscSeverity severity);
/* A limit that the user set and that is crossed now; NULL: none. A click on it is
 * "win.notify-when".
 */
void psc_timeline_view_set_alert (PscTimelineView *self, const char *sentence);

/* Borrowed. */
PscTimelineArea *psc_timeline_view_get_area (PscTimelineView *self);
/* "12:03:45 · 2 min ago", or the word. Free with g_free(). */
char *psc_timeline_view_dup_chip (PscTimelineView *self);

G_END_DECLS
