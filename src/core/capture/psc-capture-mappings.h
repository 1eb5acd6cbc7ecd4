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

/* In runs that pagemap gave: a page of private anonymous memory that is said to be a file's is of
 * the huge zero page. Runs must be bound. */
void psc_capture_mark_huge_zero_pages (PscSpaceBuilder *builder);

/* Makes pages special in mappings of frames that the kernel keeps no account of (VM_PFNMAP: device
 * memory, rings, [vvar]; and [vsyscall], which is no VMA): a scan passes over them, so they look
 * untouched and are not. VmFlags tell such a mapping exactly when smaps was read; else one of the
 * kernel's or of a device without a single page is one, and registers of a device that are mapped
 * through sysfs pass for an untouched file. Mappings must be classified and runs bound; once. */
void psc_capture_mark_special (PscSpaceBuilder *builder);

/* Whether pages that look untouched may be in swap: any mapping is of shared memory, or of a file
 * in a tmpfs. `mountinfo` (may be NULL) tells which file systems are one; a device without a disk
 * that is not in it may be. Mappings must be classified. */
gboolean psc_capture_may_hide_swap (PscSpaceBuilder *builder, const char *mountinfo);

G_END_DECLS
