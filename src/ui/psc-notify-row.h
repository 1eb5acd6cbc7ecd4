/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One limit in the dialog that sets them: an entry, what is said of what stands in it, and a button
 * to remove it. Thread of the window only.
 *
 * Signals, without arguments: "changed" (another text), "remove".
 */

#include <gtk/gtk.h>
#include "psc-condition-check.h"

G_BEGIN_DECLS

#define PSC_TYPE_NOTIFY_ROW (psc_notify_row_get_type ())
G_DECLARE_FINAL_TYPE (PscNotifyRow, psc_notify_row, PSC, NOTIFY_ROW, GtkWidget)

GtkWidget *psc_notify_row_new (const char *text);
/* Without blanks around it. Free with g_free(). */
char *psc_notify_row_dup_text (PscNotifyRow *self);
void psc_notify_row_set_text (PscNotifyRow *self, const char *text);
/* Says what is known of it now. One that is of another text is passed over. */
void psc_notify_row_set_answer (PscNotifyRow *self, const PscConditionAnswer *answer);

/* "Holds now: …", "Does not hold now", or what is wrong. Free with g_free(). */
char *psc_notify_dup_state (const PscConditionAnswer *answer);

G_END_DECLS
