/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-cold-job.h"

#include <glib/gi18n-lib.h>

#define TICK_MSEC 100

struct _PscColdJob
{
  GObject parent_instance;

  PscWatch *watch;
  PscSpace *space; /* as the window knew it */
  gint64 wait_usec;

  PscColdPhase phase;
  gboolean cancelled;
  guint timer;
  gint64 cleared_usec; /* monotonic */
  gint64 clear_usec;   /* it took */
  gint64 time_usec, span_usec;
  PscCold *cold;
  GError *error;
};

G_DEFINE_FINAL_TYPE (PscColdJob, psc_cold_job, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_phase (PscColdJob *self, PscColdPhase phase)
{
  self->phase = phase;
  g_signal_emit (self, signals[CHANGED], 0);
  if (phase == PSC_COLD_ENDED)
    g_signal_emit (self, signals[ENDED], 0);
}

/* --- what blocks --------------------------------------------------------------------------- */

/* Of one step: which watch, whom it must find there, what came of it. */
typedef struct
{
  PscWatch *watch;
  PscSpace *space;
  gint64 clear_usec;
  gint64 time_usec;
  PscCold *cold;
} Step;

static void
step_free (Step *step)
{
  psc_watch_drop (step->watch);
  psc_space_unref (step->space);
  psc_cold_free (step->cold);
  g_free (step);
}

/* The process as this probe has it; NULL when the PID is another's by now. */
static PscSpace *
capture (const Step *step, PscSmapsPolicy smaps, GError **error)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (PscSpace) space = NULL;

  options.smaps = smaps;
  space = psc_watch_capture (step->watch, &options, error);
  if (space == NULL || space->start_time == step->space->start_time)
    return g_steal_pointer (&space);
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE,
               _ ("Process %d has ended, and its number is another one’s by now"),
               step->space->pid);
  return NULL;
}

static void
clear_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Step *step = task_data;
  GError *error = NULL;
  g_autoptr (PscSpace) space = capture (step, PSC_SMAPS_NEVER, &error);

  if (space != NULL && psc_watch_clear_referenced (step->watch, &step->clear_usec, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
return_cold (GTask *task, const Step *step, GError *error)
{
  if (step->cold != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
read_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Step *step = task_data;
  GError *error = NULL;
  g_autoptr (PscSpace) space = capture (step, PSC_SMAPS_ALWAYS, &error);

  step->time_usec = g_get_real_time ();
  if (space != NULL)
    {
      step->cold = psc_cold_new (space);
      if (step->cold == NULL)
        g_set_error (&error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
                     _ ("Can’t read smaps of process %d, which tells what was touched"),
                     space->pid);
    }
  return_cold (task, step, error);
}

static void
frames_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Step *step = task_data;
  GError *error = NULL;
  g_autoptr (PscSpace) space = capture (step, PSC_SMAPS_NEVER, &error);

  if (space != NULL)
    step->cold = psc_watch_read_cold_frames (step->watch, space, &error);
  step->time_usec = g_get_real_time ();
  return_cold (task, step, error);
}

static void
start (PscColdJob *self, GTaskThreadFunc worker, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, NULL);
  Step *step = g_new0 (Step, 1);

  step->watch = psc_watch_ref (self->watch);
  step->space = psc_space_ref (self->space);
  g_task_set_task_data (task, step, (GDestroyNotify) step_free);
  g_task_run_in_thread (task, worker);
}

/* --- step by step -------------------------------------------------------------------------- */

/* Is there something to go on with? */
static gboolean
finish (PscColdJob *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->cancelled)
    return FALSE;
  if (done)
    return TRUE;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  set_phase (self, PSC_COLD_ENDED);
  return FALSE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscColdJob *self = PSC_COLD_JOB (source);
  Step *step = g_task_get_task_data (G_TASK (result));

  if (!finish (self, result))
    return;
  self->cold = g_steal_pointer (&step->cold);
  self->time_usec = step->time_usec;
  if (self->cleared_usec != 0)
    self->span_usec = g_get_monotonic_time () - self->cleared_usec;
  set_phase (self, PSC_COLD_ENDED);
}

static gboolean
tick_cb (gpointer user_data)
{
  PscColdJob *self = user_data;

  if (g_get_monotonic_time () < self->cleared_usec + self->wait_usec)
    {
      g_signal_emit (self, signals[CHANGED], 0);
      return G_SOURCE_CONTINUE;
    }
  self->timer = 0;
  set_phase (self, PSC_COLD_READING);
  start (self, read_worker, read_cb);
  return G_SOURCE_REMOVE;
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscColdJob *self = PSC_COLD_JOB (source);
  const Step *step = g_task_get_task_data (G_TASK (result));

  if (!finish (self, result))
    return;
  self->clear_usec = step->clear_usec;
  self->cleared_usec = g_get_monotonic_time ();
  self->timer = g_timeout_add (TICK_MSEC, tick_cb, self);
  set_phase (self, PSC_COLD_WAITING);
}

/* --- what it tells ------------------------------------------------------------------------- */

PscColdPhase
psc_cold_job_get_phase (PscColdJob *self)
{
  return self->phase;
}

double
psc_cold_job_get_progress (PscColdJob *self, gint64 *left_usec)
{
  gint64 waited_usec = self->cleared_usec != 0 ? g_get_monotonic_time () - self->cleared_usec : 0;

  waited_usec = CLAMP (waited_usec, 0, self->wait_usec);
  if (left_usec != NULL)
    *left_usec = self->wait_usec - waited_usec;
  return self->wait_usec > 0 ? (double) waited_usec / (double) self->wait_usec : 0;
}

const GError *
psc_cold_job_get_error (PscColdJob *self)
{
  return self->error;
}

PscCold *
psc_cold_job_take_cold (PscColdJob *self)
{
  return g_steal_pointer (&self->cold);
}

gint64
psc_cold_job_get_time (PscColdJob *self, gint64 *span_usec)
{
  if (span_usec != NULL)
    *span_usec = self->span_usec;
  return self->time_usec;
}

gint64
psc_cold_job_get_clear_usec (PscColdJob *self)
{
  return self->clear_usec;
}

void
psc_cold_job_cancel (PscColdJob *self)
{
  g_return_if_fail (PSC_IS_COLD_JOB (self));

  self->cancelled = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
}

/* --- the object ---------------------------------------------------------------------------- */

static void
psc_cold_job_finalize (GObject *object)
{
  PscColdJob *self = PSC_COLD_JOB (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  psc_watch_drop (self->watch);
  psc_space_unref (self->space);
  psc_cold_free (self->cold);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (psc_cold_job_parent_class)->finalize (object);
}

static void
psc_cold_job_class_init (PscColdJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_cold_job_finalize;
  signals[CHANGED] = g_signal_new ("changed", PSC_TYPE_COLD_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", PSC_TYPE_COLD_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
psc_cold_job_init (PscColdJob *self)
{
}

PscColdJob *
psc_cold_job_new (const char *root, const char *via, PscSpace *space, gint64 wait_usec)
{
  static const char *const may_clear[] = { "--may-clear-referenced", NULL };
  PscColdJob *self = g_object_new (PSC_TYPE_COLD_JOB, NULL);
  g_autoptr (PscProbeSource) source =
      psc_probe_source_new_with (root, via, wait_usec > 0 ? may_clear : NULL);

  self->space = psc_space_ref (space);
  self->wait_usec = wait_usec;
  self->watch = psc_watch_new (source, space->pid);
  self->phase = wait_usec > 0 ? PSC_COLD_CLEARING : PSC_COLD_READING;
  if (wait_usec > 0)
    start (self, clear_worker, cleared_cb);
  else
    start (self, frames_worker, read_cb);
  return self;
}
