/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-huge-slots.h"

#include <string.h>

/* Base pages of a slot. */
typedef struct
{
  guint64 populated, huge, guard, unknown;
} Pages;

/* --- of a mapping -------------------------------------------------------------------------- */

/* Whether the VmFlags have one; they are two letters each, with blanks between. */
static gboolean
has_flag (const char *flags, const char *flag)
{
  for (const char *at = strstr (flags, flag); at != NULL; at = strstr (at + 1, flag))
    if ((at == flags || at[-1] == ' ') && (at[2] == ' ' || at[2] == '\0'))
      return TRUE;
  return FALSE;
}

/* Without smaps a huge page that is there tells as much: it wouldn't be where one has to ask. */
static PscHugeAdvice
advice_of (const PscSpace *space, const PscMapping *mapping)
{
  const char *flags = "";

  if (space->smaps != NULL)
    flags = space->smaps[psc_space_mapping_index (space, mapping)].vm_flags;
  if (*flags == '\0')
    return mapping->huge > 0 && space->huge_settings.anon == PSC_HUGE_MODE_MADVISE ?
               PSC_HUGE_ADVICE_WANTED :
               PSC_HUGE_ADVICE_UNKNOWN;
  if (has_flag (flags, "nh"))
    return PSC_HUGE_ADVICE_REFUSED;
  return has_flag (flags, "hg") ? PSC_HUGE_ADVICE_WANTED : PSC_HUGE_ADVICE_NONE;
}

static gboolean
is_pageable_shmem (const PscMapping *mapping)
{
  return mapping->kind == PSC_KIND_SHM_ANON || mapping->kind == PSC_KIND_SHM_SYSV ||
         mapping->kind == PSC_KIND_SHM_MEMFD;
}

/* All of its pages are then. */
static gboolean
has_special_pages (const PscSpace *space, const PscMapping *mapping)
{
  return mapping->n_runs > 0 &&
         psc_page_class (space->runs[mapping->first_run].state) == PSC_CLASS_SPECIAL;
}

/* What rules out huge pages in all of a mapping, whatever its pages are; PSC_HUGE_EMPTY when
 * nothing does. */
static PscHugeReason
rule_out (const PscSpace *space, const PscMapping *mapping)
{
  if ((guint64) 1 << mapping->page_shift > space->page_size)
    return PSC_HUGE_IS_POOL;
  if (mapping->kind == PSC_KIND_DEVICE || mapping->kind == PSC_KIND_VDSO ||
      has_special_pages (space, mapping))
    return PSC_HUGE_SPECIAL;
  if (!(mapping->flags & PSC_MAPPING_PAGES_KNOWN) || space->source != PSC_SOURCE_SCAN)
    return PSC_HUGE_UNKNOWN;
  if (mapping->inode != 0 && !is_pageable_shmem (mapping))
    return PSC_HUGE_FILE;
  if (mapping->end - mapping->start < space->row_size)
    return PSC_HUGE_TOO_SHORT;
  return PSC_HUGE_EMPTY;
}

/* What stands between a slot that is populated and a huge page; PSC_HUGE_WAITING when nothing does
 * but khugepaged's own pace. */
static PscHugeReason
find_obstacle (const PscSpace *space, const PscMapping *mapping, PscHugeAdvice advice)
{
  const PscHugeSettings *settings = &space->huge_settings;
  PscHugeMode mode = is_pageable_shmem (mapping) ? settings->shmem : settings->anon;

  if (advice == PSC_HUGE_ADVICE_REFUSED)
    return PSC_HUGE_REFUSED;
  if (settings->process_known && settings->process_off)
    return PSC_HUGE_PROCESS_OFF;
  switch (mode)
    {
    case PSC_HUGE_MODE_NEVER:
      return PSC_HUGE_NEVER;
    case PSC_HUGE_MODE_MADVISE:
      return advice == PSC_HUGE_ADVICE_WANTED ? PSC_HUGE_WAITING : PSC_HUGE_NEEDS_ADVICE;
    case PSC_HUGE_MODE_ALWAYS:
      return PSC_HUGE_WAITING;
    default:
      return PSC_HUGE_UNKNOWN;
    }
}

/* Of a slot that the mapping covers. */
static PscHugeReason
judge (const PscSpace *space, PscHugeReason obstacle, const Pages *pages)
{
  const PscHugeSettings *settings = &space->huge_settings;
  guint64 missing = space->row_size / space->page_size - pages->populated;

  if (pages->huge > 0)
    return PSC_HUGE_IS_HUGE;
  if (pages->unknown > 0)
    return PSC_HUGE_UNKNOWN;
  if (pages->guard > 0)
    return PSC_HUGE_GUARDED;
  if (pages->populated == 0)
    return PSC_HUGE_EMPTY;
  if (obstacle != PSC_HUGE_WAITING || missing == 0)
    return obstacle;
  return settings->max_ptes_none_known && missing > settings->max_ptes_none ? PSC_HUGE_TOO_SPARSE :
                                                                              PSC_HUGE_PARTLY;
}

/* Zero pages are missing pages to khugepaged: nothing has been written there. */
static void
count (Pages *pages, PscPageClass klass, guint64 n)
{
  switch (klass)
    {
    case PSC_CLASS_HUGE:
    case PSC_CLASS_HUGETLB:
      pages->huge += n;
      pages->populated += n;
      return;
    case PSC_CLASS_RESIDENT:
    case PSC_CLASS_RESIDENT_FILE:
    case PSC_CLASS_SWAPPED:
      pages->populated += n;
      return;
    case PSC_CLASS_GUARD:
      pages->guard += n;
      return;
    case PSC_CLASS_UNKNOWN:
      pages->unknown += n;
      return;
    default:
      return;
    }
}

/* --- one slot ------------------------------------------------------------------------------ */

static Pages
count_pages (const PscSpace *space, const PscMapping *mapping, guint64 start, guint64 end)
{
  Pages pages = { 0 };
  guint last = mapping->first_run + mapping->n_runs;

  for (guint i = psc_space_run_lower_bound (space, mapping, start);
       i < last && space->runs[i].start < end; i++)
    {
      const PscRun *run = &space->runs[i];
      guint64 from = MAX (run->start, start);
      guint64 to = MIN (psc_run_end (run, space->page_size), end);

      count (&pages, psc_page_class (run->state), (to - from) / space->page_size);
    }
  return pages;
}

gboolean
psc_huge_slot_at (const PscSpace *space, guint64 address, PscHugeSlot *slot)
{
  const PscMapping *mapping = psc_space_lookup (space, address);
  PscHugeReason ruled_out;
  Pages pages;

  *slot = (PscHugeSlot){ 0 };
  if (mapping == NULL)
    return FALSE;
  slot->start = address - address % space->row_size;
  slot->end = slot->start + space->row_size;
  slot->advice = advice_of (space, mapping);
  slot->n_pages = (guint) (space->row_size / space->page_size);
  if (mapping->start > slot->start)
    slot->late = mapping->start - slot->start;
  if (mapping->end < slot->end)
    slot->early = slot->end - mapping->end;
  pages = count_pages (space, mapping, slot->start, slot->end);
  slot->n_populated = (guint) pages.populated;
  ruled_out = rule_out (space, mapping);
  if (ruled_out == PSC_HUGE_FILE && pages.huge > 0)
    slot->reason = PSC_HUGE_IS_HUGE;
  else if (ruled_out != PSC_HUGE_EMPTY)
    slot->reason = ruled_out;
  else if (slot->late > 0 || slot->early > 0)
    slot->reason = PSC_HUGE_UNALIGNED;
  else
    slot->reason = judge (space, find_obstacle (space, mapping, slot->advice), &pages);
  return TRUE;
}

/* --- sums ---------------------------------------------------------------------------------- */

typedef struct
{
  const PscSpace *space;
  PscHugeSums *sums;
  const PscMapping *mapping;
  PscHugeReason obstacle;
  guint64 slot; /* start of the slot that is being counted, as long as pages are in it */
  gboolean open;
  Pages pages;
} Summer;

static void
add (Summer *summer, PscHugeReason reason, guint64 n_slots, guint64 n_populated)
{
  if (n_populated == 0)
    return;
  summer->sums->slots[reason] += n_slots;
  summer->sums->populated[reason] += n_populated * summer->space->page_size;
}

static void
close_slot (Summer *summer)
{
  guint64 end = summer->slot + summer->space->row_size;
  PscHugeReason reason = PSC_HUGE_UNALIGNED;

  if (!summer->open)
    return;
  summer->open = FALSE;
  if (summer->slot >= summer->mapping->start && end <= summer->mapping->end)
    reason = judge (summer->space, summer->obstacle, &summer->pages);
  add (summer, reason, 1, summer->pages.populated);
}

static void
add_part (Summer *summer, PscPageClass klass, guint64 start, guint64 end)
{
  guint64 slot = start - start % summer->space->row_size;

  if (summer->open && summer->slot != slot)
    close_slot (summer);
  if (!summer->open)
    summer->pages = (Pages){ 0 };
  summer->open = TRUE;
  summer->slot = slot;
  count (&summer->pages, klass, (end - start) / summer->space->page_size);
}

/* A run's whole slots at once: a heap of gigabytes is a few runs. */
static void
add_run (Summer *summer, const PscRun *run)
{
  guint64 row = summer->space->row_size;
  guint64 end = psc_run_end (run, summer->space->page_size);
  PscPageClass klass = psc_page_class (run->state);
  guint64 first = (run->start + row - 1) / row * row;
  guint64 last = end / row * row;
  Pages full = { 0 };

  if (first >= last)
    {
      guint64 cut = MIN (MAX (first, run->start), end);

      if (cut > run->start)
        add_part (summer, klass, run->start, cut);
      if (end > cut)
        add_part (summer, klass, cut, end);
      return;
    }
  if (run->start < first)
    add_part (summer, klass, run->start, first);
  close_slot (summer);
  count (&full, klass, row / summer->space->page_size);
  add (summer, judge (summer->space, summer->obstacle, &full), (last - first) / row,
       full.populated * ((last - first) / row));
  if (last < end)
    add_part (summer, klass, last, end);
}

void
psc_huge_slots_sum (const PscSpace *space, PscHugeSums *sums)
{
  *sums = (PscHugeSums){ { 0 }, { 0 } };
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      Summer summer = { .space = space, .sums = sums, .mapping = mapping };

      if (mapping->n_runs == 0 || rule_out (space, mapping) != PSC_HUGE_EMPTY)
        continue;
      summer.obstacle = find_obstacle (space, mapping, advice_of (space, mapping));
      for (guint j = 0; j < mapping->n_runs; j++)
        add_run (&summer, &space->runs[mapping->first_run + j]);
      close_slot (&summer);
    }
}
