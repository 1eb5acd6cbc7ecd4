/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview: all addresses in one strip, with marks where something is mapped and a frame around
 * what the map shows. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-sight.h"

/* Marks by how much of what is mapped there is populated: nothing, a little, all. */
#define EMPTY_ALPHA 0.35
#define LEAST_ALPHA 0.6
#define MARK_PX     2.0
#define FRAME_PX    2.0
#define LEAST_FRAME 5.0
#define HATCH_PX    4.0

void
psc_canvas_get_overview (const PscCanvas *canvas, PscOverview *overview)
{
  *overview = (PscOverview){ canvas->overview.height, canvas->levels.user_bits,
                             canvas->map->layout->low_at_top };
}

/* The hole is struck through; the kernel's half is there, but not to be read. */
static void
draw_part (const PscCanvas *canvas, const PscOverview *overview, PscOverviewPart part)
{
  const PscRect *strip = &canvas->overview;
  double top, bottom;
  guint64 start, last;

  if (!psc_overview_part (overview, part, &top, &bottom, &start, &last))
    return;
  top = round (strip->y + top);
  bottom = round (strip->y + bottom);
  cairo_rectangle (canvas->cr, strip->x, top, strip->width, bottom - top);
  psc_canvas_set_color (canvas, canvas->colors->frame, part == PSC_OVERVIEW_USER ? 0.3 : 0.75);
  if (part != PSC_OVERVIEW_HOLE)
    {
      cairo_fill (canvas->cr);
      return;
    }
  cairo_new_path (canvas->cr);
  for (double y = top + HATCH_PX / 2; y < bottom; y += HATCH_PX)
    cairo_rectangle (canvas->cr, strip->x, y, strip->width, 1);
  cairo_fill (canvas->cr);
}

static void
draw_part_names (const PscCanvas *canvas, const PscOverview *overview)
{
  const PscRect *strip = &canvas->overview;
  double top, bottom;
  guint64 start, last;

  psc_overview_part (overview, PSC_OVERVIEW_KERNEL, &top, &bottom, &start, &last);
  if (!psc_canvas_text_upwards (canvas, canvas->small, _ ("kernel half"),
                                strip->x + strip->width / 2, strip->y + (top + bottom) / 2,
                                bottom - top - 4, canvas->colors->dim))
    psc_canvas_text_upwards (canvas, canvas->small, _ ("kernel"), strip->x + strip->width / 2,
                             strip->y + (top + bottom) / 2, bottom - top - 2, canvas->colors->dim);
}

/* A mark for all that is mapped in the addresses of one line of pixels: the colour is that of the
 * group with most memory in it. */
static void
draw_mark (const PscCanvas *canvas, double y, guint64 start, guint64 last)
{
  const PscLabels *labels = canvas->labels;
  const PscRect *strip = &canvas->overview;
  const PscLabelGroup *group;
  double alpha = EMPTY_ALPHA;
  guint from, to;

  psc_labels_between (labels, start, last, &from, &to);
  if (from >= to)
    return;
  group = &labels->groups[psc_labels_best (labels, from, to)];
  if (group->populated > 0)
    alpha = LEAST_ALPHA +
            (1 - LEAST_ALPHA) * ((double) group->populated / (double) MAX (group->size, 1));
  psc_canvas_set_color (
      canvas,
      psc_kind_color (canvas->map->space->mappings[group->largest].kind, canvas->map->theme),
      alpha);
  /* Small things must be seen: two pixels, but not over their neighbours. */
  cairo_rectangle (canvas->cr, strip->x + 1, strip->y + y, strip->width - 2,
                   group->end - 1 > last || group->start < start ? 1 : MARK_PX);
  cairo_fill (canvas->cr);
}

static void
draw_marks (const PscCanvas *canvas, const PscOverview *overview)
{
  guint n = (guint) overview->height;

  for (guint i = 0; i < n; i++)
    {
      guint64 a = psc_overview_address (overview, i);
      guint64 b = psc_overview_address (overview, i + 1);

      if (a == b)
        continue;
      draw_mark (canvas, i, MIN (a, b), MAX (a, b) == G_MAXUINT64 ? G_MAXUINT64 : MAX (a, b) - 1);
    }
}

static void
draw_viewport (const PscCanvas *canvas, const PscOverview *overview)
{
  const PscRect *strip = &canvas->overview;
  guint64 start, last;
  double a, b, top, height;

  if (!psc_sight_range (&canvas->map->view, canvas->map->layout, &start, &last))
    return;
  a = psc_overview_y (overview, start);
  b = psc_overview_y (overview, last);
  top = floor (MIN (a, b)) - FRAME_PX / 2;
  height = ceil (MAX (a, b)) + FRAME_PX / 2 - top;
  if (height < LEAST_FRAME)
    top -= (LEAST_FRAME - height) / 2;
  height = MAX (height, LEAST_FRAME);
  top = round (strip->y + top);
  height = round (height);
  psc_canvas_set_color (canvas, canvas->colors->accent, 1);
  cairo_rectangle (canvas->cr, strip->x - 1, top, strip->width + 2, FRAME_PX);
  cairo_rectangle (canvas->cr, strip->x - 1, top + height - FRAME_PX, strip->width + 2, FRAME_PX);
  cairo_rectangle (canvas->cr, strip->x - 1, top, FRAME_PX, height);
  cairo_rectangle (canvas->cr, strip->x + strip->width + 1 - FRAME_PX, top, FRAME_PX, height);
  cairo_fill (canvas->cr);
}

void
psc_canvas_draw_overview (const PscCanvas *canvas)
{
  PscOverview overview;

  if (canvas->overview.width <= 0)
    return;
  psc_canvas_get_overview (canvas, &overview);
  for (guint part = 0; part < PSC_OVERVIEW_N_PARTS; part++)
    draw_part (canvas, &overview, part);
  draw_marks (canvas, &overview);
  draw_part_names (canvas, &overview);
  draw_viewport (canvas, &overview);
}
