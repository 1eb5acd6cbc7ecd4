/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-areas.h"

#include <math.h>

/* px²: what is smaller shares its area with its neighbours. */
#define LEAST_PX2      12.0
#define PART_BELOW_PX2 200.0

/* How many px² each mapping in view takes. */
typedef struct
{
  const PscMap *map;
  guint from, to;  /* mappings in view */
  float *px2;      /* of each of them */
  double byte_px2; /* px² that a byte takes where pages are drawn */
  guint64 start, end;
} Weights;

/* `px2_per_byte`: in a fold bytes take less room. */
static void
weigh (Weights *weights, guint64 start, guint64 end, double px2_per_byte)
{
  const PscSpace *space = weights->map->space;

  weights->start = MIN (weights->start, start);
  weights->end = MAX (weights->end, end);
  for (guint i = psc_space_lower_bound (space, start);
       i < space->n_mappings && space->mappings[i].start < end; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 bytes = MIN (mapping->end, end) - MAX (mapping->start, start);

      if (i >= weights->from && i < weights->to)
        weights->px2[i - weights->from] += (float) (bytes * px2_per_byte);
    }
}

/* Only the rows in view. */
static void
weigh_block (Weights *weights, const PscBand *band)
{
  const PscMap *map = weights->map;
  const PscLayout *layout = map->layout;
  double top = psc_view_band_top (&map->view, layout, band);
  double row_height = map->view.row_height;
  guint first = (guint) CLAMP (floor (-top / row_height), 0, band->n_rows);
  guint end = (guint) CLAMP (ceil ((map->view.height - top) / row_height), 0, band->n_rows);
  guint low = layout->low_at_top ? first : end - 1;
  guint high = layout->low_at_top ? end - 1 : first;

  if (first >= end)
    return;
  weigh (weights, MAX (psc_layout_row_address (layout, band, low), band->start),
         MIN (psc_layout_row_address (layout, band, high) + layout->row_size, band->end),
         weights->byte_px2);
}

static void
weigh_line (Weights *weights, const PscBand *band)
{
  const PscMap *map = weights->map;
  double page_px2 = weights->byte_px2 * map->layout->page_size;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];

      if (item->type == PSC_ITEM_WORD)
        weigh (weights, item->start, item->end, weights->byte_px2);
      else if (item->type == PSC_ITEM_FOLD)
        weigh (weights, item->start, item->end, item->width * page_px2 / (item->end - item->start));
    }
}

static gboolean
weights_init (Weights *weights, const PscMap *map)
{
  const PscLayout *layout = map->layout;
  guint first, last;

  *weights = (Weights){ .map = map, .start = G_MAXUINT64 };
  psc_view_visible_bands (&map->view, layout, &first, &last);
  if (first >= last)
    return FALSE;
  weights->from = psc_space_lower_bound (map->space, layout->bands[first].start);
  weights->to = psc_space_lower_bound (map->space, layout->bands[last - 1].end - 1) + 1;
  weights->to = MIN (weights->to, map->space->n_mappings);
  if (weights->from >= weights->to)
    return FALSE;
  weights->px2 = g_new0 (float, weights->to - weights->from);
  weights->byte_px2 =
      psc_view_page_width (&map->view, layout) * map->view.row_height / (double) layout->page_size;
  for (guint i = first; i < last; i++)
    if (layout->bands[i].type == PSC_BAND_BLOCK)
      weigh_block (weights, &layout->bands[i]);
    else if (layout->bands[i].type == PSC_BAND_LINE)
      weigh_line (weights, &layout->bands[i]);
  return weights->end > weights->start;
}

/* Does what has been gathered end before mapping `i`? Wide gaps part, unless there are so many of
 * them that they are not worth it. */
static gboolean
ends_before (const Weights *weights, double gathered, guint i, double least)
{
  const PscMapping *mappings = weights->map->space->mappings;

  if (least < PART_BELOW_PX2 && mappings[i].start - mappings[i - 1].end >= PSC_LAYOUT_RULE_SIZE)
    return TRUE;
  return gathered >= least || weights->px2[i - weights->from] >= least;
}

/* areas NULL: only counts. */
static guint
gather (const Weights *weights, double least, GArray *areas)
{
  const PscMapping *mappings = weights->map->space->mappings;
  PscArea area = { .first = weights->from };
  double gathered = 0;
  guint n = 0;

  for (guint i = weights->from; i <= weights->to; i++)
    {
      if (i == weights->to || (i > area.first && ends_before (weights, gathered, i, least)))
        {
          area.last = i - 1;
          area.start = MAX (mappings[area.first].start, weights->start);
          area.end = MIN (mappings[area.last].end, weights->end);
          if (gathered > 0 && area.start < area.end)
            {
              n++;
              if (areas != NULL)
                g_array_append_val (areas, area);
            }
          area.first = i;
          gathered = 0;
        }
      if (i < weights->to)
        gathered += weights->px2[i - weights->from];
    }
  return n;
}

GArray *
psc_areas_new (const PscMap *map, guint most)
{
  GArray *areas = g_array_new (FALSE, FALSE, sizeof (PscArea));
  double least = LEAST_PX2;
  Weights weights;

  if (weights_init (&weights, map))
    {
      while (gather (&weights, least, NULL) > most)
        least *= 1.5;
      gather (&weights, least, areas);
    }
  g_free (weights.px2);
  return areas;
}

/* --- rectangles ---------------------------------------------------------------------------- */

typedef struct
{
  const PscMap *map;
  PscAreaRectFunc func;
  gpointer user_data;
} Cutter;

/* Edges in px of the viewport. */
static void
cut (const Cutter *cutter, double left, double top, double right, double bottom)
{
  const PscView *view = &cutter->map->view;
  PscRect rect;

  left = MAX (left, 0);
  top = MAX (top, 0);
  right = MIN (right, view->width);
  bottom = MIN (bottom, view->height);
  rect = (PscRect){ left, top, right - left, bottom - top };
  if (right > left && bottom > top)
    cutter->func (&rect, cutter->user_data);
}

guint
psc_area_find_edges (const PscMap *map, const PscBand *block, guint64 start, guint64 end,
                     PscAreaEdges *edges)
{
  double page_width = psc_view_page_width (&map->view, map->layout);
  double row_height = map->view.row_height;
  double top = psc_view_band_top (&map->view, map->layout, block);
  double full = map->layout->row_pages * page_width - map->view.x;
  double left, right, low, high;
  guint index;

  psc_layout_locate (map->layout, start, &index, &left, &low);
  psc_layout_locate (map->layout, end - 1, &index, &right, &high);
  left = left * page_width - map->view.x;
  right = (right + 1) * page_width - map->view.x;
  edges[0] = (PscAreaEdges){ left, top + low * row_height, low == high ? right : full,
                             top + (low + 1) * row_height };
  if (low == high)
    return 1;
  edges[1] = (PscAreaEdges){ -map->view.x, top + (MIN (low, high) + 1) * row_height, full,
                             top + MAX (low, high) * row_height };
  edges[2] =
      (PscAreaEdges){ -map->view.x, top + high * row_height, right, top + (high + 1) * row_height };
  return 3;
}

static void
cut_block (const Cutter *cutter, const PscBand *band, guint64 start, guint64 end)
{
  PscAreaEdges edges[PSC_AREA_MOST_EDGES];
  guint n = psc_area_find_edges (cutter->map, band, start, end, edges);

  for (guint i = 0; i < n; i++)
    cut (cutter, edges[i].left, edges[i].top, edges[i].right, edges[i].bottom);
}

/* From the first item that belongs to the range to the last, with the marks between them. */
static void
cut_line (const Cutter *cutter, const PscBand *band, guint64 start, guint64 end)
{
  const PscMap *map = cutter->map;
  double page_width = psc_view_page_width (&map->view, map->layout);
  double top = psc_view_band_top (&map->view, map->layout, band);
  double left = G_MAXDOUBLE, right = -G_MAXDOUBLE;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];
      double item_left = item->x, item_right = item->x + item->width;

      if (item->type == PSC_ITEM_GAP || item->end <= start || item->start >= end)
        continue;
      if (item->type == PSC_ITEM_WORD && start > item->start)
        item_left += (double) ((start - item->start) / map->layout->page_size);
      if (item->type == PSC_ITEM_WORD && end < item->end)
        item_right -= (double) ((item->end - end) / map->layout->page_size);
      left = MIN (left, item_left);
      right = MAX (right, item_right);
    }
  if (left < right)
    cut (cutter, left * page_width - map->view.x, top, right * page_width - map->view.x,
         top + map->view.row_height);
}

void
psc_area_each_rect (const PscArea *area, const PscMap *map, PscAreaRectFunc func,
                    gpointer user_data)
{
  const PscLayout *layout = map->layout;
  Cutter cutter = { map, func, user_data };
  double x, row;
  guint i;

  if (!psc_layout_locate (layout, area->start, &i, &x, &row))
    return;
  for (; i < layout->n_bands && layout->bands[i].start < area->end; i++)
    {
      const PscBand *band = &layout->bands[i];
      guint64 start = MAX (band->start, area->start);
      guint64 end = MIN (band->end, area->end);

      if (start >= end)
        continue;
      if (band->type == PSC_BAND_BLOCK)
        cut_block (&cutter, band, start, end);
      else if (band->type == PSC_BAND_LINE)
        cut_line (&cutter, band, start, end);
    }
}
