/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One line of pixels in the making: spans of linear light are added with a weight, then resolved
 * to sRGB. Exact: a span is added by what changes at its two ends, in wrapping integers, so
 * neighbouring spans meet without a seam and nothing drifts. Internal to the raster; one thread.
 */

#include "psc-lens.h"

G_BEGIN_DECLS

/* Red, green, blue and coverage, 0 … 65535 each. */
typedef guint32 PscLight __attribute__ ((vector_size (16)));

/* The whole of a line's height. Weights of the spans over one point must not sum to more. */
#define PSC_LIGHT_WHOLE 65536u

typedef struct
{
  PscLight *changes; /* width + 2 of them; the light of a pixel is the sum of all up to it */
  guint width;       /* pixels */
} PscLightLine;

/* Linear light, 0 … 65535, to sRGB, no more than one step of 255 off. n is a multiple of four. */
void psc_light_to_colors (const float *red, const float *green, const float *blue, PscColor *colors,
                          guint n);
PscColor psc_light_to_color (float red, float green, float blue);

/* Light of a colour at full coverage. */
PscLight psc_light_from_color (PscColor color);

void psc_light_line_init (PscLightLine *line, guint width);
void psc_light_line_clear (PscLightLine *line);
void psc_light_line_finish (PscLightLine *line);
/* Adds [x0, x1) pixels of light; parts outside the line are cut off. O(1). */
void psc_light_line_add (PscLightLine *line, double x0, double x1, PscLight light, guint32 weight);
/* Light to pixels 0x00RRGGBB; what is not covered shows the background. O(width). */
void psc_light_line_resolve (const PscLightLine *line, PscLight background, guint32 *pixels);

G_END_DECLS
