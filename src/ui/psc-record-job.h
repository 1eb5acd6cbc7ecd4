/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Writes what a window sees of a process to a recording, in a worker, one moment after another.
 * Lives until the file is whole, also when the window is gone: it holds the application meanwhile.
 * Thread of the window only.
 *
 * Signals, without arguments:
 *  "changed": something was written
 *  "ended": the file is closed, or nothing can be written any more: psc_record_job_get_error()
 */

#include <gio/gio.h>
#include "psc-recorder.h"

G_BEGIN_DECLS

#define PSC_TYPE_RECORD_JOB (psc_record_job_get_type ())
G_DECLARE_FINAL_TYPE (PscRecordJob, psc_record_job, PSC, RECORD_JOB, GObject)

/* Begins to write to `path`, where a recording that is there already is replaced (the file dialog
 * has asked), but nothing else. Its first error comes by "ended", too. */
PscRecordJob *psc_record_job_new (const char *path);
/* The next moment of the process. Nothing happens after the end. */
void psc_record_job_add (PscRecordJob *self, PscSpace *space, PscMoment *moment);
/* No more moments come; `reason` ("stopped", "the process ended") is written into the file. */
void psc_record_job_finish (PscRecordJob *self, const char *reason);

const char *psc_record_job_get_path (PscRecordJob *self);
/* NULL: none. */
const GError *psc_record_job_get_error (PscRecordJob *self);
gboolean psc_record_job_is_finishing (PscRecordJob *self);
guint64 psc_record_job_get_n_moments (PscRecordJob *self);
/* On disk, bytes. */
guint64 psc_record_job_get_size (PscRecordJob *self);

G_END_DECLS
