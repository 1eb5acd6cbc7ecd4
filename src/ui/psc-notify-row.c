/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-notify-row.h"

#include <glib/gi18n-lib.h>

#include "psc-insight.h"

struct _PscNotifyRow
{
  GtkWidget parent_instance;

  GtkWidget *box; /* the only child */
  GtkEntry *entry;
  GtkLabel *state;
};

G_DEFINE_FINAL_TYPE (PscNotifyRow, psc_notify_row, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

char *
psc_notify_dup_state (const PscConditionAnswer *answer)
{
  if (answer->error != NULL)
    return psc_insight_dup_sentence (answer->error);
  if (answer->holds)
    return g_strdup_printf (_ ("Holds now. %s"), answer->sentence);
  if (answer->unseen != NULL)
    return g_strdup_printf (_ ("Does not hold now: nothing was ever called “%s”"), answer->unseen);
  return g_strdup (_ ("Does not hold now"));
}

static void
set_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

void
psc_notify_row_set_answer (PscNotifyRow *self, const PscConditionAnswer *answer)
{
  g_autofree char *text = psc_notify_row_dup_text (self);
  g_autofree char *state = psc_notify_dup_state (answer);

  g_return_if_fail (PSC_IS_NOTIFY_ROW (self));

  if (g_strcmp0 (text, answer->text) != 0)
    return;
  gtk_label_set_label (self->state, state);
  set_class (GTK_WIDGET (self->entry), "error", answer->error != NULL);
  set_class (GTK_WIDGET (self->state), "error", answer->error != NULL);
  set_class (GTK_WIDGET (self->state), "warning", answer->holds);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  state, -1);
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
      answer->error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

char *
psc_notify_row_dup_text (PscNotifyRow *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

void
psc_notify_row_set_text (PscNotifyRow *self, const char *text)
{
  g_return_if_fail (PSC_IS_NOTIFY_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static void
changed_cb (PscNotifyRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_cb (PscNotifyRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static gboolean
psc_notify_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (PSC_NOTIFY_ROW (widget)->entry));
}

static void
psc_notify_row_dispose (GObject *object)
{
  PscNotifyRow *self = PSC_NOTIFY_ROW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_NOTIFY_ROW);
  G_OBJECT_CLASS (psc_notify_row_parent_class)->dispose (object);
}

static void
psc_notify_row_class_init (PscNotifyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_notify_row_dispose;
  widget_class->grab_focus = psc_notify_row_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/pagescape/Pagescape/psc-notify-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PscNotifyRow, box);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyRow, entry);
  gtk_widget_class_bind_template_child (widget_class, PscNotifyRow, state);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] = g_signal_new ("changed", PSC_TYPE_NOTIFY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", PSC_TYPE_NOTIFY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
psc_notify_row_init (PscNotifyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_notify_row_new (const char *text)
{
  PscNotifyRow *self = g_object_new (PSC_TYPE_NOTIFY_ROW, NULL);

  psc_notify_row_set_text (self, text);
  return GTK_WIDGET (self);
}
