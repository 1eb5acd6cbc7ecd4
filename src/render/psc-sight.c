/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-sight.h"

#include <math.h>

static const PscBand *
band_from_top (const PscLayout *layout, guint i)
{
  return &layout->bands[layout->low_at_top ? i : layout->n_bands - 1 - i];
}

static double
band_bottom (const PscView *view, const PscLayout *layout, const PscBand *band)
{
  double top = psc_view_band_top (view, layout, band);

  if (band->type == PSC_BAND_RULE)
    return top + psc_view_rule_height (view, layout);
  return top + band->n_rows * view->row_height;
}

static void
take_row (const PscView *view, const PscLayout *layout, const PscBand *band, double y,
          PscSightRow *row)
{
  double top = psc_view_band_top (view, layout, band);
  guint i;

  *row = (PscSightRow){ band, band->start, band->end - 1, top, view->row_height };
  if (band->type == PSC_BAND_RULE)
    row->height = psc_view_rule_height (view, layout);
  if (band->type != PSC_BAND_BLOCK)
    return;
  i = (guint) CLAMP (floor ((y - top) / view->row_height), 0, band->n_rows - 1.0);
  row->start = psc_layout_row_address (layout, band, i);
  row->last = MIN (row->start + layout->row_size, band->end) - 1;
  row->start = MAX (row->start, band->start);
  row->top += i * view->row_height;
}

gboolean
psc_sight_row_at (const PscView *view, const PscLayout *layout, double y, PscSightRow *row)
{
  guint low = 0;
  guint high = layout->n_bands;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (band_bottom (view, layout, band_from_top (layout, middle)) <= y)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == layout->n_bands)
    return FALSE;
  take_row (view, layout, band_from_top (layout, low), y, row);
  return TRUE;
}

/* Top of the row of an address in a band, px. */
static double
row_top (const PscView *view, const PscLayout *layout, const PscBand *band, guint64 address)
{
  double row = 0;

  if (band->type == PSC_BAND_BLOCK)
    {
      row = (double) (address / layout->row_size - band->start / layout->row_size);
      if (!layout->low_at_top)
        row = band->n_rows - 1 - row;
    }
  return psc_view_band_top (view, layout, band) + row * view->row_height;
}

gboolean
psc_sight_extent (const PscView *view, const PscLayout *layout, guint64 start, guint64 last,
                  double *top, double *bottom)
{
  guint first = psc_layout_lower_bound (layout, start);
  guint end = psc_layout_lower_bound (layout, last);
  const PscBand *low, *high;
  double a, b;

  if (end < layout->n_bands && layout->bands[end].start <= last)
    end++;
  while (first < end &&
         (layout->bands[first].type == PSC_BAND_RULE ||
          (layout->bands[first].type == PSC_BAND_LINE && layout->bands[first].start < start)))
    first++;
  while (first < end && layout->bands[end - 1].type == PSC_BAND_RULE)
    end--;
  if (first >= end)
    return FALSE;
  low = &layout->bands[first];
  high = &layout->bands[end - 1];
  a = row_top (view, layout, low, MAX (start, low->start));
  b = row_top (view, layout, high, MIN (last, high->end - 1));
  *top = MIN (a, b);
  *bottom = MAX (a, b) + view->row_height;
  return TRUE;
}

gboolean
psc_sight_range (const PscView *view, const PscLayout *layout, guint64 *start, guint64 *last)
{
  PscSightRow top, bottom;

  if (!psc_sight_row_at (view, layout, 0, &top) || top.top >= view->height)
    return FALSE;
  if (!psc_sight_row_at (view, layout, view->height - 0.5, &bottom))
    take_row (view, layout, band_from_top (layout, layout->n_bands - 1), view->height, &bottom);
  *start = MIN (top.start, bottom.start);
  *last = MAX (top.last, bottom.last);
  return TRUE;
}
