/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-page.h"

#include <glib/gi18n.h>

static const struct
{
  const char *id;
  const char *title;
} classes[PSC_N_CLASSES] = {
  [PSC_CLASS_ABSENT] = { "absent", N_ ("Absent") },
  [PSC_CLASS_RESIDENT] = { "resident", N_ ("Resident, base pages") },
  [PSC_CLASS_RESIDENT_FILE] = { "resident_file", N_ ("Resident, of a file or shared") },
  [PSC_CLASS_HUGE] = { "huge", N_ ("Transparent huge page") },
  [PSC_CLASS_HUGETLB] = { "hugetlb", N_ ("From the huge-page pool") },
  [PSC_CLASS_ZERO] = { "zero", N_ ("Zero page") },
  [PSC_CLASS_SWAPPED] = { "swapped", N_ ("Swapped") },
  [PSC_CLASS_GUARD] = { "guard", N_ ("Guard") },
  [PSC_CLASS_SPECIAL] = { "special", N_ ("Special, not counted") },
  [PSC_CLASS_UNKNOWN] = { "unknown", N_ ("Unknown") },
};

/* GUARD comes first because the kernel reports guards as SWAPPED too. Without PRESENT the bits that
 * describe a page describe none: an untouched page of a hugetlb mapping is reported as HUGE. */
PscPageClass
psc_page_class (guint16 state)
{
  if (state & PSC_PAGE_GUARD)
    return PSC_CLASS_GUARD;
  if (state & PSC_PAGE_SPECIAL)
    return PSC_CLASS_SPECIAL;
  if (state & PSC_PAGE_UNKNOWN)
    return PSC_CLASS_UNKNOWN;
  if (state & PSC_PAGE_SWAPPED)
    return PSC_CLASS_SWAPPED;
  if (!(state & PSC_PAGE_PRESENT))
    return PSC_CLASS_ABSENT;
  if (state & PSC_PAGE_ZERO)
    return PSC_CLASS_ZERO;
  if (state & PSC_PAGE_HUGETLB)
    return PSC_CLASS_HUGETLB;
  if (state & PSC_PAGE_HUGE)
    return PSC_CLASS_HUGE;
  return state & PSC_PAGE_FILE ? PSC_CLASS_RESIDENT_FILE : PSC_CLASS_RESIDENT;
}

const char *
psc_page_class_id (PscPageClass klass)
{
  g_return_val_if_fail (klass < PSC_N_CLASSES, "unknown");

  return classes[klass].id;
}

const char *
psc_page_class_title (PscPageClass klass)
{
  g_return_val_if_fail (klass < PSC_N_CLASSES, "Unknown");

  return classes[klass].title;
}
