/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-find-bar.h"

#include <glib/gi18n-lib.h>

/* While nothing is looked for. */
static const char hint[] =
    N_ ("An address, a range, a name, a thread, heap, stack, rwx, w+x, deleted…");

struct _PscFindBar
{
  GtkWidget parent_instance;

  GtkRevealer *revealer; /* the only child */
  GtkSearchEntry *entry;
  GtkButton *previous_button, *next_button;
  GtkLabel *count_label, *meaning_label;
  char *result;
};

G_DEFINE_FINAL_TYPE (PscFindBar, psc_find_bar, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  STEP_NEXT,
  STEP_PREVIOUS,
  CLOSE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (PscFindBar *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activate_cb (PscFindBar *self)
{
  g_signal_emit (self, signals[STEP_NEXT], 0);
}

static void
previous_cb (PscFindBar *self)
{
  g_signal_emit (self, signals[STEP_PREVIOUS], 0);
}

static void
close_cb (PscFindBar *self)
{
  g_signal_emit (self, signals[CLOSE], 0);
}

/* What the entry makes nothing of. */
static gboolean
key_cb (PscFindBar *self, guint key, guint code, GdkModifierType state)
{
  gboolean is_enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;

  if (!is_enter || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_SHIFT_MASK)
    return FALSE;
  previous_cb (self);
  return TRUE;
}

void
psc_find_bar_open (PscFindBar *self)
{
  g_return_if_fail (PSC_IS_FIND_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self->revealer), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

void
psc_find_bar_close (PscFindBar *self)
{
  g_return_if_fail (PSC_IS_FIND_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

gboolean
psc_find_bar_is_open (PscFindBar *self)
{
  g_return_val_if_fail (PSC_IS_FIND_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

const char *
psc_find_bar_get_text (PscFindBar *self)
{
  g_return_val_if_fail (PSC_IS_FIND_BAR (self), "");

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void
psc_find_bar_set_result (PscFindBar *self, const char *count, const char *meaning)
{
  gboolean both = *count != '\0' && *meaning != '\0';
  g_autofree char *result = NULL;

  g_return_if_fail (PSC_IS_FIND_BAR (self));

  result =
      both ? g_strdup_printf (_ ("%s · %s"), count, meaning) : g_strconcat (count, meaning, NULL);
  if (g_strcmp0 (result, self->result) == 0)
    return;
  gtk_label_set_label (self->count_label, count);
  gtk_label_set_label (self->meaning_label,
                       *result != '\0' ? meaning : g_dgettext (GETTEXT_PACKAGE, hint));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->meaning_label), *meaning != '\0' ? meaning : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->count_label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  result, -1);
  g_free (self->result);
  self->result = g_steal_pointer (&result);
}

const char *
psc_find_bar_get_result (PscFindBar *self)
{
  g_return_val_if_fail (PSC_IS_FIND_BAR (self), "");

  return self->result;
}

void
psc_find_bar_set_can_step (PscFindBar *self, gboolean can_step)
{
  g_return_if_fail (PSC_IS_FIND_BAR (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->previous_button), can_step);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), can_step);
}

/* A bar that has slid out takes no focus. */
static void
revealed_cb (PscFindBar *self)
{
  if (!gtk_revealer_get_child_revealed (self->revealer) &&
      !gtk_revealer_get_reveal_child (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self->revealer), FALSE);
}

static void
psc_find_bar_dispose (GObject *object)
{
  g_clear_pointer (&PSC_FIND_BAR (object)->result, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PSC_TYPE_FIND_BAR);
  G_OBJECT_CLASS (psc_find_bar_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
                                               "/io/github/pagescape/Pagescape/psc-find-bar.ui");
  gtk_widget_class_bind_template_child (klass, PscFindBar, revealer);
  gtk_widget_class_bind_template_child (klass, PscFindBar, entry);
  gtk_widget_class_bind_template_child (klass, PscFindBar, previous_button);
  gtk_widget_class_bind_template_child (klass, PscFindBar, next_button);
  gtk_widget_class_bind_template_child (klass, PscFindBar, count_label);
  gtk_widget_class_bind_template_child (klass, PscFindBar, meaning_label);
  gtk_widget_class_bind_template_callback (klass, changed_cb);
  gtk_widget_class_bind_template_callback (klass, activate_cb);
  gtk_widget_class_bind_template_callback (klass, previous_cb);
  gtk_widget_class_bind_template_callback (klass, close_cb);
  gtk_widget_class_bind_template_callback (klass, key_cb);
}

static void
psc_find_bar_class_init (PscFindBarClass *klass)
{
  static const char *const names[] = { "changed", "step-next", "step-previous", "close" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = psc_find_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], PSC_TYPE_FIND_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
  bind_template (widget_class);
}

static void
psc_find_bar_init (PscFindBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->revealer), FALSE);
  psc_find_bar_set_result (self, "", "");
  g_signal_connect_object (self->revealer, "notify::child-revealed", G_CALLBACK (revealed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
psc_find_bar_new (void)
{
  return g_object_new (PSC_TYPE_FIND_BAR, NULL);
}
