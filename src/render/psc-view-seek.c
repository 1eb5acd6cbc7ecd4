/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-view.h"

#include <math.h>

/* Rows and pages of this size can be told from their neighbours. */
#define LEGIBLE_ROW   10.0 /* px */
#define LEGIBLE_WIDTH 8.0  /* px */
/* Of the view, that stays free around what was sought. */
#define AIR 0.12

/* px in the viewport. */
typedef struct
{
  double x, y, width, height;
  gboolean one_row;
} Extent;

/* What [start, end) takes at the view's zoom; across, only the beginning of what takes several
 * rows. FALSE when it has no place. */
static gboolean
get_extent (const PscView *view, const PscLayout *layout, guint64 start, guint64 end,
            Extent *extent)
{
  double x, y, width, height;

  if (!psc_view_rect (view, layout, start, &extent->x, &extent->y, &extent->width,
                      &extent->height) ||
      !psc_view_rect (view, layout, end - 1, &x, &y, &width, &height))
    return FALSE;
  extent->one_row = fabs (y - extent->y) < height / 2;
  if (extent->one_row)
    extent->width = MAX (x + width - extent->x, extent->width);
  else
    {
      extent->height = MAX (extent->y + extent->height, y + height) - MIN (extent->y, y);
      extent->y = MIN (extent->y, y);
    }
  return TRUE;
}

static gboolean
is_legible (const PscView *view, const PscLayout *layout, guint64 start, guint64 end)
{
  Extent extent;

  return !get_extent (view, layout, start, end, &extent) ||
         (extent.height >= LEGIBLE_ROW && (!extent.one_row || extent.width >= LEGIBLE_WIDTH));
}

/* The least zoom, from the view's on, at which it can be read. */
static void
make_legible (PscView *view, const PscLayout *layout, guint64 start, guint64 end)
{
  double low = view->row_height;
  double high = PSC_VIEW_MAX_ROW;

  if (is_legible (view, layout, start, end))
    return;
  for (int i = 0; i < 40; i++)
    {
      view->row_height = sqrt (low * high);
      if (is_legible (view, layout, start, end))
        high = view->row_height;
      else
        low = view->row_height;
    }
  view->row_height = high;
}

/* The least move that brings [at, at + size) between the margins of [0, room): 0 when it is there,
 * else to the middle; of what is too large the end `from_end` comes first. */
static double
way_to (double at, double size, double room, double air, gboolean from_end)
{
  if (at >= 0 && at + size <= room)
    return 0;
  if (size <= room - 2 * air)
    return at + size / 2 - room / 2;
  return from_end ? at + size - (room - air) : at - air;
}

void
psc_view_seek (PscView *view, const PscLayout *layout, guint64 start, guint64 end)
{
  double row_height = view->row_height;
  gboolean scrolls_across;
  Extent extent;
  double dx = 0;
  double dy;

  if (layout->n_bands == 0 || start >= end)
    return;
  make_legible (view, layout, start, end);
  /* Another zoom is another place: to the middle, wherever it was. */
  if (view->row_height > row_height)
    view->x = view->y = -1e9;
  if (!get_extent (view, layout, start, end, &extent))
    return;
  scrolls_across = layout->row_pages * psc_view_page_width (view, layout) > view->width + 0.5;
  dy = way_to (extent.y, extent.height, view->height, view->height * AIR, !layout->low_at_top);
  if (scrolls_across)
    dx = way_to (extent.x, extent.width, view->width, view->width * AIR, FALSE);
  psc_view_pan (view, layout, dx, dy);
}
