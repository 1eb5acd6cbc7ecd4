/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-change.h"

/* What has not changed is calm, so that the little that has is seen. */
static const PscLensEntry entries[PSC_N_CHANGES] = {
  [PSC_CHANGE_UNCHANGED] = { "unchanged",
                             N_ ("Unchanged"),
                             N_ ("Populated then and now"),
                             { 0x9ba5ae, 0x5e666f, 0x8d9399, 0x767d82 },
                             PSC_PATTERN_NONE,
                             TRUE },
  [PSC_CHANGE_APPEARED] = { "appeared",
                            N_ ("Appeared"),
                            N_ ("Populated since: touched for the first time"),
                            { 0xd14b03, 0xf4631f, 0xbd4404, 0xf5631e } },
  [PSC_CHANGE_COPIED] = { "copied",
                          N_ ("Copied"),
                          N_ ("Was a page of a file, was written to and is a copy of the process's "
                              "own"),
                          { 0x7d0809, 0xb1490c, 0x7e222c, 0xa56751 },
                          PSC_PATTERN_VERTICAL },
  [PSC_CHANGE_GONE] = { "gone",
                        N_ ("Given back"),
                        N_ ("Was populated; the mapping is still there"),
                        { 0x0d5996, 0x6cb5f8, 0x1c85f8, 0x1680fd },
                        PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_CHANGE_SWAPPED_OUT] = { "swapped_out",
                               N_ ("Swapped out"),
                               N_ ("In swap now, and was not"),
                               { 0xa76380, 0xd980b0, 0x95527a, 0xdb80b9 },
                               PSC_PATTERN_DIAGONAL_UP },
  [PSC_CHANGE_SWAPPED_IN] = { "swapped_in",
                              N_ ("Back from swap"),
                              N_ ("Was in swap, is in RAM now"),
                              { 0x7664e8, 0x8574e2, 0x654cb7, 0xbdb4ff },
                              PSC_PATTERN_HORIZONTAL },
  [PSC_CHANGE_BECAME_HUGE] = { "became_huge",
                               N_ ("Became huge"),
                               N_ ("Base pages that are a huge page now"),
                               { 0xe99e1a, 0xfac223, 0xd48111, 0xfac33a },
                               PSC_PATTERN_GRID },
  [PSC_CHANGE_SPLIT] = { "split",
                         N_ ("Split"),
                         N_ ("Was a huge page mapped as one, is in base pages now"),
                         { 0x31a069, 0x269e72, 0x228961, 0x2bb68d },
                         PSC_PATTERN_CROSS },
  [PSC_CHANGE_MAPPED] = { "mapped",
                          N_ ("Newly mapped"),
                          N_ ("Not mapped then; no memory behind it yet"),
                          { 0xf2c9aa, 0x69432d, 0xcba78b, 0x6b4329 },
                          PSC_PATTERN_DOTS },
  [PSC_CHANGE_UNTOUCHED] = { "untouched",
                             N_ ("Not populated"),
                             N_ ("No memory behind it, then and now"),
                             { 0xe1e8eb, 0x262c35, 0xd2d8e0, 0x282f38 },
                             PSC_PATTERN_NONE,
                             TRUE },
  [PSC_CHANGE_UNKNOWN] = { "unknown",
                           N_ ("Unknown"),
                           N_ ("Could not be read, then or now"),
                           { 0xd8c0f4, 0x524275, 0xbca9db, 0x62546d },
                           PSC_PATTERN_CHECKER },
};

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
  .entries = entries,
  .n_entries = PSC_N_CHANGES,
  .unknown_entry = PSC_CHANGE_UNKNOWN,
  .entry_of = entry_of,
};
