/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-light.h"

#include <math.h>
#include <string.h>

#define FEW       8192
#define FEW_SLACK 64
#define FEW_SHIFT 3

/* IEC 61966-2-1 both ways; the way back is a table because every pixel goes through it. */
typedef struct
{
  guint16 to_linear[256];
  guint8 to_srgb[65536];
  guint8 few[FEW +
             FEW_SLACK]; /* the same in so few steps that it stays in the cache next to the CPU */
} Tables;

static double
srgb_to_linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
linear_to_srgb (double c)
{
  return c <= 0.0031308 ? c * 12.92 : 1.055 * pow (c, 1 / 2.4) - 0.055;
}

static const Tables *
get_tables (void)
{
  static Tables tables;
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < 256; i++)
        tables.to_linear[i] = (guint16) (srgb_to_linear (i / 255.0) * 65535 + 0.5);
      for (guint i = 0; i < 65536; i++)
        tables.to_srgb[i] = (guint8) (linear_to_srgb (i / 65535.0) * 255 + 0.5);
      for (guint i = 0; i < FEW + FEW_SLACK; i++)
        tables.few[i] = tables.to_srgb[(MIN (i, FEW - 1) << FEW_SHIFT) + (1 << (FEW_SHIFT - 1))];
      g_once_init_leave (&once, 1);
    }
  return &tables;
}

PscLight
psc_light_from_color (PscColor color)
{
  const guint16 *to_linear = get_tables ()->to_linear;

  return (PscLight){ to_linear[(color >> 16) & 0xff], to_linear[(color >> 8) & 0xff],
                     to_linear[color & 0xff], 65535 };
}

typedef float Floats __attribute__ ((vector_size (16), aligned (4), may_alias));
typedef gint32 Steps __attribute__ ((vector_size (16)));

/* Sums of floats may come out a little above the whole. */
static inline Steps
to_steps (const float *light)
{
  return __builtin_convertvector(*(const Floats *) (const void *) light, Steps) >> FEW_SHIFT;
}

void
psc_light_to_colors (const float *red, const float *green, const float *blue, PscColor *colors,
                     guint n)
{
  const guint8 *few = get_tables ()->few;

  for (guint i = 0; i < n; i += 4)
    {
      Steps r = to_steps (red + i);
      Steps g = to_steps (green + i);
      Steps b = to_steps (blue + i);

      for (guint j = 0; j < 4; j++)
        colors[i + j] = (guint32) few[r[j]] << 16 | (guint32) few[g[j]] << 8 | few[b[j]];
    }
}

PscColor
psc_light_to_color (float red, float green, float blue)
{
  const guint8 *few = get_tables ()->few;

  return (guint32) few[(gint) red >> FEW_SHIFT] << 16 |
         (guint32) few[(gint) green >> FEW_SHIFT] << 8 | few[(gint) blue >> FEW_SHIFT];
}

void
psc_light_line_init (PscLightLine *line, guint width)
{
  line->changes = g_new0 (PscLight, width + 2);
  line->width = width;
}

void
psc_light_line_clear (PscLightLine *line)
{
  memset (line->changes, 0, sizeof (PscLight) * (line->width + 2));
}

void
psc_light_line_finish (PscLightLine *line)
{
  g_clear_pointer (&line->changes, g_free);
}

/* From x on there is `weight` more of the light; the pixel that x divides gets its share. */
static inline void
change (PscLightLine *line, double x, PscLight light, guint32 weight)
{
  guint pixel = (guint) x;
  guint32 later = (guint32) ((x - pixel) * weight);

  line->changes[pixel] += light * (weight - later);
  line->changes[pixel + 1] += light * later;
}

void
psc_light_line_add (PscLightLine *line, double x0, double x1, PscLight light, guint32 weight)
{
  x0 = MAX (x0, 0);
  x1 = MIN (x1, line->width);
  if (!(x0 < x1))
    return;
  change (line, x0, light, weight);
  change (line, x1, -light, weight);
}

void
psc_light_line_resolve (const PscLightLine *line, PscLight background, guint32 *pixels)
{
  const guint8 *to_srgb = get_tables ()->to_srgb;
  PscLight sum = { 0 };

  for (guint i = 0; i < line->width; i++)
    {
      PscLight light;

      sum += line->changes[i];
      light = sum >> 16;
      light += (background * (65535 - light[3])) >> 16;
      pixels[i] = (guint32) to_srgb[MIN (light[0], 65535)] << 16 |
                  (guint32) to_srgb[MIN (light[1], 65535)] << 8 |
                  (guint32) to_srgb[MIN (light[2], 65535)];
    }
}
