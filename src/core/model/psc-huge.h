/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Transparent huge pages: what the system is set to, and sums over the slots of a space that a huge
 * page could fill. A slot is what one last-level page table covers, 2 MiB on x86-64: a row of the
 * map. Plain data, any thread. See Documentation/admin-guide/mm/transhuge.rst of the kernel.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_HUGE_MODE_UNKNOWN, /* not read */
  PSC_HUGE_MODE_NEVER,
  PSC_HUGE_MODE_MADVISE, /* where a program asked for it: MADV_HUGEPAGE */
  PSC_HUGE_MODE_ALWAYS,
} PscHugeMode;

typedef enum
{
  PSC_HUGE_DEFRAG_UNKNOWN,
  PSC_HUGE_DEFRAG_NEVER, /* a page fault takes a huge page only when one is at hand */
  PSC_HUGE_DEFRAG_DEFER,
  PSC_HUGE_DEFRAG_DEFER_MADVISE,
  PSC_HUGE_DEFRAG_MADVISE, /* waits for one where the program asked */
  PSC_HUGE_DEFRAG_ALWAYS,
} PscHugeDefrag;

/* All zero: nothing was read. */
typedef struct
{
  PscHugeMode anon;  /* of slot-sized pages of anonymous memory */
  PscHugeMode shmem; /* of shared memory without a file: memfd, SysV, MAP_SHARED | MAP_ANONYMOUS */
  PscHugeDefrag defrag;
  gboolean max_ptes_none_known, process_known;
  guint max_ptes_none;  /* khugepaged collapses a slot with at most so many base pages missing */
  gboolean process_off; /* switched off for this process: PR_SET_THP_DISABLE */
} PscHugeSettings;

/* Why the memory of a slot is mapped as it is. */
typedef enum
{
  PSC_HUGE_UNKNOWN,      /* page states or settings were not read */
  PSC_HUGE_IS_HUGE,      /* mapped by one huge page */
  PSC_HUGE_IS_POOL,      /* from the huge-page pool (hugetlb): always huge */
  PSC_HUGE_SPECIAL,      /* device memory or the kernel's own pages */
  PSC_HUGE_FILE,         /* pages of a file: its file system decides */
  PSC_HUGE_TOO_SHORT,    /* the mapping is smaller than a slot */
  PSC_HUGE_UNALIGNED,    /* the mapping begins or ends inside the slot */
  PSC_HUGE_GUARDED,      /* has guard pages in it (MADV_GUARD_INSTALL) */
  PSC_HUGE_EMPTY,        /* nothing is populated yet */
  PSC_HUGE_NEVER,        /* could be huge, but: the system is set to never */
  PSC_HUGE_PROCESS_OFF,  /* … it is switched off for the process */
  PSC_HUGE_REFUSED,      /* … the program asked not to (MADV_NOHUGEPAGE) */
  PSC_HUGE_NEEDS_ADVICE, /* … the program has to ask (MADV_HUGEPAGE), and didn't as far as known */
  PSC_HUGE_TOO_SPARSE,   /* … more base pages are missing than khugepaged fills up */
  PSC_HUGE_PARTLY,       /* … some base pages are missing; khugepaged may collapse it */
  PSC_HUGE_WAITING, /* … nothing is missing; khugepaged hasn't come by, or found no huge page */
  PSC_N_HUGE_REASONS
} PscHugeReason;

/* Over the slots in which something is mapped and known. */
typedef struct
{
  guint64 slots[PSC_N_HUGE_REASONS];     /* of those that are populated or huge */
  guint64 populated[PSC_N_HUGE_REASONS]; /* bytes in them */
} PscHugeSums;

G_END_DECLS
