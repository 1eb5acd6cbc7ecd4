/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-raster.h"

#include <math.h>
#include <string.h>

#include "psc-raster-private.h"

/* How far what is not shown goes towards the background. */
#define FADED_PERCENT 82

static PscColor
fade (PscColor color, PscColor background)
{
  PscColor faded = 0;

  for (guint shift = 0; shift <= 16; shift += 8)
    {
      guint from = color >> shift & 0xff;
      guint to = background >> shift & 0xff;

      faded |= (from * (100 - FADED_PERCENT) + to * FADED_PERCENT) / 100 << shift;
    }
  return faded;
}

void
psc_raster_palette_init (PscRasterPalette *palette, const PscRasterJob *job)
{
  const PscThemeColors *colors = psc_theme_colors (job->theme);
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (job->lens, &n);

  memset (palette->patterns, PSC_PATTERN_NONE, sizeof palette->patterns);
  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    palette->colors[i] = colors->background;
  for (guint i = 0; i < n; i++)
    {
      palette->colors[i] = entries[i].colors[job->theme];
      if (job->only != 0 && !(job->only >> i & 1))
        palette->colors[i] = fade (palette->colors[i], colors->background);
      else if (job->patterns)
        palette->patterns[i] = (guint8) entries[i].pattern;
    }
  palette->colors[PSC_SHEET_GAP] = colors->gap;
  palette->colors[PSC_SHEET_FOLD] = colors->fold;
  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    palette->lights[i] = psc_light_from_color (palette->colors[i]);
}

static void
draw_pages (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width, guint height)
{
  PscRasterJob sheeted = *job;
  PscRasterPalette palette;

  psc_raster_palette_init (&palette, job);
  if (job->view.row_height * job->scale >= PSC_RASTER_SEPARATE_ROW)
    {
      psc_raster_draw_rows (job, &palette, pixels, stride, width, height);
      return;
    }
  if (job->sheet == NULL)
    sheeted.sheet = psc_sheet_new (job->space, (PscLayout *) job->layout, job->lens, job->traits);
  psc_raster_draw_lines (&sheeted, &palette, pixels, stride, width, height);
  if (job->sheet == NULL)
    psc_sheet_unref (sheeted.sheet);
}

void
psc_raster_draw (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width, guint height)
{
  draw_pages (job, pixels, stride, width, height);
  if (job->borders)
    psc_raster_draw_borders (job, pixels, stride, width, height);
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
