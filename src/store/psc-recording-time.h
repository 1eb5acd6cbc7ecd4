/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which moment of a recording somebody means: FILE@TIME on a command line. Pure but for the time
 * zone and, in psc_recording_is_named() and psc_recording_split(), a look at the file system.
 */

#include "psc-process-list.h"
#include "psc-store-error.h"

G_BEGIN_DECLS

/* What the names of recordings end in. */
#define PSC_RECORDING_SUFFIX ".pagescape"

/* Does a word on a command line name a recording, FILE or FILE@TIME? So does what has ".pagescape"
 * at the end of its file, or a slash in it when there is such a file. Anything else is a process:
 * names of threads and of the kernel's have slashes, as "kworker/0:1". */
gboolean psc_recording_is_named (const char *word);
/* The process that a word means which names no recording: as psc_process_list_find(), but where a
 * word with a slash is neither the error says both. */
const PscProcess *
psc_recording_find_process (GPtrArray *processes, const char *word, GError **error);

/* Takes a word apart at its last "@": "a.pagescape@90s" is the file "a.pagescape" at "90s". *time
 * is NULL when it has none, or when there is a file of the whole name. Free both with g_free(). */
void psc_recording_split (const char *word, char **path, char **time);

/* Microseconds since 1970 of what `text` means in a recording of [first_usec, last_usec]:
 *
 *   start, end
 *   90, 90s, 1m30s, 2h, 1.5s, 250ms   so long after the start
 *   -5s                               so long before the end
 *   14:03, 14:03:07                   the first time that it was that late there, local time
 *   2026-03-01T14:03:07               ISO 8601, local time if no zone is given; also with a blank
 *
 * A clock time less than a second outside means the first or the last moment. Errors: TIME (makes
 * no sense; the message says what would), NOT_FOUND (outside of the recording; the message says
 * from when to when that is). */
gboolean psc_recording_parse_time (const char *text, gint64 first_usec, gint64 last_usec,
                                   gint64 *time_usec, GError **error);

G_END_DECLS
