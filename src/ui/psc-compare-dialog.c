/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-compare-dialog.h"

#include "psc-process-list-view.h"

struct _PscCompareDialog
{
  AdwWindow parent_instance;

  PscSession *session;
  gint pid; /* 0: none is chosen */

  PscProcessListView *list;
  GtkEntry *word_entry;
  GtkButton *compare_button;
};

G_DEFINE_FINAL_TYPE (PscCompareDialog, psc_compare_dialog, ADW_TYPE_WINDOW)

enum
{
  PROCESS,
  WORD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_word (PscCompareDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->word_entry));
}

static void
update_button (PscCompareDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->compare_button),
                            self->pid != 0 || *get_word (self) != '\0');
}

/* What is typed is what is meant: else nobody would type it. */
static void
compare_cb (PscCompareDialog *self)
{
  if (*get_word (self) == '\0' && self->pid == 0)
    return;
  g_object_ref (self);
  if (*get_word (self) != '\0')
    g_signal_emit (self, signals[WORD], 0, get_word (self));
  else
    g_signal_emit (self, signals[PROCESS], 0, self->pid);
  gtk_window_close (GTK_WINDOW (self));
  g_object_unref (self);
}

static void
list_open_cb (PscCompareDialog *self, gint pid)
{
  self->pid = pid;
  update_button (self);
}

static void
list_activate_cb (PscCompareDialog *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->word_entry), "");
  compare_cb (self);
}

static void
processes_changed_cb (PscCompareDialog *self)
{
  PscProcessTable *table = psc_session_get_table (self->session);

  psc_process_list_view_set_error (self->list, psc_session_get_list_error (self->session));
  if (table != NULL)
    psc_process_list_view_set_table (self->list, table);
}

static void
psc_compare_dialog_dispose (GObject *object)
{
  PscCompareDialog *self = PSC_COMPARE_DIALOG (object);

  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_COMPARE_DIALOG);
  G_OBJECT_CLASS (psc_compare_dialog_parent_class)->dispose (object);
}

static void
psc_compare_dialog_class_init (PscCompareDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_compare_dialog_dispose;
  signals[PROCESS] = g_signal_new ("process", PSC_TYPE_COMPARE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[WORD] = g_signal_new ("word", PSC_TYPE_COMPARE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (PSC_TYPE_PROCESS_LIST_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-compare-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PscCompareDialog, list);
  gtk_widget_class_bind_template_child (widget_class, PscCompareDialog, word_entry);
  gtk_widget_class_bind_template_child (widget_class, PscCompareDialog, compare_button);
  gtk_widget_class_bind_template_callback (widget_class, compare_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_open_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_button);
}

static void
psc_compare_dialog_init (PscCompareDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_compare_dialog_new (GtkWindow *parent, PscSession *session)
{
  PscCompareDialog *self = g_object_new (PSC_TYPE_COMPARE_DIALOG, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "processes-changed", G_CALLBACK (processes_changed_cb), self,
                           G_CONNECT_SWAPPED);
  processes_changed_cb (self);
  update_button (self);
  psc_process_list_view_search (self->list);
  return GTK_WIDGET (self);
}
