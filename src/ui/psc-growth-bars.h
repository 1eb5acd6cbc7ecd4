/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What parts of a process have grown or shrunk: for each a line with its colour and name, how much
 * there was and is and the difference, and under it a bar. Of the bar what stayed is pale, what
 * came is full, what went is an outline; all bars are to one scale. Thread of the window only.
 */

#include <gtk/gtk.h>
#include "psc-theme.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* translated; only read during the call */
  PscColor color;
  guint64 then, now; /* bytes */
} PscGrowthBar;

#define PSC_TYPE_GROWTH_BARS (psc_growth_bars_get_type ())
G_DECLARE_FINAL_TYPE (PscGrowthBars, psc_growth_bars, PSC, GROWTH_BARS, GtkWidget)

/* Most lines; what is beyond them is not shown. */
#define PSC_GROWTH_BARS_MAX 24

void psc_growth_bars_set (PscGrowthBars *self, const PscGrowthBar *bars, guint n);

G_END_DECLS
