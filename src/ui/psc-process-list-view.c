/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-process-list-view.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "psc-process-item.h"

/* Long enough to run over rows with an arrow key without opening each of them. */
#define OPEN_DELAY_MS 150

enum
{
  COLUMN_NAME,
  COLUMN_PID,
  COLUMN_USER,
  COLUMN_RESIDENT,
  N_COLUMNS
};

static const struct
{
  const char *id;
  GCompareDataFunc compare;
} columns[N_COLUMNS] = {
  [COLUMN_NAME] = { "name", psc_process_item_compare_name },
  [COLUMN_PID] = { "pid", psc_process_item_compare_pid },
  [COLUMN_USER] = { "user", psc_process_item_compare_user },
  [COLUMN_RESIDENT] = { "resident", psc_process_item_compare_resident },
};

struct _PscProcessListView
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkScrolledWindow *scrolled_window;
  GtkColumnView *column_view;
  AdwStatusPage *error_page;
  GtkLabel *count_label;
  GtkColumnViewColumn *view_columns[N_COLUMNS];

  GListStore *store;  /* of PscProcessItem, in no order */
  GHashTable *by_pid; /* pid to PscProcessItem, borrowed from the store */
  GtkFilter *filter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GtkSingleSelection *selection;
  GtkSorter *sorters[N_COLUMNS];

  char *folded; /* search text; NULL: no search */
  gboolean show_kernel_threads;
  gboolean pointer_inside, order_stale, failed;
  gboolean quiet; /* selects by itself: nobody chose */
  gint selected_pid;
  guint open_timer;
};

G_DEFINE_FINAL_TYPE (PscProcessListView, psc_process_list_view, GTK_TYPE_WIDGET)

enum
{
  OPEN,
  ACTIVATE,
  SEARCH_CHANGED,
  SEARCH_STARTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum
{
  PROP_SHOW_KERNEL_THREADS = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static gboolean
filter_cb (gpointer object, gpointer user_data)
{
  PscProcessListView *self = user_data;
  PscProcessItem *item = object;

  if (!self->show_kernel_threads && psc_process_item_get_kernel_thread (item))
    return FALSE;
  return self->folded == NULL || psc_process_item_matches (item, self->folded);
}

static void
update_page (PscProcessListView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  guint n_all = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  g_autofree char *text = NULL;
  const char *page = "list";

  if (self->failed)
    page = "error";
  else if (n == 0 && n_all > 0)
    page = "none";
  gtk_stack_set_visible_child_name (self->stack, page);

  if (self->folded != NULL)
    text = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u process found", "%u processes found", n), n);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u process", "%u processes", n), n);
  gtk_label_set_label (self->count_label, self->failed ? "" : text);
}

static guint
find_row (PscProcessListView *self, gint pid)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (psc_process_item_get_pid (item) == pid)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* The row of the process that is shown is the selected one, whenever there is such a row. */
static void
sync_selection (PscProcessListView *self)
{
  guint row = GTK_INVALID_LIST_POSITION;

  if (self->selected_pid != 0)
    row = find_row (self, self->selected_pid);
  if (row == gtk_single_selection_get_selected (self->selection))
    return;
  self->quiet = TRUE;
  gtk_single_selection_set_selected (self->selection, row);
  self->quiet = FALSE;
}

/* GtkListView follows the rows that were in view when the order changes; for a list of numbers it
 * is the place that should stay: the largest remain on top. */
static void
resort (PscProcessListView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  double value = gtk_adjustment_get_value (adjustment);

  self->order_stale = FALSE;
  self->quiet = TRUE;
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_sorter_changed (self->sorters[i], GTK_SORTER_CHANGE_DIFFERENT);
  self->quiet = FALSE;
  gtk_adjustment_set_value (adjustment, value);
}

static void
refilter (PscProcessListView *self)
{
  self->quiet = TRUE;
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  self->quiet = FALSE;
  update_page (self);
  sync_selection (self);
}

/* Rows that are in the order that sorting would give need no sorting. */
static gboolean
is_sorted (PscProcessListView *self)
{
  GListModel *model = G_LIST_MODEL (self->sorted);
  GtkSorter *sorter = gtk_column_view_get_sorter (self->column_view);
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GObject) last = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      if (last != NULL && gtk_sorter_compare (sorter, last, item) == GTK_ORDERING_LARGER)
        return FALSE;
      g_set_object (&last, item);
    }
  return TRUE;
}

static void
settle_items (PscProcessListView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      psc_process_item_settle (item);
    }
}

static void
resort_if_needed (PscProcessListView *self)
{
  if (!self->order_stale || self->pointer_inside)
    return;
  settle_items (self);
  if (is_sorted (self))
    self->order_stale = FALSE;
  else
    resort (self);
}

static void
remove_gone (PscProcessListView *self, GHashTable *alive)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->store)); i-- > 0;)
    {
      g_autoptr (PscProcessItem) item = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      gpointer pid = GINT_TO_POINTER (psc_process_item_get_pid (item));

      if (g_hash_table_lookup (alive, pid) == item)
        continue;
      if (g_hash_table_lookup (self->by_pid, pid) == item)
        g_hash_table_remove (self->by_pid, pid);
      g_list_store_remove (self->store, i);
    }
}

/* The item of a process: the one it had, or a new one that goes to `added`. */
static PscProcessItem *
update_process (PscProcessListView *self, const PscProcess *process, const char *user,
                gboolean readable, GPtrArray *added)
{
  PscProcessItem *item = g_hash_table_lookup (self->by_pid, GINT_TO_POINTER (process->pid));

  if (item != NULL && psc_process_item_get_start_time (item) == process->start_time)
    {
      if (psc_process_item_update (item, process, user, readable))
        self->order_stale = TRUE;
      return item;
    }
  item = psc_process_item_new (process, user, readable);
  g_ptr_array_add (added, item);
  return item;
}

void
psc_process_list_view_set_table (PscProcessListView *self, PscProcessTable *table)
{
  g_autoptr (GHashTable) alive = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));
  g_return_if_fail (table != NULL);

  for (guint i = 0; i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);
      gboolean readable = psc_process_table_may_read (table, process->uid);

      g_hash_table_insert (alive, GINT_TO_POINTER (process->pid),
                           update_process (self, process, table->users[i], readable, added));
    }
  self->quiet = TRUE;
  remove_gone (self, alive);
  for (guint i = 0; i < added->len; i++)
    {
      PscProcessItem *item = g_ptr_array_index (added, i);

      g_hash_table_insert (self->by_pid, GINT_TO_POINTER (psc_process_item_get_pid (item)), item);
    }
  g_list_store_splice (self->store, g_list_model_get_n_items (G_LIST_MODEL (self->store)), 0,
                       added->pdata, added->len);
  self->quiet = FALSE;
  resort_if_needed (self);
  update_page (self);
  sync_selection (self);
}

void
psc_process_list_view_set_error (PscProcessListView *self, const GError *error)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  self->failed = error != NULL;
  if (error != NULL)
    {
      escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->error_page, escaped);
    }
  update_page (self);
}

void
psc_process_list_view_select (PscProcessListView *self, gint pid)
{
  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  self->selected_pid = pid;
  sync_selection (self);
}

void
psc_process_list_view_search (PscProcessListView *self)
{
  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
}

const char *
psc_process_list_view_get_search (PscProcessListView *self)
{
  return self->folded;
}

void
psc_process_list_view_clear_search (PscProcessListView *self)
{
  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

void
psc_process_list_view_set_key_capture (PscProcessListView *self, GtkWidget *widget)
{
  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  gtk_search_entry_set_key_capture_widget (self->search_entry, widget);
}

guint
psc_process_list_view_get_n_rows (PscProcessListView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
}

/* An item that comes before (or after) its counterpart by one column, after (before) it by all
 * others. */
static PscProcessItem *
make_sample (guint column, gboolean first)
{
  gboolean names = (column == COLUMN_NAME) == first;
  gboolean pids = (column == COLUMN_PID) == first;
  gboolean users = (column == COLUMN_USER) == first;
  gboolean sizes = (column == COLUMN_RESIDENT) == first;
  const PscProcess process = {
    .name = (char *) (names ? "a" : "b"),
    .program = (char *) "",
    .command = (char *) "",
    .pid = pids ? 1 : 2,
    .resident = sizes ? 1 : 2,
  };

  return psc_process_item_new (&process, users ? "a" : "b", TRUE);
}

static GtkOrdering
ask_sorter (GtkSorter *sorter, guint column)
{
  g_autoptr (PscProcessItem) first = make_sample (column, TRUE);
  g_autoptr (PscProcessItem) second = make_sample (column, FALSE);

  return gtk_sorter_compare (sorter, first, second);
}

/* GTK tells only from 4.10 on by which column a view is sorted. Before, its sorter can be asked how
 * it orders two items on which one column disagrees with all others: the column by which it sorts
 * is the one whose answer differs from the rest. */
const char *
psc_process_list_view_get_sort (PscProcessListView *self, gboolean *descending)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->column_view);
  GtkOrdering answers[N_COLUMNS];
  guint n_smaller = 0;

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      answers[i] = ask_sorter (sorter, i);
      n_smaller += answers[i] == GTK_ORDERING_SMALLER;
    }
  *descending = n_smaller != 1;
  for (guint i = 0; i < N_COLUMNS; i++)
    if (answers[i] == (*descending ? GTK_ORDERING_LARGER : GTK_ORDERING_SMALLER))
      return columns[i].id;
  return columns[COLUMN_RESIDENT].id;
}

void
psc_process_list_view_set_sort (PscProcessListView *self, const char *column, gboolean descending)
{
  guint chosen = COLUMN_RESIDENT;

  g_return_if_fail (PSC_IS_PROCESS_LIST_VIEW (self));

  for (guint i = 0; i < N_COLUMNS; i++)
    if (g_strcmp0 (columns[i].id, column) == 0)
      chosen = i;
  gtk_column_view_sort_by_column (self->column_view, NULL, GTK_SORT_ASCENDING);
  gtk_column_view_sort_by_column (self->column_view, self->view_columns[chosen],
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
open_selected (PscProcessListView *self)
{
  PscProcessItem *item = gtk_single_selection_get_selected_item (self->selection);

  g_clear_handle_id (&self->open_timer, g_source_remove);
  if (item == NULL || psc_process_item_get_pid (item) == self->selected_pid)
    return;
  self->selected_pid = psc_process_item_get_pid (item);
  g_signal_emit (self, signals[OPEN], 0, self->selected_pid);
}

static gboolean
open_timer_cb (gpointer user_data)
{
  PscProcessListView *self = user_data;

  self->open_timer = 0;
  open_selected (self);
  return G_SOURCE_REMOVE;
}

static void
selected_cb (PscProcessListView *self)
{
  if (self->quiet)
    return;
  g_clear_handle_id (&self->open_timer, g_source_remove);
  self->open_timer = g_timeout_add (OPEN_DELAY_MS, open_timer_cb, self);
}

static void
activate_cb (PscProcessListView *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  open_selected (self);
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static void
search_changed_cb (PscProcessListView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->folded, g_free);
  if (*text != '\0')
    self->folded = g_utf8_casefold (text, -1);
  refilter (self);
  g_signal_emit (self, signals[SEARCH_CHANGED], 0);
}

static void
search_started_cb (PscProcessListView *self)
{
  g_signal_emit (self, signals[SEARCH_STARTED], 0);
}

static void
search_activate_cb (PscProcessListView *self)
{
  if (psc_process_list_view_get_n_rows (self) > 0)
    activate_cb (self, 0);
}

static void
stop_search_cb (PscProcessListView *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
enter_cb (PscProcessListView *self)
{
  self->pointer_inside = TRUE;
}

static void
leave_cb (PscProcessListView *self)
{
  self->pointer_inside = FALSE;
  resort_if_needed (self);
}

static void
psc_process_list_view_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  PscProcessListView *self = PSC_PROCESS_LIST_VIEW (object);

  if (prop_id == PROP_SHOW_KERNEL_THREADS)
    g_value_set_boolean (value, self->show_kernel_threads);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
psc_process_list_view_set_property (GObject *object, guint prop_id, const GValue *value,
                                    GParamSpec *pspec)
{
  PscProcessListView *self = PSC_PROCESS_LIST_VIEW (object);

  if (prop_id != PROP_SHOW_KERNEL_THREADS)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }
  if (self->show_kernel_threads == g_value_get_boolean (value))
    return;
  self->show_kernel_threads = !self->show_kernel_threads;
  refilter (self);
  g_object_notify_by_pspec (object, pspec);
}

static void
psc_process_list_view_dispose (GObject *object)
{
  PscProcessListView *self = PSC_PROCESS_LIST_VIEW (object);

  /* Models lose their rows while they are taken apart: nobody chooses then. */
  self->quiet = TRUE;
  g_clear_handle_id (&self->open_timer, g_source_remove);
  g_clear_pointer (&self->by_pid, g_hash_table_unref);
  g_clear_pointer (&self->folded, g_free);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->store);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->sorters[i]);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_PROCESS_LIST_VIEW);
  G_OBJECT_CLASS (psc_process_list_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-process-list-view.ui");
  gtk_widget_class_bind_template_child (klass, PscProcessListView, box);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, search_entry);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, stack);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, scrolled_window);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, column_view);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, error_page);
  gtk_widget_class_bind_template_child (klass, PscProcessListView, count_label);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autofree char *name = g_strconcat (columns[i].id, "_column", NULL);
      gssize offset = G_STRUCT_OFFSET (PscProcessListView, view_columns) +
                      (gssize) (i * sizeof (GtkColumnViewColumn *));

      gtk_widget_class_bind_template_child_full (klass, name, FALSE, offset);
    }
  gtk_widget_class_bind_template_callback (klass, search_changed_cb);
  gtk_widget_class_bind_template_callback (klass, search_started_cb);
  gtk_widget_class_bind_template_callback (klass, search_activate_cb);
  gtk_widget_class_bind_template_callback (klass, stop_search_cb);
  gtk_widget_class_bind_template_callback (klass, activate_cb);
}

static void
psc_process_list_view_class_init (PscProcessListViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = psc_process_list_view_get_property;
  object_class->set_property = psc_process_list_view_set_property;
  object_class->dispose = psc_process_list_view_dispose;
  props[PROP_SHOW_KERNEL_THREADS] =
      g_param_spec_boolean ("show-kernel-threads", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[OPEN] = g_signal_new ("open", PSC_TYPE_PROCESS_LIST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ACTIVATE] = g_signal_new ("activate", PSC_TYPE_PROCESS_LIST_VIEW, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SEARCH_CHANGED] = g_signal_new ("search-changed", PSC_TYPE_PROCESS_LIST_VIEW,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SEARCH_STARTED] = g_signal_new ("search-started", PSC_TYPE_PROCESS_LIST_VIEW,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PSC_TYPE_PROCESS_ITEM);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
create_model (PscProcessListView *self)
{
  self->store = g_list_store_new (PSC_TYPE_PROCESS_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (filter_cb, self, NULL));
  self->filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->store)),
                                              g_object_ref (self->filter));
  self->sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)),
                               g_object_ref (gtk_column_view_get_sorter (self->column_view)));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->sorted)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
}

static void
psc_process_list_view_init (PscProcessListView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->by_pid = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      self->sorters[i] = GTK_SORTER (gtk_custom_sorter_new (columns[i].compare, NULL, NULL));
      gtk_column_view_column_set_sorter (self->view_columns[i], self->sorters[i]);
    }
  create_model (self);
  psc_process_list_view_set_sort (self, "resident", TRUE);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled_window), motion);
}

GtkWidget *
psc_process_list_view_new (void)
{
  return g_object_new (PSC_TYPE_PROCESS_LIST_VIEW, NULL);
}
