/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A figure as an SVG document that tells what it shows: searchable text, segments that name
 * themselves under the pointer, title and description for readers that don't see it. Its size
 * follows from what can be seen, not from the number of mappings.
 */

#include "psc-chrome.h"

G_BEGIN_DECLS

typedef struct
{
  const PscMap *map;
  double width, height;                           /* px, of the page */
  double top;                                     /* px from the page's upper edge to the map's */
  const char *title, *description;                /* valid UTF-8, any characters */
  void (*draw) (cairo_t *cr, gpointer user_data); /* draws the whole page, the map included */
  gpointer user_data;
} PscFigureSvg;

/* The document; ends with a newline. Free with g_string_free(). NULL when cairo fails: *status then
 * says why. */
GString *psc_figure_svg_write (const PscFigureSvg *figure, cairo_status_t *status);

G_END_DECLS
