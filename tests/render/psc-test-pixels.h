/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reading back what was drawn: how much of one colour is mixed with another, in linear light. */

#include <cairo.h>

#include "psc-lens.h"

/* Mean share of colour `a` in an image that mixes it with `b`, over a rectangle of device pixels,
 * by the green of each. Pixels of exactly the colour `skip` don't count; PSC_TEST_NO_SKIP counts
 * all. */
double psc_test_share (cairo_surface_t *surface, PscColor a, PscColor b, PscColor skip, int x,
                       int y, int width, int height);

#define PSC_TEST_NO_SKIP 0xffffffffu

/* Mean share of resident pages among resident and absent ones in the residency lens, in the middle
 * of an exported figure; hairlines are left out. */
double psc_test_share_in_png (const char *path, PscTheme theme);
