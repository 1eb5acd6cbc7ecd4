/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Why something is missing, for people: what kind of reason it is (not allowed, not told by this
 * kernel, gone, changed meanwhile, not read yet), why, and the least that would help. */

#include <gtk/gtk.h>
#include "psc-space.h"

G_BEGIN_DECLS

/* "Not allowed", …; translated, static. */
const char *psc_unknown_reason_title (PscReason reason);
const char *psc_unknown_reason_icon (PscReason reason);
/* "Why. What helps: …", on one line. Free with g_free(). */
char *psc_unknown_dup_text (const PscUnknown *unknown);
/* A framed note with all of it. */
GtkWidget *psc_unknown_note_new (const PscUnknown *unknown);

G_END_DECLS
