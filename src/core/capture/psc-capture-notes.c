/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-capture-notes.h"

#include <linux/capability.h>
#include <stdio.h>

#include "psc-process-list.h"

/* Newer than some headers. */
#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif

void
psc_capture_set_gone (GError **error, const PscCaptureSubject *subject)
{
  if (subject->name[0] == '\0')
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE, "There is no process %d",
                 subject->pid);
  else
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE, "Process %d (%s) has ended",
                 subject->pid, subject->name);
}

gboolean
psc_capture_set_no_memory_map (GError **error, const PscCaptureSubject *subject,
                               const PscStat *stat)
{
  if (psc_stat_is_kernel_thread (stat))
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP,
                 "Process %d (%s) is a kernel thread: it works in the kernel's memory and has "
                 "none of its own; choose another process",
                 subject->pid, subject->name);
  else if (stat->state == 'Z' || stat->state == 'X')
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP,
                 "Process %d (%s) is a zombie: it has ended, its memory is given back, and its "
                 "parent (process %d) has yet to take note",
                 subject->pid, subject->name, stat->ppid);
  else
    return FALSE;
  return TRUE;
}

static gboolean
has_capability (const PscHost *host, guint capability)
{
  return (host->capabilities & G_GUINT64_CONSTANT (1) << capability) != 0;
}

/* What opens maps of other users' processes: CAP_PERFMON does since about Linux 6.15. */
static const char *
least_for_maps (const PscHost *host)
{
  guint major = 0, minor = 0;

  if (sscanf (host->release, "%u.%u", &major, &minor) == 2 &&
      (major > 6 || (major == 6 && minor >= 16)))
    return "CAP_PERFMON";
  return "CAP_SYS_PTRACE";
}

/* The capabilities that are missing for mappings and page states, in words. */
static char *
dup_missing_capabilities (const PscHost *host)
{
  return g_strdup_printf ("%s%s", least_for_maps (host),
                          has_capability (host, CAP_DAC_READ_SEARCH) ? "" :
                                                                       " and CAP_DAC_READ_SEARCH");
}

void
psc_capture_set_denied (GError **error, const PscCaptureSubject *subject)
{
  const PscHost *host = psc_probe_get_host (subject->probe);
  g_autofree char *user = psc_user_dup_name (subject->probe, subject->uid);
  g_autofree char *missing = dup_missing_capabilities (host);
  g_autofree char *why = NULL;

  if (host->uid == subject->uid && host->uid != 0)
    why = g_strdup_printf ("it keeps others from looking into it (it is not dumpable). Run as "
                           "root, or give the probe %s",
                           missing);
  else if (host->uid == 0)
    why = g_strdup_printf ("it belongs to user %s, and root may not look into it here. Run with "
                           "the capability CAP_SYS_PTRACE",
                           user);
  else
    why = g_strdup_printf ("it belongs to user %s. Run as that user or as root, or give the probe "
                           "%s",
                           user, missing);
  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED,
               "Can't read the memory map of process %d (%s): %s", subject->pid, subject->name,
               why);
}

PscReason
psc_capture_reason_of (const GError *error)
{
  if (error->domain != PSC_PROBE_ERROR)
    return PSC_REASON_FAILED;
  switch ((PscProbeError) error->code)
    {
    case PSC_PROBE_ERROR_DENIED:
      return PSC_REASON_DENIED;
    case PSC_PROBE_ERROR_UNSUPPORTED:
      return PSC_REASON_UNSUPPORTED;
    case PSC_PROBE_ERROR_GONE:
      return PSC_REASON_GONE;
    default:
      return PSC_REASON_FAILED;
    }
}

/* maps was read, or there would be no space to note it in. */
static void
note_no_pages (PscSpaceBuilder *builder, const PscHost *host, const GError *error)
{
  PscReason reason = psc_capture_reason_of (error);
  const char *remedy = "";

  if (reason == PSC_REASON_DENIED && has_capability (host, CAP_DAC_READ_SEARCH))
    remedy = "run as the same user, or give the probe CAP_SYS_PTRACE";
  else if (reason == PSC_REASON_DENIED)
    remedy = "run as the same user, or give the probe CAP_DAC_READ_SEARCH";
  psc_space_builder_add_unknown (builder, reason, "page states", error->message, remedy);
}

/* smaps tells sums of both, but not which pages. */
static void
note_pagemap (PscSpaceBuilder *builder, const PscPages *pages, gboolean forced_pagemap,
              gboolean smaps_read)
{
  const PscReason reason = forced_pagemap ? PSC_REASON_NOT_READ : PSC_REASON_UNSUPPORTED;
  const char *why = "Page states were read from pagemap, which doesn't tell them";
  const char *remedy =
      forced_pagemap ? "read page states with PAGEMAP_SCAN" : "a newer kernel (Linux 6.7)";
  g_autofree char *either = g_strdup_printf ("%s, or read smaps", remedy);

  if (!forced_pagemap)
    why = pages->error != NULL ? pages->error->message : "PAGEMAP_SCAN needs Linux 6.7";
  psc_space_builder_add_unknown (builder, reason, "huge pages", why, smaps_read ? remedy : either);
  psc_space_builder_add_unknown (
      builder, reason, "zero pages",
      "pagemap doesn't tell the zero page from others: it counts as resident", remedy);
}

void
psc_capture_note_pages (PscSpaceBuilder *builder, const PscCaptureSubject *subject,
                        const PscPages *pages, gboolean forced_pagemap, gboolean smaps_read)
{
  if (pages->source == PSC_SOURCE_NONE)
    note_no_pages (builder, psc_probe_get_host (subject->probe), pages->error);
  else if (pages->source == PSC_SOURCE_PAGEMAP)
    note_pagemap (builder, pages, forced_pagemap, smaps_read);
}

void
psc_capture_note_torn (PscSpaceBuilder *builder, guint n_moved, guint n_torn)
{
  g_autofree char *why = NULL;

  if (n_moved == 0 && n_torn == 0)
    return;
  if (n_torn == 0)
    why = g_strdup_printf ("%u of the mappings changed while they were read", n_moved);
  else
    why = g_strdup_printf ("%u of the mappings changed while they were read, and %u lines of the "
                           "map contradicted others",
                           n_moved, n_torn);
  psc_space_builder_add_unknown (builder, PSC_REASON_TORN, "moving mappings", why,
                                 "capture again, or stop the process meanwhile");
}

void
psc_capture_note_truncated (PscSpaceBuilder *builder, guint64 max_bytes)
{
  g_autofree char *why = g_strdup_printf ("The memory map is longer than %" G_GUINT64_FORMAT
                                          " bytes: the rest was not read",
                                          max_bytes);

  psc_space_builder_add_unknown (builder, PSC_REASON_FAILED, "mappings", why, "");
}

void
psc_capture_note_page_sizes (PscSpaceBuilder *builder, guint n)
{
  g_autofree char *why = g_strdup_printf (
      "%u of the mappings may be of the huge-page pool: without PROCMAP_QUERY (Linux 6.11) only "
      "anonymous ones can be told, and are taken to be of 2 MiB pages",
      n);

  psc_space_builder_add_unknown (builder, PSC_REASON_UNSUPPORTED, "page sizes", why,
                                 "a newer kernel, or read smaps");
}

void
psc_capture_note_smaps (PscSpaceBuilder *builder, const GError *error)
{
  psc_space_builder_add_unknown (builder, psc_capture_reason_of (error), "smaps", error->message,
                                 "");
}

void
psc_capture_note_swapped_shm (PscSpaceBuilder *builder)
{
  psc_space_builder_add_unknown (
      builder, PSC_REASON_NOT_READ, "swapped shared memory",
      "Swap is in use, and pages of shared memory that are swapped look like untouched ones",
      "read smaps");
}

void
psc_capture_note_threads (PscSpaceBuilder *builder)
{
  psc_space_builder_add_unknown (
      builder, PSC_REASON_DENIED, "owners of thread stacks",
      "Which thread uses which stack is told by stack pointers, and they may not be read",
      "run as the same user, or give the probe CAP_SYS_PTRACE");
}
