/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels of segments beside the map: psc-label-places decides which and where. */

#include "psc-canvas.h"

#include <math.h>
#include <string.h>

#include "psc-format.h"
#include "psc-label-places.h"

#define SPINE_PX 3.0
#define LINE_EM  1.45

static PscKind
group_kind (const PscCanvas *canvas, guint group)
{
  const PscLabelGroup *found = &canvas->labels->groups[group];

  return canvas->map->space->mappings[found->largest].kind;
}

static void
fill_kind (const PscCanvas *canvas, PscKind kind)
{
  psc_canvas_set_color (canvas, psc_kind_color (kind, canvas->map->theme), 1);
  cairo_fill (canvas->cr);
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

  x += em;
  /* The dot, and some room at the edge of the picture. */
  width -= em * 1.5;
  name_width = psc_canvas_text (canvas, canvas->text, name, x, y, PSC_ALIGN_LEFT, width,
                                canvas->colors->text);
  draw_amount (canvas, &canvas->labels->groups[group], x + name_width + em * 0.6, y,
               width - name_width - em * 0.6);
}

/* --- bars ---------------------------------------------------------------------------------- */

/* What of the bar beside the rows of a group is in sight, px of the body. */
static void
get_bar (const PscCanvas *canvas, const PscLabelPlace *place, double *top, double *height)
{
  *top = MAX (place->top, 0);
  *height = MAX (MIN (place->bottom, canvas->body.height) - *top - 1, 1);
}

static gboolean
has_bar (const PscCanvas *canvas, const PscLabelPlace *place)
{
  return place->bottom > 0 && place->top < canvas->body.height;
}

/* The kind whose bar is on top on each line of the body, + 1; 0: none. Free it. */
static guint8 *
find_bars (const PscCanvas *canvas, const GArray *places, guint n_lines)
{
  guint8 *kinds = g_new0 (guint8, n_lines);

  /* The greater ones last, so that they lie on top. */
  for (guint i = places->len; i-- > 0;)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);
      double top, height;
      guint from, to;

      if (!has_bar (canvas, place))
        continue;
      get_bar (canvas, place, &top, &height);
      from = (guint) CLAMP (round (canvas->body.y + top) - canvas->body.y, 0, n_lines);
      to = (guint) MIN (from + MAX (round (height), 1), n_lines);
      memset (kinds + from, (int) group_kind (canvas, place->group) + 1, to - from);
    }
  return kinds;
}

/* A shape for each kind, not one for each of many bars that hide each other. */
static void
draw_bars (const PscCanvas *canvas, const GArray *places, double x)
{
  guint n_lines = (guint) ceil (canvas->body.height) + 1;
  g_autofree guint8 *kinds = find_bars (canvas, places, n_lines);

  G_STATIC_ASSERT (PSC_N_KINDS < G_MAXUINT8);
  for (PscKind kind = 0; kind < PSC_N_KINDS; kind++)
    {
      gboolean any = FALSE;

      for (guint y = 0, end; y < n_lines; y = end)
        {
          end = y + 1;
          while (end < n_lines && kinds[end] == kinds[y])
            end++;
          if (kinds[y] != kind + 1)
            continue;
          cairo_rectangle (canvas->cr, x, canvas->body.y + y, SPINE_PX, end - y);
          any = TRUE;
        }
      if (any)
        fill_kind (canvas, kind);
    }
}

/* --- labels that had to move --------------------------------------------------------------- */

static void
draw_slanted_link (const PscCanvas *canvas, double x0, double y0, double x1, double y1)
{
  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_set_line_width (canvas->cr, 1);
  cairo_move_to (canvas->cr, x0, y0 + 0.5);
  cairo_line_to (canvas->cr, x1, y1 + 0.5);
  cairo_stroke (canvas->cr);
}

/* From a bar to its label; most are straight, and those are much faster as one shape. */
static void
draw_links (const PscCanvas *canvas, const GArray *places, double x, gboolean straight)
{
  double x0 = x + SPINE_PX + 1;
  double x1 = x + SPINE_PX + canvas->em * 0.9;

  for (guint i = places->len; i-- > 0;)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);
      double top, height, y0, y1;

      if (!has_bar (canvas, place) || isnan (place->y))
        continue;
      get_bar (canvas, place, &top, &height);
      y0 = round (canvas->body.y + CLAMP (place->y, top, top + height));
      y1 = round (canvas->body.y + place->y);
      if (straight && y0 == y1)
        cairo_rectangle (canvas->cr, floor (x0), y0, ceil (x1) - floor (x0), 1);
      else if (!straight && y0 != y1)
        draw_slanted_link (canvas, x0, y0, x1, y1);
    }
  if (!straight)
    return;
  psc_canvas_set_color (canvas, canvas->colors->frame, 1);
  cairo_fill (canvas->cr);
}

/* --- labels -------------------------------------------------------------------------------- */

static gboolean
has_label (const PscCanvas *canvas, const PscLabelPlace *place)
{
  double half = canvas->em * LINE_EM / 2;

  return place->y > -half && place->y < canvas->body.height + half;
}

static void
draw_dots (const PscCanvas *canvas, const GArray *places, double x)
{
  double em = canvas->em;

  for (PscKind kind = 0; kind < PSC_N_KINDS; kind++)
    {
      gboolean any = FALSE;

      for (guint i = 0; i < places->len; i++)
        {
          const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);

          if (!has_label (canvas, place) || group_kind (canvas, place->group) != kind)
            continue;
          cairo_new_sub_path (canvas->cr);
          cairo_arc (canvas->cr, x + em * 0.35, round (canvas->body.y + place->y), em * 0.32, 0,
                     2 * G_PI);
          any = TRUE;
        }
      if (any)
        fill_kind (canvas, kind);
    }
}

void
psc_canvas_draw_labels (const PscCanvas *canvas, double width)
{
  const PscMap *map = canvas->map;
  const PscRect *body = &canvas->body;
  double line = canvas->em * LINE_EM;
  g_autoptr (GArray) places = psc_label_places_find (canvas->labels, &map->view, map->layout, line);
  double bar_x = round (body->x + body->width + canvas->em * 0.5);
  double x = body->x + body->width + canvas->em * 0.5 + SPINE_PX + canvas->em;

  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, body->x + body->width, body->y - 1, width, body->height + 2);
  cairo_clip (canvas->cr);
  draw_bars (canvas, places, bar_x);
  draw_links (canvas, places, bar_x, TRUE);
  draw_links (canvas, places, bar_x, FALSE);
  draw_dots (canvas, places, x);
  for (guint i = 0; i < places->len; i++)
    {
      const PscLabelPlace *place = &g_array_index (places, PscLabelPlace, i);

      if (has_label (canvas, place))
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
