/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks with what to compare: a process of the list, or a recording that is typed. Emits one of its
 * signals and closes.
 *
 * Signals:
 *  "process" (gint pid)
 *  "word" (char *word): FILE or FILE@TIME, as it was typed
 */

#include <adwaita.h>
#include "psc-session.h"

G_BEGIN_DECLS

#define PSC_TYPE_COMPARE_DIALOG (psc_compare_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscCompareDialog, psc_compare_dialog, PSC, COMPARE_DIALOG, AdwWindow)

/* The list is that of the session, live. */
GtkWidget *psc_compare_dialog_new (GtkWindow *parent, PscSession *session);

G_END_DECLS
