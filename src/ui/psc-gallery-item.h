/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One process in the gallery: what the list knows of it and its picture, as what a tile says. It
 * stays the same object as long as the process lives, and with it focus and place. Thread of the
 * window only.
 *
 * Signal: "changed", without arguments: something that a tile shows.
 */

#include "psc-process-item.h"
#include "psc-thumbnails.h"

G_BEGIN_DECLS

/* What the gallery may be sorted by; the ids are those of the setting. */
typedef enum
{
  PSC_GALLERY_SORT_RESIDENT, /* "resident": most first */
  PSC_GALLERY_SORT_GROWTH,   /* "growth": grown most since the last look first */
  PSC_GALLERY_SORT_NAME,     /* "name" */
  PSC_GALLERY_SORT_PID,      /* "pid" */
  PSC_N_GALLERY_SORTS
} PscGallerySort;

const char *psc_gallery_sort_id (PscGallerySort sort);
/* FALSE, and nothing set, when there is none of that name. */
gboolean psc_gallery_sort_from_id (const char *id, PscGallerySort *sort);

#define PSC_TYPE_GALLERY_ITEM (psc_gallery_item_get_type ())
G_DECLARE_FINAL_TYPE (PscGalleryItem, psc_gallery_item, PSC, GALLERY_ITEM, GObject)

PscGalleryItem *
psc_gallery_item_new (const PscProcess *process, const char *user, gboolean readable);
/* Takes over new numbers of the same process. TRUE when something changed that a gallery may be
 * sorted by. */
gboolean psc_gallery_item_update (PscGalleryItem *self, const PscProcess *process, const char *user,
                                  gboolean readable);
/* Its picture or why there is none; NULL: none yet. */
void psc_gallery_item_set_thumbnail (PscGalleryItem *self, const PscThumbnail *thumbnail);
/* Growth is counted from here on: the user looks away. */
void psc_gallery_item_look_away (PscGalleryItem *self);

/* From now on it is sorted by its present values, as psc_process_item_settle() has it. */
void psc_gallery_item_settle (PscGalleryItem *self);
/* A total order of settled items: what can't be looked into is last. */
gint psc_gallery_item_compare (PscGalleryItem *a, PscGalleryItem *b, PscGallerySort sort);

/* Its row of the process list, which knows its words. Borrowed. */
PscProcessItem *psc_gallery_item_get_row (PscGalleryItem *self);
gint psc_gallery_item_get_pid (PscGalleryItem *self);
/* NULL when there is no picture. Borrowed. */
cairo_surface_t *psc_gallery_item_get_surface (PscGalleryItem *self);
/* May it be looked into, as far as is known? */
gboolean psc_gallery_item_get_readable (PscGalleryItem *self);
/* Bytes of resident memory that it has more than at the last look; 0 when that is too little to
 * speak of. */
guint64 psc_gallery_item_get_growth (PscGalleryItem *self);

/* What a tile says. Free with g_free(). */
char *psc_gallery_item_dup_name (PscGalleryItem *self);
char *psc_gallery_item_dup_size (PscGalleryItem *self);
/* "PID 4711 · idle · 2 MiB in swap" */
char *psc_gallery_item_dup_facts (PscGalleryItem *self);
/* Command line, growth, why there is no picture; plain text. */
char *psc_gallery_item_dup_tooltip (PscGalleryItem *self);
/* "java, PID 4711, 359 MiB resident" */
char *psc_gallery_item_dup_label (PscGalleryItem *self);
/* Icon in place of a picture; NULL while one is awaited or there. Static. */
const char *psc_gallery_item_get_icon (PscGalleryItem *self);

G_END_DECLS
