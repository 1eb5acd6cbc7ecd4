/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview: all addresses in one strip, with marks where something is mapped and a frame around
 * what the map shows. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-sight.h"

/* Marks by how much of what is mapped there is populated: nothing, a little, all. */
#define EMPTY_ALPHA 0.35
#define LEAST_ALPHA 0.6
#define MARK_PX     2
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

/* What is drawn for all that is mapped in the addresses of one line of pixels: in the colour of the
 * group with most memory in it. */
typedef struct
{
  PscColor color;
  guint8 alpha; /* of 255; 0: nothing is mapped */
  guint8 height;
} Mark;

/* [start, last] addresses. */
static Mark
find_mark (const PscCanvas *canvas, guint64 start, guint64 last)
{
  const PscLabels *labels = canvas->labels;
  const PscLabelGroup *group;
  double alpha = EMPTY_ALPHA;
  guint from, to;
  Mark mark;

  /* It is compared as bytes. */
  memset (&mark, 0, sizeof mark);
  psc_labels_between (labels, start, last, &from, &to);
  if (from >= to)
    return mark;
  group = &labels->groups[psc_labels_best (labels, from, to)];
  if (group->populated > 0)
    alpha = LEAST_ALPHA +
            (1 - LEAST_ALPHA) * ((double) group->populated / (double) MAX (group->size, 1));
  mark.color =
      psc_kind_color (canvas->map->space->mappings[group->largest].kind, canvas->map->theme);
  mark.alpha = (guint8) round (alpha * 255);
  /* Small things must be seen: two pixels, but not over their neighbours. */
  mark.height = group->end - 1 > last || group->start < start ? 1 : MARK_PX;
  return mark;
}

typedef void (*MarkFunc) (const PscCanvas *canvas, double y, Mark mark, gpointer user_data);

static void
foreach_mark (const PscCanvas *canvas, MarkFunc func, gpointer user_data)
{
  PscOverview overview;

  psc_canvas_get_overview (canvas, &overview);
  for (guint i = 0; i < (guint) overview.height; i++)
    {
      guint64 a = psc_overview_address (&overview, i);
      guint64 b = psc_overview_address (&overview, i + 1);
      guint64 last = MAX (a, b) == G_MAXUINT64 ? G_MAXUINT64 : MAX (a, b) - 1;

      if (a != b)
        func (canvas, i, find_mark (canvas, MIN (a, b), last), user_data);
    }
}

static void
draw_mark (const PscCanvas *canvas, double y, Mark mark, gpointer user_data)
{
  const PscRect *strip = &canvas->overview;

  if (mark.alpha == 0)
    return;
  psc_canvas_set_color (canvas, mark.color, mark.alpha / 255.0);
  cairo_rectangle (canvas->cr, strip->x + 1, strip->y + y, strip->width - 2, mark.height);
  cairo_fill (canvas->cr);
}

static void
write_mark (const PscCanvas *canvas, double y, Mark mark, gpointer user_data)
{
  g_string_append_len (user_data, (const char *) &mark, sizeof mark);
}

void
psc_canvas_write_overview (const PscCanvas *canvas, GString *key)
{
  if (canvas->overview.width > 0)
    foreach_mark (canvas, write_mark, key);
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
  foreach_mark (canvas, draw_mark, NULL);
  draw_part_names (canvas, &overview);
  draw_viewport (canvas, &overview);
}
