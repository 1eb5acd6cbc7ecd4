/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was touched, line by line: name, a bar, bytes. Thread of the window only.
 *
 * Signal "chosen" (guint): the line with this index; only of those that can be chosen.
 */

#include <gtk/gtk.h>
#include "psc-cold.h"

G_BEGIN_DECLS

#define PSC_TYPE_COLD_LIST (psc_cold_list_get_type ())
G_DECLARE_FINAL_TYPE (PscColdList, psc_cold_list, PSC, COLD_LIST, GtkWidget)

void psc_cold_list_clear (PscColdList *self);
/* name: translated, fit to be shown. can_choose: the line is a button. */
void psc_cold_list_add (PscColdList *self, const char *name, const PscColdSums *sums,
                        gboolean can_choose);

G_END_DECLS
