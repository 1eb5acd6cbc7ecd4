/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Geometry of the overview: a strip that stands for all 2^64 addresses, for what the map leaves
 * out. Three parts, one above the other: the user half, the addresses between the halves that no
 * pointer may have (not canonical), and the kernel half. The user half is to a scale that is
 * logarithmic from both ends: a heap near address 0 or near the middle, and stacks and libraries
 * near the end, have room, however far apart they are. Pure, any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_OVERVIEW_USER,
  PSC_OVERVIEW_HOLE,
  PSC_OVERVIEW_KERNEL,
  PSC_OVERVIEW_N_PARTS
} PscOverviewPart;

typedef struct
{
  double height;       /* px */
  guint user_bits;     /* log2 of the size of each half, 33 to 63; 63: there is no hole */
  gboolean low_at_top; /* as the map's */
} PscOverview;

/* Where a part lies: [*top, *bottom) px, and [*start, *last] addresses. FALSE for a hole that isn't
 * there. */
gboolean psc_overview_part (const PscOverview *overview, PscOverviewPart part, double *top,
                            double *bottom, guint64 *start, guint64 *last);
/* The part of an address. */
PscOverviewPart psc_overview_part_of (const PscOverview *overview, guint64 address);
/* Height of an address, px from the top of the strip, in [0, height]. Monotonic. */
double psc_overview_y (const PscOverview *overview, guint64 address);
/* The address at a height: the lowest that psc_overview_y() has there, as far as that can be told;
 * heights outside the strip are taken for its ends. Monotonic. */
guint64 psc_overview_address (const PscOverview *overview, double y);

G_END_DECLS
