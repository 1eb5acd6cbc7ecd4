/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The exported figure: title, map, legend, scale, host, kernel and time on one page, as PNG, SVG or
 * PDF. What it shows is what the window shows: the same psc_map_draw() makes it. Files appear whole
 * or not at all: written beside their place and renamed.
 */

#include <gio/gio.h>
#include "psc-chrome.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

#define PSC_FIGURE_ERROR (psc_figure_error_quark ())
GQuark psc_figure_error_quark (void);
typedef enum
{
  PSC_FIGURE_ERROR_FORMAT, /* the file name has no extension that we know */
  PSC_FIGURE_ERROR_SIZE,   /* width or height out of bounds */
  PSC_FIGURE_ERROR_RANGE,  /* nothing is mapped in the range */
  PSC_FIGURE_ERROR_WRITE,  /* it could not be drawn, or the file not be written */
} PscFigureError;

typedef enum
{
  PSC_FIGURE_PNG,
  PSC_FIGURE_SVG,
  PSC_FIGURE_PDF,
} PscFigureFormat;

#define PSC_FIGURE_MIN_SIZE 200
#define PSC_FIGURE_MAX_SIZE 20000
/* Width of a figure when 0 is asked for. */
#define PSC_FIGURE_WIDTH     1600
#define PSC_FIGURE_MAX_SCALE 4

typedef struct
{
  PscLens lens;
  PscTheme theme;
  guint width, height; /* px (PNG) or points (SVG, PDF); height 0: as high as the space needs for
                          legible rows, within bounds */
  guint scale;         /* PNG: pixels per px, 1 to PSC_FIGURE_MAX_SCALE; 0: 1. Others ignore it. */
  guint64 range_start, range_end; /* show only what is mapped here; equal: everything */
  gboolean low_at_top;            /* as in PscLayoutOptions, for a fresh layout */
  const PscView *view;            /* show just this view of `layout`, as a window does; NULL: fit */
  const PscLayout *layout;        /* NULL: a fresh one of the space */
  const PscTraits *traits;        /* as in PscMap */
  const PscSpace *since;          /* what the change lens compares with, for the title; or NULL */
  guint64 only;                   /* likewise */
  const PscTimeline *timeline;    /* drawn below the map, the moment of the space marked; or NULL */
  gboolean patterns;              /* likewise */
} PscFigureOptions;

/* "png", "svg", "pdf" */
const char *psc_figure_format_id (PscFigureFormat format);
gboolean psc_figure_format_from_id (const char *id, PscFigureFormat *format);
/* From the extension, case ignored: png, svg, pdf. */
gboolean psc_figure_format_from_path (const char *path, PscFigureFormat *format, GError **error);

/* The figure as the bytes of a file. The same space and options give the same bytes. NULL with
 * PSC_FIGURE_ERROR. Any thread. */
GBytes *psc_figure_render (const PscSpace *space, const PscFigureOptions *options,
                           PscFigureFormat format, GError **error);

/* Writes the figure. FALSE with PSC_FIGURE_ERROR and no file, and an existing file untouched. */
gboolean psc_figure_export (const PscSpace *space, const PscFigureOptions *options,
                            PscFigureFormat format, const char *path, GError **error);

/* Writes any file in the same way: whole or not at all. What is no regular file (a pipe, a device)
 * is written to and never replaced. PSC_FIGURE_ERROR_WRITE. */
gboolean psc_figure_write_file (const char *path, const void *data, gsize length, GError **error);

/* The figure on any context, `width` x `height`. */
void psc_figure_draw (const PscSpace *space, const PscFigureOptions *options, cairo_t *cr,
                      double width, double height);

G_END_DECLS
