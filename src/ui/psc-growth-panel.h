/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The section "Growth" of the inspector's process page: what of the process grows, the worst first,
 * what it runs into, and what does not or can't grow and why. Follows a PscInsight. Buttons lead on
 * by the window's actions. Thread of the window only.
 *
 * Signal "chosen" (guint): the finding with this index of the verdict that is shown is to be shown
 * on the map.
 */

#include <gtk/gtk.h>
#include "psc-insight.h"

G_BEGIN_DECLS

#define PSC_TYPE_GROWTH_PANEL (psc_growth_panel_get_type ())
G_DECLARE_FINAL_TYPE (PscGrowthPanel, psc_growth_panel, PSC, GROWTH_PANEL, GtkWidget)

GtkWidget *psc_growth_panel_new (void);
/* Once; a reference is taken. */
void psc_growth_panel_set_insight (PscGrowthPanel *self, PscInsight *insight);
void psc_growth_panel_set_theme (PscGrowthPanel *self, PscTheme theme);

G_END_DECLS
