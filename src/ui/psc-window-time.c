/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-window-private.h"

#include <glib/gi18n-lib.h>

#define TIMELINE_MIN_HEIGHT 128
#define TIMELINE_HEIGHT     172

struct _PscWindowTime
{
  PscTimeKeeper *keeper;
  PscTimeline *timeline;
  gboolean recorded; /* nothing is added */

  PscSpace *last; /* the newest that the timeline knows of */
  gboolean making, again;

  PscSpace *shown;                /* NULL: what is live */
  gint64 shown_usec, wanted_usec; /* moments of the timeline; 0: live */
  gboolean loading;
};

/* --- what is shown ------------------------------------------------------------------------- */

gboolean
psc_window_is_past (PscWindow *self)
{
  return self->time != NULL && self->time->shown != NULL;
}

gboolean
psc_window_time_has_moments (PscWindow *self)
{
  return psc_timeline_get_n_moments (self->time->timeline) > 0;
}

PscTimeKeeper *
psc_window_time_get_keeper (PscWindow *self)
{
  return self->time->keeper;
}

PscSpace *
psc_window_get_shown_space (PscWindow *self)
{
  return psc_window_is_past (self) ? self->time->shown : psc_session_get_space (self->session);
}

gint64
psc_window_time_get_first (PscWindow *self)
{
  const PscTimeline *timeline = self->time->timeline;

  return psc_timeline_get_n_moments (timeline) > 0 ?
             psc_timeline_get_moment (timeline, 0)->time_usec :
             0;
}

gint64
psc_window_time_get_shown (PscWindow *self)
{
  const PscTimeline *timeline = self->time->timeline;
  guint n = psc_timeline_get_n_moments (timeline);
  PscSpace *space = psc_window_get_shown_space (self);
  gint64 last = n > 0 ? psc_timeline_get_moment (timeline, n - 1)->time_usec : 0;

  if (space == NULL)
    return 0;
  /* A snapshot that is live is as it was until the last look. */
  return psc_window_is_past (self) ? self->time->shown_usec : MAX (space->time_usec, last);
}

char *
psc_window_time_dup_sign (PscWindow *self)
{
  g_autofree char *chip = NULL;

  if (!psc_window_is_past (self))
    return NULL;
  chip = psc_timeline_view_dup_chip (self->timeline);
  if (psc_window_age_is_reading (self))
    return g_strdup_printf (_ ("Showing %s · finding out how old its pages are…"), chip);
  return g_strdup_printf (_ ("Showing %s"), chip);
}

/* What is asked for, whether it is there already or not. */
static void
update_wanted (PscWindow *self)
{
  GAction *live = g_action_map_lookup_action (G_ACTION_MAP (self), "live");

  psc_timeline_view_set_shown (self->timeline, self->time->wanted_usec);
  psc_window_growth_travelled (self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (live),
                               self->time->wanted_usec != 0 && !self->time->recorded);
}

static void
show (PscWindow *self)
{
  gboolean past = psc_window_is_past (self);

  update_wanted (self);
  if (past)
    psc_map_view_glow (self->map, NULL, 0);
  psc_session_set_past (self->session, past);
  if (past && !self->time->recorded)
    gtk_widget_add_css_class (GTK_WIDGET (self->map), "past");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->map), "past");
  psc_window_age_show (self);
  psc_window_lens_processes_changed (self);
  psc_window_lens_update (self);
  psc_window_update (self);
}

/* A recording has nothing live: its newest moment is what comes next to it. */
static void
go_to_last (PscWindow *self)
{
  PscTimeline *timeline = self->time->timeline;
  guint n = psc_timeline_get_n_moments (timeline);

  if (n > 0)
    psc_window_travel (self, psc_timeline_get_moment (timeline, n - 1)->time_usec);
}

void
psc_window_go_live (PscWindow *self)
{
  PscWindowTime *time = self->time;

  if (time->recorded)
    go_to_last (self);
  if (time->recorded || time->wanted_usec == 0)
    return;
  time->wanted_usec = time->shown_usec = 0;
  g_clear_pointer (&time->shown, psc_space_unref);
  show (self);
}

/* --- travelling ---------------------------------------------------------------------------- */

typedef struct
{
  PscTimeKeeper *keeper;
  gint64 time_usec;
} Load;

static void
load_free (Load *load)
{
  psc_time_keeper_unref (load->keeper);
  g_free (load);
}

static void
load_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Load *load = task_data;
  GError *error = NULL;
  PscSpace *space = psc_time_keeper_load (load->keeper, load->time_usec, &error);

  if (space != NULL)
    g_task_return_pointer (task, space, (GDestroyNotify) psc_space_unref);
  else
    g_task_return_error (task, error);
}

void
psc_window_time_load_async (PscWindow *self, gint64 time_usec, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->keeper = psc_time_keeper_ref (self->time->keeper);
  load->time_usec = time_usec;
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_worker);
}

PscSpace *
psc_window_time_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void start_load (PscWindow *self);

static void
refuse (PscWindow *self, const GError *error)
{
  PscWindowTime *time = self->time;

  psc_window_say (self, error->message);
  psc_timeline_view_set_playing (self->timeline, FALSE);
  time->wanted_usec = time->shown_usec;
  show (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscWindow) self = user_data;
  const Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = g_task_propagate_pointer (G_TASK (result), &error);
  PscWindowTime *time = self->time;

  /* The window was closed, or shows another process. */
  if (time == NULL || load->keeper != time->keeper)
    return;
  time->loading = FALSE;
  if (time->wanted_usec == 0)
    return;
  if (space != NULL)
    {
      g_clear_pointer (&time->shown, psc_space_unref);
      time->shown = g_steal_pointer (&space);
      time->shown_usec = load->time_usec;
      show (self);
    }
  else if (load->time_usec == time->wanted_usec)
    refuse (self, error);
  if (time->wanted_usec != 0 && time->wanted_usec != load->time_usec)
    start_load (self);
}

/* While one is being loaded the wishes of the meantime are forgotten, but for the last. */
static void
start_load (PscWindow *self)
{
  PscWindowTime *time = self->time;
  g_autoptr (GTask) task = NULL;
  Load *load;

  if (time->loading)
    return;
  time->loading = TRUE;
  load = g_new0 (Load, 1);
  load->keeper = psc_time_keeper_ref (time->keeper);
  load->time_usec = time->wanted_usec;
  task = g_task_new (NULL, NULL, loaded_cb, g_object_ref (self));
  g_task_set_task_data (task, load, (GDestroyNotify) load_free);
  g_task_run_in_thread (task, load_worker);
}

void
psc_window_travel (PscWindow *self, gint64 time_usec)
{
  PscWindowTime *time = self->time;

  if (time->wanted_usec == time_usec || psc_timeline_get_n_moments (time->timeline) == 0)
    return;
  time->wanted_usec = time_usec;
  update_wanted (self);
  start_load (self);
}

/* --- moments ------------------------------------------------------------------------------- */

/* As psc_time_keeper_add() has them. */
typedef struct
{
  PscTimeKeeper *keeper;
  PscSpace *then, *now;
  gint64 time_usec;
  PscMoment *before, *moment;
  GArray *appeared;
} Making;

static void
making_free (Making *making)
{
  psc_time_keeper_unref (making->keeper);
  psc_space_unref (making->then);
  psc_space_unref (making->now);
  psc_moment_unref (making->before);
  psc_moment_unref (making->moment);
  g_clear_pointer (&making->appeared, g_array_unref);
  g_free (making);
}

static void
make_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Making *making = task_data;

  making->moment = psc_time_keeper_add (making->keeper, making->then, making->now, making->before,
                                        making->time_usec, &making->appeared);
  g_task_return_boolean (task, TRUE);
}

static void looked_cb (PscWindow *self);

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PscWindow) self = user_data;
  const Making *making = g_task_get_task_data (G_TASK (result));
  PscWindowTime *time = self->time;

  if (time == NULL || making->keeper != time->keeper)
    return;
  time->making = FALSE;
  psc_timeline_add (time->timeline, making->moment);
  psc_window_recording_add (self, making->now, making->moment);
  psc_space_ref (making->now);
  psc_space_unref (time->last);
  time->last = making->now;
  psc_timeline_view_changed (self->timeline);
  psc_window_growth_add (self);
  psc_window_compare_update (self);
  if (psc_window_is_past (self))
    psc_window_update_strip (self);
  else if (making->appeared != NULL)
    psc_map_view_glow (self->map, (const PscRange *) (gpointer) making->appeared->data,
                       making->appeared->len);
  psc_window_age_update (self);
  if (time->again)
    looked_cb (self);
}

static void
looked_cb (PscWindow *self)
{
  PscWindowTime *time = self->time;
  PscSpace *now = psc_session_get_space (self->session);
  guint n = psc_timeline_get_n_moments (time->timeline);
  g_autoptr (GTask) task = NULL;
  Making *making;

  time->again = time->making;
  if (time->making || time->recorded || now == NULL)
    return;
  time->making = TRUE;
  making = g_new0 (Making, 1);
  making->keeper = psc_time_keeper_ref (time->keeper);
  making->then = time->last != NULL ? psc_space_ref (time->last) : NULL;
  making->now = psc_space_ref (now);
  making->time_usec = g_get_real_time ();
  if (n > 0)
    making->before = psc_moment_ref (psc_timeline_get_moment (time->timeline, n - 1));
  task = g_task_new (NULL, NULL, made_cb, g_object_ref (self));
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  g_task_run_in_thread (task, make_worker);
}

/* --- another past -------------------------------------------------------------------------- */

static void
forget (PscWindowTime *time)
{
  g_clear_pointer (&time->keeper, psc_time_keeper_unref);
  g_clear_pointer (&time->last, psc_space_unref);
  g_clear_pointer (&time->shown, psc_space_unref);
  time->making = time->again = time->loading = FALSE;
  time->shown_usec = time->wanted_usec = 0;
}

static void
begin (PscWindow *self, PscTimeline *timeline, const PscTimeSource *source, gboolean recorded)
{
  PscWindowTime *time = self->time;
  PscTimeline *old = time->timeline;

  psc_window_compare_forget (self);
  psc_window_age_forget (self);
  forget (time);
  time->keeper = psc_time_keeper_new (source);
  time->timeline = timeline;
  time->recorded = recorded;
  psc_timeline_view_set_timeline (self->timeline, timeline);
  psc_window_growth_forget (self);
  psc_timeline_free (old);
}

void
psc_window_time_set_source (PscWindow *self, PscTimeline *timeline, const PscTimeSource *source)
{
  begin (self, timeline, source, TRUE);
  psc_window_time_update (self);
  show (self);
  go_to_last (self);
}

void
psc_window_time_space_changed (PscWindow *self)
{
  /* The session knows nothing of a recording. */
  if (psc_session_get_space (self->session) == NULL && !self->time->recorded)
    psc_window_time_forget (self);
}

void
psc_window_time_forget (PscWindow *self)
{
  PscTimeSource source = psc_time_source_new_live ();

  begin (self, psc_timeline_new (), &source, FALSE);
  psc_session_set_past (self->session, FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->map), "past");
}

void
psc_window_time_update (PscWindow *self)
{
  PscSessionState state = psc_session_get_state (self->session);
  gboolean goes_on = !self->time->recorded && state <= PSC_SESSION_PAUSED;
  const char *word = _ ("Live");

  if (self->time->recorded)
    word = _ ("Recording");
  else if (state == PSC_SESSION_PAUSED)
    word = _ ("Paused");
  else if (state == PSC_SESSION_GONE)
    word = _ ("Ended");
  else if (!goes_on)
    word = _ ("Not live");
  psc_timeline_view_set_goes_on (self->timeline, goes_on, word);
  psc_window_time_update_visible (self);
}

/* --- the window ---------------------------------------------------------------------------- */

/* A page that says why there is nothing to see needs no timeline of it. */
static gboolean
has_past (PscWindow *self)
{
  PscSessionState state = psc_session_get_state (self->session);

  return self->time->recorded || psc_window_get_shown_space (self) != NULL ||
         state == PSC_SESSION_LOADING || psc_window_recording_is_opening (self);
}

void
psc_window_time_update_visible (PscWindow *self)
{
  g_autoptr (GVariant) shown =
      g_action_group_get_action_state (G_ACTION_GROUP (self), "show-timeline");

  gtk_widget_set_visible (GTK_WIDGET (self->timeline),
                          g_variant_get_boolean (shown) && !self->in_gallery &&
                              self->session != NULL && has_past (self));
}

/* What can't be seen can't say that it is the past. */
static void
show_timeline_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  PscWindow *self = user_data;
  gboolean shown = g_variant_get_boolean (state);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!shown && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->timeline)))
    gtk_widget_grab_focus (GTK_WIDGET (self->map));
  g_simple_action_set_state (action, state);
  psc_window_time_update_visible (self);
  if (!shown && self->session != NULL && !self->time->recorded)
    psc_window_go_live (self);
}

static void
live_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  psc_window_go_live (user_data);
}

static void
travel_cb (PscWindow *self, gint64 time_usec)
{
  psc_window_travel (self, time_usec);
}

static void
patterns_changed_cb (PscWindow *self)
{
  psc_timeline_view_set_patterns (self->timeline, psc_map_view_get_patterns (self->map));
}

/* As with the table: as high as is remembered until the user moves the handle. */
static void
handle_moved_cb (PscWindow *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self->timeline), -1, TIMELINE_MIN_HEIGHT);
}

void
psc_window_time_save (PscWindow *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->timeline));

  if (gtk_widget_get_visible (GTK_WIDGET (self->timeline)) && height > 0)
    g_settings_set_int (self->settings, "timeline-height", MAX (height, TIMELINE_MIN_HEIGHT));
}

void
psc_window_time_install (PscWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-timeline", .state = "true", .change_state = show_timeline_changed },
    { .name = "live", .activate = live_action },
  };
  PscTimeSource source = psc_time_source_new_live ();
  int height = TIMELINE_HEIGHT;

  self->time = g_new0 (PscWindowTime, 1);
  begin (self, psc_timeline_new (), &source, FALSE);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "live")), FALSE);
  if (self->settings != NULL)
    height = g_settings_get_int (self->settings, "timeline-height");
  gtk_widget_set_size_request (GTK_WIDGET (self->timeline), -1, MAX (height, TIMELINE_MIN_HEIGHT));
  g_signal_connect_object (self->time_paned, "notify::position-set", G_CALLBACK (handle_moved_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "travel", G_CALLBACK (travel_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "live", G_CALLBACK (psc_window_go_live), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->map, "view-changed", G_CALLBACK (patterns_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

void
psc_window_time_start (PscWindow *self)
{
  g_signal_connect_swapped (self->session, "looked", G_CALLBACK (looked_cb), self);
}

void
psc_window_time_free (PscWindowTime *time)
{
  if (time == NULL)
    return;
  forget (time);
  psc_timeline_free (time->timeline);
  g_free (time);
}
