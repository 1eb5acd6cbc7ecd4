/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cairo tells an observer surface that something was drawn, right after it was drawn: then path,
 * colour and clip can still be asked of the context. */

#include "psc-svg.h"

#include <math.h>
#include <string.h>

#include "psc-canvas.h"
#include "psc-png.h"
#include "psc-svg-path.h"

/* px: less than what numbers are rounded to. */
#define SLACK 0.005
/* Pixels per px of pictures that are made here: they are looked at from close by. */
#define PICTURE_SCALE 2

struct _PscSvg
{
  cairo_surface_t *observer;
  cairo_t *cr;
  PscTextSink sink;
  GString *body;
  GString *open;      /* attributes of the path that is not closed yet; empty: there is none */
  PscSvgBox open_box; /* its extents */
  guint n_clips;
  GString *clip; /* path of the last one */
  PscSvgPictureFunc picture_func;
  gpointer user_data;
  cairo_status_t status;
};

/* --- what is drawn ------------------------------------------------------------------------- */

static PscSvgBox
to_device (cairo_t *cr, PscSvgBox box)
{
  cairo_user_to_device (cr, &box.x0, &box.y0);
  cairo_user_to_device (cr, &box.x1, &box.y1);
  return box;
}

static PscSvgBox
get_clip (cairo_t *cr)
{
  PscSvgBox clip;

  cairo_clip_extents (cr, &clip.x0, &clip.y0, &clip.x1, &clip.y1);
  return to_device (cr, clip);
}

static gboolean
box_contains (const PscSvgBox *outer, const PscSvgBox *inner)
{
  return inner->x0 >= outer->x0 - SLACK && inner->y0 >= outer->y0 - SLACK &&
         inner->x1 <= outer->x1 + SLACK && inner->y1 <= outer->y1 + SLACK;
}

static PscSvgBox
box_intersect (const PscSvgBox *a, const PscSvgBox *b)
{
  return (PscSvgBox){ MAX (a->x0, b->x0), MAX (a->y0, b->y0), MIN (a->x1, b->x1),
                      MIN (a->y1, b->y1) };
}

static void
close_open (PscSvg *svg)
{
  if (svg->open->len > 0)
    g_string_append (svg->body, "\"/>\n");
  g_string_truncate (svg->open, 0);
}

/* Goes on with the path before when it looks the same and does not shine through where the two
 * meet. */
static void
open_path (PscSvg *svg, const GString *attributes, const PscSvgBox *box, gboolean joinable)
{
  PscSvgBox common = box_intersect (&svg->open_box, box);

  if (g_string_equal (svg->open, attributes) &&
      (joinable || common.x0 >= common.x1 || common.y0 >= common.y1))
    {
      svg->open_box =
          (PscSvgBox){ MIN (svg->open_box.x0, box->x0), MIN (svg->open_box.y0, box->y0),
                       MAX (svg->open_box.x1, box->x1), MAX (svg->open_box.y1, box->y1) };
      return;
    }
  close_open (svg);
  g_string_append_printf (svg->body, "<path%s d=\"", attributes->str);
  g_string_append (svg->open, attributes->str);
  svg->open_box = *box;
}

/* The number of a clip path for the box, written when it is not that of the last time. */
static guint
use_clip (PscSvg *svg, const PscSvgBox *box)
{
  g_autoptr (GString) path = g_string_new (NULL);

  psc_svg_append_rectangle (path, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0);
  if (svg->n_clips > 0 && g_string_equal (path, svg->clip))
    return svg->n_clips;
  close_open (svg);
  g_string_assign (svg->clip, path->str);
  g_string_append_printf (svg->body, "<clipPath id=\"c%u\"><path d=\"%s\"/></clipPath>\n",
                          ++svg->n_clips, path->str);
  return svg->n_clips;
}

static void
append_color (GString *out, const char *property, const double rgba[4])
{
  g_string_append_printf (out, " %s=\"#%02x%02x%02x\"", property, (guint) lround (rgba[0] * 255),
                          (guint) lround (rgba[1] * 255), (guint) lround (rgba[2] * 255));
  if (rgba[3] >= 1)
    return;
  g_string_append_printf (out, " %s-opacity=\"", property);
  psc_svg_append_number (out, rgba[3]);
  g_string_append_c (out, '"');
}

static cairo_status_t
collect_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
append_picture (PscSvg *svg, cairo_surface_t *picture, const PscSvgBox *box)
{
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_status_t status = cairo_surface_status (picture);
  g_autofree char *base64 = NULL;

  if (status == CAIRO_STATUS_SUCCESS &&
      cairo_image_surface_get_format (picture) == CAIRO_FORMAT_RGB24)
    psc_png_append (png, picture, NULL, 0);
  else if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (picture, collect_bytes, png);
  if (status != CAIRO_STATUS_SUCCESS)
    svg->status = status;
  base64 = g_base64_encode (png->data, png->len);
  close_open (svg);
  g_string_append (svg->body, "<image class=\"p\" preserveAspectRatio=\"none\"");
  psc_svg_append_attribute (svg->body, "x", box->x0);
  psc_svg_append_attribute (svg->body, "y", box->y0);
  psc_svg_append_attribute (svg->body, "width", box->x1 - box->x0);
  psc_svg_append_attribute (svg->body, "height", box->y1 - box->y0);
  g_string_append_printf (svg->body, " xlink:href=\"data:image/png;base64,%s\"/>\n", base64);
  if (svg->picture_func != NULL)
    svg->picture_func (svg->body, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0,
                       svg->user_data);
}

/* Draws the same once more into a picture: what the context has, but for its path when `path` is
 * NULL. */
static void
embed (PscSvg *svg, const PscSvgBox *area, const cairo_path_t *path)
{
  cairo_pattern_t *source = cairo_get_source (svg->cr);
  PscSvgBox box = { floor (area->x0), floor (area->y0), ceil (area->x1), ceil (area->y1) };
  double scale = PICTURE_SCALE, scale_y;
  gboolean opaque = FALSE;
  cairo_surface_t *original, *picture;
  cairo_matrix_t matrix;
  cairo_t *cr;

  if (path == NULL && cairo_pattern_get_surface (source, &original) == CAIRO_STATUS_SUCCESS)
    {
      opaque = cairo_surface_get_content (original) == CAIRO_CONTENT_COLOR;
      cairo_surface_get_device_scale (original, &scale, &scale_y);
    }
  picture = cairo_image_surface_create (opaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32,
                                        (int) ((box.x1 - box.x0) * scale),
                                        (int) ((box.y1 - box.y0) * scale));
  cairo_surface_set_device_scale (picture, scale, scale);
  cairo_surface_set_device_offset (picture, -box.x0 * scale, -box.y0 * scale);
  cr = cairo_create (picture);
  cairo_get_matrix (svg->cr, &matrix);
  cairo_set_matrix (cr, &matrix);
  cairo_set_source (cr, source);
  if (path != NULL)
    {
      cairo_append_path (cr, path);
      cairo_fill (cr);
    }
  else
    cairo_paint (cr);
  if (cairo_status (cr) != CAIRO_STATUS_SUCCESS)
    svg->status = cairo_status (cr);
  cairo_destroy (cr);
  append_picture (svg, picture, &box);
  cairo_surface_destroy (picture);
}

/* FALSE when the source is more than a colour. */
static gboolean
get_color (PscSvg *svg, double rgba[4])
{
  cairo_pattern_t *source = cairo_get_source (svg->cr);

  return cairo_pattern_get_rgba (source, &rgba[0], &rgba[1], &rgba[2], &rgba[3]) ==
         CAIRO_STATUS_SUCCESS;
}

static void
paint_cb (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  PscSvg *svg = data;
  PscSvgBox clip = get_clip (svg->cr);
  g_autoptr (GString) attributes = g_string_new (NULL);
  double rgba[4];

  if (!get_color (svg, rgba))
    {
      embed (svg, &clip, NULL);
      return;
    }
  append_color (attributes, "fill", rgba);
  open_path (svg, attributes, &clip, rgba[3] >= 1);
  psc_svg_append_rectangle (svg->body, clip.x0, clip.y0, clip.x1 - clip.x0, clip.y1 - clip.y0);
}

/* Is the path nothing but one upright rectangle, which the box is then? */
static gboolean
is_rectangle (const cairo_path_t *path, const PscSvgBox *box)
{
  guint n_corners = 0;

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      const cairo_path_data_t *data = &path->data[i];

      if (data->header.type == CAIRO_PATH_CURVE_TO)
        return FALSE;
      if (data->header.type == CAIRO_PATH_CLOSE_PATH)
        return n_corners == 4 && i + 1 + 2 >= path->num_data;
      n_corners++;
      if ((data[1].point.x != box->x0 && data[1].point.x != box->x1) ||
          (data[1].point.y != box->y0 && data[1].point.y != box->y1))
        return FALSE;
    }
  return FALSE;
}

static void
fill_path (PscSvg *svg, const cairo_path_t *path, const double rgba[4])
{
  g_autoptr (GString) attributes = g_string_new (NULL);
  PscSvgBox clip = get_clip (svg->cr);
  PscSvgBox user, box;

  cairo_path_extents (svg->cr, &user.x0, &user.y0, &user.x1, &user.y1);
  box = to_device (svg->cr, user);
  append_color (attributes, "fill", rgba);
  if (is_rectangle (path, &user))
    {
      PscSvgBox seen = box_intersect (&box, &clip);

      open_path (svg, attributes, &seen, rgba[3] >= 1);
      psc_svg_append_rectangle (svg->body, seen.x0, seen.y0, seen.x1 - seen.x0, seen.y1 - seen.y0);
      return;
    }
  if (cairo_get_fill_rule (svg->cr) == CAIRO_FILL_RULE_EVEN_ODD)
    g_string_append (attributes, " fill-rule=\"evenodd\"");
  if (!box_contains (&clip, &box))
    g_string_append_printf (attributes, " clip-path=\"url(#c%u)\"", use_clip (svg, &clip));
  /* Two of them might turn in different directions and make a hole where they meet. */
  open_path (svg, attributes, &box, FALSE);
  psc_svg_append_path (svg->body, svg->cr, path);
}

static void
fill_cb (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  PscSvg *svg = data;
  cairo_path_t *path = cairo_copy_path (svg->cr);
  double rgba[4];

  if (get_color (svg, rgba))
    fill_path (svg, path, rgba);
  else
    {
      PscSvgBox clip = get_clip (svg->cr);
      PscSvgBox box;

      cairo_fill_extents (svg->cr, &box.x0, &box.y0, &box.x1, &box.y1);
      box = to_device (svg->cr, box);
      box = box_intersect (&box, &clip);
      embed (svg, &box, path);
    }
  cairo_path_destroy (path);
}

static void
append_pen (GString *out, cairo_t *cr)
{
  static const char *const caps[] = { NULL, "round", "square" };
  static const char *const joins[] = { NULL, "round", "bevel" };
  const char *cap = caps[cairo_get_line_cap (cr)];
  const char *join = joins[cairo_get_line_join (cr)];
  g_autofree double *dashes = g_new (double, MAX (cairo_get_dash_count (cr), 1));
  double offset;

  if (cairo_get_line_width (cr) != 1)
    psc_svg_append_attribute (out, "stroke-width", cairo_get_line_width (cr));
  if (cap != NULL)
    g_string_append_printf (out, " stroke-linecap=\"%s\"", cap);
  if (join != NULL)
    g_string_append_printf (out, " stroke-linejoin=\"%s\"", join);
  if (cairo_get_dash_count (cr) == 0)
    return;
  cairo_get_dash (cr, dashes, &offset);
  g_string_append (out, " stroke-dasharray=\"");
  for (int i = 0; i < cairo_get_dash_count (cr); i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      psc_svg_append_number (out, dashes[i]);
    }
  g_string_append_c (out, '"');
  if (offset != 0)
    psc_svg_append_attribute (out, "stroke-dashoffset", offset);
}

static void
stroke_path (PscSvg *svg, const cairo_path_t *path, const double rgba[4])
{
  g_autoptr (GString) attributes = g_string_new (" fill=\"none\"");
  g_autoptr (GString) lines = g_string_new (NULL);
  PscSvgBox clip = get_clip (svg->cr);
  /* The ends of slanted lines are slanted too, and the clip was rounded up: corners must not stick
   * out. */
  double corner = cairo_get_line_width (svg->cr) * 0.35 + 0.5;
  PscSvgBox inner = { clip.x0 + corner, clip.y0 + corner, clip.x1 - corner, clip.y1 - corner };
  PscSvgBox box;

  cairo_stroke_extents (svg->cr, &box.x0, &box.y0, &box.x1, &box.y1);
  box = to_device (svg->cr, box);
  append_color (attributes, "stroke", rgba);
  append_pen (attributes, svg->cr);
  if (box_contains (&clip, &box))
    psc_svg_append_path (lines, svg->cr, path);
  else if (!psc_svg_append_cut_lines (lines, svg->cr, path, &inner))
    {
      psc_svg_append_path (lines, svg->cr, path);
      g_string_append_printf (attributes, " clip-path=\"url(#c%u)\"", use_clip (svg, &clip));
    }
  box = box_intersect (&box, &clip);
  if (lines->len == 0)
    return;
  open_path (svg, attributes, &box, rgba[3] >= 1);
  g_string_append_len (svg->body, lines->str, (gssize) lines->len);
}

static void
stroke_cb (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  PscSvg *svg = data;
  cairo_path_t *path;
  double rgba[4];

  /* A line of anything but a colour is not worth a picture. */
  g_return_if_fail (get_color (svg, rgba));
  path = cairo_copy_path (svg->cr);
  stroke_path (svg, path, rgba);
  cairo_path_destroy (path);
}

/* Texts that did not come through psc_canvas_text(), and masks: our own mistake. */
static void
lost_cb (cairo_surface_t *observer, cairo_surface_t *target, void *data)
{
  g_warn_if_reached ();
}

/* Whatever font the reader has, the text takes the room that was measured. */
static void
text_cb (const PscWords *words, gpointer user_data)
{
  static const char *const anchors[] = { NULL, "middle", "end" };
  PscSvg *svg = user_data;
  GString *body = svg->body;

  close_open (svg);
  g_string_append (body, "<text");
  if (words->bold || words->mono)
    g_string_append_printf (body, " class=\"%s\"", words->bold ? "b" : "m");
  psc_svg_append_attribute (body, "x", words->x);
  psc_svg_append_attribute (body, "y", words->baseline);
  if (anchors[words->align] != NULL)
    g_string_append_printf (body, " text-anchor=\"%s\"", anchors[words->align]);
  if (words->upwards)
    g_string_append_printf (body, " transform=\"rotate(-90 %.6g %.6g)\"", words->x,
                            words->baseline);
  psc_svg_append_attribute (body, "font-size", words->size);
  psc_svg_append_attribute (body, "textLength", words->width);
  g_string_append_printf (body, " lengthAdjust=\"spacingAndGlyphs\" fill=\"#%06x\">", words->color);
  if (words->text != words->whole)
    {
      g_string_append (body, "<title>");
      psc_svg_append_escaped (body, words->whole);
      g_string_append (body, "</title>");
    }
  psc_svg_append_escaped (body, words->text);
  g_string_append (body, "</text>\n");
}

/* --- the whole ----------------------------------------------------------------------------- */

PscSvg *
psc_svg_new (double width, double height, PscSvgPictureFunc picture_func, gpointer user_data)
{
  PscSvg *svg = g_new0 (PscSvg, 1);
  /* Cairo skips what lies outside of the surface, so it has to have the size; a bit a px is the
   * least. */
  cairo_surface_t *target =
      cairo_image_surface_create (CAIRO_FORMAT_A1, (int) ceil (width), (int) ceil (height));

  svg->body = g_string_new (NULL);
  svg->open = g_string_new (NULL);
  svg->clip = g_string_new (NULL);
  svg->picture_func = picture_func;
  svg->user_data = user_data;
  svg->observer = cairo_surface_create_observer (target, CAIRO_SURFACE_OBSERVER_NORMAL);
  cairo_surface_destroy (target);
  cairo_surface_observer_add_paint_callback (svg->observer, paint_cb, svg);
  cairo_surface_observer_add_fill_callback (svg->observer, fill_cb, svg);
  cairo_surface_observer_add_stroke_callback (svg->observer, stroke_cb, svg);
  cairo_surface_observer_add_mask_callback (svg->observer, lost_cb, svg);
  cairo_surface_observer_add_glyphs_callback (svg->observer, lost_cb, svg);
  svg->cr = cairo_create (svg->observer);
  svg->sink = (PscTextSink){ text_cb, svg };
  psc_canvas_set_text_sink (svg->cr, &svg->sink);
  return svg;
}

void
psc_svg_free (PscSvg *svg)
{
  if (svg == NULL)
    return;
  cairo_destroy (svg->cr);
  cairo_surface_destroy (svg->observer);
  g_string_free (svg->body, TRUE);
  g_string_free (svg->open, TRUE);
  g_string_free (svg->clip, TRUE);
  g_free (svg);
}

cairo_t *
psc_svg_get_context (PscSvg *svg)
{
  return svg->cr;
}

const GString *
psc_svg_get_body (PscSvg *svg)
{
  close_open (svg);
  return svg->body;
}

cairo_status_t
psc_svg_get_status (PscSvg *svg)
{
  return svg->status != CAIRO_STATUS_SUCCESS ? svg->status : cairo_status (svg->cr);
}
