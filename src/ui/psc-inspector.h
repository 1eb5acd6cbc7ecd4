/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The inspector beside the map. Above: the selected mapping, else the one under the pointer, else
 * the whole process and what could not be read of it. Below: the page under the pointer, else the
 * selected one. It follows a PscMapView and reads the space that the map shows, so that both always
 * speak of one moment; what costs more is asked of the session.
 * Thread of the window only.
 */

#include "psc-diff.h"
#include "psc-insight.h"
#include "psc-map-view.h"
#include "psc-session.h"

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR (psc_inspector_get_type ())
G_DECLARE_FINAL_TYPE (PscInspector, psc_inspector, PSC, INSPECTOR, GtkWidget)

GtkWidget *psc_inspector_new (void);
/* Once; the inspector keeps a reference until it is disposed of. */
void psc_inspector_set_map (PscInspector *self, PscMapView *map);
/* Once, before anything is shown; likewise. */
void psc_inspector_set_session (PscInspector *self, PscSession *session);
/* Once; likewise. What is chosen of it is selected on the map. */
void psc_inspector_set_insight (PscInspector *self, PscInsight *insight);
/* Selects the mapping that has most of what a finding of the verdict is of, and brings it into
 * view. FALSE when there is none. */
gboolean psc_inspector_show_finding (PscInspector *self, const PscFinding *finding);
/* The page of the process, and of that the section on growth. */
void psc_inspector_show_growth (PscInspector *self);
/* Name of the user of the process that is shown; NULL: its number is shown. */
void psc_inspector_set_user (PscInspector *self, const char *user);
/* What is shown is compared with something, as PscMappingTable has it; words say with what: "since
 * 12:03:45". NULL: nothing is compared. */
void psc_inspector_set_diff (PscInspector *self, PscDiff *diff, const char *words);

G_END_DECLS
