/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-outline.h"

/* Left, top, right, bottom. */
typedef struct
{
  double x0, y0, x1, y1;
} Box;

typedef struct
{
  const PscView *view;
  const PscLayout *layout;
  double line, least;
  GArray *bars; /* PscRect */
} Outline;

static void
add_bar (Outline *outline, double x0, double y0, double x1, double y1)
{
  const PscView *view = outline->view;
  double line = outline->line;

  x0 = CLAMP (x0, -line, view->width + line);
  x1 = CLAMP (x1, -line, view->width + line);
  y0 = CLAMP (y0, -line, view->height + line);
  y1 = CLAMP (y1, -line, view->height + line);
  if (x1 > x0 && y1 > y0 && outline->bars->len < PSC_OUTLINE_MAX_BARS)
    {
      PscRect bar = { x0, y0, x1 - x0, y1 - y0 };

      g_array_append_val (outline->bars, bar);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The border between two boxes, one on the other, runs where one of them is and the other is not:
 * of the four corners, between the first two and the last two. */
static void
add_step (Outline *outline, const Box *upper, const Box *lower)
{
  double corners[4] = { upper->x0, upper->x1, lower->x0, lower->x1 };
  double half = outline->line / 2;
  double y = lower->y0;

  qsort (corners, 4, sizeof *corners, compare_doubles);
  add_bar (outline, corners[0] - half, y - half, corners[1] + half, y + half);
  add_bar (outline, corners[2] - half, y - half, corners[3] + half, y + half);
}

/* Boxes from the top down, each on top of the next. */
static void
add_boxes (Outline *outline, const Box *boxes, guint n)
{
  const Box *top = &boxes[0], *bottom = &boxes[n - 1];
  double line = outline->line;

  add_bar (outline, top->x0 - line, top->y0 - line, top->x1 + line, top->y0);
  add_bar (outline, bottom->x0 - line, bottom->y1, bottom->x1 + line, bottom->y1 + line);
  for (guint i = 0; i < n; i++)
    {
      add_bar (outline, boxes[i].x0 - line, boxes[i].y0, boxes[i].x0, boxes[i].y1);
      add_bar (outline, boxes[i].x1, boxes[i].y0, boxes[i].x1 + line, boxes[i].y1);
    }
  for (guint i = 0; i + 1 < n; i++)
    add_step (outline, &boxes[i], &boxes[i + 1]);
}

static void
grow (double *low, double *high, double least)
{
  double missing = least - (*high - *low);

  if (missing > 0)
    {
      *low -= missing / 2;
      *high += missing / 2;
    }
}

static void
add_box (Outline *outline, Box box)
{
  grow (&box.x0, &box.x1, outline->least);
  grow (&box.y0, &box.y1, outline->least);
  add_boxes (outline, &box, 1);
}

/* The end of the lowest row, whole rows, the beginning of the highest. */
static void
add_block (Outline *outline, const PscBand *band, guint64 start, guint64 end)
{
  const PscView *view = outline->view;
  double page = psc_view_page_width (view, outline->layout), row = view->row_height;
  double top = psc_view_band_top (view, outline->layout, band);
  double full = outline->layout->row_pages * page - view->x;
  double left, right, low, high;
  Box boxes[3];
  guint index, n = 0;

  psc_layout_locate (outline->layout, start, &index, &left, &low);
  psc_layout_locate (outline->layout, end - 1, &index, &right, &high);
  left = left * page - view->x;
  right = (right + 1) * page - view->x;
  if (low == high)
    {
      add_box (outline, (Box){ left, top + low * row, right, top + (low + 1) * row });
      return;
    }
  for (double at = MIN (low, high); at <= MAX (low, high); n++)
    {
      double next = n > 0 && at < MAX (low, high) ? MAX (low, high) : at + 1;

      boxes[n] = (Box){ at == low ? left : -view->x, top + at * row, at == high ? right : full,
                        top + next * row };
      at = next;
    }
  add_boxes (outline, boxes, n);
}

static void
add_line (Outline *outline, const PscBand *band, guint64 start, guint64 end)
{
  const PscLayout *layout = outline->layout;
  double page = psc_view_page_width (outline->view, layout);
  double top = psc_view_band_top (outline->view, layout, band);

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];
      double left = item->x, right = item->x + item->width;

      if (item->end <= start || item->start >= end)
        continue;
      if (item->type == PSC_ITEM_WORD && start > item->start)
        left += (double) ((start - item->start) / layout->page_size);
      if (item->type == PSC_ITEM_WORD && end < item->end)
        right -= (double) ((item->end - end) / layout->page_size);
      add_box (outline, (Box){ left * page - outline->view->x, top, right * page - outline->view->x,
                               top + outline->view->row_height });
    }
}

GArray *
psc_outline_new (const PscView *view, const PscLayout *layout, guint64 start, guint64 end,
                 double line_px, double least_px)
{
  Outline outline = { view, layout, line_px, least_px,
                      g_array_new (FALSE, FALSE, sizeof (PscRect)) };
  guint first, last;

  psc_view_visible_bands (view, layout, &first, &last);
  for (guint i = first; i < last && outline.bars->len < PSC_OUTLINE_MAX_BARS; i++)
    {
      const PscBand *band = &layout->bands[i];
      guint64 low = MAX (band->start, start), high = MIN (band->end, end);

      if (low >= high)
        continue;
      if (band->type == PSC_BAND_BLOCK)
        add_block (&outline, band, low, high);
      else if (band->type == PSC_BAND_LINE)
        add_line (&outline, band, low, high);
    }
  return outline.bars;
}
