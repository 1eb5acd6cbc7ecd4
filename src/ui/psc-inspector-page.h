/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The lower part of the inspector: one page. What the snapshot knows of it at once, and what the
 * kernel tells of the page now (sharing, frame, folio, flags) when the look has rested on it.
 */

#include "psc-lens.h"
#include "psc-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR_PAGE (psc_inspector_page_get_type ())
G_DECLARE_FINAL_TYPE (PscInspectorPage, psc_inspector_page, PSC, INSPECTOR_PAGE, GtkWidget)

/* Once. */
void psc_inspector_page_set_session (PscInspectorPage *self, PscSession *session);
/* The page at an address of the space; pinned: it was selected, and stays. An address that is not
 * mapped, or space NULL: none, and a hint how to get one. */
void psc_inspector_page_show (PscInspectorPage *self, PscSpace *space, guint64 address,
                              gboolean pinned, PscTheme theme);

/* For tests: questions that the kernel was asked so far. */
guint psc_inspector_page_get_n_asked (PscInspectorPage *self);

G_END_DECLS
