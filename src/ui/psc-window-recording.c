/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#include "psc-compat.h"
#include "psc-format.h"
#include "psc-record-job.h"
#include "psc-recording-age.h"
#include "psc-recording-time.h"
#include "psc-recording.h"

struct _PscWindowRecording
{
  PscRecordJob *job; /* NULL: nothing is recorded */
  GCancellable *opening;
  char *problem; /* why a recording can't be shown; NULL: none */
  char *facts;   /* of the recording that is shown: "recorded on db1"; NULL: none is */
};

/* --- making one ---------------------------------------------------------------------------- */

static void
set_record_state (PscWindow *self, gboolean recording)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "record");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (recording));
}

static void
offer (PscWindow *self, const char *text, PscRecordJob *job)
{
  psc_window_offer (self, text, _ ("Open"), "win.open-file", psc_record_job_get_path (job));
}

static void
say_ended (PscWindow *self, PscRecordJob *job)
{
  g_autofree char *name = g_filename_display_basename (psc_record_job_get_path (job));
  g_autofree char *size = psc_format_size (psc_record_job_get_size (job));
  g_autofree char *text = NULL;
  guint64 n = psc_record_job_get_n_moments (job);

  if (psc_record_job_get_error (job) != NULL)
    {
      if (n > 0)
        offer (self, psc_record_job_get_error (job)->message, job);
      else
        psc_window_say (self, psc_record_job_get_error (job)->message);
      return;
    }
  text = g_strdup_printf (ngettext ("Recorded %" G_GUINT64_FORMAT " moment to %s, %s",
                                    "Recorded %" G_GUINT64_FORMAT " moments to %s, %s", n),
                          n, name, size);
  offer (self, text, job);
}

static void
ended_cb (PscRecordJob *job, PscWindow *self)
{
  /* The window may be on its way out. */
  if (self->recording == NULL)
    return;
  say_ended (self, job);
  if (job != self->recording->job)
    return;
  g_clear_object (&self->recording->job);
  set_record_state (self, FALSE);
  psc_window_update_active (self);
  psc_window_update (self);
}

static void
start_job (PscWindow *self, const char *path)
{
  PscWindowRecording *recording = self->recording;

  if (recording->job != NULL || !psc_window_recording_can_record (self))
    return;
  recording->job = psc_record_job_new (path);
  g_signal_connect_object (recording->job, "changed", G_CALLBACK (psc_window_update_strip), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (recording->job, "ended", G_CALLBACK (ended_cb), self, 0);
  set_record_state (self, TRUE);
  psc_window_update_active (self);
  psc_window_update_strip (self);
}

static void
finish_job (PscWindow *self, const char *reason)
{
  PscRecordJob *job = self->recording->job;

  if (job == NULL)
    return;
  psc_record_job_finish (job, reason);
}

gboolean
psc_window_recording_can_record (PscWindow *self)
{
  PscSessionState state = psc_session_get_state (self->session);

  return state == PSC_SESSION_LIVE || state == PSC_SESSION_PAUSED;
}

gboolean
psc_window_recording_is_on (PscWindow *self)
{
  return self->recording != NULL && self->recording->job != NULL;
}

void
psc_window_recording_add (PscWindow *self, PscSpace *space, PscMoment *moment)
{
  if (psc_window_recording_is_on (self))
    psc_record_job_add (self->recording->job, space, moment);
}

void
psc_window_recording_update (PscWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "record");
  PscSessionState state = psc_session_get_state (self->session);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               psc_window_recording_is_on (self) ||
                                   psc_window_recording_can_record (self));
  if (state >= PSC_SESSION_GONE)
    finish_job (self, state == PSC_SESSION_GONE ? "the process ended" : "it could not be read");
}

char *
psc_window_recording_dup_sign (PscWindow *self)
{
  g_autofree char *size = NULL;

  if (!psc_window_recording_is_on (self))
    return NULL;
  size = psc_format_size (psc_record_job_get_size (self->recording->job));
  return g_strdup_printf (_ ("Recording, %s"), size);
}

static void
save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscWindow *self = PSC_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = psc_compat_save_finish (result, &error);

  if (file != NULL && self->recording != NULL && g_file_peek_path (file) != NULL)
    start_job (self, g_file_peek_path (file));
  else if (file != NULL && self->recording != NULL)
    psc_window_say (self, _ ("A recording is written to a folder of this machine only"));
}

static void
record_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  PscSpace *space = psc_session_get_space (self->session);
  g_autofree char *name = NULL;

  /* The state follows what happens. */
  if (!g_variant_get_boolean (state))
    {
      finish_job (self, "stopped");
      return;
    }
  if (space == NULL)
    return;
  name = psc_recorder_dup_file_name (space);
  psc_compat_save_async (GTK_WINDOW (self), _ ("Record To"), name, save_chosen_cb, NULL);
}

static void
record_to_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  start_job (user_data, g_variant_get_string (parameter, NULL));
}

/* --- showing one --------------------------------------------------------------------------- */

typedef struct
{
  char *path, *time; /* time NULL: the end */
  PscRecording *recording;
  PscTimeline *timeline;
  gint64 time_usec;
} Opening;

static void
opening_free (Opening *opening)
{
  psc_recording_free (opening->recording);
  psc_timeline_free (opening->timeline);
  g_free (opening->path);
  g_free (opening->time);
  g_free (opening);
}

static void
open_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Opening *opening = task_data;
  GError *error = NULL;

  opening->recording = psc_recording_open (opening->path, &error);
  if (opening->recording == NULL ||
      !psc_recording_find_time (opening->recording, opening->time, &opening->time_usec, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  opening->timeline = psc_timeline_copy (psc_recording_get_timeline (opening->recording));
  g_task_return_boolean (task, TRUE);
}

static PscSpace *
load (gpointer data, gint64 time_usec, GError **error)
{
  return psc_recording_load_at (data, time_usec, error);
}

static char *
dup_facts (const PscRecording *recording)
{
  const char *host = psc_recording_get_meta (recording, "host");
  gint64 start_usec = psc_recording_get_time (recording, 0);
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local (start_usec / G_USEC_PER_SEC);
  g_autofree char *day = start != NULL ? g_date_time_format (start, "%x") : g_strdup ("?");

  return g_strdup_printf (_ ("recorded on %s, %s"), host != NULL ? host : "?", day);
}

static void
show_recording (PscWindow *self, Opening *opening)
{
  PscTimeSource source = {
    opening->recording, NULL, load, (GDestroyNotify) psc_recording_free, &psc_recording_past,
    opening->recording
  };
  PscTimeline *timeline = g_steal_pointer (&opening->timeline);

  psc_window_open_process (self, 0);
  self->recording->facts = dup_facts (opening->recording);
  opening->recording = NULL;
  g_action_group_change_action_state (G_ACTION_GROUP (self), "show-timeline",
                                      g_variant_new_boolean (TRUE));
  psc_window_time_set_source (self, timeline, &source);
  if (opening->time != NULL)
    psc_window_travel (self, opening->time_usec);
  psc_window_update (self);
}

/* Where there is nothing else to be seen it has the page. */
static void
refuse (PscWindow *self, const GError *error)
{
  if (psc_window_get_shown_space (self) != NULL || self->in_gallery)
    psc_window_say (self, error->message);
  else
    self->recording->problem = g_strdup (error->message);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscWindow *self = PSC_WINDOW (source);
  Opening *opening = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  /* Another one was opened in the meantime, or the window closed. */
  if (self->recording == NULL ||
      g_task_get_cancellable (G_TASK (result)) != self->recording->opening)
    return;
  g_clear_object (&self->recording->opening);
  if (done)
    show_recording (self, opening);
  else
    refuse (self, error);
  psc_window_update (self);
}

void
psc_window_recording_open (PscWindow *self, const char *word)
{
  PscWindowRecording *recording = self->recording;
  g_autoptr (GTask) task = NULL;
  Opening *opening = g_new0 (Opening, 1);

  psc_recording_split (word, &opening->path, &opening->time);
  g_clear_pointer (&recording->problem, g_free);
  g_clear_object (&recording->opening);
  recording->opening = g_cancellable_new ();
  task = g_task_new (self, recording->opening, opened_cb, NULL);
  g_task_set_task_data (task, opening, (GDestroyNotify) opening_free);
  g_task_run_in_thread (task, open_worker);
  psc_window_update (self);
}

void
psc_window_recording_forget (PscWindow *self)
{
  PscWindowRecording *recording = self->recording;

  finish_job (self, "another process was opened");
  g_clear_object (&recording->opening);
  g_clear_pointer (&recording->problem, g_free);
  g_clear_pointer (&recording->facts, g_free);
}

gboolean
psc_window_recording_is_opening (PscWindow *self)
{
  return self->recording->opening != NULL;
}

const char *
psc_window_recording_get_problem (PscWindow *self)
{
  return self->recording->problem;
}

const char *
psc_window_recording_get_facts (PscWindow *self)
{
  return self->recording->facts;
}

static void
open_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscWindow *self = PSC_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = psc_compat_open_finish (result, &error);

  if (file != NULL && self->recording != NULL && g_file_peek_path (file) != NULL)
    psc_window_recording_open (self, g_file_peek_path (file));
  else if (file != NULL && self->recording != NULL)
    psc_window_say (self, _ ("A recording is opened from a folder of this machine only"));
}

static void
open_recording_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_compat_open_async (GTK_WINDOW (user_data), _ ("Open a Recording"),
                         _ ("Recordings of Pagescape"), PSC_RECORDING_SUFFIX, open_chosen_cb, NULL);
}

static void
open_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_window_recording_open (user_data, g_variant_get_string (parameter, NULL));
}

/* With Shift; many a program then offers to move files, which nobody should do for looking at one,
 * so it is Ctrl and Shift for those: a link. */
static gboolean
is_to_compare (GtkDropTarget *target)
{
  GdkDrop *drop = gtk_drop_target_get_current_drop (target);

  return drop != NULL &&
         (gdk_drop_get_actions (drop) == GDK_ACTION_LINK ||
          (gdk_device_get_modifier_state (gdk_drop_get_device (drop)) & GDK_SHIFT_MASK) != 0);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, PscWindow *self)
{
  const char *path = g_file_peek_path (g_value_get_object (value));

  if (path == NULL)
    return FALSE;
  if (psc_window_get_shown_space (self) != NULL && is_to_compare (target))
    psc_window_compare_with (self, path);
  else
    psc_window_recording_open (self, path);
  return TRUE;
}

/* --- the window ---------------------------------------------------------------------------- */

void
psc_window_recording_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "record", .state = "false", .change_state = record_changed },
    { .name = "record-to", .activate = record_to_action, .parameter_type = "s" },
    { .name = "open-recording", .activate = open_recording_action },
    { .name = "open-file", .activate = open_file_action, .parameter_type = "s" },
  };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY | GDK_ACTION_LINK);

  self->recording = g_new0 (PscWindowRecording, 1);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
psc_window_recording_free (PscWindowRecording *recording)
{
  if (recording == NULL)
    return;
  /* It lives until its file is whole. */
  if (recording->job != NULL)
    psc_record_job_finish (recording->job, "the window was closed");
  g_clear_object (&recording->job);
  g_clear_object (&recording->opening);
  g_free (recording->problem);
  g_free (recording->facts);
  g_free (recording);
}
