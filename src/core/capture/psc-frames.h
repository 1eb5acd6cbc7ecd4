/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The frames of a stretch of address space: what folios its pages are in, and whether they are
 * neighbours in physical memory. For what somebody looks at: it costs 100 to 300 ns a page, and the
 * kernel shows frames to administrators only. Blocks like PscProbe.
 *
 * Frames move while they are read; what is told is what was so a moment ago.
 */

#include "psc-capture.h"
#include "psc-traits.h"

G_BEGIN_DECLS

/* Most pages in one reading: 1 GiB of small ones, some 50 ms. */
#define PSC_FRAMES_MAX_PAGES (1u << 18)

typedef struct
{
  guint64 start, end;    /* as far as was read: `end` is lower than asked when there was too much */
  PscTraits *order;      /* values are PscFolioClass; pages that are not known have none */
  PscTraits *contiguity; /* values are PscStretchClass; likewise */
  PscTraits *activity;   /* values are PscActivity; likewise */
  guint64 n_pages;       /* in RAM, looked at */
  /* What is missing and why; what NULL: nothing is. Static strings. */
  PscUnknown frames, flags;
} PscFrames;

/* Pages in [start, end) that the space has in RAM as base pages; those mapped as huge need no
 * frames to be known, and a stretch of neighbours ends where they begin. At most max_pages of
 * them (1 to PSC_FRAMES_MAX_PAGES), the lowest. NULL with PSC_PROBE_ERROR when not even pagemap can
 * be read; not being allowed is no error but said in `frames` and `flags`. */
PscFrames *psc_target_read_frames (PscTarget *target, const PscSpace *space, guint64 start,
                                   guint64 end, guint max_pages, GError **error);
/* NULL is allowed. */
void psc_frames_free (PscFrames *frames);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscFrames, psc_frames_free)

G_END_DECLS
