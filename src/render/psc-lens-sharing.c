/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

#include "psc-shared.h"

enum
{
  PRIVATE_ANON,
  PRIVATE_IN_COMMON,
  PRIVATE_COPIED,
  PRIVATE_FILE,
  SHARED_MEMORY,
  SHARED_FILE,
  KERNEL,
  SWAPPED,
  ABSENT,
  UNKNOWN,
  N_SHARINGS
};

G_STATIC_ASSERT ((guint) PRIVATE_IN_COMMON == PSC_SHARED_WITH_OTHERS);

static const PscLensEntry entries[N_SHARINGS] = {
  [PRIVATE_ANON] = { "private_anon",
                     N_ ("Private"),
                     N_ ("Memory of this process, in no file"),
                     { 0x0d72d7, 0x258ff9, 0x0172e2, 0x0b86fe } },
  [PRIVATE_IN_COMMON] = { "private_in_common",
                          N_ ("Private, in common since fork"),
                          N_ ("Parent and child have the same page until one of them writes to it"),
                          { 0x060a3c, 0xd2e4fc, 0x00002a, 0xeff4ff },
                          PSC_PATTERN_DIAGONAL_DOWN },
  [PRIVATE_COPIED] = { "private_copied",
                       N_ ("Private copy of a file"),
                       N_ ("Written to: this process has a copy of its own of the file's page"),
                       { 0xaf608e, 0xc95486, 0xad5691, 0xf88ece },
                       PSC_PATTERN_DIAGONAL_UP },
  [PRIVATE_FILE] = { "private_file",
                     N_ ("File, not copied"),
                     N_ ("The file's page in the page cache, shared until it is written to"),
                     { 0x17a67a, 0x34cca4, 0x1ea67a, 0x36c098 } },
  [SHARED_MEMORY] = { "shared_memory",
                      N_ ("Shared memory"),
                      N_ ("Writes are seen by all who have it mapped"),
                      { 0xeda104, 0xffcc00, 0xce8500, 0xffcd0c },
                      PSC_PATTERN_GRID },
  [SHARED_FILE] = { "shared_file",
                    N_ ("Shared file"),
                    N_ ("Mapped shared: writes go to the file"),
                    { 0xd75003, 0xf0905e, 0xbe4001, 0xfa6e1c },
                    PSC_PATTERN_HORIZONTAL },
  [KERNEL] = { "kernel",
               N_ ("Kernel's and devices'"),
               N_ ("Pages of the kernel (vdso, vvar, the zero page) or of a device"),
               { 0x755c43, 0x967756, 0x78634e, 0x9e8060 },
               PSC_PATTERN_DOTS },
  [SWAPPED] = { "swapped",
                N_ ("Private, swapped out"),
                N_ ("In swap"),
                { 0x55456c, 0x9c8fb2, 0x503e62, 0x867998 },
                PSC_PATTERN_CHECKER },
  [ABSENT] = { "absent",
               N_ ("Not populated"),
               N_ ("Mapped, but no page behind it"),
               { 0xe1e6ec, 0x2c323a, 0xd3d8dc, 0x353c44 },
               PSC_PATTERN_NONE,
               TRUE },
  [UNKNOWN] = { "unknown",
                N_ ("Unknown"),
                N_ ("Could not be read"),
                { 0xc1b2d8, 0x564473, 0xb8a8cd, 0x5c4b7d },
                PSC_PATTERN_CROSS },
};

static guint
shared_entry (const PscMapping *mapping)
{
  switch ((PscKind) mapping->kind)
    {
    case PSC_KIND_SHM_ANON:
    case PSC_KIND_SHM_POSIX:
    case PSC_KIND_SHM_SYSV:
    case PSC_KIND_SHM_MEMFD:
    case PSC_KIND_HUGETLB:
      return SHARED_MEMORY;
    default:
      return mapping->inode != 0 ? SHARED_FILE : SHARED_MEMORY;
    }
}

/* Anonymous huge pages are made of anonymous mappings only, so one in a private mapping of a file
 * is the file's. */
static guint
resident_entry (const PscMapping *mapping, PscPageClass klass)
{
  gboolean has_file = mapping->inode != 0;

  if (mapping->kind == PSC_KIND_VDSO || mapping->kind == PSC_KIND_DEVICE)
    return KERNEL;
  if (mapping->perms & PSC_PERM_SHARED)
    return shared_entry (mapping);
  if (klass == PSC_CLASS_RESIDENT)
    return has_file ? PRIVATE_COPIED : PRIVATE_ANON;
  if (klass == PSC_CLASS_RESIDENT_FILE)
    return PRIVATE_FILE;
  return has_file && klass == PSC_CLASS_HUGE ? PRIVATE_FILE : PRIVATE_ANON;
}

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  switch (klass)
    {
    case PSC_CLASS_ABSENT:
    case PSC_CLASS_GUARD:
      return ABSENT;
    case PSC_CLASS_SWAPPED:
      return SWAPPED;
    case PSC_CLASS_ZERO:
    case PSC_CLASS_SPECIAL:
      return KERNEL;
    case PSC_CLASS_RESIDENT:
    case PSC_CLASS_RESIDENT_FILE:
    case PSC_CLASS_HUGE:
    case PSC_CLASS_HUGETLB:
      return resident_entry (mapping, klass);
    default:
      return UNKNOWN;
    }
}

const PscLensType psc_lens_sharing = {
  .id = "sharing",
  .title = N_ ("Private and shared"),
  .name = N_ ("Sharing"),
  .needs = PSC_LENS_NEEDS_SHARED,
  .entries = entries,
  .n_entries = N_SHARINGS,
  .unknown_entry = UNKNOWN,
  .entry_of = entry_of,
};
