/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the inspector tells of a difference: of one mapping what it was, by what it is known to be
 * the same, and what has become of its pages; of the process what grew and shrank by segment kind,
 * and what is not there any more. Hides while nothing is compared. Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-diff.h"
#include "psc-theme.h"

G_BEGIN_DECLS

#define PSC_TYPE_INSPECTOR_DIFF (psc_inspector_diff_get_type ())
G_DECLARE_FINAL_TYPE (PscInspectorDiff, psc_inspector_diff, PSC, INSPECTOR_DIFF, GtkWidget)

/* The difference may be that of a moment before: then the mapping is found by where it begins. diff
 * NULL: hides. words: "since 12:03:45". */
void psc_inspector_diff_show_mapping (PscInspectorDiff *self, const PscDiff *diff,
                                      const char *words, const PscMapping *mapping, PscTheme theme);
void psc_inspector_diff_show_process (PscInspectorDiff *self, const PscDiff *diff,
                                      const char *words, PscTheme theme);

G_END_DECLS
