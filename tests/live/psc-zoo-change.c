/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Dense memory that becomes otherwise in places on order, while the map stays as it is: what a
 * snapshot that builds on the last one must notice.
 *
 *   dense_change   4096 pages: 512 stay; 16 given back; 16 given back and read; 8 become a guard;
 *                  472 stay; 512 become a huge page; 512 become the huge zero page; 952 stay; 100
 *                  are unmapped and mapped anew; 995 stay; the last is given back
 *   memfd_change   2048 pages: of which 100 from the 100th on are cut out of the file
 *   swap_change    1024 pages: the first 16 are swapped
 */

#include "psc-zoo.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static char *dense, *swap, *memfd;
static int memfd_fd = -1;

static void
make_dense_change (const char *name)
{
  dense = zoo_map_aligned (MIB (16));
  if (dense == NULL)
    {
      zoo_skip (name, "no transparent huge pages");
      return;
    }
  madvise (dense, MIB (16), MADV_NOHUGEPAGE);
  zoo_touch (dense, MIB (16), zoo_page);
  zoo_say (name, dense, MIB (16));
}

static void
make_swap_change (const char *name)
{
  swap = zoo_map_alone (MIB (4));
  zoo_touch (swap, MIB (4), zoo_page);
  zoo_say (name, swap, MIB (4));
}

static void
make_memfd_change (const char *name)
{
  memfd_fd = memfd_create ("zoo-change", MFD_CLOEXEC);
  if (memfd_fd >= 0 && ftruncate (memfd_fd, MIB (8)) == 0)
    memfd = zoo_map_file (memfd_fd, MIB (8), MAP_SHARED);
  if (memfd == NULL)
    {
      zoo_skip (name, "no memfd");
      return;
    }
  zoo_touch (memfd, MIB (8), zoo_page);
  zoo_say (name, memfd, MIB (8));
}

static void
change_dense (void)
{
  char *anew = dense + 3000 * zoo_page;

  madvise (dense + 512 * zoo_page, 32 * zoo_page, MADV_DONTNEED);
  zoo_look (dense + 528 * zoo_page, 16 * zoo_page);
  madvise (dense + 544 * zoo_page, 8 * zoo_page, ZOO_MADV_GUARD_INSTALL);
  madvise (dense + MIB (16) - zoo_page, zoo_page, MADV_DONTNEED);
  munmap (anew, 100 * zoo_page);
  mmap (anew, 100 * zoo_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
        0);
  madvise (dense, MIB (16), MADV_HUGEPAGE);
  madvise (dense + 2 * HUGE_PAGE, HUGE_PAGE, ZOO_MADV_COLLAPSE);
  madvise (dense + 3 * HUGE_PAGE, HUGE_PAGE, MADV_DONTNEED);
  zoo_look (dense + 3 * HUGE_PAGE, zoo_page);
  madvise (dense, MIB (16), MADV_NOHUGEPAGE);
}

void
zoo_change (void)
{
  if (dense != NULL)
    change_dense ();
  if (memfd != NULL)
    fallocate (memfd_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) (100 * zoo_page),
               (off_t) (100 * zoo_page));
  if (swap != NULL)
    zoo_page_out (swap, 16 * zoo_page);
}

const ZooExhibit zoo_change_exhibits[] = {
  { "dense_change", make_dense_change },
  { "memfd_change", make_memfd_change },
  { "swap_change", make_swap_change },
  { NULL, NULL },
};
