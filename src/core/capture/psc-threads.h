/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The threads of a process as one snapshot teaches them to the next: names and stack pointers,
 * read again only when something about the process changed, because it costs some 15 µs a thread.
 * Not frozen; belongs to one PscTarget. Blocks like PscProbe.
 */

#include "psc-owner.h"
#include "psc-probe.h"

G_BEGIN_DECLS

typedef struct _PscThreads PscThreads;

PscThreads *psc_threads_new (void);
/* NULL is allowed. */
void psc_threads_free (PscThreads *threads);

/* Brings them up to date when `n_threads` or `n_mappings` are others than last time, or now and
 * then (a thread that runs has no stack pointer to be read). A process that is gone leaves them as
 * they are: that it is gone is for others to tell. Returns whether they were read again. */
gboolean psc_threads_update (PscThreads *threads, PscProbe *probe, guint handle, guint n_threads,
                             guint n_mappings);
/* Borrowed until the next update; *n of them. */
const PscThread *psc_threads_get (const PscThreads *threads, guint *n);
/* Stack pointers may not be read: which thread a stack belongs to is unknown. */
gboolean psc_threads_is_denied (const PscThreads *threads);

/* Field 8 of /proc/PID/task/TID/syscall, 0 when the thread runs or the text has not the form. */
guint64 psc_threads_parse_stack_pointer (const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscThreads, psc_threads_free)

G_END_DECLS
