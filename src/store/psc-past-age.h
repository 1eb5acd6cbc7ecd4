/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscPastAge: how old pages were at any moment of the past, as whoever had watched up to there
 * would say: what PscAge adds up over the ten minutes before it. Goes through these snapshot by
 * snapshot, from where it is when that is on the way, else from the last place on the way that it
 * has kept, so what follows on the last moment, and what is a little before it, costs few of them.
 * One thread at a time; it blocks, so it runs in a worker.
 */

#include <gio/gio.h>
#include "psc-age.h"

G_BEGIN_DECLS

/* Moments of one process in order of time. Times of moments are microseconds since 1970, above 0.
 * Others may use the data at the same time, and newer moments may be added. */
typedef struct
{
  /* The time of the newest moment that is no younger than that, or of the oldest; 0: none. */
  gint64 (*find) (gpointer data, gint64 time_usec);
  /* The time of the first moment after one, and no later than `until_usec`, with another snapshot
   * than that one; 0: there is none. FALSE with an error. */
  gboolean (*next) (gpointer data, gint64 time_usec, gint64 until_usec, gint64 *next_usec,
                    GError **error);
  /* The snapshot of a moment, a reference; NULL with an error that can be shown. */
  PscSpace *(*load) (gpointer data, gint64 time_usec, GError **error);
} PscPastType;

typedef struct _PscPastAge PscPastAge;

/* The data is borrowed. room_usec: it begins so much earlier than it has to, for those who will ask
 * for a moment before the last one; 0: they won't. */
PscPastAge *psc_past_age_new (const PscPastType *type, gpointer data, gint64 room_usec);
/* NULL is allowed. */
void psc_past_age_free (PscPastAge *past);

/* Traits of the snapshot of the newest moment that is no younger than that, as psc_age_dup_traits()
 * has them at that time; what was there at the first moment is older. It stops between two
 * snapshots when it is cancelled (G_IO_ERROR_CANCELLED) or g_get_monotonic_time() has come to
 * deadline_usec (G_IO_ERROR_TIMED_OUT; 0: never), and then goes on from there the next time. Other
 * errors are those of the moments. For most processes a second or two the first time; what does not
 * change costs nothing. */
PscTraits *psc_past_age_dup_traits (PscPastAge *past, gint64 time_usec, gint64 deadline_usec,
                                    GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscPastAge, psc_past_age_free)

G_END_DECLS
