/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-capture.h"

#include <string.h>

#include "psc-capture-mappings.h"
#include "psc-capture-notes.h"
#include "psc-classify.h"
#include "psc-format.h"
#include "psc-maps-parser.h"
#include "psc-scan-plan.h"
#include "psc-smaps-parser.h"
#include "psc-threads.h"

/* A million mappings take 50 to 170 MB of maps and 720 MB of smaps. */
#define MAX_MAPS  (G_GUINT64_CONSTANT (1) << 30)
#define MAX_SMAPS (G_GUINT64_CONSTANT (1) << 30)
#define MAX_SMALL (G_GUINT64_CONSTANT (64) << 10)
/* What PSC_SMAPS_SMALL takes for small: smaps of it costs the target some milliseconds at most. */
#define SMALL_MAPPINGS 2000
#define SMALL_RESIDENT (G_GUINT64_CONSTANT (256) << 20)

struct _PscTarget
{
  PscProbe *probe;
  gint pid;
  guint handle;
  guint64 start_time;

  char *name; /* as it was called last, fit to be shown */
  /* Of the program that it ran last time; read anew when it runs another. */
  char *command;
  PscStat program;

  PscSpace *last;
  PscThreads *threads;
};

/* One try at a snapshot. */
typedef struct
{
  PscTarget *target;
  const PscCaptureOptions *options;
  PscSpaceBuilder *builder;
  PscStat stat;
  PscStatus status;
  GBytes *maps;
  guint n_torn;
  guint n_moved;
  guint n_guessed; /* mappings whose page size could not be read */
  gboolean truncated;
  gboolean smaps_read;
  gint64 smaps_hold_usec; /* each read of smaps holds the lock for a mapping at least */
  GError *smaps_error;
  PscPages pages;
} Attempt;

static void
attempt_clear (Attempt *attempt)
{
  psc_space_builder_free (attempt->builder);
  g_clear_pointer (&attempt->maps, g_bytes_unref);
  g_clear_error (&attempt->smaps_error);
  psc_pages_clear (&attempt->pages);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

static PscCaptureSubject
subject_of (const Attempt *attempt)
{
  const PscTarget *target = attempt->target;

  return (PscCaptureSubject){ target->probe, target->pid, target->name, attempt->status.uid };
}

void
psc_target_free (PscTarget *target)
{
  if (target == NULL)
    return;
  psc_probe_close (target->probe, target->handle);
  psc_probe_unref (target->probe);
  psc_space_unref (target->last);
  psc_threads_free (target->threads);
  g_free (target->name);
  g_free (target->command);
  g_free (target);
}

gint
psc_target_get_pid (const PscTarget *target)
{
  return target->pid;
}

PscProbe *
psc_target_get_probe (const PscTarget *target)
{
  return target->probe;
}

guint
psc_target_get_handle (const PscTarget *target)
{
  return target->handle;
}

static GBytes *
read_small (PscTarget *target, enum psc_wire_file file, GError **error)
{
  return psc_probe_read (target->probe, target->handle, file, MAX_SMALL, NULL, error);
}

static gboolean
read_stat (PscTarget *target, PscStat *stat, GError **error)
{
  g_autoptr (GBytes) bytes = read_small (target, PSC_WIRE_FILE_STAT, error);
  const char *text;
  gsize length;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &length);
  if (text != NULL && psc_stat_parse (text, length, stat))
    return TRUE;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
               "Can't make sense of stat of process %d", target->pid);
  return FALSE;
}

static gboolean
check_has_memory (PscTarget *target, GError **error)
{
  PscCaptureSubject subject = { target->probe, target->pid, "", 0 };
  g_autoptr (GError) stat_error = NULL;
  PscStat stat;

  if (!read_stat (target, &stat, &stat_error))
    {
      if (g_error_matches (stat_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE))
        psc_capture_set_gone (error, &subject);
      else
        g_propagate_error (error, g_steal_pointer (&stat_error));
      return FALSE;
    }
  subject.name = target->name = psc_format_name (stat.comm, -1);
  return !psc_capture_set_no_memory_map (error, &subject, &stat);
}

PscTarget *
psc_target_new (PscProbe *probe, gint pid, GError **error)
{
  g_autoptr (GError) open_error = NULL;
  g_autoptr (PscTarget) target = NULL;
  guint handle;
  guint64 start_time;

  g_return_val_if_fail (probe != NULL, NULL);

  if (!psc_probe_open (probe, pid, &handle, &start_time, &open_error))
    {
      const PscCaptureSubject subject = { probe, pid, "", 0 };

      if (g_error_matches (open_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE))
        psc_capture_set_gone (error, &subject);
      else
        g_propagate_error (error, g_steal_pointer (&open_error));
      return NULL;
    }
  target = g_new0 (PscTarget, 1);
  target->probe = psc_probe_ref (probe);
  target->pid = pid;
  target->handle = handle;
  target->start_time = start_time;
  target->threads = psc_threads_new ();
  if (!check_has_memory (target, error))
    return NULL;
  return g_steal_pointer (&target);
}

/* The addresses that exec draws anew; where they may not be read the name has to do. */
static gboolean
is_same_program (const PscStat *a, const PscStat *b)
{
  return a->start_code == b->start_code && a->start_stack == b->start_stack &&
         strcmp (a->comm, b->comm) == 0;
}

static void
read_command (PscTarget *target, const PscStat *stat)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *text = NULL;
  gsize length = 0;

  if (target->command != NULL && is_same_program (&target->program, stat))
    return;
  bytes = read_small (target, PSC_WIRE_FILE_CMDLINE, NULL);
  if (bytes != NULL)
    text = g_bytes_get_data (bytes, &length);
  g_free (target->command);
  target->command = psc_cmdline_format (text != NULL ? text : "", length);
  target->program = *stat;
}

static gboolean
read_identity (Attempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (GBytes) status = NULL;
  const char *text;
  gsize length;

  if (!read_stat (target, &attempt->stat, error))
    return FALSE;
  g_free (target->name);
  target->name = psc_format_name (attempt->stat.comm, -1);
  status = read_small (target, PSC_WIRE_FILE_STATUS, error);
  if (status == NULL)
    return FALSE;
  text = g_bytes_get_data (status, &length);
  if (text == NULL || !psc_status_parse (text, length, &attempt->status))
    {
      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
                   "Can't make sense of status of process %d", target->pid);
      return FALSE;
    }
  read_command (target, &attempt->stat);
  return TRUE;
}

static void
set_identity (Attempt *attempt)
{
  const PscHost *host = psc_probe_get_host (attempt->target->probe);
  PscSpaceBuilder *builder = attempt->builder;
  PscSpace *space = psc_space_builder_get_space (builder);
  g_autofree char *kernel = g_strdup_printf ("Linux %s", host->release);

  space->pid = attempt->target->pid;
  space->start_time = attempt->target->start_time;
  space->time_usec = g_get_real_time ();
  space->name = psc_space_builder_intern (builder, attempt->target->name, -1);
  space->command = psc_space_builder_intern (builder, attempt->target->command, -1);
  space->host = psc_space_builder_intern (builder, host->host, -1);
  space->kernel = psc_space_builder_intern (builder, kernel, -1);
  space->uid = attempt->status.uid;
  space->n_threads = attempt->status.n_threads;
  space->vm_pte = attempt->status.vm_pte;
}

/* An empty map is that of a process that has none: never had one, or not any more. */
static gboolean
check_not_empty (Attempt *attempt, GError **error)
{
  const PscCaptureSubject subject = subject_of (attempt);
  PscStat stat;

  if (g_bytes_get_size (attempt->maps) > 0)
    return TRUE;
  if (!read_stat (attempt->target, &stat, NULL) ||
      !psc_capture_set_no_memory_map (error, &subject, &stat))
    psc_capture_set_gone (error, &subject);
  return FALSE;
}

static gboolean
parse_maps (PscTarget *target, GBytes *maps, PscSpaceBuilder *builder, guint *n_torn,
            GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (maps, &length);

  if (psc_maps_parse (text, length, builder, n_torn, &parse_error))
    return TRUE;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
               "Can't make sense of the memory map of process %d: %s", target->pid,
               parse_error->message);
  return FALSE;
}

static gboolean
read_maps (Attempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (GError) maps_error = NULL;

  attempt->maps = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS, MAX_MAPS,
                                  &attempt->truncated, &maps_error);
  if (attempt->maps == NULL)
    {
      const PscCaptureSubject subject = subject_of (attempt);

      if (g_error_matches (maps_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED))
        psc_capture_set_denied (error, &subject);
      else
        g_propagate_error (error, g_steal_pointer (&maps_error));
      return FALSE;
    }
  if (!check_not_empty (attempt, error))
    return FALSE;
  return parse_maps (target, attempt->maps, attempt->builder, &attempt->n_torn, error);
}

static gboolean
is_small (const Attempt *attempt)
{
  guint n_mappings;

  psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  return n_mappings <= SMALL_MAPPINGS && attempt->status.vm_rss <= SMALL_RESIDENT;
}

static void
read_smaps (Attempt *attempt)
{
  PscTarget *target = attempt->target;
  g_autoptr (GBytes) smaps = NULL;
  PscProbeMeter meter;
  const char *text;
  gsize length;

  if (attempt->options->smaps == PSC_SMAPS_NEVER ||
      (attempt->options->smaps == PSC_SMAPS_SMALL && !is_small (attempt)))
    return;
  smaps = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_SMAPS, MAX_SMAPS, NULL,
                          &attempt->smaps_error);
  if (smaps == NULL)
    return;
  psc_probe_get_meter (target->probe, &meter);
  attempt->smaps_hold_usec = meter.last_longest_usec;
  text = g_bytes_get_data (smaps, &length);
  attempt->smaps_read = psc_smaps_apply (text != NULL ? text : "", length, attempt->builder,
                                         &attempt->smaps_error) >= 0;
}

/* Reads maps once more and flags what is not as it was. */
static gboolean
compare_maps (Attempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (PscSpaceBuilder) builder = NULL;
  g_autoptr (GBytes) maps = NULL;

  maps = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS, MAX_MAPS, NULL, error);
  if (maps == NULL)
    return FALSE;
  if (g_bytes_get_size (maps) == 0)
    {
      const PscCaptureSubject subject = subject_of (attempt);

      psc_capture_set_gone (error, &subject);
      return FALSE;
    }
  if (!g_bytes_equal (maps, attempt->maps))
    {
      builder = psc_space_builder_new (psc_probe_get_host (target->probe)->page_size);
      if (!parse_maps (target, maps, builder, NULL, error))
        return FALSE;
      psc_capture_flag_moved (attempt->builder, builder);
    }
  attempt->n_moved = psc_capture_count_moved (attempt->builder);
  return TRUE;
}

/* A COMPLEMENT step over memory that was unmapped meanwhile says "all there". */
static gboolean
has_broken_complement (const Attempt *attempt)
{
  guint n_mappings, at = 0;
  const PscMapping *mappings = psc_space_builder_get_mappings (attempt->builder, &n_mappings);

  for (guint i = 0; attempt->pages.steps != NULL && i < attempt->pages.steps->len; i++)
    {
      const PscScanStep *step = &g_array_index (attempt->pages.steps, PscScanStep, i);

      if (step->predicate != PSC_SCAN_COMPLEMENT)
        continue;
      while (at < n_mappings && mappings[at].end <= step->start)
        at++;
      if (at == n_mappings || (mappings[at].flags & PSC_MAPPING_MOVING) != 0)
        return TRUE;
    }
  return FALSE;
}

/* Most of the map is another: it ran another program meanwhile. */
static gboolean
is_another_program (const Attempt *attempt)
{
  guint n_mappings;

  psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  return attempt->n_moved > n_mappings / 2;
}

static gboolean
is_gone (const GError *error)
{
  return error != NULL && g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
}

/* maps → page states → smaps → maps. FALSE when there is nothing to show. */
static gboolean
attempt_read (Attempt *attempt, gboolean may_complement, GError **error)
{
  PscTarget *target = attempt->target;
  const PscHost *host = psc_probe_get_host (target->probe);

  attempt->builder = psc_space_builder_new (host->page_size);
  if (!read_identity (attempt, error) || !read_maps (attempt, error))
    return FALSE;
  set_identity (attempt);
  attempt->n_guessed =
      psc_capture_read_page_sizes (attempt->builder, target->probe, target->handle);
  psc_pages_read (&attempt->pages, target->probe, target->handle, attempt->builder,
                  may_complement ? target->last : NULL, attempt->options);
  read_smaps (attempt);
  return compare_maps (attempt, error);
}

/* Errors on the way are GONE when the process is: whatever request noticed it first. */
static gboolean
attempt_run (Attempt *attempt, gboolean may_complement, GError **error)
{
  g_autoptr (GError) read_error = NULL;

  if (attempt_read (attempt, may_complement, &read_error))
    return TRUE;
  if (is_gone (read_error))
    {
      const PscCaptureSubject subject = subject_of (attempt);

      psc_capture_set_gone (error, &subject);
    }
  else
    g_propagate_error (error, g_steal_pointer (&read_error));
  return FALSE;
}

static gboolean
is_swap_in_use (PscTarget *target)
{
  g_autoptr (GBytes) bytes =
      psc_probe_read (target->probe, 0, PSC_WIRE_FILE_MEMINFO, MAX_SMALL, NULL, NULL);
  PscMeminfo meminfo;
  const char *text;
  gsize length;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &length);
  return text != NULL && psc_meminfo_parse (text, length, &meminfo) &&
         meminfo.swap_total > meminfo.swap_free;
}

static void
add_notes (Attempt *attempt)
{
  PscSpaceBuilder *builder = attempt->builder;

  if (attempt->truncated)
    psc_capture_note_truncated (builder, MAX_MAPS);
  psc_capture_note_pages (builder, &attempt->pages, attempt->options->force_pagemap,
                          attempt->smaps_read);
  psc_capture_note_torn (builder, attempt->n_moved, attempt->n_torn);
  if (attempt->n_guessed > 0 && !attempt->smaps_read)
    psc_capture_note_page_sizes (builder, attempt->n_guessed);
  if (attempt->smaps_error != NULL)
    psc_capture_note_smaps (builder, attempt->smaps_error);
  if (!attempt->smaps_read && psc_capture_has_shared_memory (builder) &&
      is_swap_in_use (attempt->target))
    psc_capture_note_swapped_shm (builder);
}

static void
classify (Attempt *attempt)
{
  PscSpaceBuilder *builder = attempt->builder;
  PscSpace *space = psc_space_builder_get_space (builder);
  const PscClassifyFacts facts = { attempt->status.n_threads, attempt->stat.start_brk };
  guint n_mappings;
  PscMapping *mappings = psc_space_builder_get_mappings (builder, &n_mappings);

  psc_space_builder_bind_runs (builder);
  psc_capture_mark_shared_pages (builder);
  psc_classify (mappings, n_mappings, attempt->pages.source != PSC_SOURCE_NONE ? space->runs : NULL,
                space->page_size, &facts);
}

static void
find_owners (Attempt *attempt)
{
  PscTarget *target = attempt->target;
  guint n_mappings, n_threads = 0;
  const PscThread *threads = NULL;

  psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  if (attempt->status.n_threads > 1)
    {
      psc_threads_update (target->threads, target->probe, target->handle,
                          attempt->status.n_threads, n_mappings);
      threads = psc_threads_get (target->threads, &n_threads);
      if (psc_threads_is_denied (target->threads))
        psc_capture_note_threads (attempt->builder);
    }
  psc_space_builder_take_owners (
      attempt->builder, psc_owners_find (attempt->builder, threads, n_threads, target->name));
}

static PscSpace *
attempt_finish (Attempt *attempt)
{
  PscSpace *space;

  classify (attempt);
  find_owners (attempt);
  add_notes (attempt);
  space = psc_space_builder_get_space (attempt->builder);
  space->source = attempt->pages.source;
  space->cost.longest_hold_usec = MAX (attempt->pages.cost.longest_usec, attempt->smaps_hold_usec);
  return psc_space_builder_freeze (g_steal_pointer (&attempt->builder));
}

static gboolean
is_alive (PscTarget *target)
{
  PscStat stat;

  return read_stat (target, &stat, NULL) && stat.state != 'Z' && stat.state != 'X';
}

/* The first try caught the process in a change: it was executing another program, or unmapped what
 * a COMPLEMENT step told of. */
static gboolean
is_worth_another (const Attempt *attempt, gboolean done, const GError *error)
{
  if (!done)
    return is_gone (error) && is_alive (attempt->target);
  return is_another_program (attempt) || has_broken_complement (attempt);
}

/* One try, or two: the second without COMPLEMENT. */
static PscSpace *
capture (PscTarget *target, const PscCaptureOptions *options, GError **error)
{
  g_auto (Attempt) first = { target, options };
  g_auto (Attempt) second = { target, options };
  g_autoptr (GError) first_error = NULL;
  gboolean done = attempt_run (&first, TRUE, &first_error);

  if (is_worth_another (&first, done, first_error))
    return attempt_run (&second, FALSE, error) ? attempt_finish (&second) : NULL;
  if (done)
    return attempt_finish (&first);
  g_propagate_error (error, g_steal_pointer (&first_error));
  return NULL;
}

PscSpace *
psc_target_capture (PscTarget *target, const PscCaptureOptions *options, GError **error)
{
  const PscCaptureOptions standard = PSC_CAPTURE_OPTIONS_DEFAULT;
  gint64 begin = g_get_monotonic_time ();
  PscProbeMeter before, after;
  PscSpace *space;

  g_return_val_if_fail (target != NULL, NULL);

  psc_probe_get_meter (target->probe, &before);
  space = capture (target, options != NULL ? options : &standard, error);
  if (space == NULL)
    return NULL;
  psc_probe_get_meter (target->probe, &after);
  /* Nobody else has seen it yet. */
  space->cost.probe_usec = after.busy_usec - before.busy_usec;
  space->cost.bytes = after.bytes - before.bytes;
  space->cost.wall_usec = g_get_monotonic_time () - begin;
  psc_space_unref (target->last);
  target->last = psc_space_ref (space);
  return space;
}
