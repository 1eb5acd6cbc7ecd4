/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is kept of the past of one process, shared by the window and its workers: snapshots, through
 * a source, and how old pages are. Reference counted; any thread, one at a time inside.
 */

#include "psc-age.h"
#include "psc-chrome.h"
#include "psc-moment.h"
#include "psc-past-age.h"

G_BEGIN_DECLS

/* Where snapshots of the past come from. Its functions are called by workers, never two at a time
 * but for those of `past`, which are called beside the others; it is destroyed by whoever has used
 * it last. */
typedef struct
{
  gpointer data;
  /* Keeps a moment: the snapshot is the same as that of the last one when nothing has changed. NULL
   * where nothing is added. */
  void (*keep) (gpointer data, PscSpace *space, PscMoment *moment);
  /* The snapshot of a moment of the timeline, a reference; NULL with an error that can be shown. */
  PscSpace *(*load) (gpointer data, gint64 time_usec, GError **error);
  GDestroyNotify destroy; /* NULL: nothing to do */
  /* The moments one by one, for how old pages were; NULL: they can't be had. */
  const PscPastType *past;
  gpointer past_data;
} PscTimeSource;

/* That of a live process: in memory, within a budget. */
PscTimeSource psc_time_source_new_live (void);

typedef struct _PscTimeKeeper PscTimeKeeper;

/* More of what is populated is no news any more, nor are more places. */
#define PSC_TIME_KEEPER_MOST_NEW    0.25
#define PSC_TIME_KEEPER_MOST_RANGES 65536

/* Takes what the source points to. */
PscTimeKeeper *psc_time_keeper_new (const PscTimeSource *source);
PscTimeKeeper *psc_time_keeper_ref (PscTimeKeeper *keeper);
/* NULL is allowed. */
void psc_time_keeper_unref (PscTimeKeeper *keeper);

/* The moment of a snapshot, which is kept. then: the one before, NULL when there was none; the same
 * as now when nothing has changed: then the moment is like `before`, at time_usec. Into *appeared,
 * if there are any, GArray of PscRange: what has just appeared. O(mappings + runs). */
PscMoment *psc_time_keeper_add (PscTimeKeeper *keeper, PscSpace *then, PscSpace *now,
                                const PscMoment *before, gint64 time_usec, GArray **appeared);
/* As PscTimeSource.load. */
PscSpace *psc_time_keeper_load (PscTimeKeeper *keeper, gint64 time_usec, GError **error);
/* As psc_age_dup_traits(). */
PscTraits *psc_time_keeper_dup_age (PscTimeKeeper *keeper, gsize page_size, gint64 time_usec);
/* Of a moment of the past: as psc_past_age_dup_traits(). Nobody else waits for it. */
PscTraits *
psc_time_keeper_dup_past_age (PscTimeKeeper *keeper, gint64 time_usec, gint64 deadline_usec,
                              GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscTimeKeeper, psc_time_keeper_unref)

G_END_DECLS
