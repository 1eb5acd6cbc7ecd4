/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The upper levels of the page tables, as far as they outline the map. A row is what one last-level
 * table covers; an entry one level above covers a table of such tables: 512 rows, 1 GiB on x86-64.
 * Above the highest level there are the user half and the kernel half. Derived from page size and
 * highest address alone, so any base page size works. Plain data, any thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

#define PSC_LEVELS_MOST 4

typedef struct
{
  guint shift;      /* log2 of what one entry covers, bytes */
  const char *name; /* of the table that the entry is in: "PUD", "PGD" */
} PscLevel;

typedef struct
{
  PscLevel levels[PSC_LEVELS_MOST]; /* of one entry for many rows; the least first, below the top */
  guint n_levels;
  guint index_bits; /* of an entry's number in its table */
  guint user_bits;  /* log2 of the size of the user half */
} PscLevels;

void psc_levels_init (PscLevels *levels, const PscSpace *space);
/* The highest address in the user half that the space has, 0 when it has none. O(1) but for what is
 * mapped in the kernel's half, which is one page at most. */
guint64 psc_levels_highest (const PscSpace *space);
/* Number of the entry for an address, in its table. */
guint psc_levels_index (const PscLevels *levels, guint level, guint64 address);
/* Addresses that one entry of a level covers; level n_levels: the half. [*start, *last], because
 * the kernel's half ends where addresses end. */
void psc_levels_entry (const PscLevels *levels, guint level, guint64 address, guint64 *start,
                       guint64 *last);

G_END_DECLS
