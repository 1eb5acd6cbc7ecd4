/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A cairo context whose drawing becomes SVG that is worth having: text stays text, shapes are short
 * paths, and pictures are PNGs that keep their hard edges. (Cairo's own SVG turns text into
 * outlines, which nobody can search, and is several times larger.) The same drawing always gives
 * the same bytes.
 *
 * What the drawing may use: fill, stroke and paint, any path, plain colours; other sources become
 * pictures. Clips count as their extents in whole px. Texts come through psc_canvas_text(). One
 * thread at a time.
 */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct _PscSvg PscSvg;

/* Called when a picture was embedded at (x, y), to add something on top of it to `body`. */
typedef void (*PscSvgPictureFunc) (GString *body, double x, double y, double width, double height,
                                   gpointer user_data);

/* width, height: px, at most 32767. picture_func may be NULL. */
PscSvg *
psc_svg_new (double width, double height, PscSvgPictureFunc picture_func, gpointer user_data);
/* NULL is allowed. */
void psc_svg_free (PscSvg *svg);
/* To draw on. Borrowed. */
cairo_t *psc_svg_get_context (PscSvg *svg);
/* What was drawn until now as elements, without a document around them. Texts have the classes "m"
 * (monospace) and "b" (bold), pictures the class "p". Borrowed; changes with the next drawing. */
const GString *psc_svg_get_body (PscSvg *svg);
/* CAIRO_STATUS_SUCCESS unless something went wrong on the way. */
cairo_status_t psc_svg_get_status (PscSvg *svg);

/* Any bytes as character data of XML 1.0, in attributes too: markup is escaped, what XML can't hold
 * (control characters, broken UTF-8) becomes U+FFFD. */
void psc_svg_append_escaped (GString *out, const char *text);
/* With two decimals at most, the same in every locale. */
void psc_svg_append_number (GString *out, double number);
/* A path of one rectangle: "M1 2h3v4h-3z". */
void psc_svg_append_rectangle (GString *out, double x, double y, double width, double height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscSvg, psc_svg_free)

G_END_DECLS
