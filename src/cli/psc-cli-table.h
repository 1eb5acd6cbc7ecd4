/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A table of text: columns as wide as their widest cell, two blanks apart. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PscCliTable PscCliTable;

/* `right`: bits (1 << column) of the columns that are set to the right. */
PscCliTable *psc_cli_table_new (guint n_columns, guint right);
/* NULL is allowed. */
void psc_cli_table_free (PscCliTable *table);
/* Takes n_columns strings, NULL after them: free with g_strfreev(). The first row is the head. */
void psc_cli_table_take_row (PscCliTable *table, char **row);
/* A line for each row, without blanks at its end, cut at max_width characters (0: not). Free with
 * g_free(). */
char *psc_cli_table_to_text (const PscCliTable *table, glong max_width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscCliTable, psc_cli_table_free)

G_END_DECLS
