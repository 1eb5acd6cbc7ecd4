/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

enum
{
  PRIVATE_ANON,
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

static const PscLensEntry entries[N_SHARINGS] = {
  [PRIVATE_ANON] = { "private_anon",
                     N_ ("Private"),
                     N_ ("Memory of this process, in no file; copies of its children may share it"),
                     { 0x1f77c0, 0x3a97e8, 0x1f77c0, 0x3a97e8 } },
  [PRIVATE_COPIED] = { "private_copied",
                       N_ ("Private copy of a file"),
                       N_ ("Written to: this process has a copy of its own of the file's page"),
                       { 0xb0508f, 0xe07fbd, 0xb0508f, 0xe07fbd },
                       PSC_PATTERN_DIAGONAL_UP },
  [PRIVATE_FILE] = { "private_file",
                     N_ ("File, not copied"),
                     N_ ("The file's page in the page cache, shared until it is written to"),
                     { 0x169a72, 0x1fb287, 0x169a72, 0x1fb287 } },
  [SHARED_MEMORY] = { "shared_memory",
                      N_ ("Shared memory"),
                      N_ ("Writes are seen by all who have it mapped"),
                      { 0xeda100, 0xffc233, 0xeda100, 0xffc233 },
                      PSC_PATTERN_GRID },
  [SHARED_FILE] = { "shared_file",
                    N_ ("Shared file"),
                    N_ ("Mapped shared: writes go to the file"),
                    { 0xd24b00, 0xff7a3c, 0xd24b00, 0xff7a3c },
                    PSC_PATTERN_HORIZONTAL },
  [KERNEL] = { "kernel",
               N_ ("Kernel's and devices'"),
               N_ ("Pages of the kernel (vdso, the zero page) or of a device"),
               { 0x7d5f3a, 0xa98558, 0x7d5f3a, 0xa98558 },
               PSC_PATTERN_DOTS },
  [SWAPPED] = { "swapped",
                N_ ("Private, swapped out"),
                N_ ("In swap"),
                { 0x5d4d74, 0x8d7da4, 0x5d4d74, 0x8d7da4 },
                PSC_PATTERN_CHECKER },
  [ABSENT] = { "absent",
               N_ ("Not populated"),
               N_ ("Mapped, but no page behind it"),
               { 0xdce1e7, 0x2c333d, 0xc6ccd4, 0x3a434f } },
  [UNKNOWN] = { "unknown",
                N_ ("Unknown"),
                N_ ("Could not be read"),
                { 0xc7b9da, 0x5d4d74, 0xc7b9da, 0x5d4d74 },
                PSC_PATTERN_CROSS },
};

static const PscLensEntry *
get_entries (void)
{
  return entries;
}

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
  .n_entries = N_SHARINGS,
  .unknown_entry = UNKNOWN,
  .get_entries = get_entries,
  .entry_of = entry_of,
};
