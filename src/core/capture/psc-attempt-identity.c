/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-attempt-private.h"

#include <string.h>

#include "psc-format.h"

PscCaptureSubject
psc_attempt_get_subject (const PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;

  return (PscCaptureSubject){ target->probe, target->pid, target->name, attempt->status.uid };
}

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
  g_autoptr (GBytes) bytes = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_STAT,
                                             PSC_ATTEMPT_MAX_SMALL, NULL, error);

  return bytes != NULL && parse_stat (target, bytes, stat, error);
}

gboolean
psc_attempt_is_same_program (const PscStat *a, const PscStat *b)
{
  return a->start_code == b->start_code && a->start_stack == b->start_stack &&
         strcmp (a->comm, b->comm) == 0;
}

gboolean
psc_attempt_knows_command (const PscAttempt *attempt)
{
  const PscTarget *target = attempt->target;

  return target->command != NULL && psc_attempt_is_same_program (&target->program, &attempt->stat);
}

void
psc_attempt_read_command (PscAttempt *attempt)
{
  PscTarget *target = attempt->target;
  g_autoptr (GBytes) bytes = NULL;
  const char *text = NULL;
  gsize length = 0;

  if (psc_attempt_knows_command (attempt))
    return;
  bytes = psc_probe_read (target->probe, target->handle, PSC_WIRE_FILE_CMDLINE,
                          PSC_ATTEMPT_MAX_SMALL, NULL, NULL);
  if (bytes != NULL)
    text = g_bytes_get_data (bytes, &length);
  g_free (target->command);
  target->command = psc_cmdline_format (text != NULL ? text : "", length);
  target->program = attempt->stat;
}

void
psc_attempt_add_identity (PscAttempt *attempt, PscProbeBatch *batch)
{
  if (attempt->identified)
    return;
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_STAT, PSC_ATTEMPT_MAX_SMALL);
  psc_probe_batch_add_read (batch, PSC_WIRE_FILE_STATUS, PSC_ATTEMPT_MAX_SMALL);
}

gboolean
psc_attempt_take_identity (PscAttempt *attempt, PscProbeBatch *batch, GError **error)
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
  psc_attempt_add_identity (attempt, batch);
  return psc_probe_batch_send (batch, error) && psc_attempt_take_identity (attempt, batch, error);
}

void
psc_attempt_set_moment (const PscAttempt *attempt, PscSpace *space)
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

void
psc_attempt_set_identity (PscAttempt *attempt)
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
  psc_attempt_set_moment (attempt, space);
}

gboolean
psc_attempt_counts_as_last (const PscAttempt *attempt)
{
  const PscStat *a = &attempt->stat, *b = &attempt->target->stat;
  const PscStatus *c = &attempt->status, *d = &attempt->target->status;

  return a->minflt == b->minflt && a->majflt == b->majflt && psc_attempt_is_same_program (a, b) &&
         c->n_threads == d->n_threads && c->vm_size == d->vm_size && c->vm_rss == d->vm_rss &&
         c->vm_swap == d->vm_swap && c->vm_pte == d->vm_pte && c->rss_anon == d->rss_anon &&
         c->rss_file == d->rss_file && c->rss_shmem == d->rss_shmem && c->hugetlb == d->hugetlb;
}
