/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "psc-format.h"

typedef struct
{
  const PscLensEntry *entry;
  guint64 bytes;
  guint64 of; /* bytes of the whole that they are a part of; 0: not said */
} LegendItem;

/* By bytes, most first. */
static int
compare_items (const void *a, const void *b)
{
  guint64 x = ((const LegendItem *) a)->bytes;
  guint64 y = ((const LegendItem *) b)->bytes;

  return (x < y) - (x > y);
}

/* The entries that occur; at most PSC_LENS_MAX_ENTRIES. */
static guint
collect_items (const PscMap *map, LegendItem *items)
{
  guint64 bytes[PSC_LENS_MAX_ENTRIES];
  guint n_entries;
  const PscLensEntry *entries = psc_lens_get_entries (map->lens, &n_entries);
  guint n = 0;

  psc_lens_count (map->lens, map->space, map->traits, bytes);
  if (map->lens == PSC_LENS_KIND)
    {
      for (guint i = 0; i < PSC_N_KINDS; i++)
        if (bytes[i] + bytes[PSC_N_KINDS + i] > 0)
          items[n++] = (LegendItem){ &entries[i], bytes[i], bytes[i] + bytes[PSC_N_KINDS + i] };
      qsort (items, n, sizeof *items, compare_items);
      return n;
    }
  /* What is there comes before what is not. */
  for (guint i = 1; i < n_entries; i++)
    if (bytes[i] > 0)
      items[n++] = (LegendItem){ &entries[i], bytes[i], 0 };
  if (bytes[PSC_CLASS_ABSENT] > 0)
    items[n++] = (LegendItem){ &entries[PSC_CLASS_ABSENT], bytes[PSC_CLASS_ABSENT], 0 };
  return n;
}

typedef struct
{
  const PscCanvas *canvas;
  double left, width;
  double x, y; /* where the next entry goes; y is the middle of the line */
  double line; /* px from line to line */
} Flow;

/* Moves to the next line when an entry of this width has no room on this one. */
static void
make_room (Flow *flow, double width)
{
  if (flow->x == flow->left || flow->x + width <= flow->left + flow->width)
    return;
  flow->x = flow->left;
  flow->y += flow->line;
}

static void
flow_entry (Flow *flow, PscColor color, const char *title, const char *amount)
{
  const PscCanvas *canvas = flow->canvas;
  double em = canvas->em;
  double title_width, amount_width, height;

  psc_canvas_measure (canvas, canvas->text, title, &title_width, &height);
  psc_canvas_measure (canvas, canvas->text, amount, &amount_width, &height);
  make_room (flow, em * 1.9 + title_width + amount_width);
  if (canvas->cr != NULL)
    {
      psc_canvas_set_color (canvas, color, 1);
      cairo_rectangle (canvas->cr, flow->x, round (flow->y - em * 0.45), em * 0.9, em * 0.9);
      cairo_fill (canvas->cr);
      psc_canvas_text (canvas, canvas->text, title, flow->x + em * 1.3, flow->y, PSC_ALIGN_LEFT, 0,
                       canvas->colors->text);
      psc_canvas_text (canvas, canvas->text, amount, flow->x + em * 1.8 + title_width, flow->y,
                       PSC_ALIGN_LEFT, 0, canvas->colors->dim);
    }
  flow->x += em * 3.2 + title_width + amount_width;
}

static void
flow_items (Flow *flow, const PscMap *map)
{
  LegendItem items[PSC_LENS_MAX_ENTRIES];
  guint n = collect_items (map, items);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *bytes = psc_format_size (items[i].bytes);
      g_autofree char *whole = psc_format_size (items[i].of);
      g_autofree char *amount =
          items[i].of > 0 ? g_strdup_printf (_ ("%s of %s"), bytes, whole) : g_strdup (bytes);

      flow_entry (flow, items[i].entry->colors[map->theme], _ (items[i].entry->title), amount);
    }
}

/* What a row and a page stand for: the scale of the map. */
static void
flow_scale (Flow *flow, const PscMap *map)
{
  const PscCanvas *canvas = flow->canvas;
  g_autofree char *row = psc_format_size (map->space->row_size);
  g_autofree char *page = psc_format_size (map->space->page_size);
  g_autofree char *text =
      g_strdup_printf (_ ("Full row = %s = %u pages of %s"), row, map->layout->row_pages, page);
  double width, height;

  psc_canvas_measure (canvas, canvas->text, text, &width, &height);
  make_room (flow, width);
  if (canvas->cr != NULL)
    psc_canvas_text (canvas, canvas->text, text, flow->x, flow->y, PSC_ALIGN_LEFT, 0,
                     canvas->colors->dim);
}

double
psc_canvas_draw_legend (const PscCanvas *canvas, double x, double y, double width)
{
  double line = canvas->em * 1.75;
  Flow flow = { canvas, x, width, x, y + line / 2, line };

  flow_items (&flow, canvas->map);
  flow_scale (&flow, canvas->map);
  return flow.y + line / 2 - y;
}

double
psc_map_draw_legend (const PscMap *map, cairo_t *cr, double x, double y, double width)
{
  PscCanvas canvas;
  double height;

  psc_canvas_init (&canvas, map, cr);
  height = psc_canvas_draw_legend (&canvas, x, y, width);
  psc_canvas_finish (&canvas);
  return height;
}
