/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A window that looks for shared memory that nobody maps any more, and tells what was found: that
 * of one process first, each with what it is and what would remove it. It only reads, in a worker;
 * removing is left to the user. Thread of the window only.
 *
 * Signal "found", without arguments: a look has succeeded; psc_orphans_dialog_take() has it.
 */

#include <adwaita.h>
#include "psc-orphans.h"
#include "psc-worker.h"

G_BEGIN_DECLS

#define PSC_TYPE_ORPHANS_DIALOG (psc_orphans_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscOrphansDialog, psc_orphans_dialog, PSC, ORPHANS_DIALOG, AdwWindow)

/* Begins to look at once. A reference of the source is taken. name: of the process, fit to be
 * shown. */
GtkWidget *
psc_orphans_dialog_new (GtkWindow *parent, PscProbeSource *source, gint pid, const char *name);
/* What was found, once for each "found"; the caller owns it. */
PscOrphans *psc_orphans_dialog_take (PscOrphansDialog *self);

G_END_DECLS
