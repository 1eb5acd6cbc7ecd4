/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of a sheet: psc-sheet.c makes it, psc-sheet-rows.c turns pages into rows of entries,
 * psc-sheet-group.c packs and sums them, psc-sheet-update.c follows changes, psc-tally.c adds them
 * up for a line of pixels. */

#include "psc-sheet.h"

G_BEGIN_DECLS

/* What the loops over columns work on: sixteen bytes, wherever they lie. Rows are whole vectors. */
typedef guint8 PscBytes __attribute__ ((vector_size (16), aligned (1), may_alias));
typedef guint8 PscHalfBytes __attribute__ ((vector_size (8), aligned (1), may_alias));
typedef gint16 PscShorts __attribute__ ((vector_size (16), aligned (2), may_alias));
typedef float PscFloats __attribute__ ((vector_size (16), aligned (4), may_alias));

#define PSC_SHEET_GROUP  16 /* rows */
#define PSC_SHEET_FAN    8
#define PSC_SHEET_LEVELS 3 /* of nodes above the groups: 128, 1024, 8192 rows */

/* What is on a row beside entries of the lens. */
enum
{
  PSC_SHEET_BACKGROUND = PSC_LENS_MAX_ENTRIES,
  PSC_SHEET_GAP,
  PSC_SHEET_FOLD,
  PSC_SHEET_N_ENTRIES,
  PSC_SHEET_STORED = 255, /* a row that is not all one */
};

/* A palette of more than this takes a byte a page. */
#define PSC_SHEET_NIBBLES 16

typedef struct
{
  double top;     /* rows below the top of the section, air included */
  guint16 air;    /* bit i: there is air above row i, i > 0 */
  guint16 stored; /* bit i: row i is stored */
  guint8 n_rows;
  guint8 n_entries;                /* of the palette */
  guint8 uniform[PSC_SHEET_GROUP]; /* entry of a row that is all one, or PSC_SHEET_STORED */
  guint8 *data; /* palette; counts of all entries but the last; stored rows. NULL when
                   none is stored */
} PscSheetGroup;

/* Sums over PSC_SHEET_FAN groups or nodes. */
typedef struct
{
  guint16 *counts; /* per entry of the palette and column, of stored rows; NULL: none is stored */
  guint8 *palette;
  guint32 n_entries;
  guint32 n_stored; /* rows */
  guint32 n_rows;   /* all of them */
  guint32 *uniform; /* rows that are all one, by entry; NULL: all rows are of the same */
  guint8 only;      /* then this entry */
} PscSheetNode;

/* Rows between two rules. */
typedef struct
{
  PscDown top;
  guint first_group, n_groups;
  guint first_node[PSC_SHEET_LEVELS], n_nodes[PSC_SHEET_LEVELS];
} PscSheetSection;

struct _PscSheet
{
  gatomicrefcount ref_count;
  PscLayout *layout;
  PscLens lens;
  guint width;        /* columns */
  guint32 *band_rows; /* of each band the number of its top row; rows are numbered by group */
  PscSheetSection *sections; /* from the top */
  guint n_sections;
  PscSheetGroup *groups;
  guint n_groups;
  PscSheetNode *nodes[PSC_SHEET_LEVELS];
  guint n_nodes[PSC_SHEET_LEVELS];
  guint8 *stale[PSC_SHEET_LEVELS]; /* of each node 1: not summed since what is below it changed */
  gboolean has_stale;              /* then no node is to be used */
};

/* psc-sheet-rows.c */

/* Where reading a space in address order has come to. */
typedef struct
{
  const PscSpace *space;
  const PscTraits *traits;
  PscLens lens;
  guint mapping, run, trait;
  guint of_mapping; /* whose entries these are */
  guint8 entries[PSC_N_CLASSES];
  guint8 used[PSC_SHEET_N_ENTRIES]; /* 1: was among what was read; the caller clears it */
} PscSheetReader;

/* Bytes behind a row that reading it may overwrite. */
#define PSC_SHEET_SLACK 16

void psc_sheet_reader_init (PscSheetReader *reader, const PscSpace *space, PscLens lens,
                            const PscTraits *traits);
/* Entries of the pages [start, end), a byte each, background where nothing is mapped. Returns the
 * entry of all of them, with nothing written, when that can be told at once; PSC_SHEET_STORED
 * otherwise. Not below the end of the last call. `entries` has slack behind it. */
guint8 psc_sheet_reader_read (PscSheetReader *reader, guint64 start, guint64 end, guint8 *entries);
/* A row of a band, counted in address order; as above. `entries` has room for a row and the
 * slack. */
guint8 psc_sheet_reader_read_row (PscSheetReader *reader, const PscLayout *layout,
                                  const PscBand *band, guint row, guint8 *entries);

/* How many rows of a block, from one on upwards, are all of one entry, as far as can be told at
 * once. Without traits. */
guint psc_sheet_reader_count_uniform (PscSheetReader *reader, const PscLayout *layout,
                                      const PscBand *band, guint row, guint8 *entry);

/* psc-sheet-group.c */

/* A group in the making: its rows, from the top. */
typedef struct
{
  guint8 uniform[PSC_SHEET_GROUP];
  guint8 used[PSC_SHEET_N_ENTRIES]; /* 1: may be on a stored row */
  guint8 *rows;                     /* PSC_SHEET_GROUP of psc_sheet_plate_stride() bytes */
} PscSheetPlate;

static inline gsize
psc_sheet_plate_stride (guint width)
{
  return width + PSC_SHEET_SLACK;
}

void psc_sheet_group_pack (PscSheetGroup *group, const PscSheetPlate *plate, guint width);
void psc_sheet_group_clear (PscSheetGroup *group);
guint psc_sheet_group_n_stored (const PscSheetGroup *group);
/* Of an entry of the palette but the last: how many of the stored rows have it, per column. */
guint8 *psc_sheet_group_counts (const PscSheetGroup *group, guint index, guint width);
/* A stored row: indices into the palette. */
guint8 *psc_sheet_group_row (const PscSheetGroup *group, guint row, guint width);
gsize psc_sheet_group_memory (const PscSheetGroup *group, guint width);
/* Sums up a node of a level from what is below it. */
void psc_sheet_sum_node (PscSheet *sheet, const PscSheetSection *section, guint level, guint index);
void psc_sheet_node_clear (PscSheetNode *node);

static inline guint
psc_sheet_group_get (const PscSheetGroup *group, const guint8 *row, guint column, guint width)
{
  if (group->n_entries > PSC_SHEET_NIBBLES)
    return row[column];
  return column < width / 2 ? row[column] & 15 : row[column - width / 2] >> 4;
}

/* Rows from the top of the section to that of a row of the group. */
double psc_sheet_group_row_top (const PscSheetGroup *group, guint row);
static inline double
psc_sheet_group_bottom (const PscSheetGroup *group)
{
  return psc_sheet_group_row_top (group, group->n_rows - 1u) + 1;
}

G_END_DECLS
