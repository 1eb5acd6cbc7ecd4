/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Private memory that other processes have mapped, too: what parent and child have in common after
 * fork, page by page, until one of them writes. A snapshot can't tell, because PAGEMAP_SCAN does
 * not say; pagemap does, to everybody who may read it, at some 11 ns a page. Blocks like PscProbe.
 */

#include "psc-capture.h"
#include "psc-traits.h"

G_BEGIN_DECLS

/* The value of a trait; pages that are this process's alone have none. */
#define PSC_SHARED_WITH_OTHERS 1

/* Most pages in one reading: 4 GiB of small ones. */
#define PSC_SHARED_MAX_PAGES (1u << 20)

/* Of pages in [start, *end), aligned, that the space has in RAM in private mappings and that are in
 * no file (bit 56 of pagemap is clear: mapped more than once). At most max_pages are looked at (1
 * to PSC_SHARED_MAX_PAGES), the lowest, and *end becomes how far that was. The mmap lock is held
 * for about a millisecond at a time. NULL with PSC_PROBE_ERROR. */
PscTraits *psc_target_read_shared (PscTarget *target, const PscSpace *space, guint64 start,
                                   guint64 *end, guint max_pages, GError **error);

G_END_DECLS
