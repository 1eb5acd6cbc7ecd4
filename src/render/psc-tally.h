/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A tally: the linear light of each column of a sheet, summed over the rows under one line of
 * pixels. Internal to the raster; one thread.
 */

#include "psc-sheet-private.h"

G_BEGIN_DECLS

/* Linear light, 0 … 65535 each. */
typedef struct
{
  float red, green, blue;
} PscTint;

/* Some rows of a group, or parts of them, summed. */
typedef struct
{
  const PscSheetGroup *group; /* of which it is all above or all below `at`; NULL: it is not */
  double at;                  /* rows from the top of the section */
  gboolean below;
  gboolean varied;                  /* FALSE: nothing is in `more` */
  gint32 flat[PSC_SHEET_N_ENTRIES]; /* as in the tally */
  gint16 *more;                     /* per entry of the group's palette but the last, and column */
} PscTallyPart;

typedef struct
{
  guint width;          /* columns */
  const PscTint *tints; /* of all PSC_SHEET_N_ENTRIES; borrowed */
  /* Weights are counted in these, so that a line's rows fit 16 bits. */
  gint unit;                          /* of a whole row */
  float scale;                        /* the share of a line of pixels that one is */
  gint32 flat[PSC_SHEET_N_ENTRIES];   /* of all columns alike */
  guint8 slots[PSC_SHEET_N_ENTRIES];  /* place among the varied ones, from 1; 0: not there */
  guint8 varied[PSC_SHEET_N_ENTRIES]; /* entries of which columns have more or less than that */
  guint n_varied;
  guint8 base;       /* columns have as much less of this one as they have more of all those */
  gint16 *more;      /* n_varied times width */
  PscTallyPart part; /* where the line ended: the next one begins there */
  guint8 *counts;    /* room to work */
} PscTally;

/* Rows are `row_height` pixels high. */
void psc_tally_init (PscTally *tally, guint width, const PscTint *tints, double row_height);
void psc_tally_finish (PscTally *tally);
void psc_tally_clear (PscTally *tally);
/* Adds the rows [from, to) of a section, counted with air and with fractions from its top.
 * O(rows of two groups + log). */
void psc_tally_add (PscTally *tally, const PscSheet *sheet, const PscSheetSection *section,
                    double from, double to);
/* The light of all columns alike, what no row covers being background. */
PscTint psc_tally_get_flat (const PscTally *tally);
/* The light of each column. */
void psc_tally_get_columns (const PscTally *tally, float *red, float *green, float *blue);
/* The number of the row that [from, to) lies in as a whole, or G_MAXUINT. O(log n). */
guint
psc_tally_find_row (const PscSheet *sheet, const PscSheetSection *section, double from, double to);

/* The same for a line that lies in one row as a whole, by its number, without a tally. FALSE, and
 * nothing written, when the row is all one. */
gboolean psc_tally_get_row (const PscTally *tally, const PscSheet *sheet, guint row, float *red,
                            float *green, float *blue);
/* The entry that most of the rows have in each column; background where none has any. */
void psc_tally_get_most (const PscTally *tally, guint8 *entries);

G_END_DECLS
