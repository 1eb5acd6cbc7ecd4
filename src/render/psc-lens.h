/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Lenses and themes: what colour means. A lens sorts every page of a mapping into one of a few
 * entries; a theme gives each entry its colour; the legend lists the entries. Pure data, any
 * thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_THEME_LIGHT,
  PSC_THEME_DARK,
  PSC_N_THEMES
} PscTheme;

typedef enum
{
  PSC_LENS_RESIDENCY, /* residency and huge pages: the default */
  PSC_LENS_KIND,      /* segment kind by hue, residency by brightness */
  PSC_N_LENSES
} PscLens;

/* Non-linear sRGB, 0xRRGGBB. */
typedef guint32 PscColor;

/* Most entries that a lens may have. */
#define PSC_LENS_MAX_ENTRIES 64

typedef struct
{
  const char *id;    /* "resident", "heap": stable, for tests and JSON */
  const char *title; /* for the legend, untranslated */
  const char *hint;  /* one sentence that explains it, untranslated */
  PscColor colors[PSC_N_THEMES];
} PscLensEntry;

/* "residency", "kind" */
const char *psc_lens_id (PscLens lens);
const char *psc_lens_title (PscLens lens);
gboolean psc_lens_from_id (const char *id, PscLens *lens);

/* The entries of a lens; *n of them. Static. */
const PscLensEntry *psc_lens_get_entries (PscLens lens, guint *n);
/* The entry of pages of one class in a mapping. O(1). */
guint psc_lens_entry_of (PscLens lens, const PscMapping *mapping, PscPageClass klass);
/* Bytes per entry over a whole space; bytes[] has room for PSC_LENS_MAX_ENTRIES. O(1). */
void psc_lens_count (PscLens lens, const PscSpace *space, guint64 *bytes);

/* Colour of a kind, the same wherever a kind is shown (label chips, inspector, kind lens). */
PscColor psc_kind_color (PscKind kind, PscTheme theme);

/* Colours of everything that is not a page. */
typedef struct
{
  PscColor background; /* of map and image: what is not mapped */
  PscColor gap;        /* the thin mark of a gap */
  PscColor fold;       /* the mark of a fold */
  PscColor rule;       /* the line of a rule and its text */
  PscColor text, dim;  /* labels; ruler and units */
  PscColor frame;      /* hairlines, brackets */
  PscColor accent;     /* hover and selection */
} PscThemeColors;

const PscThemeColors *psc_theme_colors (PscTheme theme);
const char *psc_theme_id (PscTheme theme);
gboolean psc_theme_from_id (const char *id, PscTheme *theme);

G_END_DECLS
