/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The bar above the map in which one says what to find: an entry, two buttons to step, what came of
 * it, and a button to close. It slides in and out, and knows nothing of what is found:
 * psc-window-find.c does the finding.
 *
 * Signals, all without arguments:
 *  "changed": another text, shortly after the last key
 *  "step-next", "step-previous": Enter and Shift+Enter in the entry
 *  "close": Escape, or the button; the bar stays open until it is told
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PSC_TYPE_FIND_BAR (psc_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (PscFindBar, psc_find_bar, PSC, FIND_BAR, GtkWidget)

GtkWidget *psc_find_bar_new (void);

/* With the focus in the entry and all of its text selected. */
void psc_find_bar_open (PscFindBar *self);
void psc_find_bar_close (PscFindBar *self);
gboolean psc_find_bar_is_open (PscFindBar *self);

/* What stands in the entry now; borrowed. */
const char *psc_find_bar_get_text (PscFindBar *self);

/* What came of it: "3 of 42" and how it was understood, or why nothing was found. Either may be "";
 * both: a hint what may be looked for. Announced to screen readers. */
void psc_find_bar_set_result (PscFindBar *self, const char *count, const char *meaning);
/* The two as they are announced, "" before there is anything; borrowed. */
const char *psc_find_bar_get_result (PscFindBar *self);
/* Whether there is anything to step to. */
void psc_find_bar_set_can_step (PscFindBar *self, gboolean can_step);

G_END_DECLS
