/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-age.h"

/* From hot to cold; what has been there for long is calm. */
static const PscLensEntry entries[PSC_N_AGES] = {
  [PSC_AGE_NEW] = { "new",
                    N_ ("Just now"),
                    N_ ("Appeared less than 2 seconds ago"),
                    { 0xd14c05, 0xf96321, 0xbe4100, 0xf7651c } },
  [PSC_AGE_SECONDS] = { "seconds",
                        N_ ("Seconds"),
                        N_ ("Appeared 2 to 10 seconds ago"),
                        { 0xe99e10, 0xffc428, 0xd4820b, 0xffc537 },
                        PSC_PATTERN_GRID },
  [PSC_AGE_MINUTE] = { "minute",
                       N_ ("Up to a minute"),
                       N_ ("Appeared 10 to 60 seconds ago"),
                       { 0x339f6b, 0x379f74, 0x1c8a62, 0x2cb78c },
                       PSC_PATTERN_CROSS },
  [PSC_AGE_MINUTES] = { "minutes",
                        N_ ("Minutes"),
                        N_ ("Appeared 1 to 10 minutes ago"),
                        { 0x015a98, 0x6eb8ff, 0x1c85fc, 0x0980ff },
                        PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_AGE_OLDER] = { "older",
                      N_ ("Older"),
                      N_ ("Appeared longer ago, or was there when looking began"),
                      { 0x9ca6af, 0x5d6670, 0x8c939a, 0x757d83 },
                      PSC_PATTERN_NONE,
                      TRUE },
  [PSC_AGE_UNTOUCHED] = { "untouched",
                          N_ ("Not populated"),
                          N_ ("No memory behind it"),
                          { 0xe4ebef, 0x272d36, 0xd2d9e1, 0x293039 },
                          PSC_PATTERN_NONE,
                          TRUE },
  [PSC_AGE_UNKNOWN] = { "unknown",
                        N_ ("Unknown"),
                        N_ ("Could not be read, now or when it appeared"),
                        { 0xd4bff3, 0x534375, 0xb9a6d8, 0x62526d },
                        PSC_PATTERN_CHECKER },
};

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  return psc_age_of_class (klass);
}

const PscLensType psc_lens_age = {
  .id = "age",
  .title = N_ ("Age of pages"),
  .name = N_ ("Age"),
  .needs = PSC_LENS_NEEDS_PAST,
  .entries = entries,
  .n_entries = PSC_N_AGES,
  .unknown_entry = PSC_AGE_UNKNOWN,
  .entry_of = entry_of,
};
