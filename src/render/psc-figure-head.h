/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The head of a figure: what process, how much, where and when. Two columns, or three lines where
 * it is narrow. */

#include "psc-figure.h"

G_BEGIN_DECLS

typedef struct
{
  char *sums, *place, *moment;
  char *both;  /* place and moment */
  char *since; /* what it is compared with, or NULL */
  gboolean stacked;
  double height; /* px */
} PscFigureHead;

/* `map` needs neither layout nor view. */
void psc_figure_head_init (PscFigureHead *head, const PscMap *map, const PscFigureOptions *options,
                           double width);
void psc_figure_head_clear (PscFigureHead *head);
/* At (0, 0), `width` as it was made for. */
void psc_figure_head_draw (const PscFigureHead *head, const PscMap *map, cairo_t *cr, double width);

G_END_DECLS
