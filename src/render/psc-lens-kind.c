/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens-private.h"

#include <glib/gi18n.h>

static const struct
{
  PscColor colors[PSC_N_THEMES];
  PscPattern pattern;
} kinds[PSC_N_KINDS] = {
  [PSC_KIND_TEXT] = { { 0x00875f, 0x12b886, 0x00875f, 0x12b886 }, PSC_PATTERN_NONE },
  [PSC_KIND_RODATA] = { { 0x3a9bd9, 0x63bdf2, 0x3a9bd9, 0x63bdf2 }, PSC_PATTERN_HORIZONTAL },
  [PSC_KIND_RELRO] = { { 0x7a93ad, 0x93afcc, 0x7a93ad, 0x93afcc }, PSC_PATTERN_DASHES },
  [PSC_KIND_DATA] = { { 0xb85c91, 0xe08fbb, 0xb85c91, 0xe08fbb }, PSC_PATTERN_DIAGONAL_UP },
  [PSC_KIND_BSS] = { { 0x9a4a86, 0xc679b2, 0x9a4a86, 0xc679b2 }, PSC_PATTERN_DIAGONAL_DOWN },
  [PSC_KIND_HEAP] = { { 0xe09600, 0xf5b02e, 0xe09600, 0xf5b02e }, PSC_PATTERN_NONE },
  [PSC_KIND_STACK] = { { 0xc94f00, 0xf26c22, 0xc94f00, 0xf26c22 }, PSC_PATTERN_VERTICAL },
  [PSC_KIND_THREAD_STACK] = { { 0xd9743a, 0xf09460, 0xd9743a, 0xf09460 }, PSC_PATTERN_DOTS },
  [PSC_KIND_ANON] = { { 0x0068a8, 0x2a8fdc, 0x0068a8, 0x2a8fdc }, PSC_PATTERN_NONE },
  [PSC_KIND_JIT] = { { 0xa89a00, 0xeadf3f, 0xa89a00, 0xeadf3f }, PSC_PATTERN_CHECKER },
  [PSC_KIND_RESERVED] = { { 0x98a1ab, 0x69737f, 0x98a1ab, 0x69737f }, PSC_PATTERN_NONE },
  [PSC_KIND_GUARD] = { { 0x7d3f3f, 0x9c5252, 0x7d3f3f, 0x9c5252 }, PSC_PATTERN_CROSS },
  [PSC_KIND_FILE] = { { 0x2a9d9a, 0x46c2bf, 0x2a9d9a, 0x46c2bf }, PSC_PATTERN_DIAGONAL_UP },
  [PSC_KIND_SHM_ANON] = { { 0x6a55b5, 0x9a86e6, 0x6a55b5, 0x9a86e6 }, PSC_PATTERN_GRID },
  [PSC_KIND_SHM_POSIX] = { { 0x7a4fb5, 0xab84e8, 0x7a4fb5, 0xab84e8 }, PSC_PATTERN_HORIZONTAL },
  [PSC_KIND_SHM_SYSV] = { { 0x5a62c0, 0x8a92ef, 0x5a62c0, 0x8a92ef }, PSC_PATTERN_VERTICAL },
  [PSC_KIND_SHM_MEMFD] = { { 0x8a5fa8, 0xbc92d8, 0x8a5fa8, 0xbc92d8 }, PSC_PATTERN_DOTS },
  [PSC_KIND_HUGETLB] = { { 0xd24b00, 0xff7a3c, 0xd24b00, 0xff7a3c }, PSC_PATTERN_GRID },
  [PSC_KIND_DEVICE] = { { 0x7d5f3a, 0xa98558, 0x7d5f3a, 0xa98558 }, PSC_PATTERN_CHECKER },
  [PSC_KIND_VDSO] = { { 0x5a6b7a, 0x8fa1b3, 0x5a6b7a, 0x8fa1b3 }, PSC_PATTERN_DIAGONAL_DOWN },
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
