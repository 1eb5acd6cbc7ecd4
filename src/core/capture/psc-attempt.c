/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-attempt.h"

#include <string.h>

#include "psc-capture-mappings.h"
#include "psc-classify.h"
#include "psc-format.h"
#include "psc-huge-slots.h"
#include "psc-maps-parser.h"
#include "psc-scan-plan.h"
#include "psc-smaps-parser.h"

/* A million mappings take 50 to 170 MB of maps and 720 MB of smaps. */
#define MAX_MAPS  (G_GUINT64_CONSTANT (1) << 30)
#define MAX_SMAPS (G_GUINT64_CONSTANT (1) << 30)
#define MAX_SMALL (G_GUINT64_CONSTANT (64) << 10)
/* Of a scan, 24 bytes each, to tell whether the next one is the same. */
#define MAX_KEPT_REGIONS (64u << 10)
/* What PSC_SMAPS_SMALL takes for small: smaps of it costs the target some milliseconds at most. */
#define SMALL_MAPPINGS 2000
#define SMALL_RESIDENT (G_GUINT64_CONSTANT (256) << 20)

void
psc_attempt_clear (PscAttempt *attempt)
{
  g_clear_pointer (&attempt->builder, psc_space_builder_free);
  g_clear_pointer (&attempt->maps, g_bytes_unref);
  g_clear_error (&attempt->smaps_error);
  psc_pages_clear (&attempt->pages);
}

static PscCaptureSubject
subject_of (const PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;

  return (PscCaptureSubject){ target->probe, target->pid, target->name, attempt->status.uid };
}

/* ---- Who it is ---- */

static gboolean
parse_stat (PscTarget *target, GBytes *bytes, PscStat *stat, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (text != NULL && psc_stat_parse (text, length, stat))
    return TRUE;
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
               "Can't make sense of stat of process %d", target->pid);
  return FALSE;
}

gboolean
psc_target_read_stat (PscTarget *target, PscStat *stat, GError **error)
{
  g_autoptr (GBytes) bytes =
      psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_STAT, MAX_SMALL, NULL, error);

  return bytes != NULL && parse_stat (target, bytes, stat, error);
}

/* The addresses that exec draws anew; where they may not be read the name has to do. */
static gboolean
is_same_program (const PscStat *a, const PscStat *b)
{
  return a->start_code == b->start_code && a->start_stack == b->start_stack &&
         strcmp (a->comm, b->comm) == 0;
}

static gboolean
is_command_known (const PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;

  return target->command != NULL && is_same_program (&target->program, &attempt->stat);
}

static void
read_command (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  g_autoptr (GBytes) bytes = NULL;
  const char *text = NULL;
  gsize length = 0;

  if (is_command_known (attempt))
    return;
  bytes =
      psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_CMDLINE, MAX_SMALL, NULL, NULL);
  if (bytes != NULL)
    text = g_bytes_get_data (bytes, &length);
  g_free (target->command);
  target->command = psc_cmdline_format (text != NULL ? text : "", length);
  target->program = attempt->stat;
}

static void
add_identity (PscAttempt *attempt, PscProbeBatch *batch)
{
  if (attempt->identified)
    return;
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_STAT, MAX_SMALL);
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_STATUS, MAX_SMALL);
}

static gboolean
take_identity (PscAttempt *attempt, PscProbeBatch *batch, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (GBytes) stat = NULL;
  g_autoptr (GBytes) status = NULL;
  const char *text;
  gsize length;

  if (attempt->identified)
    return TRUE;
  stat = psc_probe_batch_take_read (batch, NULL, NULL, error);
  if (stat == NULL || !parse_stat (target, stat, &attempt->stat, error))
    return FALSE;
  g_free (target->name);
  target->name = psc_format_name (attempt->stat.comm, -1);
  status = psc_probe_batch_take_read (batch, NULL, NULL, error);
  if (status == NULL)
    return FALSE;
  text = g_bytes_get_data (status, &length);
  attempt->identified = text != NULL && psc_status_parse (text, length, &attempt->status);
  if (!attempt->identified)
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_FAILED,
                 "Can't make sense of status of process %d", target->pid);
  return attempt->identified;
}

gboolean
psc_attempt_identify (PscAttempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (target->probe, target->handle);

  if (attempt->identified)
    return TRUE;
  add_identity (attempt, batch);
  return psc_probe_batch_send (batch, error) && take_identity (attempt, batch, error);
}

/* What differs from one look to the next even when nothing in memory does. */
static void
set_moment (const PscAttempt *attempt, PscSpace *space)
{
  const PscStat *stat = &attempt->stat;

  space->time_usec = g_get_real_time ();
  space->minor_faults = stat->minflt;
  space->major_faults = stat->majflt;
  /* The kernel says 0 or 1 to who may not know. */
  space->start_code = stat->start_code > 1 ? stat->start_code : 0;
  space->start_stack = stat->start_stack > 1 ? stat->start_stack : 0;
  space->n_threads = attempt->status.n_threads;
  space->vm_pte = attempt->status.vm_pte;
}

static void
set_identity (PscAttempt *attempt)
{
  const PscHost *host = psc_probe_get_host (attempt->target->probe);
  PscSpaceBuilder *builder = attempt->builder;
  PscSpace *space = psc_space_builder_get_space (builder);
  g_autofree char *kernel = g_strdup_printf ("Linux %s", host->release);

  space->pid = attempt->target->pid;
  space->start_time = attempt->target->start_time;
  space->name = psc_space_builder_intern (builder, attempt->target->name, -1);
  space->command = psc_space_builder_intern (builder, attempt->target->command, -1);
  space->host = psc_space_builder_intern (builder, host->host, -1);
  space->kernel = psc_space_builder_intern (builder, kernel, -1);
  space->uid = attempt->status.uid;
  set_moment (attempt, space);
}

gboolean
psc_attempt_counts_as_last (const PscAttempt *attempt)
{
  const PscStat *a = &attempt->stat, *b = &attempt->target->stat;
  const PscStatus *c = &attempt->status, *d = &attempt->target->status;

  return a->minflt == b->minflt && a->majflt == b->majflt && is_same_program (a, b) &&
         c->n_threads == d->n_threads && c->vm_size == d->vm_size && c->vm_rss == d->vm_rss &&
         c->vm_swap == d->vm_swap && c->vm_pte == d->vm_pte && c->rss_anon == d->rss_anon &&
         c->rss_file == d->rss_file && c->rss_shmem == d->rss_shmem && c->hugetlb == d->hugetlb;
}

/* ---- Mappings ---- */

/* An empty map is that of a process that has none: never had one, or not any more. */
static gboolean
check_not_empty (PscAttempt *attempt, GError **error)
{
  const PscCaptureSubject subject = subject_of (attempt);
  PscStat stat;

  if (g_bytes_get_size (attempt->maps) > 0)
    return TRUE;
  if (!psc_target_read_stat (attempt->target, &stat, NULL) ||
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

static GBytes *
take_maps (PscAttempt *attempt, PscProbeBatch *batch, gboolean *truncated, GError **error)
{
  g_autoptr (GError) maps_error = NULL;
  const PscCaptureSubject subject = subject_of (attempt);
  GBytes *maps = psc_probe_batch_take_read (batch, truncated, NULL, &maps_error);

  if (maps != NULL)
    return maps;
  if (g_error_matches (maps_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED))
    psc_capture_set_denied (error, &subject);
  else
    g_propagate_error (error, g_steal_pointer (&maps_error));
  return NULL;
}

gboolean
psc_attempt_maps_as_last (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;

  attempt->maps = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS, MAX_MAPS,
                                  &attempt->truncated, NULL);
  return attempt->maps != NULL && target->maps != NULL &&
         g_bytes_equal (attempt->maps, target->maps);
}

/* Stat, status and maps, as far as they were not read. */
static gboolean
read_mappings (PscAttempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (target->probe, target->handle);

  if (!attempt->identified || attempt->maps == NULL)
    {
      add_identity (attempt, batch);
      if (attempt->maps == NULL)
        psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, MAX_MAPS);
      if (!psc_probe_batch_send (batch, error) || !take_identity (attempt, batch, error))
        return FALSE;
      if (attempt->maps == NULL)
        attempt->maps = take_maps (attempt, batch, &attempt->truncated, error);
      if (attempt->maps == NULL)
        return FALSE;
    }
  read_command (attempt);
  attempt->builder = psc_space_builder_new (psc_probe_get_host (target->probe)->page_size);
  if (!check_not_empty (attempt, error) ||
      !parse_maps (target, attempt->maps, attempt->builder, &attempt->n_torn, error))
    return FALSE;
  attempt->n_guessed =
      psc_capture_read_page_sizes (attempt->builder, target->probe, target->handle);
  return TRUE;
}

/* Flags what is not as it was before. */
static gboolean
compare_maps (PscAttempt *attempt, GBytes *maps, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (PscSpaceBuilder) builder = NULL;

  if (g_bytes_get_size (maps) == 0)
    {
      const PscCaptureSubject subject = subject_of (attempt);

      psc_capture_set_gone (error, &subject);
      return FALSE;
    }
  attempt->maps_held = g_bytes_equal (maps, attempt->maps);
  if (!attempt->maps_held)
    {
      builder = psc_space_builder_new (psc_probe_get_host (target->probe)->page_size);
      if (!parse_maps (target, maps, builder, NULL, error))
        return FALSE;
      psc_capture_flag_moved (attempt->builder, builder);
    }
  attempt->n_moved = psc_capture_count_moved (attempt->builder);
  return TRUE;
}

gboolean
psc_attempt_has_broken_complement (const PscAttempt *attempt)
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
      for (guint j = at; j < n_mappings && mappings[j].start < step->end; j++)
        if ((mappings[j].flags & PSC_MAPPING_MOVING) != 0)
          return TRUE;
    }
  return FALSE;
}

gboolean
psc_attempt_is_another_program (const PscAttempt *attempt)
{
  guint n_mappings;

  psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  return attempt->n_moved > n_mappings / 2;
}

/* ---- Pages ---- */

static gboolean
wants_smaps (const PscAttempt *attempt)
{
  guint n_mappings;

  if (attempt->options->smaps != PSC_SMAPS_SMALL)
    return attempt->options->smaps == PSC_SMAPS_ALWAYS;
  psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  return n_mappings <= SMALL_MAPPINGS && attempt->status.vm_rss <= SMALL_RESIDENT;
}

static void
take_smaps (PscAttempt *attempt, PscProbeBatch *batch)
{
  PscProbeCost cost;
  g_autoptr (GBytes) smaps = psc_probe_batch_take_read (batch, NULL, &cost, &attempt->smaps_error);
  const char *text;
  gsize length;

  if (smaps == NULL)
    return;
  attempt->smaps_hold_usec = cost.longest_usec;
  attempt->smaps_held_usec = cost.busy_usec;
  text = g_bytes_get_data (smaps, &length);
  attempt->smaps_read = psc_smaps_apply (text != NULL ? text : "", length, attempt->builder,
                                         &attempt->smaps_error) >= 0;
}

/* Runs are bound and mappings have their kinds. Needs nothing that comes after it. */
static void
classify (PscAttempt *attempt)
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
  if (attempt->pages.source == PSC_SOURCE_PAGEMAP)
    psc_capture_mark_huge_zero_pages (builder);
  if (attempt->pages.source != PSC_SOURCE_NONE)
    psc_capture_mark_special (builder);
}

static void
take_meminfo (PscAttempt *attempt, PscProbeBatch *batch)
{
  g_autoptr (GBytes) bytes = psc_probe_batch_take_read (batch, NULL, NULL, NULL);
  PscMeminfo meminfo;
  const char *text = NULL;
  gsize length = 0;

  if (bytes != NULL)
    text = g_bytes_get_data (bytes, &length);
  attempt->swap_in_use = text != NULL && psc_meminfo_parse (text, length, &meminfo) &&
                         meminfo.swap_total > meminfo.swap_free;
}

/* The probe said that it can scan, and then could not: read pagemap, and maps once more after it.
 */
static GBytes *
read_pages_otherwise (PscAttempt *attempt, GError **error)
{
  PscTarget *target = attempt->target;

  psc_pages_fall_back (&attempt->pages, target->probe, target->handle, attempt->builder,
                       attempt->options);
  classify (attempt);
  return psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS, MAX_MAPS, NULL, error);
}

/* page states → smaps, if wanted → maps → meminfo */
static gboolean
read_pages (PscAttempt *attempt, const PscSpace *last, GError **error)
{
  PscTarget *target = attempt->target;
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (target->probe, target->handle);
  gboolean smaps = wants_smaps (attempt), scans, failed;
  g_autoptr (GBytes) maps = NULL;
  guint n_mappings;
  const PscMapping *mappings = psc_space_builder_get_mappings (attempt->builder, &n_mappings);

  scans = psc_pages_add_scan (&attempt->pages, batch, target->probe, mappings, n_mappings, last,
                              attempt->options);
  if (!scans)
    psc_pages_fall_back (&attempt->pages, target->probe, target->handle, attempt->builder,
                         attempt->options);
  if (smaps)
    psc_probe_batch_add_read (batch, PSC_WIRE_FILE_SMAPS, MAX_SMAPS);
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, MAX_MAPS);
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MEMINFO, MAX_SMALL);
  if (!psc_probe_batch_send (batch, error))
    return FALSE;
  if (scans)
    psc_pages_take_scan (&attempt->pages, batch);
  psc_pages_put (&attempt->pages, attempt->builder);
  if (smaps)
    take_smaps (attempt, batch);
  failed = scans && psc_pages_need_pagemap (&attempt->pages);
  if (!failed)
    classify (attempt);
  maps = take_maps (attempt, batch, NULL, error);
  if (maps == NULL)
    return FALSE;
  take_meminfo (attempt, batch);
  if (failed)
    {
      g_clear_pointer (&maps, g_bytes_unref);
      maps = read_pages_otherwise (attempt, error);
    }
  return maps != NULL && compare_maps (attempt, maps, error);
}

static gboolean
read_in_order (PscAttempt *attempt, gboolean may_complement, GError **error)
{
  if (!read_mappings (attempt, error))
    return FALSE;
  set_identity (attempt);
  return read_pages (attempt, may_complement ? attempt->target->last : NULL, error);
}

/* Errors on the way are GONE when the process is: whatever request noticed it first. */
gboolean
psc_attempt_read (PscAttempt *attempt, gboolean may_complement, GError **error)
{
  g_autoptr (GError) read_error = NULL;

  if (read_in_order (attempt, may_complement, &read_error))
    return TRUE;
  if (g_error_matches (read_error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE))
    {
      const PscCaptureSubject subject = subject_of (attempt);

      psc_capture_set_gone (error, &subject);
    }
  else
    g_propagate_error (error, g_steal_pointer (&read_error));
  return FALSE;
}

/* A snapshot of the last one's mappings and of the pages that were read now. */
static void
build_as_last (PscAttempt *attempt)
{
  attempt->alike = FALSE;
  attempt->builder = psc_space_builder_new_like (attempt->target->last);
  attempt->n_guessed = attempt->target->n_guessed;
  psc_pages_put (&attempt->pages, attempt->builder);
  set_identity (attempt);
  classify (attempt);
}

gboolean
psc_attempt_read_as_last (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  const PscSpace *last = target->last;
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (target->probe, target->handle);

  add_identity (attempt, batch);
  if (!psc_pages_add_scan (&attempt->pages, batch, target->probe, last->mappings, last->n_mappings,
                           last, attempt->options))
    return FALSE;
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, MAX_MAPS);
  attempt->may_hide_swap = target->may_hide_swap;
  if (attempt->may_hide_swap)
    psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MEMINFO, MAX_SMALL);
  if (!psc_probe_batch_send (batch, NULL) || !take_identity (attempt, batch, NULL))
    return FALSE;
  psc_pages_take_scan (&attempt->pages, batch);
  if (attempt->pages.source != PSC_SOURCE_SCAN || !is_command_known (attempt))
    return FALSE;
  attempt->alike = psc_pages_equal (&attempt->pages, &target->pages);
  if (!attempt->alike)
    build_as_last (attempt);
  attempt->maps = take_maps (attempt, batch, &attempt->truncated, NULL);
  if (attempt->maps == NULL)
    return FALSE;
  if (attempt->may_hide_swap)
    take_meminfo (attempt, batch);
  attempt->maps_held = g_bytes_equal (attempt->maps, target->maps);
  return attempt->maps_held;
}

void
psc_attempt_begin_again (PscAttempt *attempt)
{
  PscAttempt rest = { attempt->target, attempt->options };

  rest.identified = attempt->identified;
  rest.stat = attempt->stat;
  rest.status = attempt->status;
  rest.maps = g_steal_pointer (&attempt->maps);
  rest.truncated = attempt->truncated;
  psc_attempt_clear (attempt);
  *attempt = rest;
}

/* ---- What is made of it ---- */

static gboolean
hides_swap (PscAttempt *attempt)
{
  g_autoptr (GBytes) mountinfo = NULL;

  /* Without the mounts the answer errs on the side of yes. */
  attempt->may_hide_swap = psc_capture_may_hide_swap (attempt->builder, NULL);
  if (attempt->smaps_read || !attempt->swap_in_use || !attempt->may_hide_swap)
    return FALSE;
  mountinfo =
      psc_probe_read (attempt->target->probe, 0, PSC_WIRE_FILE_MOUNTINFO, MAX_SMALL, NULL, NULL);
  return psc_capture_may_hide_swap (attempt->builder,
                                    mountinfo != NULL ? g_bytes_get_data (mountinfo, NULL) : NULL);
}

static void
add_notes (PscAttempt *attempt)
{
  const PscCaptureSubject subject = subject_of (attempt);
  PscSpaceBuilder *builder = attempt->builder;

  if (attempt->truncated)
    psc_capture_note_truncated (builder, MAX_MAPS);
  psc_capture_note_pages (builder, &subject, &attempt->pages, attempt->options->force_pagemap,
                          attempt->smaps_read);
  psc_capture_note_torn (builder, attempt->n_moved, attempt->n_torn);
  if (attempt->n_guessed > 0 && !attempt->smaps_read)
    psc_capture_note_page_sizes (builder, attempt->n_guessed);
  if (attempt->smaps_error != NULL)
    psc_capture_note_smaps (builder, attempt->smaps_error);
  if (hides_swap (attempt))
    psc_capture_note_swapped_shm (builder);
}

static void
find_owners (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  guint n_threads = 0;
  const PscThread *threads = NULL;

  if (attempt->status.n_threads > 1)
    {
      threads = psc_threads_get (target->threads, &n_threads);
      if (psc_threads_is_denied (target->threads))
        psc_capture_note_threads (attempt->builder);
    }
  psc_space_builder_take_owners (
      attempt->builder, psc_owners_find (attempt->builder, threads, n_threads, target->name));
}

/* Of the first snapshot it is only known that maps held while it was made, so that has to do. */
static void
remember (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  gboolean as_last =
      attempt->maps_held && target->maps != NULL && g_bytes_equal (attempt->maps, target->maps);

  if (target->last == NULL)
    target->calm = attempt->maps_held ? PSC_TARGET_CALM : 0;
  else
    target->calm = as_last ? MIN (target->calm + 1, PSC_TARGET_CALM) : 0;
  g_clear_pointer (&target->maps, g_bytes_unref);
  if (attempt->maps_held && attempt->n_torn == 0 && !attempt->truncated)
    target->maps = g_bytes_ref (attempt->maps);
  psc_pages_clear (&target->pages);
  target->pages = attempt->pages;
  attempt->pages = (PscPages){ PSC_SOURCE_NONE };
  if (target->pages.regions != NULL && target->pages.regions->len > MAX_KEPT_REGIONS)
    g_clear_pointer (&target->pages.regions, g_array_unref);
  target->swap_in_use = attempt->swap_in_use;
  target->may_hide_swap = attempt->may_hide_swap;
  target->stat = attempt->stat;
  target->status = attempt->status;
  target->n_guessed = attempt->n_guessed;
  target->options = *attempt->options;
}

/* FALSE when they are as they were. */
static gboolean
update_threads (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  guint n_mappings;

  if (attempt->status.n_threads <= 1)
    return FALSE;
  if (attempt->alike)
    n_mappings = target->last->n_mappings;
  else
    psc_space_builder_get_mappings (attempt->builder, &n_mappings);
  return psc_threads_update (target->threads, target->probe, target->handle,
                             attempt->status.n_threads, n_mappings);
}

/* What is derived from more than mappings and pages has to be as it was, too. */
static gboolean
is_all_alike (const PscAttempt *attempt, gboolean threads_changed)
{
  const PscTarget *target = attempt->target;

  return attempt->alike && !threads_changed &&
         attempt->status.n_threads == target->status.n_threads &&
         (!attempt->may_hide_swap || attempt->swap_in_use == target->swap_in_use) &&
         is_same_program (&attempt->stat, &target->stat);
}

static PscHugeSettings
read_huge_settings (PscAttempt *attempt)
{
  return psc_huge_reader_read (&attempt->target->huge_reader, attempt->target->probe,
                               attempt->status.thp_enabled);
}

static PscSpace *
finish_alike (PscAttempt *attempt)
{
  PscSpace *space = psc_space_new_alike (attempt->target->last);
  PscHugeSettings huge_settings = read_huge_settings (attempt);

  if (!psc_huge_settings_equal (&space->huge_settings, &huge_settings))
    {
      space->huge_settings = huge_settings;
      psc_huge_slots_sum (space, &space->huge_sums);
    }
  space->uid = attempt->status.uid;
  set_moment (attempt, space);
  space->cost.longest_hold_usec = attempt->pages.cost.longest_usec;
  space->cost.held_usec = attempt->pages.cost.busy_usec;
  attempt->n_guessed = attempt->target->n_guessed;
  remember (attempt);
  return space;
}

PscSpace *
psc_attempt_finish (PscAttempt *attempt)
{
  gboolean threads_changed = update_threads (attempt);
  PscSpace *space;

  if (is_all_alike (attempt, threads_changed))
    return finish_alike (attempt);
  if (attempt->alike)
    build_as_last (attempt);
  find_owners (attempt);
  add_notes (attempt);
  space = psc_space_builder_get_space (attempt->builder);
  space->source = attempt->pages.source;
  space->cost.longest_hold_usec = MAX (attempt->pages.cost.longest_usec, attempt->smaps_hold_usec);
  space->cost.held_usec = attempt->pages.cost.busy_usec + attempt->smaps_held_usec;
  space->huge_settings = read_huge_settings (attempt);
  remember (attempt);
  space = psc_space_builder_freeze (g_steal_pointer (&attempt->builder));
  psc_huge_slots_sum (space, &space->huge_sums);
  return space;
}
