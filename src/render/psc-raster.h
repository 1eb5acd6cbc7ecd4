/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The raster: pages to pixels. Every pixel accounts for every page under it: its colour is the mix,
 * in linear light, of the colours of all pages and parts of pages that it covers. Nothing is
 * sampled. Over them go the lines where mappings meet. Pure and reentrant; any thread.
 */

#include <cairo.h>
#include "psc-lens.h"
#include "psc-sheet.h"
#include "psc-view.h"

G_BEGIN_DECLS

typedef struct
{
  const PscSpace *space;
  const PscLayout *layout;
  PscView view;
  PscLens lens;
  PscTheme theme;
  double scale;            /* device pixels per px of the view: 1, 2, … */
  const PscTraits *traits; /* of the lens, or NULL: where there is one, its value is the entry */
  PscSheet *sheet;   /* of this space, layout, lens and traits, or NULL: made when it is needed */
  guint64 only;      /* bits of the entries that are shown, the rest is faded; 0: all are */
  gboolean patterns; /* entries have their patterns over their colours */
  gboolean borders;  /* there are lines where mappings meet */
} PscRasterJob;

/* Draws the map body into pixels of CAIRO_FORMAT_RGB24 (native-endian 0x00RRGGBB): `width` x
 * `height` device pixels, `stride` bytes a line, from the top left corner of the view. Cost:
 * pixels, and pages of the rows in sight where they are seen one by one; and a sheet when there is
 * none. */
void
psc_raster_draw (const PscRasterJob *job, guint8 *pixels, gsize stride, guint width, guint height);

/* The same into a new image surface with its device scale set. NULL when out of memory or when a
 * side is 0 or above 32767 px. */
cairo_surface_t *psc_raster_new_surface (const PscRasterJob *job);

G_END_DECLS
