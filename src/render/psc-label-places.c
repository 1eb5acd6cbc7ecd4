/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-label-places.h"

#include <math.h>

#include "psc-sight.h"

/* Candidates of a cell, which is half a line high; and of a row that is higher than a cell, for
 * each cell of its height. */
#define CELL_LINES  0.5
#define CELL_LABELS 3
#define MAX_LABELS  24
/* How far beyond the view places are looked for, and from its rows a label may stand; in lines. */
#define MARGIN 8.0
#define REACH  2.3

/* So much nearer one place has to be than another to be nearer. */
#define TIE_PX 0.5

typedef struct
{
  const PscLabels *labels;
  const PscView *view;
  const PscLayout *layout;
  double line, margin;
  double lowest, highest; /* bounds of all labels: those of the layout, px in the viewport */
  GArray *groups;         /* guint, of candidates */
  double *taken; /* for each stretch of a line from -margin on: where in it a label is, or NAN */
  guint n_taken;
} Placer;

static void
add_best (Placer *placer, guint64 start, guint64 last, double height)
{
  double n = ceil (height / (placer->line * CELL_LINES)) * CELL_LABELS;
  guint found[MAX_LABELS];
  guint from, to, n_found;

  psc_labels_between (placer->labels, start, last, &from, &to);
  n_found = psc_labels_top (placer->labels, from, to, found, (guint) MIN (n, MAX_LABELS));
  g_array_append_vals (placer->groups, found, n_found);
}

/* The end of the cell at a height: cells are counted from the top of the layout. */
static double
cell_end (const Placer *placer, double y)
{
  double cell = placer->line * CELL_LINES;

  return (floor ((y + placer->view->y) / cell + 1e-6) + 1) * cell - placer->view->y;
}

static void
collect (Placer *placer)
{
  const PscView *view = placer->view;
  double end = view->height + placer->margin;
  double y = cell_end (placer, -placer->margin - placer->line * CELL_LINES);
  PscSightRow row, next;
  gboolean more = psc_sight_row_at (view, placer->layout, y, &row);

  while (more && row.top < end)
    {
      double stop = MAX (cell_end (placer, MAX (y, row.top)), row.top + row.height);
      guint64 start = row.start;
      guint64 last = row.last;

      more = psc_sight_row_at (view, placer->layout, stop, &next);
      if (row.top + row.height < stop)
        {
          /* Many rows in one cell: all up to the next. */
          const PscLayout *layout = placer->layout;

          if (layout->low_at_top)
            last = more ? next.start - 1 : layout->bands[layout->n_bands - 1].end - 1;
          else
            start = more ? next.last + 1 : layout->bands[0].start;
        }
      if (start <= last &&
          (row.band->type != PSC_BAND_RULE || start != row.start || last != row.last))
        add_best (placer, start, last, MAX (row.height, placer->line * CELL_LINES));
      y = stop;
      row = next;
    }
}

static int
compare_indices (const void *a, const void *b)
{
  const guint *x = a;
  const guint *y = b;

  return (*x > *y) - (*x < *y);
}

static int
compare_places (const void *a, const void *b, gpointer labels)
{
  const PscLabelPlace *x = a;
  const PscLabelPlace *y = b;

  return psc_labels_is_before (labels, x->group, y->group) ? -1 : 1;
}

/* FALSE when the layout doesn't have it. */
static gboolean
set_extent (const Placer *placer, PscLabelPlace *place)
{
  const PscLabelGroup *group = &placer->labels->groups[place->group];
  double x, low, high, width, low_height, high_height;

  if (!psc_view_rect (placer->view, placer->layout, group->start, &x, &low, &width, &low_height) ||
      !psc_view_rect (placer->view, placer->layout, group->end - 1, &x, &high, &width,
                      &high_height))
    return FALSE;
  place->top = MIN (low, high);
  place->bottom = MAX (low + low_height, high + high_height);
  place->y = NAN;
  return TRUE;
}

static GArray *
make_places (Placer *placer)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PscLabelPlace));

  g_array_sort (placer->groups, compare_indices);
  for (guint i = 0; i < placer->groups->len; i++)
    {
      PscLabelPlace place = { .group = g_array_index (placer->groups, guint, i) };

      if (i > 0 && place.group == g_array_index (placer->groups, guint, i - 1))
        continue;
      if (set_extent (placer, &place))
        g_array_append_val (places, place);
    }
  g_array_sort_with_data (places, compare_places, (gpointer) placer->labels);
  return places;
}

/* The label that is in the way of one at y; NAN when none is. Those that are placed are a line
 * apart, so no stretch of a line has two. */
static double
conflict (const Placer *placer, double y)
{
  double at = floor ((y + placer->margin) / placer->line);

  for (double i = MAX (at - 1, 0); i <= at + 1 && i < placer->n_taken; i++)
    if (fabs (placer->taken[(guint) i] - y) < placer->line - 1e-6)
      return placer->taken[(guint) i];
  return NAN;
}

/* The nearest free place from y on in a direction; NAN when there is none within reach. */
static double
search (const Placer *placer, double y, double direction, double reach)
{
  double from = y;

  while (fabs (y - from) <= reach)
    {
      double other = conflict (placer, y);

      if (isnan (other))
        return y >= placer->lowest && y <= placer->highest ? y : NAN;
      y = other + direction * placer->line;
    }
  return NAN;
}

static void
put (Placer *placer, PscLabelPlace *place)
{
  double half = placer->line / 2;
  double inside = MIN (half, (place->bottom - place->top) / 2);
  double middle = (place->top + place->bottom) / 2;
  double reach = MAX ((place->bottom - place->top) / 2, placer->line * REACH);
  double up, down, y;

  /* Large groups have their label where they are in sight; it leaves with them. */
  middle = CLAMP (middle, half, MAX (placer->view->height - half, half));
  middle = CLAMP (middle, place->top + inside, place->bottom - inside);
  middle = CLAMP (middle, placer->lowest, placer->highest);
  up = search (placer, middle, -1, reach);
  down = search (placer, middle, 1, reach);
  /* Groups of one row tie: rounding must not decide. */
  y = isnan (down) || middle - up <= down - middle + TIE_PX ? up : down;
  if (isnan (y) || y < -placer->margin || y + placer->margin >= placer->n_taken * placer->line)
    return;
  place->y = y;
  placer->taken[(guint) ((y + placer->margin) / placer->line)] = y;
}

GArray *
psc_label_places_find (const PscLabels *labels, const PscView *view, const PscLayout *layout,
                       double line)
{
  Placer placer = { labels, view, layout, line, line * MARGIN };
  GArray *places;
  double width, height;

  psc_view_get_extent (view, layout, &width, &height);
  placer.lowest = line / 2 - view->y;
  placer.highest = MAX (MAX (height, view->height) - view->y - line / 2, placer.lowest);
  placer.groups = g_array_new (FALSE, FALSE, sizeof (guint));
  placer.n_taken = (guint) ceil ((view->height + 2 * placer.margin) / line) + 1;
  placer.taken = g_new (double, placer.n_taken);
  for (guint i = 0; i < placer.n_taken; i++)
    placer.taken[i] = NAN;
  collect (&placer);
  places = make_places (&placer);
  for (guint i = 0; i < places->len; i++)
    put (&placer, &g_array_index (places, PscLabelPlace, i));
  g_array_unref (placer.groups);
  g_free (placer.taken);
  return places;
}
