/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of a timeline area: psc-timeline-area.c draws it and says it, psc-timeline-travel.c
 * goes from moment to moment, psc-timeline-input.c hears the user. */

#include "psc-timeline-area.h"

G_BEGIN_DECLS

struct _PscTimelineArea
{
  GtkWidget parent_instance;

  const PscTimeline *timeline; /* borrowed */
  gboolean goes_on;
  gint64 shown_usec; /* 0: live */
  gint64 flag_usec;  /* 0: none */
  gint64 span_usec;  /* in view; 0: all there is */
  gint64 end_usec;   /* of what is in view; 0: the newest moment */
  gboolean patterns;

  double pointer_x, pointer_y; /* negative: elsewhere */
  gint64 hover_usec;           /* 0: none */
  gboolean dragging, panning;
  double drag_x;        /* where the drag began */
  gint64 drag_end_usec; /* what was in view then ended there */

  GskRenderNode *node; /* the chart; NULL: to be drawn */
  guint serial, drawn_serial;
  gint64 said_usec;
};

static inline guint
psc_timeline_area_count (PscTimelineArea *self)
{
  return self->timeline != NULL ? psc_timeline_get_n_moments (self->timeline) : 0;
}

static inline gint64
psc_timeline_area_time_of (PscTimelineArea *self, guint index)
{
  return psc_timeline_get_moment (self->timeline, index)->time_usec;
}

/* psc-timeline-area.c */

/* The pointer is at (x, y); negative: elsewhere. */
void psc_timeline_area_point (PscTimelineArea *self, double x, double y);
/* What is in view ends there from now on; what was all is no more. */
void psc_timeline_area_pan (PscTimelineArea *self, gint64 end_usec);
/* The newest moment is in view. */
void psc_timeline_area_pan_to_end (PscTimelineArea *self);
/* Scrolls as little as is needed. */
void psc_timeline_area_reveal (PscTimelineArea *self, gint64 time_usec);

/* psc-timeline-travel.c */

/* The moment that is shown: the last when it is what is live. 0 where there are none. */
guint psc_timeline_area_get_shown_index (PscTimelineArea *self);
/* The moment whose line is nearest x px. There is one. */
guint psc_timeline_area_index_near (PscTimelineArea *self, double x);
/* The newest moment, live where there is something live. */
void psc_timeline_area_go_live (PscTimelineArea *self);
/* That moment is marked. */
void psc_timeline_area_mark (PscTimelineArea *self, double x);
void psc_timeline_area_play (PscTimelineArea *self);

/* psc-timeline-input.c */

/* Adds the controllers; the widget owns them. */
void psc_timeline_area_input_install (PscTimelineArea *self);

G_END_DECLS
