/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-orphans-dialog.h"

#include <glib/gi18n-lib.h>

#include "psc-format.h"
#include "psc-insight.h"
#include "psc-label.h"

/* More are not read by anybody; the largest come first. */
#define MOST_SHOWN 200

struct _PscOrphansDialog
{
  AdwWindow parent_instance;

  PscProbeSource *source;
  gint pid;
  char *name;
  PscOrphans *found; /* until it is taken */
  gboolean looking, closed;

  GtkStack *stack;
  GtkButton *again_button;
  GtkSpinner *spinner;
  AdwStatusPage *status_page;
  GtkLabel *summary, *notes;
  GtkLabel *own_title, *others_title;
  GtkBox *own, *others;
};

G_DEFINE_FINAL_TYPE (PscOrphansDialog, psc_orphans_dialog, ADW_TYPE_WINDOW)

static guint found_signal;

/* --- what was found ------------------------------------------------------------------------ */

static void
copy_cb (GtkButton *button, GtkLabel *remedy)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)),
                          gtk_label_get_label (remedy));
}

static GtkWidget *
remedy_new (const PscOrphan *orphan)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *remedy = psc_label_new_wrapped (orphan->remedy, "remedy");
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (copy, _ ("Copy what would remove it"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy what would remove it"), -1);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (copy_cb), remedy, 0);
  gtk_box_append (GTK_BOX (box), remedy);
  gtk_box_append (GTK_BOX (box), copy);
  return box;
}

static GtkWidget *
row_new (const PscOrphan *orphan)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_add_css_class (row, "orphan");
  gtk_box_append (GTK_BOX (row), psc_label_new_wrapped (orphan->sentence, NULL));
  if (!orphan->certain)
    gtk_box_append (
        GTK_BOX (row),
        psc_label_new_wrapped (_ ("Not certain: a process that could not be looked at may map it."),
                               "caption"));
  if (*orphan->remedy != '\0')
    gtk_box_append (GTK_BOX (row), remedy_new (orphan));
  return row;
}

static void
clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
show_part (PscOrphansDialog *self, const PscOrphans *found, gboolean own)
{
  GtkBox *box = own ? self->own : self->others;
  guint n = 0;

  clear (box);
  for (guint i = 0; i < found->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (found->orphans, i);

      if (psc_orphan_belongs (orphan, self->pid) == own && n++ < MOST_SHOWN)
        gtk_box_append (box, row_new (orphan));
    }
  gtk_widget_set_visible (GTK_WIDGET (box), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (own ? self->own_title : self->others_title), n > 0);
}

static char *
dup_notes (const PscOrphans *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->notes->len; i++)
    {
      g_autofree char *note = psc_insight_dup_sentence (g_ptr_array_index (found->notes, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", note);
    }
  return g_string_free (text, FALSE);
}

static void
show_found (PscOrphansDialog *self, const PscOrphans *found)
{
  g_autofree char *size = psc_format_size (found->bytes);
  g_autofree char *notes = dup_notes (found);
  g_autofree char *summary = NULL;

  if (found->orphans->len == 0)
    summary = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Nothing is left behind; looked at %u process.",
                     "Nothing is left behind; looked at %u processes.", found->n_processes),
        found->n_processes);
  else
    summary = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%s in %u piece takes memory until somebody removes it.",
                     "%s in %u pieces take memory until somebody removes them.",
                     found->orphans->len),
        size, found->orphans->len);
  gtk_label_set_label (self->summary, summary);
  gtk_label_set_label (self->notes, notes);
  gtk_widget_set_visible (GTK_WIDGET (self->notes), *notes != '\0');
  show_part (self, found, TRUE);
  show_part (self, found, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "found");
}

static void
show_problem (PscOrphansDialog *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->status_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

/* --- looking ------------------------------------------------------------------------------- */

static void
look_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_source_dup_probe (task_data, &error);
  PscOrphans *found = probe != NULL ? psc_orphans_read (probe, NULL, &error) : NULL;

  if (found != NULL)
    {
      g_task_return_pointer (task, found, (GDestroyNotify) psc_orphans_free);
      return;
    }
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN))
    psc_probe_source_forget (task_data, probe);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
set_looking (PscOrphansDialog *self, gboolean looking)
{
  self->looking = looking;
  gtk_widget_set_sensitive (GTK_WIDGET (self->again_button), !looking);
  gtk_spinner_set_spinning (self->spinner, looking);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscOrphansDialog *self = PSC_ORPHANS_DIALOG (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscOrphans) found = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->closed)
    return;
  set_looking (self, FALSE);
  if (found == NULL)
    {
      show_problem (self, error);
      return;
    }
  show_found (self, found);
  g_clear_pointer (&self->found, psc_orphans_free);
  self->found = g_steal_pointer (&found);
  g_signal_emit (self, found_signal, 0);
}

static void
look (PscOrphansDialog *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->looking)
    return;
  set_looking (self, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  task = g_task_new (self, NULL, looked_cb, NULL);
  g_task_set_task_data (task, psc_probe_source_ref (self->source),
                        (GDestroyNotify) psc_probe_source_unref);
  g_task_run_in_thread (task, look_worker);
}

PscOrphans *
psc_orphans_dialog_take (PscOrphansDialog *self)
{
  g_return_val_if_fail (PSC_IS_ORPHANS_DIALOG (self), NULL);

  return g_steal_pointer (&self->found);
}

/* --- the window ---------------------------------------------------------------------------- */

static void
psc_orphans_dialog_dispose (GObject *object)
{
  PscOrphansDialog *self = PSC_ORPHANS_DIALOG (object);

  self->closed = TRUE;
  g_clear_pointer (&self->source, psc_probe_source_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->found, psc_orphans_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PSC_TYPE_ORPHANS_DIALOG);
  G_OBJECT_CLASS (psc_orphans_dialog_parent_class)->dispose (object);
}

static void
psc_orphans_dialog_class_init (PscOrphansDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_orphans_dialog_dispose;
  found_signal = g_signal_new ("found", PSC_TYPE_ORPHANS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/pagescape/Pagescape/psc-orphans-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, again_button);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, status_page);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, notes);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, own_title);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, others_title);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, own);
  gtk_widget_class_bind_template_child (widget_class, PscOrphansDialog, others);
  gtk_widget_class_bind_template_callback (widget_class, look);
}

static void
psc_orphans_dialog_init (PscOrphansDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
psc_orphans_dialog_new (GtkWindow *parent, PscProbeSource *source, gint pid, const char *name)
{
  PscOrphansDialog *self = g_object_new (PSC_TYPE_ORPHANS_DIALOG, "transient-for", parent, NULL);
  g_autofree char *title = g_strdup_printf (_ ("Of %s, %d"), name, pid);

  self->source = psc_probe_source_ref (source);
  self->pid = pid;
  self->name = g_strdup (name);
  gtk_label_set_label (self->own_title, title);
  look (self);
  return GTK_WIDGET (self);
}
