/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Borders of mappings as pixels over those of pages: first set down as bits, since where they cross
 * they are no darker, then blended as cairo blends. */

#include <math.h>

#include "psc-borders.h"
#include "psc-raster-private.h"

/* A line may begin so much above the row that it belongs to, or end below it: by rounding, and
 * where it is the line between two rows. px */
#define SLACK_PX 2.0

typedef struct
{
  guint64 *bits;
  gsize n_words; /* of a line */
  guint width, height;
  double scale, least, from; /* device px */
  gboolean any;
} Mask;

static void
set_bits (guint64 *line, guint from, guint to)
{
  while (from < to)
    {
      guint at = from % 64;
      guint n = MIN (to - from, 64 - at);

      line[from / 64] |= G_MAXUINT64 >> (64 - n) << at;
      from += n;
    }
}

static void
add_cb (double x, double y, double width, double height, gpointer user_data)
{
  Mask *mask = user_data;
  double left = psc_raster_round (x * mask->scale);
  double top = psc_raster_round (y * mask->scale - mask->from);
  double right = left + MAX (psc_raster_round (width * mask->scale), mask->least);
  double bottom = top + MAX (psc_raster_round (height * mask->scale), mask->least);
  guint x0 = (guint) CLAMP (left, 0, mask->width);
  guint x1 = (guint) CLAMP (right, 0, mask->width);
  guint y0 = (guint) CLAMP (top, 0, mask->height);
  guint y1 = (guint) CLAMP (bottom, 0, mask->height);

  mask->any |= x0 < x1 && y0 < y1;
  for (; y0 < y1; y0++)
    set_bits (mask->bits + y0 * mask->n_words, x0, x1);
}

/* Two channels of eight bits, each times `factor` / 255. */
static guint32
scale_pair (guint32 pair, guint32 factor)
{
  guint32 product = (pair & 0xff00ff) * factor + 0x800080;

  return (product + (product >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
}

static void
blend_line (const guint64 *bits, gsize n_words, guint32 ink, guint32 rest, guint32 *line)
{
  for (gsize i = 0; i < n_words; i++)
    for (guint64 word = bits[i]; word != 0; word &= word - 1)
      {
        guint32 *pixel = &line[i * 64 + (gsize) __builtin_ctzll (word)];

        *pixel = (scale_pair (*pixel, rest) | scale_pair (*pixel >> 8, rest) << 8) + ink;
      }
}

/* As cairo has a colour: of 16 bits, of which it then takes the upper half. */
static guint32
premultiply (PscColor color, double alpha)
{
  guint32 ink = 0;

  for (guint shift = 0; shift <= 16; shift += 8)
    ink |= (guint32) ((color >> shift & 0xff) / 255.0 * alpha * 65535 + 0.5) >> 8 << shift;
  return ink;
}

void
psc_raster_draw_borders (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width,
                         guint height)
{
  PscBorders borders = { job->space, job->layout, &job->view, -SLACK_PX,
                         height / job->scale + SLACK_PX };
  Mask mask = { .n_words = (width + 63) / 64, .width = width, .height = height };
  guint32 ink = premultiply (psc_theme_colors (job->theme)->background, PSC_BORDERS_ALPHA);
  guint32 rest = 0xff - ((guint32) (PSC_BORDERS_ALPHA * 65535 + 0.5) >> 8);

  mask.bits = g_new0 (guint64, mask.n_words * height);
  mask.scale = job->scale;
  mask.from = job->view.y * job->scale;
  mask.least = MAX (floor (job->scale), 1);
  psc_borders_find (&borders, add_cb, &mask);
  for (guint y = 0; mask.any && y < height; y++)
    blend_line (mask.bits + y * mask.n_words, mask.n_words, ink, rest,
                (guint32 *) (void *) (pixels + y * stride));
  g_free (mask.bits);
}
