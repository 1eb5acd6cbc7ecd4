/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "psc-canvas.h"
#include "psc-config.h"
#include "psc-format.h"

G_DEFINE_QUARK (psc - figure - error - quark, psc_figure_error)

#define DEFAULT_WIDTH 1600
#define HEAD_PX       60.0
#define MARGIN_PX     14.0
/* When the height is free: rows of this height, within these bounds. */
#define FREE_ROW_PX 8.0
#define FREE_MIN_PX 220.0
#define FREE_MAX_PX 2200.0

gboolean
psc_figure_format_from_path (const char *path, PscFigureFormat *format, GError **error)
{
  static const char *const extensions[] = { "png", "svg", "pdf" };
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (extensions); i++)
    {
      if (g_ascii_strcasecmp (dot + 1, extensions[i]) != 0)
        continue;
      *format = i;
      return TRUE;
    }
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_FORMAT,
               "Can't tell the format of “%s” from its name: end it in .png, .svg or .pdf", path);
  return FALSE;
}

static PscLayout *
make_layout (const PscSpace *space, const PscFigureOptions *options)
{
  PscLayoutOptions layout_options = { .start = options->range_start, .end = options->range_end };

  if (options->layout != NULL)
    return psc_layout_ref ((PscLayout *) options->layout);
  return psc_layout_new (space, &layout_options);
}

static PscMap
make_map (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
          double width, double height)
{
  PscMap map = { .space = space,
                 .layout = layout,
                 .lens = options->lens,
                 .theme = options->theme,
                 .hover = PSC_MAP_NOWHERE };
  PscRect body = psc_map_body (&map, width, height);

  psc_view_fit (&map.view, layout, body.width, body.height);
  if (options->view != NULL)
    {
      /* The same middle at the same zoom, as far as the other shape allows. */
      PscView view = *options->view;

      psc_view_resize (&view, layout, body.width, body.height);
      map.view = view;
    }
  return map;
}

static char *
format_moment (const PscSpace *space)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (space->time_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z") : g_strdup ("");
}

static char *
format_sums (const PscSpace *space)
{
  g_autofree char *size = psc_format_size (space->totals.size);
  g_autofree char *resident = psc_format_size (space->totals.resident);
  g_autofree char *swapped = psc_format_size (space->totals.swapped);
  g_autofree char *huge = psc_format_size (space->totals.huge + space->totals.hugetlb);
  GString *text = g_string_new (NULL);

  if (space->source == PSC_SOURCE_NONE)
    g_string_append_printf (text, _ ("%s mapped · what is resident could not be read"), size);
  else
    g_string_append_printf (text, _ ("%s resident of %s mapped"), resident, size);
  if (space->totals.huge + space->totals.hugetlb > 0)
    g_string_append_printf (text, _ (" · %s in huge pages"), huge);
  if (space->totals.swapped > 0)
    g_string_append_printf (text, _ (" · %s swapped"), swapped);
  g_string_append_printf (text, ngettext (" · %u mapping", " · %u mappings", space->n_mappings),
                          space->n_mappings);
  return g_string_free (text, FALSE);
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

/* Name and sums on the left, where and when on the right. */
static void
draw_head (const PscMap *map, cairo_t *cr, double width)
{
  const PscSpace *space = map->space;
  PscCanvas canvas;
  g_autofree char *moment = format_moment (space);
  g_autofree char *place = g_strdup_printf ("%s · %s", space->host, space->kernel);
  g_autofree char *sums = format_sums (space);
  g_autofree char *pid = g_strdup_printf (_ ("process %d"), space->pid);
  const char *command = *space->command != '\0' ? space->command : space->name;
  double right = width - MARGIN_PX;
  double room = (right - MARGIN_PX) * 0.68;
  double x = MARGIN_PX;
  PangoLayout *title;

  psc_canvas_init (&canvas, map, cr);
  title = pango_layout_copy (canvas.text);
  set_title_font (title, 19);
  x += psc_canvas_text (&canvas, title, space->name, x, 22, PSC_ALIGN_LEFT, room * 0.5,
                        canvas.colors->text) +
       10;
  x += psc_canvas_text (&canvas, canvas.text, pid, x, 24, PSC_ALIGN_LEFT, 0, canvas.colors->text) +
       10;
  if (room - x > 80 && strcmp (command, space->name) != 0)
    psc_canvas_text (&canvas, canvas.text, command, x, 24, PSC_ALIGN_LEFT, room - x,
                     canvas.colors->dim);
  psc_canvas_text (&canvas, canvas.text, sums, MARGIN_PX, 46, PSC_ALIGN_LEFT, room,
                   canvas.colors->text);
  psc_canvas_text (&canvas, canvas.text, place, right, 24, PSC_ALIGN_RIGHT, right - room - 20,
                   canvas.colors->dim);
  psc_canvas_text (&canvas, canvas.text, moment, right, 46, PSC_ALIGN_RIGHT, right - room - 20,
                   canvas.colors->dim);
  g_object_unref (title);
  psc_canvas_finish (&canvas);
}

static void
draw_figure (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
             cairo_t *cr, double width, double height)
{
  double map_height = MAX (height - HEAD_PX, 1);
  PscMap map = make_map (space, layout, options, width, map_height);
  PscColor background = psc_theme_colors (options->theme)->background;

  cairo_set_source_rgb (cr, ((background >> 16) & 0xff) / 255.0, ((background >> 8) & 0xff) / 255.0,
                        (background & 0xff) / 255.0);
  cairo_paint (cr);
  draw_head (&map, cr, width);
  cairo_save (cr);
  cairo_translate (cr, 0, HEAD_PX);
  psc_map_draw (&map, cr, width, map_height, NULL);
  cairo_restore (cr);
}

void
psc_figure_draw (const PscSpace *space, const PscFigureOptions *options, cairo_t *cr, double width,
                 double height)
{
  g_autoptr (PscLayout) layout = make_layout (space, options);

  draw_figure (space, layout, options, cr, width, height);
}

/* The height that rows of FREE_ROW_PX need. */
static double
free_height (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
             double width)
{
  PscMap map = { .space = space,
                 .layout = layout,
                 .lens = options->lens,
                 .theme = options->theme,
                 .hover = PSC_MAP_NOWHERE };
  PscRect body = psc_map_body (&map, width, FREE_MAX_PX);
  double rows = layout->n_rows * FREE_ROW_PX + layout->n_rules * PSC_VIEW_RULE_HEIGHT;
  double row_most = layout->n_rows * PSC_VIEW_FIT_MAX_ROW + layout->n_rules * PSC_VIEW_RULE_HEIGHT;

  rows = CLAMP (rows, MIN (FREE_MIN_PX, row_most), FREE_MAX_PX);
  return ceil (rows + FREE_MAX_PX - body.height + HEAD_PX);
}

static cairo_status_t
collect_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
new_surface (PscFigureFormat format, GByteArray *bytes, double width, double height)
{
  if (format == PSC_FIGURE_SVG)
    return cairo_svg_surface_create_for_stream (collect_bytes, bytes, width, height);
  if (format == PSC_FIGURE_PDF)
    return cairo_pdf_surface_create_for_stream (collect_bytes, bytes, width, height);
  return cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
}

static void
set_pdf_metadata (cairo_surface_t *surface, const PscSpace *space)
{
  g_autofree char *title =
      g_strdup_printf (_ ("Memory of %s (process %d)"), space->name, space->pid);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Pagescape " PSC_VERSION);
}

/* Draws into memory first: cairo keeps errors to itself until asked, and a file must be whole. */
static cairo_status_t
render_bytes (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
              PscFigureFormat format, double width, double height, GByteArray *bytes)
{
  cairo_surface_t *surface = new_surface (format, bytes, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  if (format == PSC_FIGURE_SVG)
    cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  if (format == PSC_FIGURE_PDF)
    set_pdf_metadata (surface, space);
  draw_figure (space, layout, options, cr, width, height);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && format == PSC_FIGURE_PNG)
    status = cairo_surface_write_to_png_stream (surface, collect_bytes, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

static gboolean
check_options (const PscLayout *layout, const PscFigureOptions *options, GError **error)
{
  guint width = options->width != 0 ? options->width : DEFAULT_WIDTH;
  guint height = options->height != 0 ? options->height : PSC_FIGURE_MIN_SIZE;

  if (MIN (width, height) < PSC_FIGURE_MIN_SIZE || MAX (width, height) > PSC_FIGURE_MAX_SIZE)
    {
      g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_SIZE,
                   "Can't make an image of %u × %u: each side may be %u to %u", options->width,
                   options->height, PSC_FIGURE_MIN_SIZE, PSC_FIGURE_MAX_SIZE);
      return FALSE;
    }
  if (layout->n_bands == 0)
    {
      g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_RANGE,
                   "Nothing is mapped in 0x%" G_GINT64_MODIFIER "x-0x%" G_GINT64_MODIFIER
                   "x: there is nothing to draw",
                   options->range_start, options->range_end);
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_bytes (const char *path, GByteArray *bytes, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents_full (path, (const char *) bytes->data, bytes->len,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0666, &local))
    return TRUE;
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE, "Can't write “%s”: %s", path,
               local->message);
  return FALSE;
}

gboolean
psc_figure_export (const PscSpace *space, const PscFigureOptions *options, PscFigureFormat format,
                   const char *path, GError **error)
{
  g_autoptr (PscLayout) layout = make_layout (space, options);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double width = options->width != 0 ? options->width : DEFAULT_WIDTH;
  double height = options->height;
  cairo_status_t status;

  if (!check_options (layout, options, error))
    return FALSE;
  if (options->height == 0)
    height = free_height (space, layout, options, width);
  status = render_bytes (space, layout, options, format, width, height, bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE, "Can't draw “%s”: %s", path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  return write_bytes (path, bytes, error);
}
