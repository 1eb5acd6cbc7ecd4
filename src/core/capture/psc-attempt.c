/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-attempt-private.h"

#include "psc-capture-mappings.h"
#include "psc-classify.h"
#include "psc-maps-parser.h"
#include "psc-scan-plan.h"
#include "psc-smaps-parser.h"

#define MAX_SMAPS (G_GUINT64_CONSTANT (1) << 30)
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

/* ---- Mappings ---- */

/* An empty map is that of a process that has none: never had one, or not any more. */
static gboolean
check_not_empty (PscAttempt *attempt, GError **error)
{
  const PscCaptureSubject subject = psc_attempt_get_subject (attempt);
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
  const PscCaptureSubject subject = psc_attempt_get_subject (attempt);
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

  attempt->maps = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS,
                                  PSC_ATTEMPT_MAX_MAPS, &attempt->truncated, NULL);
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
      psc_attempt_add_identity (attempt, batch);
      if (attempt->maps == NULL)
        psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, PSC_ATTEMPT_MAX_MAPS);
      if (!psc_probe_batch_send (batch, error) ||
          !psc_attempt_take_identity (attempt, batch, error))
        return FALSE;
      if (attempt->maps == NULL)
        attempt->maps = take_maps (attempt, batch, &attempt->truncated, error);
      if (attempt->maps == NULL)
        return FALSE;
    }
  psc_attempt_read_command (attempt);
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
      const PscCaptureSubject subject = psc_attempt_get_subject (attempt);

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
  return psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_MAPS, PSC_ATTEMPT_MAX_MAPS,
                         NULL, error);
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
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, PSC_ATTEMPT_MAX_MAPS);
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MEMINFO, PSC_ATTEMPT_MAX_SMALL);
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
  psc_attempt_set_identity (attempt);
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
      const PscCaptureSubject subject = psc_attempt_get_subject (attempt);

      psc_capture_set_gone (error, &subject);
    }
  else
    g_propagate_error (error, g_steal_pointer (&read_error));
  return FALSE;
}

void
psc_attempt_build_as_last (PscAttempt *attempt)
{
  attempt->alike = FALSE;
  attempt->builder = psc_space_builder_new_like (attempt->target->last);
  attempt->n_guessed = attempt->target->n_guessed;
  psc_pages_put (&attempt->pages, attempt->builder);
  psc_attempt_set_identity (attempt);
  classify (attempt);
}

gboolean
psc_attempt_read_as_last (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  const PscSpace *last = target->last;
  g_autoptr (PscProbeBatch) batch = psc_probe_batch_new (target->probe, target->handle);

  psc_attempt_add_identity (attempt, batch);
  if (!psc_pages_add_scan (&attempt->pages, batch, target->probe, last->mappings, last->n_mappings,
                           last, attempt->options))
    return FALSE;
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MAPS, PSC_ATTEMPT_MAX_MAPS);
  attempt->may_hide_swap = target->may_hide_swap;
  if (attempt->may_hide_swap)
    psc_probe_batch_add_read (batch, PSC_WIRE_FILE_MEMINFO, PSC_ATTEMPT_MAX_SMALL);
  if (!psc_probe_batch_send (batch, NULL) || !psc_attempt_take_identity (attempt, batch, NULL))
    return FALSE;
  psc_pages_take_scan (&attempt->pages, batch);
  if (attempt->pages.source != PSC_SOURCE_SCAN || !psc_attempt_knows_command (attempt))
    return FALSE;
  attempt->alike = psc_pages_equal (&attempt->pages, &target->pages);
  if (!attempt->alike)
    psc_attempt_build_as_last (attempt);
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
