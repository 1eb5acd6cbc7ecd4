/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Writing what a map shows to a file, in a worker: a picture as psc_figure_export() makes it, or
 * the data as psc_report makes it. The format follows from the extension of the path.
 */

#include "psc-figure.h"
#include "psc-map-view.h"

G_BEGIN_DECLS

typedef struct
{
  PscSpace *space; /* references */
  PscLayout *layout;
  PscView view;
  gboolean seen_only; /* the view, not everything; of no meaning for data */
  PscLens lens;
  PscTheme theme;
  guint width;                   /* px or points, of a picture of everything */
  guint seen_width, seen_height; /* of the map as a widget: a picture of it is as large */
} PscExport;

/* Width of a picture unless another is asked for. */
#define PSC_EXPORT_WIDTH 1600

/* What the map shows now, everything, in its lens and theme; NULL when it shows nothing. */
PscExport *psc_export_new (PscMapView *map);
void psc_export_free (PscExport *export);

/* Takes the export. The callback runs in the thread of the window. */
void psc_export_async (PscExport *export, const char *path, GAsyncReadyCallback callback,
                       gpointer user_data);
/* The path that was written; NULL with PSC_FIGURE_ERROR or G_FILE_ERROR. Free with g_free(). */
char *psc_export_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscExport, psc_export_free)

G_END_DECLS
