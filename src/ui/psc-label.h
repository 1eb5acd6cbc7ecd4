/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Labels of lists that are made in code; all others are in .ui files. text may be NULL: set later.
 * css_class NULL: none. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* xalign: 0 the left, 1 the right. */
GtkWidget *psc_label_new (const char *text, float xalign, const char *css_class);
/* Text on as many lines as it needs, which can be selected; takes what width there is. */
GtkWidget *psc_label_new_wrapped (const char *text, const char *css_class);

G_END_DECLS
