/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inspector's page of one mapping: what it is, whose it is, its pages, and on demand what only
 * smaps knows of it. */

#include "psc-diff.h"
#include "psc-insight.h"
#include "psc-lens.h"
#include "psc-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR_MAPPING (psc_inspector_mapping_get_type ())
G_DECLARE_FINAL_TYPE (PscInspectorMapping, psc_inspector_mapping, PSC, INSPECTOR_MAPPING, GtkWidget)

/* Once. */
void psc_inspector_mapping_set_session (PscInspectorMapping *self, PscSession *session);
/* Once: what is known of its growth, and of what is touched of it. */
void psc_inspector_mapping_set_insight (PscInspectorMapping *self, PscInsight *insight);
/* pinned: it was selected, and stays. */
void psc_inspector_mapping_show (PscInspectorMapping *self, PscSpace *space,
                                 const PscMapping *mapping, gboolean pinned, PscTheme theme);
/* What has become of it, as psc_inspector_diff_show_mapping() has it. */
void psc_inspector_mapping_show_diff (PscInspectorMapping *self, const PscDiff *diff,
                                      const char *words, const PscMapping *mapping, PscTheme theme);

G_END_DECLS
