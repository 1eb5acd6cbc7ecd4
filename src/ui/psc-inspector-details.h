/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What only smaps knows of a mapping, read when the user asks for it and not before, because it
 * costs the process something. What was read stays, with its age, while the live refreshes go on
 * without it.
 */

#include <gtk/gtk.h>
#include "psc-session.h"

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR_DETAILS (psc_inspector_details_get_type ())
G_DECLARE_FINAL_TYPE (PscInspectorDetails, psc_inspector_details, PSC, INSPECTOR_DETAILS, GtkWidget)

/* Once. */
void psc_inspector_details_set_session (PscInspectorDetails *self, PscSession *session);
/* A mapping of the space that is shown now. */
void psc_inspector_details_show (PscInspectorDetails *self, const PscSpace *space,
                                 const PscMapping *mapping);

/* "read just now", "read 12 s ago", "read 3 min ago", "read 2 h ago"; translated. Free with
 * g_free(). */
char *psc_inspector_details_format_age (gint64 age_usec);
/* Has a widget show it anew each second, while it is on screen and there are details. *timer: 0, or
 * what this has set; whoever owns the widget removes it. */
void psc_inspector_details_keep_age (gpointer widget, PscSession *session, GSourceFunc show,
                                     guint *timer);

G_END_DECLS
