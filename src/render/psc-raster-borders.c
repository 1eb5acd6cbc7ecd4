/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Borders of mappings as pixels over those of pages: first set down as bits, since where they cross
 * they are no darker, then blended as cairo blends. */

#include <math.h>
#include <string.h>

#include "psc-borders.h"
#include "psc-raster-private.h"

/* A line may begin so much above the row that it belongs to, or end below it: by rounding, and
 * where it is the line between two rows. px */
#define SLACK_PX 2.0

/* Lines across the same pixels down the page, which those of a row are, are set down once. */
typedef struct
{
  guint64 *bits;
  gsize n_words; /* of a line */
  guint width, height;
  double scale, least, from; /* device px */
  gboolean any;
  double y, row_height; /* of those in `row`, px */
  guint y0, y1;         /* likewise, device px */
  guint64 *row;
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
finish_row (Mask *mask)
{
  for (guint y = mask->y0; y < mask->y1; y++)
    for (gsize i = 0; i < mask->n_words; i++)
      mask->bits[y * mask->n_words + i] |= mask->row[i];
  memset (mask->row, 0, mask->n_words * sizeof *mask->row);
}

static void
begin_row (Mask *mask, double y, double height)
{
  double top = psc_raster_round (y * mask->scale - mask->from);
  double bottom = top + MAX (psc_raster_round (height * mask->scale), mask->least);

  mask->y = y;
  mask->row_height = height;
  mask->y0 = (guint) CLAMP (top, 0, mask->height);
  mask->y1 = (guint) CLAMP (bottom, 0, mask->height);
}

static void
add_cb (double x, double y, double width, double height, gpointer user_data)
{
  Mask *mask = user_data;
  double left = psc_raster_round (x * mask->scale);
  double right = left + MAX (psc_raster_round (width * mask->scale), mask->least);

  if (y != mask->y || height != mask->row_height)
    {
      finish_row (mask);
      begin_row (mask, y, height);
    }
  mask->any |= mask->y0 < mask->y1;
  set_bits (mask->row, (guint) CLAMP (left, 0, mask->width), (guint) CLAMP (right, 0, mask->width));
}

/* Two channels of eight bits, each times `factor` / 255. */
static guint32
scale_pair (guint32 pair, guint32 factor)
{
  guint32 product = (pair & 0xff00ff) * factor + 0x800080;

  return (product + (product >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
}

/* A pixel of a line that is set, and what it was and came to be on the line above: on most lines of
 * a row it is the same. */
typedef struct
{
  guint x;
  guint32 from, to;
} Inked;

static guint32
blend (guint32 pixel, guint32 ink, guint32 rest)
{
  return (scale_pair (pixel, rest) | scale_pair (pixel >> 8, rest) << 8) + ink;
}

/* Returns how many are set. */
static guint
list_bits (const guint64 *bits, gsize n_words, guint32 to, Inked *list)
{
  guint n = 0;

  for (gsize i = 0; i < n_words; i++)
    for (guint64 word = bits[i]; word != 0; word &= word - 1)
      list[n++] = (Inked){ (guint) (i * 64) + (guint) __builtin_ctzll (word), 0, to };
  return n;
}

static void
draw_mask (const Mask *mask, guint32 ink, guint32 rest, guint8 *pixels, gsize stride)
{
  g_autofree Inked *list = g_new (Inked, mask->width);
  gsize n_bytes = mask->n_words * sizeof *mask->bits;
  guint n = 0;

  for (guint y = 0; y < mask->height; y++)
    {
      const guint64 *bits = mask->bits + y * mask->n_words;
      guint32 *line = (guint32 *) (void *) (pixels + y * stride);

      if (y == 0 || memcmp (bits, bits - mask->n_words, n_bytes) != 0)
        n = list_bits (bits, mask->n_words, ink, list);
      for (Inked *inked = list; inked < list + n; inked++)
        {
          if (line[inked->x] != inked->from)
            {
              inked->from = line[inked->x];
              inked->to = blend (inked->from, ink, rest);
            }
          line[inked->x] = inked->to;
        }
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
  mask.row = g_new0 (guint64, mask.n_words);
  mask.scale = job->scale;
  mask.from = job->view.y * job->scale;
  mask.least = MAX (floor (job->scale), 1);
  begin_row (&mask, 0, 0);
  psc_borders_find (&borders, add_cb, &mask);
  finish_row (&mask);
  if (mask.any)
    draw_mask (&mask, ink, rest, pixels, stride);
  g_free (mask.row);
  g_free (mask.bits);
}
