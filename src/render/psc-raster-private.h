/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The two ways to draw pages, and what they share: psc-raster-lines.c where rows are thinner than
 * PSC_RASTER_SEPARATE_ROW, from a sheet; psc-raster-rows.c where each row is seen by itself, from
 * the space. */

#include <math.h>
#include "psc-light.h"
#include "psc-raster.h"
#include "psc-sheet-private.h"

G_BEGIN_DECLS

/* Device pixels from which on rows stand on whole pixels with a hairline between them. */
#define PSC_RASTER_SEPARATE_ROW 6.0

/* Colours of everything that is on a row, as the job wants them. */
typedef struct
{
  PscColor colors[PSC_SHEET_N_ENTRIES];
  PscLight lights[PSC_SHEET_N_ENTRIES];
  guint8 patterns[PSC_SHEET_N_ENTRIES]; /* PscPattern */
} PscRasterPalette;

void psc_raster_palette_init (PscRasterPalette *palette, const PscRasterJob *job);

/* The whole picture. job->sheet is there. */
void psc_raster_draw_lines (const PscRasterJob *job, const PscRasterPalette *palette,
                            guint8 *pixels, gsize stride, guint width, guint height);
void psc_raster_draw_rows (const PscRasterJob *job, const PscRasterPalette *palette, guint8 *pixels,
                           gsize stride, guint width, guint height);

/* To whole device pixels. Halves always go down the page, so that an edge is where it is in
 * whatever part of the map is drawn. */
static inline double
psc_raster_round (double at)
{
  return floor (at + 0.5);
}

/* Over the pages of the whole picture. */
void psc_raster_draw_borders (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width,
                              guint height);

/* Inks the pixel at (x, y) as the pattern of the entry that is most of it says. */
static inline void
psc_raster_ink (const PscRasterPalette *palette, guint8 entry, guint x, guint y, guint32 *pixel)
{
  if (palette->patterns[entry] != PSC_PATTERN_NONE &&
      psc_pattern_covers (palette->patterns[entry], x, y))
    *pixel = psc_pattern_ink (*pixel);
}

/* `n` pixels of one colour. */
static inline void
psc_raster_fill (guint32 *pixels, guint n, PscColor color)
{
  for (guint i = 0; i < n; i++)
    pixels[i] = color;
}

G_END_DECLS
