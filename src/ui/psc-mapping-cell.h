/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One cell of the table of mappings: what a column says of an item, kept up to date while it is
 * bound; with a chip of colour where it is the kind, and a bar where it is a share. What is not
 * known is dim, and the tooltip says why. The cell of the address names the whole row for screen
 * readers. Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-mapping-item.h"

G_BEGIN_DECLS

#define PSC_TYPE_MAPPING_CELL (psc_mapping_cell_get_type ())
G_DECLARE_FINAL_TYPE (PscMappingCell, psc_mapping_cell, PSC, MAPPING_CELL, GtkWidget)

GtkWidget *psc_mapping_cell_new (PscColumn column);
/* NULL: none. */
void psc_mapping_cell_bind (PscMappingCell *self, PscMappingItem *item);
/* Borrowed; NULL: none. */
PscMappingItem *psc_mapping_cell_get_item (PscMappingCell *self);
/* As it is shown, "—" and "not read" included; borrowed. */
const char *psc_mapping_cell_get_text (PscMappingCell *self);

/* What a cell shows, as in a row that is copied. Free with g_free(). */
char *psc_mapping_cell_dup_text (const PscMappingFacts *facts, guint index, PscColumn column);
/* "libc.so.6, Code, r-xp, 1.4 MiB, 1.1 MiB resident, 7f…-7f…": a row in one sentence. Free with
 * g_free(). */
char *psc_mapping_cell_dup_row_name (const PscMappingFacts *facts, guint index);

G_END_DECLS
