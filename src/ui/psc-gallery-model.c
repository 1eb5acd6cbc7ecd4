/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-gallery-model.h"

struct _PscGalleryModel
{
  GObject parent_instance;

  GListStore *store;  /* of PscGalleryItem, in no order */
  GHashTable *by_pid; /* pid to PscGalleryItem, borrowed from the store */
  GtkFilter *filter;
  GtkSorter *sorter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  char *folded; /* NULL: no search */
  PscGallerySort sort;
};

G_DEFINE_FINAL_TYPE (PscGalleryModel, psc_gallery_model, G_TYPE_OBJECT)

static gboolean
filter_cb (gpointer object, gpointer user_data)
{
  PscGalleryModel *self = user_data;

  return self->folded == NULL ||
         psc_process_item_matches (psc_gallery_item_get_row (object), self->folded);
}

static gint
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  PscGalleryModel *self = user_data;

  return psc_gallery_item_compare ((gpointer) a, (gpointer) b, self->sort);
}

static void
remove_gone (PscGalleryModel *self, GHashTable *alive)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->store)); i-- > 0;)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      gpointer pid = GINT_TO_POINTER (psc_gallery_item_get_pid (item));

      if (g_hash_table_lookup (alive, pid) == item)
        continue;
      if (g_hash_table_lookup (self->by_pid, pid) == item)
        g_hash_table_remove (self->by_pid, pid);
      g_list_store_remove (self->store, i);
    }
}

static void
add_new (PscGalleryModel *self, GPtrArray *added)
{
  for (guint i = 0; i < added->len; i++)
    {
      PscGalleryItem *item = g_ptr_array_index (added, i);

      g_hash_table_insert (self->by_pid, GINT_TO_POINTER (psc_gallery_item_get_pid (item)), item);
    }
  g_list_store_splice (self->store, g_list_model_get_n_items (G_LIST_MODEL (self->store)), 0,
                       added->pdata, added->len);
}

/* The item of a process: the one it had, or a new one that goes to `added`. */
static PscGalleryItem *
update_process (PscGalleryModel *self, const PscProcess *process, const char *user,
                gboolean readable, GPtrArray *added)
{
  PscGalleryItem *item = psc_gallery_model_find (self, process->pid);

  if (item != NULL &&
      psc_process_item_get_start_time (psc_gallery_item_get_row (item)) == process->start_time)
    {
      psc_gallery_item_update (item, process, user, readable);
      return item;
    }
  item = psc_gallery_item_new (process, user, readable);
  g_ptr_array_add (added, item);
  return item;
}

void
psc_gallery_model_set_table (PscGalleryModel *self, PscProcessTable *table)
{
  g_autoptr (GHashTable) alive = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (PSC_IS_GALLERY_MODEL (self));
  g_return_if_fail (table != NULL);

  for (guint i = 0; i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);
      gboolean readable = psc_process_table_may_read (table, process->uid);

      if (!process->kernel_thread)
        g_hash_table_insert (alive, GINT_TO_POINTER (process->pid),
                             update_process (self, process, table->users[i], readable, added));
    }
  remove_gone (self, alive);
  add_new (self, added);
}

void
psc_gallery_model_set_search (PscGalleryModel *self, const char *folded)
{
  g_return_if_fail (PSC_IS_GALLERY_MODEL (self));

  if (g_strcmp0 (self->folded, folded) == 0)
    return;
  g_free (self->folded);
  self->folded = g_strdup (folded);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static gboolean
is_sorted (PscGalleryModel *self)
{
  GListModel *list = G_LIST_MODEL (self->sorted);
  guint n = g_list_model_get_n_items (list);
  g_autoptr (PscGalleryItem) last = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (list, i);

      if (last != NULL && psc_gallery_item_compare (last, item, self->sort) > 0)
        return FALSE;
      g_set_object (&last, item);
    }
  return TRUE;
}

static void
for_each (PscGalleryModel *self, void (*func) (PscGalleryItem *item))
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      func (item);
    }
}

gboolean
psc_gallery_model_settle (PscGalleryModel *self)
{
  g_return_val_if_fail (PSC_IS_GALLERY_MODEL (self), FALSE);

  for_each (self, psc_gallery_item_settle);
  if (is_sorted (self))
    return FALSE;
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  return TRUE;
}

void
psc_gallery_model_set_sort (PscGalleryModel *self, PscGallerySort sort)
{
  g_return_if_fail (PSC_IS_GALLERY_MODEL (self));

  self->sort = sort;
  for_each (self, psc_gallery_item_settle);
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

void
psc_gallery_model_look_away (PscGalleryModel *self)
{
  g_return_if_fail (PSC_IS_GALLERY_MODEL (self));

  for_each (self, psc_gallery_item_look_away);
}

GListModel *
psc_gallery_model_get_list (PscGalleryModel *self)
{
  return G_LIST_MODEL (self->sorted);
}

PscGalleryItem *
psc_gallery_model_find (PscGalleryModel *self, gint pid)
{
  return g_hash_table_lookup (self->by_pid, GINT_TO_POINTER (pid));
}

guint
psc_gallery_model_get_position (PscGalleryModel *self, gint pid)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (G_LIST_MODEL (self->sorted), i);

      if (psc_gallery_item_get_pid (item) == pid)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

guint
psc_gallery_model_count (PscGalleryModel *self, guint *n_unreadable)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  *n_unreadable = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscGalleryItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      *n_unreadable += !psc_gallery_item_get_readable (item);
    }
  return n;
}

PscGalleryModel *
psc_gallery_model_new (void)
{
  return g_object_new (PSC_TYPE_GALLERY_MODEL, NULL);
}

static void
psc_gallery_model_finalize (GObject *object)
{
  PscGalleryModel *self = PSC_GALLERY_MODEL (object);

  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);
  g_clear_object (&self->store);
  g_clear_pointer (&self->by_pid, g_hash_table_unref);
  g_clear_pointer (&self->folded, g_free);
  G_OBJECT_CLASS (psc_gallery_model_parent_class)->finalize (object);
}

static void
psc_gallery_model_class_init (PscGalleryModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_gallery_model_finalize;
}

static void
psc_gallery_model_init (PscGalleryModel *self)
{
  self->by_pid = g_hash_table_new (NULL, NULL);
  self->store = g_list_store_new (PSC_TYPE_GALLERY_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, self, NULL));
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->store)),
                                              g_object_ref (self->filter));
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)),
                                          g_object_ref (self->sorter));
}
