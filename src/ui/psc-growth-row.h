/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One finding of a verdict, as a button: what it is of and how much that has, its curve, and what
 * is said of it. Nobody presses one that has no place on the map. Thread of the window only.
 */

#include "psc-sparkline.h"

G_BEGIN_DECLS

#define PSC_TYPE_GROWTH_ROW (psc_growth_row_get_type ())
G_DECLARE_FINAL_TYPE (PscGrowthRow, psc_growth_row, PSC, GROWTH_ROW, GtkButton)

GtkWidget *psc_growth_row_new (void);
/* spark NULL: no curve. Nothing is kept but what is shown. */
void psc_growth_row_set (PscGrowthRow *self, const PscFinding *finding, const PscSpark *spark,
                         PscTheme theme);
/* The text under the curve. Borrowed. */
const char *psc_growth_row_get_sentence (PscGrowthRow *self);

G_END_DECLS
