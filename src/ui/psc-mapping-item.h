/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One row of the table of mappings, made when somebody looks at it: which mapping it is, in the
 * newest facts. It stays the same object as long as there is a mapping that begins there. Thread of
 * the window only.
 *
 * Signal "changed", without arguments: its facts are of another moment.
 */

#include <glib-object.h>
#include "psc-mapping-facts.h"

G_BEGIN_DECLS

#define PSC_TYPE_MAPPING_ITEM (psc_mapping_item_get_type ())
G_DECLARE_FINAL_TYPE (PscMappingItem, psc_mapping_item, PSC, MAPPING_ITEM, GObject)

/* registry: start (guint64) → item, of the items that are alive: the item is in it from here to its
 * end, which may be soon, as a list that changes asks for very many. NULL: in none. */
PscMappingItem *psc_mapping_item_new (PscMappingFacts *facts, guint index, GHashTable *registry);
/* Emits "changed". */
void psc_mapping_item_set (PscMappingItem *self, PscMappingFacts *facts, guint index);
/* Borrowed; *index is the mapping's. */
const PscMappingFacts *psc_mapping_item_get_facts (PscMappingItem *self, guint *index);
/* Borrowed, from the facts. */
const PscMapping *psc_mapping_item_get_mapping (PscMappingItem *self);

G_END_DECLS
