/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-attempt-private.h"

#include "psc-capture-mappings.h"
#include "psc-huge-slots.h"
#include "psc-owner.h"

/* Of a scan, 24 bytes each, to tell whether the next one is the same. */
#define MAX_KEPT_REGIONS (64u << 10)

static gboolean
hides_swap (PscAttempt *attempt)
{
  g_autoptr (GBytes) mountinfo = NULL;

  /* Without the mounts the answer errs on the side of yes. */
  attempt->may_hide_swap = psc_capture_may_hide_swap (attempt->builder, NULL);
  if (attempt->smaps_read || !attempt->swap_in_use || !attempt->may_hide_swap)
    return FALSE;
  mountinfo = psc_probe_read (attempt->target->probe, 0, PSC_WIRE_FILE_MOUNTINFO,
                              PSC_ATTEMPT_MAX_SMALL, NULL, NULL);
  return psc_capture_may_hide_swap (attempt->builder,
                                    mountinfo != NULL ? g_bytes_get_data (mountinfo, NULL) : NULL);
}

static void
add_notes (PscAttempt *attempt)
{
  const PscCaptureSubject subject = psc_attempt_get_subject (attempt);
  PscSpaceBuilder *builder = attempt->builder;

  if (attempt->truncated)
    psc_capture_note_truncated (builder, PSC_ATTEMPT_MAX_MAPS);
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
         psc_attempt_is_same_program (&attempt->stat, &target->stat);
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
  psc_attempt_set_moment (attempt, space);
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
    psc_attempt_build_as_last (attempt);
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
