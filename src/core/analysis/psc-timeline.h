/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscTimeline: the moments of one process in order of time. Bounded: when there are more than
 * PSC_TIMELINE_MAX_MOMENTS every other one of the older half goes, so that what is kept lies the
 * more apart the older it is; the first stays, and events of moments that went stay as long as
 * there are no more than PSC_TIMELINE_MAX_EVENTS. One thread at a time; moments are for any.
 */

#include "psc-moment.h"

G_BEGIN_DECLS

#define PSC_TIMELINE_MAX_MOMENTS 8192
#define PSC_TIMELINE_MAX_EVENTS  8192

typedef struct _PscTimeline PscTimeline;

PscTimeline *psc_timeline_new (void);
/* NULL is allowed. */
void psc_timeline_free (PscTimeline *timeline);
/* With the same moments and events. O(n). */
PscTimeline *psc_timeline_copy (const PscTimeline *timeline);
/* Takes a reference. FALSE, and nothing added, when it is not later than the last one. Amortised
 * O(events). */
gboolean psc_timeline_add (PscTimeline *timeline, PscMoment *moment);
guint psc_timeline_get_n_moments (const PscTimeline *timeline);
/* Borrowed; index below n_moments, oldest first. */
PscMoment *psc_timeline_get_moment (const PscTimeline *timeline, guint index);
/* Index of the newest moment that is no younger than that; 0 when all are younger. O(log n). */
guint psc_timeline_index_at (const PscTimeline *timeline, gint64 time_usec);
/* All events that are kept, in order of time; *n of them. Borrowed until the next add. */
const PscEvent *psc_timeline_get_events (const PscTimeline *timeline, guint *n);
/* Index of the first event that is no older than that; n when there is none. O(log n). */
guint psc_timeline_first_event_at (const PscTimeline *timeline, gint64 time_usec);
/* Faults per second between the moment before this one and this one; -1 when either is unknown or
 * it is the first. */
typedef struct
{
  double minor, major;
} PscFaultRate;
PscFaultRate psc_timeline_fault_rate (const PscTimeline *timeline, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscTimeline, psc_timeline_free)

G_END_DECLS
