/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comparing in the window, to the byte: moments of a process that grows, a marked one while
 * travelling, two processes, two recordings; in the legend, the table, the inspector and files. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "psc-compare-dialog.h"
#include "psc-map-view-private.h"
#include "psc-mapping-cell.h"
#include "psc-mapping-table-private.h"
#include "psc-test-child.h"
#include "psc-ui-test.h"
#include "psc-went-dialog.h"
#include "psc-window-private.h"

#define PAGES(n) ((guint64) (n) *PSC_CHILD_PAGE)

static void
activate (PscWindow *window, const char *name, GVariant *parameter)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, parameter);
}

static gboolean
is_enabled (PscWindow *window, const char *name)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), name);
}

/* A window remembers what the one before had. */
static PscWindow *
open_plain (const char *target)
{
  PscWindow *window = psc_ui_open (NULL, target);

  activate (window, "lens", g_variant_new_string ("residency"));
  activate (window, "change-since", g_variant_new_string ("mark"));
  g_action_group_change_action_state (G_ACTION_GROUP (window), "show-table",
                                      g_variant_new_boolean (TRUE));
  return window;
}

static PscWindow *
open_child (const PscTestChild *child)
{
  g_autofree char *target = g_strdup_printf ("%d", child->pid);

  return open_plain (target);
}

static void
compare_with_pid (PscWindow *window, gint pid)
{
  g_autofree char *word = g_strdup_printf ("%d", pid);

  activate (window, "compare-with", g_variant_new_string (word));
}

static PscTimelineArea *
get_area (PscWindow *window)
{
  return psc_timeline_view_get_area (window->timeline);
}

static const PscMoment *
get_last (PscWindow *window)
{
  const PscTimeline *timeline = psc_timeline_area_get_chart (get_area (window)).timeline;
  guint n = psc_timeline_get_n_moments (timeline);

  return n > 0 ? psc_timeline_get_moment (timeline, n - 1) : NULL;
}

/* Until the process was looked at once more, twice to be sure. */
static void
wait_for_look (PscWindow *window)
{
  for (guint i = 0; i < 2; i++)
    {
      gint64 usec = get_last (window) != NULL ? get_last (window)->time_usec : 0;

      psc_ui_wait_until (get_last (window) != NULL && get_last (window)->time_usec > usec);
    }
}

/* --- what is shown ------------------------------------------------------------------------- */

/* Of the area of the child: TRUE and the number of a column when the table has it. */
static gboolean
get_number (PscWindow *window, const guint8 *area, PscColumn column, gint64 *number)
{
  PscMappingFacts *facts =
      psc_mapping_model_get_facts (psc_mapping_table_get_model (window->table));
  const PscMapping *mapping =
      facts != NULL ? psc_space_lookup (facts->space, (guint64) (gsize) area) : NULL;
  guint64 found;

  if (mapping == NULL ||
      !psc_mapping_facts_get_number (facts, psc_space_mapping_index (facts->space, mapping), column,
                                     &found, NULL))
    return FALSE;
  *number = (gint64) found;
  return TRUE;
}

static gboolean
has_number (PscWindow *window, const guint8 *area, PscColumn column, gint64 expected)
{
  gint64 number;

  return get_number (window, area, column, &number) && number == expected;
}

/* Does a cell of the row say it on screen? */
static gboolean
has_cell (GtkWidget *row, const char *text)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *child = gtk_widget_get_first_child (cell);

      if (PSC_IS_MAPPING_CELL (child) && gtk_widget_get_mapped (child) &&
          g_strcmp0 (psc_mapping_cell_get_text (PSC_MAPPING_CELL (child)), text) == 0)
        return TRUE;
    }
  return FALSE;
}

static guint64
get_legend (PscWindow *window, PscChange change)
{
  return psc_map_view_get_map (window->map).bytes[change];
}

static gboolean
is_column_shown (PscWindow *window, const char *title)
{
  GtkColumnView *view =
      GTK_COLUMN_VIEW (psc_ui_find (GTK_WIDGET (window->table), GTK_TYPE_COLUMN_VIEW));
  GListModel *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_strcmp0 (gtk_column_view_column_get_title (column), title) == 0)
        return gtk_column_view_column_get_visible (column);
    }
  g_error ("no column %s", title);
}

static const char *
get_label (PscWindow *window)
{
  return gtk_menu_button_get_label (window->since_button);
}

static const char *
get_subtitle (PscWindow *window)
{
  return adw_window_title_get_subtitle (window->window_title);
}

/* --- moments ------------------------------------------------------------------------------- */

static void
test_grow (void)
{
  PscTestChild child;
  PscWindow *window;
  GtkWidget *row;

  psc_test_child_start (&child, 16);
  window = open_child (&child);
  wait_for_look (window);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->since_button)));
  g_assert_false (is_column_shown (window, "Growth"));
  psc_ui_press_key (GTK_WIDGET (window->map), GDK_KEY_m, 0);
  g_assert_cmpuint (psc_map_view_get_lens (window->map), ==, PSC_LENS_CHANGE);
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, 0));
  g_assert_true (is_column_shown (window, "Growth"));
  g_assert_true (g_str_has_prefix (get_label (window), "Since "));

  psc_test_child_touch (&child, 16, 100);
  psc_test_child_give_back (&child, 0, 6);
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (94)));
  g_assert_true (has_number (window, child.area, PSC_COLUMN_APPEARED, PAGES (100)));
  g_assert_true (has_number (window, child.area, PSC_COLUMN_GONE, PAGES (6)));
  g_assert_true (has_number (window, child.area, PSC_COLUMN_SIZE_GROWTH, 0));
  g_assert_true (has_number (window, child.area, PSC_COLUMN_SPLIT, 0));
  g_assert_cmpuint (get_legend (window, PSC_CHANGE_APPEARED), ==, PAGES (100));
  g_assert_cmpuint (get_legend (window, PSC_CHANGE_GONE), ==, PAGES (6));
  psc_ui_wait_until (strstr (get_subtitle (window), "+376 KiB since ") != NULL);

  /* The process, then the mapping, in the inspector. */
  psc_map_view_select (window->map, PSC_MAP_NOWHERE);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window->inspector), "+376 KiB, was ") != NULL);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window->inspector), "Grown and shrunk"));
  psc_map_view_select (window->map, (guint64) (gsize) child.area);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window->inspector), "+376 KiB, was 64 KiB") !=
                     NULL);
  g_assert_cmpstr (psc_ui_find_fact (GTK_WIDGET (window->inspector), "Matched by"), ==,
                   "the same addresses");

  /* The most grown first. */
  psc_mapping_table_set_sort (window->table, "growth", TRUE);
  g_assert_cmphex (
      psc_mapping_model_get_mapping (psc_mapping_table_get_model (window->table), 0)->start, ==,
      (guint64) (gsize) child.area);
  psc_ui_wait_until (
      (row = psc_mapping_table_find_row (window->table, (guint64) (gsize) child.area)) != NULL);
  psc_ui_wait_until (has_cell (row, "+376 KiB"));

  activate (window, "lens", g_variant_new_string ("residency"));
  g_assert_false (is_column_shown (window, "Growth"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->since_button)));
  g_assert_null (psc_ui_find_text (GTK_WIDGET (window->inspector), "since "));
  g_assert_null (strstr (get_subtitle (window), "since "));
  psc_mapping_table_set_sort (window->table, "address", FALSE);
  psc_ui_close (window);
  psc_test_child_end (&child);
}

/* Marked in the past, told of now; then what is shown is before the mark. */
static void
test_mark_in_past (void)
{
  PscTestChild child;
  PscWindow *window;
  gint64 then, before;

  psc_test_child_start (&child, 8);
  window = open_child (&child);
  wait_for_look (window);
  before = get_last (window)->time_usec;
  psc_test_child_touch (&child, 8, 10);
  wait_for_look (window);
  then = get_last (window)->time_usec;
  psc_test_child_touch (&child, 18, 30);
  wait_for_look (window);

  psc_window_travel (window, then);
  psc_ui_wait_until (psc_window_is_past (window));
  activate (window, "mark", NULL);
  psc_ui_wait_until (psc_timeline_area_get_chart (get_area (window)).flag_usec == then);
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, 0));
  activate (window, "live", NULL);
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (30)));
  psc_ui_wait_until (get_legend (window, PSC_CHANGE_APPEARED) == PAGES (30));

  psc_window_travel (window, before);
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, -(gint64) PAGES (10)));
  psc_ui_wait_until (strstr (get_subtitle (window), "which is later") != NULL);

  /* Since the first look, which is before all of it; and marked from the timeline. */
  activate (window, "live", NULL);
  activate (window, "change-since", g_variant_new_string ("first"));
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (40)));
  activate (window, "mark-at", g_variant_new_int64 (then));
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (30)));
  psc_ui_close (window);
  psc_test_child_end (&child);
}

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START  (G_GINT64_CONSTANT (1700000000) * SECOND)

/* At each moment of this past as many pages are there as seconds have passed. */
static PscSpace *
load_second (gpointer data, gint64 time_usec, GError **error)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 n = (guint64) ((time_usec - START) / SECOND);
  PscMapping mapping = { .start = 0x10000,
                         .end = 0x10000 + 4096 * 1000,
                         .flags = PSC_MAPPING_PAGES_KNOWN,
                         .page_shift = 12,
                         .name = "" };

  space->pid = 7;
  space->time_usec = time_usec;
  space->source = PSC_SOURCE_SCAN;
  space->name = psc_space_builder_intern (builder, "test", -1);
  space->host = psc_space_builder_intern (builder, "host", -1);
  space->kernel = psc_space_builder_intern (builder, "6.1", -1);
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  if (n > 0)
    g_assert_true (
        psc_space_builder_add_run (builder, 0x10000, 0x10000 + 4096 * n, PSC_PAGE_PRESENT));
  return psc_space_builder_freeze (builder);
}

/* So long before what is shown, wherever that is. */
static void
test_ago (void)
{
  static const struct
  {
    const char *since;
    guint shown, grown; /* seconds */
  } cases[] = {
    { "10", 100, 10 }, { "10", 50, 10 }, { "60", 90, 60 },      { "60", 200, 60 },
    { "10", 5, 5 },    { "60", 20, 20 }, { "first", 120, 120 },
  };
  PscTestChild child;
  PscWindow *window;
  PscTimeline *timeline = psc_timeline_new ();
  PscTimeSource source = { .load = load_second };
  const guint8 *area = GSIZE_TO_POINTER (0x10000);

  psc_test_child_start (&child, 1);
  window = open_child (&child);
  for (guint second = 0; second <= 200; second++)
    {
      g_autoptr (PscSpace) space = load_second (NULL, START + second * SECOND, NULL);
      g_autoptr (PscMoment) moment = psc_moment_new (NULL, space);

      g_assert_true (psc_timeline_add (timeline, moment));
    }
  psc_window_time_set_source (window, timeline, &source);
  activate (window, "lens", g_variant_new_string ("change"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 shown = START + cases[i].shown * SECOND;
      guint64 appeared = 4096 * (guint64) cases[i].grown;

      activate (window, "change-since", g_variant_new_string (cases[i].since));
      psc_window_travel (window, shown);
      /* The flag moves with the difference. */
      psc_ui_wait_until (psc_timeline_area_get_chart (get_area (window)).flag_usec ==
                         shown - cases[i].grown * SECOND);
      psc_ui_wait_until (psc_map_view_get_space (window->map)->time_usec == shown);
      psc_ui_wait_until (get_legend (window, PSC_CHANGE_APPEARED) == appeared);
      psc_ui_wait_until (has_number (window, area, PSC_COLUMN_GROWTH, (gint64) appeared));
    }
  psc_ui_close (window);
  psc_test_child_end (&child);
}

/* --- processes ----------------------------------------------------------------------------- */

static void
test_processes (void)
{
  PscTestChild one, other;
  PscWindow *window;
  g_autofree char *against = NULL;

  psc_test_child_start (&one, 20);
  psc_test_child_start (&other, 4);
  window = open_child (&one);
  compare_with_pid (window, other.pid);
  against = g_strdup_printf ("(%d)", other.pid);
  g_assert_cmpuint (psc_map_view_get_lens (window->map), ==, PSC_LENS_CHANGE);
  psc_ui_wait_until (psc_window_compare_get_diff (window) != NULL);
  g_assert_cmpint (psc_window_compare_get_diff (window)->a->pid, ==, other.pid);
  g_assert_true (g_str_has_prefix (get_label (window), "Against "));
  g_assert_nonnull (strstr (get_label (window), against));
  psc_ui_wait_until (strstr (get_subtitle (window), " against ") != NULL);
  g_assert_nonnull (psc_ui_find_text (GTK_WIDGET (window->status_strip), "Compared with "));
  /* The test has the area of `one` too, untouched; `other` is its child after that and has both. */
  psc_ui_wait_until (has_number (window, one.area, PSC_COLUMN_GROWTH, PAGES (20)));

  /* The other is what it was until it is read again. */
  psc_test_child_touch (&one, 20, 5);
  psc_test_child_unmap (&other);
  psc_ui_wait_until (has_number (window, one.area, PSC_COLUMN_GROWTH, PAGES (25)));
  activate (window, "refresh", NULL);
  psc_ui_wait_until (psc_space_lookup (psc_window_compare_get_diff (window)->a,
                                       (guint64) (gsize) other.area) == NULL);
  g_assert_true (has_number (window, one.area, PSC_COLUMN_GROWTH, PAGES (25)));

  /* One that has ended stays as it was. */
  psc_test_child_end (&other);
  activate (window, "refresh", NULL);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "Can’t compare: ") != NULL);
  g_assert_cmpint (psc_window_compare_get_diff (window)->a->pid, ==, other.pid);

  /* Escape: everything, then no more comparing, and the lens of before. */
  psc_map_view_select (window->map, PSC_MAP_NOWHERE);
  psc_map_view_fit (window->map);
  psc_ui_wait_for_rest (window->map);
  g_assert_true (is_enabled (window, "stop-comparing"));
  psc_ui_press_key (GTK_WIDGET (window->map), GDK_KEY_Escape, 0);
  g_assert_false (is_enabled (window, "stop-comparing"));
  g_assert_cmpuint (psc_map_view_get_lens (window->map), ==, PSC_LENS_RESIDENCY);
  g_assert_null (psc_window_compare_get_diff (window));
  g_assert_false (is_column_shown (window, "Growth"));
  psc_ui_close (window);
  psc_test_child_end (&one);
}

static gboolean
has_inscription (GtkWidget *root, const char *text)
{
  if (GTK_IS_INSCRIPTION (root) &&
      g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (root)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_inscription (child, text))
      return TRUE;
  return FALSE;
}

/* What the other has and this one has no more: in the table's strip, and in a list. */
static void
test_went (void)
{
  PscTestChild one, other;
  PscWindow *window;
  GtkWidget *dialog;
  const PscDiff *diff;
  gboolean found = FALSE;

  psc_test_child_start (&one, 20);
  psc_test_child_start (&other, 4);
  psc_test_child_unmap (&one);
  window = open_child (&one);
  compare_with_pid (window, other.pid);
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window->table), " went: ") != NULL);
  diff = psc_window_compare_get_diff (window);
  for (guint i = 0; i < diff->n_went; i++)
    found = found || diff->pairs[diff->went[i]].a_start == (guint64) (gsize) one.area;
  g_assert_true (found);

  activate (window, "show-went", NULL);
  dialog = psc_ui_find_toplevel (PSC_TYPE_WENT_DIALOG);
  g_assert_nonnull (dialog);
  psc_ui_wait_until (has_inscription (dialog, "2 MiB"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  psc_ui_close (window);
  psc_test_child_end (&one);
  psc_test_child_end (&other);
}

static void
test_dialog (void)
{
  PscTestChild one, other;
  PscWindow *window;
  GtkWidget *dialog;
  GtkWidget *list, *button;

  psc_test_child_start (&one, 20);
  psc_test_child_start (&other, 4);
  window = open_child (&one);
  psc_ui_wait_until (psc_session_get_table (window->session) != NULL);
  dialog = psc_compare_dialog_new (GTK_WINDOW (window), window->session);
  gtk_window_present (GTK_WINDOW (dialog));
  list = psc_ui_find (dialog, PSC_TYPE_PROCESS_LIST_VIEW);
  psc_ui_wait_until (psc_process_list_view_get_n_rows (PSC_PROCESS_LIST_VIEW (list)) > 0);
  psc_ui_wait_until ((button = psc_ui_find_button (dialog, "Compare")) != NULL);
  g_assert_false (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (list, "open", other.pid);
  g_assert_true (gtk_widget_get_sensitive (button));
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* The window's own. */
  activate (window, "compare-process", NULL);
  dialog = psc_ui_find_toplevel (PSC_TYPE_COMPARE_DIALOG);
  g_assert_nonnull (dialog);
  psc_ui_wait_until ((button = psc_ui_find_button (dialog, "Compare")) != NULL);
  g_signal_emit_by_name (psc_ui_find (dialog, PSC_TYPE_PROCESS_LIST_VIEW), "open", other.pid);
  g_signal_emit_by_name (button, "clicked");
  psc_ui_wait_until (psc_window_compare_get_diff (window) != NULL);
  g_assert_cmpint (psc_window_compare_get_diff (window)->a->pid, ==, other.pid);

  /* Another process has nothing to do with it. */
  psc_window_open_process (window, other.pid);
  g_assert_false (is_enabled (window, "stop-comparing"));
  psc_ui_close (window);
  psc_test_child_end (&one);
  psc_test_child_end (&other);
}

/* --- recordings ---------------------------------------------------------------------------- */

static char *
record (const PscTestChild *child, const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *pid = g_strdup_printf ("%d", child->pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, g_getenv ("PSC_TEST_CLI"),
                        "record", pid, "-o", path, "--interval", "0.1s", "--for", "0.5s", NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (program, NULL, &error));
  g_assert_no_error (error);
  return path;
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_recordings (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pagescape-compare-XXXXXX", NULL);
  g_autofree char *before = NULL, *after = NULL, *word = NULL;
  PscTestChild child;
  PscWindow *window;

  psc_test_child_start (&child, 50);
  before = record (&child, folder, "before.pagescape");
  psc_test_child_touch (&child, 50, 70);
  after = record (&child, folder, "after.pagescape");

  window = open_plain (after);
  activate (window, "compare-with", g_variant_new_string (before));
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (70)));
  psc_ui_wait_until (get_legend (window, PSC_CHANGE_APPEARED) == PAGES (70));
  g_assert_cmpstr (get_label (window), ==, "Against before.pagescape");
  psc_ui_wait_until (strstr (get_subtitle (window), "+280 KiB against before.pagescape, ") != NULL);

  /* A time that it has not: said, and what was compared before is no more. */
  word = g_strdup_printf ("%s@1h", before);
  activate (window, "compare-with", g_variant_new_string (word));
  psc_ui_wait_until (psc_ui_find_text (GTK_WIDGET (window), "Can’t compare: ") != NULL);
  g_assert_false (is_enabled (window, "stop-comparing"));
  g_assert_cmpuint (psc_map_view_get_lens (window->map), ==, PSC_LENS_RESIDENCY);
  psc_ui_close (window);

  /* The live process against what it was; asked for before it is there. */
  g_free (word);
  word = g_strdup_printf ("%s@start", before);
  window = PSC_WINDOW (psc_window_new (psc_ui_get_application (), NULL, NULL, after));
  psc_window_compare_with (window, word);
  gtk_window_present (GTK_WINDOW (window));
  psc_ui_wait_until (has_number (window, child.area, PSC_COLUMN_GROWTH, PAGES (70)));
  psc_ui_close (window);
  remove_all (folder);
  psc_test_child_end (&child);
}

/* --- files --------------------------------------------------------------------------------- */

static char *
export_image (PscWindow *window, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "map.svg", NULL);
  char *text = NULL;

  activate (window, "export-to", g_variant_new_string (path));
  psc_ui_wait_until (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = psc_mapping_table_export_finish (result, &error);
  g_assert_no_error (error);
}

static char *
export_table (PscWindow *window, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *written = NULL;
  char *text = NULL;

  psc_mapping_table_export_async (window->table, path, exported_cb, &written);
  psc_ui_wait_until (written != NULL);
  g_assert_true (g_file_get_contents (written, &text, NULL, NULL));
  return text;
}

static void
test_export (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pagescape-compare-XXXXXX", NULL);
  g_autofree char *plain = NULL, *compared = NULL, *csv = NULL, *json = NULL, *line = NULL;
  PscTestChild one, other;
  PscWindow *window;

  psc_test_child_start (&one, 20);
  psc_test_child_start (&other, 4);
  window = open_child (&one);
  plain = export_image (window, folder);
  g_assert_null (strstr (plain, "against "));
  remove_all (folder);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  compare_with_pid (window, other.pid);
  psc_ui_wait_until (has_number (window, one.area, PSC_COLUMN_GROWTH, PAGES (20)));
  compared = export_image (window, folder);
  line = g_strdup_printf ("(process %d)", other.pid);
  g_assert_nonnull (strstr (compared, "against "));
  g_assert_nonnull (strstr (compared, line));

  csv = export_table (window, folder, "table.csv");
  g_assert_nonnull (strstr (csv, ",zero,match,growth,size_growth,appeared,gone,copied,swapped_out,"
                                 "swapped_in,became_huge,split\n"));
  json = export_table (window, folder, "table.json");
  g_assert_nonnull (strstr (json, "\"since\""));
  g_assert_nonnull (strstr (json, "\"growth\":81920,"));
  psc_ui_close (window);
  remove_all (folder);
  psc_test_child_end (&one);
  psc_test_child_end (&other);
}

/* --- the command line ---------------------------------------------------------------------- */

static void
check_program (int status, const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GSubprocess) program = NULL;

  g_ptr_array_add (words, (gpointer) g_getenv ("PSC_TEST_WINDOW"));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (words, (gpointer) arguments[i]);
  g_ptr_array_add (words, NULL);
  program = g_subprocess_newv (
      (const char *const *) words->pdata,
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (program), ==, status);
}

static void
test_program (void)
{
  check_program (2, (const char *[]){ "--compare", "1", NULL });
  check_program (0, (const char *[]){ "--exit-after-startup", "--compare", "1", "1", NULL });
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compare/grow", test_grow);
  g_test_add_func ("/compare/mark-in-past", test_mark_in_past);
  g_test_add_func ("/compare/ago", test_ago);
  g_test_add_func ("/compare/processes", test_processes);
  g_test_add_func ("/compare/went", test_went);
  g_test_add_func ("/compare/dialog", test_dialog);
  g_test_add_func ("/compare/recordings", test_recordings);
  g_test_add_func ("/compare/export", test_export);
  g_test_add_func ("/compare/program", test_program);
  return g_test_run ();
}
