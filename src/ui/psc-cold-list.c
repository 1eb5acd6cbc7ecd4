/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-cold-list.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-label.h"

struct _PscColdList
{
  GtkWidget parent_instance;
  GtkBox *box; /* the only child */
};

G_DEFINE_FINAL_TYPE (PscColdList, psc_cold_list, GTK_TYPE_WIDGET)

static guint chosen_signal;

static void
clicked_cb (PscColdList *self, GtkWidget *line)
{
  guint i = 0;

  while ((line = gtk_widget_get_prev_sibling (line)) != NULL)
    i++;
  g_signal_emit (self, chosen_signal, 0, i);
}

/* Its colours are for batteries. */
static GtkWidget *
bar_new (const PscColdSums *sums)
{
  guint64 whole = MAX (sums->touched + sums->cold, 1);
  GtkWidget *bar = gtk_level_bar_new ();

  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), (double) sums->touched / (double) whole);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Touched"), -1);
  gtk_widget_add_css_class (bar, "touched");
  return bar;
}

static GtkWidget *
content_new (const char *name, const PscColdSums *sums)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = psc_label_new (name, 0, "caption-heading");
  g_autofree char *touched = psc_format_size (sums->touched);
  g_autofree char *resident = psc_format_size (sums->resident);
  g_autofree char *share = psc_format_share (sums->cold, sums->touched + sums->cold);
  g_autofree char *text = g_strdup_printf (_ ("%s of %s, %s cold"), touched, resident, share);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), psc_label_new (text, 1, "caption"));
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), bar_new (sums));
  return box;
}

void
psc_cold_list_add (PscColdList *self, const char *name, const PscColdSums *sums,
                   gboolean can_choose)
{
  GtkWidget *content = content_new (name, sums);
  GtkWidget *line = content;

  g_return_if_fail (PSC_IS_COLD_LIST (self));

  if (can_choose)
    {
      line = gtk_button_new ();
      gtk_button_set_child (GTK_BUTTON (line), content);
      gtk_widget_add_css_class (line, "flat");
      gtk_widget_set_tooltip_text (line, _ ("Show on the map"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      g_signal_connect_object (line, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_add_css_class (line, "cold-line");
  gtk_box_append (self->box, line);
}

void
psc_cold_list_clear (PscColdList *self)
{
  GtkWidget *child;

  g_return_if_fail (PSC_IS_COLD_LIST (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
}

static void
psc_cold_list_dispose (GObject *object)
{
  PscColdList *self = PSC_COLD_LIST (object);

  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (psc_cold_list_parent_class)->dispose (object);
}

static void
psc_cold_list_class_init (PscColdListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = psc_cold_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  chosen_signal = g_signal_new ("chosen", PSC_TYPE_COLD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
psc_cold_list_init (PscColdList *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 4));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}
