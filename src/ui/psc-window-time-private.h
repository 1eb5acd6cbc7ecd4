/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The past in a window: psc-window-time.c has the moments and shows them, psc-window-age.c how old
 * pages are. */

#include "psc-window-private.h"

G_BEGIN_DECLS

struct _PscWindowTime
{
  PscTimeKeeper *keeper;
  PscTimeline *timeline;
  gboolean recorded; /* nothing is added */

  PscSpace *last; /* the newest that the timeline knows of */
  gboolean making, again;

  PscSpace *shown;                /* NULL: what is live */
  gint64 shown_usec, wanted_usec; /* moments of the timeline; 0: live */
  gboolean loading;

  gboolean aging, age_again; /* traits for the lens are under way */
};

G_END_DECLS
