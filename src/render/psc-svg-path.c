/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-svg-path.h"

#include <math.h>

#include "psc-svg.h"

/* Numbers are written in hundredths of a px. */
#define UNIT 100

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

void
psc_svg_append_attribute (GString *out, const char *name, double number)
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

void
psc_svg_append_path (GString *out, cairo_t *cr, const cairo_path_t *path)
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

gboolean
psc_svg_append_cut_lines (GString *out, cairo_t *cr, const cairo_path_t *path,
                          const PscSvgBox *clip)
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
