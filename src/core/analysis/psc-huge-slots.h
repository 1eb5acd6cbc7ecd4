/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Slots that could be huge pages but are not, and why: pure functions on a space and the settings
 * that it carries. The rules are those of the kernel's thp_vma_allowable_orders() and of
 * khugepaged, as far as they can be seen from outside; VmFlags (did the program ask, or refuse?)
 * are known only when smaps was read.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* What the program said of a mapping. */
typedef enum
{
  PSC_HUGE_ADVICE_UNKNOWN, /* smaps was not read */
  PSC_HUGE_ADVICE_NONE,
  PSC_HUGE_ADVICE_WANTED,  /* MADV_HUGEPAGE */
  PSC_HUGE_ADVICE_REFUSED, /* MADV_NOHUGEPAGE */
} PscHugeAdvice;

typedef struct
{
  guint64 start, end; /* addresses, aligned */
  PscHugeReason reason;
  PscHugeAdvice advice;
  guint n_pages, n_populated; /* base pages in the slot; resident or swapped, of this mapping */
  guint64 late, early; /* bytes by which the mapping begins behind its start, ends before its end */
} PscHugeSlot;

/* The slot that an address lies in, as its mapping there sees it. FALSE when it is not mapped.
 * O(log n + pages of a slot). */
gboolean psc_huge_slot_at (const PscSpace *space, guint64 address, PscHugeSlot *slot);
/* O(mappings + runs). */
void psc_huge_slots_sum (const PscSpace *space, PscHugeSums *sums);

/* Is it one of those that could be huge, but for a reason that can change? */
gboolean psc_huge_reason_could (PscHugeReason reason);
/* "needs_advice": stable, for JSON and tests. */
const char *psc_huge_reason_id (PscHugeReason reason);

/* One or two sentences for people, translated. Free with g_free(). */
char *psc_huge_slot_describe (const PscSpace *space, const PscHugeSlot *slot);
/* "37 slots, 74 MiB (61 MiB in use), most of them because programs have to ask for huge pages";
 * NULL when none could be huge. Free with g_free(). */
char *psc_huge_sums_describe (const PscSpace *space, const PscHugeSums *sums);

G_END_DECLS
