/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Lenses: what colour means. A lens sorts every page of a mapping into one of a few entries, by
 * what mapping and page state tell, or by a trait of the page where there is one; each entry has a
 * colour for each theme and a pattern; the legend lists the entries. Pure data, any thread.
 */

#include "psc-pattern.h"
#include "psc-space.h"
#include "psc-theme.h"
#include "psc-traits.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_LENS_RESIDENCY,  /* residency and huge pages: the default */
  PSC_LENS_KIND,       /* segment kind by hue, residency by brightness */
  PSC_LENS_PERMS,      /* permissions by hue, residency by brightness */
  PSC_LENS_SHARING,    /* private, shared, copied, in common since fork */
  PSC_LENS_CHANGE,     /* since another moment; entries are PscChange */
  PSC_LENS_AGE,        /* since when it is there; entries are PscAgeClass */
  PSC_LENS_ORDER,      /* size of the folio; entries are PscFolioClass */
  PSC_LENS_CONTIGUITY, /* physically contiguous stretches; entries are PscStretchClass */
  PSC_N_LENSES
} PscLens;

/* What a lens has to know beside the space, as PscTraits. Without them it tells what it can. */
typedef enum
{
  PSC_LENS_NEEDS_NOTHING,
  PSC_LENS_NEEDS_PAST,   /* other moments: psc_change_new(), psc_age_add() */
  PSC_LENS_NEEDS_SHARED, /* which private pages others have, too: psc_target_read_shared() */
  PSC_LENS_NEEDS_FRAMES, /* page frames, which only root may see: psc_target_read_frames() */
} PscLensNeeds;

/* Most entries that a lens may have: a mask of them is a guint64. */
#define PSC_LENS_MAX_ENTRIES 64

typedef struct
{
  const char *id;    /* "resident", "heap": stable, for tests and JSON */
  const char *title; /* for the legend, untranslated */
  const char *hint;  /* one sentence that explains it, untranslated */
  PscColor colors[PSC_N_THEMES];
  PscPattern pattern; /* tells it from others of similar hue */
  gboolean quiet;     /* the ground that the others stand out from: listed after them */
} PscLensEntry;

/* "residency", "kind", "perms", "sharing", "change", "age", "order", "contiguity" */
const char *psc_lens_id (PscLens lens);
/* For headings, and the short form for lists, both untranslated. */
const char *psc_lens_title (PscLens lens);
const char *psc_lens_name (PscLens lens);
gboolean psc_lens_from_id (const char *id, PscLens *lens);
PscLensNeeds psc_lens_needs (PscLens lens);

/* The entries of a lens; *n of them. Static. */
const PscLensEntry *psc_lens_get_entries (PscLens lens, guint *n);
/* Lenses that show residency by brightness have their entries twice: this many for what is
 * populated, then as many, in the same order and faded, for what is not. 0: any other lens. */
guint psc_lens_n_pairs (PscLens lens);
/* The entry of pages of one class in a mapping, where no trait says otherwise. O(1). */
guint psc_lens_entry_of (PscLens lens, const PscMapping *mapping, PscPageClass klass);
/* The entry that a trait stands for. Values that no entry has, from whoever made the traits, count
 * as unknown. */
guint psc_lens_entry_of_trait (PscLens lens, guint16 value);
/* Bytes per entry over a whole space; bytes[] has room for PSC_LENS_MAX_ENTRIES. Traits as in
 * PscRasterJob, or NULL. O(1) for residency and kind, else O(mappings + runs + traits). */
void psc_lens_count (PscLens lens, const PscSpace *space, const PscTraits *traits, guint64 *bytes);

/* Colour of a kind, the same wherever a kind is shown (label chips, inspector, kind lens). */
PscColor psc_kind_color (PscKind kind, PscTheme theme);

G_END_DECLS
