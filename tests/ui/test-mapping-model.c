/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the table of mappings, without a window: what comes and goes, order, filter,
 * selection. */

#include "psc-list-diff.h"
#include "psc-mapping-cell.h"
#include "psc-mapping-tip.h"
#include "psc-test-mappings.h"

/* --- differences of lists ------------------------------------------------------------------ */

/* What watchers make of it: from the last hunk to the first. */
static void
check_diff (const guint *old_of_new, guint n_new, guint n_old, guint max_hunks)
{
  g_autoptr (GArray) hunks = psc_list_diff (old_of_new, n_new, n_old, max_hunks);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint));

  g_assert_cmpuint (hunks->len, <=, MAX (max_hunks, 1));
  for (guint i = 0; i < n_old; i++)
    g_array_append_val (rows, i);
  for (guint i = hunks->len; i-- > 0;)
    {
      const PscListHunk *hunk = &g_array_index (hunks, PscListHunk, i);

      g_assert_cmpuint (hunk->n_removed + hunk->n_added, >, 0);
      if (hunk->n_removed > 0)
        g_array_remove_range (rows, hunk->old_at, hunk->n_removed);
      if (hunk->n_added > 0)
        g_array_insert_vals (rows, hunk->old_at, old_of_new + hunk->new_at, hunk->n_added);
    }
  g_assert_cmpmem (rows->data, rows->len * sizeof (guint), old_of_new, n_new * sizeof (guint));
}

static void
test_diff (void)
{
  static const guint same[] = { 0, 1, 2, 3 }, moved[] = { 3, 0, 1, 2 };
  static const guint turned[] = { 3, 2, 1, 0 }, added[] = { 0, PSC_LIST_DIFF_NEW, 1, 3 };
  g_autoptr (GArray) none = psc_list_diff (same, 4, 4, 9);
  g_autoptr (GArray) one = psc_list_diff (moved, 4, 4, 9);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (one->len, ==, 2); /* one row left, and came back elsewhere */
  g_assert_cmpuint (g_array_index (one, PscListHunk, 0).n_added, ==, 1);
  g_assert_cmpuint (g_array_index (one, PscListHunk, 1).n_removed, ==, 1);
  check_diff (same, 4, 4, 9);
  check_diff (moved, 4, 4, 9);
  check_diff (turned, 4, 4, 9);
  check_diff (added, 4, 4, 9);
  check_diff (added, 4, 7, 1);
  check_diff (same, 0, 4, 9);
  check_diff (same, 0, 0, 9);
}

static void
test_diff_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n_old = (guint) g_test_rand_int_range (0, 30), n = 0;
      guint rows[60];

      for (guint i = 0; i < n_old; i++)
        if (g_test_rand_int_range (0, 4) > 0)
          rows[n++] = i;
      for (int i = g_test_rand_int_range (0, 6); i > 0 && n > 1; i--)
        {
          guint a = (guint) g_test_rand_int_range (0, (int) n);
          guint b = (guint) g_test_rand_int_range (0, (int) n), row = rows[a];

          rows[a] = rows[b];
          rows[b] = row;
        }
      for (int i = g_test_rand_int_range (0, 6); i > 0; i--)
        {
          guint at = (guint) g_test_rand_int_range (0, (int) n + 1);

          memmove (rows + at + 1, rows + at, (n - at) * sizeof *rows);
          rows[at] = PSC_LIST_DIFF_NEW;
          n++;
        }
      check_diff (rows, n, n_old, (guint) g_test_rand_int_range (1, 20));
    }
}

/* --- rows ---------------------------------------------------------------------------------- */

static void
set_space (PscMappingModel *model, PscSpace *space)
{
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);

  psc_mapping_model_set_facts (model, facts);
}

/* Somebody who believes every word: the rows as items-changed tells them. */
typedef struct
{
  GPtrArray *items; /* a reference each */
  guint n_signals, n_changed;
} Mirror;

static void
mirror_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Mirror *mirror = user_data;

  mirror->n_signals++;
  mirror->n_changed += removed + added;
  g_ptr_array_remove_range (mirror->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror->items, (int) (position + i),
                        g_list_model_get_item (model, position + i));
  g_assert_cmpuint (mirror->items->len, ==, g_list_model_get_n_items (model));
}

static Mirror *
mirror_new (PscMappingModel *model)
{
  Mirror *mirror = g_new0 (Mirror, 1);

  mirror->items = g_ptr_array_new_with_free_func (g_object_unref);
  mirror_cb (G_LIST_MODEL (model), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (model)), mirror);
  g_signal_connect (model, "items-changed", G_CALLBACK (mirror_cb), mirror);
  mirror->n_signals = mirror->n_changed = 0;
  return mirror;
}

/* The same objects, and of the mappings that are there. */
static void
check_mirror (PscMappingModel *model, Mirror *mirror)
{
  for (guint i = 0; i < mirror->items->len; i++)
    {
      g_autoptr (PscMappingItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);

      g_assert_true (item == g_ptr_array_index (mirror->items, i));
      g_assert_true (psc_mapping_item_get_mapping (item) ==
                     psc_mapping_model_get_mapping (model, i));
    }
}

static void
mirror_free (PscMappingModel *model, Mirror *mirror)
{
  g_signal_handlers_disconnect_by_data (model, mirror);
  g_ptr_array_unref (mirror->items);
  g_free (mirror);
}

static void
test_refresh (void)
{
  static const PscColumn columns[] = { PSC_COLUMN_ADDRESS, PSC_COLUMN_SIZE, PSC_COLUMN_NAME,
                                       PSC_COLUMN_RESIDENT };

  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    for (gboolean descending = FALSE; descending <= TRUE; descending++)
      {
        g_autoptr (PscMappingModel) model = psc_mapping_model_new ();
        g_autoptr (PscSpace) first = psc_test_mappings_new (200, 30, 0, 1);
        g_autoptr (PscSpace) second = psc_test_mappings_new (200, 120, PSC_TEST_PAGE, 1);
        Mirror *mirror;

        psc_mapping_model_set_sort (model, columns[c], descending);
        set_space (model, first);
        mirror = mirror_new (model);
        set_space (model, first);
        g_assert_cmpuint (mirror->n_signals, ==, 0);
        set_space (model, second);
        check_mirror (model, mirror);
        /* One came, one went, one grew and so may have another place. */
        g_assert_cmpuint (mirror->n_changed, <=, 4);
        set_space (model, first);
        check_mirror (model, mirror);
        mirror_free (model, mirror);
      }
}

static void
test_sort (void)
{
  static const PscColumn columns[] = { PSC_COLUMN_SIZE, PSC_COLUMN_RESIDENT, PSC_COLUMN_ADDRESS };
  g_autoptr (PscMappingModel) model = psc_mapping_model_new ();
  g_autoptr (PscSpace) space = psc_test_mappings_new (1000, 1000, 0, 1);
  Mirror *mirror = mirror_new (model);

  set_space (model, space);
  for (guint i = 0; i < G_N_ELEMENTS (columns) * 2; i++)
    {
      psc_mapping_model_set_sort (model, columns[i / 2], i % 2);
      psc_test_mappings_check_sorted (model, columns[i / 2], i % 2);
      check_mirror (model, mirror);
    }
  mirror_free (model, mirror);
}

static void
set_filter (PscMappingModel *model, const char *text)
{
  g_autofree char *problem = NULL;

  psc_mapping_model_take_filter (model, psc_mapping_filter_new (text, &problem));
}

static void
test_filter (void)
{
  g_autoptr (PscMappingModel) model = psc_mapping_model_new ();
  g_autoptr (PscSpace) space = psc_test_mappings_new (100, 100, 0, 1);
  Mirror *mirror;
  PscMappingSums sums;

  set_space (model, space);
  mirror = mirror_new (model);
  set_filter (model, "libodd");
  check_mirror (model, mirror);
  sums = psc_mapping_model_sum (model, FALSE);
  g_assert_cmpuint (sums.n, ==, 50);
  g_assert_cmpuint (sums.n_unknown, ==, 0);
  set_filter (model, "nothing has this name");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
  set_filter (model, "");
  check_mirror (model, mirror);
  sums = psc_mapping_model_sum (model, FALSE);
  g_assert_cmpuint (sums.n, ==, 100);
  g_assert_cmpuint (sums.size, ==, space->totals.size);
  g_assert_cmpuint (sums.resident, ==, space->totals.resident);
  mirror_free (model, mirror);
}

static void
test_selection (void)
{
  g_autoptr (PscMappingModel) model = psc_mapping_model_new ();
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (model);
  g_autoptr (PscSpace) first = psc_test_mappings_new (100, 50, 0, 1);
  g_autoptr (PscSpace) second = psc_test_mappings_new (100, 2, PSC_TEST_PAGE, 1);
  g_autoptr (PscSpace) other = psc_test_mappings_new (100, 100, 0, 2);
  guint64 fifth = first->mappings[5].start, ninth = first->mappings[9].start;

  set_space (model, first);
  gtk_selection_model_select_item (selection, 5, TRUE);
  gtk_selection_model_select_item (selection, 9, FALSE);
  g_assert_cmphex (psc_mapping_model_get_recent (model)->start, ==, ninth);
  g_assert_cmpuint (psc_mapping_model_sum (model, TRUE).n, ==, 2);

  /* Another order, another moment, and none of its rows to be seen: the same mappings. */
  psc_mapping_model_set_sort (model, PSC_COLUMN_SIZE, TRUE);
  set_space (model, second);
  set_filter (model, "no such");
  g_assert_true (psc_mapping_model_is_start_selected (model, fifth));
  g_assert_true (psc_mapping_model_is_start_selected (model, ninth));
  set_filter (model, "");
  g_assert_true (
      gtk_selection_model_is_selected (selection, psc_mapping_model_find (model, fifth)));
  g_assert_cmphex (psc_mapping_model_get_recent (model)->start, ==, ninth);
  g_assert_cmpuint (psc_mapping_model_sum (model, TRUE).n, ==, 2);

  gtk_selection_model_unselect_item (selection, psc_mapping_model_find (model, ninth));
  g_assert_cmphex (psc_mapping_model_get_recent (model)->start, ==, fifth);
  gtk_selection_model_select_all (selection);
  g_assert_cmpuint (psc_mapping_model_sum (model, TRUE).n, ==, 99);
  /* Where nothing is mapped. */
  g_assert_false (psc_mapping_model_select_only (model, 0x1000));
  g_assert_null (psc_mapping_model_get_recent (model));
  g_assert_true (psc_mapping_model_select_only (model, fifth));
  /* The same addresses in another process are others. */
  set_space (model, other);
  g_assert_null (psc_mapping_model_get_recent (model));
}

/* Under a pointer rows keep their order, whatever their numbers do; new ones come at the end. */
static void
test_held (void)
{
  g_autoptr (PscMappingModel) model = psc_mapping_model_new ();
  g_autoptr (PscSpace) first = psc_test_mappings_new (50, 30, 0, 1);
  g_autoptr (PscSpace) second = psc_test_mappings_new (50, 50, 16 * PSC_TEST_PAGE, 1);
  guint64 grown = first->mappings[5].start;
  guint before;

  psc_mapping_model_set_sort (model, PSC_COLUMN_SIZE, TRUE);
  set_space (model, first);
  before = psc_mapping_model_find (model, grown);
  psc_mapping_model_set_held (model, TRUE);
  set_space (model, second);
  g_assert_cmpuint (psc_mapping_model_find (model, grown), ==, before);
  g_assert_cmpuint (psc_mapping_model_find (model, second->mappings[30].start), ==, 49);
  psc_mapping_model_set_held (model, FALSE);
  g_assert_cmpuint (psc_mapping_model_find (model, grown), ==, 0);
  psc_test_mappings_check_sorted (model, PSC_COLUMN_SIZE, TRUE);
}

/* What is not known is said to be so, with why, and is nothing that could be taken for a number. */
static void
test_unknown_text (void)
{
  g_autoptr (PscSpace) space = psc_test_mappings_new_denied ();
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);
  g_autofree char *resident = NULL, *pss = NULL, *why = NULL, *name = NULL;

  resident = psc_mapping_cell_dup_text (facts, 0, PSC_COLUMN_RESIDENT);
  pss = psc_mapping_cell_dup_text (facts, 0, PSC_COLUMN_PSS);
  why = psc_mapping_tip_new (facts, 0, PSC_COLUMN_RESIDENT);
  name = psc_mapping_cell_dup_row_name (facts, 0);
  g_assert_cmpstr (resident, ==, "—");
  g_assert_cmpstr (pss, ==, "not read");
  g_assert_cmpstr (why, ==, "Resident: Not allowed\nit is secret");
  g_assert_nonnull (strstr (name, "resident not known"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping-model/diff", test_diff);
  g_test_add_func ("/mapping-model/diff/random", test_diff_random);
  g_test_add_func ("/mapping-model/refresh", test_refresh);
  g_test_add_func ("/mapping-model/sort", test_sort);
  g_test_add_func ("/mapping-model/filter", test_filter);
  g_test_add_func ("/mapping-model/selection", test_selection);
  g_test_add_func ("/mapping-model/held", test_held);
  g_test_add_func ("/mapping-model/cell/unknown", test_unknown_text);
  return g_test_run ();
}
