/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One fact of the inspector: what it is, and its value as text that can be selected and copied, on
 * as many lines as it needs; below what it is where there is too little room beside. Without a
 * value it hides. Properties: "title", "value" (strings), "mono" (boolean: digits of one width, for
 * addresses).
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PSC_TYPE_FACT (psc_fact_get_type ())
G_DECLARE_FINAL_TYPE (PscFact, psc_fact, PSC, FACT, GtkWidget)

/* NULL or "": hides. */
void psc_fact_set_value (PscFact *self, const char *value);
void psc_fact_take_value (PscFact *self, char *value);
const char *psc_fact_get_value (PscFact *self);

G_END_DECLS
