/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Slots and sums in words. */

#include "psc-huge-slots.h"

#include <glib/gi18n.h>

#include "psc-format.h"

static const char *const ids[PSC_N_HUGE_REASONS] = {
  [PSC_HUGE_UNKNOWN] = "unknown",
  [PSC_HUGE_IS_HUGE] = "is_huge",
  [PSC_HUGE_IS_POOL] = "is_pool",
  [PSC_HUGE_SPECIAL] = "special",
  [PSC_HUGE_FILE] = "file",
  [PSC_HUGE_TOO_SHORT] = "too_short",
  [PSC_HUGE_UNALIGNED] = "unaligned",
  [PSC_HUGE_GUARDED] = "guarded",
  [PSC_HUGE_EMPTY] = "empty",
  [PSC_HUGE_NEVER] = "never",
  [PSC_HUGE_PROCESS_OFF] = "process_off",
  [PSC_HUGE_REFUSED] = "refused",
  [PSC_HUGE_NEEDS_ADVICE] = "needs_advice",
  [PSC_HUGE_TOO_SPARSE] = "too_sparse",
  [PSC_HUGE_PARTLY] = "partly",
  [PSC_HUGE_WAITING] = "waiting",
};

const char *
psc_huge_reason_id (PscHugeReason reason)
{
  g_return_val_if_fail (reason < PSC_N_HUGE_REASONS, "");

  return ids[reason];
}

gboolean
psc_huge_reason_could (PscHugeReason reason)
{
  return reason >= PSC_HUGE_NEVER && reason < PSC_N_HUGE_REASONS;
}

static char *
describe_unaligned (const PscHugeSlot *slot)
{
  g_autofree char *late = psc_format_size (slot->late);
  g_autofree char *early = psc_format_size (slot->early);

  if (slot->late > 0 && slot->early > 0)
    return g_strdup_printf (_ ("Can’t be huge: the mapping begins %s behind the slot’s start and "
                               "ends %s before its end."),
                            late, early);
  if (slot->late > 0)
    return g_strdup_printf (
        _ ("Can’t be huge: the mapping begins %s behind the slot’s start (not aligned)."), late);
  return g_strdup_printf (
      _ ("Can’t be huge: the mapping ends %s before the slot’s end (not aligned)."), early);
}

static char *
describe_empty (const PscSpace *space, const PscHugeSlot *slot)
{
  const PscHugeSettings *settings = &space->huge_settings;
  gboolean waits = settings->defrag == PSC_HUGE_DEFRAG_ALWAYS ||
                   (slot->advice == PSC_HUGE_ADVICE_WANTED &&
                    (settings->defrag == PSC_HUGE_DEFRAG_MADVISE ||
                     settings->defrag == PSC_HUGE_DEFRAG_DEFER_MADVISE));

  if (slot->advice == PSC_HUGE_ADVICE_REFUSED)
    return g_strdup (_ ("Empty, and the program refused huge pages here (MADV_NOHUGEPAGE)."));
  if (settings->anon == PSC_HUGE_MODE_ALWAYS || slot->advice == PSC_HUGE_ADVICE_WANTED)
    return g_strdup (waits ? _ ("Empty: the first touch asks for a huge page and waits for one.") :
                             _ ("Empty: the first touch takes a huge page if one is at hand."));
  return g_strdup (_ ("Empty: nothing in it was touched yet."));
}

static char *
describe_sparse (const PscSpace *space, const PscHugeSlot *slot)
{
  return g_strdup_printf (_ ("Could be huge, but only %u of its %u pages are populated: khugepaged "
                             "fills up at most %u (max_ptes_none)."),
                          slot->n_populated, slot->n_pages, space->huge_settings.max_ptes_none);
}

static char *
describe_partly (const PscSpace *space, const PscHugeSlot *slot)
{
  if (!space->huge_settings.max_ptes_none_known)
    return g_strdup_printf (_ ("Could be huge: %u of its %u pages are populated. How many missing "
                               "ones khugepaged fills up was not read."),
                            slot->n_populated, slot->n_pages);
  return g_strdup_printf (
      _ ("Could be huge: %u of its %u pages are populated. khugepaged will collapse it, for it "
         "fills up to %u (max_ptes_none)."),
      slot->n_populated, slot->n_pages, space->huge_settings.max_ptes_none);
}

/* Those that need no number. */
static const char *
plain_words (const PscHugeSlot *slot)
{
  switch (slot->reason)
    {
    case PSC_HUGE_IS_HUGE:
      return _ ("Is huge already: one page-table entry maps all of it.");
    case PSC_HUGE_IS_POOL:
      return _ ("From the pool of huge pages: always huge.");
    case PSC_HUGE_SPECIAL:
      return _ ("Can’t be huge: device memory or the kernel’s own pages.");
    case PSC_HUGE_FILE:
      return _ ("Pages of a file: not for the program to decide, its file system may use larger "
                "pages.");
    case PSC_HUGE_TOO_SHORT:
      return _ ("Can’t be huge: the mapping is shorter than a huge page.");
    case PSC_HUGE_GUARDED:
      return _ ("Can’t be huge: there are guard pages in it.");
    case PSC_HUGE_NEVER:
      return _ ("Could be huge, but the system is set to “never”.");
    case PSC_HUGE_PROCESS_OFF:
      return _ ("Could be huge, but it is switched off for this process (PR_SET_THP_DISABLE).");
    case PSC_HUGE_REFUSED:
      return _ ("Could be huge, but the program refused (MADV_NOHUGEPAGE).");
    case PSC_HUGE_NEEDS_ADVICE:
      return slot->advice == PSC_HUGE_ADVICE_UNKNOWN ?
                 _ ("Could be huge: the system is set to “madvise”, so the program has to ask. "
                    "Whether it did was not read (smaps).") :
                 _ ("Could be huge, but the program didn’t ask (MADV_HUGEPAGE) and the system is "
                    "set "
                    "to “madvise”.");
    case PSC_HUGE_WAITING:
      return _ ("Could be huge: all of it is populated, khugepaged has not collapsed it yet.");
    default:
      return _ ("Not known: page states or the system’s settings could not be read.");
    }
}

char *
psc_huge_slot_describe (const PscSpace *space, const PscHugeSlot *slot)
{
  switch (slot->reason)
    {
    case PSC_HUGE_UNALIGNED:
      return describe_unaligned (slot);
    case PSC_HUGE_EMPTY:
      return describe_empty (space, slot);
    case PSC_HUGE_TOO_SPARSE:
      return describe_sparse (space, slot);
    case PSC_HUGE_PARTLY:
      return describe_partly (space, slot);
    default:
      return g_strdup (plain_words (slot));
    }
}

/* The end of "37 slots, 74 MiB, most of them …". */
static const char *
why_most (const PscSpace *space, PscHugeReason reason)
{
  switch (reason)
    {
    case PSC_HUGE_NEVER:
      return _ ("because the system is set to “never”");
    case PSC_HUGE_PROCESS_OFF:
      return _ ("because it is switched off for this process");
    case PSC_HUGE_REFUSED:
      return _ ("because the program refused (MADV_NOHUGEPAGE)");
    case PSC_HUGE_NEEDS_ADVICE:
      return space->smaps == NULL ?
                 _ ("because programs have to ask (whether this one did was not read)") :
                 _ ("because programs have to ask (MADV_HUGEPAGE)");
    case PSC_HUGE_TOO_SPARSE:
      return _ ("because too few of their pages are populated");
    case PSC_HUGE_PARTLY:
      return _ ("partly populated, and khugepaged has not come by");
    default:
      return _ ("whole, but khugepaged has not come by");
    }
}

char *
psc_huge_sums_describe (const PscSpace *space, const PscHugeSums *sums)
{
  g_autofree char *size = NULL, *used = NULL;
  guint64 n = 0, populated = 0;
  PscHugeReason most = PSC_HUGE_NEVER;

  for (guint i = PSC_HUGE_NEVER; i < PSC_N_HUGE_REASONS; i++)
    {
      n += sums->slots[i];
      populated += sums->populated[i];
      if (sums->slots[i] > sums->slots[most])
        most = i;
    }
  if (n == 0)
    return NULL;
  size = psc_format_size (n * space->row_size);
  used = psc_format_size (populated);
  return g_strdup_printf (sums->slots[most] == n ?
                              ngettext ("%u slot, %s (%s in use), %s",
                                        "%u slots, %s (%s in use), all of them %s", (gulong) n) :
                              ngettext ("%u slot, %s (%s in use), %s",
                                        "%u slots, %s (%s in use), most of them %s", (gulong) n),
                          (guint) MIN (n, G_MAXUINT), size, used, why_most (space, most));
}
