/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The rows of the table of mappings: filtered and sorted as an array of numbers, with a
 * PscMappingItem made only for rows that somebody asks for. It is its own selection model, and what
 * is selected are mappings, not rows: sorting, filtering and a new moment of the same process leave
 * it as it is, also while a mapping is filtered out. A new moment emits items-changed for what came
 * and went only (see psc-list-diff.h). Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-mapping-filter.h"

G_BEGIN_DECLS

#define PSC_TYPE_MAPPING_MODEL (psc_mapping_model_get_type ())
G_DECLARE_FINAL_TYPE (PscMappingModel, psc_mapping_model, PSC, MAPPING_MODEL, GObject)

/* Empty, all kinds, by address. */
PscMappingModel *psc_mapping_model_new (void);

/* Another process empties it first and forgets what was selected. NULL: none.
 * O(mappings), and O(n log n) where it has to be sorted. */
void psc_mapping_model_set_facts (PscMappingModel *self, PscMappingFacts *facts);
/* Borrowed; NULL: none. */
PscMappingFacts *psc_mapping_model_get_facts (PscMappingModel *self);
/* Takes the filter. */
void psc_mapping_model_take_filter (PscMappingModel *self, PscMappingFilter *filter);
void psc_mapping_model_set_sort (PscMappingModel *self, PscColumn column, gboolean descending);
/* While held the rows keep their order when numbers change, and new ones go to the end: nothing
 * moves away under a pointer. */
void psc_mapping_model_set_held (PscMappingModel *self, gboolean held);

/* Of the rows that are shown. */
typedef struct
{
  guint n;
  guint64 size, resident; /* bytes */
  guint n_unknown;        /* mappings of which it is not known how much is resident */
} PscMappingSums;

/* Of those that are selected and shown, or of all that are shown. O(rows). */
PscMappingSums psc_mapping_model_sum (PscMappingModel *self, gboolean selected_only);
/* Indices of the mappings of the rows in their order. Free with g_free(). O(rows). */
guint *psc_mapping_model_dup_indices (PscMappingModel *self, gboolean selected_only, guint *n);

/* Borrowed, from the facts. */
const PscMapping *psc_mapping_model_get_mapping (PscMappingModel *self, guint position);
/* The row of the mapping that begins there; GTK_INVALID_LIST_POSITION: none. O(rows). */
guint psc_mapping_model_find (PscMappingModel *self, guint64 start);
/* Selects the mapping that begins there and no other, filtered out or not. FALSE: no such mapping,
 * and then none is. */
gboolean psc_mapping_model_select_only (PscMappingModel *self, guint64 start);
gboolean psc_mapping_model_is_start_selected (PscMappingModel *self, guint64 start);
/* The mapping that was selected last of those that are; NULL: none is. Borrowed. */
const PscMapping *psc_mapping_model_get_recent (PscMappingModel *self);

G_END_DECLS
