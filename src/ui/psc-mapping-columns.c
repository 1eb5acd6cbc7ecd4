/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-mapping-columns.h"

#include <glib/gi18n-lib.h>

#include "psc-mapping-cell.h"

typedef struct
{
  PscMappingColumns *owner;
  PscColumn column;
  GtkColumnViewColumn *view_column; /* a reference */
  gboolean shown;                   /* the user wants it */
} Column;

struct _PscMappingColumns
{
  GtkColumnView *view; /* borrowed: it owns the columns */
  Column columns[PSC_N_COLUMNS];
  GSimpleActionGroup *actions;
  GMenu *menu;
  gboolean compared;
  int asked; /* the column that was asked first, while the view's sorter is asked; -1: none */
};

static const gboolean shown_at_first[PSC_N_COLUMNS] = {
  [PSC_COLUMN_ADDRESS] = TRUE,       [PSC_COLUMN_SIZE] = TRUE,
  [PSC_COLUMN_RESIDENT] = TRUE,      [PSC_COLUMN_SHARE] = TRUE,
  [PSC_COLUMN_PERMS] = TRUE,         [PSC_COLUMN_KIND] = TRUE,
  [PSC_COLUMN_NAME] = TRUE,          [PSC_COLUMN_SWAPPED] = TRUE,
  [PSC_COLUMN_HUGE] = TRUE,          [PSC_COLUMN_PSS] = TRUE,
  [PSC_COLUMN_PRIVATE_DIRTY] = TRUE, [PSC_COLUMN_GROWTH] = TRUE,
  [PSC_COLUMN_MATCH] = TRUE,         [PSC_COLUMN_SIZE_GROWTH] = TRUE,
  [PSC_COLUMN_APPEARED] = TRUE,      [PSC_COLUMN_GONE] = TRUE,
  [PSC_COLUMN_COPIED] = TRUE,        [PSC_COLUMN_SWAPPED_OUT] = TRUE,
  [PSC_COLUMN_BECAME_HUGE] = TRUE,   [PSC_COLUMN_SPLIT] = TRUE,
};

/* --- cells --------------------------------------------------------------------------------- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  const Column *column = user_data;

  gtk_list_item_set_child (list_item, psc_mapping_cell_new (column->column));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  psc_mapping_cell_bind (PSC_MAPPING_CELL (gtk_list_item_get_child (list_item)),
                         gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (child != NULL)
    psc_mapping_cell_bind (PSC_MAPPING_CELL (child), NULL);
}

/* --- sort ---------------------------------------------------------------------------------- */

/* The rows sort themselves. GTK tells only from 4.10 on by which column a view is sorted, but its
 * sorter asks the columns one after the other, the chosen one first, and turns the answer round
 * when the order is descending. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Column *column = user_data;

  if (column->owner->asked < 0)
    column->owner->asked = (int) column->column;
  return -1;
}

PscColumn
psc_mapping_columns_get_sort (PscMappingColumns *self, gboolean *descending)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  GtkOrdering answer;

  self->asked = -1;
  /* Any two objects do. */
  answer = gtk_sorter_compare (sorter, self->view, sorter);
  *descending = answer == GTK_ORDERING_LARGER;
  return self->asked >= 0 ? (PscColumn) self->asked : PSC_COLUMN_ADDRESS;
}

void
psc_mapping_columns_set_sort (PscMappingColumns *self, PscColumn column, gboolean descending)
{
  g_return_if_fail (column < PSC_N_COLUMNS);

  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  gtk_column_view_sort_by_column (self->view, self->columns[column].view_column,
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* --- which are shown ----------------------------------------------------------------------- */

static void
update_visible (Column *column)
{
  gtk_column_view_column_set_visible (
      column->view_column,
      column->shown && (column->owner->compared || !psc_column_is_of_diff (column->column)));
}

void
psc_mapping_columns_set_compared (PscMappingColumns *self, gboolean compared)
{
  self->compared = compared;
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    if (psc_column_is_of_diff (i))
      update_visible (&self->columns[i]);
}

static void
set_shown (PscMappingColumns *self, PscColumn column, gboolean shown)
{
  GAction *action =
      g_action_map_lookup_action (G_ACTION_MAP (self->actions), psc_column_id (column));

  self->columns[column].shown = shown;
  update_visible (&self->columns[column]);
  if (action != NULL)
    g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (shown));
}

static void
shown_changed_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  const Column *column = user_data;

  set_shown (column->owner, column->column, g_variant_get_boolean (state));
}

char **
psc_mapping_columns_dup_shown (PscMappingColumns *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    if (self->columns[i].shown)
      g_strv_builder_add (builder, psc_column_id (i));
  return g_strv_builder_end (builder);
}

void
psc_mapping_columns_set_shown (PscMappingColumns *self, const char *const *ids)
{
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    set_shown (self, i, i == PSC_COLUMN_ADDRESS || g_strv_contains (ids, psc_column_id (i)));
}

static PscColumn
find_column (PscMappingColumns *self, gpointer view_column)
{
  guint i = 0;

  while (i < PSC_N_COLUMNS - 1 && self->columns[i].view_column != view_column)
    i++;
  return i;
}

PscColumn *
psc_mapping_columns_dup_visible (PscMappingColumns *self, guint *n)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);
  PscColumn *visible = g_new (PscColumn, PSC_N_COLUMNS);

  *n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (columns) && i < PSC_N_COLUMNS; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (gtk_column_view_column_get_visible (column))
        visible[(*n)++] = find_column (self, column);
    }
  return visible;
}

GActionGroup *
psc_mapping_columns_get_actions (PscMappingColumns *self)
{
  return G_ACTION_GROUP (self->actions);
}

GMenuModel *
psc_mapping_columns_get_menu (PscMappingColumns *self)
{
  return G_MENU_MODEL (self->menu);
}

/* --- making -------------------------------------------------------------------------------- */

static void
add_to_menu (GMenu *section, PscColumn column)
{
  g_autofree char *action = g_strconcat ("columns.", psc_column_id (column), NULL);

  g_menu_append (section, g_dgettext (GETTEXT_PACKAGE, psc_column_title (column)), action);
}

/* The address says which mapping a row is: it stays. */
static GMenu *
make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) common = g_menu_new ();
  g_autoptr (GMenu) compared = g_menu_new ();
  g_autoptr (GMenu) smaps = g_menu_new ();

  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    if (psc_column_is_of_diff (i))
      add_to_menu (compared, i);
    else if (i != PSC_COLUMN_ADDRESS)
      add_to_menu (i < PSC_COLUMN_FIRST_OF_SMAPS ? common : smaps, i);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (common));
  g_menu_append_submenu (menu, _ ("What Has Changed"), G_MENU_MODEL (compared));
  g_menu_append_submenu (menu, _ ("From smaps"), G_MENU_MODEL (smaps));
  return menu;
}

static void
add_action (Column *column, gboolean shown)
{
  g_autoptr (GSimpleAction) action = NULL;

  if (column->column == PSC_COLUMN_ADDRESS)
    return;
  action = g_simple_action_new_stateful (psc_column_id (column->column), NULL,
                                         g_variant_new_boolean (shown));
  g_signal_connect (action, "change-state", G_CALLBACK (shown_changed_cb), column);
  g_action_map_add_action (G_ACTION_MAP (column->owner->actions), G_ACTION (action));
}

static void
add_column (PscMappingColumns *self, PscColumn i)
{
  Column *column = &self->columns[i];
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, column, NULL));

  column->owner = self;
  column->column = i;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  column->view_column =
      gtk_column_view_column_new (g_dgettext (GETTEXT_PACKAGE, psc_column_title (i)), factory);
  gtk_column_view_column_set_sorter (column->view_column, sorter);
  gtk_column_view_column_set_resizable (column->view_column, TRUE);
  gtk_column_view_column_set_expand (column->view_column, i == PSC_COLUMN_NAME);
  column->shown = shown_at_first[i];
  update_visible (column);
  gtk_column_view_column_set_header_menu (column->view_column, G_MENU_MODEL (self->menu));
  gtk_column_view_append_column (self->view, column->view_column);
  add_action (column, shown_at_first[i]);
}

/* The headings are the children of the view's first child, in the order of the columns; before 4.12
 * they have no names. */
static void
name_headings (PscMappingColumns *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *heading = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (guint i = 0; i < PSC_N_COLUMNS && heading != NULL; i++)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (heading), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_dgettext (GETTEXT_PACKAGE, psc_column_title (i)),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      g_dgettext (GETTEXT_PACKAGE, psc_column_hint (i)), -1);
      gtk_widget_set_tooltip_text (heading, g_dgettext (GETTEXT_PACKAGE, psc_column_hint (i)));
      heading = gtk_widget_get_next_sibling (heading);
    }
  if (header != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (header), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Columns"), -1);
}

PscMappingColumns *
psc_mapping_columns_new (GtkColumnView *view)
{
  PscMappingColumns *self = g_new0 (PscMappingColumns, 1);

  self->view = view;
  self->actions = g_simple_action_group_new ();
  self->menu = make_menu ();
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    add_column (self, i);
  name_headings (self);
  return self;
}

/* The view and its header outlive this by a moment, and may ask once more. */
static void
remove_column (PscMappingColumns *self, Column *column)
{
  GAction *action =
      g_action_map_lookup_action (G_ACTION_MAP (self->actions), psc_column_id (column->column));

  if (action != NULL)
    g_signal_handlers_disconnect_by_data (action, column);
  gtk_column_view_remove_column (self->view, column->view_column);
  gtk_column_view_column_set_sorter (column->view_column, NULL);
  gtk_column_view_column_set_factory (column->view_column, NULL);
  g_object_unref (column->view_column);
}

void
psc_mapping_columns_free (PscMappingColumns *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    remove_column (self, &self->columns[i]);
  g_object_unref (self->actions);
  g_object_unref (self->menu);
  g_free (self);
}
