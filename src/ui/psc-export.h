/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Writing what a map shows to a file, or to memory for the clipboard, in a worker: a picture as
 * psc_figure_render() makes it, or the data as psc_report makes it. An export is a snapshot: what
 * the window does meanwhile does not change it.
 */

#include "psc-figure.h"
#include "psc-map-view.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_EXPORT_EVERYTHING,
  PSC_EXPORT_SEEN,     /* what the window shows, in its size */
  PSC_EXPORT_SELECTED, /* the selected mapping; there must be one */
} PscExportExtent;

typedef enum
{
  PSC_EXPORT_PNG = PSC_FIGURE_PNG,
  PSC_EXPORT_SVG = PSC_FIGURE_SVG,
  PSC_EXPORT_PDF = PSC_FIGURE_PDF,
  PSC_EXPORT_CSV,
  PSC_EXPORT_JSON,
  PSC_N_EXPORT_FORMATS
} PscExportFormat;

typedef struct
{
  PscSpace *space; /* references */
  PscLayout *layout;
  PscTraits *traits; /* or NULL */
  PscSpace *since;   /* what the change lens compares with, or NULL; likewise */
  PscView view;
  gboolean fit;           /* the view is of everything */
  PscExportExtent extent; /* of no meaning for data, which are always everything */
  PscLens lens;
  guint64 only;
  gboolean patterns;
  PscTheme theme;
  guint width, height; /* px or points, when not as the window; height 0: what the rows need */
  guint scale;         /* of a PNG, as in PscFigureOptions */
  guint seen_width, seen_height;          /* of the map as a widget */
  guint64 selection_start, selection_end; /* of the selected mapping; equal: there is none */
} PscExport;

/* What the map shows now, everything, in its lens and theme; NULL when it shows nothing. */
PscExport *psc_export_new (PscMapView *map);
void psc_export_free (PscExport *export);

/* "png", "svg", "pdf", "csv", "json" */
const char *psc_export_format_id (PscExportFormat format);
gboolean psc_export_format_from_id (const char *id, PscExportFormat *format);

/* Takes the export. The format follows from the extension of the path. The callback runs in the
 * thread of the window. */
void psc_export_async (PscExport *export, const char *path, GAsyncReadyCallback callback,
                       gpointer user_data);
/* The path that was written; NULL with PSC_FIGURE_ERROR. Free with g_free(). */
char *psc_export_finish (GAsyncResult *result, GError **error);

/* The same to memory. */
void psc_export_render_async (PscExport *export, PscExportFormat format,
                              GAsyncReadyCallback callback, gpointer user_data);
/* NULL with PSC_FIGURE_ERROR. */
GBytes *psc_export_render_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscExport, psc_export_free)

G_END_DECLS
