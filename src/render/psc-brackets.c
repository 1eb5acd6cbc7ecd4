/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-brackets.h"

#include "psc-sight.h"

/* Past an edge for certain, however it was rounded. */
#define STEP_PX 0.01

/* The last entry of the level that a row of this one reaches into: the last line of an entry may go
 * on in others. */
static guint
reach (const PscLevels *levels, guint level, const PscLayout *layout, const PscBracket *bracket)
{
  guint band = psc_layout_lower_bound (layout, bracket->last);
  guint64 last = bracket->last;

  if (band < layout->n_bands && layout->bands[band].type == PSC_BAND_LINE &&
      layout->bands[band].start >= bracket->start && layout->bands[band].start <= last)
    last = layout->bands[band].end - 1;
  return psc_levels_index (levels, level, last);
}

static void
add (GArray *brackets, const PscBracket *bracket)
{
  PscBracket *before = NULL;

  if (brackets->len > 0)
    before = &g_array_index (brackets, PscBracket, brackets->len - 1);
  if (before != NULL && before->many && bracket->many &&
      bracket->top - before->bottom < PSC_BRACKETS_LEAST)
    {
      before->start = MIN (before->start, bracket->start);
      before->last = MAX (before->last, bracket->last);
      before->bottom = MAX (before->bottom, bracket->bottom);
    }
  else
    g_array_append_vals (brackets, bracket, 1);
}

GArray *
psc_brackets_find (const PscLevels *levels, guint level, const PscView *view,
                   const PscLayout *layout)
{
  GArray *brackets = g_array_new (FALSE, FALSE, sizeof (PscBracket));
  PscSightRow row;
  double y = 0;

  while (y < view->height && psc_sight_row_at (view, layout, y, &row) && row.top < view->height)
    {
      PscBracket bracket = { 0 };

      y = MAX (row.top + row.height, y) + STEP_PX;
      if (row.band->type == PSC_BAND_RULE)
        continue;
      psc_levels_entry (levels, level, row.start, &bracket.start, &bracket.last);
      if (!psc_sight_extent (view, layout, bracket.start, bracket.last, &bracket.top,
                             &bracket.bottom))
        continue;
      if (level < levels->n_levels)
        {
          bracket.index = psc_levels_index (levels, level, row.start);
          bracket.to = reach (levels, level, layout, &bracket);
        }
      bracket.many = bracket.bottom - bracket.top < PSC_BRACKETS_LEAST;
      add (brackets, &bracket);
      /* Past the small ones that lie within as many pixels. */
      if (bracket.many)
        y = MAX (y, bracket.top + PSC_BRACKETS_LEAST);
      y = MAX (y, bracket.bottom + STEP_PX);
    }
  return brackets;
}
