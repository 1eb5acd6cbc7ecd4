/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks when to notify: limits for processes of one name, in the words of psc-condition, each with
 * what is wrong with it or whether it holds now; and a few that are ready made. Thread of the
 * window only.
 *
 * Signal "save", without arguments: the user wants psc_notify_dialog_dup_texts() from now on.
 */

#include <adwaita.h>
#include "psc-limits.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

/* Most limits of one name. */
#define PSC_NOTIFY_MOST 32

#define PSC_TYPE_NOTIFY_DIALOG (psc_notify_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PscNotifyDialog, psc_notify_dialog, PSC, NOTIFY_DIALOG, AdwWindow)

/* name: of the process, fit to be shown; texts: what is set now. limits (or NULL: not known) are
 * only read during the call. */
GtkWidget *psc_notify_dialog_new (GtkWindow *parent, const char *name, const char *const *texts,
                                  const PscTimeline *timeline, const PscLimits *limits);
/* There is another moment: asks again what holds. Copied. */
void psc_notify_dialog_set_timeline (PscNotifyDialog *self, const PscTimeline *timeline);
/* What stands there, without empty ones. Free with g_strfreev(). */
char **psc_notify_dialog_dup_texts (PscNotifyDialog *self);

G_END_DECLS
