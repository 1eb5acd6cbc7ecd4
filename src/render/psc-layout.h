/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The layout of the map: where each address stands, set like text. Geometry only, in abstract
 * units; a PscView turns it into pixels. Immutable after it is made, reference counted, any thread.
 *
 * Across, the unit is a base page: a row is row_pages (512) wide, what one last-level page table
 * covers. Down, there are two units: rows, which zoom, and rules, which do not (they carry text and
 * keep their height in pixels). A position down is therefore a PscDown of both.
 *
 *  - A piece is a stretch of mapped addresses with no gap in it and no untouched stretch as long as
 *    a row. A piece that spans a row or more is a *block*: its rows are aligned to row_size.
 *  - Smaller pieces are *words*, set one after another on a line, a thin mark between them: a *gap*
 *    (not mapped) or a *fold* (mapped, never populated, at least one row long).
 *  - A gap of 1 GiB or more is a *rule* across the page, but for scattered memory: allocators that
 *    put small chunks at random addresses (V8) would make a rule of every line. Where
 *    PSC_LAYOUT_SCATTERED or more small islands follow each other, the gaps between them are marks
 *    like any other.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* A gap of this many bytes or more is a rule. */
#define PSC_LAYOUT_RULE_SIZE (G_GUINT64_CONSTANT (1) << 30)
/* So many islands in a row, in each of which at most so many rows are mapped, are scattered memory.
 */
#define PSC_LAYOUT_SCATTERED      6
#define PSC_LAYOUT_SCATTERED_ROWS 8

/* Air between a block and its neighbours, in rows. */
#define PSC_LAYOUT_AIR 0.35

typedef struct
{
  double rows;
  guint rules;
} PscDown;

typedef enum
{
  PSC_BAND_BLOCK,
  PSC_BAND_LINE, /* of words, gaps and folds */
  PSC_BAND_RULE,
} PscBandType;

typedef enum
{
  PSC_ITEM_WORD,
  PSC_ITEM_GAP,
  PSC_ITEM_FOLD,
} PscItemType;

/* What stands on a line, in address order from left to right. */
typedef struct
{
  guint64 start, end; /* addresses it stands for */
  float x, width;     /* whole pages, from the left edge; a word is as wide as it has pages */
  guint32 type;       /* PscItemType */
} PscItem;

/* A horizontal stripe of the map. A block has n_rows rows, the others one. */
typedef struct
{
  guint64 start, end; /* addresses, [start, end); for a block of its pages, not of its rows */
  PscDown top;        /* of the stripe */
  guint32 type;       /* PscBandType */
  guint32 n_rows;     /* 0 for a rule */
  guint32 first_item, n_items; /* of a line */
} PscBand;

/* Larger folds stay folded: they'd be half a million empty rows. */
#define PSC_LAYOUT_MOST_UNFOLDED (G_GUINT64_CONSTANT (1) << 40)

typedef struct
{
  gboolean low_at_top;     /* lowest address at the top; FALSE: at the bottom, as in textbooks */
  const guint64 *unfolded; /* addresses inside folds that are to be shown unfolded; sorted */
  guint n_unfolded;
  guint64 start, end; /* only what is mapped in [start, end); equal: everything */
} PscLayoutOptions;

typedef struct _PscLayout PscLayout;

struct _PscLayout
{
  gatomicrefcount ref_count; /* private */
  gsize page_size;
  guint64 row_size;
  guint row_pages;
  gboolean low_at_top;
  PscBand *bands; /* by address */
  guint n_bands;
  PscItem *items;
  guint n_items;
  double n_rows; /* total height of everything that zooms */
  guint n_rules;
};

/* options NULL: none. O(mappings + runs). Never NULL; an empty space gives an empty layout. */
PscLayout *psc_layout_new (const PscSpace *space, const PscLayoutOptions *options);
/* Does every address stand at the same place in both? */
gboolean psc_layout_equal (const PscLayout *a, const PscLayout *b);
PscLayout *psc_layout_ref (PscLayout *layout);
void psc_layout_unref (PscLayout *layout);

/* What is at a place. */
typedef enum
{
  PSC_PLACE_NOTHING, /* outside, or the blank rest of a line or row */
  PSC_PLACE_PAGE,
  PSC_PLACE_GAP,
  PSC_PLACE_FOLD,
  PSC_PLACE_RULE,
} PscPlaceType;

typedef struct
{
  PscPlaceType type;
  guint64 start, end; /* the page, or the stretch that the mark stands for */
  guint band;
} PscPlace;

/* x in pages, down as far as `y_rows` rows inside a band. O(log n). */
PscPlace psc_layout_hit (const PscLayout *layout, guint band, double x, double y_rows);

/* Index of the first band that ends above the address, or n_bands. O(log n). */
guint psc_layout_lower_bound (const PscLayout *layout, guint64 address);

/* Where the page with this address stands: its band, left edge in pages, and the top of its row
 * counted in rows from the top of the band. In a gap, fold or rule: the mark's own place. FALSE
 * outside all bands. O(log n). */
gboolean
psc_layout_locate (const PscLayout *layout, guint64 address, guint *band, double *x, double *row);

/* Row number from the top of the band <-> first address of that row, for blocks. */
guint64 psc_layout_row_address (const PscLayout *layout, const PscBand *band, guint row);

/* The layout as text, one line per band, for golden tests and for understanding. */
char *psc_layout_dump (const PscLayout *layout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscLayout, psc_layout_unref)

G_END_DECLS
