/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "psc-window-private.h"

#include "psc-cold-dialog.h"

/* What is not used: asked for by the user alone, see PscColdDialog. */
struct _PscWindowCold
{
  char *root, *via;
  PscColdDialog *dialog; /* a weak pointer */
};

static void
found_cb (PscColdDialog *dialog, PscWindow *self)
{
  gint64 time_usec, span_usec;
  PscCold *cold = psc_cold_dialog_take (dialog, &time_usec, &span_usec);

  psc_insight_take_cold (psc_window_get_insight (self), cold, time_usec, span_usec);
  psc_window_growth_again (self);
}

static void
chosen_cb (PscColdDialog *dialog, guint64 start, PscWindow *self)
{
  const PscMapping *mapping;

  psc_map_view_select (self->map, start);
  mapping = psc_map_view_get_selected (self->map);
  if (mapping != NULL)
    psc_map_view_show_range (self->map, mapping->start, mapping->end);
}

static void
unused_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscWindowCold *cold = self->cold;
  PscSpace *space = psc_session_get_space (self->session);
  PscProcessTable *table = psc_session_get_table (self->session);
  GtkWidget *dialog;

  if (space == NULL)
    return;
  if (cold->dialog != NULL)
    {
      gtk_window_present (GTK_WINDOW (cold->dialog));
      return;
    }
  dialog = psc_cold_dialog_new (GTK_WINDOW (self), cold->root, cold->via, space,
                                table != NULL && table->sees_flags);
  g_set_weak_pointer (&cold->dialog, PSC_COLD_DIALOG (dialog));
  g_signal_connect_object (dialog, "found", G_CALLBACK (found_cb), self, 0);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (chosen_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
psc_window_cold_forget (PscWindow *self)
{
  if (self->cold->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->cold->dialog));
}

/* What was recorded touches nothing any more. */
void
psc_window_cold_update (PscWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "unused");
  PscWatch *watch = psc_session_get_watch (self->session);
  PscSessionState state = psc_session_get_state (self->session);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               psc_session_get_space (self->session) != NULL && watch != NULL &&
                                   !psc_watch_is_recorded (watch) &&
                                   (state == PSC_SESSION_LIVE || state == PSC_SESSION_PAUSED));
}

void
psc_window_cold_install (PscWindow *self)
{
  static const GActionEntry entries[] = { { .name = "unused", .activate = unused_action } };

  self->cold = g_new0 (PscWindowCold, 1);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

void
psc_window_cold_start (PscWindow *self, const char *root, const char *via)
{
  self->cold->root = g_strdup (root);
  self->cold->via = g_strdup (via);
}

void
psc_window_cold_free (PscWindowCold *cold)
{
  if (cold == NULL)
    return;
  g_clear_weak_pointer (&cold->dialog);
  g_free (cold->root);
  g_free (cold->via);
  g_free (cold);
}
