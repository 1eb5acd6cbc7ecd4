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

static const cairo_user_data_key_t sink_key;

void
psc_canvas_set_text_sink (cairo_t *cr, const PscTextSink *sink)
{
  cairo_set_user_data (cr, &sink_key, (void *) sink, NULL);
}

gboolean
psc_canvas_is_vector (const PscCanvas *canvas)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (canvas->cr));

  return cairo_get_user_data (canvas->cr, &sink_key) != NULL || type == CAIRO_SURFACE_TYPE_PDF ||
         type == CAIRO_SURFACE_TYPE_SVG;
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
give_text (const PscCanvas *canvas, const PscTextSink *sink, PangoLayout *layout, PscWords *words,
           double max_width)
{
  const PangoFontDescription *font = pango_layout_get_font_description (layout);
  g_autofree char *shortened = NULL;

  if (max_width > 0 && words->width > max_width)
    words->text = shortened = shorten (canvas, layout, words->whole, max_width, &words->width);
  words->size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  words->bold = pango_font_description_get_weight (font) >= PANGO_WEIGHT_BOLD;
  words->mono = layout == canvas->mono;
  cairo_user_to_device (canvas->cr, &words->x, &words->baseline);
  sink->text (words, sink->user_data);
}

/* The place of its baseline below the middle of a text. */
static double
baseline_of (const PscText *set)
{
  return (double) pango_layout_get_baseline (set->layout) / PANGO_SCALE - set->height / 2;
}

/* Glyphs may reach beyond their line, and are smoothed at their edges. */
static void
note_text (const PscCanvas *canvas, const PscText *set, double x, double y)
{
  PangoRectangle ink;

  if (canvas->patches == NULL)
    return;
  pango_layout_get_pixel_extents (set->layout, &ink, NULL);
  psc_patches_add (canvas->patches, x + ink.x - 1, y + ink.y - 1, ink.width + 2, ink.height + 2);
}

double
psc_canvas_text (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x, double y,
                 PscAlign align, double max_width, PscColor color)
{
  const PscTextSink *sink = cairo_get_user_data (canvas->cr, &sink_key);
  PscText set = set_text (canvas, layout, text, sink != NULL ? 0 : max_width);

  if (sink != NULL)
    {
      PscWords given = { .text = text,
                         .whole = text,
                         .x = x,
                         .baseline = y + baseline_of (&set),
                         .width = set.width,
                         .align = align,
                         .color = color };

      give_text (canvas, sink, layout, &given, max_width);
      return given.width;
    }
  if (align == PSC_ALIGN_CENTER)
    x -= set.width / 2;
  else if (align == PSC_ALIGN_RIGHT)
    x -= set.width;
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, x, y - set.height / 2);
  pango_cairo_show_layout (canvas->cr, set.layout);
  note_text (canvas, &set, x, y - set.height / 2);
  return set.width;
}

gboolean
psc_canvas_text_upwards (const PscCanvas *canvas, PangoLayout *layout, const char *text, double x,
                         double y, double max_length, PscColor color)
{
  const PscTextSink *sink = cairo_get_user_data (canvas->cr, &sink_key);
  PscText set = set_text (canvas, layout, text, 0);

  if (set.width > max_length)
    return FALSE;
  if (sink != NULL)
    {
      PscWords given = { .text = text,
                         .whole = text,
                         .x = x + baseline_of (&set),
                         .baseline = y + set.width / 2,
                         .width = set.width,
                         .upwards = TRUE,
                         .color = color };

      give_text (canvas, sink, layout, &given, 0);
      return TRUE;
    }
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, round (x - set.height / 2), round (y + set.width / 2));
  cairo_rotate (canvas->cr, -G_PI / 2);
  psc_canvas_set_color (canvas, color, 1);
  cairo_move_to (canvas->cr, 0, 0);
  pango_cairo_show_layout (canvas->cr, set.layout);
  cairo_restore (canvas->cr);
  return TRUE;
}
