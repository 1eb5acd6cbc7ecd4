/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#include <math.h>

void
psc_canvas_init (PscCanvas *canvas, const PscMap *map, cairo_t *cr)
{
  *canvas = (PscCanvas){ .map = map, .cr = cr, .colors = psc_theme_colors (map->theme) };
  canvas->texts = psc_texts_get (map->font, map->text_scale > 0 ? map->text_scale : 1);
  canvas->em = psc_texts_em (canvas->texts);
  canvas->text = psc_texts_get_font (canvas->texts, PSC_FONT_TEXT);
  canvas->mono = psc_texts_get_font (canvas->texts, PSC_FONT_MONO);
  canvas->small = psc_texts_get_font (canvas->texts, PSC_FONT_SMALL);
}

void
psc_canvas_finish (PscCanvas *canvas)
{
  g_clear_pointer (&canvas->texts, psc_texts_release);
  canvas->text = canvas->mono = canvas->small = NULL;
}

void
psc_canvas_set_color (const PscCanvas *canvas, PscColor color, double alpha)
{
  cairo_set_source_rgba (canvas->cr, ((color >> 16) & 0xff) / 255.0, ((color >> 8) & 0xff) / 255.0,
                         (color & 0xff) / 255.0, alpha);
}

/* A text in one of the map's own fonts is kept for the next frame; in another one it is set anew,
 * with that layout. */
static PscText
set_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double max_width)
{
  PscText set = { .layout = layout };
  int width, height;

  for (guint font = 0; font < PSC_N_FONTS; font++)
    if (layout == psc_texts_get_font (canvas->texts, font))
      return *psc_texts_set (canvas->texts, font, text, max_width);
  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &width, &height);
  set.width = (double) width / PANGO_SCALE;
  set.height = (double) height / PANGO_SCALE;
  if (max_width > 0 && set.width > max_width)
    {
      pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
      set.width = max_width;
    }
  return set;
}

void
psc_canvas_measure (const PscCanvas *canvas, PangoLayout *layout, const char *text, double *width,
                    double *height)
{
  PscText set = set_text (canvas, layout, text, 0);

  *width = set.width;
  *height = set.height;
}

double
psc_canvas_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x, double y,
                 PscAlign align, double max_width, PscColor color)
{
  PscText set = set_text (canvas, layout, text, max_width);

  if (align == PSC_ALIGN_CENTER)
    x -= set.width / 2;
  else if (align == PSC_ALIGN_RIGHT)
    x -= set.width;
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, x, y - set.height / 2);
  pango_cairo_show_layout (canvas->cr, set.layout);
  return set.width;
}

gboolean
psc_canvas_text_upwards (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x,
                         double y, double max_length, PscColor color)
{
  PscText set = set_text (canvas, layout, text, 0);

  if (set.width > max_length)
    return FALSE;
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, round (x - set.height / 2), round (y + set.width / 2));
  cairo_rotate (canvas->cr, -G_PI / 2);
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, 0, 0);
  pango_cairo_show_layout (canvas->cr, set.layout);
  cairo_restore (canvas->cr);
  return TRUE;
}
