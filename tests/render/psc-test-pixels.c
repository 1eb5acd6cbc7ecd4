/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-test-pixels.h"

#include <math.h>

static double
linear (PscColor color)
{
  double c = ((color >> 8) & 0xff) / 255.0;

  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

double
psc_test_share (cairo_surface_t *surface, PscColor a, PscColor b, PscColor skip, int x, int y,
                int width, int height)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  double sum = 0;
  guint n_pixels = 0;

  for (int j = y; j < y + height; j++)
    for (int i = x; i < x + width; i++)
      {
        guint32 pixel =
            ((const guint32 *) (const void *) (data + (gsize) j * stride))[i] & 0xffffff;

        if (pixel == skip)
          continue;
        sum += (linear (pixel) - linear (b)) / (linear (a) - linear (b));
        n_pixels++;
      }
  g_assert_cmpuint (n_pixels, >, 0);
  return sum / n_pixels;
}

double
psc_test_share_in_png (const char *path, PscTheme theme)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  double share;

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  share = psc_test_share (
      surface, entries[PSC_CLASS_RESIDENT].colors[theme], entries[PSC_CLASS_ABSENT].colors[theme],
      psc_theme_colors (theme)->background, width / 4, height / 3, width / 4, height / 6);
  cairo_surface_destroy (surface);
  return share;
}
