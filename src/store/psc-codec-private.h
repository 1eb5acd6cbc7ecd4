/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The bytes of a body. All numbers are those of psc-varint, so no byte order matters.
 *
 *   version, flags, page shift
 *   pid, start time, uid, start_code, start_stack, source, huge page settings (6)
 *   name, command, host, kernel: strings, that is length and bytes
 *   number of mappings, runs, owners, unknowns
 *   mappings, column by column:
 *     gap to the end of the one before, in pages
 *     size in pages
 *     perms | flags << 4
 *     kind, why, page shift
 *     file: 0 as the one before, 1 none, 2 then device (major, minor) and inode
 *     offset: signed difference to where the file would go on after the mapping before, in pages
 *       (BODY_OFFSETS_IN_PAGES) or bytes
 *     swapped as smaps tells it, where that is more than the runs say, in bytes; else 0
 *     name: a reference
 *     number of runs
 *   runs, column by column:
 *     gap to the end of the one before in this mapping, or to its start, in pages
 *     size in pages
 *     state
 *   smaps (BODY_SMAPS), column by column, in KiB (BODY_SMAPS_IN_KIB) or bytes: the 21 numbers of
 *     PscSmaps in order; thp_eligible + 1; VmFlags: a reference
 *   owners, one by one: gap to the end of the one before and size in bytes, type, tid, label and
 *     why: references
 *   unknowns, one by one: reason, what, why, remedy: strings
 *
 * A reference is to the same column: 0 is the empty string, 1 to PSC_BODY_MAX_BACK the one so many
 * before, and more than that a string of that length less PSC_BODY_MAX_BACK, whose bytes follow.
 * It says nothing of what stands elsewhere, so a mapping that comes or goes changes bytes only
 * where it lies: that is what makes one body compress well against another.
 */

#include "psc-codec.h"

#define PSC_BODY_VERSION  1
#define PSC_BODY_MAX_BACK 8
/* Fewest bytes that a mapping, a run, an owner, an unknown take. */
#define PSC_BODY_MIN_MAPPING 11
#define PSC_BODY_MIN_RUN     3
#define PSC_BODY_MIN_SMAPS   23
#define PSC_BODY_MIN_OWNER   6
#define PSC_BODY_MIN_UNKNOWN 4

enum
{
  PSC_BODY_OFFSETS_IN_PAGES = 1 << 0,
  PSC_BODY_SMAPS = 1 << 1,
  PSC_BODY_SMAPS_IN_KIB = 1 << 2,
  PSC_BODY_HUGE_SUMS = 1 << 3, /* psc_huge_slots_sum() was done */
  PSC_BODY_ALL_FLAGS = (1 << 4) - 1,
};

/* All numbers of PscSmaps from rss on, side by side. */
#define PSC_BODY_N_SMAPS 21
G_STATIC_ASSERT (G_STRUCT_OFFSET (PscSmaps, mmu_page_size) ==
                 (PSC_BODY_N_SMAPS - 1) * sizeof (guint64));

/* Enumerations are stored as their numbers. Who adds to one does it at its end, and then here. */
G_STATIC_ASSERT (PSC_N_KINDS == 20);
G_STATIC_ASSERT (PSC_N_WHYS == 16);
G_STATIC_ASSERT (PSC_REASON_FAILED == 5);
G_STATIC_ASSERT (PSC_N_OWNER_TYPES == 4);
G_STATIC_ASSERT (PSC_SOURCE_PAGEMAP == 2);
G_STATIC_ASSERT (PSC_HUGE_MODE_ALWAYS == 3);
G_STATIC_ASSERT (PSC_HUGE_DEFRAG_ALWAYS == 5);

/* Where the file would go on: what image and large files do, cut into mappings by mprotect. */
static inline guint64
psc_body_expected_offset (const PscMapping *mapping, const PscMapping *before)
{
  if (mapping->inode == 0 || mapping->inode != before->inode)
    return 0;
  return before->offset + (before->end - before->start);
}
