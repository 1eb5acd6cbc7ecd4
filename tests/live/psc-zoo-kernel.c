/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory that the kernel has a hand in: merged pages, rings, and its own pages. */

#include "psc-zoo.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void
nothing_cb (void *data)
{
}

/* Pages alike, and like no other process's. */
static void
make_ksm (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  for (size_t i = 0; i < 32; i++)
    {
      memset (start + i * zoo_page, 0x5a, zoo_page);
      memcpy (start + i * zoo_page, &now, sizeof now);
    }
  if (madvise (start, 32 * zoo_page, MADV_MERGEABLE) != 0)
    zoo_skip (name, "no KSM");
  else if (!zoo_insist (start, "KSM", 32 * zoo_page, nothing_cb, NULL))
    zoo_skip (name, "KSM has not merged the pages");
  else
    zoo_say (name, start, 32 * zoo_page);
}

/* Pages of zeros, which are merged with the zero page and so are in Rss no more. */
static void
make_ksm_zero (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  memset (start, 0, 24 * zoo_page);
  if (madvise (start, 32 * zoo_page, MADV_MERGEABLE) != 0)
    zoo_skip (name, "no KSM");
  else if (!zoo_insist (start, "Rss", 0, nothing_cb, NULL))
    zoo_skip (name, "KSM has not merged the pages with the zero page");
  else
    zoo_say (name, start, 32 * zoo_page);
}

static void
make_perf_ring (const char *name)
{
  struct perf_event_attr attr = {
    .type = PERF_TYPE_SOFTWARE,
    .size = sizeof attr,
    .config = PERF_COUNT_SW_PAGE_FAULTS,
    .exclude_kernel = 1,
    .disabled = 1,
  };
  int fd = (int) syscall (SYS_perf_event_open, &attr, 0, -1, -1, 0);
  char *start = fd >= 0 ? zoo_map (9 * zoo_page, PROT_READ | PROT_WRITE, MAP_SHARED, fd) : NULL;

  if (start == NULL)
    {
      zoo_skip (name, "no perf events");
      return;
    }
  zoo_look (start, zoo_page);
  zoo_say (name, start, 9 * zoo_page);
}

/* FALSE when there is none of that name. */
static bool
find_mapping (const char *wanted, uintptr_t *start, uintptr_t *end)
{
  FILE *file = fopen ("/proc/self/maps", "r");
  char line[512], found[64];

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    if (sscanf (line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %*s %63s", start, end, found) == 3 &&
        strcmp (found, wanted) == 0)
      {
        fclose (file);
        return true;
      }
  if (file != NULL)
    fclose (file);
  errno = 0;
  return false;
}

static void
make_named (const char *name, const char *wanted)
{
  uintptr_t start, end;

  if (!find_mapping (wanted, &start, &end))
    {
      zoo_skip (name, "this kernel shows no such mapping");
      return;
    }
  zoo_say (name, (void *) start, end - start);
}

static void
make_vvar (const char *name)
{
  make_named (name, "[vvar]");
}

static void
make_vdso (const char *name)
{
  uintptr_t start, end;

  if (find_mapping ("[vdso]", &start, &end))
    zoo_look ((const char *) start, end - start);
  make_named (name, "[vdso]");
}

static void
make_vsyscall (const char *name)
{
  make_named (name, "[vsyscall]");
}

const ZooExhibit zoo_kernel_exhibits[] = {
  { "ksm", make_ksm },   { "ksm_zero", make_ksm_zero }, { "perf_ring", make_perf_ring },
  { "vvar", make_vvar }, { "vdso", make_vdso },         { "vsyscall", make_vsyscall },
  { NULL, NULL },
};
