/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Stretches: how one steps through memory. A stretch is a run of neighbouring pages of one mapping
 * that are in one class, absent pages included; the stretches of a mapping cover it without gaps.
 * Pure functions, any thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end; /* bytes, [start, end); end 0: none */
  PscPageClass klass;
} PscStretch;

/* The one with an address of the mapping. O(log runs) for each run that is joined. */
PscStretch psc_stretch_at (const PscSpace *space, const PscMapping *mapping, guint64 address);
/* The next higher (step 1) or lower (step -1), over the borders of mappings and over what is not
 * mapped. At the end of the space: none. */
PscStretch psc_stretch_next (const PscSpace *space, const PscStretch *stretch, int step);
/* The how manieth of how many of its mapping, counted from 1. O(runs of the mapping). */
void psc_stretch_count (const PscSpace *space, const PscMapping *mapping, const PscStretch *stretch,
                        guint *index, guint *n);

G_END_DECLS
