/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What each lens is made of: a file each, or each group of them; psc-lens.c puts them together. */

#include "psc-lens.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id, *title, *name;
  PscLensNeeds needs;
  const PscLensEntry *entries; /* NULL: they have to be made, get_entries() has them */
  guint n_entries;
  guint n_pairs;       /* as psc_lens_n_pairs() */
  guint unknown_entry; /* for traits that make no sense; lenses without traits need none */
  const PscLensEntry *(*get_entries) (void); /* NULL: there are entries */
  guint (*entry_of) (const PscMapping *mapping, PscPageClass klass);
} PscLensType;

extern const PscLensType psc_lens_residency;
extern const PscLensType psc_lens_kind;
extern const PscLensType psc_lens_perms;
extern const PscLensType psc_lens_sharing;
extern const PscLensType psc_lens_change;
extern const PscLensType psc_lens_age;
extern const PscLensType psc_lens_order;
extern const PscLensType psc_lens_contiguity;

/* Fills the second half of 2 * n_pairs entries with faded copies of the first. */
void psc_lens_fade (PscLensEntry *entries, guint n_pairs);

/* Pages that the lenses with pairs show faded. */
static inline gboolean
psc_lens_is_faded (PscPageClass klass)
{
  return klass == PSC_CLASS_ABSENT || klass == PSC_CLASS_SPECIAL || klass == PSC_CLASS_UNKNOWN;
}

G_END_DECLS
