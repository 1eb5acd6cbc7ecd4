/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

/* Colours start from the palette of Okabe and Ito, which survives the usual kinds of colour
 * blindness; light themes take it darker, dark ones lighter. */
static const PscLensEntry entries[PSC_N_CLASSES] = {
  [PSC_CLASS_ABSENT] = { "absent",
                         N_ ("Not touched"),
                         N_ ("Mapped, but no page behind it yet"),
                         { 0xdce1e7, 0x2c333d, 0xc6ccd4, 0x3a434f } },
  [PSC_CLASS_RESIDENT] = { "resident",
                           N_ ("Private pages"),
                           N_ ("In RAM, base pages of this process"),
                           { 0x1f77c0, 0x3a97e8, 0x1f77c0, 0x3a97e8 } },
  [PSC_CLASS_RESIDENT_FILE] = { "resident_file",
                                N_ ("File and shared pages"),
                                N_ ("In RAM, pages of files or of shared memory"),
                                { 0x169a72, 0x1fb287, 0x169a72, 0x1fb287 } },
  [PSC_CLASS_HUGE] = { "huge",
                       N_ ("Huge pages"),
                       N_ ("In RAM, transparent huge pages mapped as one"),
                       { 0xeda100, 0xffc233, 0xeda100, 0xffc233 } },
  [PSC_CLASS_HUGETLB] = { "hugetlb",
                          N_ ("Huge pages from the pool"),
                          N_ ("In RAM, hugetlb pages"),
                          { 0xd24b00, 0xff7a3c, 0xd24b00, 0xff7a3c } },
  [PSC_CLASS_ZERO] = { "zero",
                       N_ ("Zero page"),
                       N_ ("Read before it was written: the kernel's zero page"),
                       { 0xa8b2bd, 0x8d99a8, 0xa8b2bd, 0x8d99a8 } },
  [PSC_CLASS_SWAPPED] = { "swapped",
                          N_ ("Swapped out"),
                          N_ ("In swap"),
                          { 0xb0508f, 0xe07fbd, 0xb0508f, 0xe07fbd } },
  [PSC_CLASS_GUARD] = { "guard",
                        N_ ("Guard pages"),
                        N_ ("Access is fatal (MADV_GUARD_INSTALL)"),
                        { 0x6e3b3b, 0x8f4646, 0x6e3b3b, 0x8f4646 } },
  [PSC_CLASS_UNKNOWN] = { "unknown",
                          N_ ("Unknown"),
                          N_ ("Could not be read"),
                          { 0xc7b9da, 0x5d4d74, 0xc7b9da, 0x5d4d74 } },
};

static const PscLensEntry *
get_entries (void)
{
  return entries;
}

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  return klass;
}

const PscLensType psc_lens_residency = {
  .id = "residency",
  .title = N_ ("Residency and huge pages"),
  .name = N_ ("Residency"),
  .n_entries = PSC_N_CLASSES,
  .unknown_entry = PSC_CLASS_UNKNOWN,
  .get_entries = get_entries,
  .entry_of = entry_of,
};
