/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The gallery: all processes as small maps of their address spaces, live as long as it is looked
 * at. Pictures are made only for tiles that are in view or about to be. Choosing a tile emits
 * "open"; psc_gallery_zoom() then leads from the tile to the map. Thread of the window only.
 *
 * Signals:
 *  "open" (int pid): a tile was chosen
 *  "zoomed": the movement that psc_gallery_zoom() began is at its end
 *  "facts-changed": what psc_gallery_count() and psc_gallery_get_share() say
 */

#include <gtk/gtk.h>
#include "psc-gallery-item.h"

G_BEGIN_DECLS

#define PSC_TYPE_GALLERY (psc_gallery_get_type ())
G_DECLARE_FINAL_TYPE (PscGallery, psc_gallery, PSC, GALLERY, GtkWidget)

GtkWidget *psc_gallery_new (void);

/* Where pictures come from; once, and the source should be nobody else's. */
void psc_gallery_set_source (PscGallery *self, PscProbeSource *source);
void psc_gallery_set_table (PscGallery *self, PscProcessTable *table);
/* Only processes that the folded text matches; NULL: all. */
void psc_gallery_set_search (PscGallery *self, const char *folded);
void psc_gallery_set_sort (PscGallery *self, PscGallerySort sort);
void psc_gallery_set_lens (PscGallery *self, PscLens lens);
void psc_gallery_set_low_at_top (PscGallery *self, gboolean low_at_top);
/* Somebody sees it: makes pictures; else nothing is captured. */
void psc_gallery_set_active (PscGallery *self, gboolean active);
/* By the user: pictures stay as they are, and the order too. */
void psc_gallery_set_paused (PscGallery *self, gboolean paused);
gboolean psc_gallery_get_paused (PscGallery *self);
/* Growth is counted from here on. */
void psc_gallery_look_away (PscGallery *self);
/* Ends all work for good. */
void psc_gallery_stop (PscGallery *self);

/* Puts the focus on the tile of a process and scrolls to it; when there is none on the first. */
void psc_gallery_focus (PscGallery *self, gint pid);
/* The picture of a process grows to where the map is: margins are px from the gallery's edges to
 * there. FALSE, and no "zoomed", when it has no picture in view. The last of it stays until the
 * gallery is not mapped any more. */
gboolean psc_gallery_zoom (PscGallery *self, gint pid, const GtkBorder *margins);
gboolean psc_gallery_is_zooming (PscGallery *self);

/* Processes, and those of them that may not be read. */
guint psc_gallery_count (PscGallery *self, guint *n_unreadable);
/* Tiles, as the search has it. */
guint psc_gallery_get_n_tiles (PscGallery *self);
/* Share of a core that pictures took lately. */
double psc_gallery_get_share (PscGallery *self);
/* For tests. Borrowed. */
PscThumbnails *psc_gallery_get_thumbnails (PscGallery *self);
/* For tests: the tile of a process; NULL when it has none at the moment. Borrowed. */
GtkWidget *psc_gallery_get_tile (PscGallery *self, gint pid);

G_END_DECLS
