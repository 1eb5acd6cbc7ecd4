/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-patches.h"

#include <math.h>
#include <string.h>

/* Cells, px: a line of text is two or three of them high. */
#define CELL_WIDTH  64
#define CELL_HEIGHT 8
/* A rectangle more costs about as much as this many empty cells do. */
#define MAX_EMPTY 3
/* More of them are joined further apart. */
#define MAX_RECTS 400
/* When they are more of it than this, a drawing of all of it costs less. */
#define MAX_SHARE 0.4

struct _PscPatches
{
  PscRect bounds; /* on whole pixels */
  guint n_columns, n_rows;
  guint8 *cells; /* 1: something is in it */
};

PscPatches *
psc_patches_new (const PscRect *bounds)
{
  PscPatches *patches = g_new0 (PscPatches, 1);
  PscRect *own = &patches->bounds;

  own->x = floor (bounds->x);
  own->y = floor (bounds->y);
  own->width = MAX (ceil (bounds->x + bounds->width) - own->x, 0);
  own->height = MAX (ceil (bounds->y + bounds->height) - own->y, 0);
  patches->n_columns = (guint) ceil (own->width / CELL_WIDTH);
  patches->n_rows = (guint) ceil (own->height / CELL_HEIGHT);
  patches->cells = g_malloc0_n ((gsize) patches->n_columns + 1, (gsize) patches->n_rows + 1);
  return patches;
}

void
psc_patches_free (PscPatches *patches)
{
  if (patches == NULL)
    return;
  g_free (patches->cells);
  g_free (patches);
}

/* The cells that [at, at + size) of [0, whole) touches. */
static void
find_cells (double at, double size, double whole, guint cell, guint *first, guint *end)
{
  double from = MAX (at, 0), to = MIN (at + size, whole);

  *first = *end = 0;
  if (from >= to)
    return;
  *first = (guint) (from / cell);
  *end = (guint) ceil (to / cell);
}

void
psc_patches_add (PscPatches *patches, double x, double y, double width, double height)
{
  const PscRect *bounds;
  guint column, columns_end, row, rows_end;

  if (patches == NULL)
    return;
  bounds = &patches->bounds;
  find_cells (x - bounds->x, width, bounds->width, CELL_WIDTH, &column, &columns_end);
  find_cells (y - bounds->y, height, bounds->height, CELL_HEIGHT, &row, &rows_end);
  for (; row < rows_end; row++)
    memset (patches->cells + (gsize) row * patches->n_columns + column, 1, columns_end - column);
}

/* The next cells side by side of a row, [*from, *to), at or behind *to; empty ones between them
 * count as theirs when they are `empty` at most. */
static gboolean
next_run (const PscPatches *patches, const guint8 *cells, guint empty, guint *from, guint *to)
{
  guint i = *to;

  while (i < patches->n_columns && cells[i] == 0)
    i++;
  *from = i;
  for (*to = i; i < patches->n_columns && i - *to <= empty; i++)
    if (cells[i] != 0)
      *to = i + 1;
  return *from < *to;
}

/* In cells. */
typedef struct
{
  guint left, right, top, bottom;
} Block;

/* A run that stands below one as wide is a part of the same rectangle. `newest` are the indices of
 * the newest blocks that begin at each column, + 1. */
static void
take_run (GArray *blocks, guint *newest, guint from, guint to, guint row)
{
  Block *above = newest[from] > 0 ? &g_array_index (blocks, Block, newest[from] - 1) : NULL;

  if (above != NULL && above->right == to && above->bottom == row)
    {
      above->bottom++;
      return;
    }
  g_array_append_vals (blocks, &(Block){ from, to, row, row + 1 }, 1);
  newest[from] = blocks->len;
}

static GArray *
find_blocks (const PscPatches *patches, guint empty)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  g_autofree guint *newest = g_new0 (guint, patches->n_columns + 1);

  for (guint row = 0; row < patches->n_rows; row++)
    {
      const guint8 *cells = patches->cells + (gsize) row * patches->n_columns;
      guint from, to = 0;

      while (next_run (patches, cells, empty, &from, &to))
        take_run (blocks, newest, from, to, row);
    }
  return blocks;
}

/* Few enough of them. */
static GArray *
find_few_blocks (const PscPatches *patches)
{
  GArray *blocks = find_blocks (patches, MAX_EMPTY);

  for (guint empty = 4 * MAX_EMPTY; blocks->len > MAX_RECTS && empty < 4 * patches->n_columns;
       empty *= 4)
    {
      g_array_unref (blocks);
      blocks = find_blocks (patches, empty);
    }
  return blocks;
}

/* On the area, px. */
static PscRect
place_block (const PscPatches *patches, const Block *block)
{
  const PscRect *bounds = &patches->bounds;
  double x = block->left * CELL_WIDTH, y = block->top * CELL_HEIGHT;

  return (PscRect){ bounds->x + x, bounds->y + y,
                    MIN (block->right * CELL_WIDTH, bounds->width) - x,
                    MIN (block->bottom * CELL_HEIGHT, bounds->height) - y };
}

GArray *
psc_patches_get_rects (const PscPatches *patches)
{
  g_autoptr (GArray) blocks = find_few_blocks (patches);
  GArray *rects = g_array_new (FALSE, FALSE, sizeof (PscRect));
  double area = 0;

  for (guint i = 0; i < blocks->len; i++)
    {
      PscRect rect = place_block (patches, &g_array_index (blocks, Block, i));

      area += rect.width * rect.height;
      g_array_append_val (rects, rect);
    }
  if (area > MAX_SHARE * patches->bounds.width * patches->bounds.height)
    g_clear_pointer (&rects, g_array_unref);
  return rects;
}
