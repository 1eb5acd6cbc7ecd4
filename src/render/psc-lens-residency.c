/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

/* Colours start from the palette of Okabe and Ito, which survives the usual kinds of colour
 * blindness; light themes take it darker, dark ones lighter. */
static const PscLensEntry entries[PSC_N_CLASSES] = {
  [PSC_CLASS_ABSENT] = { "absent",
                         N_ ("Not touched"),
                         N_ ("Mapped, but no page behind it yet"),
                         { 0xe4eaee, 0x2b323c, 0xcad4e3, 0x353c45 },
                         PSC_PATTERN_NONE,
                         TRUE },
  [PSC_CLASS_RESIDENT] = { "resident",
                           N_ ("Private pages"),
                           N_ ("In RAM, base pages of this process"),
                           { 0x0d6fd2, 0x0084fb, 0x296ec2, 0x0084ef } },
  [PSC_CLASS_RESIDENT_FILE] = { "resident_file",
                                N_ ("File and shared pages"),
                                N_ ("In RAM, pages of files or of shared memory"),
                                { 0x09a276, 0x29bd90, 0x029f70, 0x1abd8f } },
  [PSC_CLASS_HUGE] = { "huge",
                       N_ ("Huge pages"),
                       N_ ("In RAM, transparent huge pages mapped as one"),
                       { 0xeea201, 0xffcf4d, 0xc88801, 0xffd14b } },
  [PSC_CLASS_HUGETLB] = { "hugetlb",
                          N_ ("Huge pages from the pool"),
                          N_ ("In RAM, hugetlb pages"),
                          { 0xd44b01, 0xf77235, 0xbe3e00, 0xf77538 } },
  [PSC_CLASS_ZERO] = { "zero",
                       N_ ("Zero page"),
                       N_ ("Read before it was written: the kernel's zero page"),
                       { 0x9da4aa, 0x858d96, 0x8696ad, 0x88919c } },
  [PSC_CLASS_SWAPPED] = { "swapped",
                          N_ ("Swapped out"),
                          N_ ("In swap"),
                          { 0xa75186, 0xf68fd0, 0x9d547d, 0xfc94d8 } },
  [PSC_CLASS_GUARD] = { "guard",
                        N_ ("Guard pages"),
                        N_ ("Access is fatal (MADV_GUARD_INSTALL)"),
                        { 0x6e3b3b, 0x8f4646, 0x6b3838, 0x8f4646 } },
  [PSC_CLASS_SPECIAL] = { "special",
                          N_ ("Special, not counted"),
                          N_ ("The kernel's or a device's: no memory of this process"),
                          { 0xebcba6, 0x483612, 0xb9afaa, 0x4e4200 },
                          PSC_PATTERN_NONE,
                          TRUE },
  [PSC_CLASS_UNKNOWN] = { "unknown",
                          N_ ("Unknown"),
                          N_ ("Could not be read"),
                          { 0xd0bceb, 0x5d4e74, 0x4b2d6e, 0x61517e } },
};

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  return klass;
}

const PscLensType psc_lens_residency = {
  .id = "residency",
  .title = N_ ("Residency and huge pages"),
  .name = N_ ("Residency"),
  .entries = entries,
  .n_entries = PSC_N_CLASSES,
  .unknown_entry = PSC_CLASS_UNKNOWN,
  .entry_of = entry_of,
};
