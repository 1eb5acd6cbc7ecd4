/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The sheet: what is drawn on every row of a layout under one lens, and pyramids of it, so that a
 * frame of any zoom costs what its pixels cost. It knows entries of the lens, not colours: themes,
 * isolated entries and views need no new one.
 *
 * A row is a column a page. Sixteen rows are a group: rows that are all one entry are just that;
 * the others are kept as four bits a page, indices into the group's palette, beside the counts of
 * each entry per column. Eight groups are a node, eight nodes another one, up to 8192 rows, with
 * the same counts. So a line of pixels that covers hundreds of rows sums a few rows of counts, and
 * nothing is lost: one swapped page in a GiB is still one page in the sums.
 *
 * Memory: nothing for rows that are all one (but 48 bytes for 16 of them), else at most about 1.2
 * bytes a page.
 *
 * A sheet is made in any thread and then belongs to one thread, which may update it. Reference
 * counted.
 */

#include "psc-lens.h"
#include "psc-traits.h"
#include "psc-view.h"

G_BEGIN_DECLS

typedef struct _PscSheet PscSheet;

/* Pages of one class in which a space differs from an earlier one. */
typedef struct
{
  guint64 start;
  guint32 n_pages;
  guint32 klass; /* PscPageClass; absent also for what is unknown in a mapping that is */
} PscDirty;

/* traits NULL: none. O(runs + mappings + rows). Never NULL. */
PscSheet *
psc_sheet_new (const PscSpace *space, PscLayout *layout, PscLens lens, const PscTraits *traits);
PscSheet *psc_sheet_ref (PscSheet *sheet);
void psc_sheet_unref (PscSheet *sheet);
PscLayout *psc_sheet_get_layout (const PscSheet *sheet);
PscLens psc_sheet_get_lens (const PscSheet *sheet);
/* Bytes that it takes. */
gsize psc_sheet_get_memory (const PscSheet *sheet);

/* What is different in `space`, in address order; NULL when their mappings differ, or what they
 * are. Free with g_array_unref(). O(runs of both). */
GArray *psc_sheet_find_dirty (const PscSpace *before, const PscSpace *space);
/* Brings the sheet, which must be of the same layout and of a lens without traits, up to date.
 * O(n_dirty + their pages + log). */
void
psc_sheet_update (PscSheet *sheet, const PscSpace *space, const PscDirty *dirty, guint n_dirty);

/* Sums what an update left for later: only views of many rows to a pixel ask for it, and others are
 * drawn as right without. Call it before drawing one (PSC_SHEET_DEEP_ROW). */
void psc_sheet_settle (PscSheet *sheet);
/* Device pixels of a row from which on downwards sums of many rows are of use. */
#define PSC_SHEET_DEEP_ROW (1 / 64.0)

/* Pages of each entry on the rows and in the columns that a view shows, those at its edges as a
 * whole; n_pages[] has room for PSC_LENS_MAX_ENTRIES. O(rows in view / 16). */
void psc_sheet_count (const PscSheet *sheet, const PscView *view, guint64 *n_pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscSheet, psc_sheet_unref)

G_END_DECLS
