/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscHistory: the past of a live process, in memory. Its timeline has all moments (as bounded by
 * PscTimeline); its snapshots are packed as in a recording, within a budget. When that is used up
 * the past is thinned: see psc-thinning.h. The oldest stays, and so do the last minute and the
 * snapshots on both sides of an exec and of a pause, as long as dropping others is enough; the
 * budget itself is only exceeded by the oldest and the newest together.
 *
 * Packing is done by a thread of the history's own. psc_history_load() and the getters of numbers
 * may be called from any thread at any time; everything else, and the timeline, belongs to the one
 * thread that adds.
 */

#include "psc-past-age.h"
#include "psc-space.h"
#include "psc-store-error.h"
#include "psc-thinning.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

#define PSC_HISTORY_BUDGET (G_GUINT64_CONSTANT (64) << 20)

typedef struct _PscHistory PscHistory;

/* Bytes for packed snapshots; PSC_HISTORY_BUDGET does for many hours of most processes. */
PscHistory *psc_history_new (guint64 budget, PscThinning thinning);
/* NULL is allowed. May wait for the snapshot that is being packed. */
void psc_history_free (PscHistory *history);

/* Adds the next snapshot with its moment, as psc_moment_new() makes it, at the time of the moment.
 * All are of one process: the same pid and start time. When the clock was set back, time goes on a
 * microsecond after the moment before. O(1) but for the timeline. */
void psc_history_add (PscHistory *history, PscSpace *space, PscMoment *moment);
/* Nobody looked between the last moment and the next one. */
void psc_history_note_pause (PscHistory *history);

/* Borrowed. */
PscTimeline *psc_history_get_timeline (const PscHistory *history);
/* A stretch of time in which nobody looked. */
typedef struct
{
  gint64 from_usec, to_usec;
} PscPause;
/* PscPause, in order of time; unref it. The last 1000. */
GArray *psc_history_dup_pauses (PscHistory *history);

/* The newest snapshot that is no younger than that, or the oldest. Errors: NOT_FOUND when there is
 * none at all. Two unpackings; O(1) for what has just been added. */
PscSpace *psc_history_load (PscHistory *history, gint64 time_usec, GError **error);
/* The time of what psc_history_load() would return; 0 when there is none. */
gint64 psc_history_time_at (PscHistory *history, gint64 time_usec);

/* The same for PscPastAge; the data is a PscHistory. Any thread. */
extern const PscPastType psc_history_past;

/* Snapshots that are kept, with those that are still to be packed. */
guint psc_history_get_n_snapshots (PscHistory *history);
/* What the packed ones take. */
guint64 psc_history_get_bytes (PscHistory *history);
/* Waits until all are packed. */
void psc_history_settle (PscHistory *history);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscHistory, psc_history_free)

G_END_DECLS
