/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-fuzz-conversation.h"

#include <string.h>

#include "psc-capture.h"
#include "psc-cold.h"
#include "psc-fuzz.h"
#include "psc-inspect.h"
#include "psc-limits-reader.h"
#include "psc-orphans.h"
#include "psc-process-list.h"
#include "psc-threads.h"

#define N_SNAPSHOTS 2

static void
check_error (const GError *error)
{
  psc_fuzz_check (error != NULL && error->domain == PSC_PROBE_ERROR);
  psc_fuzz_check (error->code >= 0 && error->code <= PSC_PROBE_ERROR_FAILED);
  psc_fuzz_check (g_utf8_validate (error->message, -1, NULL));
}

static void
check_process (const PscProcess *process)
{
  psc_fuzz_check (g_utf8_validate (process->name, -1, NULL));
  psc_fuzz_check (g_utf8_validate (process->program, -1, NULL));
  psc_fuzz_check (g_utf8_validate (process->command, -1, NULL));
}

static void
list (PscProbe *probe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) find_error = NULL;
  g_autoptr (GPtrArray) processes = psc_process_list (probe, &error);

  if (processes == NULL)
    {
      check_error (error);
      return;
    }
  for (guint i = 0; i < processes->len; i++)
    {
      g_autoptr (PscProcess) copy = psc_process_copy (g_ptr_array_index (processes, i));

      check_process (copy);
    }
  psc_process_list_largest (processes, 0, 1);
  psc_process_list_find (processes, "bash", &find_error);
}

static void
read_file (PscProbe *probe, guint handle, enum psc_wire_file file, guint64 max_bytes)
{
  g_autoptr (GError) error = NULL;
  gboolean truncated;
  g_autoptr (GBytes) bytes = psc_probe_read (probe, handle, file, max_bytes, &truncated, &error);

  if (bytes == NULL)
    check_error (error);
  else
    psc_fuzz_check (g_bytes_get_size (bytes) <= max_bytes);
}

static void
take_thread_cb (const PscProbeThread *thread, gpointer user_data)
{
  guint *n_threads = user_data;

  (*n_threads)++;
  if (thread->syscall != NULL)
    psc_threads_parse_stack_pointer (thread->syscall, thread->syscall_length);
}

static void
read_words (PscProbe *probe, guint handle, enum psc_wire_table table)
{
  g_autoptr (GError) error = NULL;
  guint64 words[64];
  gssize n = psc_probe_words (probe, handle, table, 3, G_N_ELEMENTS (words), words, &error);

  psc_fuzz_check (n <= (gssize) G_N_ELEMENTS (words));
  psc_fuzz_check ((n < 0) == (error != NULL));
  if (error != NULL)
    check_error (error);
}

static void
ask (PscProbe *probe, gint pid)
{
  const guint64 addresses[] = { 0, 0x400000, 0x7fff00000000 };
  struct psc_wire_query_answer answers[G_N_ELEMENTS (addresses)];
  g_autoptr (GError) error = NULL, clear_error = NULL;
  guint handle, n_threads = 0;
  guint64 start_time;
  gboolean truncated;

  read_file (probe, 0, PSC_WIRE_FILE_MEMINFO, 1 << 16);
  if (!psc_probe_open (probe, pid, &handle, &start_time, &error))
    {
      check_error (error);
      return;
    }
  psc_fuzz_check (handle != 0);
  read_file (probe, handle, PSC_WIRE_FILE_MAPS, 1 << 20);
  read_file (probe, handle, PSC_WIRE_FILE_STATUS, 100);
  if (!psc_probe_query (probe, handle, addresses, G_N_ELEMENTS (addresses), answers, &error))
    check_error (error);
  g_clear_error (&error);
  if (!psc_probe_threads (probe, handle, take_thread_cb, &n_threads, &truncated, &error))
    check_error (error);
  read_words (probe, handle, PSC_WIRE_TABLE_PAGEMAP);
  read_words (probe, 0, PSC_WIRE_TABLE_KPAGEFLAGS);
  if (!psc_probe_clear_referenced (probe, handle, NULL, &clear_error))
    check_error (clear_error);
  psc_probe_close (probe, handle);
}

static void
read_limits (PscProbe *probe, gint pid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscTarget) target = psc_target_new (probe, pid, &error);
  g_autoptr (PscLimits) limits = NULL;

  if (target != NULL)
    limits = psc_target_read_limits (target, &error);
  psc_fuzz_check ((limits == NULL) == (error != NULL));
  if (error != NULL)
    check_error (error);
  for (guint i = 0; limits != NULL && i < limits->n_levels; i++)
    psc_fuzz_check (g_utf8_validate (limits->levels[i].path, -1, NULL));
  for (guint i = 0; limits != NULL && i < limits->n_unknowns; i++)
    psc_fuzz_check (g_utf8_validate (limits->unknowns[i].why, -1, NULL));
}

static void
read_orphans (PscProbe *probe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscOrphans) orphans = psc_orphans_read (probe, NULL, &error);

  psc_fuzz_check ((orphans == NULL) == (error != NULL));
  if (error != NULL)
    check_error (error);
  for (guint i = 0; orphans != NULL && i < orphans->orphans->len; i++)
    {
      const PscOrphan *orphan = g_ptr_array_index (orphans->orphans, i);

      psc_fuzz_check (g_utf8_validate (orphan->name, -1, NULL));
      psc_fuzz_check (g_utf8_validate (orphan->sentence, -1, NULL));
      psc_fuzz_check (g_utf8_validate (orphan->remedy, -1, NULL));
      psc_fuzz_check (strchr (orphan->remedy, '\n') == NULL);
    }
}

static void
inspect (PscTarget *target, const PscSpace *space)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscInspection) inspection = NULL;

  if (space->n_mappings == 0)
    return;
  inspection = psc_target_inspect (target, space->mappings[0].start, 8, &error);
  psc_fuzz_check ((inspection == NULL) == (error != NULL));
  if (error != NULL)
    check_error (error);
  for (guint i = 0; inspection != NULL && i < inspection->n_pages; i++)
    {
      g_autofree char *flags = psc_page_facts_dup_flags (&inspection->pages[i]);

      psc_fuzz_check (g_utf8_validate (flags, -1, NULL));
      psc_fuzz_check (inspection->pages[i].order < 64);
    }
}

/* Of whatever smaps said. */
static void
check_cold (PscSpace *space)
{
  g_autoptr (PscCold) cold = psc_cold_new (space);

  psc_fuzz_check ((cold == NULL) == (space->smaps == NULL));
  for (guint i = 0; cold != NULL && i < space->n_mappings; i++)
    psc_fuzz_check (cold->mappings[i].touched + cold->mappings[i].cold ==
                    cold->mappings[i].resident);
}

static void
read_cold (PscTarget *target, PscSpace *space)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscCold) cold = psc_cold_read_frames (target, space, &error);

  psc_fuzz_check ((cold == NULL) == (error != NULL));
  if (error != NULL)
    check_error (error);
}

static void
capture (PscProbe *probe, gint pid, guint8 mode)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (PscTarget) target = psc_target_new (probe, pid, &error);

  options.force_pagemap = (mode & PSC_FUZZ_MODE_PAGEMAP) != 0;
  options.reuse_usec = mode & PSC_FUZZ_MODE_WATCH ? G_USEC_PER_SEC : 0;
  options.smaps = mode & PSC_FUZZ_MODE_SMAPS ? PSC_SMAPS_ALWAYS : PSC_SMAPS_NEVER;
  for (guint i = 0; target != NULL && i < N_SNAPSHOTS; i++)
    {
      g_autoptr (PscSpace) space = psc_target_capture (target, &options, &error);

      if (space == NULL)
        break;
      psc_fuzz_check_space (space);
      check_cold (space);
      if (mode & PSC_FUZZ_MODE_INSPECT)
        inspect (target, space);
      if (mode & PSC_FUZZ_MODE_COLD)
        read_cold (target, space);
    }
  if (error != NULL)
    check_error (error);
}

void
psc_fuzz_converse (PscProbe *probe, gint pid, guint8 mode)
{
  switch (mode & 3)
    {
    case 0:
      list (probe);
      if (mode & PSC_FUZZ_MODE_ORPHANS)
        read_orphans (probe);
      break;
    case 1:
      ask (probe, pid);
      if (mode & PSC_FUZZ_MODE_LIMITS)
        read_limits (probe, pid);
      break;
    default:
      capture (probe, pid, mode);
      break;
    }
}
