/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is any of the small files of /proc; every parser gets it, its own file or not. */

#include <string.h>

#include "psc-fuzz.h"
#include "psc-huge-reader.h"
#include "psc-limits-parser.h"
#include "psc-proc-parser.h"
#include "psc-sysv-parser.h"
#include "psc-threads.h"

static gboolean
is_zeroed (gconstpointer bytes, gsize size)
{
  const guint8 *at = bytes;

  for (gsize i = 0; i < size; i++)
    if (at[i] != 0)
      return FALSE;
  return TRUE;
}

static void
check_stat (const char *text, gsize length)
{
  PscStat stat;

  memset (&stat, 0xa5, sizeof stat);
  if (!psc_stat_parse (text, length, &stat))
    {
      psc_fuzz_check (is_zeroed (&stat, sizeof stat));
      return;
    }
  psc_fuzz_check (memchr (stat.comm, '\0', sizeof stat.comm) != NULL);
  psc_stat_is_kernel_thread (&stat);
}

static void
check_cmdline (const char *bytes, gsize length)
{
  g_autofree char *command = psc_cmdline_format (bytes, length);

  psc_fuzz_check (g_utf8_validate (command, -1, NULL));
  psc_fuzz_check (strchr (command, '\n') == NULL);
}

static void
check_huge (const char *text, gsize length)
{
  PscHugeMode mode = psc_huge_parse_mode (text, length, PSC_HUGE_MODE_UNKNOWN);
  PscHugeMode shmem = psc_huge_parse_shmem (text, length);
  PscHugeDefrag defrag = psc_huge_parse_defrag (text, length);

  /* Without the brackets around what is chosen nothing is. */
  if (memchr (text, '[', length) != NULL)
    return;
  psc_fuzz_check (mode == PSC_HUGE_MODE_UNKNOWN && shmem == PSC_HUGE_MODE_UNKNOWN);
  psc_fuzz_check (defrag == PSC_HUGE_DEFRAG_UNKNOWN);
}

static void
check_limit (PscLimit limit)
{
  psc_fuzz_check (limit.state <= PSC_LIMIT_VALUE);
  psc_fuzz_check (limit.state == PSC_LIMIT_VALUE || limit.value == 0);
}

static void
check_cgroup (const char *text, gsize length)
{
  g_autofree char *path = NULL, *elsewhere = NULL, *beneath = NULL;
  PscCgroupMount mount;
  gboolean deleted, found;
  PscCgroupVersion version = psc_cgroup_parse (text, length, &path, &deleted);

  psc_fuzz_check ((version == PSC_CGROUP_NONE) == (path == NULL));
  psc_fuzz_check (path == NULL || (path[0] == '/' && strlen (path) <= PSC_WIRE_MAX_PATH + 1));
  found = psc_cgroup_mount_parse (text, length, PSC_CGROUP_V2, &mount, &elsewhere);
  psc_fuzz_check (found == (mount.root != NULL) && !(found && elsewhere != NULL));
  psc_fuzz_check (elsewhere == NULL || g_utf8_validate (elsewhere, -1, NULL));
  if (found && path != NULL)
    beneath = psc_cgroup_path_beneath (mount.root, path);
  psc_fuzz_check (beneath == NULL || strlen (beneath) <= PSC_WIRE_MAX_PATH);
  psc_fuzz_check (beneath == NULL || beneath[0] != '/');
  psc_cgroup_mount_clear (&mount);
}

static void
check_limits (const char *text, gsize length)
{
  PscRlimits rlimits;
  gint value = 0;

  psc_rlimits_parse (text, length, &rlimits);
  check_limit (rlimits.stack);
  check_limit (rlimits.address_space);
  check_limit (rlimits.data);
  check_limit (rlimits.memlock);
  check_limit (psc_cgroup_limit_parse (text, length));
  check_limit (psc_number_parse (text, length));
  psc_fuzz_check (!psc_signed_parse (text, length, 1000, &value) || ABS (value) <= 1000);
  check_cgroup (text, length);
}

static void
check_sysv (const char *text, gsize length)
{
  g_autoptr (GArray) segments = psc_sysv_parse (text, length, NULL);

  /* A line of sixteen numbers has at least 31 bytes. */
  psc_fuzz_check (segments == NULL || segments->len <= length / 31);
  for (guint i = 0; segments != NULL && i < segments->len; i++)
    {
      const PscSysvSegment *segment = &g_array_index (segments, PscSysvSegment, i);

      psc_fuzz_check (segment->shmid <= G_MAXINT && segment->uid <= G_MAXUINT);
      psc_fuzz_check (segment->cpid <= G_MAXINT && segment->lpid <= G_MAXINT);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  PscStatm statm;
  PscStatus status;
  PscMeminfo meminfo;

  check_stat (text, size);
  check_huge (text, size);
  check_limits (text, size);
  check_sysv (text, size);
  memset (&statm, 0xa5, sizeof statm);
  psc_fuzz_check (psc_statm_parse (text, size, &statm) || is_zeroed (&statm, sizeof statm));
  memset (&status, 0xa5, sizeof status);
  psc_fuzz_check (psc_status_parse (text, size, &status) || is_zeroed (&status, sizeof status));
  memset (&meminfo, 0xa5, sizeof meminfo);
  psc_fuzz_check (psc_meminfo_parse (text, size, &meminfo) || is_zeroed (&meminfo, sizeof meminfo));
  check_cmdline (text, size);
  psc_threads_parse_stack_pointer (text, size);
  return 0;
}
