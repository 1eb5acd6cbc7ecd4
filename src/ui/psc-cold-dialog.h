/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a process does not use: a window that first says what finding out does to the process, and
 * does nothing until the user has agreed; then waits, can be stopped, and shows by kind and by
 * mapping what was touched. Where page frames can be seen it offers to read those instead, which
 * writes nothing. Thread of the window only.
 *
 * Signals: "found", without arguments: there is a result, psc_cold_dialog_take() has it; "chosen"
 * (guint64): the mapping that begins there is to be shown on the map.
 */

#include <adwaita.h>
#include "psc-insight.h"

G_BEGIN_DECLS

#define PSC_TYPE_COLD_DIALOG (psc_cold_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscColdDialog, psc_cold_dialog, PSC, COLD_DIALOG, AdwWindow)

/* space: of the process, as it is now; a reference is taken. sees_frames: the probe may, by what it
 * is allowed to do, see flags of page frames. root, via: as for PscProbeSource. */
GtkWidget *psc_cold_dialog_new (GtkWindow *parent, const char *root, const char *via,
                                PscSpace *space, gboolean sees_frames);
/* What was found, once for each "found"; the caller owns it. */
PscCold *psc_cold_dialog_take (PscColdDialog *self, gint64 *time_usec, gint64 *span_usec);
/* As if the user had agreed, for so long; 0: to the reading by frames. */
void psc_cold_dialog_start (PscColdDialog *self, gint64 wait_usec);

G_END_DECLS
