/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The way of an address through the page tables: which entry of which table. Pure arithmetic on the
 * sizes that a space has: a table fills one page and an entry takes 8 bytes, so 4 KiB pages give 9
 * bits a level, 16 KiB pages 11 and 64 KiB pages 13 (the kernel's Documentation/mm/page_tables).
 */

#include <glib.h>

G_BEGIN_DECLS

#define PSC_PAGE_WALK_MAX_LEVELS 5

typedef struct
{
  guint n_levels;                              /* of tables, 3 to 5 */
  const char *names[PSC_PAGE_WALK_MAX_LEVELS]; /* "PGD", … "PTE", top first */
  guint indices[PSC_PAGE_WALK_MAX_LEVELS];     /* top first */
  guint bits;                                  /* of one index */
  guint page_shift;                            /* bits of the offset */
  guint64 offset;                              /* in the base page */
} PscPageWalk;

/* page_size: a power of two. `highest` is the highest address that the space is known to use: above
 * what one level less can reach there must be five. */
PscPageWalk psc_page_walk (guint64 address, gsize page_size, guint64 highest);
/* log2 of the size of the user half whose highest address in use is `highest`: 47 as on x86-64, or
 * as much more as that takes (48 and 52 on arm64, 56 with five levels). The kernel's half is as
 * large, at the other end. */
guint psc_page_walk_user_bits (guint64 highest);
/* "PGD 255 · PUD 12", and on a second line "PMD 3 · PTE 511". With a mapped_shift above the base
 * page's the walk ends at the huge page's entry, and which of its base pages this is follows. Free
 * with g_free(). */
char *psc_page_walk_format (const PscPageWalk *walk, guint mapped_shift, guint64 address);

G_END_DECLS
