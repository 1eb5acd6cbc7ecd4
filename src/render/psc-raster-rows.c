/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows that are seen one by one: each is drawn once and copied to all the lines that it takes. */

#include <math.h>
#include <string.h>

#include "psc-raster-private.h"

/* Device pixels from which on pages have a hairline between them. Edges of pages always lie where
 * they are, between pixels too: were they rounded, every other page would come out wider than its
 * neighbours. */
#define SEPARATE_PAGE 6.0

typedef struct
{
  const PscRasterJob *job;
  const PscRasterPalette *palette;
  PscLightLine line;
  guint8 *cuts;                        /* a pixel each: 1 where a hairline goes between two pages */
  guint8 *entries, *classes;           /* a page of the row each */
  double page_width, left, row_height; /* device px */
  double hairline;                     /* device px */
  guint8 *drawn;                       /* a line of the picture each: 1 where a row is */
} Painter;

static void
painter_init (Painter *painter, const PscRasterJob *job, const PscRasterPalette *palette,
              guint width, guint height)
{
  *painter = (Painter){ .job = job, .palette = palette };
  psc_light_line_init (&painter->line, width);
  painter->drawn = g_new0 (guint8, height);
  painter->cuts = g_new0 (guint8, width + 1);
  painter->entries = g_new0 (guint8, psc_sheet_plate_stride (job->layout->row_pages));
  painter->classes = g_new0 (guint8, psc_sheet_plate_stride (job->layout->row_pages));
  painter->page_width = psc_view_page_width (&job->view, job->layout) * job->scale;
  painter->left = -job->view.x * job->scale;
  painter->row_height = job->view.row_height * job->scale;
  painter->hairline = MAX (1, floor (job->scale));
}

static void
painter_finish (Painter *painter)
{
  psc_light_line_finish (&painter->line);
  g_free (painter->drawn);
  g_free (painter->cuts);
  g_free (painter->entries);
  g_free (painter->classes);
}

/* Device px of a page's left edge. */
static double
page_edge (const Painter *painter, double page)
{
  return painter->left + page * painter->page_width;
}

static void
cut_at (Painter *painter, double edge)
{
  double right = floor (edge + 0.5);
  double left = MAX (right - painter->hairline, 0);

  for (; left < MIN (right, painter->line.width); left++)
    painter->cuts[(guint) left] = 1;
}

/* Hairlines at the right edges of the pages [page, end) of one class. A huge page is one thing: it
 * is not cut. */
static void
cut_cells (Painter *painter, guint page, guint end)
{
  PscPageClass klass = painter->classes[page];

  if (klass == PSC_CLASS_HUGE || klass == PSC_CLASS_HUGETLB)
    page = end - 1;
  for (; page < end; page++)
    cut_at (painter, page_edge (painter, page + 1.0));
}

/* Pages in sight. */
static void
visible_pages (const Painter *painter, guint *first, guint *last)
{
  double n = painter->job->layout->row_pages;

  *first = (guint) CLAMP (floor (-painter->left / painter->page_width), 0, n);
  *last = (guint) CLAMP (ceil ((painter->line.width - painter->left) / painter->page_width), 0, n);
}

static guint
end_of_same (const guint8 *values, guint page, guint last)
{
  guint end = page + 1;

  while (end < last && values[end] == values[page])
    end++;
  return end;
}

static void
add_pages (Painter *painter)
{
  guint first, last, end;

  visible_pages (painter, &first, &last);
  for (guint page = first; page < last; page = end)
    {
      guint entry = painter->entries[page];

      end = end_of_same (painter->entries, page, last);
      if (entry != PSC_SHEET_BACKGROUND && entry != PSC_SHEET_GAP)
        psc_light_line_add (&painter->line, page_edge (painter, page), page_edge (painter, end),
                            painter->palette->lights[entry], PSC_LIGHT_WHOLE);
    }
  if (painter->page_width < SEPARATE_PAGE)
    return;
  for (guint page = first; page < last; page = end)
    {
      end = end_of_same (painter->classes, page, last);
      if (painter->classes[page] < PSC_N_CLASSES)
        cut_cells (painter, page, end);
    }
}

/* One hairline for a gap, two for one that is as large as a rule's. */
static void
add_gap (Painter *painter, const PscItem *item)
{
  double middle = page_edge (painter, item->x + item->width / 2.0);
  double half = painter->hairline / 2;
  double apart = item->end - item->start >= PSC_LAYOUT_RULE_SIZE ? 3 * half : 0;
  PscLight light = painter->palette->lights[PSC_SHEET_GAP];

  psc_light_line_add (&painter->line, middle - apart - half, middle - apart + half, light,
                      PSC_LIGHT_WHOLE);
  if (apart > 0)
    psc_light_line_add (&painter->line, middle + apart - half, middle + apart + half, light,
                        PSC_LIGHT_WHOLE);
}

static void
read_row (const Painter *painter, const PscBand *band, guint row, PscLens lens,
          const PscTraits *traits, guint8 *entries)
{
  const PscLayout *layout = painter->job->layout;
  guint from_low = layout->low_at_top ? row : band->n_rows - 1 - row;
  PscSheetReader reader;
  guint8 only;

  psc_sheet_reader_init (&reader, painter->job->space, lens, traits);
  reader.trait = psc_traits_lower_bound (traits, band->start);
  only = psc_sheet_reader_read_row (&reader, layout, band, from_low, entries);
  if (only != PSC_SHEET_STORED)
    memset (entries, only, layout->row_pages);
}

static void
resolve (const Painter *painter, guint32 *line)
{
  psc_light_line_resolve (&painter->line, painter->palette->lights[PSC_SHEET_BACKGROUND], line);
  if (painter->page_width < SEPARATE_PAGE)
    return;
  for (guint i = 0; i < painter->line.width; i++)
    if (painter->cuts[i])
      line[i] = painter->palette->colors[PSC_SHEET_BACKGROUND];
}

static void
paint_row (Painter *painter, const PscBand *band, guint row, guint32 *line)
{
  const PscRasterJob *job = painter->job;

  psc_light_line_clear (&painter->line);
  memset (painter->cuts, 0, painter->line.width);
  read_row (painter, band, row, job->lens, job->traits, painter->entries);
  if (painter->page_width >= SEPARATE_PAGE)
    read_row (painter, band, row, PSC_LENS_RESIDENCY, NULL, painter->classes);
  add_pages (painter);
  for (guint i = 0; i < band->n_items; i++)
    if (job->layout->items[band->first_item + i].type == PSC_ITEM_GAP)
      add_gap (painter, &job->layout->items[band->first_item + i]);
  resolve (painter, line);
}

/* Each pixel by the page under its middle. Cuts stay what they are. */
static void
ink_line (const Painter *painter, guint y, guint32 *line)
{
  double n = painter->job->layout->row_pages;

  for (guint x = 0; x < painter->line.width; x++)
    {
      double page = (x + 0.5 - painter->left) / painter->page_width;

      if (page >= 0 && page < n && (painter->page_width < SEPARATE_PAGE || !painter->cuts[x]))
        psc_raster_ink (painter->palette, painter->entries[(guint) page], x, y, &line[x]);
    }
}

static void
draw_row (Painter *painter, const PscBand *band, guint row, double y0, double y1, guint8 *pixels,
          gsize stride, guint height)
{
  gsize bytes = painter->line.width * sizeof (guint32);
  guint from = (guint) CLAMP (y0, 0, height);
  guint to = (guint) CLAMP (y1 - painter->hairline, 0, height);

  if (from >= to)
    return;
  paint_row (painter, band, row, (guint32 *) (void *) (pixels + from * stride));
  memset (painter->drawn + from, 1, to - from);
  for (guint y = from + 1; y < to; y++)
    memcpy (pixels + y * stride, pixels + from * stride, bytes);
  for (guint y = from; painter->job->patterns && y < to; y++)
    ink_line (painter, y, (guint32 *) (void *) (pixels + y * stride));
}

static void
draw_band (Painter *painter, const PscBand *band, guint8 *pixels, gsize stride, guint height)
{
  const PscRasterJob *job = painter->job;
  /* From the top of the layout: sums come out the same whatever part of it is drawn. */
  double top = psc_view_down_px (&job->view, job->layout, &band->top) * job->scale;
  double from = job->view.y * job->scale;
  double row_height = painter->row_height;
  guint row = (guint) CLAMP (floor ((from - top) / row_height), 0, band->n_rows);
  guint end = (guint) CLAMP (ceil ((from + height - top) / row_height), 0, band->n_rows);

  for (; row < end; row++)
    draw_row (painter, band, row, psc_raster_round (top + row * row_height - from),
              psc_raster_round (top + (row + 1) * row_height - from), pixels, stride, height);
}

void
psc_raster_draw_rows (const PscRasterJob *job, const PscRasterPalette *palette, guint8 *pixels,
                      gsize stride, guint width, guint height)
{
  PscColor background = palette->colors[PSC_SHEET_BACKGROUND];
  Painter painter;
  guint first, last;

  painter_init (&painter, job, palette, width, height);
  psc_view_bands_between (&job->view, job->layout, 0, height / job->scale, &first, &last);
  for (guint i = first; i < last; i++)
    draw_band (&painter, &job->layout->bands[i], pixels, stride, height);
  for (guint y = 0; y < height; y++)
    if (!painter.drawn[y])
      psc_raster_fill ((guint32 *) (void *) (pixels + y * stride), width, background);
  painter_finish (&painter);
}
