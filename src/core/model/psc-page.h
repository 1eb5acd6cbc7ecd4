/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Page states and page runs: what is known of single pages, run-length encoded.
 *
 * A run is a stretch of neighbouring pages of one mapping that are in one state. Only pages of
 * which there is something to say have a run: a page of a mapping that no run covers is absent
 * (never touched, or given back). Runs are sorted by address, never overlap and never cross the
 * border of a mapping. Plain data, no ownership, any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Facts about a page, as bits of PscRun.state. */
typedef enum
{
  PSC_PAGE_PRESENT = 1 << 0, /* in RAM and mapped by this process */
  PSC_PAGE_SWAPPED = 1 << 1, /* in swap; anonymous memory only, shared memory does not show it */
  PSC_PAGE_ZERO = 1 << 2,    /* the kernel's shared zero page: present, but not in Rss */
  PSC_PAGE_HUGE = 1 << 3,    /* mapped by an upper-level table entry (PMD or PUD) */
  PSC_PAGE_HUGETLB = 1 << 4, /* of a hugetlb mapping: not in Rss, has totals of its own */
  PSC_PAGE_FILE = 1 << 5,    /* a page of a file or of shared memory, not of this process alone */
  PSC_PAGE_GUARD = 1 << 6,   /* a lightweight guard (MADV_GUARD_INSTALL): access is fatal */
  PSC_PAGE_UNKNOWN = 1 << 7, /* could not be read; never to be shown as absent */
  /* Of a special mapping (VM_PFNMAP: device memory, rings, [vvar]; and [vsyscall]): the kernel maps
   * frames there of which it keeps no account and tells nothing. In no sum, as in smaps. */
  PSC_PAGE_SPECIAL = 1 << 8,
} PscPageState;

/* Classes of state: every page of a mapping is in exactly one. Lenses and totals count these. */
typedef enum
{
  PSC_CLASS_ABSENT,        /* mapped, nothing behind it yet */
  PSC_CLASS_RESIDENT,      /* anonymous, base pages */
  PSC_CLASS_RESIDENT_FILE, /* page of a file or of shared memory, base pages */
  PSC_CLASS_HUGE,          /* transparent huge page, mapped as one */
  PSC_CLASS_HUGETLB,       /* from the huge-page pool */
  PSC_CLASS_ZERO,          /* the zero page, small or huge */
  PSC_CLASS_SWAPPED,
  PSC_CLASS_GUARD,
  PSC_CLASS_SPECIAL, /* frames of the kernel or of a device: no memory of this process */
  PSC_CLASS_UNKNOWN,
  PSC_N_CLASSES
} PscPageClass;

typedef struct
{
  guint64 start;   /* address of the first page, bytes */
  guint32 n_pages; /* base pages, at least 1 */
  guint16 state;   /* PscPageState bits */
  guint16 zero;    /* room for a folio order */
} PscRun;

G_STATIC_ASSERT (sizeof (PscRun) == 16);

/* O(1). Every combination of bits has a class. */
PscPageClass psc_page_class (guint16 state);

/* "resident", "swapped", …: the field's word for the class, as JSON keys use it. Never NULL. */
const char *psc_page_class_id (PscPageClass klass);

/* The same for people, untranslated (mark it with gettext where it is shown): "Swapped". */
const char *psc_page_class_title (PscPageClass klass);

static inline guint64
psc_run_end (const PscRun *run, gsize page_size)
{
  return run->start + (guint64) run->n_pages * page_size;
}

G_END_DECLS
