/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Patterns: hatchings that say what hue says, for eyes that can't tell the hues apart and for
 * print. A pattern is a tile of 8 by 8 device pixels, some of which are covered with ink: a
 * stronger or weaker shade of the colour that it is drawn on. Pure, any thread.
 */

#include "psc-theme.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_PATTERN_NONE,
  PSC_PATTERN_DIAGONAL_UP,   /* / */
  PSC_PATTERN_DIAGONAL_DOWN, /* \ */
  PSC_PATTERN_CROSS,         /* both */
  PSC_PATTERN_DOTS,
  PSC_PATTERN_HORIZONTAL,
  PSC_PATTERN_VERTICAL,
  PSC_PATTERN_GRID, /* both */
  PSC_PATTERN_CHECKER,
  PSC_PATTERN_DASHES,
  PSC_N_PATTERNS
} PscPattern;

/* Side of the tile, device pixels. */
#define PSC_PATTERN_SIZE 8u

/* Is the device pixel (x, y) covered with ink? x and y count from any fixed corner. O(1). */
gboolean psc_pattern_covers (PscPattern pattern, guint x, guint y);
/* The ink for a colour: well apart from it, and of its hue. */
PscColor psc_pattern_ink (PscColor color);

G_END_DECLS
