/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-compare-private.h"

#include <glib/gi18n-lib.h>

#include "psc-compare-dialog.h"
#include "psc-compat.h"
#include "psc-recording-time.h"
#include "psc-went-dialog.h"

void
psc_window_compare_actions_update (PscWindow *self)
{
  const PscDiff *diff = psc_window_compare_get_diff (self);
  GActionMap *map = G_ACTION_MAP (self);
  GAction *stop = g_action_map_lookup_action (map, "stop-comparing");
  GAction *went = g_action_map_lookup_action (map, "show-went");
  GAction *since = g_action_map_lookup_action (map, "change-since");
  const char *id = self->compare->other != NULL ? "" : psc_since_get_id (self->compare->since);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (stop), self->compare->other != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (went), diff != NULL && diff->n_went > 0);
  g_simple_action_set_state (G_SIMPLE_ACTION (since), g_variant_new_string (id));
}

/* --- actions ------------------------------------------------------------------------------- */

static void
mark_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscSpace *space = psc_window_get_shown_space (self);
  gint64 usec = psc_window_time_get_shown (self);
  gboolean past = psc_window_is_past (self);
  g_autofree char *clock = NULL, *text = NULL;

  if (space == NULL)
    return;
  usec = usec != 0 ? usec : space->time_usec;
  psc_window_compare_set_mark (self, space, usec);
  clock = psc_chart_dup_clock (usec, usec);
  text = past ? g_strdup_printf (_ ("Marked %s. Colour shows what is otherwise at other moments"),
                                 clock) :
                g_strdup (_ ("Marked. Colour shows what changes from now on"));
  psc_window_say_briefly (self, text);
}

static void
mark_at_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_window_compare_mark_at (user_data, g_variant_get_int64 (parameter));
}

static void
since_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;

  self->compare->since = psc_since_from_id (g_variant_get_string (state, NULL));
  if (self->compare->other != NULL)
    {
      psc_window_compare_forget_other (self);
      psc_window_set_lens (self, PSC_LENS_CHANGE);
    }
  psc_window_compare_actions_update (self);
  psc_window_compare_update (self);
}

static void
chosen_process_cb (PscCompareDialog *dialog, gint pid, PscWindow *self)
{
  psc_window_compare_take_other (self, psc_other_new_process (self->compare->source, pid));
}

static void
chosen_word_cb (PscCompareDialog *dialog, const char *word, PscWindow *self)
{
  psc_window_compare_with (self, word);
}

static void
compare_process_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  GtkWidget *dialog = psc_compare_dialog_new (GTK_WINDOW (self), self->session);

  g_signal_connect_object (dialog, "process", G_CALLBACK (chosen_process_cb), self, 0);
  g_signal_connect_object (dialog, "word", G_CALLBACK (chosen_word_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
chosen_file_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscWindow *self = PSC_WINDOW (source);
  g_autoptr (GFile) file = psc_compat_open_finish (result, NULL);

  if (file == NULL || self->compare == NULL)
    return;
  if (g_file_peek_path (file) != NULL)
    psc_window_compare_with (self, g_file_peek_path (file));
  else
    psc_window_say_briefly (self, _ ("A recording is opened from a folder of this machine only"));
}

static void
compare_recording_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_compat_open_async (GTK_WINDOW (user_data), _ ("Compare with a Recording"),
                         _ ("Recordings of Pagescape"), PSC_RECORDING_SUFFIX, chosen_file_cb, NULL);
}

static void
compare_with_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_window_compare_with (user_data, g_variant_get_string (parameter, NULL));
}

static void
stop_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_window_compare_stop (user_data);
}

static void
show_went_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PscWindow *self = user_data;
  PscDiff *diff = psc_window_compare_get_diff (self);
  g_autofree char *words = psc_window_compare_dup_words (self);

  if (diff != NULL)
    gtk_window_present (GTK_WINDOW (psc_went_dialog_new (GTK_WINDOW (self), diff, words)));
}

void
psc_window_compare_actions_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "mark", .activate = mark_action },
    { .name = "mark-at", .activate = mark_at_action, .parameter_type = "x" },
    { .name = "change-since",
      .parameter_type = "s",
      .state = "'mark'",
      .change_state = since_changed },
    { .name = "compare-process", .activate = compare_process_action },
    { .name = "compare-recording", .activate = compare_recording_action },
    { .name = "compare-with", .activate = compare_with_action, .parameter_type = "s" },
    { .name = "stop-comparing", .activate = stop_action },
    { .name = "show-went", .activate = show_went_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  psc_window_compare_actions_update (self);
}
