/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-mapping-table.h"

#include <glib/gi18n-lib.h>

#include "psc-mapping-cell.h"
#include "psc-mapping-table-private.h"

G_DEFINE_FINAL_TYPE (PscMappingTable, psc_mapping_table, GTK_TYPE_WIDGET)

#define NO_START (PSC_MAP_NOWHERE)
/* For so many a list is told where to scroll to. */
#define SCROLL_FRAMES 4

/* --- rows ---------------------------------------------------------------------------------- */

/* GtkColumnView has no way to scroll before 4.12, but the list in it has an action for it. */
static GtkWidget *
find_list (PscMappingTable *self)
{
  GtkWidget *child = gtk_widget_get_last_child (GTK_WIDGET (self->column_view));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_prev_sibling (child);
  return child;
}

static void
scroll_now (PscMappingTable *self, GtkWidget *list, guint64 start)
{
  guint position = psc_mapping_model_find (self->model, start);

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
}

static gboolean
is_in_sight (PscMappingTable *self, guint64 start)
{
  GtkWidget *row = psc_mapping_table_find_row (self, start);
  GtkWidget *list = find_list (self);
  graphene_rect_t bounds;

  return row != NULL && gtk_widget_get_mapped (row) &&
         gtk_widget_compute_bounds (row, list, &bounds) && bounds.size.height > 0 &&
         bounds.origin.y > -1 &&
         bounds.origin.y + bounds.size.height < (float) gtk_widget_get_height (list) + 1;
}

/* A list does not scroll, and says nothing, as long as it has no size or has not given its rows
 * their places: then it is told again in one of the next frames. */
static gboolean
scroll_tick_cb (GtkWidget *list, GdkFrameClock *clock, gpointer user_data)
{
  PscMappingTable *self = user_data;

  if (gtk_widget_get_height (list) <= 0)
    return G_SOURCE_CONTINUE;
  if (self->scroll_frames > 0 && !is_in_sight (self, self->scroll_start))
    {
      self->scroll_frames--;
      scroll_now (self, list, self->scroll_start);
      return G_SOURCE_CONTINUE;
    }
  self->scroll_tick = 0;
  return G_SOURCE_REMOVE;
}

static void
scroll_to (PscMappingTable *self, guint64 start)
{
  GtkWidget *list = find_list (self);

  self->scroll_start = start;
  self->scroll_frames = SCROLL_FRAMES;
  scroll_now (self, list, start);
  if (self->scroll_tick == 0)
    self->scroll_tick = gtk_widget_add_tick_callback (list, scroll_tick_cb, self, NULL);
}

/* In another order what is selected stays in sight, else it begins at the top. */
static void
scroll_after_change (PscMappingTable *self)
{
  const PscMapping *mapping = psc_mapping_table_get_current (self);

  if (mapping != NULL &&
      psc_mapping_model_find (self->model, mapping->start) != GTK_INVALID_LIST_POSITION)
    scroll_to (self, mapping->start);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    /* The adjustment alone does not do it: the list holds on to a row. */
    scroll_to (self, psc_mapping_model_get_mapping (self->model, 0)->start);
}

static gboolean
is_sorted_by_address (PscMappingTable *self)
{
  gboolean descending;

  return psc_mapping_columns_get_sort (self->columns, &descending) == PSC_COLUMN_ADDRESS;
}

/* By address, the rows in view stay in view, whatever comes and goes above them. By a number, it is
 * the place that should stay: the largest remain on top. */
static void
set_facts (PscMappingTable *self, PscMappingFacts *facts)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  double value = gtk_adjustment_get_value (adjustment);

  self->quiet = TRUE;
  psc_mapping_model_set_facts (self->model, facts);
  self->quiet = FALSE;
  if (!is_sorted_by_address (self))
    gtk_adjustment_set_value (adjustment, value);
}

static void
take_map_selection (PscMappingTable *self)
{
  const PscMapping *mapping = psc_map_view_get_selected (self->map);
  guint64 start = mapping != NULL ? mapping->start : NO_START;

  if (self->shown_space == NULL || start == self->shown_start)
    return;
  self->shown_start = start;
  if (mapping != NULL && psc_mapping_model_is_start_selected (self->model, start))
    return;
  self->quiet = TRUE;
  psc_mapping_model_select_only (self->model, start);
  self->quiet = FALSE;
  if (mapping != NULL)
    scroll_to (self, start);
  psc_mapping_table_update_sums (self);
  psc_mapping_table_actions_update (self);
}

static void
show_nothing (PscMappingTable *self)
{
  self->shown_start = NO_START;
  set_facts (self, NULL);
}

static void
update (PscMappingTable *self)
{
  PscSpace *space, *details;
  g_autoptr (PscMappingFacts) facts = NULL;

  if (self->map == NULL || self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  space = psc_map_view_get_space (self->map);
  details = psc_session_get_details (self->session);
  if (space == self->shown_space && details == self->shown_details &&
      self->diff == self->shown_diff)
    return;
  if (space == NULL)
    show_nothing (self);
  else
    {
      facts = psc_mapping_facts_new_compared (space, details, self->diff);
      set_facts (self, facts);
    }
  g_clear_pointer (&self->shown_space, psc_space_unref);
  g_clear_pointer (&self->shown_details, psc_space_unref);
  self->shown_space = space != NULL ? psc_space_ref (space) : NULL;
  self->shown_details = details != NULL ? psc_space_ref (details) : NULL;
  g_clear_pointer (&self->shown_diff, psc_diff_unref);
  self->shown_diff = self->diff != NULL ? psc_diff_ref (self->diff) : NULL;
  take_map_selection (self);
  psc_mapping_table_update_words (self);
}

static void
map_selection_cb (PscMappingTable *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  update (self);
  take_map_selection (self);
}

static void
details_changed_cb (PscMappingTable *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  update (self);
  psc_mapping_table_update_words (self);
  psc_mapping_table_update_timer (self);
}

const PscMapping *
psc_mapping_table_get_current (PscMappingTable *self)
{
  return psc_mapping_model_get_recent (self->model);
}

/* The user selects; the map follows. */
static void
selection_changed_cb (PscMappingTable *self)
{
  const PscMapping *mapping;

  if (self->quiet || self->map == NULL)
    return;
  mapping = psc_mapping_table_get_current (self);
  self->shown_start = mapping != NULL ? mapping->start : NO_START;
  if (mapping == NULL)
    psc_map_view_select (self->map, PSC_MAP_NOWHERE);
  else if (psc_map_view_get_selected (self->map) == NULL ||
           psc_map_view_get_selected (self->map)->start != mapping->start)
    {
      psc_map_view_select (self->map, mapping->start);
      psc_map_view_reveal (self->map, mapping->start, mapping->end);
    }
  psc_mapping_table_update_sums (self);
  psc_mapping_table_actions_update (self);
}

static void
activate_cb (PscMappingTable *self, guint position)
{
  const PscMapping *mapping;

  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  mapping = psc_mapping_model_get_mapping (self->model, position);
  psc_map_view_show_range (self->map, mapping->start, mapping->end);
}

/* --- filter and sort ----------------------------------------------------------------------- */

static void
filter_changed_cb (PscMappingTable *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));

  g_clear_pointer (&self->problem, g_free);
  self->quiet = TRUE;
  psc_mapping_model_take_filter (self->model, psc_mapping_filter_new (text, &self->problem));
  self->quiet = FALSE;
  if (self->problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->filter_entry), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filter_entry), "warning");
  scroll_after_change (self);
  psc_mapping_table_update_words (self);
}

/* To the rows, and to the first of them when none was selected. */
static void
filter_activate_cb (PscMappingTable *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;
  if (psc_mapping_table_get_current (self) == NULL)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->model), 0, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
stop_filter_cb (PscMappingTable *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
sort_changed_cb (PscMappingTable *self)
{
  gboolean descending;
  PscColumn column = psc_mapping_columns_get_sort (self->columns, &descending);

  self->quiet = TRUE;
  psc_mapping_model_set_sort (self->model, column, descending);
  self->quiet = FALSE;
  scroll_after_change (self);
}

static void
enter_cb (PscMappingTable *self)
{
  psc_mapping_model_set_held (self->model, TRUE);
}

static void
leave_cb (PscMappingTable *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  double value = gtk_adjustment_get_value (adjustment);

  self->quiet = TRUE;
  psc_mapping_model_set_held (self->model, FALSE);
  self->quiet = FALSE;
  if (!is_sorted_by_address (self))
    gtk_adjustment_set_value (adjustment, value);
}

/* --- keyboard ------------------------------------------------------------------------------ */

static GtkWidget *
find_cell (GtkWidget *widget, guint64 start)
{
  if (PSC_IS_MAPPING_CELL (widget))
    {
      PscMappingItem *item = psc_mapping_cell_get_item (PSC_MAPPING_CELL (widget));

      return item != NULL && psc_mapping_item_get_mapping (item)->start == start ? widget : NULL;
    }
  return NULL;
}

GtkWidget *
psc_mapping_table_find_row (PscMappingTable *self, guint64 start)
{
  for (GtkWidget *row = gtk_widget_get_first_child (find_list (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL;
         cell = gtk_widget_get_next_sibling (cell))
      {
        GtkWidget *child = gtk_widget_get_first_child (cell);

        if (child != NULL && find_cell (child, start) != NULL)
          return row;
      }
  return NULL;
}

/* The list remembers the row that had the focus last; what the map has selected since is another
 * one, and the arrow keys must go on from there. */
static void
focus_enter_cb (PscMappingTable *self)
{
  const PscMapping *mapping = psc_mapping_table_get_current (self);
  GtkWidget *row = mapping != NULL ? psc_mapping_table_find_row (self, mapping->start) : NULL;

  if (row != NULL && gtk_widget_get_mapped (row))
    gtk_widget_grab_focus (row);
}

/* --- the widget ---------------------------------------------------------------------------- */

void
psc_mapping_table_set_map (PscMappingTable *self, PscMapView *map)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self) && self->map == NULL);

  self->map = g_object_ref (map);
  g_signal_connect_object (map, "view-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (map, "selection-changed", G_CALLBACK (map_selection_cb), self,
                           G_CONNECT_SWAPPED);
}

void
psc_mapping_table_set_session (PscMappingTable *self, PscSession *session)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self) && self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "details-changed", G_CALLBACK (details_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "state-changed", G_CALLBACK (details_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
psc_mapping_table_set_diff (PscMappingTable *self, PscDiff *diff)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self));

  if (self->diff == diff)
    return;
  g_clear_pointer (&self->diff, psc_diff_unref);
  self->diff = diff != NULL ? psc_diff_ref (diff) : NULL;
  psc_mapping_columns_set_compared (self->columns, diff != NULL);
  update (self);
}

void
psc_mapping_table_search (PscMappingTable *self)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->filter_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->filter_entry), 0, -1);
}

void
psc_mapping_table_set_filter (PscMappingTable *self, const char *text)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), text);
  filter_changed_cb (self);
}

PscMappingModel *
psc_mapping_table_get_model (PscMappingTable *self)
{
  return self->model;
}

char **
psc_mapping_table_dup_columns (PscMappingTable *self)
{
  return psc_mapping_columns_dup_shown (self->columns);
}

void
psc_mapping_table_set_columns (PscMappingTable *self, const char *const *ids)
{
  g_return_if_fail (PSC_IS_MAPPING_TABLE (self));

  psc_mapping_columns_set_shown (self->columns, ids);
}

const char *
psc_mapping_table_get_sort (PscMappingTable *self, gboolean *descending)
{
  return psc_column_id (psc_mapping_columns_get_sort (self->columns, descending));
}

void
psc_mapping_table_set_sort (PscMappingTable *self, const char *column, gboolean descending)
{
  PscColumn chosen = PSC_COLUMN_ADDRESS;

  g_return_if_fail (PSC_IS_MAPPING_TABLE (self));

  psc_column_from_id (column, &chosen);
  psc_mapping_columns_set_sort (self->columns, chosen, descending);
}

static void
psc_mapping_table_map (GtkWidget *widget)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (widget);

  GTK_WIDGET_CLASS (psc_mapping_table_parent_class)->map (widget);
  update (self);
  if (self->map != NULL)
    take_map_selection (self);
  psc_mapping_table_update_words (self);
  psc_mapping_table_update_timer (self);
}

static void
psc_mapping_table_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (psc_mapping_table_parent_class)->unmap (widget);
  psc_mapping_table_update_timer (PSC_MAPPING_TABLE (widget));
}

static void
psc_mapping_table_dispose (GObject *object)
{
  PscMappingTable *self = PSC_MAPPING_TABLE (object);

  self->quiet = TRUE;
  g_clear_handle_id (&self->age_timer, g_source_remove);
  if (self->columns != NULL)
    {
      if (self->scroll_tick != 0)
        gtk_widget_remove_tick_callback (find_list (self), self->scroll_tick);
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->column_view), self);
      gtk_column_view_set_model (self->column_view, NULL);
    }
  g_clear_pointer (&self->columns, psc_mapping_columns_free);
  g_clear_object (&self->model);
  g_clear_object (&self->map);
  g_clear_object (&self->session);
  g_clear_pointer (&self->shown_space, psc_space_unref);
  g_clear_pointer (&self->shown_details, psc_space_unref);
  g_clear_pointer (&self->diff, psc_diff_unref);
  g_clear_pointer (&self->shown_diff, psc_diff_unref);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer ((GtkWidget **) &self->context_menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_MAPPING_TABLE);
  G_OBJECT_CLASS (psc_mapping_table_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/io/github/pagescape/Pagescape/psc-mapping-table.ui");
  gtk_widget_class_bind_template_child (klass, PscMappingTable, box);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, filter_entry);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, read_button);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, spinner);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, menu_button);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, stack);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, scrolled_window);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, column_view);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, sums_label);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, note_label);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, went_button);
  gtk_widget_class_bind_template_child (klass, PscMappingTable, context_menu);
  gtk_widget_class_bind_template_callback (klass, filter_changed_cb);
  gtk_widget_class_bind_template_callback (klass, filter_activate_cb);
  gtk_widget_class_bind_template_callback (klass, stop_filter_cb);
  gtk_widget_class_bind_template_callback (klass, activate_cb);
}

static void
psc_mapping_table_class_init (PscMappingTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_mapping_table_dispose;
  widget_class->map = psc_mapping_table_map;
  widget_class->unmap = psc_mapping_table_unmap;
  bind_template (widget_class);
  psc_mapping_table_actions_class_init (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
add_controllers (PscMappingTable *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled_window), motion);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (focus_enter_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), focus);
}

static void
psc_mapping_table_init (PscMappingTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->shown_start = NO_START;
  self->model = psc_mapping_model_new ();
  self->columns = psc_mapping_columns_new (self->column_view);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns",
                                  psc_mapping_columns_get_actions (self->columns));
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->model));
  psc_mapping_columns_set_sort (self->columns, PSC_COLUMN_ADDRESS, FALSE);
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed",
                           G_CALLBACK (sort_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "selection-changed", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (find_list (self)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Mappings"), -1);
  psc_mapping_table_actions_init (self);
  add_controllers (self);
}
