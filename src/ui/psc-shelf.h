/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The plainest keeper of the past: the last snapshots of a process as they are, as many as fit into
 * a bound of memory. One thread at a time.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* Most bytes of snapshots; the newest is kept in any case. */
#define PSC_SHELF_MEMORY ((gsize) 128 << 20)

typedef struct _PscShelf PscShelf;

PscShelf *psc_shelf_new (void);
/* NULL is allowed. */
void psc_shelf_free (PscShelf *shelf);
/* Takes a reference. Nothing happens when it is the last one again. */
void psc_shelf_add (PscShelf *shelf, PscSpace *space);
/* What was so at a moment: the newest snapshot that is no younger. A reference; NULL with
 * G_IO_ERROR_NOT_FOUND when it is not kept any more, or never was. O(n). */
PscSpace *psc_shelf_load (PscShelf *shelf, gint64 time_usec, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscShelf, psc_shelf_free)

G_END_DECLS
