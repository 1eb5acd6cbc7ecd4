/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-change.h"

/* What has not changed is calm, so that the little that has is seen. */
static const PscLensEntry entries[PSC_N_CHANGES] = {
  [PSC_CHANGE_UNCHANGED] = { "unchanged",
                             N_ ("Unchanged"),
                             N_ ("Populated then and now"),
                             { 0x9ca6af, 0x5d6670, 0x8c939a, 0x757d83 },
                             PSC_PATTERN_NONE,
                             TRUE },
  [PSC_CHANGE_APPEARED] = { "appeared",
                            N_ ("Appeared"),
                            N_ ("Populated since: touched for the first time, or copied from a "
                                "file"),
                            { 0xd14c05, 0xf96321, 0xbe4100, 0xf7651c } },
  [PSC_CHANGE_GONE] = { "gone",
                        N_ ("Given back"),
                        N_ ("Was populated; the mapping is still there"),
                        { 0x015a98, 0x6eb8ff, 0x1c85fc, 0x0980ff },
                        PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_CHANGE_SWAPPED_OUT] = { "swapped_out",
                               N_ ("Swapped out"),
                               N_ ("In swap now, and was not"),
                               { 0xa6617f, 0xd881b1, 0x97527a, 0xd780b7 },
                               PSC_PATTERN_DIAGONAL_UP },
  [PSC_CHANGE_SWAPPED_IN] = { "swapped_in",
                              N_ ("Back from swap"),
                              N_ ("Was in swap, is in RAM now"),
                              { 0x7864e7, 0x8573e1, 0x634db8, 0xbeb5ff },
                              PSC_PATTERN_HORIZONTAL },
  [PSC_CHANGE_BECAME_HUGE] = { "became_huge",
                               N_ ("Became huge"),
                               N_ ("Base pages that are a huge page now"),
                               { 0xe99e10, 0xffc428, 0xd4820b, 0xffc537 },
                               PSC_PATTERN_GRID },
  [PSC_CHANGE_SPLIT] = { "split",
                         N_ ("Split"),
                         N_ ("Was a huge page mapped as one, is in base pages now"),
                         { 0x339f6b, 0x379f74, 0x1c8a62, 0x2cb78c },
                         PSC_PATTERN_CROSS },
  [PSC_CHANGE_MAPPED] = { "mapped",
                          N_ ("Newly mapped"),
                          N_ ("Not mapped then; nothing behind it yet"),
                          { 0xf4cbab, 0x6b452c, 0xcca88b, 0x6c452b },
                          PSC_PATTERN_DOTS },
  [PSC_CHANGE_UNTOUCHED] = { "untouched",
                             N_ ("Not populated"),
                             N_ ("Nothing behind it, then and now"),
                             { 0xe4ebef, 0x272d36, 0xd2d9e1, 0x293039 },
                             PSC_PATTERN_NONE,
                             TRUE },
  [PSC_CHANGE_UNKNOWN] = { "unknown",
                           N_ ("Unknown"),
                           N_ ("Could not be read, then or now"),
                           { 0xd4bff3, 0x534375, 0xb9a6d8, 0x62526d },
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
