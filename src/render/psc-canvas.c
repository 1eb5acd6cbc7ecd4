/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#include <math.h>

#define LABEL_PX 12.0
#define MONO_PX  10.5
#define SMALL_PX 10.0

static PangoLayout *
new_layout (const char *family, double px)
{
  PangoContext *context;
  PangoFontDescription *font = pango_font_description_new ();
  PangoLayout *layout;

  context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  /* Without rounding, text takes the same room at every scale and in every kind of file. */
  pango_context_set_round_glyph_positions (context, FALSE);
  layout = pango_layout_new (context);
  g_object_unref (context);
  pango_font_description_set_family (font, family);
  pango_font_description_set_absolute_size (font, px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
  return layout;
}

void
psc_canvas_init (PscCanvas *canvas, const PscMap *map, cairo_t *cr)
{
  double scale = map->text_scale > 0 ? map->text_scale : 1;

  *canvas = (PscCanvas){ .map = map, .cr = cr, .colors = psc_theme_colors (map->theme) };
  canvas->em = LABEL_PX * scale;
  canvas->text = new_layout (map->font != NULL ? map->font : "Sans", LABEL_PX * scale);
  canvas->mono = new_layout ("Monospace", MONO_PX * scale);
  canvas->small = new_layout (map->font != NULL ? map->font : "Sans", SMALL_PX * scale);
}

void
psc_canvas_finish (PscCanvas *canvas)
{
  g_clear_object (&canvas->text);
  g_clear_object (&canvas->mono);
  g_clear_object (&canvas->small);
}

void
psc_canvas_set_color (const PscCanvas *canvas, PscColor color, double alpha)
{
  cairo_set_source_rgba (canvas->cr, ((color >> 16) & 0xff) / 255.0, ((color >> 8) & 0xff) / 255.0,
                         (color & 0xff) / 255.0, alpha);
}

void
psc_canvas_measure (const PscCanvas *canvas, PangoLayout *layout, const char *text, double *width,
                    double *height)
{
  int w, h;

  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &w, &h);
  *width = (double) w / PANGO_SCALE;
  *height = (double) h / PANGO_SCALE;
}

double
psc_canvas_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x, double y,
                 PscAlign align, double max_width, PscColor color)
{
  double width, height;

  psc_canvas_measure (canvas, layout, text, &width, &height);
  if (max_width > 0 && width > max_width)
    {
      pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
      width = max_width;
    }
  if (align == PSC_ALIGN_CENTER)
    x -= width / 2;
  else if (align == PSC_ALIGN_RIGHT)
    x -= width;
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, x, y - height / 2);
  pango_cairo_show_layout (canvas->cr, layout);
  return width;
}

gboolean
psc_canvas_text_upwards (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x,
                         double y, double max_length, PscColor color)
{
  double width, height;

  psc_canvas_measure (canvas, layout, text, &width, &height);
  if (width > max_length)
    return FALSE;
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, round (x - height / 2), round (y + width / 2));
  cairo_rotate (canvas->cr, -G_PI / 2);
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, 0, 0);
  pango_cairo_show_layout (canvas->cr, layout);
  cairo_restore (canvas->cr);
  return TRUE;
}
