/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels of segments beside the map: psc-label-places decides which and where. */

#include "psc-canvas.h"

#include <math.h>

#include "psc-format.h"
#include "psc-label-places.h"

#define SPINE_PX 3.0
#define LINE_EM  1.45

static PscColor
group_color (const PscCanvas *canvas, guint group)
{
  const PscLabelGroup *found = &canvas->labels->groups[group];

  return psc_kind_color (canvas->map->space->mappings[found->largest].kind, canvas->map->theme);
}

/* The name has the right of way: share and size follow as far as there is room. */
static void
draw_amount (const PscCanvas *canvas, const PscLabelGroup *group, double x, double y, double width)
{
  g_autofree char *size = psc_format_size (group->size);
  g_autofree char *share = psc_format_share (group->populated, group->size);
  g_autofree char *both = g_strdup_printf ("%s · %s", size, share);
  const char *texts[] = { both, share };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      double text_width, height;

      psc_canvas_measure (canvas, canvas->text, texts[i], &text_width, &height);
      if (text_width > width)
        continue;
      psc_canvas_text (canvas, canvas->text, texts[i], x, y, PSC_ALIGN_LEFT, 0,
                       canvas->colors->dim);
      return;
    }
}

static void
draw_label (const PscCanvas *canvas, guint group, double x, double y, double width)
{
  double em = canvas->em;
  g_autofree char *name = psc_labels_dup_name (canvas->labels, canvas->map->space, group);
  double name_width;

  psc_canvas_set_color (canvas, group_color (canvas, group), 1);
  cairo_arc (canvas->cr, x + em * 0.35, y, em * 0.32, 0, 2 * G_PI);
  cairo_fill (canvas->cr);
  x += em;
  width -= em;
  name_width = psc_canvas_text (canvas, canvas->text, name, x, y, PSC_ALIGN_LEFT, width,
                                canvas->colors->text);
  draw_amount (canvas, &canvas->labels->groups[group], x + name_width + em * 0.6, y,
               width - name_width - em * 0.6);
}

static void
draw_link (const PscCanvas *canvas, double x0, double y0, double x1, double y1)
{
  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  if (y0 == y1)
    {
      /* Most are straight, and much faster so. */
      cairo_rectangle (canvas->cr, floor (x0), y0, ceil (x1) - floor (x0), 1);
      cairo_fill (canvas->cr);
      return;
    }
  cairo_set_line_width (canvas->cr, 1);
  cairo_move_to (canvas->cr, x0, y0 + 0.5);
  cairo_line_to (canvas->cr, x1, y1 + 0.5);
  cairo_stroke (canvas->cr);
}

/* The bar beside the rows of a group, and the line from it to a label that had to move. */
static void
draw_spine (const PscCanvas *canvas, const PscLabelPlace *place)
{
  const PscRect *body = &canvas->body;
  double x = round (body->x + body->width + canvas->em * 0.5);
  double top = MAX (place->top, 0);
  double height = MAX (MIN (place->bottom, body->height) - top - 1, 1);

  psc_canvas_set_color (canvas, group_color (canvas, place->group), 1);
  cairo_rectangle (canvas->cr, x, round (body->y + top), SPINE_PX, MAX (round (height), 1));
  cairo_fill (canvas->cr);
  if (isnan (place->y))
    return;
  draw_link (canvas, x + SPINE_PX + 1, round (body->y + CLAMP (place->y, top, top + height)),
             x + SPINE_PX + canvas->em * 0.9, round (body->y + place->y));
}

void
psc_canvas_draw_labels (const PscCanvas *canvas, double width)
{
  const PscMap *map = canvas->map;
  const PscRect *body = &canvas->body;
  double line = canvas->em * LINE_EM;
  g_autoptr (GArray) places = psc_label_places_find (canvas->labels, &map->view, map->layout, line);
  double x = body->x + body->width + canvas->em * 0.5 + SPINE_PX + canvas->em;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, body->x + body->width, body->y - 1, width, body->height + 2);
  cairo_clip (canvas->cr);
  /* The greater ones last, so that they lie on top. */
  for (guint i = places->len; i-- > 0;)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);

      if (place->bottom > 0 && place->top < body->height)
        draw_spine (canvas, place);
    }
  for (guint i = 0; i < places->len; i++)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);

      if (place->y > -line / 2 && place->y < body->height + line / 2)
        draw_label (canvas, place->group, x, round (body->y + place->y),
                    width - canvas->em * 1.5 - SPINE_PX);
    }
  cairo_restore (canvas->cr);
}

void
psc_canvas_write_labels (const PscCanvas *canvas, GString *key)
{
  const PscMap *map = canvas->map;
  g_autoptr (GArray) places =
      psc_label_places_find (canvas->labels, &map->view, map->layout, canvas->em * LINE_EM);

  for (guint i = 0; i < places->len; i++)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);
      const PscLabelGroup *group = &canvas->labels->groups[place->group];
      g_autofree char *share = psc_format_share (group->populated, group->size);

      /* Its name and colour are those of mappings. */
      g_string_append_len (key, (const char *) &place->y, sizeof place->y);
      g_string_append_printf (key, "%u %u %u %" G_GUINT64_FORMAT " %s\n", place->group,
                              group->largest, group->n_stacks, group->size, share);
    }
}
