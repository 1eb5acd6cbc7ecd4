/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-other.h"

#include <string.h>

#include "psc-format.h"
#include "psc-recording-time.h"
#include "psc-recording.h"

struct _PscOther
{
  gatomicrefcount ref_count;
  PscProbeSource *source;
  char *path, *time;  /* of a recording; time NULL: its end */
  char *file;         /* for people; NULL: a process */
  char *name;         /* of a process whose PID is not known yet */
  PscWatch *watch;    /* NULL until it is; then of the worker while it reads */
  guint64 start_time; /* of the process that was read; 0: none */
};

static PscOther *
other_new (PscProbeSource *source)
{
  PscOther *self = g_new0 (PscOther, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->source = psc_probe_source_ref (source);
  return self;
}

PscOther *
psc_other_new_process (PscProbeSource *source, gint pid)
{
  PscOther *self = other_new (source);

  self->watch = psc_watch_new (source, pid);
  return self;
}

PscOther *
psc_other_new (PscProbeSource *source, const char *word)
{
  PscOther *self;
  guint64 pid;

  if (*word != '\0' && strspn (word, "0123456789") == strlen (word) &&
      g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT, &pid, NULL))
    return psc_other_new_process (source, (gint) pid);
  self = other_new (source);
  if (psc_recording_is_named (word))
    {
      g_autofree char *base = NULL;

      psc_recording_split (word, &self->path, &self->time);
      base = g_path_get_basename (self->path);
      self->file = psc_format_name (base, -1);
    }
  else
    self->name = g_strdup (word);
  return self;
}

PscOther *
psc_other_ref (PscOther *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
psc_other_unref (PscOther *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  psc_watch_drop (self->watch);
  psc_probe_source_unref (self->source);
  g_free (self->path);
  g_free (self->time);
  g_free (self->file);
  g_free (self->name);
  g_free (self);
}

const char *
psc_other_get_file (const PscOther *self)
{
  return self->file;
}

/* --- the worker ---------------------------------------------------------------------------- */

static PscSpace *
read_recording (PscOther *self, GError **error)
{
  g_autoptr (PscRecording) recording = psc_recording_open (self->path, error);
  gint64 time_usec;

  if (recording == NULL || !psc_recording_find_time (recording, self->time, &time_usec, error))
    return NULL;
  return psc_recording_load_at (recording, time_usec, error);
}

static gboolean
find_process (PscOther *self, GError **error)
{
  PscProcessTable *table;
  const PscProcess *process;

  if (self->watch != NULL)
    return TRUE;
  table = psc_process_table_new (self->source, error);
  if (table == NULL)
    return FALSE;
  process = psc_recording_find_process (table->processes, self->name, error);
  if (process != NULL)
    self->watch = psc_watch_new (self->source, process->pid);
  psc_process_table_unref (table);
  return process != NULL;
}

static PscSpace *
read_process (PscOther *self, GError **error)
{
  PscSpace *space =
      find_process (self, error) ? psc_watch_capture (self->watch, NULL, error) : NULL;

  if (space == NULL)
    return NULL;
  if (self->start_time == 0)
    self->start_time = space->start_time;
  if (self->start_time == space->start_time)
    return space;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE, "Process %d has ended", space->pid);
  psc_space_unref (space);
  return NULL;
}

static void
read_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  PscOther *self = task_data;
  GError *error = NULL;
  PscSpace *space =
      self->path != NULL ? read_recording (self, &error) : read_process (self, &error);

  if (space != NULL)
    g_task_return_pointer (task, space, (GDestroyNotify) psc_space_unref);
  else
    g_task_return_error (task, error);
}

void
psc_other_read_async (PscOther *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, psc_other_ref (self), (GDestroyNotify) psc_other_unref);
  g_task_run_in_thread (task, read_worker);
}

PscSpace *
psc_other_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
