/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which groups are named beside a view, and at what height. Those with most memory come first; none
 * overlap; a small pan moves labels with their rows and changes nothing else, because what is
 * looked at is cut into cells that stand still in the layout, and places are looked for a little
 * beyond what is in sight. Pure; costs what the height costs, and log n for each label.
 */

#include "psc-labels.h"
#include "psc-view.h"

G_BEGIN_DECLS

typedef struct
{
  guint group;
  double top, bottom; /* px in the viewport, of the group's rows; not cut to it */
  double y;           /* px, the middle of its label; NAN: it has none */
} PscLabelPlace;

/* Of PscLabelPlace, the most important first; also of groups that are only nearly in sight, and for
 * them y may lie outside the view. `line` px: the height that a label takes. Free with
 * g_array_unref(). */
GArray *psc_label_places_find (const PscLabels *labels, const PscView *view,
                               const PscLayout *layout, double line);

G_END_DECLS
