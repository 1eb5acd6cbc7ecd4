/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-lens.h"

#include <glib/gi18n.h>
#include <string.h>

/* Colours start from the palette of Okabe and Ito, which survives the usual kinds of colour
 * blindness; light themes take it darker, dark ones lighter. */
static const PscLensEntry residency_entries[PSC_N_CLASSES] = {
  [PSC_CLASS_ABSENT] = { "absent",
                         N_ ("Not touched"),
                         N_ ("Mapped, but no page behind it yet"),
                         { 0xdce1e7, 0x2c333d } },
  [PSC_CLASS_RESIDENT] = { "resident",
                           N_ ("Private pages"),
                           N_ ("In RAM, base pages of this process"),
                           { 0x1f77c0, 0x3a97e8 } },
  [PSC_CLASS_RESIDENT_FILE] = { "resident_file",
                                N_ ("File and shared pages"),
                                N_ ("In RAM, pages of files or of shared memory"),
                                { 0x169a72, 0x1fb287 } },
  [PSC_CLASS_HUGE] = { "huge",
                       N_ ("Huge pages"),
                       N_ ("In RAM, transparent huge pages mapped as one"),
                       { 0xeda100, 0xffc233 } },
  [PSC_CLASS_HUGETLB] = { "hugetlb",
                          N_ ("Huge pages from the pool"),
                          N_ ("In RAM, hugetlb pages"),
                          { 0xd24b00, 0xff7a3c } },
  [PSC_CLASS_ZERO] = { "zero",
                       N_ ("Zero page"),
                       N_ ("Read before it was written: the kernel's zero page"),
                       { 0xa8b2bd, 0x8d99a8 } },
  [PSC_CLASS_SWAPPED] = { "swapped", N_ ("Swapped out"), N_ ("In swap"), { 0xb0508f, 0xe07fbd } },
  [PSC_CLASS_GUARD] = { "guard",
                        N_ ("Guard pages"),
                        N_ ("Access is fatal (MADV_GUARD_INSTALL)"),
                        { 0x6e3b3b, 0x8f4646 } },
  [PSC_CLASS_UNKNOWN] = { "unknown",
                          N_ ("Unknown"),
                          N_ ("Could not be read"),
                          { 0xc7b9da, 0x5d4d74 } },
};

static const PscColor kind_colors[PSC_N_KINDS][PSC_N_THEMES] = {
  [PSC_KIND_TEXT] = { 0x00875f, 0x12b886 },      [PSC_KIND_RODATA] = { 0x3a9bd9, 0x63bdf2 },
  [PSC_KIND_RELRO] = { 0x7a93ad, 0x93afcc },     [PSC_KIND_DATA] = { 0xb85c91, 0xe08fbb },
  [PSC_KIND_BSS] = { 0x9a4a86, 0xc679b2 },       [PSC_KIND_HEAP] = { 0xe09600, 0xf5b02e },
  [PSC_KIND_STACK] = { 0xc94f00, 0xf26c22 },     [PSC_KIND_THREAD_STACK] = { 0xd9743a, 0xf09460 },
  [PSC_KIND_ANON] = { 0x0068a8, 0x2a8fdc },      [PSC_KIND_JIT] = { 0xa89a00, 0xeadf3f },
  [PSC_KIND_RESERVED] = { 0x98a1ab, 0x69737f },  [PSC_KIND_GUARD] = { 0x7d3f3f, 0x9c5252 },
  [PSC_KIND_FILE] = { 0x2a9d9a, 0x46c2bf },      [PSC_KIND_SHM_ANON] = { 0x6a55b5, 0x9a86e6 },
  [PSC_KIND_SHM_POSIX] = { 0x7a4fb5, 0xab84e8 }, [PSC_KIND_SHM_SYSV] = { 0x5a62c0, 0x8a92ef },
  [PSC_KIND_SHM_MEMFD] = { 0x8a5fa8, 0xbc92d8 }, [PSC_KIND_HUGETLB] = { 0xd24b00, 0xff7a3c },
  [PSC_KIND_DEVICE] = { 0x7d5f3a, 0xa98558 },    [PSC_KIND_VDSO] = { 0x5a6b7a, 0x8fa1b3 },
};

static const PscThemeColors theme_colors[PSC_N_THEMES] = {
  [PSC_THEME_LIGHT] = { .background = 0xffffff,
                        .gap = 0xc3cad2,
                        .fold = 0xc9d0d9,
                        .rule = 0x7d8794,
                        .text = 0x1d2229,
                        .dim = 0x66707c,
                        .frame = 0xcdd4dc,
                        .accent = 0xd00060 },
  [PSC_THEME_DARK] = { .background = 0x15181d,
                       .gap = 0x48515d,
                       .fold = 0x46505c,
                       .rule = 0x8a95a3,
                       .text = 0xf0f3f6,
                       .dim = 0x98a3b0,
                       .frame = 0x3a424d,
                       .accent = 0xff5fa8 },
};

static PscColor
mix (PscColor a, PscColor b, guint b_percent)
{
  guint32 result = 0;

  for (guint shift = 0; shift <= 16; shift += 8)
    {
      guint32 ca = (a >> shift) & 0xff;
      guint32 cb = (b >> shift) & 0xff;

      result |= ((ca * (100 - b_percent) + cb * b_percent) / 100) << shift;
    }
  return result;
}

/* The kind lens has two entries a kind: populated, and the same hue faded for what is not. */
static const PscLensEntry *
kind_entries (void)
{
  static PscLensEntry entries[2 * PSC_N_KINDS];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint kind = 0; kind < PSC_N_KINDS; kind++)
        {
          PscLensEntry *full = &entries[kind];
          PscLensEntry *faded = &entries[PSC_N_KINDS + kind];

          full->id = psc_kind_id (kind);
          full->title = psc_kind_title (kind);
          full->hint = N_ ("Populated: in RAM or in swap");
          *faded = *full;
          faded->hint = N_ ("Not populated");
          for (guint theme = 0; theme < PSC_N_THEMES; theme++)
            {
              full->colors[theme] = kind_colors[kind][theme];
              faded->colors[theme] =
                  mix (kind_colors[kind][theme], theme_colors[theme].background, 74);
            }
        }
      g_once_init_leave (&once, 1);
    }
  return entries;
}

const char *
psc_lens_id (PscLens lens)
{
  static const char *const ids[] = { "residency", "kind" };

  g_return_val_if_fail (lens < PSC_N_LENSES, NULL);
  return ids[lens];
}

const char *
psc_lens_title (PscLens lens)
{
  static const char *const titles[] = { N_ ("Residency and huge pages"), N_ ("Segment kind") };

  g_return_val_if_fail (lens < PSC_N_LENSES, NULL);
  return titles[lens];
}

gboolean
psc_lens_from_id (const char *id, PscLens *lens)
{
  for (guint i = 0; i < PSC_N_LENSES; i++)
    {
      if (g_strcmp0 (id, psc_lens_id (i)) != 0)
        continue;
      *lens = i;
      return TRUE;
    }
  return FALSE;
}

const PscLensEntry *
psc_lens_get_entries (PscLens lens, guint *n)
{
  if (lens == PSC_LENS_KIND)
    {
      *n = 2 * PSC_N_KINDS;
      return kind_entries ();
    }
  *n = PSC_N_CLASSES;
  return residency_entries;
}

guint
psc_lens_entry_of (PscLens lens, const PscMapping *mapping, PscPageClass klass)
{
  if (lens != PSC_LENS_KIND)
    return klass;
  if (klass == PSC_CLASS_ABSENT || klass == PSC_CLASS_UNKNOWN)
    return PSC_N_KINDS + mapping->kind;
  return mapping->kind;
}

static void
count_kinds (const PscSpace *space, guint64 *bytes)
{
  for (guint kind = 0; kind < PSC_N_KINDS; kind++)
    {
      const PscTotals *totals = &space->kinds[kind];
      guint64 faded = totals->classes[PSC_CLASS_ABSENT] + totals->classes[PSC_CLASS_UNKNOWN];

      bytes[kind] = totals->size - faded;
      bytes[PSC_N_KINDS + kind] = faded;
    }
}

void
psc_lens_count (PscLens lens, const PscSpace *space, guint64 *bytes)
{
  memset (bytes, 0, sizeof *bytes * PSC_LENS_MAX_ENTRIES);
  if (lens == PSC_LENS_KIND)
    count_kinds (space, bytes);
  else
    memcpy (bytes, space->totals.classes, sizeof space->totals.classes);
}

PscColor
psc_kind_color (PscKind kind, PscTheme theme)
{
  g_return_val_if_fail (kind < PSC_N_KINDS && theme < PSC_N_THEMES, 0);
  return kind_colors[kind][theme];
}

const PscThemeColors *
psc_theme_colors (PscTheme theme)
{
  g_return_val_if_fail (theme < PSC_N_THEMES, NULL);
  return &theme_colors[theme];
}

const char *
psc_theme_id (PscTheme theme)
{
  g_return_val_if_fail (theme < PSC_N_THEMES, NULL);
  return theme == PSC_THEME_DARK ? "dark" : "light";
}

gboolean
psc_theme_from_id (const char *id, PscTheme *theme)
{
  for (guint i = 0; i < PSC_N_THEMES; i++)
    {
      if (g_strcmp0 (id, psc_theme_id (i)) != 0)
        continue;
      *theme = i;
      return TRUE;
    }
  return FALSE;
}
