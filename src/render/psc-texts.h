/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Texts that are set once and drawn often: finding glyphs and their places costs ten times what
 * drawing them does, and one frame says mostly what the last one said. Each thread keeps the texts
 * of the font that it used last, up to a bound. Internal to src/render.
 */

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_FONT_TEXT,  /* labels */
  PSC_FONT_MONO,  /* addresses */
  PSC_FONT_SMALL, /* brackets, overview */
  PSC_N_FONTS
} PscFont;

typedef struct _PscTexts PscTexts;

/* One text, set on one line. */
typedef struct
{
  PangoLayout *layout;
  double width, height; /* px */
} PscText;

/* The calling thread's, for a family (NULL: "Sans") and a scale of the usual size. To be used by
 * that thread only, and given back. */
PscTexts *psc_texts_get (const char *family, double scale);
void psc_texts_release (PscTexts *texts);

/* Size of labels, px. */
double psc_texts_em (const PscTexts *texts);
/* A layout without text; borrowed. Its font may be copied, it is not to be changed. */
PangoLayout *psc_texts_get_font (const PscTexts *texts, PscFont font);
/* Set, and shortened in the middle when wider than max_width px (0: any). Borrowed, valid until the
 * next call. */
const PscText *psc_texts_set (PscTexts *texts, PscFont font, const char *text, double max_width);

G_END_DECLS
