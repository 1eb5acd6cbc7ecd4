/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The columns of the table of mappings: which are shown, which it is sorted by, and the menu that
 * asks. Part of PscMappingTable; owned by it.
 */

#include <gtk/gtk.h>
#include "psc-mapping-facts.h"

G_BEGIN_DECLS

typedef struct _PscMappingColumns PscMappingColumns;

/* Puts all columns into the view, those that are shown at first visible. */
PscMappingColumns *psc_mapping_columns_new (GtkColumnView *view);
void psc_mapping_columns_free (PscMappingColumns *self);

/* An action for each column by which it is shown or not: "columns.pss". Borrowed. */
GActionGroup *psc_mapping_columns_get_actions (PscMappingColumns *self);
/* A menu of them. Borrowed. */
GMenuModel *psc_mapping_columns_get_menu (PscMappingColumns *self);

/* Shows those columns of a difference that the user wants, or none: there is nothing to compare. */
void psc_mapping_columns_set_compared (PscMappingColumns *self, gboolean compared);

/* Ids of those that are shown, or will be when there is something to compare. Free with
 * g_strfreev(). */
char **psc_mapping_columns_dup_shown (PscMappingColumns *self);
/* Words that name no column are passed over; the address is always shown. */
void psc_mapping_columns_set_shown (PscMappingColumns *self, const char *const *ids);
/* The columns that are shown, in the order in which they are seen; *n of them.
 * Free with g_free(). */
PscColumn *psc_mapping_columns_dup_visible (PscMappingColumns *self, guint *n);

/* The column whose heading was clicked last. */
PscColumn psc_mapping_columns_get_sort (PscMappingColumns *self, gboolean *descending);
void psc_mapping_columns_set_sort (PscMappingColumns *self, PscColumn column, gboolean descending);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscMappingColumns, psc_mapping_columns_free)

G_END_DECLS
