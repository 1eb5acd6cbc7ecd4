/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The size of text that the desktop asks for. Thread of the window only. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* 1: as usual, 2: twice that. */
double psc_text_size_get (void);
/* So large that what stands side by side had better be one above the other? */
gboolean psc_text_size_is_large (void);
/* Calls back, with the object alone, whenever it changes and once right away; until the object goes
 * away. */
void psc_text_size_watch (gpointer object, void (*callback) (gpointer object));

G_END_DECLS
