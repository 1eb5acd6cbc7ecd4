/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What to ask of PAGEMAP_SCAN for which addresses. Pure.
 *
 * A plan is a short list of steps in address order. It must be short, because a call for each
 * mapping costs three times as much as one over them all; a step may cross mappings and holes. Two
 * things make one step differ from the next:
 *
 *  - whether PAGE_IS_FILE is asked for. It makes a scan three times as dear, and tells something
 * new only of private mappings of files (which pages are still the file's, which are copies).
 *  - the predicate. The cost of a scan is in pages that match. PLAIN matches what is there;
 *    COMPLEMENT matches what is *not* an ordinary resident page, so that a dense stretch comes
 *    back as no region at all, four times as fast. It is wrong where the scan says nothing of
 *    mapped memory (device memory) and for what is unmapped meanwhile, so it is used only
 *    where the last snapshot had a long run of ordinary pages in anonymous or shared memory,
 *    and the snapshot is made again without it when such a mapping changed while it was read.
 */

#include "psc-space.h"
#include "psc-wire.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_SCAN_PLAIN,
  PSC_SCAN_COMPLEMENT,
} PscScanPredicate;

typedef struct
{
  guint64 start, end; /* bytes, [start, end) */
  gboolean ask_file;
  PscScanPredicate predicate; /* COMPLEMENT: the step lies inside one mapping */
} PscScanStep;

/* Most steps that a plan has. */
#define PSC_SCAN_PLAN_MAX 512

/* Steps that cover all mappings in the user's half of the address space; [vsyscall], which lies in
 * the kernel's half, makes the ioctl fail. `last` is the space as it was a moment ago, or NULL:
 * then every step is PLAIN. Array of PscScanStep. O(mappings + runs of last). */
GArray *psc_scan_plan_new (const PscMapping *mappings, guint n_mappings, const PscSpace *last);

/* The step as the wire has it. `categories`: those that the kernel knows. */
struct psc_wire_scan_range psc_scan_step_to_range (const PscScanStep *step, guint64 categories);

/* Steps for reads of pagemap: mappings, with small holes between them bridged. As many as it takes.
 */
GArray *psc_pagemap_plan_new (const PscMapping *mappings, guint n_mappings);

G_END_DECLS
