/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lane of memory: areas by segment kind, one on the other. */

#include "psc-chart-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-format.h"

/* How much of the background is in what was there at times only, percent. */
#define PALE 58

static double
y_of (const PscChartPlot *plot, double bytes)
{
  const PscRect *rect = &plot->places->memory;

  return rect->y + rect->height * (1 - bytes / plot->top);
}

/* The upper edge of a layer in a column. */
static double
edge_of (const PscChartPlot *plot, guint column, guint layer, gboolean most)
{
  const PscChartColumn *at = &plot->columns.columns[column];

  return y_of (plot, most ? at->most[layer] : at->least[layer]);
}

/* From the bottom of the plot to the edge, over columns that are known: each as wide as it is, so
 * that one of them alone has its whole height. */
static void
add_area (const PscChartPlot *plot, guint layer, gboolean most)
{
  cairo_t *cr = plot->canvas->cr;
  double bottom = y_of (plot, 0), last = -1;
  guint i = 0, n = plot->columns.n;

  while (i < n)
    {
      if (plot->columns.columns[i].state != PSC_CHART_COLUMN_KNOWN)
        {
          i++;
          continue;
        }
      cairo_move_to (cr, psc_chart_plot_x (plot, i), bottom);
      last = bottom;
      for (; i < n && plot->columns.columns[i].state == PSC_CHART_COLUMN_KNOWN; i++)
        {
          double y = edge_of (plot, i, layer, most);

          if (fabs (y - last) < 0.02)
            continue;
          cairo_line_to (cr, psc_chart_plot_x (plot, i), last);
          cairo_line_to (cr, psc_chart_plot_x (plot, i), y);
          last = y;
        }
      cairo_line_to (cr, psc_chart_plot_x (plot, i), last);
      cairo_line_to (cr, psc_chart_plot_x (plot, i), bottom);
      cairo_close_path (cr);
    }
}

/* A pattern as a source: what it doesn't cover is left as it is. */
static void
set_ink (const PscCanvas *canvas, PscPattern pattern, PscColor ink)
{
  cairo_surface_t *tile =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, PSC_PATTERN_SIZE, PSC_PATTERN_SIZE);
  int stride = cairo_image_surface_get_stride (tile);
  guint8 *data = cairo_image_surface_get_data (tile);
  cairo_pattern_t *source;

  for (guint y = 0; data != NULL && y < PSC_PATTERN_SIZE; y++)
    for (guint x = 0; x < PSC_PATTERN_SIZE; x++)
      if (psc_pattern_covers (pattern, x, y))
        ((guint32 *) (void *) (data + (gsize) y * (gsize) stride))[x] = 0xff000000 | ink;
  cairo_surface_mark_dirty (tile);
  source = cairo_pattern_create_for_surface (tile);
  cairo_pattern_set_extend (source, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (source, CAIRO_FILTER_NEAREST);
  cairo_set_source (canvas->cr, source);
  cairo_pattern_destroy (source);
  cairo_surface_destroy (tile);
}

static PscPattern
pattern_of (const PscChartPlot *plot, guint layer)
{
  const PscChartLayers *layers = &plot->columns.layers;
  guint n;

  if (layer + 1 == layers->n)
    return PSC_PATTERN_DIAGONAL_UP;
  if (!plot->chart->patterns || (layers->has_other && layer == 0))
    return PSC_PATTERN_NONE;
  return psc_lens_get_entries (PSC_LENS_KIND, &n)[layers->kinds[layer - layers->has_other]].pattern;
}

/* From the top layer down, each over all that is above it: edges lie on what they border on. */
static void
draw_areas (const PscChartPlot *plot, gboolean most)
{
  const PscCanvas *canvas = plot->canvas;
  const PscChartLayers *layers = &plot->columns.layers;

  for (guint layer = layers->n; layer-- > 0;)
    {
      PscColor color = psc_chart_layer_color (layers, layer, plot->chart->theme);
      PscPattern pattern = pattern_of (plot, layer);

      if (most)
        color = psc_color_mix (color, canvas->colors->background, PALE);
      add_area (plot, layer, most);
      psc_canvas_set_color (canvas, color, 1);
      cairo_fill_preserve (canvas->cr);
      if (pattern != PSC_PATTERN_NONE)
        {
          /* What is in swap is not in memory: there the background is what shines through. */
          set_ink (canvas, pattern,
                   layer + 1 == layers->n ? canvas->colors->background : psc_pattern_ink (color));
          cairo_fill_preserve (canvas->cr);
        }
      cairo_new_path (canvas->cr);
    }
}

/* The most there was, as a line: a single column of it is seen. */
static void
draw_crest (const PscChartPlot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  cairo_t *cr = canvas->cr;
  double last = 0;
  gboolean on = FALSE;

  for (guint i = 0; i < plot->columns.n; i++)
    {
      double y = edge_of (plot, i, plot->columns.layers.n - 1, TRUE);

      if (plot->columns.columns[i].state != PSC_CHART_COLUMN_KNOWN)
        {
          on = FALSE;
          continue;
        }
      if (!on)
        cairo_move_to (cr, psc_chart_plot_x (plot, i), y);
      else if (fabs (y - last) >= 0.02)
        {
          cairo_line_to (cr, psc_chart_plot_x (plot, i), last);
          cairo_line_to (cr, psc_chart_plot_x (plot, i), y);
        }
      on = TRUE;
      last = y;
      if (i + 1 == plot->columns.n || plot->columns.columns[i + 1].state != PSC_CHART_COLUMN_KNOWN)
        cairo_line_to (cr, psc_chart_plot_x (plot, i + 1), last);
    }
  psc_canvas_set_color (canvas, canvas->colors->text, 0.55);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_unknown (const PscChartPlot *plot)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *rect = &plot->places->memory;
  guint i = 0, n = plot->columns.n;

  while (i < n)
    {
      guint first = i;
      double x, width;

      for (; i < n && plot->columns.columns[i].state == PSC_CHART_COLUMN_UNKNOWN; i++)
        continue;
      x = psc_chart_plot_x (plot, first);
      width = psc_chart_plot_x (plot, i) - x;
      i += i == first;
      if (width <= 0)
        continue;
      set_ink (canvas, PSC_PATTERN_DIAGONAL_DOWN, canvas->colors->gap);
      cairo_rectangle (canvas->cr, x, rect->y, width, rect->height);
      cairo_fill (canvas->cr);
      if (width > canvas->em * 6)
        psc_canvas_text (canvas, canvas->text, _ ("not known"), x + width / 2,
                         rect->y + rect->height / 2, PSC_ALIGN_CENTER, width, canvas->colors->text);
    }
}

/* Over the areas, so that one can read off how high they are; its numbers beside it. */
static void
draw_size_axis (const PscChartPlot *plot, gboolean lines)
{
  const PscCanvas *canvas = plot->canvas;
  const PscRect *rect = &plot->places->memory;

  for (double bytes = lines ? plot->step : 0; bytes <= plot->top + 1; bytes += plot->step)
    {
      double y = y_of (plot, bytes);
      g_autofree char *text = psc_format_size ((guint64) bytes);

      if (lines)
        {
          psc_canvas_set_color (canvas, canvas->colors->text, 0.12);
          cairo_rectangle (canvas->cr, rect->x, round (y), rect->width, 1);
          cairo_fill (canvas->cr);
        }
      else
        psc_canvas_text (canvas, canvas->small, bytes == 0 ? "0" : text,
                         rect->x - PSC_CHART_MARGIN / 2,
                         CLAMP (y, rect->y + canvas->em * 0.3, rect->y + rect->height - 4),
                         PSC_ALIGN_RIGHT, 0, canvas->colors->dim);
    }
}

void
psc_chart_draw_memory (const PscChartPlot *plot)
{
  draw_unknown (plot);
  draw_areas (plot, TRUE);
  draw_areas (plot, FALSE);
  draw_crest (plot);
  draw_size_axis (plot, TRUE);
  draw_size_axis (plot, FALSE);
}
