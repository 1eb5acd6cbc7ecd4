/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tooltip of a cell of the table of mappings tells: all that the cell has no room for, or
 * why there is nothing to show. */

#include "psc-mapping-facts.h"

G_BEGIN_DECLS

/* Translated; free with g_free(). */
char *psc_mapping_tip_new (const PscMappingFacts *facts, guint index, PscColumn column);

G_END_DECLS
