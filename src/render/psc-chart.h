/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The chart of a timeline: what was resident by segment kind, stacked, with what was swapped on
 * top of it; marks for events above, page faults and a time axis below. For the window and for
 * files alike; needs no display.
 *
 * Every column of pixels accounts for all moments under it: what was there all the time is drawn
 * in full, what was there at times paler, up to the largest, so a single moment is never lost.
 * Between two moments a line is drawn; where nobody looked for long, or pages were not known, the
 * column says that it is unknown. Costs what the pixels and the moments in view cost.
 *
 * Plain structs; whoever makes them owns what they point to. Any thread, as long as nobody adds to
 * the timeline.
 */

#include "psc-chrome.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

typedef struct
{
  const PscTimeline *timeline; /* NULL: nothing yet */
  gint64 from_usec, to_usec;   /* what is in view, [from, to] */
  gint64 shown_usec;           /* of the moment that the map shows; 0: none in particular */
  gint64 flag_usec;            /* a moment with a flag: what is compared with; 0: none */
  gint64 hover_usec;           /* what the user points at; 0: nothing */
  gboolean live;               /* `to` is now, and goes on */
  PscTheme theme;
  gboolean patterns; /* hatch what differs in hue alone */
  const char *font;  /* as in PscMap */
  double text_scale; /* likewise */
} PscChart;

/* Least height that shows everything at text scale 1, px. */
#define PSC_CHART_LEAST_HEIGHT 90

typedef enum
{
  PSC_CHART_NOTHING,
  PSC_CHART_EVENTS, /* the lane of marks */
  PSC_CHART_MEMORY,
  PSC_CHART_FAULTS,
  PSC_CHART_AXIS, /* of time */
} PscChartPart;

/* What is at a point. */
typedef struct
{
  PscChartPart part;
  gint64 time_usec;
  gboolean has_moment; /* somebody had looked by then */
  guint moment;        /* index of the moment that was so then */
  gboolean has_kind;   /* one area of the stack, but not "other", is under the point */
  PscKind kind;
  guint first_event, n_events; /* of the mark under the point; n 0: none */
} PscChartSpot;

/* Draws all but the lines of psc_chart_draw_pointers() at (0, 0) of the context, on the
 * background of the theme. */
void psc_chart_draw (const PscChart *chart, cairo_t *cr, double width, double height);
/* The lines of the shown moment and of the hover, and the flag, for a window that keeps the rest.
 */
void psc_chart_draw_pointers (const PscChart *chart, cairo_t *cr, double width, double height);

/* Where memory is drawn; time runs along its width. */
PscRect psc_chart_plot (const PscChart *chart, double width, double height);
/* Both for the whole of time, in view or not. */
gint64 psc_chart_time_at (const PscChart *chart, double width, double height, double x);
double psc_chart_x_of (const PscChart *chart, double width, double height, gint64 time_usec);
PscChartSpot psc_chart_hit (const PscChart *chart, double width, double height, double x, double y);

/* Is there so long a time between the moment and the next that nobody knows what was in between?
 * FALSE for the last one. Judged by the neighbours, because older moments lie further apart. */
gboolean psc_chart_is_gap (const PscTimeline *timeline, guint moment);

/* The whole chart in words, for who can't see it: what is resident at its end, how much more or
 * less that is than at its beginning and in what, the most there was, events. Free with g_free().
 */
char *psc_chart_dup_sentence (const PscChart *chart);
/* What was so at a spot, in a few lines: the moment, its sums by kind, its events. Free with
 * g_free(); NULL when there is nothing to tell. */
char *psc_chart_dup_tip (const PscChart *chart, const PscChartSpot *spot);
/* "12:03:45", with the date when that is another day than `now`. Free with g_free(). */
char *psc_chart_dup_clock (gint64 time_usec, gint64 now_usec);
/* "8 s", "2 min", "1 h 5 min", "3 d". Free with g_free(). */
char *psc_chart_dup_span (gint64 usec);

G_END_DECLS
