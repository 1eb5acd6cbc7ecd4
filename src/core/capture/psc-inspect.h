/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * All that the kernel tells of single pages: shared or exclusive, and where privileged frame
 * number, folio order, and the flags of the frame. Asked for the pages that somebody looks at,
 * never for a whole address space: it costs 30 ns to 300 ns a page (KERNEL.md's measures), 8 to 25
 * times a scan. Blocks like PscProbe.
 */

#include "psc-capture.h"

G_BEGIN_DECLS

/* Most pages in one inspection: the reach of two last-level tables. */
#define PSC_INSPECT_MAX_PAGES 1024u

/* Flags of a page frame, bits of /proc/kpageflags (include/uapi/linux/kernel-page-flags.h). */
typedef enum
{
  PSC_FRAME_REFERENCED = 2,
  PSC_FRAME_DIRTY = 4,
  PSC_FRAME_ACTIVE = 6,
  PSC_FRAME_WRITEBACK = 8,
  PSC_FRAME_ANON = 12,
  PSC_FRAME_SWAPCACHE = 13,
  PSC_FRAME_HEAD = 15,
  PSC_FRAME_TAIL = 16,
  PSC_FRAME_HUGETLB = 17,
  PSC_FRAME_UNEVICTABLE = 18,
  PSC_FRAME_KSM = 21,
  PSC_FRAME_THP = 22,
  PSC_FRAME_ZERO_PAGE = 24,
  PSC_FRAME_IDLE = 25,
} PscFrameFlag;

/* What PscPageFacts knows. */
typedef enum
{
  PSC_FACT_PAGEMAP = 1 << 0, /* exclusive, soft_dirty */
  PSC_FACT_FRAME = 1 << 1,   /* frame */
  PSC_FACT_FLAGS = 1 << 2,   /* flags, order */
  PSC_FACT_COUNT = 1 << 3,   /* map_count */
} PscFacts;

typedef struct
{
  guint64 address;
  guint known; /* PscFacts */
  gboolean present;
  gboolean exclusive;  /* mapped by this process alone, once */
  gboolean soft_dirty; /* written since soft-dirty bits were cleared; always set on some kernels */
  guint64 frame;       /* page frame number; the physical address is frame * page_size */
  guint64 flags;       /* 1 << PscFrameFlag */
  guint order;         /* of the folio: it has 1 << order base pages */
  guint64 map_count;   /* page tables that map the frame */
} PscPageFacts;

typedef struct
{
  PscPageFacts *pages;
  guint n_pages;
  /* What is missing and why; what NULL: nothing is. Static strings. */
  PscUnknown frames, flags;
} PscInspection;

/* Pages [start, start + n_pages pages), start page aligned, n_pages 1 to PSC_INSPECT_MAX_PAGES.
 * NULL with PSC_PROBE_ERROR when not even pagemap can be read. */
PscInspection *psc_target_inspect (PscTarget *target, guint64 start, guint n_pages, GError **error);
/* NULL is allowed. */
void psc_inspection_free (PscInspection *inspection);

/* The flags in words, "dirty, referenced, large folio"; "" when none are set. Untranslated. */
char *psc_page_facts_dup_flags (const PscPageFacts *facts);

/* Order of the folio that frame `frame` belongs to, given flags of `n` frames from `first` on
 * (frame inside). Pure. */
guint psc_inspect_folio_order (const guint64 *flags, guint64 first, gsize n, guint64 frame);

/* Why there are no frames; and why no flags, by the error that reading them gave, or NULL: because
 * there are no frames. Static strings. */
PscUnknown psc_inspect_unknown_frames (void);
PscUnknown psc_inspect_unknown_flags (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscInspection, psc_inspection_free)

G_END_DECLS
