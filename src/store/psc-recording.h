/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscRecording: a recording that is looked at. Opened for reading only, also from a folder where
 * nothing may be written and while somebody still writes it. The file is from outside: what it says
 * is checked and bounded, and none of its own SQL is run.
 *
 * psc_recording_load() and psc_recording_load_at() may be called from any thread at any time; all
 * else by one thread at a time. Everything that reads blocks on the disk.
 */

#include "psc-space.h"
#include "psc-store-error.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

typedef struct _PscRecording PscRecording;

/* Opens it and reads its timeline. Errors: NOT_FOUND (no such file, or nothing recorded in it),
 * FAILED, FOREIGN, VERSION, CORRUPT. About 20 ms for an hour at one moment a second. */
PscRecording *psc_recording_open (const char *path, GError **error);
/* NULL is allowed. */
void psc_recording_free (PscRecording *recording);

/* What is in the table meta, numbers as text: "name", "command", "host", "kernel", "pid",
 * "page_size", …; "ended" has why it ended, and is missing when it was cut off or goes on.
 * Borrowed, valid UTF-8; NULL when there is no such key. */
const char *psc_recording_get_meta (const PscRecording *recording, const char *key);

/* At least one. Ascending by time. */
guint psc_recording_get_n_moments (const PscRecording *recording);
gint64 psc_recording_get_time (const PscRecording *recording, guint index);
/* Of the newest moment that is no younger than that; 0 when all are younger. O(log n). */
guint psc_recording_index_at (const PscRecording *recording, gint64 time_usec);
/* What the TIME of FILE@TIME means here, in microseconds since 1970; NULL: the last moment. Errors
 * as of psc_recording_parse_time(). */
gboolean psc_recording_find_time (const PscRecording *recording, const char *time,
                                  gint64 *time_usec, GError **error);
/* The timeline of them all; of a very long recording with fewer moments, as PscTimeline bounds
 * itself, so its indices are not those of this file. Borrowed. */
PscTimeline *psc_recording_get_timeline (const PscRecording *recording);

/* The snapshot of a moment. Errors: CORRUPT (this moment alone), FAILED, NOT_FOUND (no such index).
 * Two unpackings: a few milliseconds for most processes. */
PscSpace *psc_recording_load (PscRecording *recording, guint index, GError **error);
/* Of psc_recording_index_at(). */
PscSpace *psc_recording_load_at (PscRecording *recording, gint64 time_usec, GError **error);

/* Reads what has been recorded since it was opened. Errors as from opening it; what was there stays
 * valid. */
gboolean psc_recording_update (PscRecording *recording, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscRecording, psc_recording_free)

G_END_DECLS
