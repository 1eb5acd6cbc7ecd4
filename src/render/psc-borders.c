/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-borders.h"

#include <math.h>

#define ROW_MIN    4.0
#define LEAST_PX   3.0 /* of a mapping on its row, to have lines */
#define MOST_STEPS 4
#define AVERAGE_PX 8.0 /* of the mappings on a row: else there would be nothing but lines */

typedef struct
{
  const PscBorders *borders;
  double page_width;
  PscBordersFunc func;
  gpointer user_data;
  guint mapping; /* where the last stretch ended */
} Finder;

/* As psc_space_lower_bound(), where it is mostly the next one. */
static guint
lower_bound (const Finder *finder, guint64 address)
{
  const PscSpace *space = finder->borders->space;
  guint first = finder->mapping;

  if (first > 0 && space->mappings[first - 1].end > address)
    return psc_space_lower_bound (space, address);
  for (guint i = first; i < MIN (first + MOST_STEPS, space->n_mappings); i++)
    if (space->mappings[i].end > address)
      return i;
  return psc_space_lower_bound (space, address);
}

static void
add_line (const Finder *finder, double x0, double y, double x1, double height)
{
  double width = finder->borders->view->width;

  x0 = CLAMP (x0, 0, width);
  x1 = CLAMP (x1, 0, width);
  finder->func (x0, y, x1 - x0, height, finder->user_data);
}

/* Mappings go on from row to row: where the upper of two rows belongs to one and the lower to the
 * other there is a line between the rows. */
static void
add_step (const Finder *finder, const PscMapping *low, const PscMapping *high, guint64 row_start,
          guint64 row_end, double x, double y)
{
  const PscLayout *layout = finder->borders->layout;
  const PscView *view = finder->borders->view;
  double right = layout->row_pages * finder->page_width - view->x;
  double up = layout->low_at_top ? view->row_height : 0;
  double down = view->row_height - up;

  if (high->end > row_end)
    add_line (finder, -view->x, y + up, x, 1);
  if (low->start < row_start)
    add_line (finder, x, y + down, right, 1);
}

/* [start, end) stands on a row from column `page` on, its top at y; `row` FALSE: it is a word. */
static void
add_stretch (Finder *finder, guint64 start, guint64 end, double page, double y, gboolean row)
{
  const PscSpace *space = finder->borders->space;
  const PscView *view = finder->borders->view;
  double px = finder->page_width / (double) space->page_size;
  double left = page * finder->page_width - view->x;
  guint first = lower_bound (finder, start);
  guint last = finder->mapping = lower_bound (finder, end - 1);

  if (first >= last || (last - first) * AVERAGE_PX > (double) (end - start) * px)
    return;
  for (guint i = first; i < last && i + 1 < space->n_mappings; i++)
    {
      const PscMapping *low = &space->mappings[i];
      const PscMapping *high = &space->mappings[i + 1];
      double x = left + (double) (low->end - start) * px;

      if (low->end != high->start ||
          (double) (low->end - MAX (low->start, start)) * px < LEAST_PX ||
          (double) (MIN (high->end, end) - high->start) * px < LEAST_PX)
        continue;
      if (x >= 0 && x <= view->width)
        add_line (finder, x, y, x + 1, view->row_height);
      if (row)
        add_step (finder, low, high, start, end, x, y);
    }
}

static void
add_block (Finder *finder, const PscBand *band, double top)
{
  const PscBorders *borders = finder->borders;
  const PscLayout *layout = borders->layout;
  const PscView *view = borders->view;
  double row_height = view->row_height;
  double above = top - view->y;
  guint row = (guint) CLAMP (floor ((borders->from - above) / row_height), 0, band->n_rows);
  guint end = (guint) CLAMP (ceil ((borders->to - above) / row_height), 0, band->n_rows);

  for (; row < end; row++)
    {
      guint64 address = psc_layout_row_address (layout, band, row);
      guint64 from = MAX (address, band->start);

      add_stretch (finder, from, MIN (address + layout->row_size, band->end),
                   (double) ((from - address) / layout->page_size), top + row * row_height, TRUE);
    }
}

static void
add_words (Finder *finder, const PscBand *band, double top)
{
  const PscView *view = finder->borders->view;
  const PscItem *items = finder->borders->layout->items;
  double from = view->x / finder->page_width;
  double to = (view->x + view->width) / finder->page_width;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &items[band->first_item + i];

      if (item->type == PSC_ITEM_WORD && item->x < to && item->x + item->width > from &&
          item->width * finder->page_width >= 2 * LEAST_PX)
        add_stretch (finder, item->start, item->end, item->x, top, FALSE);
    }
}

void
psc_borders_find (const PscBorders *borders, PscBordersFunc func, gpointer user_data)
{
  const PscLayout *layout = borders->layout;
  const PscView *view = borders->view;
  Finder finder = { borders, psc_view_page_width (view, layout), func, user_data, 0 };
  guint first, last;

  if (view->row_height < ROW_MIN)
    return;
  psc_view_bands_between (view, layout, borders->from, borders->to, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &layout->bands[i];
      double top = psc_view_down_px (view, layout, &band->top);

      if (band->type == PSC_BAND_BLOCK)
        add_block (&finder, band, top);
      else if (band->type == PSC_BAND_LINE)
        add_words (&finder, band, top);
    }
}

static void
count_cb (double x, double y, double width, double height, gpointer n)
{
  ++*(guint *) n;
}

gboolean
psc_borders_are_many (const PscSpace *space, const PscLayout *layout, const PscView *view)
{
  PscBorders borders = { space, layout, view, 0, view->height };
  guint n = 0;

  psc_borders_find (&borders, count_cb, &n);
  return n > PSC_BORDERS_MOST_SHAPES;
}
