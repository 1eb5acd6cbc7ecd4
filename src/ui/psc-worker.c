/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-worker.h"

/* capabilities(7): who has it may read any process. */
#define CAP_SYS_PTRACE 19
/* Who has these sees page frames, and their flags in a file that is root's. */
#define CAP_DAC_OVERRIDE    1
#define CAP_DAC_READ_SEARCH 2
#define CAP_SYS_ADMIN       21

struct _PscProbeSource
{
  gatomicrefcount ref_count;
  GMutex lock; /* guards probe */
  char *root;
  char *via;
  char **extra;
  PscProbe *probe;
};

PscProbeSource *
psc_probe_source_new (const char *root, const char *via)
{
  return psc_probe_source_new_with (root, via, NULL);
}

PscProbeSource *
psc_probe_source_new_with (const char *root, const char *via, const char *const *extra)
{
  PscProbeSource *source = g_new0 (PscProbeSource, 1);

  g_atomic_ref_count_init (&source->ref_count);
  g_mutex_init (&source->lock);
  source->root = g_strdup (root);
  source->via = g_strdup (via);
  source->extra = g_strdupv ((char **) extra);
  return source;
}

PscProbeSource *
psc_probe_source_ref (PscProbeSource *source)
{
  g_atomic_ref_count_inc (&source->ref_count);
  return source;
}

void
psc_probe_source_unref (PscProbeSource *source)
{
  if (source == NULL || !g_atomic_ref_count_dec (&source->ref_count))
    return;
  g_clear_pointer (&source->probe, psc_probe_unref);
  g_mutex_clear (&source->lock);
  g_free (source->root);
  g_free (source->via);
  g_strfreev (source->extra);
  g_free (source);
}

PscProbe *
psc_probe_source_dup_probe (PscProbeSource *source, GError **error)
{
  PscProbe *probe;

  g_mutex_lock (&source->lock);
  if (source->probe == NULL)
    source->probe = psc_probe_new_via_with (source->via, source->root,
                                            (const char *const *) source->extra, error);
  probe = source->probe != NULL ? psc_probe_ref (source->probe) : NULL;
  g_mutex_unlock (&source->lock);
  return probe;
}

void
psc_probe_source_forget (PscProbeSource *source, PscProbe *probe)
{
  g_mutex_lock (&source->lock);
  if (source->probe == probe)
    g_clear_pointer (&source->probe, psc_probe_unref);
  g_mutex_unlock (&source->lock);
}

static void
forget_if_broken (PscProbeSource *source, PscProbe *probe, const GError *error)
{
  if (g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN))
    psc_probe_source_forget (source, probe);
}

static const char *
user_name (PscProbe *probe, GHashTable *names, guint uid)
{
  const char *name = g_hash_table_lookup (names, GUINT_TO_POINTER (uid));
  g_autofree char *found = NULL;

  if (name != NULL)
    return name;
  found = psc_user_dup_name (probe, uid);
  name = g_intern_string (found);
  g_hash_table_insert (names, GUINT_TO_POINTER (uid), (gpointer) name);
  return name;
}

static void
set_users (PscProcessTable *table, PscProbe *probe)
{
  g_autoptr (GHashTable) names = g_hash_table_new (NULL, NULL);

  table->users = g_new (const char *, MAX (table->processes->len, 1));
  for (guint i = 0; i < table->processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (table->processes, i);

      table->users[i] = user_name (probe, names, process->uid);
    }
}

static gboolean
has_capability (const PscHost *host, guint capability)
{
  return host->capabilities >> capability & 1;
}

static void
set_frames (PscProcessTable *table, const PscHost *host)
{
  table->sees_frames = !table->is_recorded && has_capability (host, CAP_SYS_ADMIN);
  table->sees_flags =
      table->sees_frames && (host->uid == 0 || has_capability (host, CAP_DAC_OVERRIDE) ||
                             has_capability (host, CAP_DAC_READ_SEARCH));
}

PscProcessTable *
psc_process_table_new (PscProbeSource *source, GError **error)
{
  g_autoptr (PscProbe) probe = psc_probe_source_dup_probe (source, error);
  g_autoptr (GError) local_error = NULL;
  PscProcessTable *table;
  GPtrArray *processes;
  const PscHost *host;

  if (probe == NULL)
    return NULL;
  processes = psc_process_list (probe, &local_error);
  if (processes == NULL)
    {
      forget_if_broken (source, probe, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  host = psc_probe_get_host (probe);
  table = g_new0 (PscProcessTable, 1);
  g_atomic_ref_count_init (&table->ref_count);
  table->processes = processes;
  table->uid = host->uid;
  table->reads_all = source->root != NULL || has_capability (host, CAP_SYS_PTRACE);
  table->is_local = source->root == NULL && source->via == NULL;
  table->is_recorded = source->root != NULL;
  set_frames (table, host);
  set_users (table, probe);
  return table;
}

PscProcessTable *
psc_process_table_ref (PscProcessTable *table)
{
  g_atomic_ref_count_inc (&table->ref_count);
  return table;
}

void
psc_process_table_unref (PscProcessTable *table)
{
  if (table == NULL || !g_atomic_ref_count_dec (&table->ref_count))
    return;
  g_ptr_array_unref (table->processes);
  g_free (table->users);
  g_free (table);
}

gboolean
psc_process_table_may_read (const PscProcessTable *table, guint uid)
{
  return table->reads_all || table->uid == uid;
}

struct _PscWatch
{
  gatomicrefcount ref_count;
  PscProbeSource *source;
  gint pid;
  GMutex lock;       /* one conversation at a time; guards what follows */
  PscProbe *probe;   /* NULL: not open */
  PscTarget *target; /* likewise */
  GError *gone;      /* once it has ended: its PID may be another's by now */
};

PscWatch *
psc_watch_new (PscProbeSource *source, gint pid)
{
  PscWatch *watch = g_new0 (PscWatch, 1);

  g_atomic_ref_count_init (&watch->ref_count);
  g_mutex_init (&watch->lock);
  watch->source = psc_probe_source_ref (source);
  watch->pid = pid;
  return watch;
}

PscWatch *
psc_watch_ref (PscWatch *watch)
{
  g_atomic_ref_count_inc (&watch->ref_count);
  return watch;
}

static void
watch_close (PscWatch *watch)
{
  g_clear_pointer (&watch->target, psc_target_free);
  g_clear_pointer (&watch->probe, psc_probe_unref);
}

void
psc_watch_unref (PscWatch *watch)
{
  if (watch == NULL || !g_atomic_ref_count_dec (&watch->ref_count))
    return;
  watch_close (watch);
  g_clear_error (&watch->gone);
  g_mutex_clear (&watch->lock);
  psc_probe_source_unref (watch->source);
  g_free (watch);
}

static void
drop_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  psc_watch_unref (task_data);
  g_task_return_boolean (task, TRUE);
}

void
psc_watch_drop (PscWatch *watch)
{
  g_autoptr (GTask) task = NULL;

  if (watch == NULL)
    return;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, watch, NULL);
  g_task_run_in_thread (task, drop_worker);
}

gint
psc_watch_get_pid (const PscWatch *watch)
{
  return watch->pid;
}

gboolean
psc_watch_is_recorded (const PscWatch *watch)
{
  return watch->source->root != NULL;
}

static PscSpace *
capture (PscWatch *watch, const PscCaptureOptions *options, GError **error)
{
  if (watch->gone != NULL)
    {
      g_propagate_error (error, g_error_copy (watch->gone));
      return NULL;
    }
  if (watch->probe == NULL)
    watch->probe = psc_probe_source_dup_probe (watch->source, error);
  if (watch->probe == NULL)
    return NULL;
  if (watch->target == NULL)
    watch->target = psc_target_new (watch->probe, watch->pid, error);
  if (watch->target == NULL)
    return NULL;
  return psc_target_capture (watch->target, options, error);
}

static PscSpace *
capture_or_close (PscWatch *watch, const PscCaptureOptions *options, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PscSpace *space = capture (watch, options, &local_error);

  if (space != NULL)
    return space;
  if (watch->probe != NULL)
    forget_if_broken (watch->source, watch->probe, local_error);
  if (watch->target != NULL && g_error_matches (local_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE))
    watch->gone = g_error_copy (local_error);
  /* The next attempt begins from the start: the process may have become readable, or the probe may
   * have to be started anew. */
  watch_close (watch);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

PscSpace *
psc_watch_capture (PscWatch *watch, const PscCaptureOptions *options, GError **error)
{
  PscSpace *space;

  g_mutex_lock (&watch->lock);
  space = capture_or_close (watch, options, error);
  g_mutex_unlock (&watch->lock);
  return space;
}

void
psc_watch_get_cost (PscWatch *watch, PscCost *cost)
{
  *cost = (PscCost){ 0 };
  g_mutex_lock (&watch->lock);
  if (watch->target != NULL)
    psc_target_get_cost (watch->target, cost);
  g_mutex_unlock (&watch->lock);
}

static gboolean
check_is_open (PscWatch *watch, GError **error)
{
  if (watch->target != NULL)
    return TRUE;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE,
               "Process %d is not being read any more", watch->pid);
  return FALSE;
}

static PscInspection *
inspect (PscWatch *watch, guint64 address, GError **error)
{
  g_autoptr (PscInspection) inspection = NULL;

  if (!check_is_open (watch, error))
    return NULL;
  inspection = psc_target_inspect (watch->target, address, 1, error);
  if (inspection == NULL || inspection->n_pages > 0)
    return g_steal_pointer (&inspection);
  /* The end of pagemap: beyond it is the kernel's half, and of a left address space nothing. */
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED,
               "The kernel tells nothing of this page.");
  return NULL;
}

PscInspection *
psc_watch_inspect (PscWatch *watch, guint64 address, GError **error)
{
  PscInspection *inspection;

  g_mutex_lock (&watch->lock);
  inspection = inspect (watch, address, error);
  g_mutex_unlock (&watch->lock);
  return inspection;
}

/* For what only a running process has. */
static gboolean
check_is_live (PscWatch *watch, GError **error)
{
  if (psc_watch_is_recorded (watch))
    {
      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_UNSUPPORTED,
                   "A recording has no page frames");
      return FALSE;
    }
  return check_is_open (watch, error);
}

PscFrames *
psc_watch_read_frames (PscWatch *watch, const PscSpace *space, guint64 start, guint64 end,
                       guint max_pages, GError **error)
{
  PscFrames *frames = NULL;

  g_mutex_lock (&watch->lock);
  if (check_is_live (watch, error))
    frames = psc_target_read_frames (watch->target, space, start, end, max_pages, error);
  g_mutex_unlock (&watch->lock);
  return frames;
}

PscTraits *
psc_watch_read_shared (PscWatch *watch, const PscSpace *space, guint64 start, guint64 *end,
                       guint max_pages, GError **error)
{
  PscTraits *traits = NULL;

  g_mutex_lock (&watch->lock);
  if (check_is_live (watch, error))
    traits = psc_target_read_shared (watch->target, space, start, end, max_pages, error);
  g_mutex_unlock (&watch->lock);
  return traits;
}

PscLimits *
psc_watch_read_limits (PscWatch *watch, GError **error)
{
  PscLimits *limits = NULL;

  g_mutex_lock (&watch->lock);
  if (check_is_open (watch, error))
    limits = psc_target_read_limits (watch->target, error);
  g_mutex_unlock (&watch->lock);
  return limits;
}

gboolean
psc_watch_clear_referenced (PscWatch *watch, gint64 *busy_usec, GError **error)
{
  gboolean done;

  g_mutex_lock (&watch->lock);
  done =
      check_is_live (watch, error) && psc_target_clear_referenced (watch->target, busy_usec, error);
  g_mutex_unlock (&watch->lock);
  return done;
}

PscCold *
psc_watch_read_cold_frames (PscWatch *watch, PscSpace *space, GError **error)
{
  PscCold *cold = NULL;

  g_mutex_lock (&watch->lock);
  if (check_is_live (watch, error))
    cold = psc_cold_read_frames (watch->target, space, error);
  g_mutex_unlock (&watch->lock);
  return cold;
}
