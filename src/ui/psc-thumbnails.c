/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-thumbnails.h"

#include <gio/gio.h>

#include "psc-budget.h"

/* What first pictures may take of one core. */
#define FIRST_SHARE 0.5
/* A process that changes all the time is drawn no more often than this. */
#define LEAST_AGE_USEC (1 * G_USEC_PER_SEC)
/* Not everything that a picture shows moves a counter (guard pages, pages that became huge). */
#define MOST_AGE_USEC (30 * G_USEC_PER_SEC)
/* What is asked for the share of a core, in slots of a second. */
#define N_SLOTS 10

typedef struct
{
  gint pid;
  guint64 start_time;
  gboolean tried;
  PscThumbnail thumbnail;   /* of the last attempt; nothing before there was one */
  PscThumbnailLook look;    /* likewise */
  guint64 resident, faults; /* of the process, as the picture was begun */
  gint64 least_age_usec;    /* so that refreshes hold its lock for no more than a share of time */
  guint64 used;             /* the set_wanted() that asked for it last */
} Entry;

struct _PscThumbnails
{
  GObject parent_instance;

  PscProbeSource *source;
  gboolean active, stopped, busy;
  guint timer;

  PscProcessTable *table;
  GHashTable *processes; /* pid to PscProcess, borrowed from the table */
  GHashTable *entries;   /* pid to Entry */
  GArray *wanted;        /* gint */
  guint64 n_wantings, n_captures;
  PscThumbnailLook look;
  gsize n_bytes;

  PscBudget budget;
  gint64 began_usec, work_usec; /* of the last picture */
  gint64 slots_usec[N_SLOTS];   /* work by second */
  gint64 slot;                  /* the second that slots_usec[slot % N_SLOTS] is of */
};

G_DEFINE_FINAL_TYPE (PscThumbnails, psc_thumbnails, G_TYPE_OBJECT)

static guint changed_signal;

static void consider (PscThumbnails *self);

/* --- what came of it ----------------------------------------------------------------------- */

static gsize
surface_bytes (cairo_surface_t *surface)
{
  if (surface == NULL)
    return 0;
  return (gsize) cairo_image_surface_get_stride (surface) *
         (gsize) cairo_image_surface_get_height (surface);
}

static void
entry_drop (PscThumbnails *self, Entry *entry)
{
  self->n_bytes -= surface_bytes (entry->thumbnail.surface);
  psc_thumbnail_clear (&entry->thumbnail);
  g_free (entry);
}

static void
forget (PscThumbnails *self, gint pid)
{
  Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (pid));

  if (entry == NULL)
    return;
  g_hash_table_remove (self->entries, GINT_TO_POINTER (pid));
  entry_drop (self, entry);
  g_signal_emit (self, changed_signal, 0, pid);
}

static Entry *
find_least_used (PscThumbnails *self)
{
  GHashTableIter iter;
  gpointer value;
  Entry *least = NULL;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->used == self->n_wantings || entry->thumbnail.surface == NULL)
        continue;
      if (least == NULL || entry->used < least->used)
        least = entry;
    }
  return least;
}

static void
keep_bound (PscThumbnails *self)
{
  Entry *least;

  while (self->n_bytes > PSC_THUMBNAILS_MAX_BYTES && (least = find_least_used (self)) != NULL)
    forget (self, least->pid);
}

static PscThumbnailState
state_of_error (const GError *error)
{
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED))
    return PSC_THUMBNAIL_DENIED;
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP))
    return PSC_THUMBNAIL_NO_MEMORY_MAP;
  return PSC_THUMBNAIL_FAILED;
}

/* The entry that the job was for; NULL when its process is not there any more. */
static Entry *
find_entry (PscThumbnails *self, const PscThumbnailJob *job)
{
  Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (job->pid));

  return entry != NULL && entry->start_time == job->start_time ? entry : NULL;
}

static void
take_result (PscThumbnails *self, Entry *entry, PscThumbnailJob *job, const GError *error)
{
  self->n_bytes -= surface_bytes (entry->thumbnail.surface);
  psc_thumbnail_clear (&entry->thumbnail);
  entry->thumbnail = job->thumbnail;
  job->thumbnail = (PscThumbnail){ 0 };
  entry->thumbnail.time_usec = g_get_monotonic_time ();
  if (error != NULL)
    {
      entry->thumbnail.state = state_of_error (error);
      entry->thumbnail.problem = g_strdup (error->message);
    }
  self->n_bytes += surface_bytes (entry->thumbnail.surface);
  entry->tried = TRUE;
  entry->look = job->look;
  entry->resident = job->resident;
  entry->faults = job->faults;
  entry->least_age_usec =
      MAX (LEAST_AGE_USEC, (gint64) ((double) job->cost.held_usec / PSC_BUDGET_HELD));
  g_signal_emit (self, changed_signal, 0, job->pid);
  keep_bound (self);
}

static void
advance_slots (PscThumbnails *self)
{
  gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;

  for (gint64 second = MAX (self->slot + 1, now - N_SLOTS + 1); second <= now; second++)
    self->slots_usec[second % N_SLOTS] = 0;
  self->slot = now;
}

static void
account (PscThumbnails *self, const PscThumbnailJob *job)
{
  self->work_usec = MAX (job->cost.probe_usec, 0) + job->cost.core_usec;
  advance_slots (self);
  self->slots_usec[self->slot % N_SLOTS] += self->work_usec;
  psc_budget_add (&self->budget, &job->cost);
}

static void
picture_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PscThumbnails *self = PSC_THUMBNAILS (source);
  PscThumbnailJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  Entry *entry;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->busy = FALSE;
  if (self->stopped)
    return;
  account (self, job);
  entry = find_entry (self, job);
  /* One that ended meanwhile: the next table won't have it. */
  if (entry != NULL && g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE))
    {
      entry->tried = TRUE;
      entry->thumbnail.time_usec = g_get_monotonic_time ();
    }
  else if (entry != NULL)
    take_result (self, entry, job, error);
  consider (self);
}

/* --- which is next ------------------------------------------------------------------------- */

static gboolean
same_look (const PscThumbnailLook *a, const PscThumbnailLook *b)
{
  return a->width == b->width && a->height == b->height && a->scale == b->scale &&
         a->lens == b->lens && a->theme == b->theme && a->low_at_top == b->low_at_top;
}

/* How soon a picture is to be made. */
typedef enum
{
  RANK_FIRST,
  RANK_OTHER_LOOK,
  RANK_CHANGED,
  RANK_OLD,
  RANK_NOTHING,
} Rank;

static Rank
rank_of (PscThumbnails *self, const Entry *entry, const PscProcess *process, gint64 now_usec)
{
  guint64 faults = process->minflt + process->majflt;
  gint64 age_usec;

  if (entry == NULL || !entry->tried)
    return RANK_FIRST;
  age_usec = now_usec - entry->thumbnail.time_usec;
  if (entry->thumbnail.surface != NULL && !same_look (&entry->look, &self->look))
    return RANK_OTHER_LOOK;
  if (entry->thumbnail.surface != NULL && age_usec >= entry->least_age_usec &&
      (entry->resident != process->resident || entry->faults != faults))
    return RANK_CHANGED;
  return age_usec >= MOST_AGE_USEC ? RANK_OLD : RANK_NOTHING;
}

static const PscProcess *
find_process (PscThumbnails *self, gint pid)
{
  const PscProcess *process = g_hash_table_lookup (self->processes, GINT_TO_POINTER (pid));

  if (process == NULL || process->kernel_thread ||
      !psc_process_table_may_read (self->table, process->uid))
    return NULL;
  return process;
}

static const PscProcess *
choose (PscThumbnails *self, Rank *best_rank)
{
  gint64 now_usec = g_get_monotonic_time (), best_usec = 0;
  const PscProcess *best = NULL;

  *best_rank = RANK_NOTHING;
  for (guint i = 0; i < self->wanted->len; i++)
    {
      gint pid = g_array_index (self->wanted, gint, i);
      const PscProcess *process = find_process (self, pid);
      const Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (pid));
      gint64 time_usec = entry != NULL ? entry->thumbnail.time_usec : 0;
      Rank rank = process != NULL ? rank_of (self, entry, process, now_usec) : RANK_NOTHING;

      if (rank > *best_rank || rank == RANK_NOTHING ||
          (rank == *best_rank && time_usec >= best_usec))
        continue;
      best = process;
      *best_rank = rank;
      best_usec = time_usec;
    }
  return best;
}

static Entry *
ensure_entry (PscThumbnails *self, const PscProcess *process)
{
  Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (process->pid));

  if (entry != NULL)
    return entry;
  entry = g_new0 (Entry, 1);
  entry->pid = process->pid;
  entry->start_time = process->start_time;
  entry->used = self->n_wantings;
  g_hash_table_insert (self->entries, GINT_TO_POINTER (process->pid), entry);
  return entry;
}

static void
picture_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (psc_thumbnail_job_run (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start (PscThumbnails *self, const PscProcess *process)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, picture_done_cb, NULL);
  PscThumbnailJob *job = psc_thumbnail_job_new (self->source, process);

  ensure_entry (self, process);
  job->look = self->look;
  job->hold_usec = psc_budget_get_hold_usec (&self->budget);
  self->busy = TRUE;
  self->n_captures++;
  self->began_usec = g_get_monotonic_time ();
  g_task_set_task_data (task, job, (GDestroyNotify) psc_thumbnail_job_free);
  g_task_run_in_thread (task, picture_worker);
}

static gboolean
timer_cb (gpointer user_data)
{
  PscThumbnails *self = user_data;

  self->timer = 0;
  consider (self);
  return G_SOURCE_REMOVE;
}

/* Begins the next picture, or waits until it may begin. When there is none to make the next table
 * asks again. */
static void
consider (PscThumbnails *self)
{
  gint64 delay_usec, wait_usec;
  const PscProcess *next;
  Rank found;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (!self->active || self->stopped || self->busy || self->look.width == 0)
    return;
  next = choose (self, &found);
  if (next == NULL)
    return;
  if (found <= RANK_OTHER_LOOK)
    delay_usec = (gint64) ((double) self->work_usec / FIRST_SHARE);
  else
    delay_usec = psc_budget_next_delay_usec (&self->budget, 0);
  wait_usec = self->began_usec + delay_usec - g_get_monotonic_time ();
  if (wait_usec > 0)
    self->timer = g_timeout_add ((guint) (wait_usec / 1000) + 1, timer_cb, self);
  else
    start (self, next);
}

/* --- what is asked for --------------------------------------------------------------------- */

PscThumbnails *
psc_thumbnails_new (PscProbeSource *source)
{
  PscThumbnails *self = g_object_new (PSC_TYPE_THUMBNAILS, NULL);

  self->source = psc_probe_source_ref (source);
  return self;
}

void
psc_thumbnails_set_active (PscThumbnails *self, gboolean active)
{
  g_return_if_fail (PSC_IS_THUMBNAILS (self));

  self->active = active;
  consider (self);
}

void
psc_thumbnails_set_look (PscThumbnails *self, const PscThumbnailLook *look)
{
  g_return_if_fail (PSC_IS_THUMBNAILS (self));

  if (same_look (&self->look, look))
    return;
  self->look = *look;
  consider (self);
}

static gboolean
is_alive (PscThumbnails *self, const Entry *entry)
{
  const PscProcess *process = g_hash_table_lookup (self->processes, GINT_TO_POINTER (entry->pid));

  return process != NULL && process->start_time == entry->start_time;
}

static void
forget_gone (PscThumbnails *self)
{
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (!is_alive (self, entry))
        g_array_append_val (gone, entry->pid);
    }
  for (guint i = 0; i < gone->len; i++)
    forget (self, g_array_index (gone, gint, i));
}

void
psc_thumbnails_set_table (PscThumbnails *self, PscProcessTable *table)
{
  g_return_if_fail (PSC_IS_THUMBNAILS (self));
  g_return_if_fail (table != NULL);

  psc_process_table_ref (table);
  g_hash_table_remove_all (self->processes);
  psc_process_table_unref (self->table);
  self->table = table;
  for (guint i = 0; i < table->processes->len; i++)
    {
      PscProcess *process = g_ptr_array_index (table->processes, i);

      g_hash_table_insert (self->processes, GINT_TO_POINTER (process->pid), process);
    }
  forget_gone (self);
  consider (self);
}

void
psc_thumbnails_set_wanted (PscThumbnails *self, const gint *pids, guint n)
{
  g_return_if_fail (PSC_IS_THUMBNAILS (self));

  self->n_wantings++;
  g_array_set_size (self->wanted, 0);
  g_array_append_vals (self->wanted, pids, n);
  for (guint i = 0; i < n; i++)
    {
      Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (pids[i]));

      if (entry != NULL)
        entry->used = self->n_wantings;
    }
  consider (self);
}

const PscThumbnail *
psc_thumbnails_lookup (PscThumbnails *self, gint pid)
{
  Entry *entry = g_hash_table_lookup (self->entries, GINT_TO_POINTER (pid));

  if (entry == NULL || !entry->tried)
    return NULL;
  if (entry->thumbnail.state == PSC_THUMBNAIL_READY && entry->thumbnail.surface == NULL)
    return NULL;
  return &entry->thumbnail;
}

double
psc_thumbnails_get_share (PscThumbnails *self)
{
  gint64 work_usec = 0;

  advance_slots (self);
  for (guint i = 0; i < N_SLOTS; i++)
    work_usec += self->slots_usec[i];
  return (double) work_usec / (N_SLOTS * G_USEC_PER_SEC);
}

guint64
psc_thumbnails_get_n_captures (PscThumbnails *self)
{
  return self->n_captures;
}

gsize
psc_thumbnails_get_bytes (PscThumbnails *self)
{
  return self->n_bytes;
}

void
psc_thumbnails_stop (PscThumbnails *self)
{
  g_return_if_fail (PSC_IS_THUMBNAILS (self));

  self->stopped = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void
psc_thumbnails_finalize (GObject *object)
{
  PscThumbnails *self = PSC_THUMBNAILS (object);
  GHashTableIter iter;
  gpointer value;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    entry_drop (self, value);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->processes, g_hash_table_unref);
  g_clear_pointer (&self->table, psc_process_table_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->source, psc_probe_source_unref);
  G_OBJECT_CLASS (psc_thumbnails_parent_class)->finalize (object);
}

static void
psc_thumbnails_class_init (PscThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = psc_thumbnails_finalize;
  changed_signal = g_signal_new ("changed", PSC_TYPE_THUMBNAILS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
psc_thumbnails_init (PscThumbnails *self)
{
  self->processes = g_hash_table_new (NULL, NULL);
  self->entries = g_hash_table_new (NULL, NULL);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint));
  self->budget = (PscBudget) PSC_BUDGET_DEFAULT;
  /* Each picture holds another process: least_age_usec minds that. */
  self->budget.held = 1;
}
