/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of processes on made-up tables: sorting, searching, updates in place. */

#include "psc-process-list-view.h"
#include "psc-ui-test.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)

typedef struct
{
  gint pid;
  const char *name;
  guint64 resident;
  gboolean kernel_thread;
} Row;

static PscProcessTable *
make_table (const Row *rows, guint n_rows)
{
  PscProcessTable *table = g_new0 (PscProcessTable, 1);

  g_atomic_ref_count_init (&table->ref_count);
  table->processes = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_process_free);
  table->users = g_new0 (const char *, n_rows);
  for (guint i = 0; i < n_rows; i++)
    {
      PscProcess *process = g_new0 (PscProcess, 1);

      process->pid = rows[i].pid;
      process->start_time = 7;
      process->resident = rows[i].resident;
      process->kernel_thread = rows[i].kernel_thread;
      process->name = g_strdup (rows[i].name);
      process->program = g_strdup ("");
      process->command = g_strdup_printf ("/usr/bin/%s --flag", rows[i].name);
      g_ptr_array_add (table->processes, process);
      table->users[i] = "somebody";
    }
  return table;
}

static const Row rows[] = {
  { 1, "init", 4 * MIB, FALSE },     { 2, "kthreadd", 0, TRUE },
  { 30, "node", 80 * MIB, FALSE },   { 31, "Node helper", 20 * MIB, FALSE },
  { 400, "java", 900 * MIB, FALSE },
};

static PscProcessListView *
open_list (GtkWidget **window)
{
  GtkWidget *list;

  psc_ui_get_application ();
  list = psc_process_list_view_new ();
  *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (*window), list);
  gtk_window_set_default_size (GTK_WINDOW (*window), 320, 400);
  gtk_window_present (GTK_WINDOW (*window));
  return PSC_PROCESS_LIST_VIEW (list);
}

static void
show (PscProcessListView *list, const Row *shown, guint n)
{
  g_autoptr (PscProcessTable) table = make_table (shown, n);

  psc_process_list_view_set_table (list, table);
}

/* The PID in a row, through the model of the column view: "pid-text" of its item. */
static char *
dup_pid (PscProcessListView *list, guint row)
{
  GtkWidget *view = psc_ui_find (GTK_WIDGET (list), GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (model), row);
  char *pid = NULL;

  g_assert_nonnull (item);
  g_object_get (item, "pid-text", &pid, NULL);
  return pid;
}

static void
assert_order (PscProcessListView *list, const char *expected)
{
  g_autoptr (GString) order = g_string_new (NULL);

  for (guint i = 0; i < psc_process_list_view_get_n_rows (list); i++)
    {
      g_autofree char *pid = dup_pid (list, i);

      g_string_append_printf (order, "%s%s", i > 0 ? " " : "", pid);
    }
  g_assert_cmpstr (order->str, ==, expected);
}

static void
test_sort (void)
{
  static const struct
  {
    const char *column;
    gboolean descending;
    const char *order;
  } cases[] = {
    { "resident", TRUE, "400 30 31 1" }, { "resident", FALSE, "1 31 30 400" },
    { "name", FALSE, "1 400 30 31" },    { "name", TRUE, "31 30 400 1" },
    { "pid", FALSE, "1 30 31 400" },     { "pid", TRUE, "400 31 30 1" },
    { "user", FALSE, "1 30 31 400" },    { "user", TRUE, "400 31 30 1" },
  };
  GtkWidget *window;
  PscProcessListView *list = open_list (&window);
  gboolean descending;

  show (list, rows, G_N_ELEMENTS (rows));
  assert_order (list, "400 30 31 1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      psc_process_list_view_set_sort (list, cases[i].column, cases[i].descending);
      assert_order (list, cases[i].order);
      g_assert_cmpstr (psc_process_list_view_get_sort (list, &descending), ==, cases[i].column);
      g_assert_cmpint (descending, ==, cases[i].descending);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_kernel_threads (void)
{
  GtkWidget *window;
  PscProcessListView *list = open_list (&window);

  show (list, rows, G_N_ELEMENTS (rows));
  g_assert_cmpuint (psc_process_list_view_get_n_rows (list), ==, 4);
  g_object_set (list, "show-kernel-threads", TRUE, NULL);
  g_assert_cmpuint (psc_process_list_view_get_n_rows (list), ==, 5);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_search (void)
{
  static const struct
  {
    const char *text;
    guint n;
  } cases[] = {
    { "NODE", 2 },     { "node helper", 1 },     { "400", 1 }, { "somebody", 4 },
    { "bin/java", 1 }, { "nothing like it", 0 }, { "", 4 },
  };
  GtkWidget *window;
  PscProcessListView *list = open_list (&window);
  GtkWidget *entry = psc_ui_find (GTK_WIDGET (list), GTK_TYPE_SEARCH_ENTRY);

  show (list, rows, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (entry), cases[i].text);
      psc_ui_wait_until (psc_process_list_view_get_n_rows (list) == cases[i].n);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* New numbers change rows in place: the selection stays, the order follows. */
static void
test_update (void)
{
  const Row later[] = {
    { 1, "init", 4 * MIB, FALSE },
    { 30, "node", 2000 * MIB, FALSE },
    { 400, "java", 900 * MIB, FALSE },
    { 500, "new", 1 * MIB, FALSE },
  };
  GtkWidget *window;
  PscProcessListView *list = open_list (&window);
  GtkWidget *view = psc_ui_find (GTK_WIDGET (list), GTK_TYPE_COLUMN_VIEW);
  GtkSingleSelection *selection;
  guint n_opened = 0;

  g_signal_connect_swapped (list, "open", G_CALLBACK (count_cb), &n_opened);
  show (list, rows, G_N_ELEMENTS (rows));
  psc_process_list_view_select (list, 400);
  selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 0);
  show (list, later, G_N_ELEMENTS (later));
  assert_order (list, "30 400 1 500");
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 1);
  g_assert_cmpuint (n_opened, ==, 0);

  gtk_single_selection_set_selected (selection, 0);
  psc_ui_wait_until (n_opened == 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process-list/sort", test_sort);
  g_test_add_func ("/process-list/kernel-threads", test_kernel_threads);
  g_test_add_func ("/process-list/search", test_search);
  g_test_add_func ("/process-list/update", test_update);
  return g_test_run ();
}
