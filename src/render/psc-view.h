/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The view: which part of a layout is seen, how large. A plain struct and pure functions on it;
 * copy it by value. All lengths are device-independent pixels of the map body (without ruler and
 * labels), y down.
 *
 * Zoom is one number, the height of a row. From the whole space up to PSC_VIEW_SQUARE_ROW rows grow
 * taller while their full width stays in view; above it pages grow wider too, until they are
 * square.
 */

#include "psc-layout.h"

G_BEGIN_DECLS

#define PSC_VIEW_SQUARE_ROW  40.0  /* px: row height at which pages begin to grow wider */
#define PSC_VIEW_MAX_ROW     640.0 /* px: one page fills a good part of the view */
#define PSC_VIEW_FIT_MAX_ROW 40.0  /* px: small processes are not blown up beyond this when fit */
#define PSC_VIEW_RULE_HEIGHT 20.0  /* px */

typedef struct
{
  double width, height; /* of the viewport, px */
  double row_height;    /* px per row: the zoom */
  double x, y;          /* px from the layout's top left corner to the viewport's */
} PscView;

/* The whole layout in the viewport. */
void psc_view_fit (PscView *view, const PscLayout *layout, double width, double height);
/* Keeps zoom and, as far as it can, the place; call when the size or the layout changed. */
void psc_view_resize (PscView *view, const PscLayout *layout, double width, double height);
/* Zoom by a factor with the point (x, y) of the viewport staying where it is. */
void psc_view_zoom (PscView *view, const PscLayout *layout, double factor, double x, double y);
void psc_view_pan (PscView *view, const PscLayout *layout, double dx, double dy);
/* The smallest view that shows addresses [start, end) whole, with some air around. */
void psc_view_show_range (PscView *view, const PscLayout *layout, guint64 start, guint64 end);
/* Scrolls as little as is needed to have the page of this address in view. */
void psc_view_reveal (PscView *view, const PscLayout *layout, guint64 address);

/* Brings addresses [start, end) into view so that they can be read: stays where it is when they can
 * already, else moves as they need it, and zooms in, never out, where they are too small. Of what
 * is larger than the view its beginning comes into view. In psc-view-seek.c. */
void psc_view_seek (PscView *view, const PscLayout *layout, guint64 start, guint64 end);
/* What stands at a height y of the viewport, in the two units of the layout; inside of a rule a
 * part of one, and past the end as many rows more as would fit there. */
void
psc_view_down (const PscView *view, const PscLayout *layout, double y, double *rows, double *rules);
/* The largest row height at which so many pages fit across, at least that which fits everything. */
double psc_view_row_height_for_pages (const PscView *view, const PscLayout *layout, double n_pages);
/* The addresses [start, end) in the viewport, of whole rows; of one row alone what is seen of it.
 * FALSE when there are none. O(log n). */
gboolean
psc_view_get_seen (const PscView *view, const PscLayout *layout, guint64 *start, guint64 *end);

/* The same without what lies to the left and right of the viewport: PscRange in address order,
 * one for each row when rows are wider than the view. Free with g_array_unref(). O(rows in view ·
 * log n). */
GArray *psc_view_find_seen (const PscView *view, const PscLayout *layout);

double psc_view_fit_row_height (const PscLayout *layout, double width, double height);
/* px per page across, at the view's zoom. */
double psc_view_page_width (const PscView *view, const PscLayout *layout);
/* Height of a rule, px: PSC_VIEW_RULE_HEIGHT; less, but no less than a row, when there are so many
 * that they'd fill the view. */
double psc_view_rule_height (const PscView *view, const PscLayout *layout);
/* Size of the whole layout at this zoom, px. */
void
psc_view_get_extent (const PscView *view, const PscLayout *layout, double *width, double *height);
/* px from the top of the layout. */
double psc_view_down_px (const PscView *view, const PscLayout *layout, const PscDown *down);
/* Top edge of a band in the viewport, px; may be outside. */
double psc_view_band_top (const PscView *view, const PscLayout *layout, const PscBand *band);
/* Bands that touch the viewport: indices [*first, *last). O(log n). */
void
psc_view_visible_bands (const PscView *view, const PscLayout *layout, guint *first, guint *last);
/* The same for the stripe [top, bottom) of it, px; may be outside. */
void psc_view_bands_between (const PscView *view, const PscLayout *layout, double top,
                             double bottom, guint *first, guint *last);
/* What is at a point of the viewport. O(log n). */
PscPlace psc_view_hit (const PscView *view, const PscLayout *layout, double x, double y);
/* The rectangle of the page or mark at an address, px in the viewport. FALSE when it has no place.
 */
gboolean psc_view_rect (const PscView *view, const PscLayout *layout, guint64 address, double *x,
                        double *y, double *width, double *height);

/* An anchor: remembers what is at a point, so that a new layout can be put under it again. */
typedef struct
{
  gboolean valid;
  guint64 address;
  double dx, dy; /* px from the address's rectangle to the point */
  double x, y;
} PscViewAnchor;

PscViewAnchor psc_view_anchor (const PscView *view, const PscLayout *layout, double x, double y);
/* The same for the page or mark at an address, wherever it is; not valid when it has no place. */
PscViewAnchor
psc_view_anchor_address (const PscView *view, const PscLayout *layout, guint64 address);
/* Moves the view so that the anchor's address is where it was. */
void psc_view_restore (PscView *view, const PscLayout *layout, const PscViewAnchor *anchor);

G_END_DECLS
