/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The processes of the gallery as a list model of PscGalleryItem: all but kernel threads, filtered
 * and sorted. A new table changes items in place; their order changes only by
 * psc_gallery_model_settle(), so that nothing moves under the pointer. Needs no display; thread of
 * the window only.
 */

#include <gtk/gtk.h>
#include "psc-gallery-item.h"

G_BEGIN_DECLS

#define PSC_TYPE_GALLERY_MODEL (psc_gallery_model_get_type ())
G_DECLARE_FINAL_TYPE (PscGalleryModel, psc_gallery_model, PSC, GALLERY_MODEL, GObject)

PscGalleryModel *psc_gallery_model_new (void);
/* Filtered and sorted; borrowed. */
GListModel *psc_gallery_model_get_list (PscGalleryModel *self);

/* O(processes). */
void psc_gallery_model_set_table (PscGalleryModel *self, PscProcessTable *table);
/* Only those that psc_process_item_matches() the folded text; NULL: all. */
void psc_gallery_model_set_search (PscGalleryModel *self, const char *folded);
void psc_gallery_model_set_sort (PscGalleryModel *self, PscGallerySort sort);
/* Puts items into the order of their present values; TRUE when that moved any. */
gboolean psc_gallery_model_settle (PscGalleryModel *self);
/* Growth is counted from here on. */
void psc_gallery_model_look_away (PscGalleryModel *self);

/* NULL when there is none, or none in the table. Borrowed. O(1). */
PscGalleryItem *psc_gallery_model_find (PscGalleryModel *self, gint pid);
/* Where it stands in the list; GTK_INVALID_LIST_POSITION when it is filtered out. O(n). */
guint psc_gallery_model_get_position (PscGalleryModel *self, gint pid);
/* All, and those of them that may not be read; filtered or not. */
guint psc_gallery_model_count (PscGalleryModel *self, guint *n_unreadable);

G_END_DECLS
