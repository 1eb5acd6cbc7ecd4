/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where the view has been, for back and forward, as a browser does it. A place is remembered by the
 * address in its middle and by its zoom, so that it is found again although the layout has changed
 * since. Plain data, no widgets. Thread of the window.
 */

#include "psc-view.h"

G_BEGIN_DECLS

/* Places remembered each way; the oldest are forgotten. */
#define PSC_VIEW_HISTORY_MAX 64

typedef struct
{
  gboolean fit; /* the whole space, whatever its size by then */
  double row_height;
  PscViewAnchor middle;
} PscViewBookmark;

PscViewBookmark psc_view_bookmark (const PscView *view, const PscLayout *layout, gboolean fit);
/* Puts the view there; the view keeps its size. */
void
psc_view_bookmark_apply (const PscViewBookmark *bookmark, PscView *view, const PscLayout *layout);

typedef struct
{
  GArray *back;    /* of PscViewBookmark */
  GArray *forward; /* likewise */
} PscViewHistory;

void psc_view_history_init (PscViewHistory *history);
void psc_view_history_finish (PscViewHistory *history);
void psc_view_history_clear (PscViewHistory *history);
/* Leaving `from` for a new place: forward is forgotten. Two visits to one place in a row are one.
 */
void psc_view_history_leave (PscViewHistory *history, const PscViewBookmark *from);
/* The place to go to, `from` being where we are. FALSE when there is none. */
gboolean
psc_view_history_back (PscViewHistory *history, const PscViewBookmark *from, PscViewBookmark *to);
gboolean psc_view_history_forward (PscViewHistory *history, const PscViewBookmark *from,
                                   PscViewBookmark *to);

G_END_DECLS
