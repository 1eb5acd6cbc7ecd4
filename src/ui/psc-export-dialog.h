/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks what to export: format, what of it, colours, size. Then asks where, and emits "export" with
 * the path; the handler takes the PscExport (psc_export_dialog_take()). What was chosen last time
 * is chosen again.
 */

#include <adwaita.h>
#include "psc-export.h"

G_BEGIN_DECLS

#define PSC_TYPE_EXPORT_DIALOG (psc_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscExportDialog, psc_export_dialog, PSC, EXPORT_DIALOG, AdwWindow)

/* Takes the export, which is what the map shows. settings NULL: nothing is remembered. */
GtkWidget *psc_export_dialog_new (GtkWindow *parent, PscExport *export, GSettings *settings);
/* The export as the user wants it; once, from a handler of "export". The caller owns it. */
PscExport *psc_export_dialog_take (PscExportDialog *self);
/* As if the user had chosen this file as the place: emits "export" and closes. */
void psc_export_dialog_accept (PscExportDialog *self, GFile *file);

G_END_DECLS
