/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * All mappings of the process as a table beside the map: filter, sort, choose columns, read smaps,
 * copy, export. It shows the map's own space, and the selection is the map's: selecting a row
 * selects and reveals its mapping there, and the other way round; activating a row fills the map
 * with it. Where several rows are selected, the last one is the map's. While it is not on screen it
 * does nothing. Thread of the window only.
 *
 * Signals:
 *  "export" (char *path): the user chose to write the table to this file
 */

#include "psc-mapping-model.h"
#include "psc-map-view.h"
#include "psc-session.h"

G_BEGIN_DECLS

#define PSC_TYPE_MAPPING_TABLE (psc_mapping_table_get_type ())
G_DECLARE_FINAL_TYPE (PscMappingTable, psc_mapping_table, PSC, MAPPING_TABLE, GtkWidget)

/* Both once. */
void psc_mapping_table_set_map (PscMappingTable *self, PscMapView *map);
void psc_mapping_table_set_session (PscMappingTable *self, PscSession *session);

/* What the mappings are compared with: a difference whose b is of the process that the map shows,
 * of this moment or of one just before. It has columns of its own. NULL: nothing. */
void psc_mapping_table_set_diff (PscMappingTable *self, PscDiff *diff);
/* Puts the cursor into the filter. */
void psc_mapping_table_search (PscMappingTable *self);
/* As if it were typed. */
void psc_mapping_table_set_filter (PscMappingTable *self, const char *text);
/* Borrowed. */
PscMappingModel *psc_mapping_table_get_model (PscMappingTable *self);
/* The selected rows as text: columns as they are shown, with tabs between. "" when none is. Free
 * with g_free(). */
char *psc_mapping_table_dup_selected_text (PscMappingTable *self);

/* Ids of the columns that are shown; free with g_strfreev(). */
char **psc_mapping_table_dup_columns (PscMappingTable *self);
void psc_mapping_table_set_columns (PscMappingTable *self, const char *const *ids);
/* An id of a column; static. */
const char *psc_mapping_table_get_sort (PscMappingTable *self, gboolean *descending);
/* An unknown column counts as that of addresses. */
void psc_mapping_table_set_sort (PscMappingTable *self, const char *column, gboolean descending);

/* Writes the rows as they are filtered and sorted, in a worker: CSV or JSON by the extension of the
 * path. The callback runs in the thread of the window. */
void psc_mapping_table_export_async (PscMappingTable *self, const char *path,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* The path that was written; NULL with G_FILE_ERROR. Free with g_free(). */
char *psc_mapping_table_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
