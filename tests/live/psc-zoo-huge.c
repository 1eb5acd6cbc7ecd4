/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages larger than the base page, however they come. */

#include "psc-zoo.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Transparent huge pages, all of them there; NULL and said why when they can't be had. */
static char *
make_huge_area (const char *name, size_t length)
{
  char *start = zoo_map_aligned (length);

  if (start == NULL)
    {
      zoo_skip (name, "no transparent huge pages");
      return NULL;
    }
  zoo_touch (start, length, zoo_page);
  errno = 0;
  if (zoo_smaps (start, "AnonHugePages") != length)
    {
      zoo_skip (name, "the kernel gave no transparent huge page");
      return NULL;
    }
  madvise (start, length, MADV_NOHUGEPAGE);
  return start;
}

static void
make_thp (const char *name)
{
  char *start = make_huge_area (name, 2 * HUGE_PAGE);

  if (start != NULL)
    zoo_say (name, start, 2 * HUGE_PAGE);
}

/* A part was given back: mapped by base pages again. */
static void
make_thp_split (const char *name)
{
  char *start = make_huge_area (name, HUGE_PAGE);

  if (start == NULL)
    return;
  madvise (start + 16 * zoo_page, 16 * zoo_page, MADV_DONTNEED);
  zoo_say (name, start, HUGE_PAGE);
}

/* Two mappings share the huge page, so base pages map it; the page itself stays whole. */
static void
make_thp_split_mprotect (const char *name)
{
  char *start = make_huge_area (name, HUGE_PAGE);

  if (start == NULL)
    return;
  mprotect (start, 100 * zoo_page, PROT_READ);
  zoo_say (name, start, HUGE_PAGE);
}

static void
make_huge_zero (const char *name)
{
  char *start = zoo_map_aligned (HUGE_PAGE);

  if (start == NULL)
    {
      zoo_skip (name, "no transparent huge pages");
      return;
    }
  zoo_look (start, zoo_page);
  madvise (start, HUGE_PAGE, MADV_NOHUGEPAGE);
  zoo_say (name, start, HUGE_PAGE);
}

static unsigned long
count_mthp (void)
{
  unsigned long n = 0;
  FILE *file =
      fopen ("/sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/anon_fault_alloc", "r");

  if (file == NULL)
    return 0;
  if (fscanf (file, "%lu", &n) != 1)
    n = 0;
  fclose (file);
  return n;
}

/* Folios of 64 KiB, which only the kernel's own count and frame flags give away. */
static void
make_mthp (const char *name)
{
  unsigned long before = count_mthp ();
  char *start = zoo_map_aligned (KIB (512));

  if (start == NULL)
    {
      zoo_skip (name, "no transparent huge pages");
      return;
    }
  zoo_touch (start, KIB (256), zoo_page);
  errno = 0;
  if (count_mthp () < before + 4)
    {
      zoo_skip (name, "the kernel gave no pages of 64 KiB");
      return;
    }
  madvise (start, KIB (512), MADV_NOHUGEPAGE);
  zoo_say (name, start, KIB (512));
}

static void
make_hugetlb (const char *name)
{
  char *start = zoo_map (3 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_HUGETLB, -1);

  if (start == NULL)
    {
      zoo_skip (name, "no huge pages in the pool");
      return;
    }
  zoo_touch (start, 2 * HUGE_PAGE, zoo_page);
  zoo_say (name, start, 3 * HUGE_PAGE);
}

static void
make_hugetlb_untouched (const char *name)
{
  char *start = zoo_map (HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_HUGETLB, -1);

  if (start == NULL)
    zoo_skip (name, "no huge pages in the pool");
  else
    zoo_say (name, start, HUGE_PAGE);
}

static void
make_hugetlb_memfd (const char *name)
{
  int fd = memfd_create ("zoo-huge", MFD_HUGETLB);
  char *start = NULL;

  if (fd >= 0 && ftruncate (fd, 2 * HUGE_PAGE) == 0)
    start = zoo_map (2 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  if (start == NULL)
    {
      zoo_skip (name, "no huge pages in the pool");
      return;
    }
  zoo_touch (start, HUGE_PAGE, zoo_page);
  zoo_say (name, start, 2 * HUGE_PAGE);
}

static void
make_tmpfs_huge (const char *name)
{
  int fd = zoo_open_in_own_tmpfs ("huge=always,size=16m", HUGE_PAGE);
  char *start = zoo_map_file (fd, HUGE_PAGE, MAP_SHARED);

  if (start == NULL)
    {
      zoo_skip (name, "no tmpfs with huge pages may be mounted");
      return;
    }
  zoo_touch (start, HUGE_PAGE, zoo_page);
  errno = 0;
  if (zoo_smaps (start, "ShmemPmdMapped") != HUGE_PAGE)
    zoo_skip (name, "tmpfs gave no huge page");
  else
    zoo_say (name, start, HUGE_PAGE);
}

const ZooExhibit zoo_huge_exhibits[] = {
  { "thp", make_thp },
  { "thp_split", make_thp_split },
  { "thp_split_mprotect", make_thp_split_mprotect },
  { "huge_zero", make_huge_zero },
  { "mthp", make_mthp },
  { "hugetlb", make_hugetlb },
  { "hugetlb_untouched", make_hugetlb_untouched },
  { "hugetlb_memfd", make_hugetlb_memfd },
  { "tmpfs_huge", make_tmpfs_huge },
  { NULL, NULL },
};
