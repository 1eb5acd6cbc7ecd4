/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-session.h"

#include "psc-budget.h"

#define TARGET_INTERVAL_USEC (1 * G_USEC_PER_SEC)
#define LIST_INTERVAL_USEC   (2 * G_USEC_PER_SEC)
/* What smaps was measured to cost: so much for each 4 GiB that are resident in small pages, and so
 * much for each mapping. */
#define SMAPS_UNIT             (G_GUINT64_CONSTANT (4) << 30)
#define SMAPS_USEC_PER_UNIT    45000.0
#define SMAPS_USEC_PER_MAPPING 3.0

struct _PscSession
{
  GObject parent_instance;

  PscProbeSource *list_source;
  PscProbeSource *target_source;
  gboolean active, paused, stopped;
  gboolean past; /* is on screen */

  PscProcessTable *table;
  GError *list_error;
  gboolean list_busy, list_again;
  guint list_timer;

  PscWatch *watch; /* NULL: none */
  PscSessionState state;
  GError *error;
  PscSpace *space;
  gboolean capture_busy, capture_again; /* of this watch */
  gboolean capture_fresh;               /* the next one is to be made anew */
  PscBudget budget;                     /* of this watch */
  gint64 capture_began_usec, interval_usec;
  guint capture_timer;
  gboolean details_busy; /* of this watch */
  PscSpace *details;
  GError *details_error;
};

G_DEFINE_FINAL_TYPE (PscSession, psc_session, G_TYPE_OBJECT)

enum
{
  PROCESSES_CHANGED,
  SPACE_CHANGED,
  LOOKED,
  STATE_CHANGED,
  DETAILS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void start_list (PscSession *self);
static void start_capture (PscSession *self);

static guint
add_timer (gint64 usec, GSourceFunc func, gpointer user_data)
{
  return g_timeout_add ((guint) (MAX (usec, 0) / 1000), func, user_data);
}

static gboolean
list_timer_cb (gpointer user_data)
{
  PscSession *self = user_data;

  self->list_timer = 0;
  start_list (self);
  return G_SOURCE_REMOVE;
}

static gboolean
capture_timer_cb (gpointer user_data)
{
  PscSession *self = user_data;

  self->capture_timer = 0;
  start_capture (self);
  return G_SOURCE_REMOVE;
}

static void
list_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  PscProcessTable *table = psc_process_table_new (task_data, &error);

  if (table != NULL)
    g_task_return_pointer (task, table, (GDestroyNotify) psc_process_table_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
list_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscSession *self = PSC_SESSION (source);
  g_autoptr (GError) error = NULL;
  PscProcessTable *table = g_task_propagate_pointer (G_TASK (result), &error);

  self->list_busy = FALSE;
  if (self->stopped)
    {
      psc_process_table_unref (table);
      return;
    }
  g_clear_error (&self->list_error);
  if (table != NULL)
    {
      g_clear_pointer (&self->table, psc_process_table_unref);
      self->table = table;
    }
  else
    self->list_error = g_steal_pointer (&error);

  if (self->list_again)
    start_list (self);
  else if (self->active && self->list_timer == 0)
    self->list_timer = add_timer (LIST_INTERVAL_USEC, list_timer_cb, self);
  g_signal_emit (self, signals[PROCESSES_CHANGED], 0);
}

static void
start_list (PscSession *self)
{
  g_autoptr (GTask) task = NULL;

  self->list_again = self->list_busy;
  if (self->list_busy || self->stopped)
    return;
  g_clear_handle_id (&self->list_timer, g_source_remove);
  self->list_busy = TRUE;
  task = g_task_new (self, NULL, list_done_cb, NULL);
  g_task_set_task_data (task, psc_probe_source_ref (self->list_source),
                        (GDestroyNotify) psc_probe_source_unref);
  g_task_run_in_thread (task, list_worker);
}

static void
set_state (PscSession *self, PscSessionState state, GError *error)
{
  gboolean changed = self->state != state || (error == NULL) != (self->error == NULL) ||
                     (error != NULL && g_strcmp0 (error->message, self->error->message) != 0);

  g_clear_error (&self->error);
  self->error = error;
  self->state = state;
  if (changed)
    g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static PscSessionState
state_of_error (const GError *error)
{
  if (error->domain != PSC_PROBE_ERROR)
    return PSC_SESSION_FAILED;
  switch (error->code)
    {
    case PSC_PROBE_ERROR_GONE:
      return PSC_SESSION_GONE;
    case PSC_PROBE_ERROR_DENIED:
      return PSC_SESSION_DENIED;
    case PSC_PROBE_ERROR_NO_MEMORY_MAP:
      return PSC_SESSION_NO_MEMORY_MAP;
    default:
      return PSC_SESSION_FAILED;
    }
}

/* What a capture's worker is told, and tells. */
typedef struct
{
  PscWatch *watch; /* a reference */
  guint hold_usec;
  gboolean fresh; /* the user asked: the last snapshot won't do, whatever the counters say */
  PscCost cost;
} Capture;

static void
capture_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Capture *capture = task_data;
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  options.hold_usec = capture->hold_usec;
  if (capture->fresh)
    options.reuse_usec = 0;
  space = psc_watch_capture (capture->watch, &options, &error);
  psc_watch_get_cost (capture->watch, &capture->cost);
  if (space != NULL)
    g_task_return_pointer (task, space, (GDestroyNotify) psc_space_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
take_space (PscSession *self, PscSpace *space, const PscCost *cost)
{
  psc_budget_add (&self->budget, cost);
  self->interval_usec = psc_budget_next_delay_usec (&self->budget, TARGET_INTERVAL_USEC);
  if (space == self->space)
    psc_space_unref (space);
  else
    {
      psc_space_unref (self->space);
      self->space = space;
      g_signal_emit (self, signals[SPACE_CHANGED], 0);
    }
  g_signal_emit (self, signals[LOOKED], 0);
  set_state (self, PSC_SESSION_LIVE, NULL);
}

static void
schedule_capture (PscSession *self)
{
  gint64 due_usec;

  if (!self->active || self->paused || self->capture_busy || self->capture_timer != 0 ||
      self->watch == NULL)
    return;
  if (self->state != PSC_SESSION_LIVE && self->state != PSC_SESSION_LOADING)
    return;
  due_usec = self->capture_began_usec + self->interval_usec;
  self->capture_timer = add_timer (due_usec - g_get_monotonic_time (), capture_timer_cb, self);
}

static void
capture_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscSession *self = PSC_SESSION (source);
  const Capture *capture = g_task_get_task_data (G_TASK (result));
  PscWatch *watch = capture->watch;
  g_autoptr (GError) error = NULL;
  PscSpace *space = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->stopped || watch != self->watch)
    {
      psc_space_unref (space);
      psc_watch_drop (watch);
      return;
    }
  psc_watch_unref (watch);
  self->capture_busy = FALSE;
  if (space != NULL)
    take_space (self, space, &capture->cost);
  else
    set_state (self, state_of_error (error), g_error_copy (error));

  if (self->capture_again)
    start_capture (self);
  else
    schedule_capture (self);
}

static void
start_capture (PscSession *self)
{
  g_autoptr (GTask) task = NULL;
  Capture *capture;

  self->capture_again = self->capture_busy;
  if (self->capture_busy || self->stopped || self->watch == NULL)
    return;
  g_clear_handle_id (&self->capture_timer, g_source_remove);
  self->capture_busy = TRUE;
  self->capture_began_usec = g_get_monotonic_time ();
  task = g_task_new (self, NULL, capture_done_cb, NULL);
  capture = g_new0 (Capture, 1);
  capture->watch = psc_watch_ref (self->watch);
  capture->hold_usec = psc_budget_get_hold_usec (&self->budget);
  capture->fresh = self->capture_fresh;
  self->capture_fresh = FALSE;
  g_task_set_task_data (task, capture, g_free);
  g_task_run_in_thread (task, capture_worker);
}

/* --- details ------------------------------------------------------------------------------- */

static void
details_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  options.smaps = PSC_SMAPS_ALWAYS;
  space = psc_watch_capture (task_data, &options, &error);
  if (space != NULL)
    g_task_return_pointer (task, space, (GDestroyNotify) psc_space_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
details_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscSession *self = PSC_SESSION (source);
  PscWatch *watch = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  PscSpace *space = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->stopped || watch != self->watch)
    {
      psc_space_unref (space);
      psc_watch_drop (watch);
      return;
    }
  psc_watch_unref (watch);
  self->details_busy = FALSE;
  g_clear_error (&self->details_error);
  if (space != NULL)
    {
      psc_space_unref (self->details);
      self->details = space;
    }
  else
    self->details_error = g_error_copy (error);
  g_signal_emit (self, signals[DETAILS_CHANGED], 0);
  if (error != NULL && state_of_error (error) == PSC_SESSION_GONE)
    set_state (self, PSC_SESSION_GONE, g_steal_pointer (&error));
}

void
psc_session_read_details (PscSession *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PSC_IS_SESSION (self));

  if (!psc_session_can_read_details (self))
    return;
  self->details_busy = TRUE;
  task = g_task_new (self, NULL, details_done_cb, NULL);
  g_task_set_task_data (task, psc_watch_ref (self->watch), NULL);
  g_task_run_in_thread (task, details_worker);
  g_signal_emit (self, signals[DETAILS_CHANGED], 0);
}

static void
forget_details (PscSession *self)
{
  self->details_busy = FALSE;
  g_clear_pointer (&self->details, psc_space_unref);
  g_clear_error (&self->details_error);
}

gboolean
psc_session_can_read_details (PscSession *self)
{
  return !self->details_busy && !self->stopped && self->watch != NULL && !self->past &&
         self->state == PSC_SESSION_LIVE;
}

gboolean
psc_session_is_reading_details (PscSession *self)
{
  return self->details_busy;
}

PscSpace *
psc_session_get_details (PscSession *self)
{
  return self->past ? NULL : self->details;
}

const GError *
psc_session_get_details_error (PscSession *self)
{
  return self->details_error;
}

gint64
psc_session_estimate_details_usec (const PscSpace *space)
{
  guint64 small = space->totals.resident - MIN (space->totals.huge, space->totals.resident);

  return (gint64) ((double) small / (double) SMAPS_UNIT * SMAPS_USEC_PER_UNIT +
                   space->n_mappings * SMAPS_USEC_PER_MAPPING);
}

/* --- the session --------------------------------------------------------------------------- */

PscSession *
psc_session_new (const char *root, const char *via)
{
  PscSession *self = g_object_new (PSC_TYPE_SESSION, NULL);

  self->list_source = psc_probe_source_new (root, via);
  self->target_source = psc_probe_source_new (root, via);
  return self;
}

void
psc_session_set_active (PscSession *self, gboolean active)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  if (self->active == active || self->stopped)
    return;
  self->active = active;
  if (active)
    {
      start_list (self);
      schedule_capture (self);
    }
  else
    {
      g_clear_handle_id (&self->list_timer, g_source_remove);
      g_clear_handle_id (&self->capture_timer, g_source_remove);
    }
}

void
psc_session_set_paused (PscSession *self, gboolean paused)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  if (self->paused == paused)
    return;
  self->paused = paused;
  if (paused)
    g_clear_handle_id (&self->capture_timer, g_source_remove);
  else
    schedule_capture (self);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

gboolean
psc_session_get_paused (PscSession *self)
{
  return self->paused;
}

void
psc_session_set_past (PscSession *self, gboolean past)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  if (self->past == past)
    return;
  self->past = past;
  g_signal_emit (self, signals[DETAILS_CHANGED], 0);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

gboolean
psc_session_get_past (PscSession *self)
{
  return self->past;
}

void
psc_session_open (PscSession *self, gint pid)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  if (self->stopped)
    return;
  psc_watch_drop (g_steal_pointer (&self->watch));
  g_clear_handle_id (&self->capture_timer, g_source_remove);
  self->capture_busy = FALSE;
  self->capture_again = FALSE;
  self->capture_fresh = FALSE;
  self->paused = FALSE;
  self->budget = (PscBudget) PSC_BUDGET_DEFAULT;
  self->interval_usec = TARGET_INTERVAL_USEC;
  forget_details (self);
  if (self->space != NULL)
    {
      g_clear_pointer (&self->space, psc_space_unref);
      g_signal_emit (self, signals[SPACE_CHANGED], 0);
    }
  if (pid > 0)
    self->watch = psc_watch_new (self->target_source, pid);
  set_state (self, pid > 0 ? PSC_SESSION_LOADING : PSC_SESSION_IDLE, NULL);
  g_signal_emit (self, signals[STATE_CHANGED], 0);
  start_capture (self);
}

void
psc_session_refresh (PscSession *self)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  start_list (self);
  /* Its last moment is what is shown, and its PID may be another process by now. */
  if (self->state == PSC_SESSION_GONE && self->space != NULL)
    return;
  self->capture_fresh = TRUE;
  start_capture (self);
}

void
psc_session_stop (PscSession *self)
{
  g_return_if_fail (PSC_IS_SESSION (self));

  self->stopped = TRUE;
  self->active = FALSE;
  g_clear_handle_id (&self->list_timer, g_source_remove);
  g_clear_handle_id (&self->capture_timer, g_source_remove);
  psc_watch_drop (g_steal_pointer (&self->watch));
}

PscSessionState
psc_session_get_state (PscSession *self)
{
  g_return_val_if_fail (PSC_IS_SESSION (self), PSC_SESSION_IDLE);

  if (self->state == PSC_SESSION_LIVE && self->paused)
    return PSC_SESSION_PAUSED;
  return self->state;
}

PscWatch *
psc_session_get_watch (PscSession *self)
{
  return self->watch;
}

const GError *
psc_session_get_error (PscSession *self)
{
  return self->error;
}

gint
psc_session_get_pid (PscSession *self)
{
  return self->watch != NULL ? psc_watch_get_pid (self->watch) : 0;
}

PscSpace *
psc_session_get_space (PscSession *self)
{
  return self->space;
}

PscProcessTable *
psc_session_get_table (PscSession *self)
{
  return self->table;
}

const GError *
psc_session_get_list_error (PscSession *self)
{
  return self->list_error;
}

gint64
psc_session_get_interval_usec (PscSession *self)
{
  return self->interval_usec;
}

static void
psc_session_finalize (GObject *object)
{
  PscSession *self = PSC_SESSION (object);

  g_clear_handle_id (&self->list_timer, g_source_remove);
  g_clear_handle_id (&self->capture_timer, g_source_remove);
  psc_watch_drop (g_steal_pointer (&self->watch));
  forget_details (self);
  g_clear_pointer (&self->table, psc_process_table_unref);
  g_clear_pointer (&self->space, psc_space_unref);
  g_clear_pointer (&self->list_source, psc_probe_source_unref);
  g_clear_pointer (&self->target_source, psc_probe_source_unref);
  g_clear_error (&self->list_error);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (psc_session_parent_class)->finalize (object);
}

static void
psc_session_class_init (PscSessionClass *klass)
{
  static const char *const names[] = { "processes-changed", "space-changed", "looked",
                                       "state-changed", "details-changed" };

  G_OBJECT_CLASS (klass)->finalize = psc_session_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], PSC_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
psc_session_init (PscSession *self)
{
  self->budget = (PscBudget) PSC_BUDGET_DEFAULT;
  self->interval_usec = TARGET_INTERVAL_USEC;
}
