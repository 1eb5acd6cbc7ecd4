/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-change.h"

/* What has not changed is calm, so that the little that has is seen. */
static const PscLensEntry entries[PSC_N_CHANGES] = {
  [PSC_CHANGE_UNCHANGED] = { "unchanged",
                             N_ ("Unchanged"),
                             N_ ("Populated then and now"),
                             { 0xa8b2bd, 0x5a6572, 0xa8b2bd, 0x5a6572 } },
  [PSC_CHANGE_APPEARED] = { "appeared",
                            N_ ("Appeared"),
                            N_ ("Populated since: touched for the first time, or copied from a "
                                "file"),
                            { 0xd24b00, 0xff7a3c, 0xd24b00, 0xff7a3c } },
  [PSC_CHANGE_GONE] = { "gone",
                        N_ ("Given back"),
                        N_ ("Was populated; the mapping is still there"),
                        { 0x1f77c0, 0x3a97e8, 0x1f77c0, 0x3a97e8 },
                        PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_CHANGE_SWAPPED_OUT] = { "swapped_out",
                               N_ ("Swapped out"),
                               N_ ("In swap now, and was not"),
                               { 0xb0508f, 0xe07fbd, 0xb0508f, 0xe07fbd },
                               PSC_PATTERN_DIAGONAL_UP },
  [PSC_CHANGE_SWAPPED_IN] = { "swapped_in",
                              N_ ("Back from swap"),
                              N_ ("Was in swap, is in RAM now"),
                              { 0x6a55b5, 0x9a86e6, 0x6a55b5, 0x9a86e6 },
                              PSC_PATTERN_HORIZONTAL },
  [PSC_CHANGE_BECAME_HUGE] = { "became_huge",
                               N_ ("Became huge"),
                               N_ ("Base pages that are a huge page now"),
                               { 0xeda100, 0xffc233, 0xeda100, 0xffc233 },
                               PSC_PATTERN_GRID },
  [PSC_CHANGE_SPLIT] = { "split",
                         N_ ("Split"),
                         N_ ("Was a huge page mapped as one, is in base pages now"),
                         { 0x169a72, 0x1fb287, 0x169a72, 0x1fb287 },
                         PSC_PATTERN_CROSS },
  [PSC_CHANGE_MAPPED] = { "mapped",
                          N_ ("Newly mapped"),
                          N_ ("Not mapped then; nothing behind it yet"),
                          { 0xf3c9a8, 0x6b452c, 0xf3c9a8, 0x6b452c },
                          PSC_PATTERN_DOTS },
  [PSC_CHANGE_UNTOUCHED] = { "untouched",
                             N_ ("Not populated"),
                             N_ ("Nothing behind it, then and now"),
                             { 0xe4e8ed, 0x262c35, 0xd3d9e0, 0x2f3742 } },
  [PSC_CHANGE_UNKNOWN] = { "unknown",
                           N_ ("Unknown"),
                           N_ ("Could not be read, then or now"),
                           { 0xc7b9da, 0x5d4d74, 0xc7b9da, 0x5d4d74 },
                           PSC_PATTERN_CHECKER },
};

static const PscLensEntry *
get_entries (void)
{
  return entries;
}

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  return psc_change_of_class (klass);
}

const PscLensType psc_lens_change = {
  .id = "change",
  .title = N_ ("What has changed"),
  .name = N_ ("Change"),
  .needs = PSC_LENS_NEEDS_PAST,
  .n_entries = PSC_N_CHANGES,
  .unknown_entry = PSC_CHANGE_UNKNOWN,
  .get_entries = get_entries,
  .entry_of = entry_of,
};
