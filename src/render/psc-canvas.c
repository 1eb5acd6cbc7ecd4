/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#define LABEL_PX 12.0
#define MONO_PX  10.5

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
}

void
psc_canvas_finish (PscCanvas *canvas)
{
  g_clear_object (&canvas->text);
  g_clear_object (&canvas->mono);
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

static const cairo_user_data_key_t sink_key;

void
psc_canvas_set_text_sink (cairo_t *cr, const PscTextSink *sink)
{
  cairo_set_user_data (cr, &sink_key, (void *) sink, NULL);
}

/* The most of a text that fits, without its middle: what pango would draw, as a string. */
static char *
shorten (const PscCanvas *canvas, PangoLayout *layout, const char *text, double max_width,
         double *width)
{
  glong length = g_utf8_strlen (text, -1);
  glong least = 0, most = length;
  char *best = NULL;
  double height;

  while (best == NULL || least < most)
    {
      glong keep = (least + most) / 2;
      const char *tail = g_utf8_offset_to_pointer (text, length - keep / 2);
      g_autofree char *head = g_utf8_substring (text, 0, keep - keep / 2);
      g_autofree char *tried = g_strconcat (head, "…", tail, NULL);
      double w;

      psc_canvas_measure (canvas, layout, tried, &w, &height);
      if (w > max_width && keep > 0)
        {
          most = keep;
          continue;
        }
      g_free (best);
      best = g_steal_pointer (&tried);
      *width = w;
      least = keep + 1;
    }
  return best;
}

static void
give_text (const PscCanvas *canvas, const PscTextSink *sink, PangoLayout *layout, PscText *text,
           double max_width)
{
  const PangoFontDescription *font = pango_layout_get_font_description (layout);
  g_autofree char *shortened = NULL;

  if (max_width > 0 && text->width > max_width)
    text->text = shortened = shorten (canvas, layout, text->whole, max_width, &text->width);
  text->size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  text->bold = pango_font_description_get_weight (font) >= PANGO_WEIGHT_BOLD;
  text->mono = layout == canvas->mono;
  cairo_user_to_device (canvas->cr, &text->x, &text->baseline);
  sink->text (text, sink->user_data);
}

double
psc_canvas_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x, double y,
                 PscAlign align, double max_width, PscColor color)
{
  const PscTextSink *sink = cairo_get_user_data (canvas->cr, &sink_key);
  double width, height;

  psc_canvas_measure (canvas, layout, text, &width, &height);
  if (sink != NULL)
    {
      double baseline = (double) pango_layout_get_baseline (layout) / PANGO_SCALE;
      PscText given = { .text = text,
                        .whole = text,
                        .x = x,
                        .baseline = y - height / 2 + baseline,
                        .width = width,
                        .align = align,
                        .color = color };

      give_text (canvas, sink, layout, &given, max_width);
      return given.width;
    }
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
