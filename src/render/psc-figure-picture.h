/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The pages of a map as a picture for a file that can be enlarged (SVG, PDF): twice as fine as the
 * page where the file stays small, which is nearly always. Any thread. */

#include "psc-chrome.h"

G_BEGIN_DECLS

/* For psc_map_draw(). The caller owns it; NULL when there is no memory for it. */
cairo_surface_t *psc_figure_picture_new (const PscMap *map);

G_END_DECLS
