/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Names for parts of GTK's widgets that it leaves without one: the button inside of a drop-down,
 * the list inside of a column view, the rows of lists. A screen reader would say the name of their
 * class. Thread of the window only.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Names what is in the window now, and from then on whatever gets the focus in it; rows lose their
 * name with it, because GTK uses them again for other items. */
void psc_a11y_install (GtkWindow *window);

G_END_DECLS
