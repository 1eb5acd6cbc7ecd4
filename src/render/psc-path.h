/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The way from one view to another. A plain struct and pure functions on it: time comes in as a
 * share of the way, so a movement can be looked at, tested and broken off anywhere.
 *
 *  - Where the middle of one view is in sight of the wider one, the view glides: zoom runs
 *    geometrically, and one point of the screen stays where it is, as with a zoom by hand.
 *  - Else it travels, zooming out until both ends are in sight and in again: the path of least
 *    apparent motion after J. J. van Wijk and W. A. A. Nuij, "Smooth and efficient zooming and
 *    panning" (INFOVIS 2003), with rho² = 2. Their plane has one scale, the map has two and marks
 *    of fixed height: the path is taken down the page, in rows, and the distance is what has to be
 *    in view to see both ends. Across, the middle is kept as far off, in views, as it is down.
 */

#include "psc-view.h"

G_BEGIN_DECLS

typedef struct
{
  PscView from, to; /* of one size */
  gboolean travels;
  double length; /* of the way, 0 or more: 1 is about a view's size or a zoom by e^rho */

  /* private: the middles of both views, and the parameters of the path */
  double rows[2], rules[2], pages[2];
  double distance, bend, peak;
} PscPath;

/* Both views must be of the size of `to`; `from` is taken as if it were. O(log n). */
void psc_path_init (PscPath *path, const PscLayout *layout, const PscView *from, const PscView *to);

/* The view after a share of the way: exactly `from` at 0 or less, exactly `to` at 1 or more, and
 * within the layout in between. Continuous; zoom goes out at most once and then in. O(1). */
PscView psc_path_at (const PscPath *path, const PscLayout *layout, double share);

/* How long a movement along it should take, milliseconds: short ones about as long as a blink, and
 * never so long that one would have to wait. */
guint psc_path_duration_ms (const PscPath *path);

G_END_DECLS
