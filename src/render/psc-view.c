/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-view.h"

#include <math.h>

/* Rules give way when they'd take more than this share of the viewport: as long as rows are lower
 * than that, too. */
#define MAX_RULE_SHARE 0.4
/* A tally's weights have 16 bits. */
#define MIN_ROW (1 / 16000.0)
/* How much faster than rows pages grow until they are square. */
#define PAGE_GROWTH 2.5
/* Air around a range that fills the view, as a share of it. */
#define RANGE_AIR 0.08

static double
least_rule_height (const PscLayout *layout, double height)
{
  return MIN (MAX (height, 1) * MAX_RULE_SHARE / MAX (layout->n_rules, 1), PSC_VIEW_RULE_HEIGHT);
}

/* As high as a row between its bounds. */
double
psc_view_rule_height (const PscView *view, const PscLayout *layout)
{
  return CLAMP (view->row_height, least_rule_height (layout, view->height), PSC_VIEW_RULE_HEIGHT);
}

/* The height at which so many rows with so many rules between them fill the room. */
static double
filling_row_height (double rows, double rules, double room, double least_rule)
{
  double low = (room - rules * least_rule) / rows;
  double middle = room / (rows + rules);

  if (low <= least_rule)
    return low;
  return MAX (middle, (room - rules * PSC_VIEW_RULE_HEIGHT) / rows);
}

double
psc_view_fit_row_height (const PscLayout *layout, double width, double height)
{
  double least_rule = least_rule_height (layout, height);

  if (layout->n_rows <= 0)
    return PSC_VIEW_FIT_MAX_ROW;
  return CLAMP (filling_row_height (layout->n_rows, layout->n_rules, height, least_rule), MIN_ROW,
                PSC_VIEW_FIT_MAX_ROW);
}

double
psc_view_page_width (const PscView *view, const PscLayout *layout)
{
  double fit = view->width / layout->row_pages;
  double growth = view->row_height / PSC_VIEW_SQUARE_ROW;

  if (growth <= 1 || fit >= view->row_height)
    return fit;
  /* Pages gain on rows until they are square, then both grow alike. */
  return MIN (fit * pow (growth, PAGE_GROWTH), view->row_height);
}

void
psc_view_get_extent (const PscView *view, const PscLayout *layout, double *width, double *height)
{
  *width = psc_view_page_width (view, layout) * layout->row_pages;
  *height =
      layout->n_rows * view->row_height + layout->n_rules * psc_view_rule_height (view, layout);
}

static void
clamp_axis (double *at, double extent, double room)
{
  if (extent <= room)
    *at = 0;
  else
    *at = CLAMP (*at, 0, extent - room);
}

static void
clamp_view (PscView *view, const PscLayout *layout)
{
  double lowest = psc_view_fit_row_height (layout, view->width, view->height);
  double width, height;

  view->row_height = CLAMP (view->row_height, lowest, PSC_VIEW_MAX_ROW);
  psc_view_get_extent (view, layout, &width, &height);
  clamp_axis (&view->x, width, view->width);
  clamp_axis (&view->y, height, view->height);
}

void
psc_view_fit (PscView *view, const PscLayout *layout, double width, double height)
{
  *view = (PscView){ .width = width, .height = height };
  view->row_height = psc_view_fit_row_height (layout, width, height);
}

void
psc_view_resize (PscView *view, const PscLayout *layout, double width, double height)
{
  PscViewAnchor anchor = psc_view_anchor (view, layout, view->width / 2, view->height / 2);

  anchor.x = width / 2;
  anchor.y = height / 2;
  view->width = width;
  view->height = height;
  psc_view_restore (view, layout, &anchor);
}

void
psc_view_pan (PscView *view, const PscLayout *layout, double dx, double dy)
{
  view->x += dx;
  view->y += dy;
  clamp_view (view, layout);
}

double
psc_view_down_px (const PscView *view, const PscLayout *layout, const PscDown *down)
{
  return down->rows * view->row_height + down->rules * psc_view_rule_height (view, layout);
}

double
psc_view_band_top (const PscView *view, const PscLayout *layout, const PscBand *band)
{
  return psc_view_down_px (view, layout, &band->top) - view->y;
}

static double
band_height (const PscView *view, const PscLayout *layout, const PscBand *band)
{
  if (band->type == PSC_BAND_RULE)
    return psc_view_rule_height (view, layout);
  return band->n_rows * view->row_height;
}

/* The i-th band from the top. */
static const PscBand *
band_from_top (const PscLayout *layout, guint i)
{
  return &layout->bands[layout->low_at_top ? i : layout->n_bands - 1 - i];
}

/* How many bands, from the top, end at or above y. */
static guint
count_bands_above (const PscView *view, const PscLayout *layout, double y)
{
  guint low = 0;
  guint high = layout->n_bands;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const PscBand *band = band_from_top (layout, middle);

      if (psc_view_band_top (view, layout, band) + band_height (view, layout, band) <= y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
psc_view_bands_between (const PscView *view, const PscLayout *layout, double top, double bottom,
                        guint *first, guint *last)
{
  guint above = count_bands_above (view, layout, top);
  guint end = MIN (count_bands_above (view, layout, bottom) + 1, layout->n_bands);

  *first = layout->low_at_top ? above : layout->n_bands - end;
  *last = layout->low_at_top ? end : layout->n_bands - above;
}

void
psc_view_visible_bands (const PscView *view, const PscLayout *layout, guint *first, guint *last)
{
  psc_view_bands_between (view, layout, 0, view->height, first, last);
}

/* The rows of a block that are in the viewport, from the top. */
static void
visible_rows (const PscView *view, const PscLayout *layout, const PscBand *band, guint *upper,
              guint *lower)
{
  double top = psc_view_band_top (view, layout, band);
  double last = band->n_rows - 1.0;

  *upper = (guint) CLAMP (floor (-top / view->row_height), 0, last);
  *lower = (guint) CLAMP (ceil ((view->height - top) / view->row_height) - 1, 0, last);
}

static void
trim_to_rows (const PscView *view, const PscLayout *layout, const PscBand *band, guint64 *start,
              guint64 *end)
{
  guint64 upper_address, lower_address;
  guint upper, lower;

  if (band->type != PSC_BAND_BLOCK)
    return;
  visible_rows (view, layout, band, &upper, &lower);
  upper_address = psc_layout_row_address (layout, band, upper);
  lower_address = psc_layout_row_address (layout, band, lower);
  *start = MAX (*start, MIN (upper_address, lower_address));
  *end = MIN (*end, MAX (upper_address, lower_address) + layout->row_size);
}

/* Only the part of a row or line between the edges of the viewport: one that a height y lies in.
 * FALSE when nothing of it is. */
static gboolean
trim_to_columns (const PscView *view, const PscLayout *layout, double y, guint64 *start,
                 guint64 *end)
{
  PscPlace left = psc_view_hit (view, layout, 0, y);
  PscPlace right = psc_view_hit (view, layout, view->width - 1, y);

  if (left.type != PSC_PLACE_NOTHING && left.start > *start && left.start < *end)
    *start = left.start;
  if (right.type != PSC_PLACE_NOTHING && right.end < *end && right.end > *start)
    *end = right.end;
  return left.type != PSC_PLACE_NOTHING || right.type != PSC_PLACE_NOTHING;
}

static gboolean
shows_one_row (const PscView *view, const PscLayout *layout, const PscBand *band)
{
  guint upper = 0, lower = 0;

  if (band->type == PSC_BAND_BLOCK)
    visible_rows (view, layout, band, &upper, &lower);
  return upper == lower;
}

gboolean
psc_view_get_seen (const PscView *view, const PscLayout *layout, guint64 *start, guint64 *end)
{
  const PscBand *low, *high;
  guint first, last;

  if (!(view->row_height > 0))
    return FALSE;
  psc_view_visible_bands (view, layout, &first, &last);
  if (first >= last)
    return FALSE;
  low = &layout->bands[first];
  high = &layout->bands[last - 1];
  *start = low->start;
  *end = high->end;
  if (low == high)
    trim_to_rows (view, layout, low, start, end);
  else
    {
      guint64 any_start = high->start, any_end = low->end;

      trim_to_rows (view, layout, low, start, &any_end);
      trim_to_rows (view, layout, high, &any_start, end);
    }
  if (low == high && shows_one_row (view, layout, low))
    trim_to_columns (view, layout, view->height / 2, start, end);
  return TRUE;
}

/* The parts of a block's or line's rows that are between the edges of the viewport. */
static void
find_parts (const PscView *view, const PscLayout *layout, const PscBand *band, GArray *ranges)
{
  double top = psc_view_band_top (view, layout, band);
  guint upper = 0, lower = 0;

  if (band->type == PSC_BAND_BLOCK)
    visible_rows (view, layout, band, &upper, &lower);
  for (guint i = upper; i <= lower; i++)
    {
      /* By address. */
      guint row = layout->low_at_top ? i : upper + lower - i;
      double y = CLAMP (top + (row + 0.5) * view->row_height, 0, view->height - 1);
      PscRange range = { band->start, band->end };

      if (band->type == PSC_BAND_BLOCK)
        {
          range.start = MAX (band->start, psc_layout_row_address (layout, band, row));
          range.end =
              MIN (band->end, psc_layout_row_address (layout, band, row) + layout->row_size);
        }
      if (trim_to_columns (view, layout, y, &range.start, &range.end))
        g_array_append_val (ranges, range);
    }
}

GArray *
psc_view_find_seen (const PscView *view, const PscLayout *layout)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (PscRange));
  double width = psc_view_page_width (view, layout) * layout->row_pages;
  PscRange range;
  guint first, last;

  if (!psc_view_get_seen (view, layout, &range.start, &range.end))
    return ranges;
  if (width < view->width + 1)
    {
      g_array_append_val (ranges, range);
      return ranges;
    }
  psc_view_visible_bands (view, layout, &first, &last);
  for (guint i = first; i < last; i++)
    if (layout->bands[i].type != PSC_BAND_RULE)
      find_parts (view, layout, &layout->bands[i], ranges);
  return ranges;
}

PscPlace
psc_view_hit (const PscView *view, const PscLayout *layout, double x, double y)
{
  guint i = count_bands_above (view, layout, y);
  const PscBand *band;
  double top, page_x;

  if (i >= layout->n_bands || y < 0 || y >= view->height || x < 0 || x >= view->width)
    return (PscPlace){ .type = PSC_PLACE_NOTHING };
  band = band_from_top (layout, i);
  top = psc_view_band_top (view, layout, band);
  if (y < top)
    return (PscPlace){ .type = PSC_PLACE_NOTHING };
  page_x = (x + view->x) / psc_view_page_width (view, layout);
  return psc_layout_hit (layout, (guint) (band - layout->bands), page_x,
                         (y - top) / view->row_height);
}

gboolean
psc_view_rect (const PscView *view, const PscLayout *layout, guint64 address, double *x, double *y,
               double *width, double *height)
{
  double page_width = psc_view_page_width (view, layout);
  const PscBand *band;
  guint index;
  double page, row;
  PscPlace place;

  if (!psc_layout_locate (layout, address, &index, &page, &row))
    return FALSE;
  band = &layout->bands[index];
  place = psc_layout_hit (layout, index, page, row);
  *x = page * page_width - view->x;
  *y = psc_view_band_top (view, layout, band) + row * view->row_height;
  *width = page_width;
  *height = view->row_height;
  if (band->type == PSC_BAND_RULE)
    {
      *x = 0;
      *width = view->width;
      *height = psc_view_rule_height (view, layout);
    }
  else if (place.type == PSC_PLACE_GAP || place.type == PSC_PLACE_FOLD)
    for (guint i = 0; i < band->n_items; i++)
      if (layout->items[band->first_item + i].start == place.start)
        *width = layout->items[band->first_item + i].width * page_width;
  return TRUE;
}

/* The address to hold on to at a point: what is there, else the nearest band's beginning. */
static gboolean
nearest_address (const PscView *view, const PscLayout *layout, double x, double y, guint64 *address)
{
  PscPlace place = psc_view_hit (view, layout, x, y);
  const PscBand *band;
  guint i;

  if (place.type != PSC_PLACE_NOTHING)
    {
      *address = place.start;
      return TRUE;
    }
  if (layout->n_bands == 0)
    return FALSE;
  i = MIN (count_bands_above (view, layout, y), layout->n_bands - 1);
  band = band_from_top (layout, i);
  *address = band->start;
  if (band->type == PSC_BAND_BLOCK)
    {
      double row = (y - psc_view_band_top (view, layout, band)) / view->row_height;
      guint whole = (guint) CLAMP (row, 0, band->n_rows - 1.0);

      *address = CLAMP (psc_layout_row_address (layout, band, whole), band->start, band->end - 1);
    }
  return TRUE;
}

PscViewAnchor
psc_view_anchor (const PscView *view, const PscLayout *layout, double x, double y)
{
  PscViewAnchor anchor = { .x = x, .y = y };
  double left, top, width, height;

  if (!nearest_address (view, layout, x, y, &anchor.address) ||
      !psc_view_rect (view, layout, anchor.address, &left, &top, &width, &height))
    return anchor;
  anchor.dx = x - left;
  anchor.dy = y - top;
  anchor.valid = TRUE;
  return anchor;
}

PscViewAnchor
psc_view_anchor_address (const PscView *view, const PscLayout *layout, guint64 address)
{
  PscViewAnchor anchor = { .address = address };
  double width, height;

  anchor.valid = psc_view_rect (view, layout, address, &anchor.x, &anchor.y, &width, &height);
  return anchor;
}

void
psc_view_restore (PscView *view, const PscLayout *layout, const PscViewAnchor *anchor)
{
  double left, top, width, height;
  double lowest = psc_view_fit_row_height (layout, view->width, view->height);

  view->row_height = CLAMP (view->row_height, lowest, PSC_VIEW_MAX_ROW);
  if (anchor->valid && psc_view_rect (view, layout, anchor->address, &left, &top, &width, &height))
    {
      view->x += left - (anchor->x - anchor->dx);
      view->y += top - (anchor->y - anchor->dy);
    }
  clamp_view (view, layout);
}

/* Where a viewport y stands in the layout, in its two units. */
static PscDown
down_at (const PscView *view, const PscLayout *layout, double y)
{
  guint i = count_bands_above (view, layout, y);
  PscDown down = { layout->n_rows, layout->n_rules };
  const PscBand *band;
  double rest;

  if (i >= layout->n_bands)
    return down;
  band = band_from_top (layout, i);
  rest = y - psc_view_band_top (view, layout, band);
  down = band->top;
  if (band->type != PSC_BAND_RULE)
    down.rows += rest / view->row_height;
  return down;
}

void
psc_view_down (const PscView *view, const PscLayout *layout, double y, double *rows, double *rules)
{
  double rule = psc_view_rule_height (view, layout);
  PscDown down = down_at (view, layout, y);
  double rest = view->y + y - down.rows * view->row_height - down.rules * rule;

  *rows = down.rows;
  *rules = down.rules;
  if (down.rules < layout->n_rules)
    *rules += rest / rule;
  else
    *rows += rest / view->row_height;
}

void
psc_view_zoom (PscView *view, const PscLayout *layout, double factor, double x, double y)
{
  double old_height = view->row_height;
  double old_width = psc_view_page_width (view, layout);
  double old_top, ratio;
  PscDown down = down_at (view, layout, y);
  double lowest = psc_view_fit_row_height (layout, view->width, view->height);

  if (!(factor > 0) || !isfinite (factor))
    return;
  old_top = psc_view_down_px (view, layout, &down) - view->y;
  view->row_height = CLAMP (old_height * factor, lowest, PSC_VIEW_MAX_ROW);
  ratio = psc_view_page_width (view, layout) / old_width;
  view->x = (view->x + x) * ratio - x;
  view->y = psc_view_down_px (view, layout, &down) - old_top;
  clamp_view (view, layout);
}

/* Top and bottom of what [start, end) takes in the layout, in rows and rules. */
static void
range_extent (const PscLayout *layout, guint64 start, guint64 end, PscDown *top, PscDown *bottom)
{
  guint first, last;
  double x, row_first, row_last;
  PscDown a, b;

  psc_layout_locate (layout, start, &first, &x, &row_first);
  psc_layout_locate (layout, end - 1, &last, &x, &row_last);
  first = MIN (first, layout->n_bands - 1);
  last = MIN (last, layout->n_bands - 1);
  a = layout->bands[first].top;
  b = layout->bands[last].top;
  a.rows += row_first;
  b.rows += row_last;
  *top = layout->low_at_top ? a : b;
  *bottom = layout->low_at_top ? b : a;
  bottom->rows += 1;
}

/* Left and right edge, in pages, of a range that lies on one row; the whole row otherwise. */
static void
range_columns (const PscLayout *layout, guint64 start, guint64 end, double *left, double *right)
{
  guint first, last;
  double row_first, row_last;

  if (psc_layout_locate (layout, start, &first, left, &row_first) &&
      psc_layout_locate (layout, end - 1, &last, right, &row_last) && first == last &&
      row_first == row_last)
    {
      *right += 1;
      return;
    }
  *left = 0;
  *right = layout->row_pages;
}

double
psc_view_row_height_for_pages (const PscView *view, const PscLayout *layout, double n_pages)
{
  PscView probe = *view;
  double low = psc_view_fit_row_height (layout, view->width, view->height);
  double high = PSC_VIEW_MAX_ROW;

  for (int i = 0; i < 40; i++)
    {
      probe.row_height = (low + high) / 2;
      if (psc_view_page_width (&probe, layout) * n_pages <= view->width)
        low = probe.row_height;
      else
        high = probe.row_height;
    }
  return low;
}

void
psc_view_show_range (PscView *view, const PscLayout *layout, guint64 start, guint64 end)
{
  double air = 1 - 2 * RANGE_AIR;
  double left, right, rows, rules, room, n_across;
  PscDown top, bottom;

  if (layout->n_bands == 0 || start >= end)
    return;
  range_extent (layout, start, end, &top, &bottom);
  range_columns (layout, start, end, &left, &right);
  rows = MAX (bottom.rows - top.rows, 1);
  rules = bottom.rules - top.rules;
  room = view->height * air;
  /* The width of a row is in sight at any zoom that shows rows at all: no air beside whole rows. */
  n_across = MIN ((right - left) / air, layout->row_pages);
  view->row_height =
      MIN (filling_row_height (rows, rules, room, least_rule_height (layout, view->height)),
           psc_view_row_height_for_pages (view, layout, n_across));
  view->x = (left + right) / 2 * psc_view_page_width (view, layout) - view->width / 2;
  view->y = (top.rows + rows / 2) * view->row_height +
            (top.rules + rules / 2) * psc_view_rule_height (view, layout) - view->height / 2;
  clamp_view (view, layout);
}

void
psc_view_reveal (PscView *view, const PscLayout *layout, guint64 address)
{
  double x, y, width, height;

  if (!psc_view_rect (view, layout, address, &x, &y, &width, &height))
    return;
  if (x < 0)
    view->x += x;
  else if (x + width > view->width)
    view->x += x + width - view->width;
  if (y < 0)
    view->y += y;
  else if (y + height > view->height)
    view->y += y + height - view->height;
  clamp_view (view, layout);
}
