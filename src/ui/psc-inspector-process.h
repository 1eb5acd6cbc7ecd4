/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inspector's page of the whole process, and of what could not be read of it. */

#include <gtk/gtk.h>
#include "psc-diff.h"
#include "psc-growth-panel.h"
#include "psc-lens.h"

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR_PROCESS (psc_inspector_process_get_type ())
G_DECLARE_FINAL_TYPE (PscInspectorProcess, psc_inspector_process, PSC, INSPECTOR_PROCESS, GtkWidget)

/* user: name of its user, or NULL: the number is shown. */
void psc_inspector_process_show (PscInspectorProcess *self, const PscSpace *space, const char *user,
                                 PscTheme theme);
/* What has become of it, as psc_inspector_diff_show_process() has it. */
void psc_inspector_process_show_diff (PscInspectorProcess *self, const PscDiff *diff,
                                      const char *words, PscTheme theme);

/* Its section on growth. Borrowed. */
PscGrowthPanel *psc_inspector_process_get_growth (PscInspectorProcess *self);

G_END_DECLS
