/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks what to export: format, what of it, colours, width. Then asks where, and emits "export" with
 * a PscExport (to be taken: psc_export_dialog_take()) and the path.
 */

#include <adwaita.h>
#include "psc-export.h"

G_BEGIN_DECLS

#define PSC_TYPE_EXPORT_DIALOG (psc_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscExportDialog, psc_export_dialog, PSC, EXPORT_DIALOG, AdwWindow)

/* Takes the export, which is what the map shows. */
GtkWidget *psc_export_dialog_new (GtkWindow *parent, PscExport *export);
/* The export as the user wants it; once, from a handler of "export". The caller owns it. */
PscExport *psc_export_dialog_take (PscExportDialog *self);

G_END_DECLS
