/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The past of one process: a few of its snapshots, for saying what has changed since. The first is
 * kept as long as the process is watched, and so is one that was marked; of the others so many as
 * the last minute needs, and as memory allows. Thread of the window only.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* How far back it goes beside the first and the marked one. */
#define PSC_PAST_SECONDS 60
/* Most bytes of snapshots, the first and the marked one aside. */
#define PSC_PAST_MEMORY ((gsize) 96 << 20)

typedef struct _PscPast PscPast;

PscPast *psc_past_new (void);
/* NULL is allowed. */
void psc_past_free (PscPast *past);
/* The snapshot that is shown from now on; one of another process, or NULL, forgets all. A reference
 * is taken. O(snapshots kept). */
void psc_past_add (PscPast *past, PscSpace *space);
/* The newest one is marked. FALSE when there is none. */
gboolean psc_past_mark (PscPast *past);
gboolean psc_past_has_mark (const PscPast *past);
/* The marked one, else the first. Borrowed; NULL when there is none. */
PscSpace *psc_past_get_mark (const PscPast *past);
/* What was so at a moment (microseconds since 1970): the newest that is no younger. When none is as
 * old, the oldest that is kept. Borrowed; NULL when there is none. */
PscSpace *psc_past_get_at (const PscPast *past, gint64 time_usec);
guint psc_past_get_n_kept (const PscPast *past);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscPast, psc_past_free)

G_END_DECLS
