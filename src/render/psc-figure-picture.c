/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages that were touched at random, a million of them, are noise, and noise can't be compressed:
 * at twice the size it made files of 9 MB. Such a picture is made at the size of the page, and when
 * that is too much still, with fewer shades, which in noise nobody sees. */

#include "psc-figure-picture.h"

#include "psc-borders.h"

/* Pixels that neither their left nor their upper neighbour foretells; each takes about 4 bytes of a
 * file, and fewer when there are fewer shades. */
#define MOST_BUSY        250000
#define MOST_BUSY_SHADES 900000

static guint32 *
get_line (cairo_surface_t *surface, int y)
{
  guint8 *data = cairo_image_surface_get_data (surface);

  return (guint32 *) (void *) (data + (gsize) y * (gsize) cairo_image_surface_get_stride (surface));
}

static guint64
count_busy (cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  guint64 n = 0;

  for (int y = 1; y < height; y++)
    {
      const guint32 *line = get_line (surface, y);
      const guint32 *above = get_line (surface, y - 1);

      for (int x = 1; x < width; x++)
        n += line[x] != line[x - 1] && line[x] != above[x];
    }
  return n;
}

/* Colours that mean something by themselves: what is no mixture stays as the legend has it. */
static guint
get_pure_colors (const PscMap *map, PscColor colors[PSC_LENS_MAX_ENTRIES + 3])
{
  const PscThemeColors *theme = psc_theme_colors (map->theme);
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (map->lens, &n);

  for (guint i = 0; i < n; i++)
    colors[i] = entries[i].colors[map->theme];
  colors[n++] = theme->background;
  colors[n++] = theme->gap;
  colors[n++] = theme->fold;
  return n;
}

/* To the middle of each step, so that the picture gets neither darker nor lighter. */
static PscColor
reduce (PscColor color, guint bits, const PscColor *pure, guint n_pure)
{
  PscColor rest = 0x010101u * (0xffu >> bits);

  for (guint i = 0; i < n_pure; i++)
    if (color == pure[i])
      return color;
  return (color & ~rest) | (0x010101u * (0x80u >> bits));
}

static void
reduce_shades (cairo_surface_t *surface, const PscMap *map, guint bits)
{
  PscColor pure[PSC_LENS_MAX_ENTRIES + 3];
  guint n_pure = get_pure_colors (map, pure);
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);

  for (int y = 0; y < height; y++)
    {
      guint32 *line = get_line (surface, y);
      PscColor from = line[0] & 0xffffff, to = reduce (from, bits, pure, n_pure);

      for (int x = 0; x < width; x++)
        {
          if ((line[x] & 0xffffff) != from)
            {
              from = line[x] & 0xffffff;
              to = reduce (from, bits, pure, n_pure);
            }
          line[x] = to;
        }
    }
  cairo_surface_mark_dirty (surface);
}

static cairo_surface_t *
make_raster (const PscMap *map, double scale)
{
  PscRasterJob job = psc_map_get_raster_job (map, scale);

  /* As shapes they stay sharp. */
  job.borders = psc_borders_are_many (map->space, map->layout, &map->view);
  return psc_raster_new_surface (&job);
}

cairo_surface_t *
psc_figure_picture_new (const PscMap *map)
{
  cairo_surface_t *fine = make_raster (map, 2);
  cairo_surface_t *plain;

  if (fine != NULL && count_busy (fine) <= MOST_BUSY)
    return fine;
  if (fine != NULL)
    cairo_surface_destroy (fine);
  plain = make_raster (map, 1);
  if (plain == NULL || count_busy (plain) <= MOST_BUSY)
    return plain;
  reduce_shades (plain, map, 4);
  if (count_busy (plain) > MOST_BUSY_SHADES)
    reduce_shades (plain, map, 3);
  return plain;
}
