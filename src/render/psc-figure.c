/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#include "psc-chart.h"
#include "psc-config.h"
#include "psc-figure-head.h"
#include "psc-figure-picture.h"
#include "psc-figure-svg.h"
#include "psc-figure-words.h"
#include "psc-png.h"

G_DEFINE_QUARK (psc - figure - error - quark, psc_figure_error)

/* When the height is free: rows of this height, within these bounds. */
#define FREE_ROW_PX 8.0
#define FREE_MIN_PX 220.0
#define FREE_MAX_PX 2200.0
/* Of the timeline below the map. */
#define TIMELINE_PX 200.0

static const char *const format_ids[] = { "png", "svg", "pdf" };

const char *
psc_figure_format_id (PscFigureFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (format_ids), NULL);
  return format_ids[format];
}

gboolean
psc_figure_format_from_id (const char *id, PscFigureFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (format_ids); i++)
    {
      if (g_ascii_strcasecmp (id, format_ids[i]) != 0)
        continue;
      *format = i;
      return TRUE;
    }
  return FALSE;
}

gboolean
psc_figure_format_from_path (const char *path, PscFigureFormat *format, GError **error)
{
  const char *dot = strrchr (path, '.');

  if (dot != NULL && psc_figure_format_from_id (dot + 1, format))
    return TRUE;
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_FORMAT,
               "Can't tell the format of “%s” from its name: end it in .png, .svg or .pdf", path);
  return FALSE;
}

static PscLayout *
make_layout (const PscSpace *space, const PscFigureOptions *options)
{
  PscLayoutOptions layout_options = { .start = options->range_start,
                                      .end = options->range_end,
                                      .low_at_top = options->low_at_top };

  if (options->layout != NULL)
    return psc_layout_ref ((PscLayout *) options->layout);
  return psc_layout_new (space, &layout_options);
}

/* Without a view. */
static PscMap
make_bare_map (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options)
{
  return (PscMap){ .space = space,
                   .layout = layout,
                   .lens = options->lens,
                   .theme = options->theme,
                   .traits = options->traits,
                   .only = options->only,
                   .patterns = options->patterns,
                   .hover = PSC_MAP_NOWHERE };
}

static PscMap
make_map (const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
          double width, double height)
{
  PscMap map = make_bare_map (space, layout, options);
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

/* The height that rows of FREE_ROW_PX need, without the head. */
static double
free_map_height (const PscMap *map, double width)
{
  const PscLayout *layout = map->layout;
  PscRect body = psc_map_body (map, width, FREE_MAX_PX);
  double rows = layout->n_rows * FREE_ROW_PX + layout->n_rules * PSC_VIEW_RULE_HEIGHT;
  double row_most = layout->n_rows * PSC_VIEW_FIT_MAX_ROW + layout->n_rules * PSC_VIEW_RULE_HEIGHT;

  rows = CLAMP (rows, MIN (FREE_MIN_PX, row_most), FREE_MAX_PX);
  return ceil (rows + FREE_MAX_PX - body.height);
}

/* A figure that is being made. */
typedef struct
{
  const PscFigureOptions *options;
  PscFigureHead head;
  PscMap map;
  double width, height;
  double foot;              /* of the height, for the timeline */
  cairo_surface_t *picture; /* of the pages; NULL: made for the surface that is drawn on */
} Job;

/* height 0: what rows of FREE_ROW_PX need. */
static void
job_init (Job *job, const PscSpace *space, const PscLayout *layout, const PscFigureOptions *options,
          double width, double height)
{
  PscMap bare = make_bare_map (space, layout, options);

  *job = (Job){ .options = options, .width = width };
  job->foot = options->timeline != NULL ? TIMELINE_PX : 0;
  psc_figure_head_init (&job->head, &bare, options, width);
  if (height == 0)
    height = free_map_height (&bare, width) + job->head.height + job->foot;
  job->height = MAX (height, job->head.height + job->foot + 1);
  job->map =
      make_map (space, layout, options, job->width, job->height - job->head.height - job->foot);
}

static void
job_clear (Job *job)
{
  psc_figure_head_clear (&job->head);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* All of it, with the moment of the map marked. */
static void
draw_timeline (const Job *job, cairo_t *cr)
{
  const PscTimeline *timeline = job->options->timeline;
  guint last = psc_timeline_get_n_moments (timeline) - 1;
  const PscChart chart = { .timeline = timeline,
                           .from_usec = psc_timeline_get_moment (timeline, 0)->time_usec,
                           .to_usec = psc_timeline_get_moment (timeline, last)->time_usec,
                           .shown_usec = job->map.space->time_usec,
                           .theme = job->map.theme,
                           .patterns = job->map.patterns };

  psc_chart_draw (&chart, cr, job->width, job->foot);
  psc_chart_draw_pointers (&chart, cr, job->width, job->foot);
}

static void
draw_job (cairo_t *cr, gpointer user_data)
{
  const Job *job = user_data;
  PscColor background = psc_theme_colors (job->map.theme)->background;

  cairo_set_source_rgb (cr, ((background >> 16) & 0xff) / 255.0, ((background >> 8) & 0xff) / 255.0,
                        (background & 0xff) / 255.0);
  cairo_paint (cr);
  psc_figure_head_draw (&job->head, &job->map, cr, job->width);
  cairo_save (cr);
  cairo_translate (cr, 0, job->head.height);
  psc_map_draw (&job->map, cr, job->width, job->height - job->head.height - job->foot,
                job->picture);
  cairo_restore (cr);
  if (job->foot == 0)
    return;
  cairo_save (cr);
  cairo_translate (cr, 0, job->height - job->foot);
  draw_timeline (job, cr);
  cairo_restore (cr);
}

void
psc_figure_draw (const PscSpace *space, const PscFigureOptions *options, cairo_t *cr, double width,
                 double height)
{
  g_autoptr (PscLayout) layout = make_layout (space, options);
  g_auto (Job) job = { NULL };

  job_init (&job, space, layout, options, width, height);
  draw_job (cr, &job);
}

static cairo_status_t
collect_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* --- the three formats --------------------------------------------------------------------- */

/* Cairo keeps errors to itself until asked. */
static cairo_status_t
draw_on (const Job *job, cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  draw_job (cr, (gpointer) job);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status (surface);
}

/* ISO 8601, UTC; NULL for a moment that no calendar has. */
static char *
dup_date (const PscSpace *space)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (space->time_usec / G_USEC_PER_SEC);

  return moment != NULL ? g_date_time_format (moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static void
append_png (const Job *job, cairo_surface_t *surface, GByteArray *bytes)
{
  g_autofree char *title = psc_figure_dup_title (job->map.space, job->options);
  g_autofree char *description = psc_figure_dup_description (job->map.space, job->options);
  g_autofree char *date = dup_date (job->map.space);
  const PscPngText texts[] = { { "Title", title },
                               { "Description", description },
                               { "Software", "Pagescape " PSC_VERSION },
                               { "Creation Time", date } };

  psc_png_append (bytes, surface, texts, G_N_ELEMENTS (texts) - (date == NULL));
}

static cairo_status_t
render_png (const Job *job, GByteArray *bytes)
{
  guint scale = MAX (job->options->scale, 1);
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int) job->width * (int) scale, (int) job->height * (int) scale);
  cairo_status_t status;

  cairo_surface_set_device_scale (surface, scale, scale);
  status = draw_on (job, surface);
  if (status == CAIRO_STATUS_SUCCESS)
    append_png (job, surface, bytes);
  cairo_surface_destroy (surface);
  return status;
}

/* Its dates are those of the snapshot, so that the same snapshot gives the same file. */
static void
set_pdf_metadata (cairo_surface_t *surface, const Job *job)
{
  g_autofree char *title = psc_figure_dup_title (job->map.space, job->options);
  g_autofree char *subject = psc_figure_dup_description (job->map.space, job->options);
  g_autoptr (GDateTime) moment =
      g_date_time_new_from_unix_utc (job->map.space->time_usec / G_USEC_PER_SEC);
  g_autofree char *date = moment != NULL ? g_date_time_format (moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, subject);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, "Pagescape");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Pagescape " PSC_VERSION);
  if (date == NULL)
    return;
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static cairo_status_t
render_pdf (const Job *job, GByteArray *bytes)
{
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (collect_bytes, bytes, job->width, job->height);
  cairo_status_t status;

  set_pdf_metadata (surface, job);
  status = draw_on (job, surface);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
render_svg (const Job *job, GByteArray *bytes)
{
  g_autofree char *title = psc_figure_dup_title (job->map.space, job->options);
  g_autofree char *description = psc_figure_dup_description (job->map.space, job->options);
  PscFigureSvg figure = { .map = &job->map,
                          .width = job->width,
                          .height = job->height,
                          .top = job->head.height,
                          .title = title,
                          .description = description,
                          .draw = draw_job,
                          .user_data = (gpointer) job };
  cairo_status_t status;
  GString *document = psc_figure_svg_write (&figure, &status);

  if (document == NULL)
    return status;
  g_byte_array_append (bytes, (const guint8 *) document->str, (guint) document->len);
  g_string_free (document, TRUE);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_options (const PscLayout *layout, const PscFigureOptions *options, GError **error)
{
  guint width = options->width != 0 ? options->width : PSC_FIGURE_WIDTH;
  guint height = options->height != 0 ? options->height : PSC_FIGURE_MIN_SIZE;

  if (MIN (width, height) < PSC_FIGURE_MIN_SIZE || MAX (width, height) > PSC_FIGURE_MAX_SIZE)
    {
      g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_SIZE,
                   "Can't make an image of %u × %u: each side may be %u to %u", width, height,
                   PSC_FIGURE_MIN_SIZE, PSC_FIGURE_MAX_SIZE);
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

/* A scale is of no use for what has no pixels. */
static gboolean
check_scale (const Job *job, PscFigureFormat format, GError **error)
{
  guint scale = format == PSC_FIGURE_PNG ? job->options->scale : 0;

  if (scale <= PSC_FIGURE_MAX_SCALE && MAX (job->width, job->height) * scale <= PSC_FIGURE_MAX_SIZE)
    return TRUE;
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_SIZE,
               "Can't make an image of %.0f × %.0f at scale %u: a scale may be 1 to %u, and a side "
               "%u pixels",
               job->width, job->height, scale, PSC_FIGURE_MAX_SCALE, PSC_FIGURE_MAX_SIZE);
  return FALSE;
}

static cairo_status_t
render_vector (Job *job, PscFigureFormat format, GByteArray *bytes)
{
  cairo_status_t status;

  job->picture = psc_figure_picture_new (&job->map);
  status = format == PSC_FIGURE_PDF ? render_pdf (job, bytes) : render_svg (job, bytes);
  if (job->picture != NULL)
    cairo_surface_destroy (job->picture);
  return status;
}

GBytes *
psc_figure_render (const PscSpace *space, const PscFigureOptions *options, PscFigureFormat format,
                   GError **error)
{
  g_autoptr (PscLayout) layout = make_layout (space, options);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double width = options->width != 0 ? options->width : PSC_FIGURE_WIDTH;
  g_auto (Job) job = { NULL };
  cairo_status_t status;

  if (!check_options (layout, options, error))
    return NULL;
  job_init (&job, space, layout, options, width, options->height);
  if (!check_scale (&job, format, error))
    return NULL;
  status =
      format == PSC_FIGURE_PNG ? render_png (&job, bytes) : render_vector (&job, format, bytes);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE, "Can't draw the figure: %s",
               cairo_status_to_string (status));
  return NULL;
}
