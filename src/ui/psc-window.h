/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The window: process list, gallery or map, inspector, and the session that feeds them. Actions
 * ("win."): search, export, export-to (path), refresh, pause, zoom-in, zoom-out, zoom-fit, back,
 * forward, show-list, show-inspector, gallery, gallery-sort (id), kernel-threads, low-at-top,
 * fold-all, lens (id), next-lens, mark, mark-at (time), change-since (id), compare-process,
 * compare-recording, compare-with (word), stop-comparing, show-went, show-timeline, live,
 * show-growth, notify-when, unused, orphans, record, record-to (path), open-recording, open-file
 * (path), about.
 */

#include <adwaita.h>
#include "psc-gallery.h"
#include "psc-map-view.h"
#include "psc-session.h"

G_BEGIN_DECLS

#define PSC_TYPE_WINDOW (psc_window_get_type ())
G_DECLARE_FINAL_TYPE (PscWindow, psc_window, PSC, WINDOW, AdwApplicationWindow)

/* The largest process of one's own that may be read. */
#define PSC_WINDOW_LARGEST ""

/* root and via as PscSession takes them. target: a PID, a process name, PSC_WINDOW_LARGEST, or
 * NULL: the gallery. */
GtkWidget *
psc_window_new (GtkApplication *application, const char *root, const char *via, const char *target);

/* Compares what is shown, or is about to be, with a process (PID or name) or a moment of a
 * recording (FILE, FILE@TIME): see psc-other.h. What goes wrong is said in the window. */
void psc_window_compare_with (PscWindow *self, const char *word);
/* The process that it shows or, when it has gone on to another one, has shown: on the map, live. */
void psc_window_show_process (PscWindow *self, gint pid);

/* For tests. Borrowed. */
PscSession *psc_window_get_session (PscWindow *self);
PscMapView *psc_window_get_map (PscWindow *self);
PscGallery *psc_window_get_gallery (PscWindow *self);

G_END_DECLS
