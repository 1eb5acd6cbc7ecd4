/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscRecorder: writes a recording, the file that pagescape-recording(5) documents: an SQLite
 * database of plain tables that anyone can query, and of snapshots as packed frames.
 *
 * Each moment is one transaction. A recorder that is killed at any time leaves a file (with a -wal
 * beside it) that opens with everything up to the last moment that psc_recorder_add() returned
 * from. When the disk is full, adding fails, and the file opens with everything before.
 *
 * One thread at a time, any thread. Blocks on the disk: call it from a worker.
 */

#include "psc-moment.h"
#include "psc-store-error.h"

G_BEGIN_DECLS

typedef struct _PscRecorder PscRecorder;

/* Makes the file, readable for its user alone, as /proc/PID/maps is. When there is one already:
 * EXISTS; with `overwrite` it is replaced if it is a recording or empty, else FOREIGN. Further
 * errors: FAILED, FULL. Writing beyond the limit of file sizes has to be an error and not the end
 * of the program, so SIGXFSZ is ignored from now on, if nobody has asked for anything else. */
PscRecorder *psc_recorder_new (const char *path, gboolean overwrite, GError **error);
/* Without psc_recorder_finish() the recording says that it was cut off. NULL is allowed. */
void psc_recorder_free (PscRecorder *recorder);

/* "java-4711-20261122-153000.pagescape": a name for a recording of this process that begins now. It
 * holds nothing but letters, digits, "_", "-" and ".". Free with g_free(). */
char *psc_recorder_dup_file_name (const PscSpace *space);

/* Adds the next snapshot, with its moment as psc_moment_new() makes it: at the time of the moment,
 * so a snapshot that was handed out again comes with a moment of psc_moment_new_alike(). All are of
 * one process: the same pid and start time. When the clock was set back, time goes on a microsecond
 * after the moment before; psc_recorder_get_last_time() tells. Errors: FULL, FAILED; from then on
 * nothing more is taken, and each call fails in the same words. O(mappings + runs), a few
 * milliseconds for most. */
gboolean
psc_recorder_add (PscRecorder *recorder, PscSpace *space, PscMoment *moment, GError **error);

/* Ends the recording: makes one file of it. `reason` is kept in meta as "ended": "stopped", "the
 * process ended", …. When somebody reads it just now, a -wal may stay beside it for as long as that
 * takes; that is no error. Also after psc_recorder_add() failed: then it tidies up as far as that
 * can be done, and fails in the same words. Only psc_recorder_free() may follow. */
gboolean psc_recorder_finish (PscRecorder *recorder, const char *reason, GError **error);

guint64 psc_recorder_get_n_moments (const PscRecorder *recorder);
/* As recorded; 0 when there is none yet. */
gint64 psc_recorder_get_last_time (const PscRecorder *recorder);
/* On disk, with what is still beside it; bytes. */
guint64 psc_recorder_get_size (const PscRecorder *recorder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscRecorder, psc_recorder_free)

G_END_DECLS
