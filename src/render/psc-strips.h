/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The map's body as strips of pixels that are kept from frame to frame: moving the view up or down
 * draws only the strips that come into view, and a change in memory only those that it touches.
 *
 * Strips are PSC_STRIPS_HEIGHT device pixels high and lie at multiples of that below the top of the
 * layout, so a view that moves by whole device pixels shows the same ones. One thread.
 */

#include "psc-raster.h"

G_BEGIN_DECLS

#define PSC_STRIPS_HEIGHT 64

typedef struct
{
  gint64 index; /* its top is at index * PSC_STRIPS_HEIGHT device px of the layout */
  /* CAIRO_FORMAT_RGB24 with its device scale set. Nothing else is drawn into it as long as somebody
   * has a reference. */
  cairo_surface_t *surface;
  gpointer data; /* of the user, freed with the strip */
} PscStrip;

typedef struct _PscStrips PscStrips;

/* destroy, which may be NULL, frees PscStrip.data. */
PscStrips *psc_strips_new (GDestroyNotify destroy);
void psc_strips_free (PscStrips *strips);
/* What colours and places of pages depend on has changed: everything has to be drawn anew. */
void psc_strips_clear (PscStrips *strips);
/* The same for what stands in rows of a band; needs to have been updated since it was cleared. */
void
psc_strips_drop_rows (PscStrips *strips, const PscLayout *layout, guint band, guint from, guint to);
/* Draws what of the job's view is missing, and drops what is far out of sight. Another zoom, width,
 * scale or place from the left drops all. job->view.y must be a whole number of device pixels. */
void psc_strips_update (PscStrips *strips, const PscRasterJob *job);
/* Those in view, from the top. Valid until the next call. */
PscStrip **psc_strips_get (PscStrips *strips, guint *n);
/* px from the top of the view to that of the strip. */
double psc_strips_get_y (const PscStrips *strips, const PscStrip *strip);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscStrips, psc_strips_free)

G_END_DECLS
