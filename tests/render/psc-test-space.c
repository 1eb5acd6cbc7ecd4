/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-test-space.h"

#include <string.h>

#define PAGE 4096u

static guint16
state_of (char letter)
{
  switch (letter)
    {
    case 'r':
      return PSC_PAGE_PRESENT;
    case 'f':
      return PSC_PAGE_PRESENT | PSC_PAGE_FILE;
    case 'h':
      return PSC_PAGE_PRESENT | PSC_PAGE_HUGE;
    case 'z':
      return PSC_PAGE_PRESENT | PSC_PAGE_ZERO;
    case 's':
      return PSC_PAGE_SWAPPED;
    case 'g':
      return PSC_PAGE_SWAPPED | PSC_PAGE_GUARD;
    default:
      g_assert_cmpint (letter, ==, '.');
      return 0;
    }
}

static guint8
perms_of (const char *text)
{
  return (text[0] == 'r' ? PSC_PERM_READ : 0) | (text[1] == 'w' ? PSC_PERM_WRITE : 0) |
         (text[2] == 'x' ? PSC_PERM_EXEC : 0) | (text[3] == 's' ? PSC_PERM_SHARED : 0);
}

static void
add_runs (PscSpaceBuilder *builder, guint64 at, char **words)
{
  for (; words[0] != NULL && words[1] != NULL && words[2] != NULL; words += 3)
    {
      guint64 n_pages = g_ascii_strtoull (words[0], NULL, 10);
      guint16 state = state_of (words[1][0]);
      guint64 period = g_ascii_strtoull (words[2], NULL, 10);

      if (period == 1 && state != 0)
        g_assert_true (psc_space_builder_add_run (builder, at, at + n_pages * PAGE, state));
      for (guint64 i = 0; period > 1 && i < n_pages; i += period)
        g_assert_true (
            psc_space_builder_add_run (builder, at + i * PAGE, at + (i + 1) * PAGE, state));
      at += n_pages * PAGE;
    }
}

PscSpace *
psc_test_space_new (const char *text)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  space->pid = 42;
  space->name = psc_space_builder_intern (builder, "test", -1);
  space->command = space->name;
  space->host = psc_space_builder_intern (builder, "host", -1);
  space->kernel = psc_space_builder_intern (builder, "Linux 0", -1);
  space->source = PSC_SOURCE_SCAN;
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);
      PscMapping mapping = { .flags = PSC_MAPPING_PAGES_KNOWN,
                             .page_shift = 12,
                             .kind = PSC_KIND_ANON };

      mapping.start = g_ascii_strtoull (words[0], NULL, 16);
      mapping.end = mapping.start + g_ascii_strtoull (words[1], NULL, 16);
      mapping.perms = perms_of (words[2]);
      mapping.name = psc_space_builder_intern (builder, words[3], -1);
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

      add_runs (builder, g_ascii_strtoull (words[0], NULL, 16), words + 4);
    }
  return psc_space_builder_freeze (builder);
}

void
psc_test_map_init (PscTestMap *map, const char *text, gboolean low_at_top)
{
  PscLayoutOptions options = { .low_at_top = low_at_top };

  map->space = psc_test_space_new (text);
  map->layout = psc_layout_new (map->space, &options);
}

void
psc_test_map_clear (PscTestMap *map)
{
  psc_layout_unref (map->layout);
  psc_space_unref (map->space);
}
