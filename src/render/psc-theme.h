/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Themes: the colours of everything that is not a page. Light and dark, each also with high
 * contrast for people who ask their desktop for it. Pure data, any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_THEME_LIGHT,
  PSC_THEME_DARK,
  PSC_THEME_LIGHT_CONTRAST,
  PSC_THEME_DARK_CONTRAST,
  PSC_N_THEMES
} PscTheme;

/* Non-linear sRGB, 0xRRGGBB. */
typedef guint32 PscColor;

typedef struct
{
  PscColor background; /* of map and image: what is not mapped */
  PscColor gap;        /* the thin mark of a gap */
  PscColor fold;       /* the mark of a fold */
  PscColor rule;       /* the line of a rule and its text */
  PscColor text, dim;  /* labels; ruler and units */
  PscColor frame;      /* hairlines, brackets */
  PscColor accent;     /* hover and selection */
} PscThemeColors;

const PscThemeColors *psc_theme_colors (PscTheme theme);
/* "light", "dark", "light-contrast", "dark-contrast" */
const char *psc_theme_id (PscTheme theme);
gboolean psc_theme_from_id (const char *id, PscTheme *theme);
/* The one that a desktop asks for. */
PscTheme psc_theme_choose (gboolean dark, gboolean high_contrast);
gboolean psc_theme_is_dark (PscTheme theme);

/* b_percent of b and the rest of a, in sRGB: for faded colours, not for light. */
PscColor psc_color_mix (PscColor a, PscColor b, guint b_percent);
/* Relative luminance, 0 to 1 (WCAG 2). */
double psc_color_luminance (PscColor color);

G_END_DECLS
