/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-path.h"

#include <math.h>

#define RHO  G_SQRT2
#define RHO2 2.0

#define LEAST_MS    200.0
#define MS_PER_UNIT 95.0
#define MOST_MS     850.0

/* What is seen down the page, in rows. */
static double
extent (const PscView *view)
{
  return view->height / view->row_height;
}

static void
take_middle (PscPath *path, const PscLayout *layout, const PscView *view, guint i)
{
  psc_view_down (view, layout, view->height / 2, &path->rows[i], &path->rules[i]);
  path->pages[i] = (view->x + view->width / 2) / psc_view_page_width (view, layout);
}

/* The rows that have to be in view for both middles to be seen. */
static double
measure_distance (const PscPath *path, const PscLayout *layout)
{
  const PscView *view = &path->to;
  double rule = psc_view_rule_height (view, layout);
  double rows = fabs (path->rows[1] - path->rows[0]);
  double room = view->height - fabs (path->rules[1] - path->rules[0]) * rule;
  double row_height = PSC_VIEW_MAX_ROW;

  if (rows <= 0 && path->pages[0] == path->pages[1] && path->rules[0] == path->rules[1])
    return 0;
  if (path->pages[0] != path->pages[1])
    row_height =
        psc_view_row_height_for_pages (view, layout, fabs (path->pages[1] - path->pages[0]));
  if (rows > 0)
    row_height = MIN (row_height, MAX (room, view->height * 0.1) / rows);
  return view->height / row_height;
}

/* Row height at a point s of the way. */
static double
row_height_at (const PscPath *path, double s)
{
  double seen = extent (&path->from) * cosh (path->bend) / cosh (RHO * s + path->bend);

  return path->to.height / seen;
}

static void
plan_travel (PscPath *path)
{
  double w0 = extent (&path->from), w1 = extent (&path->to), u = path->distance;
  double b0 = (w1 * w1 - w0 * w0 + RHO2 * RHO2 * u * u) / (2 * w0 * RHO2 * u);
  double b1 = (w1 * w1 - w0 * w0 - RHO2 * RHO2 * u * u) / (2 * w1 * RHO2 * u);

  path->bend = -asinh (b0);
  path->length = (-asinh (b1) - path->bend) / RHO;
  path->peak = CLAMP (-path->bend / RHO, 0, path->length);
}

static void
plan_glide (PscPath *path)
{
  const PscView *from = &path->from, *to = &path->to;
  double zoom = fabs (log (to->row_height / from->row_height)) / RHO;
  double views = path->distance / MAX (extent (from), extent (to));

  path->length = zoom + views;
}

void
psc_path_init (PscPath *path, const PscLayout *layout, const PscView *from, const PscView *to)
{
  gboolean drawn = from->row_height > 0 && to->row_height > 0 && to->height > 0;

  *path = (PscPath){ .from = *from, .to = *to };
  path->from.width = to->width;
  path->from.height = to->height;
  if (!drawn || layout->n_bands == 0)
    return;
  take_middle (path, layout, &path->from, 0);
  take_middle (path, layout, &path->to, 1);
  path->distance = measure_distance (path, layout);
  path->travels = path->distance > MAX (extent (&path->from), extent (&path->to));
  if (path->travels)
    plan_travel (path);
  else
    plan_glide (path);
}

/* Between two views that are geometric in zoom, places are affine in it: then one point of the
 * screen stays where it is. */
static double
share_of_way (double at, double from, double to, double otherwise)
{
  return fabs (to - from) > 1e-9 * fabs (to) ? (at - from) / (to - from) : otherwise;
}

static PscView
glide_at (const PscPath *path, const PscLayout *layout, double share)
{
  const PscView *from = &path->from, *to = &path->to;
  PscView view = *to;
  double down, across;

  view.row_height = from->row_height * pow (to->row_height / from->row_height, share);
  down = share_of_way (view.row_height, from->row_height, to->row_height, share);
  across = share_of_way (psc_view_page_width (&view, layout), psc_view_page_width (from, layout),
                         psc_view_page_width (to, layout), share);
  view.x = from->x + (to->x - from->x) * across;
  view.y = from->y + (to->y - from->y) * down;
  return view;
}

/* How much less than at the peak a view shows across, against what it shows down. */
static double
narrowness (const PscPath *path, const PscLayout *layout, const PscView *view)
{
  PscView widest = *view;

  widest.row_height = MAX (row_height_at (path, path->peak), PSC_VIEW_SQUARE_ROW);
  if (view->row_height <= widest.row_height)
    return 1;
  return view->row_height / psc_view_page_width (view, layout) *
         psc_view_page_width (&widest, layout) / widest.row_height;
}

static double
between (const double ends[2], double share)
{
  return ends[0] + (ends[1] - ends[0]) * share;
}

static PscView
travel_at (const PscPath *path, const PscLayout *layout, double share)
{
  double s = share * path->length;
  double w0 = extent (&path->from);
  double u = w0 / RHO2 * (cosh (path->bend) * tanh (RHO * s + path->bend) - sinh (path->bend));
  double down = CLAMP (u / path->distance, 0, 1);
  PscView view = path->to;
  double across, narrow;

  view.row_height = row_height_at (path, s);
  narrow = narrowness (path, layout, &view);
  across = s < path->peak ? down * narrow : 1 - (1 - down) * narrow;
  view.x = between (path->pages, across) * psc_view_page_width (&view, layout) - view.width / 2;
  view.y = between (path->rows, down) * view.row_height +
           between (path->rules, down) * psc_view_rule_height (&view, layout) - view.height / 2;
  return view;
}

PscView
psc_path_at (const PscPath *path, const PscLayout *layout, double share)
{
  PscView view;

  if (share <= 0)
    return path->from;
  if (share >= 1 || layout->n_bands == 0 || path->length <= 0)
    return path->to;
  view = path->travels ? travel_at (path, layout, share) : glide_at (path, layout, share);
  psc_view_pan (&view, layout, 0, 0);
  return view;
}

guint
psc_path_duration_ms (const PscPath *path)
{
  return (guint) MIN (LEAST_MS + path->length * MS_PER_UNIT, MOST_MS);
}
