/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Spaces for tests of the drawing, written down as text: one mapping a line,
 *   START SIZE PERMS NAME [PAGES STATE PERIOD]...
 * START and SIZE in hex bytes; then stretches from the mapping's start on: PAGES pages, of which
 * every PERIODth (1: all) is in the state of a letter: r resident, f file, h huge, z zero,
 * s swapped, g guard, . absent. */

#include "psc-layout.h"
#include "psc-space.h"

PscSpace *psc_test_space_new (const char *text);

/* One with its layout. */
typedef struct
{
  PscSpace *space;
  PscLayout *layout;
} PscTestMap;

void psc_test_map_init (PscTestMap *map, const char *text, gboolean low_at_top);
void psc_test_map_clear (PscTestMap *map);
