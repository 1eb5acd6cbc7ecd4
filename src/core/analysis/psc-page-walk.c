/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-page-walk.h"

#include <glib/gi18n.h>

/* What four levels of 4 KiB pages give; the kernel places nothing above its user half unless asked.
 */
#define COMMON_BITS 48

static const char *const names[PSC_PAGE_WALK_MAX_LEVELS] = { "PGD", "P4D", "PUD", "PMD", "PTE" };

/* The folded levels are those in the middle: a three-level walk is PGD, PMD, PTE. */
static const char *
level_name (guint level, guint n_levels)
{
  if (level == 0)
    return names[0];
  return names[PSC_PAGE_WALK_MAX_LEVELS - n_levels + level];
}

PscPageWalk
psc_page_walk (guint64 address, gsize page_size, guint64 highest)
{
  PscPageWalk walk = { 0 };
  guint shift = g_bit_nth_msf (page_size, -1);
  guint bits = shift - 3;

  walk.page_shift = shift;
  walk.bits = bits;
  walk.n_levels = (COMMON_BITS - shift + bits - 1) / bits;
  if (walk.n_levels < PSC_PAGE_WALK_MAX_LEVELS && highest >> 63 == 0 &&
      highest >> (shift + bits * walk.n_levels) != 0)
    walk.n_levels++;
  walk.offset = address & (page_size - 1);
  for (guint i = 0; i < walk.n_levels; i++)
    {
      guint level_shift = shift + bits * (walk.n_levels - 1 - i);

      walk.names[i] = level_name (i, walk.n_levels);
      walk.indices[i] = (guint) (address >> level_shift) & ((1u << bits) - 1);
    }
  return walk;
}

guint
psc_page_walk_user_bits (guint64 highest)
{
  static const guint bits[] = { 47, 48, 52, 56 };

  for (guint i = 0; i < G_N_ELEMENTS (bits); i++)
    if (highest >> bits[i] == 0)
      return bits[i];
  return 63;
}

char *
psc_page_walk_format (const PscPageWalk *walk, guint mapped_shift, guint64 address)
{
  GString *text = g_string_new (NULL);
  guint skipped = (MAX (mapped_shift, walk->page_shift) - walk->page_shift) / walk->bits;
  guint64 n_pages = G_GUINT64_CONSTANT (1) << (skipped * walk->bits);
  /* Four levels are two and two; a huge page's second line tells which part of it this is. */
  guint line_break = skipped > 0 ? G_MAXUINT : (walk->n_levels + 1) / 2;

  for (guint i = 0; i + skipped < walk->n_levels; i++)
    g_string_append_printf (text, "%s%s %u",
                            i == 0          ? "" :
                            i == line_break ? "\n" :
                                              " · ",
                            walk->names[i], walk->indices[i]);
  if (skipped > 0)
    g_string_append_printf (text,
                            _ ("\npage %" G_GUINT64_FORMAT " of the entry’s %" G_GUINT64_FORMAT),
                            (address >> walk->page_shift) & (n_pages - 1), n_pages);
  return g_string_free (text, FALSE);
}
