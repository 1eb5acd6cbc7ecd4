/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a process may be compared with: another process, of which one snapshot is taken, or a moment
 * of a recording. It may be read again; a process that was read once stays that process, whoever
 * gets its PID. Reference counted; all but reading is for the thread of the window.
 */

#include <gio/gio.h>
#include "psc-worker.h"

G_BEGIN_DECLS

typedef struct _PscOther PscOther;

PscOther *psc_other_new_process (PscProbeSource *source, gint pid);
/* A word of a command line: FILE, FILE@TIME, a PID or the name of a process. */
PscOther *psc_other_new (PscProbeSource *source, const char *word);
PscOther *psc_other_ref (PscOther *self);
/* NULL is allowed. */
void psc_other_unref (PscOther *self);

/* The last part of the path of a recording; NULL: a process. Valid UTF-8, borrowed. */
const char *psc_other_get_file (const PscOther *self);

/* Takes the snapshot, in a worker; one at a time. */
void psc_other_read_async (PscOther *self, GAsyncReadyCallback callback, gpointer user_data);
/* A reference; NULL with an error that can be shown. */
PscSpace *psc_other_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscOther, psc_other_unref)

G_END_DECLS
