/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-raster.h"

#include <math.h>
#include <string.h>

#include "psc-light.h"

/* Device pixels from which on rows stand on whole pixels with a hairline between them, and pages
 * have a hairline between them. Edges of pages always lie where they are, between pixels too: were
 * they rounded, every other page would come out wider than its neighbours. */
#define SEPARATE_ROW  6.0
#define SEPARATE_PAGE 6.0

typedef struct
{
  const PscRasterJob *job;
  PscLightLine line;
  guint8 *cuts; /* a pixel each: 1 where a hairline goes between two pages */
  PscLight entries[PSC_LENS_MAX_ENTRIES];
  PscLight background, gap, fold;
  double page_width; /* device px */
  double left;       /* device px of the layout's left edge, from the line's */
  double row_height; /* device px */
  double hairline;   /* device px */
} Painter;

static void
painter_init (Painter *painter, const PscRasterJob *job, guint width)
{
  const PscThemeColors *colors = psc_theme_colors (job->theme);
  const PscLensEntry *entries;
  guint n;

  painter->job = job;
  psc_light_line_init (&painter->line, width);
  painter->cuts = g_new0 (guint8, width + 1);
  entries = psc_lens_get_entries (job->lens, &n);
  for (guint i = 0; i < n; i++)
    painter->entries[i] = psc_light_from_color (entries[i].colors[job->theme]);
  painter->background = psc_light_from_color (colors->background);
  painter->gap = psc_light_from_color (colors->gap);
  painter->fold = psc_light_from_color (colors->fold);
  painter->page_width = psc_view_page_width (&job->view, job->layout) * job->scale;
  painter->left = -job->view.x * job->scale;
  painter->row_height = job->view.row_height * job->scale;
  painter->hairline = MAX (1, floor (job->scale));
}

static void
painter_finish (Painter *painter)
{
  psc_light_line_finish (&painter->line);
  g_free (painter->cuts);
}

static void
painter_clear (Painter *painter)
{
  psc_light_line_clear (&painter->line);
  memset (painter->cuts, 0, painter->line.width);
}

static void
painter_resolve (const Painter *painter, guint8 *pixels)
{
  PscColor background = psc_theme_colors (painter->job->theme)->background;
  guint32 *line = (guint32 *) (void *) pixels;

  psc_light_line_resolve (&painter->line, painter->background, line);
  if (painter->page_width < SEPARATE_PAGE)
    return;
  for (guint i = 0; i < painter->line.width; i++)
    if (painter->cuts[i])
      line[i] = background;
}

/* Device px of a page's left edge. */
static double
page_edge (const Painter *painter, double page)
{
  return painter->left + page * painter->page_width;
}

/* Hairlines at the right edges of pages: only those in sight. */
static void
cut_cells (Painter *painter, double page, double n_pages)
{
  double first = MAX (page, floor (-painter->left / painter->page_width));
  double last = MIN (page + n_pages, first + ceil (painter->line.width / painter->page_width) + 2);

  for (double cell = first; cell < last; cell++)
    {
      double right = floor (page_edge (painter, cell + 1) + 0.5);
      double left = MAX (right - painter->hairline, 0);

      for (; left < MIN (right, painter->line.width); left++)
        painter->cuts[(guint) left] = 1;
    }
}

/* `n_pages` pages of one class from column `page` on. A huge page is one thing: it is not cut. */
static void
add_span (Painter *painter, double page, double n_pages, const PscMapping *mapping,
          PscPageClass klass, guint32 weight)
{
  PscLight light = painter->entries[psc_lens_entry_of (painter->job->lens, mapping, klass)];
  double end = page + n_pages;

  psc_light_line_add (&painter->line, page_edge (painter, page), page_edge (painter, end), light,
                      weight);
  if (painter->page_width < SEPARATE_PAGE)
    return;
  if (klass == PSC_CLASS_HUGE || klass == PSC_CLASS_HUGETLB)
    page = end - 1;
  cut_cells (painter, page, end - page);
}

static PscPageClass
empty_class (const PscMapping *mapping)
{
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
}

/* Index of the first run of the mapping that ends above the address. */
static guint
first_run_above (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  guint low = mapping->first_run;
  guint high = low + mapping->n_runs;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (psc_run_end (&space->runs[middle], space->page_size) <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The part [start, end) of one mapping, `start` at column `page`. */
static void
add_mapping (Painter *painter, const PscMapping *mapping, guint64 start, guint64 end, double page,
             guint32 weight)
{
  const PscSpace *space = painter->job->space;
  double page_size = (double) space->page_size;
  PscPageClass empty = empty_class (mapping);
  guint last = mapping->first_run + mapping->n_runs;
  guint64 at = start;

  for (guint i = first_run_above (space, mapping, start); i < last && at < end; i++)
    {
      const PscRun *run = &space->runs[i];
      guint64 run_start = CLAMP (run->start, at, end);
      guint64 run_end = MIN (psc_run_end (run, space->page_size), end);

      if (run_start > at)
        add_span (painter, page + (at - start) / page_size, (run_start - at) / page_size, mapping,
                  empty, weight);
      if (run_end > run_start)
        add_span (painter, page + (run_start - start) / page_size,
                  (run_end - run_start) / page_size, mapping, psc_page_class (run->state), weight);
      at = MAX (run_end, at);
    }
  if (at < end)
    add_span (painter, page + (at - start) / page_size, (end - at) / page_size, mapping, empty,
              weight);
}

/* All that is mapped in [start, end), `start` at column `page`. */
static void
add_pages (Painter *painter, guint64 start, guint64 end, double page, guint32 weight)
{
  const PscSpace *space = painter->job->space;
  double page_size = (double) space->page_size;

  for (guint i = psc_space_lower_bound (space, start); i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 from = MAX (mapping->start, start);

      if (mapping->start >= end)
        break;
      add_mapping (painter, mapping, from, MIN (mapping->end, end),
                   page + (from - start) / page_size, weight);
    }
}

static void
add_block_row (Painter *painter, const PscBand *band, guint row, guint32 weight)
{
  const PscLayout *layout = painter->job->layout;
  guint64 address = psc_layout_row_address (layout, band, row);
  guint64 start = MAX (address, band->start);
  guint64 end = MIN (address + layout->row_size, band->end);

  add_pages (painter, start, end, (double) ((start - address) / layout->page_size), weight);
}

/* One hairline for a gap, two for one that is as large as a rule's. */
static void
add_gap (Painter *painter, const PscItem *item, guint32 weight)
{
  double middle = page_edge (painter, item->x + item->width / 2.0);
  double half = painter->hairline / 2;
  double apart = item->end - item->start >= PSC_LAYOUT_RULE_SIZE ? 3 * half : 0;

  psc_light_line_add (&painter->line, middle - apart - half, middle - apart + half, painter->gap,
                      weight);
  if (apart > 0)
    psc_light_line_add (&painter->line, middle + apart - half, middle + apart + half, painter->gap,
                        weight);
}

static void
add_line_items (Painter *painter, const PscBand *band, guint32 weight)
{
  const PscLayout *layout = painter->job->layout;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];

      if (item->type == PSC_ITEM_WORD)
        add_pages (painter, item->start, item->end, item->x, weight);
      else if (item->type == PSC_ITEM_GAP)
        add_gap (painter, item, weight);
      else
        psc_light_line_add (&painter->line, page_edge (painter, item->x + 2),
                            page_edge (painter, item->x + item->width - 2), painter->fold, weight);
    }
}

static void
add_band_row (Painter *painter, const PscBand *band, guint row, guint32 weight)
{
  if (band->type == PSC_BAND_BLOCK)
    add_block_row (painter, band, row, weight);
  else if (band->type == PSC_BAND_LINE)
    add_line_items (painter, band, weight);
}

/* How many rows from `row` on, going down, lie in one state of one mapping: 0 when not even the
 * first does. Then *mapping and *klass say which. */
static guint
uniform_rows (const Painter *painter, const PscBand *band, guint row, const PscMapping **mapping,
              PscPageClass *klass)
{
  const PscSpace *space = painter->job->space;
  const PscLayout *layout = painter->job->layout;
  guint64 address = psc_layout_row_address (layout, band, row);
  guint64 low, high;
  guint i;

  *klass = PSC_CLASS_ABSENT;
  *mapping = psc_space_lookup (space, address);
  if (*mapping == NULL)
    return 0;
  low = (*mapping)->start;
  high = (*mapping)->end;
  *klass = empty_class (*mapping);
  i = first_run_above (space, *mapping, address);
  if (i < (*mapping)->first_run + (*mapping)->n_runs && space->runs[i].start <= address)
    {
      *klass = psc_page_class (space->runs[i].state);
      low = space->runs[i].start;
      high = psc_run_end (&space->runs[i], space->page_size);
    }
  else
    {
      if (i < (*mapping)->first_run + (*mapping)->n_runs)
        high = space->runs[i].start;
      if (i > (*mapping)->first_run)
        low = psc_run_end (&space->runs[i - 1], space->page_size);
    }
  if (address + layout->row_size > high || address < low)
    return 0;
  if (layout->low_at_top)
    return (guint) MIN ((high - address) / layout->row_size, G_MAXUINT32);
  return (guint) MIN ((address - low) / layout->row_size + 1, G_MAXUINT32);
}

/* Weight of what lies above y (in px of one line), so that differences of it sum up exactly. */
static guint32
weight_above (double y)
{
  return (guint32) (CLAMP (y, 0, 1) * PSC_LIGHT_WHOLE + 0.5);
}

/* The part of a band that lies in the line of pixels [y, y + 1), for rows thinner than pixels. */
static void
add_band_slice (Painter *painter, const PscBand *band, double top, double y)
{
  double first = MAX ((y - top) / painter->row_height, 0);
  double last = MIN ((y + 1 - top) / painter->row_height, band->n_rows);
  const PscMapping *mapping = NULL;
  PscPageClass klass = PSC_CLASS_ABSENT;

  for (double row = floor (first); row < last;)
    {
      guint same = 0;
      double next;
      guint32 weight;

      if (band->type == PSC_BAND_BLOCK && last - row > 2)
        same = uniform_rows (painter, band, (guint) row, &mapping, &klass);
      next = MIN (row + MAX (same, 1), ceil (last));
      weight = weight_above (MIN (next, last) * painter->row_height + top - y) -
               weight_above (MAX (row, first) * painter->row_height + top - y);
      if (weight > 0 && same > 1)
        add_span (painter, 0, painter->job->layout->row_pages, mapping, klass, weight);
      else if (weight > 0)
        add_band_row (painter, band, (guint) row, weight);
      row = next;
    }
}

static double
band_top (const Painter *painter, const PscBand *band)
{
  const PscRasterJob *job = painter->job;

  return psc_view_band_top (&job->view, job->layout, band) * job->scale;
}

static double
band_bottom (const Painter *painter, const PscBand *band, double top)
{
  const PscRasterJob *job = painter->job;

  if (band->type == PSC_BAND_RULE)
    return top + psc_view_rule_height (&job->view, job->layout) * job->scale;
  return top + band->n_rows * painter->row_height;
}

/* The i-th visible band from the top. */
static const PscBand *
band_from_top (const PscLayout *layout, guint first, guint last, guint i)
{
  return &layout->bands[layout->low_at_top ? first + i : last - 1 - i];
}

static void
draw_dense (Painter *painter, guint8 *pixels, gsize stride, guint height, guint first, guint last)
{
  const PscLayout *layout = painter->job->layout;
  guint i = 0;

  for (guint y = 0; y < height; y++)
    {
      painter_clear (painter);
      for (guint j = i; j < last - first; j++)
        {
          const PscBand *band = band_from_top (layout, first, last, j);
          double top = band_top (painter, band);

          if (top >= y + 1.0)
            break;
          if (j == i && band_bottom (painter, band, top) <= y)
            i++;
          else
            add_band_slice (painter, band, top, y);
        }
      painter_resolve (painter, pixels + y * stride);
    }
}

/* One row, drawn once and copied to all the lines that it takes. */
static void
draw_row (Painter *painter, const PscBand *band, guint row, double y0, double y1, guint8 *pixels,
          gsize stride, guint height)
{
  gsize bytes = painter->line.width * sizeof (guint32);
  guint from = (guint) CLAMP (y0, 0, height);
  guint to = (guint) CLAMP (y1 - painter->hairline, 0, height);

  if (from >= to)
    return;
  painter_clear (painter);
  add_band_row (painter, band, row, PSC_LIGHT_WHOLE);
  painter_resolve (painter, pixels + from * stride);
  for (guint y = from + 1; y < to; y++)
    memcpy (pixels + y * stride, pixels + from * stride, bytes);
}

static void
draw_rows (Painter *painter, guint8 *pixels, gsize stride, guint height, guint first, guint last)
{
  const PscLayout *layout = painter->job->layout;

  for (guint i = 0; i < last - first; i++)
    {
      const PscBand *band = band_from_top (layout, first, last, i);
      double top = band_top (painter, band);
      double row_height = painter->row_height;
      guint row = (guint) CLAMP (floor (-top / row_height), 0, band->n_rows);
      guint end = (guint) CLAMP (ceil ((height - top) / row_height), 0, band->n_rows);

      for (; row < end; row++)
        draw_row (painter, band, row, round (top + row * row_height),
                  round (top + (row + 1) * row_height), pixels, stride, height);
    }
}

static void
fill_background (const Painter *painter, guint8 *pixels, gsize stride, guint width, guint height)
{
  PscColor color = psc_theme_colors (painter->job->theme)->background;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      ((guint32 *) (void *) (pixels + y * stride))[x] = color;
}

void
psc_raster_draw (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width, guint height)
{
  Painter painter;
  guint first, last;

  painter_init (&painter, job, width);
  psc_view_visible_bands (&job->view, job->layout, &first, &last);
  if (painter.row_height >= SEPARATE_ROW)
    {
      fill_background (&painter, pixels, stride, width, height);
      draw_rows (&painter, pixels, stride, height, first, last);
    }
  else
    draw_dense (&painter, pixels, stride, height, first, last);
  painter_finish (&painter);
}

cairo_surface_t *
psc_raster_new_surface (const PscRasterJob *job)
{
  double width = ceil (job->view.width * job->scale);
  double height = ceil (job->view.height * job->scale);
  cairo_surface_t *surface;

  if (!(width >= 1 && height >= 1 && width <= 32767 && height <= 32767))
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  psc_raster_draw (job, cairo_image_surface_get_data (surface),
                   (gsize) cairo_image_surface_get_stride (surface), (guint) width, (guint) height);
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, job->scale, job->scale);
  return surface;
}
