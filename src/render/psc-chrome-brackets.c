/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Brackets left of the ruler: the upper levels of the page tables as the outline of the map. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-brackets.h"
#include "psc-format.h"

#define ARM_PX   4.0 /* of a bracket, towards the rows */
#define AIR_PX   1.0 /* between two brackets of a level, each */
#define DOT_PX   1.0 /* and as much between two of them, where there are many */
#define N_TEXTS  4
#define TEXT_AIR 6.0

/* What is said of an entry, the longest first; fewer when there is less to say. */
static void
describe (const PscCanvas *canvas, guint level, const PscBracket *bracket, char *texts[N_TEXTS])
{
  const PscLevels *levels = &canvas->levels;
  g_autofree char *index = NULL, *size = NULL;

  if (level == levels->n_levels)
    {
      gboolean kernel = bracket->start != 0;

      size = psc_format_size (G_GUINT64_CONSTANT (1) << levels->user_bits);
      texts[0] = g_strdup_printf (kernel ? _ ("kernel half · %s") : _ ("user half · %s"), size);
      texts[1] = g_strdup (kernel ? _ ("kernel half") : _ ("user half"));
      return;
    }
  index = bracket->to != bracket->index ? g_strdup_printf ("%u–%u", bracket->index, bracket->to) :
                                          g_strdup_printf ("%u", bracket->index);
  size = psc_format_size (G_GUINT64_CONSTANT (1) << levels->levels[level].shift);
  if (bracket->to == bracket->index)
    texts[0] = g_strdup_printf ("%s %s · %s", levels->levels[level].name, index, size);
  else
    texts[0] = g_strdup_printf (_ ("%s %s · %s each"), levels->levels[level].name, index, size);
  texts[1] = g_strdup_printf ("%s %s", levels->levels[level].name, index);
  texts[2] = g_steal_pointer (&index);
}

static void
draw_text (const PscCanvas *canvas, guint level, const PscBracket *bracket, double x)
{
  double top = MAX (bracket->top, 0);
  double bottom = MIN (bracket->bottom, canvas->body.height);
  char *texts[N_TEXTS] = { NULL };
  gboolean drawn = FALSE;

  if (bottom - top < canvas->em)
    return;
  describe (canvas, level, bracket, texts);
  for (guint i = 0; i < N_TEXTS; i++)
    {
      if (texts[i] != NULL && !drawn)
        drawn = psc_canvas_text_upwards (canvas, canvas->small, texts[i], x,
                                         canvas->body.y + (top + bottom) / 2,
                                         bottom - top - TEXT_AIR, canvas->colors->dim);
      g_free (texts[i]);
    }
}

/* Where the entries are too small to be told apart: a dotted line. */
static void
add_many (const PscCanvas *canvas, double x, double top, double bottom)
{
  for (double y = floor (top); y < bottom; y += 3 * DOT_PX)
    cairo_rectangle (canvas->cr, x, canvas->body.y + y, 1, DOT_PX);
}

/* The side, and an arm at each end that is in sight. */
static void
add_bracket (const PscCanvas *canvas, const PscBracket *bracket, double x)
{
  double height = canvas->body.height;
  double top = round (canvas->body.y + MAX (bracket->top + AIR_PX, 0));
  double bottom = round (canvas->body.y + MIN (bracket->bottom - AIR_PX, height));

  if (bottom <= top)
    return;
  cairo_rectangle (canvas->cr, x, top, 1, bottom - top);
  if (bracket->top >= -AIR_PX)
    cairo_rectangle (canvas->cr, x, top, ARM_PX, 1);
  if (bracket->bottom <= height + AIR_PX)
    cairo_rectangle (canvas->cr, x, bottom - 1, ARM_PX, 1);
}

static void
draw_level (const PscCanvas *canvas, guint level, double right)
{
  const PscMap *map = canvas->map;
  g_autoptr (GArray) brackets = psc_brackets_find (&canvas->levels, level, &map->view, map->layout);
  double x = round (right - ARM_PX - 1);

  psc_canvas_set_color (canvas, canvas->colors->rule, 0.7);
  for (guint i = 0; i < brackets->len; i++)
    {
      const PscBracket *bracket = &g_array_index (brackets, PscBracket, i);

      if (bracket->many)
        add_many (canvas, x, MAX (bracket->top, 0), MIN (bracket->bottom, canvas->body.height));
      else
        add_bracket (canvas, bracket, x);
    }
  cairo_fill (canvas->cr);
  for (guint i = 0; i < brackets->len && canvas->bracket_text; i++)
    if (!g_array_index (brackets, PscBracket, i).many)
      draw_text (canvas, level, &g_array_index (brackets, PscBracket, i),
                 right - ARM_PX - (canvas->bracket_width - ARM_PX) / 2);
}

void
psc_canvas_draw_brackets (const PscCanvas *canvas)
{
  if (canvas->bracket_width <= 0)
    return;
  for (guint level = 0; level <= canvas->levels.n_levels; level++)
    draw_level (canvas, level, canvas->brackets_right - level * canvas->bracket_width);
}
