/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-levels.h"

#include "psc-page-walk.h"

#define HALF_SHIFT 63

guint64
psc_levels_highest (const PscSpace *space)
{
  for (guint i = space->n_mappings; i-- > 0;)
    if (space->mappings[i].start >> HALF_SHIFT == 0)
      return space->mappings[i].end - 1;
  return 0;
}

void
psc_levels_init (PscLevels *levels, const PscSpace *space)
{
  guint64 highest = psc_levels_highest (space);
  PscPageWalk walk = psc_page_walk (0, space->page_size, highest);

  *levels = (PscLevels){ .index_bits = walk.bits, .user_bits = psc_page_walk_user_bits (highest) };
  /* Tables of tables: entries of the last level are pages, those of the one above are rows. */
  for (guint i = walk.n_levels - 2; i-- > 0;)
    {
      guint shift = walk.page_shift + walk.bits * (walk.n_levels - 1 - i);

      if (shift < levels->user_bits && levels->n_levels < PSC_LEVELS_MOST)
        levels->levels[levels->n_levels++] = (PscLevel){ shift, walk.names[i] };
    }
}

guint
psc_levels_index (const PscLevels *levels, guint level, guint64 address)
{
  g_return_val_if_fail (level < levels->n_levels, 0);

  return (guint) (address >> levels->levels[level].shift) & ((1u << levels->index_bits) - 1);
}

void
psc_levels_entry (const PscLevels *levels, guint level, guint64 address, guint64 *start,
                  guint64 *last)
{
  guint shift = level < levels->n_levels ? levels->levels[level].shift : HALF_SHIFT;
  guint64 rest = (G_GUINT64_CONSTANT (1) << shift) - 1;

  *start = address & ~rest;
  *last = address | rest;
}
