/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a capture finds out about mappings beyond what maps says of them. Private to psc-capture.c.
 */

#include "psc-probe.h"
#include "psc-space.h"

G_BEGIN_DECLS

/* Sets page_shift of mappings that are hugetlb, which only the kernel can tell. Returns how many
 * mappings may be hugetlb when it was not asked because it has no PROCMAP_QUERY: those that are
 * anonymous are then taken to be of 2 MiB pages. 0 when all is known. */
guint psc_capture_read_page_sizes (PscSpaceBuilder *builder, PscProbe *probe, guint handle);

/* Flags as PSC_MAPPING_MOVING what is not the same in `later`. O(mappings of both). */
void psc_capture_flag_moved (PscSpaceBuilder *builder, PscSpaceBuilder *later);
guint psc_capture_count_moved (PscSpaceBuilder *builder);

/* Pages of shared memory and of the vdso are no process's own; a scan isn't asked to say so. Runs
 * must be bound. */
void psc_capture_mark_shared_pages (PscSpaceBuilder *builder);

/* Whether any mapping is of shared memory. Mappings must be classified. */
gboolean psc_capture_has_shared_memory (PscSpaceBuilder *builder);

G_END_DECLS
