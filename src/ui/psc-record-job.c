/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include "psc-record-job.h"

/* What a worker is told to do, and what came of it. */
typedef struct
{
  PscRecorder **recorder; /* that of the job: one worker at a time has it */
  char *path;             /* set: make the recorder */
  PscSpace *space;
  PscMoment *moment; /* set: add it */
  char *reason;      /* set: finish */
  guint64 n_moments, size;
} Step;

struct _PscRecordJob
{
  GObject parent_instance;

  char *path;
  PscRecorder *recorder; /* NULL: not made yet, or closed */
  GQueue steps;          /* Step, still to be done */
  gboolean busy, finishing, ended;
  GError *error;
  guint64 n_moments, size;
};

G_DEFINE_FINAL_TYPE (PscRecordJob, psc_record_job, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
step_free (Step *step)
{
  g_free (step->path);
  psc_space_unref (step->space);
  psc_moment_unref (step->moment);
  g_free (step->reason);
  g_free (step);
}

static gboolean
finish (const Step *step, GError **error)
{
  gboolean done = psc_recorder_finish (*step->recorder, step->reason, error);

  g_clear_pointer (step->recorder, psc_recorder_free);
  return done;
}

static void
step_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Step *step = task_data;
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (step->path != NULL)
    done = (*step->recorder = psc_recorder_new (step->path, TRUE, &error)) != NULL;
  else
    done = step->moment == NULL ||
           psc_recorder_add (*step->recorder, step->space, step->moment, &error);
  if (*step->recorder != NULL)
    {
      step->n_moments = psc_recorder_get_n_moments (*step->recorder);
      step->size = psc_recorder_get_size (*step->recorder);
    }
  if (done && step->reason != NULL)
    done = finish (step, &error);
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void next (PscRecordJob *self);

static void
end (PscRecordJob *self)
{
  GApplication *application = g_application_get_default ();

  self->ended = TRUE;
  g_queue_clear_full (&self->steps, (GDestroyNotify) step_free);
  g_signal_emit (self, signals[ENDED], 0);
  if (application != NULL)
    g_application_release (application);
  g_object_unref (self);
}

static void
step_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscRecordJob *self = PSC_RECORD_JOB (source);
  const Step *step = g_task_get_task_data (G_TASK (result));
  gboolean done = g_task_propagate_boolean (G_TASK (result), &self->error);

  self->busy = FALSE;
  if (step->n_moments > 0)
    {
      self->n_moments = step->n_moments;
      self->size = step->size;
    }
  if (!done || step->reason != NULL)
    {
      end (self);
      return;
    }
  g_signal_emit (self, signals[CHANGED], 0);
  next (self);
}

static void
next (PscRecordJob *self)
{
  Step *step = self->busy ? NULL : g_queue_pop_head (&self->steps);
  g_autoptr (GTask) task = NULL;

  if (step == NULL)
    return;
  self->busy = TRUE;
  task = g_task_new (self, NULL, step_done_cb, NULL);
  g_task_set_task_data (task, step, (GDestroyNotify) step_free);
  g_task_run_in_thread (task, step_worker);
}

/* Takes what is in the step. */
static void
push (PscRecordJob *self, const Step *what)
{
  Step *step = g_memdup2 (what, sizeof *what);

  step->recorder = &self->recorder;
  g_queue_push_tail (&self->steps, step);
  next (self);
}

void
psc_record_job_add (PscRecordJob *self, PscSpace *space, PscMoment *moment)
{
  g_return_if_fail (PSC_IS_RECORD_JOB (self));

  if (!self->finishing && !self->ended)
    push (self, &(Step){ .space = psc_space_ref (space), .moment = psc_moment_ref (moment) });
}

void
psc_record_job_finish (PscRecordJob *self, const char *reason)
{
  g_return_if_fail (PSC_IS_RECORD_JOB (self));

  if (self->finishing || self->ended)
    return;
  self->finishing = TRUE;
  push (self, &(Step){ .reason = g_strdup (reason) });
}

const char *
psc_record_job_get_path (PscRecordJob *self)
{
  return self->path;
}

const GError *
psc_record_job_get_error (PscRecordJob *self)
{
  return self->error;
}

gboolean
psc_record_job_is_finishing (PscRecordJob *self)
{
  return self->finishing || self->ended;
}

guint64
psc_record_job_get_n_moments (PscRecordJob *self)
{
  return self->n_moments;
}

guint64
psc_record_job_get_size (PscRecordJob *self)
{
  return self->size;
}

static void
psc_record_job_finalize (GObject *object)
{
  PscRecordJob *self = PSC_RECORD_JOB (object);

  psc_recorder_free (self->recorder);
  g_clear_error (&self->error);
  g_free (self->path);
  G_OBJECT_CLASS (psc_record_job_parent_class)->finalize (object);
}

static void
psc_record_job_class_init (PscRecordJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_record_job_finalize;
  signals[CHANGED] = g_signal_new ("changed", PSC_TYPE_RECORD_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", PSC_TYPE_RECORD_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
psc_record_job_init (PscRecordJob *self)
{
  g_queue_init (&self->steps);
}

PscRecordJob *
psc_record_job_new (const char *path)
{
  PscRecordJob *self = g_object_new (PSC_TYPE_RECORD_JOB, NULL);
  GApplication *application = g_application_get_default ();

  self->path = g_strdup (path);
  /* Both until it has ended. */
  g_object_ref (self);
  if (application != NULL)
    g_application_hold (application);
  push (self, &(Step){ .path = g_strdup (path) });
  return self;
}
