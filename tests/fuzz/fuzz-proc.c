/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is any of the small files of /proc; every parser gets it, its own file or not. */

#include <string.h>

#include "psc-fuzz.h"
#include "psc-huge-reader.h"
#include "psc-proc-parser.h"
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

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  PscStatm statm;
  PscStatus status;
  PscMeminfo meminfo;

  check_stat (text, size);
  check_huge (text, size);
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
