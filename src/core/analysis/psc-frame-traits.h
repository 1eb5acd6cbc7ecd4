/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Frames of pages as traits: how large the folio of a page is, and whether neighbouring pages lie
 * in neighbouring frames. Pure, any thread.
 */

#include "psc-traits.h"

G_BEGIN_DECLS

/* The size of a page's folio, in bytes, so that it holds for every size of base page. */
typedef enum
{
  PSC_FOLIO_4K,
  PSC_FOLIO_8K,
  PSC_FOLIO_16K,
  PSC_FOLIO_32K,
  PSC_FOLIO_64K,
  PSC_FOLIO_128K,
  PSC_FOLIO_256K,
  PSC_FOLIO_512K,
  PSC_FOLIO_1M,
  PSC_FOLIO_2M,      /* or more */
  PSC_FOLIO_ABSENT,  /* not in RAM */
  PSC_FOLIO_UNKNOWN, /* in RAM, but nobody may know or asked */
  PSC_N_FOLIOS
} PscFolioClass;

/* The length of the stretch of pages, neighbours in address and in frame alike, that a page lies
 * in. */
typedef enum
{
  PSC_STRETCH_PAGE,    /* one page alone */
  PSC_STRETCH_SMALL,   /* several, below 64 KiB */
  PSC_STRETCH_MIDDLE,  /* 64 KiB, below 2 MiB */
  PSC_STRETCH_LARGE,   /* 2 MiB or more */
  PSC_STRETCH_ABSENT,  /* not in RAM */
  PSC_STRETCH_UNKNOWN, /* in RAM, but nobody may know or asked */
  PSC_N_STRETCHES
} PscStretchClass;

/* What the kernel, when it last looked for memory to reclaim, thought of how a page is used. */
typedef enum
{
  PSC_ACTIVITY_USED,   /* on the active list, referenced, or locked into memory */
  PSC_ACTIVITY_UNUSED, /* on the inactive list and not referenced */
  PSC_N_ACTIVITIES
} PscActivity;

/* Of frame flags, bits of /proc/kpageflags. */
PscActivity psc_activity (guint64 flags);

/* Of a folio of so many bytes, a power of two. */
PscFolioClass psc_folio_class (guint64 size);
PscStretchClass psc_stretch_class (guint64 size, gsize page_size);

/* A page in RAM, as somebody saw it. */
typedef struct
{
  guint64 address;
  guint64 frame;
  guint64 folio_size; /* bytes; 0: not known, nor are the flags */
  guint64 flags;      /* of the frame and of the first of its folio, bits of /proc/kpageflags */
} PscFramedPage;

/* Traits of pages in [start, end), from pages sorted by address. Those outside are looked at only
 * for the stretches that reach out: it takes 2 MiB of them on either side to be exact. O(n). */
PscTraits *psc_frame_traits_new_order (const PscFramedPage *pages, gsize n_pages, gsize page_size,
                                       guint64 start, guint64 end);
/* Values are PscActivity. */
PscTraits *psc_frame_traits_new_activity (const PscFramedPage *pages, gsize n_pages,
                                          gsize page_size, guint64 start, guint64 end);
PscTraits *psc_frame_traits_new_contiguity (const PscFramedPage *pages, gsize n_pages,
                                            gsize page_size, guint64 start, guint64 end);

G_END_DECLS
