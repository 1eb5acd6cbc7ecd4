/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-mapping-model.h"

#include <string.h>

#include "psc-list-diff.h"
#include "psc-mapping-item.h"

/* Each costs the list about as much as drawing a row. */
#define MAX_HUNKS 128

typedef struct
{
  guint64 start;
  guint index; /* NO_INDEX: gone, and about to be taken out */
} Row;

#define NO_INDEX G_MAXUINT

struct _PscMappingModel
{
  GObject parent_instance;

  PscMappingFacts *facts;
  PscMappingFilter *filter; /* NULL: all */
  PscColumn column;
  gboolean descending, held;

  GArray *rows;         /* of Row */
  GHashTable *items;    /* start → PscMappingItem, borrowed: those that somebody holds */
  GtkBitset *selected;  /* indices of facts */
  guint64 recent_start; /* of the mapping that was selected last */
};

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PscMappingModel, psc_mapping_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

static const Row *
get_row (PscMappingModel *self, guint position)
{
  return &g_array_index (self->rows, Row, position);
}

/* The mapping that begins exactly there. */
static guint
find_index (const PscSpace *space, guint64 start)
{
  const PscMapping *mapping = psc_space_lookup (space, start);

  return mapping != NULL && mapping->start == start ? psc_space_mapping_index (space, mapping) :
                                                      NO_INDEX;
}

/* --- items --------------------------------------------------------------------------------- */

static GHashTable *
new_registry (void)
{
  return g_hash_table_new (g_int64_hash, g_int64_equal);
}

/* Items of a process that is not shown any more keep to themselves. */
static void
forget_items (PscMappingModel *self)
{
  g_hash_table_unref (self->items);
  self->items = new_registry ();
}

static gpointer
psc_mapping_model_get_item (GListModel *model, guint position)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);
  PscMappingItem *item;
  const Row *row;

  if (position >= self->rows->len)
    return NULL;
  row = get_row (self, position);
  item = g_hash_table_lookup (self->items, &row->start);
  if (item != NULL)
    return g_object_ref (item);
  /* A row that is about to be taken out is never shown to anybody who has not seen it. */
  if (row->index == NO_INDEX)
    return psc_mapping_item_new (self->facts, 0, NULL);
  return psc_mapping_item_new (self->facts, row->index, self->items);
}

/* Those whose mapping is gone keep what they had until their rows are. */
static void
update_items (PscMappingModel *self)
{
  g_autoptr (GList) items = g_hash_table_get_values (self->items);

  for (GList *link = items; link != NULL; link = link->next)
    {
      guint64 start = psc_mapping_item_get_mapping (link->data)->start;
      guint index = find_index (self->facts->space, start);

      if (index != NO_INDEX)
        psc_mapping_item_set (link->data, self->facts, index);
    }
}

static GType
psc_mapping_model_get_item_type (GListModel *model)
{
  return PSC_TYPE_MAPPING_ITEM;
}

static guint
psc_mapping_model_get_n_items (GListModel *model)
{
  return PSC_MAPPING_MODEL (model)->rows->len;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = psc_mapping_model_get_item_type;
  iface->get_n_items = psc_mapping_model_get_n_items;
  iface->get_item = psc_mapping_model_get_item;
}

/* --- selection ----------------------------------------------------------------------------- */

static gboolean
psc_mapping_model_is_selected (GtkSelectionModel *model, guint position)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  return position < self->rows->len &&
         gtk_bitset_contains (self->selected, get_row (self, position)->index);
}

static GtkBitset *
psc_mapping_model_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);
  GtkBitset *selection = gtk_bitset_new_empty ();

  if (gtk_bitset_is_empty (self->selected))
    return selection;
  for (guint i = position; i < self->rows->len && i - position < n; i++)
    if (gtk_bitset_contains (self->selected, get_row (self, i)->index))
      gtk_bitset_add (selection, i);
  return selection;
}

static void
emit_selection (PscMappingModel *self)
{
  if (self->rows->len > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, self->rows->len);
}

static void
set_selected (PscMappingModel *self, guint position, gboolean selected)
{
  const Row *row = get_row (self, position);

  if (!selected)
    gtk_bitset_remove (self->selected, row->index);
  else if (gtk_bitset_add (self->selected, row->index))
    self->recent_start = row->start;
}

static gboolean
psc_mapping_model_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);
  GtkBitsetIter iter;
  guint position;
  gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position);

  for (; more && position < self->rows->len; more = gtk_bitset_iter_next (&iter, &position))
    set_selected (self, position, gtk_bitset_contains (selected, position));
  emit_selection (self);
  return TRUE;
}

/* As a user means it, one that is filtered out is let go of with those that are seen. */
static gboolean
psc_mapping_model_select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  if (position >= self->rows->len)
    return FALSE;
  if (unselect_rest)
    gtk_bitset_remove_all (self->selected);
  set_selected (self, position, TRUE);
  self->recent_start = get_row (self, position)->start;
  emit_selection (self);
  return TRUE;
}

static gboolean
psc_mapping_model_unselect_item (GtkSelectionModel *model, guint position)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  if (position >= self->rows->len)
    return FALSE;
  set_selected (self, position, FALSE);
  gtk_selection_model_selection_changed (model, position, 1);
  return TRUE;
}

static gboolean
psc_mapping_model_select_range (GtkSelectionModel *model, guint position, guint n,
                                gboolean unselect_rest)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  if (unselect_rest)
    gtk_bitset_remove_all (self->selected);
  for (guint i = position; i < self->rows->len && i - position < n; i++)
    set_selected (self, i, TRUE);
  emit_selection (self);
  return TRUE;
}

static gboolean
psc_mapping_model_unselect_range (GtkSelectionModel *model, guint position, guint n)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  for (guint i = position; i < self->rows->len && i - position < n; i++)
    set_selected (self, i, FALSE);
  emit_selection (self);
  return TRUE;
}

static gboolean
psc_mapping_model_select_all (GtkSelectionModel *model)
{
  return psc_mapping_model_select_range (model, 0, G_MAXUINT, FALSE);
}

static gboolean
psc_mapping_model_unselect_all (GtkSelectionModel *model)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (model);

  gtk_bitset_remove_all (self->selected);
  emit_selection (self);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = psc_mapping_model_is_selected;
  iface->get_selection_in_range = psc_mapping_model_get_selection_in_range;
  iface->select_item = psc_mapping_model_select_item;
  iface->unselect_item = psc_mapping_model_unselect_item;
  iface->select_range = psc_mapping_model_select_range;
  iface->unselect_range = psc_mapping_model_unselect_range;
  iface->select_all = psc_mapping_model_select_all;
  iface->unselect_all = psc_mapping_model_unselect_all;
  iface->set_selection = psc_mapping_model_set_selection;
}

gboolean
psc_mapping_model_select_only (PscMappingModel *self, guint64 start)
{
  guint index = self->facts != NULL ? find_index (self->facts->space, start) : NO_INDEX;

  gtk_bitset_remove_all (self->selected);
  if (index != NO_INDEX)
    gtk_bitset_add (self->selected, index);
  self->recent_start = start;
  emit_selection (self);
  return index != NO_INDEX;
}

gboolean
psc_mapping_model_is_start_selected (PscMappingModel *self, guint64 start)
{
  guint index = self->facts != NULL ? find_index (self->facts->space, start) : NO_INDEX;

  return index != NO_INDEX && gtk_bitset_contains (self->selected, index);
}

const PscMapping *
psc_mapping_model_get_recent (PscMappingModel *self)
{
  guint index;

  if (self->facts == NULL || gtk_bitset_is_empty (self->selected))
    return NULL;
  index = find_index (self->facts->space, self->recent_start);
  if (index == NO_INDEX || !gtk_bitset_contains (self->selected, index))
    index = gtk_bitset_get_minimum (self->selected);
  return &self->facts->space->mappings[index];
}

/* A mapping that has grown, downwards too, is still the one that was selected. */
static guint
follow_index (const PscSpace *space, const PscMapping *old)
{
  const PscMapping *mapping = psc_space_lookup (space, old->start);

  if (mapping == NULL)
    mapping = psc_space_lookup (space, old->end - 1);
  return mapping != NULL ? psc_space_mapping_index (space, mapping) : NO_INDEX;
}

static void
follow_selection (PscMappingModel *self, const PscSpace *old)
{
  g_autoptr (GtkBitset) before = self->selected;
  const PscSpace *space = self->facts->space;
  GtkBitsetIter iter;
  guint index;
  gboolean more = gtk_bitset_iter_init_first (&iter, before, &index);

  self->selected = gtk_bitset_new_empty ();
  for (; more; more = gtk_bitset_iter_next (&iter, &index))
    {
      guint at = follow_index (space, &old->mappings[index]);

      if (at == NO_INDEX)
        continue;
      gtk_bitset_add (self->selected, at);
      if (old->mappings[index].start == self->recent_start)
        self->recent_start = space->mappings[at].start;
    }
}

/* --- filter and order ---------------------------------------------------------------------- */

static guint *
filter_indices (PscMappingModel *self, guint *n)
{
  guint n_mappings = self->facts != NULL ? self->facts->space->n_mappings : 0;
  guint *indices = g_new (guint, MAX (n_mappings, 1));

  *n = 0;
  for (guint i = 0; i < n_mappings; i++)
    if (self->filter == NULL || psc_mapping_filter_matches (self->filter, self->facts, i))
      indices[(*n)++] = i;
  return indices;
}

/* Those that are there already in their order, then the others by address. */
static void
hold_order (PscMappingModel *self, guint *indices, guint n)
{
  g_autofree guint8 *wanted = g_new0 (guint8, self->facts->space->n_mappings + 1);
  guint at = 0;

  for (guint i = 0; i < n; i++)
    wanted[indices[i]] = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      guint index = get_row (self, i)->index;

      if (index == NO_INDEX || !wanted[index])
        continue;
      wanted[index] = FALSE;
      indices[at++] = index;
    }
  for (guint i = 0; at < n && i < self->facts->space->n_mappings; i++)
    if (wanted[i])
      indices[at++] = i;
}

static guint *
order_indices (PscMappingModel *self, guint *n)
{
  guint *indices = filter_indices (self, n);

  if (*n == 0)
    return indices;
  if (self->held && self->column != PSC_COLUMN_ADDRESS)
    hold_order (self, indices, *n);
  else
    psc_mapping_facts_sort (self->facts, self->column, self->descending, indices, *n);
  return indices;
}

/* Where each of the wanted rows is now. */
static guint *
find_old_rows (PscMappingModel *self, const guint *indices, guint n)
{
  guint n_mappings = self->facts != NULL ? self->facts->space->n_mappings : 0;
  g_autofree guint *row_of_index = g_new (guint, n_mappings + 1);
  guint *old_of_new = g_new (guint, MAX (n, 1));

  for (guint i = 0; i < n_mappings; i++)
    row_of_index[i] = PSC_LIST_DIFF_NEW;
  for (guint i = 0; i < self->rows->len; i++)
    if (get_row (self, i)->index != NO_INDEX)
      row_of_index[get_row (self, i)->index] = i;
  for (guint i = 0; i < n; i++)
    old_of_new[i] = row_of_index[indices[i]];
  return old_of_new;
}

static void
apply_hunk (PscMappingModel *self, const PscListHunk *hunk, const Row *rows)
{
  if (hunk->n_removed > 0)
    g_array_remove_range (self->rows, hunk->old_at, hunk->n_removed);
  if (hunk->n_added > 0)
    g_array_insert_vals (self->rows, hunk->old_at, rows + hunk->new_at, hunk->n_added);
  g_list_model_items_changed (G_LIST_MODEL (self), hunk->old_at, hunk->n_removed, hunk->n_added);
}

/* Brings the rows to what they should be, from the last change to the first: so positions before
 * it hold, and whoever is told sees a list that is as it was told. */
static void
update_rows (PscMappingModel *self)
{
  guint n;
  g_autofree guint *indices = order_indices (self, &n);
  g_autofree guint *old_of_new = find_old_rows (self, indices, n);
  g_autoptr (GArray) hunks = psc_list_diff (old_of_new, n, self->rows->len, MAX_HUNKS);
  g_autofree Row *rows = NULL;

  if (hunks->len == 0)
    return;
  rows = g_new (Row, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    rows[i] = (Row){ self->facts->space->mappings[indices[i]].start, indices[i] };
  for (guint i = hunks->len; i-- > 0;)
    apply_hunk (self, &g_array_index (hunks, PscListHunk, i), rows);
}

/* The rows by the indices of another space. O(mappings). */
static void
translate_rows (PscMappingModel *self, const PscSpace *old)
{
  const PscSpace *space = self->facts->space;
  g_autofree guint *new_of_old = g_new (guint, old->n_mappings + 1);
  guint at = 0;

  for (guint i = 0; i < old->n_mappings; i++)
    {
      guint64 start = old->mappings[i].start;

      while (at < space->n_mappings && space->mappings[at].start < start)
        at++;
      new_of_old[i] = at < space->n_mappings && space->mappings[at].start == start ? at : NO_INDEX;
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = &g_array_index (self->rows, Row, i);

      row->index = new_of_old[row->index];
    }
}

static gboolean
same_process (const PscSpace *a, const PscSpace *b)
{
  return a->pid == b->pid && a->start_time == b->start_time && g_str_equal (a->host, b->host);
}

static void
clear_rows (PscMappingModel *self)
{
  guint n = self->rows->len;

  gtk_bitset_remove_all (self->selected);
  forget_items (self);
  g_array_set_size (self->rows, 0);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

void
psc_mapping_model_set_facts (PscMappingModel *self, PscMappingFacts *facts)
{
  g_autoptr (PscMappingFacts) old = self->facts;

  g_return_if_fail (PSC_IS_MAPPING_MODEL (self));

  if (old != NULL && (facts == NULL || !same_process (old->space, facts->space)))
    clear_rows (self);
  self->facts = facts != NULL ? psc_mapping_facts_ref (facts) : NULL;
  if (facts == NULL)
    return;
  if (old != NULL && self->rows->len > 0)
    translate_rows (self, old->space);
  if (old != NULL)
    follow_selection (self, old->space);
  update_items (self);
  update_rows (self);
}

PscMappingFacts *
psc_mapping_model_get_facts (PscMappingModel *self)
{
  return self->facts;
}

void
psc_mapping_model_take_filter (PscMappingModel *self, PscMappingFilter *filter)
{
  g_return_if_fail (PSC_IS_MAPPING_MODEL (self));

  psc_mapping_filter_free (self->filter);
  self->filter = filter;
  update_rows (self);
}

void
psc_mapping_model_set_sort (PscMappingModel *self, PscColumn column, gboolean descending)
{
  gboolean held = self->held;

  g_return_if_fail (PSC_IS_MAPPING_MODEL (self) && column < PSC_N_COLUMNS);

  self->column = column;
  self->descending = descending;
  /* The user asked: the pointer is on the heading. */
  self->held = FALSE;
  update_rows (self);
  self->held = held;
}

void
psc_mapping_model_set_held (PscMappingModel *self, gboolean held)
{
  g_return_if_fail (PSC_IS_MAPPING_MODEL (self));

  if (self->held == held)
    return;
  self->held = held;
  if (!held)
    update_rows (self);
}

/* --- asking -------------------------------------------------------------------------------- */

PscMappingSums
psc_mapping_model_sum (PscMappingModel *self, gboolean selected_only)
{
  PscMappingSums sums = { 0 };

  for (guint i = 0; i < self->rows->len; i++)
    {
      guint index = get_row (self, i)->index;
      guint64 resident;

      if (selected_only && !gtk_bitset_contains (self->selected, index))
        continue;
      sums.n++;
      sums.size += psc_mapping_model_get_mapping (self, i)->end -
                   psc_mapping_model_get_mapping (self, i)->start;
      if (psc_mapping_facts_get_number (self->facts, index, PSC_COLUMN_RESIDENT, &resident, NULL))
        sums.resident += resident;
      else
        sums.n_unknown++;
    }
  return sums;
}

guint *
psc_mapping_model_dup_indices (PscMappingModel *self, gboolean selected_only, guint *n)
{
  guint *indices = g_new (guint, MAX (self->rows->len, 1));

  *n = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      guint index = get_row (self, i)->index;

      if (!selected_only || gtk_bitset_contains (self->selected, index))
        indices[(*n)++] = index;
    }
  return indices;
}

const PscMapping *
psc_mapping_model_get_mapping (PscMappingModel *self, guint position)
{
  g_return_val_if_fail (position < self->rows->len, NULL);

  return &self->facts->space->mappings[get_row (self, position)->index];
}

guint
psc_mapping_model_find (PscMappingModel *self, guint64 start)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (get_row (self, i)->start == start)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
psc_mapping_model_finalize (GObject *object)
{
  PscMappingModel *self = PSC_MAPPING_MODEL (object);

  g_hash_table_unref (self->items);
  g_array_unref (self->rows);
  gtk_bitset_unref (self->selected);
  psc_mapping_filter_free (self->filter);
  psc_mapping_facts_unref (self->facts);
  G_OBJECT_CLASS (psc_mapping_model_parent_class)->finalize (object);
}

static void
psc_mapping_model_class_init (PscMappingModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_mapping_model_finalize;
}

static void
psc_mapping_model_init (PscMappingModel *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->items = new_registry ();
  self->selected = gtk_bitset_new_empty ();
}

PscMappingModel *
psc_mapping_model_new (void)
{
  return g_object_new (PSC_TYPE_MAPPING_MODEL, NULL);
}
