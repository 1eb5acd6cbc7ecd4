/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

static const struct
{
  PscColor colors[PSC_N_THEMES];
  PscPattern pattern;
} kinds[PSC_N_KINDS] = {
  [PSC_KIND_TEXT] = { { 0x038760, 0x1eb886, 0x01865e, 0x31c48b }, PSC_PATTERN_VERTICAL },
  [PSC_KIND_RODATA] = { { 0x059ce7, 0x4fb5fe, 0x369bda, 0x7ac9ff }, PSC_PATTERN_HORIZONTAL },
  [PSC_KIND_RELRO] = { { 0x7a96b5, 0x9ab6d8, 0x7892b1, 0xb0c1d0 }, PSC_PATTERN_DASHES },
  [PSC_KIND_DATA] = { { 0xab6393, 0xd986a9, 0xbd5c84, 0xd48bce }, PSC_PATTERN_DIAGONAL_UP },
  [PSC_KIND_BSS] = { { 0x93427c, 0xb676b1, 0x96467e, 0xb86e9f }, PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_KIND_HEAP] = { { 0xe69d12, 0xf4b12d, 0xb28f62, 0xf9b533 }, PSC_PATTERN_DOTS },
  [PSC_KIND_STACK] = { { 0xbd5d30, 0xf16610, 0xc04900, 0xff7114 }, PSC_PATTERN_GRID },
  [PSC_KIND_THREAD_STACK] = { { 0xd87f51, 0xf1945f, 0xec650e, 0xec9668 }, PSC_PATTERN_CROSS },
  [PSC_KIND_ANON] = { { 0x156698, 0x1e89e0, 0x296999, 0x318ede }, PSC_PATTERN_NONE },
  [PSC_KIND_JIT] = { { 0xa29202, 0xece03c, 0x9b9137, 0xf0e430 }, PSC_PATTERN_CHECKER },
  [PSC_KIND_RESERVED] = { { 0x9ba4ae, 0x69737f, 0x8c96a0, 0x69737f }, PSC_PATTERN_NONE },
  [PSC_KIND_GUARD] = { { 0x7d3f3f, 0x9d5252, 0x7e3f3f, 0x9d5353 }, PSC_PATTERN_CROSS },
  [PSC_KIND_FILE] = { { 0x40a196, 0x33cfc5, 0x32948c, 0x72b3ad }, PSC_PATTERN_DOTS },
  [PSC_KIND_SHM_ANON] = { { 0x594aac, 0x9c88fd, 0x725ed3, 0x917fff }, PSC_PATTERN_GRID },
  [PSC_KIND_SHM_POSIX] = { { 0x8956d4, 0x9c76c4, 0x6a42a4, 0x9d7bc3 }, PSC_PATTERN_HORIZONTAL },
  [PSC_KIND_SHM_SYSV] = { { 0x4d6687, 0x8ea2bd, 0x4f6988, 0x9195fd }, PSC_PATTERN_VERTICAL },
  [PSC_KIND_SHM_MEMFD] = { { 0x9063af, 0xb48be0, 0x8d64b0, 0xcea6e6 }, PSC_PATTERN_CHECKER },
  [PSC_KIND_HUGETLB] = { { 0xd44c06, 0xff7b3b, 0xd75310, 0xf45817 }, PSC_PATTERN_DASHES },
  [PSC_KIND_DEVICE] = { { 0x7d5f3a, 0xa8855a, 0x7d5f3a, 0xa98456 }, PSC_PATTERN_CHECKER },
  [PSC_KIND_VDSO] = { { 0x5c5db5, 0x94a1ac, 0x5c5db6, 0x8ea0b2 }, PSC_PATTERN_CROSS },
};

static const PscLensEntry *
get_entries (void)
{
  static PscLensEntry entries[2 * PSC_N_KINDS];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint kind = 0; kind < PSC_N_KINDS; kind++)
        {
          entries[kind].id = psc_kind_id (kind);
          entries[kind].title = psc_kind_title (kind);
          entries[kind].pattern = kinds[kind].pattern;
          for (guint theme = 0; theme < PSC_N_THEMES; theme++)
            entries[kind].colors[theme] = kinds[kind].colors[theme];
        }
      psc_lens_fade (entries, PSC_N_KINDS);
      g_once_init_leave (&once, 1);
    }
  return entries;
}

static guint
entry_of (const PscMapping *mapping, PscPageClass klass)
{
  return mapping->kind + (psc_lens_is_faded (klass) ? PSC_N_KINDS : 0);
}

const PscLensType psc_lens_kind = {
  .id = "kind",
  .title = N_ ("Segment kind"),
  .name = N_ ("Segment kind"),
  .n_entries = 2 * PSC_N_KINDS,
  .n_pairs = PSC_N_KINDS,
  .get_entries = get_entries,
  .entry_of = entry_of,
};

PscColor
psc_kind_color (PscKind kind, PscTheme theme)
{
  g_return_val_if_fail (kind < PSC_N_KINDS && theme < PSC_N_THEMES, 0);
  return kinds[kind].colors[theme];
}
