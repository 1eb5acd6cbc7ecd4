/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What of a process's memory is cold: resident, and not touched for a while. Two sources.
 *
 * The exact one writes to the target, so it is never used unasked: psc_target_clear_referenced()
 * has the kernel forget what was touched, and what smaps says later is what was touched since. A
 * huge page counts as a whole, and only what this process touched counts, not what others did.
 *
 * The other one, psc_cold_read_frames(), writes nothing and needs root: the kernel's own opinion,
 * which it forms when it looks for memory to reclaim and not before. Where memory is plenty
 * everything may look unused.
 *
 * All but psc_cold_new() and the estimates block like PscProbe.
 */

#include "psc-capture.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_COLD_REFERENCED, /* smaps Referenced after clearing */
  PSC_COLD_FRAMES,     /* flags of page frames */
} PscColdSource;

/* Bytes; touched + cold + unknown = resident. Pages of the huge-page pool and the zero page are in
 * none of them, as in smaps. */
typedef struct
{
  guint64 resident;
  guint64 touched; /* since clearing; or used in the kernel's opinion */
  guint64 cold;
  guint64 unknown; /* FRAMES: it moved or was not told meanwhile */
} PscColdSums;

typedef struct
{
  PscColdSource source;
  PscSpace *space;       /* that it is of; a reference */
  PscColdSums *mappings; /* one for each of the space's */
  PscColdSums kinds[PSC_N_KINDS];
  PscColdSums total;
} PscCold;

/* From a snapshot with smaps that was made some time after clearing. NULL when it has no smaps.
 * Pure, O(mappings). */
PscCold *psc_cold_new (PscSpace *after);
/* From frame flags, for the space that was just captured. NULL with PSC_PROBE_ERROR: DENIED without
 * root; UNSUPPORTED where the kernel keeps pages by generation (MGLRU), whose flags don't tell.
 * Costs 100 to 300 ns for each page that is resident. */
PscCold *psc_cold_read_frames (PscTarget *target, PscSpace *space, GError **error);
/* NULL is allowed. */
void psc_cold_free (PscCold *cold);

/* Has the kernel forget which pages the process touched. `busy_usec` may be NULL. DENIED when the
 * probe was not started with "--may-clear-referenced". */
gboolean psc_target_clear_referenced (PscTarget *target, gint64 *busy_usec, GError **error);

/* What clearing does to a process with so much resident memory; measured on a machine of 2020s
 * make, of base pages, which cost the most. Microseconds. */
typedef struct
{
  gint64 clear_low_usec, clear_high_usec; /* the process waits when it maps or faults meanwhile */
  gint64 slower_usec;                     /* its next pass over that memory takes longer by */
} PscColdEstimate;
PscColdEstimate psc_cold_estimate (guint64 resident);
/* The same as a translated text of one line, to be shown before anything is done: "This makes …".
 * `name` is fit to be shown. Free with g_free(). */
char *psc_cold_dup_warning (const char *name, gint pid, guint64 resident);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscCold, psc_cold_free)

G_END_DECLS
