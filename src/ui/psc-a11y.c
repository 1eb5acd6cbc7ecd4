/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-a11y.h"

#include <adwaita.h>

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  return NULL;
}

/* What is written in a widget, from left to right. */
static void
collect_text (GtkWidget *widget, GString *all)
{
  const char *text = get_text (widget);

  if (!gtk_widget_get_mapped (widget))
    return;
  if (text != NULL && *text != '\0')
    g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", text);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_text (child, all);
}

static gboolean
is_row (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return GTK_IS_LIST_VIEW (parent) || GTK_IS_GRID_VIEW (parent);
}

static void
name_by_text (GtkWidget *widget, GtkAccessibleProperty property)
{
  GString *text = g_string_new (NULL);

  collect_text (widget, text);
  if (text->len > 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), property, text->str, -1);
  g_string_free (text, TRUE);
}

static void
name_by_other (GtkWidget *widget, GtkWidget *other)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  other, NULL, -1);
}

static void
name_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (GTK_IS_DROP_DOWN (parent) && GTK_IS_TOGGLE_BUTTON (widget))
    {
      name_by_other (widget, parent);
      name_by_text (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
  else if (GTK_IS_COLUMN_VIEW (parent) && GTK_IS_LIST_VIEW (widget))
    name_by_other (widget, parent);
  else if (ADW_IS_STATUS_PAGE (parent) && GTK_IS_SCROLLED_WINDOW (widget))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    adw_status_page_get_title (ADW_STATUS_PAGE (parent)), -1);
}

static void
name_parts (GtkWidget *widget)
{
  name_part (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_parts (child);
}

static void
focus_changed_cb (GtkWindow *window, GParamSpec *pspec, GWeakRef *last)
{
  g_autoptr (GtkWidget) row = g_weak_ref_get (last);
  GtkWidget *focus = gtk_window_get_focus (window);

  if (focus == row)
    return;
  if (row != NULL)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL);
  g_weak_ref_set (last, focus != NULL && is_row (focus) ? focus : NULL);
  if (focus == NULL)
    return;
  if (is_row (focus))
    name_by_text (focus, GTK_ACCESSIBLE_PROPERTY_LABEL);
  else
    name_part (focus);
}

static void
free_last (gpointer data, GClosure *closure)
{
  g_weak_ref_clear (data);
  g_free (data);
}

void
psc_a11y_install (GtkWindow *window)
{
  GWeakRef *last = g_new0 (GWeakRef, 1);

  g_weak_ref_init (last, NULL);
  name_parts (GTK_WIDGET (window));
  g_signal_connect_data (window, "notify::focus-widget", G_CALLBACK (focus_changed_cb), last,
                         free_last, 0);
}
