/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Super pages of PartitionAlloc, the allocator of Chromium and of programs built on it: 2 MiB, on a
 * border of 2 MiB, that begin with a page of metadata between guards, 16 KiB before the first slot.
 * To who knows only guards they look like stacks of threads. With base pages of 4 KiB only. Pure
 * functions.
 */

#include "psc-space.h"

G_BEGIN_DECLS

#define PSC_SUPER_PAGE_SIZE (G_GUINT64_CONSTANT (1) << 21)

/* Is mapping `index` the metadata of a super page? It begins at its start, rounded down to
 * PSC_SUPER_PAGE_SIZE. Mappings by address. O(1). */
gboolean psc_super_page_starts (const PscMapping *mappings, guint n_mappings, guint index);

/* Does mapping `index` begin in a super page? O(1). */
gboolean psc_super_page_contains (const PscMapping *mappings, guint n_mappings, guint index);

G_END_DECLS
