/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Traits of pages beside their states, run-length encoded: what changed since another moment, the
 * folio order, whether frames are neighbours. Not every page needs one. What a value means is said
 * by who makes the traits; a lens that shows them has its entries in the same order.
 *
 * Frozen once made, reference counted, any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 start;   /* address of the first page, bytes */
  guint32 n_pages; /* base pages, at least 1 */
  guint16 value;
  guint16 zero;
} PscTrait;

G_STATIC_ASSERT (sizeof (PscTrait) == 16);

typedef struct
{
  gatomicrefcount ref_count; /* private */
  gsize page_size;
  PscTrait *traits; /* sorted by start, not overlapping */
  guint n_traits;
} PscTraits;

/* Takes the array of PscTrait, which must be sorted and not overlap. Never NULL. */
PscTraits *psc_traits_new (gsize page_size, GArray *traits);
/* For who makes them: adds the pages [start, end) of one value to such an array, above all that are
 * in it; to the last trait where they follow on it and are of its value. */
void psc_traits_append (GArray *traits, gsize page_size, guint64 start, guint64 end, guint16 value);
/* Both in one, `high` beginning no lower than `low` ends. Either may be NULL. Never NULL but when
 * both are. O(n). */
PscTraits *psc_traits_new_joined (const PscTraits *low, const PscTraits *high);
/* NULL is allowed. */
PscTraits *psc_traits_ref (PscTraits *traits);
/* NULL is allowed. */
void psc_traits_unref (PscTraits *traits);
/* Index of the first trait that ends above the address, or n_traits. NULL has none. O(log n). */
guint psc_traits_lower_bound (const PscTraits *traits, guint64 address);
/* The trait that holds for the page at an address, or NULL. O(log n). */
const PscTrait *psc_traits_lookup (const PscTraits *traits, guint64 address);

static inline guint64
psc_trait_end (const PscTrait *trait, gsize page_size)
{
  return trait->start + (guint64) trait->n_pages * page_size;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscTraits, psc_traits_unref)

G_END_DECLS
