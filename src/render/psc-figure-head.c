/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure-head.h"

#include <glib/gi18n.h>
#include <string.h>

#include "psc-canvas.h"
#include "psc-figure-words.h"
#include "psc-format.h"

#define HEAD_PX         60.0
#define STACKED_HEAD_PX 82.0
#define MARGIN_PX       14.0
/* Of the width, for what and how much; the rest is for where and when. */
#define LEFT_SHARE    0.68
#define COLUMN_GAP_PX 20.0

void
psc_figure_head_clear (PscFigureHead *head)
{
  g_free (head->sums);
  g_free (head->place);
  g_free (head->moment);
  g_free (head->both);
  g_free (head->since);
}

/* Where there is no room for two columns, the second one gets a line of its own. */
void
psc_figure_head_init (PscFigureHead *head, const PscMap *map, const PscFigureOptions *options,
                      double width)
{
  const PscSpace *space = map->space;
  g_autofree char *sums = psc_figure_dup_sums (space);
  g_autofree char *part = psc_figure_dup_part (space, options);
  double left, right, height;
  PscCanvas canvas;

  head->sums =
      part != NULL ? g_strdup_printf (_ ("Shown: %s · %s"), part, sums) : g_steal_pointer (&sums);
  head->place = psc_figure_dup_place (space);
  head->moment = psc_figure_dup_moment (space);
  head->since = psc_figure_dup_since (space, options);
  head->both = g_strdup_printf ("%s · %s", head->place, head->moment);
  psc_canvas_init (&canvas, map, NULL);
  psc_canvas_measure (&canvas, canvas.text, head->sums, &left, &height);
  psc_canvas_measure (&canvas, canvas.text, head->place, &right, &height);
  psc_canvas_finish (&canvas);
  head->stacked = left > (width - 2 * MARGIN_PX) * LEFT_SHARE ||
                  right > (width - 2 * MARGIN_PX) * (1 - LEFT_SHARE) - COLUMN_GAP_PX;
  head->height = head->stacked ? STACKED_HEAD_PX : HEAD_PX;
}

static void
set_title_font (PangoLayout *layout, double px)
{
  PangoFontDescription *font =
      pango_font_description_copy (pango_layout_get_font_description (layout));

  pango_font_description_set_absolute_size (font, px * PANGO_SCALE);
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
}

/* Name, number, what it is compared with and command on one line, as far as there is room. */
static void
draw_name (const PscCanvas *canvas, const char *since, double room)
{
  const PscSpace *space = canvas->map->space;
  PangoLayout *title = pango_layout_copy (canvas->text);
  g_autofree char *name = psc_format_name (space->name, -1);
  g_autofree char *command = psc_format_name (space->command, -1);
  g_autofree char *pid = g_strdup_printf (_ ("process %d"), space->pid);
  double x = MARGIN_PX;

  set_title_font (title, 19);
  x += psc_canvas_text (canvas, title, name, x, 22, PSC_ALIGN_LEFT, room * 0.5,
                        canvas->colors->text) +
       10;
  x += psc_canvas_text (canvas, canvas->text, pid, x, 24, PSC_ALIGN_LEFT, MAX (room - x, 1),
                        canvas->colors->text) +
       10;
  if (since != NULL)
    x += psc_canvas_text (canvas, canvas->text, since, x, 24, PSC_ALIGN_LEFT, MAX (room - x, 1),
                          canvas->colors->text) +
         10;
  if (room - x > 80 && *command != '\0' && strcmp (command, name) != 0)
    psc_canvas_text (canvas, canvas->text, command, x, 24, PSC_ALIGN_LEFT, room - x,
                     canvas->colors->dim);
  g_object_unref (title);
}

void
psc_figure_head_draw (const PscFigureHead *head, const PscMap *map, cairo_t *cr, double width)
{
  PscCanvas canvas;
  double right = width - MARGIN_PX;
  double room = right - MARGIN_PX;
  double left_room = head->stacked ? room : room * LEFT_SHARE;

  psc_canvas_init (&canvas, map, cr);
  draw_name (&canvas, head->since, left_room);
  psc_canvas_text (&canvas, canvas.text, head->sums, MARGIN_PX, 46, PSC_ALIGN_LEFT, left_room,
                   canvas.colors->text);
  if (head->stacked)
    psc_canvas_text (&canvas, canvas.text, head->both, MARGIN_PX, 68, PSC_ALIGN_LEFT, room,
                     canvas.colors->dim);
  else
    {
      psc_canvas_text (&canvas, canvas.text, head->place, right, 24, PSC_ALIGN_RIGHT, 0,
                       canvas.colors->dim);
      psc_canvas_text (&canvas, canvas.text, head->moment, right, 46, PSC_ALIGN_RIGHT, 0,
                       canvas.colors->dim);
    }
  psc_canvas_finish (&canvas);
}
