/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A tile of the gallery: the picture of a process's address space with its name, size and state
 * below. Shows whatever item it is given, and follows it.
 *
 * Property: "item" (PscGalleryItem).
 */

#include <gtk/gtk.h>
#include "psc-gallery-item.h"

G_BEGIN_DECLS

/* px, of the picture; psc-gallery-tile.ui has the same. */
#define PSC_GALLERY_PICTURE_WIDTH  220
#define PSC_GALLERY_PICTURE_HEIGHT 140

#define PSC_TYPE_GALLERY_TILE (psc_gallery_tile_get_type ())
G_DECLARE_FINAL_TYPE (PscGalleryTile, psc_gallery_tile, PSC, GALLERY_TILE, GtkWidget)

/* NULL: it shows none. Borrowed. */
PscGalleryItem *psc_gallery_tile_get_item (PscGalleryTile *self);
/* The part of the tile that is the picture. Borrowed. */
GtkWidget *psc_gallery_tile_get_picture (PscGalleryTile *self);

G_END_DECLS
