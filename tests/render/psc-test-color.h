/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How far apart colours are, for every kind of eyes. */

#include "psc-theme.h"

/* Full dichromats: the cones that are missing. */
typedef enum
{
  PSC_VISION_NORMAL,
  PSC_VISION_PROTAN, /* of red */
  PSC_VISION_DEUTAN, /* of green */
  PSC_VISION_TRITAN, /* of blue */
  PSC_N_VISIONS
} PscVision;

/* CIE L*a*b* for D65. */
typedef struct
{
  double l, a, b;
} PscLab;

const char *psc_vision_id (PscVision vision);
/* What such eyes see of the colour. */
PscLab psc_lab_from_color (PscColor color, PscVision vision);
/* CIEDE2000: 1 is what a trained eye just tells apart side by side. */
double psc_lab_difference (PscLab x, PscLab y);
/* WCAG 2, 1 to 21. */
double psc_color_contrast (PscColor x, PscColor y);
