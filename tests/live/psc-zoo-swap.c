/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory that is in swap, or was. Needs swap to be on. */

#include "psc-zoo.h"

#include <sys/mman.h>
#include <unistd.h>

/* FALSE, and said why, when they stay. */
static bool
page_out (const char *name, char *start, size_t length)
{
  if (zoo_page_out (start, length))
    return true;
  zoo_skip (name, "the kernel has not swapped the pages");
  return false;
}

static void
make_swapped (const char *name)
{
  char *start = zoo_map_alone (64 * zoo_page);

  zoo_touch (start, 64 * zoo_page, zoo_page);
  if (page_out (name, start, 16 * zoo_page))
    zoo_say (name, start, 64 * zoo_page);
}

static void
make_swapped_thp (const char *name)
{
  char *start = zoo_map_aligned (HUGE_PAGE);

  if (start == NULL)
    {
      zoo_skip (name, "no transparent huge pages");
      return;
    }
  zoo_touch (start, HUGE_PAGE, zoo_page);
  madvise (start, HUGE_PAGE, MADV_NOHUGEPAGE);
  if (zoo_smaps (start, "AnonHugePages") != HUGE_PAGE)
    zoo_skip (name, "the kernel gave no transparent huge page");
  else if (page_out (name, start, HUGE_PAGE))
    zoo_say (name, start, HUGE_PAGE);
}

/* Read in again, and still with its place in swap. */
static void
make_swap_cache (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  zoo_touch (start, 32 * zoo_page, zoo_page);
  if (!page_out (name, start, 32 * zoo_page))
    return;
  zoo_look (start, 24 * zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_swapped_shared (const char *name, int fd, int flags)
{
  char *start = zoo_map_file (fd, 64 * zoo_page, flags);

  if (start == NULL)
    {
      zoo_skip (name, "no such shared memory");
      return;
    }
  zoo_touch (start, 64 * zoo_page, zoo_page);
  if (page_out (name, start, 16 * zoo_page))
    zoo_say (name, start, 64 * zoo_page);
}

static int
make_memfd (const char *name)
{
  int fd = memfd_create (name, MFD_CLOEXEC);

  return fd >= 0 && ftruncate (fd, (off_t) (64 * zoo_page)) == 0 ? fd : -1;
}

static void
make_swapped_shm (const char *name)
{
  char *start = zoo_map (64 * zoo_page, PROT_READ | PROT_WRITE, MAP_SHARED, -1);

  if (start == NULL)
    {
      zoo_skip (name, "no shared memory");
      return;
    }
  zoo_touch (start, 64 * zoo_page, zoo_page);
  if (page_out (name, start, 16 * zoo_page))
    zoo_say (name, start, 64 * zoo_page);
}

static void
make_swapped_memfd (const char *name)
{
  make_swapped_shared (name, make_memfd ("zoo-swapped"), MAP_SHARED);
}

static void
make_swapped_tmpfs (const char *name)
{
  make_swapped_shared (name, zoo_open_in_own_tmpfs ("size=1m", 64 * zoo_page), MAP_SHARED);
}

/* Copies of its pages are this process's own, and so is their swap. */
static void
make_swapped_memfd_private (const char *name)
{
  make_swapped_shared (name, make_memfd ("zoo-private"), MAP_PRIVATE);
}

const ZooExhibit zoo_swap_exhibits[] = {
  { "swapped", make_swapped },
  { "swapped_thp", make_swapped_thp },
  { "swap_cache", make_swap_cache },
  { "swapped_shm", make_swapped_shm },
  { "swapped_memfd", make_swapped_memfd },
  { "swapped_tmpfs", make_swapped_tmpfs },
  { "swapped_memfd_private", make_swapped_memfd_private },
  { NULL, NULL },
};
