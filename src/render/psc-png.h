/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Pictures of maps as PNG. They are few colours in hard edges, which cairo's own writer makes two
 * to three times as large: here they get a palette where there are no more than 256 colours, lines
 * that repeat cost nothing, and the picture can say in words what it shows. The same pixels and
 * words give the same bytes. Any thread.
 */

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *keyword; /* ASCII: "Title", "Description", "Software", "Creation Time" */
  const char *text;    /* valid UTF-8 */
} PscPngText;

/* Appends the picture; `surface` is a CAIRO_FORMAT_RGB24 image of at least a pixel. Its device
 * scale becomes the resolution: 1 is 96 dots per inch. */
void
psc_png_append (GByteArray *out, cairo_surface_t *surface, const PscPngText *texts, guint n_texts);

G_END_DECLS
