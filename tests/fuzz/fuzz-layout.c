/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The input is an address space and what a person does with its map: set like text, looked up both
 * ways, zoomed, and drawn into a few pixels. */

#include <math.h>

#include "psc-classify.h"
#include "psc-fuzz.h"
#include "psc-raster.h"

#define MAX_SIDE 48
/* Enough moves to get anywhere. */
#define N_MOVES 5

typedef struct
{
  PscLayoutOptions options;
  guint64 unfolded;
  double width, height, scale;
  guint8 moves[N_MOVES];
  PscLens lens;
  PscTheme theme;
} Plan;

static void
take_plan (PscFuzzBytes *bytes, Plan *plan)
{
  guint flags = psc_fuzz_take (bytes, 1);

  *plan = (Plan){ .options = { .low_at_top = flags & 1 } };
  plan->unfolded = psc_fuzz_take (bytes, 6) << 12;
  if (flags & 4)
    {
      plan->options.start = psc_fuzz_take (bytes, 6);
      plan->options.end = plan->options.start + psc_fuzz_take_scaled (bytes);
    }
  plan->width = 1 + psc_fuzz_take (bytes, 1) % MAX_SIDE;
  plan->height = 1 + psc_fuzz_take (bytes, 1) % MAX_SIDE;
  plan->scale = 1 + (flags >> 3) % 3 * 0.5;
  plan->lens = psc_fuzz_take (bytes, 1) % PSC_N_LENSES;
  plan->theme = (flags >> 5) % PSC_N_THEMES;
  for (guint i = 0; i < N_MOVES; i++)
    plan->moves[i] = psc_fuzz_take (bytes, 1);
}

static void
check_line (const PscLayout *layout, const PscBand *band)
{
  double x = 0;
  guint64 last = band->start;

  psc_fuzz_check (band->n_items > 0 && band->n_items <= layout->n_items - band->first_item);
  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];

      psc_fuzz_check (item->start < item->end && item->start >= last);
      psc_fuzz_check (item->x >= x && item->width > 0);
      x = item->x + item->width;
      last = item->end;
    }
  psc_fuzz_check (x <= layout->row_pages);
  psc_fuzz_check (last == band->end);
}

static void
check_bands (const PscLayout *layout)
{
  /* Heights are doubles, and sums of them. */
  double slack = layout->n_rows * 1e-9 + 1e-6;

  for (guint i = 0; i < layout->n_bands; i++)
    {
      const PscBand *band = &layout->bands[i];

      psc_fuzz_check (band->start < band->end);
      psc_fuzz_check (i == 0 || band->start >= layout->bands[i - 1].end);
      psc_fuzz_check (band->top.rows >= -slack && band->top.rules <= layout->n_rules);
      psc_fuzz_check (band->top.rows + band->n_rows <= layout->n_rows + slack);
      if (band->type == PSC_BAND_LINE)
        check_line (layout, band);
    }
}

/* What stands somewhere is found there. */
static void
check_place (const PscLayout *layout, guint64 address)
{
  guint band;
  double x, row;
  PscPlace place;

  if (!psc_layout_locate (layout, address, &band, &x, &row))
    return;
  psc_fuzz_check (band < layout->n_bands);
  /* More rows than a band can count: no kernel has such an address space. */
  if (layout->bands[band].n_rows == G_MAXUINT32)
    return;
  place = psc_layout_hit (layout, band, x + 0.5, row + 0.5);
  psc_fuzz_check (place.type != PSC_PLACE_NOTHING && place.band == band);
  psc_fuzz_check (place.start <= address && address < place.end);
}

static void
check_places (const PscLayout *layout, const PscSpace *space, const PscLayoutOptions *options)
{
  gboolean whole = options->start >= options->end;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint band;
      double x, row;

      check_place (layout, mapping->start);
      check_place (layout, mapping->end - 1);
      check_place (layout, mapping->end);
      psc_fuzz_check (!whole || psc_layout_locate (layout, mapping->start, &band, &x, &row));
    }
  for (guint i = 0; i < space->n_runs; i++)
    check_place (layout, psc_run_end (&space->runs[i], space->page_size) - 1);
}

static void
check_view (const PscView *view)
{
  psc_fuzz_check (isfinite (view->x) && isfinite (view->y));
  psc_fuzz_check (isfinite (view->row_height) && view->row_height > 0);
  psc_fuzz_check (view->row_height <= PSC_VIEW_MAX_ROW * (1 + 1e-9));
}

static guint64
some_address (const PscSpace *space, guint8 move)
{
  return space->n_mappings > 0 ? space->mappings[move % space->n_mappings].start : move;
}

static void
move_view (PscView *view, const PscLayout *layout, const PscSpace *space, guint8 move)
{
  double x = move % 7 / 7.0 * view->width, y = move % 5 / 5.0 * view->height;
  guint64 address = some_address (space, move);
  PscViewAnchor anchor;

  switch (move % 8)
    {
    case 0:
      psc_view_zoom (view, layout, 1 + move / 4.0, x, y);
      break;
    case 1:
      psc_view_zoom (view, layout, 1.0 / (1 + move), x, y);
      break;
    case 2:
      psc_view_pan (view, layout, move * 1e3, -move * 1e5);
      break;
    case 3:
      psc_view_show_range (view, layout, address, address + ((guint64) move << 12) + 1);
      break;
    case 4:
      psc_view_reveal (view, layout, address);
      break;
    case 5:
      anchor = psc_view_anchor (view, layout, x, y);
      psc_view_zoom (view, layout, 3, 0, 0);
      psc_view_restore (view, layout, &anchor);
      break;
    case 6:
      psc_view_resize (view, layout, 1 + move % MAX_SIDE, view->height);
      break;
    default:
      psc_view_fit (view, layout, view->width, view->height);
      break;
    }
}

static void
draw (const PscSpace *space, const PscLayout *layout, const PscView *view, const Plan *plan)
{
  const PscRasterJob job = { space, layout, *view, plan->lens, plan->theme, plan->scale };
  guint width = (guint) ceil (view->width * plan->scale);
  guint height = (guint) ceil (view->height * plan->scale);
  gsize stride = width * sizeof (guint32);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * height);

  for (gsize i = 0; i < (gsize) width * height; i++)
    pixels[i] = G_MAXUINT32;
  psc_raster_draw (&job, (guint8 *) pixels, stride, width, height);
  for (gsize i = 0; i < (gsize) width * height; i++)
    psc_fuzz_check (pixels[i] <= 0xffffff);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  g_autoptr (PscLayout) layout = NULL;
  g_autoptr (PscSpace) space = NULL;
  g_autofree char *dump = NULL;
  PscView view;
  Plan plan;

  take_plan (&bytes, &plan);
  if (data < bytes.at && data[0] & 2)
    {
      plan.options.unfolded = &plan.unfolded;
      plan.options.n_unfolded = 1;
    }
  space = psc_space_builder_freeze (psc_fuzz_take_space (&bytes));
  psc_fuzz_check_space (space);
  psc_classify (space->mappings, space->n_mappings, space->runs, space->page_size, NULL);
  layout = psc_layout_new (space, &plan.options);
  check_bands (layout);
  check_places (layout, space, &plan.options);
  dump = psc_layout_dump (layout);
  psc_view_fit (&view, layout, plan.width, plan.height);
  draw (space, layout, &view, &plan);
  for (guint i = 0; i < N_MOVES; i++)
    {
      move_view (&view, layout, space, plan.moves[i]);
      check_view (&view);
      psc_view_hit (&view, layout, view.width / 2, view.height / 2);
    }
  draw (space, layout, &view, &plan);
  return 0;
}
