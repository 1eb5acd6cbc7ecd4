/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The outline of a range of addresses as it stands on the map: on a block a staircase, on a line
 * one box for each word. As a list of thin bars, so that whoever draws it needs no path and no
 * surface. Pure function.
 */

#include "psc-chrome.h"

G_BEGIN_DECLS

/* Bars `line_px` thick around the pages of [start, end), outside of them, in px of the viewport,
 * clipped to `line_px` around it. Boxes are at least `least_px` in both directions. Marks of folds
 * and gaps count whole. Array of PscRect, empty when nothing of it is in view. At most
 * PSC_OUTLINE_MAX_BARS: of a range of very many words the lowest are outlined. */
#define PSC_OUTLINE_MAX_BARS 512

GArray *psc_outline_new (const PscView *view, const PscLayout *layout, guint64 start, guint64 end,
                         double line_px, double least_px);

G_END_DECLS
