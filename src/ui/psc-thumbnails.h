/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscThumbnails: small pictures of many address spaces, made from real snapshots and kept up to
 * date for those that somebody looks at. One worker with one probe makes one picture at a time; the
 * snapshot is freed as soon as its picture is drawn. Knows of no widgets.
 *
 * Which is next: what has no picture, then what has one in another look, then what has changed
 * since its picture (its resident size or faults, which the list of processes tells for nothing),
 * then what is old; of equals the one whose picture is oldest. First pictures may take up to half
 * a core, so that they come while one waits for them; all others together keep to PscBudget's share
 * of one.
 *
 * Thread of the window only. Signals:
 *  "changed" (int pid): the thumbnail of this process, or it has none any more
 */

#include "psc-thumbnail-job.h"

G_BEGIN_DECLS

/* Bytes of pictures that are kept; the ones that were looked at longest ago go first. */
#define PSC_THUMBNAILS_MAX_BYTES (64 << 20)

#define PSC_TYPE_THUMBNAILS (psc_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (PscThumbnails, psc_thumbnails, PSC, THUMBNAILS, GObject)

/* Inactive, and with nothing wanted. Takes a reference to the source, which should be nobody
 * else's: a picture that takes long would keep others waiting. */
PscThumbnails *psc_thumbnails_new (PscProbeSource *source);
/* Makes pictures while active, rests while not. Those that are there stay. */
void psc_thumbnails_set_active (PscThumbnails *self, gboolean active);
/* A picture in another look is shown until the one in this look is made. */
void psc_thumbnails_set_look (PscThumbnails *self, const PscThumbnailLook *look);
/* The processes that there are; forgets those of others. O(processes). */
void psc_thumbnails_set_table (PscThumbnails *self, PscProcessTable *table);
/* Of which processes pictures are wanted, the most wanted first. Kernel threads, processes that the
 * table does not have and those that may not be read have none. */
void psc_thumbnails_set_wanted (PscThumbnails *self, const gint *pids, guint n);
/* Borrowed, until "changed" or the next call that changes something; NULL: none yet. */
const PscThumbnail *psc_thumbnails_lookup (PscThumbnails *self, gint pid);
/* Ends all work for good. What the worker still does is dropped. */
void psc_thumbnails_stop (PscThumbnails *self);

/* Share of one core that pictures took over the last ten seconds: the probe's and our own work. */
double psc_thumbnails_get_share (PscThumbnails *self);
/* How often a process was captured, also in vain. */
guint64 psc_thumbnails_get_n_captures (PscThumbnails *self);
/* Bytes of all pictures that are kept. */
gsize psc_thumbnails_get_bytes (PscThumbnails *self);

G_END_DECLS
