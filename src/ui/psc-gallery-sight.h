/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which tiles of a grid of PscGalleryTile are in view. The grid keeps widgets far beyond its view,
 * and moves them without telling: so whoever wants to know looks. O(widgets of the grid). Thread of
 * the window only.
 */

#include "psc-gallery-tile.h"

G_BEGIN_DECLS

/* The tile of a process; NULL when the grid has no widget for it at the moment. Borrowed. */
PscGalleryTile *psc_gallery_sight_find (GtkGridView *grid, gint pid);
/* Heights of the view from the view to a widget of the grid; 0: in view; G_MAXDOUBLE: nowhere. */
double psc_gallery_sight_distance (GtkGridView *grid, GtkWidget *widget);
/* Appends the PIDs (gint) of the tiles that are in view (within 0), or else out of view but within
 * so many heights of it, in the order of the widgets. */
void psc_gallery_sight_append (GtkGridView *grid, double within, GArray *pids);

G_END_DECLS
