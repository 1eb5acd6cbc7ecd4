/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cairo tells an observer surface that something was drawn, right after it was drawn: then path,
 * colour and clip can still be asked of the context. */

#include "psc-svg.h"

#include <math.h>
#include <string.h>

#include "psc-canvas.h"
#include "psc-png.h"

/* Numbers are written in hundredths of a px. */
#define UNIT 100
/* Pixels per px of pictures that are made here: they are looked at from close by. */
#define PICTURE_SCALE 2

typedef struct
{
  double x0, y0, x1, y1; /* device px */
} Box;

struct _PscSvg
{
  cairo_surface_t *observer;
  cairo_t *cr;
  PscTextSink sink;
  GString *body;
  GString *open; /* attributes of the path that is not closed yet; empty: there is none */
  Box open_box;  /* its extents */
  guint n_clips;
  GString *clip; /* path of the last one */
  PscSvgPictureFunc picture_func;
  gpointer user_data;
  cairo_status_t status;
};

/* --- words of XML -------------------------------------------------------------------------- */

static void
append_character (GString *out, gunichar c)
{
  if (c == '&')
    g_string_append (out, "&amp;");
  else if (c == '<')
    g_string_append (out, "&lt;");
  else if (c == '>')
    g_string_append (out, "&gt;");
  else if (c == '"')
    g_string_append (out, "&quot;");
  else if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff)
    g_string_append_unichar (out, 0xfffd);
  else
    g_string_append_unichar (out, c);
}

void
psc_svg_append_escaped (GString *out, const char *text)
{
  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          append_character (out, 0xfffd);
          text++;
          continue;
        }
      if (c == '\n')
        g_string_append_c (out, '\n');
      else
        append_character (out, c);
      text = g_utf8_next_char (text);
    }
}

static gint64
to_units (double number)
{
  return (gint64) llround (CLAMP (number, -1e9, 1e9) * UNIT);
}

static void
append_units (GString *out, gint64 units)
{
  guint64 size = units < 0 ? -(guint64) units : (guint64) units;

  if (units < 0)
    g_string_append_c (out, '-');
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, size / UNIT);
  if (size % UNIT == 0)
    return;
  g_string_append_printf (out, ".%02u", (guint) (size % UNIT));
  if (size % 10 == 0)
    g_string_truncate (out, out->len - 1);
}

void
psc_svg_append_number (GString *out, double number)
{
  append_units (out, to_units (number));
}

static void
append_attribute (GString *out, const char *name, double number)
{
  g_string_append_printf (out, " %s=\"", name);
  psc_svg_append_number (out, number);
  g_string_append_c (out, '"');
}

/* --- paths --------------------------------------------------------------------------------- */

typedef struct
{
  GString *out;
  gint64 x, y;             /* where the pen is */
  gint64 start_x, start_y; /* of the sub-path */
  gboolean moved;          /* the pen was moved and has not drawn yet */
} Pen;

static void
pen_put_down (Pen *pen)
{
  if (!pen->moved)
    return;
  pen->moved = FALSE;
  g_string_append_c (pen->out, 'M');
  append_units (pen->out, pen->x);
  g_string_append_c (pen->out, ' ');
  append_units (pen->out, pen->y);
}

static void
pen_move (Pen *pen, gint64 x, gint64 y)
{
  pen->x = pen->start_x = x;
  pen->y = pen->start_y = y;
  pen->moved = TRUE;
}

static void
pen_line (Pen *pen, gint64 x, gint64 y)
{
  pen_put_down (pen);
  if (y == pen->y)
    {
      g_string_append_c (pen->out, 'h');
      append_units (pen->out, x - pen->x);
    }
  else if (x == pen->x)
    {
      g_string_append_c (pen->out, 'v');
      append_units (pen->out, y - pen->y);
    }
  else
    {
      g_string_append_c (pen->out, 'l');
      append_units (pen->out, x - pen->x);
      g_string_append_c (pen->out, ' ');
      append_units (pen->out, y - pen->y);
    }
  pen->x = x;
  pen->y = y;
}

static void
pen_curve (Pen *pen, const gint64 *points)
{
  pen_put_down (pen);
  for (guint i = 0; i < 6; i++)
    {
      g_string_append_c (pen->out, i == 0 ? 'c' : ' ');
      append_units (pen->out, points[i] - (i % 2 == 0 ? pen->x : pen->y));
    }
  pen->x = points[4];
  pen->y = points[5];
}

static void
pen_close (Pen *pen)
{
  if (!pen->moved)
    g_string_append_c (pen->out, 'z');
  pen_move (pen, pen->start_x, pen->start_y);
}

void
psc_svg_append_rectangle (GString *out, double x, double y, double width, double height)
{
  Pen pen = { .out = out };
  gint64 left = to_units (x), top = to_units (y);
  gint64 right = to_units (x + width), bottom = to_units (y + height);

  pen_move (&pen, left, top);
  pen_line (&pen, right, top);
  pen_line (&pen, right, bottom);
  pen_line (&pen, left, bottom);
  pen_close (&pen);
}

static void
append_path (GString *out, cairo_t *cr, const cairo_path_t *path)
{
  Pen pen = { .out = out };

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      const cairo_path_data_t *data = &path->data[i];
      gint64 points[6];

      for (int j = 1; j < data->header.length && j <= 3; j++)
        {
          double x = data[j].point.x, y = data[j].point.y;

          cairo_user_to_device (cr, &x, &y);
          points[2 * j - 2] = to_units (x);
          points[2 * j - 1] = to_units (y);
        }
      if (data->header.type == CAIRO_PATH_MOVE_TO)
        pen_move (&pen, points[0], points[1]);
      else if (data->header.type == CAIRO_PATH_LINE_TO)
        pen_line (&pen, points[0], points[1]);
      else if (data->header.type == CAIRO_PATH_CURVE_TO)
        pen_curve (&pen, points);
      else
        pen_close (&pen);
    }
}

/* --- what is drawn ------------------------------------------------------------------------- */

static Box
to_device (cairo_t *cr, Box box)
{
  cairo_user_to_device (cr, &box.x0, &box.y0);
  cairo_user_to_device (cr, &box.x1, &box.y1);
  return box;
}

static Box
get_clip (cairo_t *cr)
{
  Box clip;

  cairo_clip_extents (cr, &clip.x0, &clip.y0, &clip.x1, &clip.y1);
  return to_device (cr, clip);
}

static gboolean
box_contains (const Box *outer, const Box *inner)
{
  const double slack = 0.5 / UNIT;

  return inner->x0 >= outer->x0 - slack && inner->y0 >= outer->y0 - slack &&
         inner->x1 <= outer->x1 + slack && inner->y1 <= outer->y1 + slack;
}

static Box
box_intersect (const Box *a, const Box *b)
{
  return (Box){ MAX (a->x0, b->x0), MAX (a->y0, b->y0), MIN (a->x1, b->x1), MIN (a->y1, b->y1) };
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
open_path (PscSvg *svg, const GString *attributes, const Box *box, gboolean joinable)
{
  Box common = box_intersect (&svg->open_box, box);

  if (g_string_equal (svg->open, attributes) &&
      (joinable || common.x0 >= common.x1 || common.y0 >= common.y1))
    {
      svg->open_box = (Box){ MIN (svg->open_box.x0, box->x0), MIN (svg->open_box.y0, box->y0),
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
use_clip (PscSvg *svg, const Box *box)
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
append_picture (PscSvg *svg, cairo_surface_t *picture, const Box *box)
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
  append_attribute (svg->body, "x", box->x0);
  append_attribute (svg->body, "y", box->y0);
  append_attribute (svg->body, "width", box->x1 - box->x0);
  append_attribute (svg->body, "height", box->y1 - box->y0);
  g_string_append_printf (svg->body, " xlink:href=\"data:image/png;base64,%s\"/>\n", base64);
  if (svg->picture_func != NULL)
    svg->picture_func (svg->body, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0,
                       svg->user_data);
}

/* Draws the same once more into a picture: what the context has, but for its path when `path` is
 * NULL. */
static void
embed (PscSvg *svg, const Box *area, const cairo_path_t *path)
{
  cairo_pattern_t *source = cairo_get_source (svg->cr);
  Box box = { floor (area->x0), floor (area->y0), ceil (area->x1), ceil (area->y1) };
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
  Box clip = get_clip (svg->cr);
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
is_rectangle (const cairo_path_t *path, const Box *box)
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
  Box clip = get_clip (svg->cr);
  Box user, box;

  cairo_path_extents (svg->cr, &user.x0, &user.y0, &user.x1, &user.y1);
  box = to_device (svg->cr, user);
  append_color (attributes, "fill", rgba);
  if (is_rectangle (path, &user))
    {
      Box seen = box_intersect (&box, &clip);

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
  append_path (svg->body, svg->cr, path);
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
      Box clip = get_clip (svg->cr);
      Box box;

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
    append_attribute (out, "stroke-width", cairo_get_line_width (cr));
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
    append_attribute (out, "stroke-dashoffset", offset);
}

/* One bound of the clip: keeps the part of the line, from t0 to t1, that is inside (Liang and
 * Barsky). */
static gboolean
cut_line (double distance, double slope, double *t0, double *t1)
{
  double t = distance / slope;

  if (slope == 0)
    return distance >= 0;
  if (slope < 0)
    *t0 = MAX (*t0, t);
  else
    *t1 = MIN (*t1, t);
  return *t0 < *t1;
}

/* Lines without what lies outside: hatchings are many short lines in small boxes, and a clip path
 * for each would take more room than they do. FALSE, and nothing written, when there are curves. */
static gboolean
append_cut_lines (GString *out, cairo_t *cr, const cairo_path_t *path, const Box *clip)
{
  Pen pen = { .out = out };
  double x = 0, y = 0;

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    if (path->data[i].header.type > CAIRO_PATH_LINE_TO)
      return FALSE;
  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      double to_x = path->data[i + 1].point.x, to_y = path->data[i + 1].point.y;
      double t0 = 0, t1 = 1;

      cairo_user_to_device (cr, &to_x, &to_y);
      if (path->data[i].header.type == CAIRO_PATH_LINE_TO &&
          cut_line (x - clip->x0, x - to_x, &t0, &t1) &&
          cut_line (clip->x1 - x, to_x - x, &t0, &t1) &&
          cut_line (y - clip->y0, y - to_y, &t0, &t1) &&
          cut_line (clip->y1 - y, to_y - y, &t0, &t1))
        {
          pen_move (&pen, to_units (x + t0 * (to_x - x)), to_units (y + t0 * (to_y - y)));
          pen_line (&pen, to_units (x + t1 * (to_x - x)), to_units (y + t1 * (to_y - y)));
        }
      x = to_x;
      y = to_y;
    }
  return TRUE;
}

static void
stroke_path (PscSvg *svg, const cairo_path_t *path, const double rgba[4])
{
  g_autoptr (GString) attributes = g_string_new (" fill=\"none\"");
  g_autoptr (GString) lines = g_string_new (NULL);
  Box clip = get_clip (svg->cr);
  /* The ends of slanted lines are slanted too, and the clip was rounded up: corners must not stick
   * out. */
  double corner = cairo_get_line_width (svg->cr) * 0.35 + 0.5;
  Box inner = { clip.x0 + corner, clip.y0 + corner, clip.x1 - corner, clip.y1 - corner };
  Box box;

  cairo_stroke_extents (svg->cr, &box.x0, &box.y0, &box.x1, &box.y1);
  box = to_device (svg->cr, box);
  append_color (attributes, "stroke", rgba);
  append_pen (attributes, svg->cr);
  if (box_contains (&clip, &box))
    append_path (lines, svg->cr, path);
  else if (!append_cut_lines (lines, svg->cr, path, &inner))
    {
      append_path (lines, svg->cr, path);
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
text_cb (const PscText *text, gpointer user_data)
{
  static const char *const anchors[] = { NULL, "middle", "end" };
  PscSvg *svg = user_data;
  GString *body = svg->body;

  close_open (svg);
  g_string_append (body, "<text");
  if (text->bold || text->mono)
    g_string_append_printf (body, " class=\"%s\"", text->bold ? "b" : "m");
  append_attribute (body, "x", text->x);
  append_attribute (body, "y", text->baseline);
  if (anchors[text->align] != NULL)
    g_string_append_printf (body, " text-anchor=\"%s\"", anchors[text->align]);
  append_attribute (body, "font-size", text->size);
  append_attribute (body, "textLength", text->width);
  g_string_append_printf (body, " lengthAdjust=\"spacingAndGlyphs\" fill=\"#%06x\">", text->color);
  if (text->text != text->whole)
    {
      g_string_append (body, "<title>");
      psc_svg_append_escaped (body, text->whole);
      g_string_append (body, "</title>");
    }
  psc_svg_append_escaped (body, text->text);
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
