/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Cairo's paths as path data of SVG, short: relative, rounded to hundredths of a px without adding
 * up errors. Internal to psc-svg; any thread. */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double x0, y0, x1, y1; /* device px */
} PscSvgBox;

/* " name=\"1.5\"" */
void psc_svg_append_attribute (GString *out, const char *name, double number);
/* A path in the user space of the context. */
void psc_svg_append_path (GString *out, cairo_t *cr, const cairo_path_t *path);
/* Lines without what lies outside of the box: hatchings are many short lines in small boxes, and a
 * clip path for each would take more room than they do. FALSE, and nothing written, when there are
 * curves. */
gboolean psc_svg_append_cut_lines (GString *out, cairo_t *cr, const cairo_path_t *path,
                                   const PscSvgBox *clip);

G_END_DECLS
