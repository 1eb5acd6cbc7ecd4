/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-capture.h"

#include <time.h>

#include "psc-attempt.h"
#include "psc-format.h"

void
psc_target_free (PscTarget *target)
{
  if (target == NULL)
    return;
  psc_probe_close (target->probe, target->handle);
  psc_probe_unref (target->probe);
  psc_space_unref (target->last);
  g_clear_pointer (&target->maps, g_bytes_unref);
  psc_pages_clear (&target->pages);
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

static gboolean
check_has_memory (PscTarget *target, GError **error)
{
  PscCaptureSubject subject = { target->probe, target->pid, "", 0 };
  g_autoptr (GError) stat_error = NULL;
  PscStat stat;

  if (!psc_target_read_stat (target, &stat, &stat_error))
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

static gboolean
is_alive (PscTarget *target)
{
  PscStat stat;

  return psc_target_read_stat (target, &stat, NULL) && stat.state != 'Z' && stat.state != 'X';
}

/* The first try caught the process in a change: it was executing another program, or unmapped what
 * a COMPLEMENT step told of. */
static gboolean
is_worth_another (const PscAttempt *attempt, gboolean done, const GError *error)
{
  if (!done)
    return g_error_matches (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE) &&
           is_alive (attempt->target);
  return psc_attempt_is_another_program (attempt) || psc_attempt_has_broken_complement (attempt);
}

/* One try, or two: the second without COMPLEMENT. */
static PscSpace *
capture_in_order (PscAttempt *first, GError **error)
{
  g_auto (PscAttempt) second = { first->target, first->options };
  g_autoptr (GError) first_error = NULL;
  gboolean done = psc_attempt_read (first, TRUE, &first_error);

  if (is_worth_another (first, done, first_error))
    return psc_attempt_read (&second, FALSE, error) ? psc_attempt_finish (&second) : NULL;
  if (done)
    return psc_attempt_finish (first);
  g_propagate_error (error, g_steal_pointer (&first_error));
  return NULL;
}

/* Whether the last snapshot was made as this one shall be, and there is one. */
static gboolean
is_like_last (const PscTarget *target, const PscCaptureOptions *options)
{
  return target->maps != NULL && target->options.smaps == options->smaps &&
         target->options.force_pagemap == options->force_pagemap;
}

/* Whether the last snapshot still holds, as far as can be told cheaply. */
static gboolean
can_reuse (PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;
  gint64 age_usec = g_get_monotonic_time () - target->read_usec;

  if (!is_like_last (target, attempt->options) || age_usec > (gint64) attempt->options->reuse_usec)
    return FALSE;
  return psc_attempt_identify (attempt, NULL) && psc_attempt_counts_as_last (attempt) &&
         psc_attempt_maps_as_last (attempt);
}

static gboolean
can_go_by_last (const PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;

  return is_like_last (target, attempt->options) && target->calm == PSC_TARGET_CALM &&
         attempt->maps == NULL && attempt->options->smaps == PSC_SMAPS_NEVER &&
         target->last->source == PSC_SOURCE_SCAN;
}

static PscSpace *
capture (PscTarget *target, const PscCaptureOptions *options, gboolean *reused, GError **error)
{
  g_auto (PscAttempt) attempt = { target, options };

  *reused = options->reuse_usec > 0 && can_reuse (&attempt);
  if (*reused)
    return psc_space_ref (target->last);
  if (can_go_by_last (&attempt))
    {
      if (psc_attempt_read_as_last (&attempt))
        return psc_attempt_finish (&attempt);
      psc_attempt_begin_again (&attempt);
    }
  return capture_in_order (&attempt, error);
}

static gint64
thread_time_usec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

PscSpace *
psc_target_capture (PscTarget *target, const PscCaptureOptions *options, GError **error)
{
  const PscCaptureOptions standard = PSC_CAPTURE_OPTIONS_DEFAULT;
  gint64 began = g_get_monotonic_time (), worked = thread_time_usec ();
  PscProbeMeter before, after;
  PscCost cost = { 0 };
  PscSpace *space;
  gboolean reused;

  g_return_val_if_fail (target != NULL, NULL);

  psc_probe_get_meter (target->probe, &before);
  space = capture (target, options != NULL ? options : &standard, &reused, error);
  if (space == NULL)
    return NULL;
  psc_probe_get_meter (target->probe, &after);
  cost.probe_usec = after.busy_usec - before.busy_usec;
  cost.bytes = after.bytes - before.bytes;
  cost.core_usec = thread_time_usec () - worked;
  cost.wall_usec = g_get_monotonic_time () - began;
  if (!reused)
    {
      /* Nobody else has seen it yet. */
      cost.longest_hold_usec = space->cost.longest_hold_usec;
      cost.held_usec = space->cost.held_usec;
      space->cost = cost;
      target->read_usec = began;
      psc_space_unref (target->last);
      target->last = psc_space_ref (space);
    }
  target->cost = cost;
  target->reused = reused;
  return space;
}

gboolean
psc_target_get_cost (const PscTarget *target, PscCost *cost)
{
  *cost = target->cost;
  return target->reused;
}
