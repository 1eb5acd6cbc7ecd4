/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure-svg.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-areas.h"
#include "psc-canvas.h"
#include "psc-config.h"
#include "psc-format.h"
#include "psc-svg.h"

/* Segments that name themselves under the pointer. More would be smaller than a pointer finds. */
#define MAX_AREAS 2000

typedef struct
{
  const PscFigureSvg *figure;
  PscRect body; /* on the page */
  gboolean has_areas;
} Document;

/* --- what is under the pointer ------------------------------------------------------------- */

typedef struct
{
  const PscRect *body;
  GString *path;
} AreaPath;

static void
append_rect (const PscRect *rect, gpointer user_data)
{
  AreaPath *path = user_data;

  psc_svg_append_rectangle (path->path, path->body->x + rect->x, path->body->y + rect->y,
                            rect->width, rect->height);
}

static guint64
populated (const PscMapping *mapping)
{
  return mapping->resident + mapping->hugetlb;
}

/* "1.4 MiB, 1.2 MiB resident (86 %)" */
static char *
describe_amount (guint64 size, guint64 resident, gboolean known)
{
  g_autofree char *whole = psc_format_size (size);
  g_autofree char *part = psc_format_size (resident);
  g_autofree char *share = psc_format_share (resident, size);

  if (!known)
    return g_strdup_printf (_ ("%s, not known what of it is resident"), whole);
  return g_strdup_printf (_ ("%s, %s resident (%s)"), whole, part, share);
}

static char *
describe_mapping (const PscSpace *space, const PscMapping *mapping)
{
  g_autofree char *label = psc_space_dup_label (space, mapping);
  g_autofree char *name = psc_format_name (mapping->name, -1);
  g_autofree char *start = psc_format_address (mapping->start);
  g_autofree char *end = psc_format_address (mapping->end);
  g_autofree char *amount = describe_amount (mapping->end - mapping->start, populated (mapping),
                                             (mapping->flags & PSC_MAPPING_PAGES_KNOWN) != 0);
  const char *kind = _ (psc_kind_title (mapping->kind));
  char perms[5];

  psc_mapping_format_perms (mapping, perms);
  return g_strdup_printf ("%s%s%s\n%s–%s %s\n%s%s%s", label, g_str_equal (label, kind) ? "" : " · ",
                          g_str_equal (label, kind) ? "" : kind, start, end, perms, amount,
                          *name == '/' ? "\n" : "", *name == '/' ? name : "");
}

static char *
describe_area (const PscSpace *space, const PscArea *area)
{
  g_autofree char *start = psc_format_address (area->start);
  g_autofree char *end = psc_format_address (area->end);
  g_autofree char *amount = NULL;
  guint n = area->last - area->first + 1;
  guint64 size = 0, resident = 0;
  gboolean known = TRUE;

  if (n == 1)
    return describe_mapping (space, &space->mappings[area->first]);
  for (guint i = area->first; i <= area->last; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      size += mapping->end - mapping->start;
      resident += populated (mapping);
      known = known && (mapping->flags & PSC_MAPPING_PAGES_KNOWN) != 0;
    }
  amount = describe_amount (size, resident, known);
  return g_strdup_printf (ngettext ("%u mapping\n%s–%s\n%s", "%u mappings\n%s–%s\n%s", n), n, start,
                          end, amount);
}

static void
append_areas (const Document *document, GString *body)
{
  const PscMap *map = document->figure->map;
  g_autoptr (GArray) areas = psc_areas_new (map, MAX_AREAS);
  g_autoptr (GString) path = g_string_new (NULL);

  g_string_append (body, "<g class=\"s\">\n");
  for (guint i = 0; i < areas->len; i++)
    {
      const PscArea *area = &g_array_index (areas, PscArea, i);
      AreaPath target = { &document->body, path };
      g_autofree char *text = NULL;

      g_string_truncate (path, 0);
      psc_area_each_rect (area, map, append_rect, &target);
      if (path->len == 0)
        continue;
      text = describe_area (map->space, area);
      g_string_append_printf (body, "<path d=\"%s\"><title>", path->str);
      psc_svg_append_escaped (body, text);
      g_string_append (body, "</title></path>\n");
    }
  g_string_append (body, "</g>\n");
}

/* The areas lie on the pages and below what is written on them, so that both can be reached. */
static void
picture_cb (GString *body, double x, double y, double width, double height, gpointer user_data)
{
  Document *document = user_data;
  const PscRect *rect = &document->body;

  if (document->has_areas || fabs (x - rect->x) + fabs (y - rect->y) > 1 ||
      fabs (width - rect->width) + fabs (height - rect->height) > 2)
    return;
  document->has_areas = TRUE;
  append_areas (document, body);
}

/* --- the document -------------------------------------------------------------------------- */

/* The font that the widths were measured with. */
static char *
dup_family (PangoLayout *layout)
{
  PangoFont *font = pango_context_load_font (pango_layout_get_context (layout),
                                             pango_layout_get_font_description (layout));
  PangoFontDescription *description;
  char *family;

  if (font == NULL)
    return g_strdup ("sans-serif");
  description = pango_font_describe (font);
  family = g_strdup (pango_font_description_get_family (description));
  pango_font_description_free (description);
  g_object_unref (font);
  /* Quotes and markup have no place in a style sheet. */
  return g_strcanon (family, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS " -_.", ' ');
}

static void
append_style (GString *out, const PscMap *map)
{
  PscCanvas canvas;
  g_autofree char *text = NULL, *mono = NULL;

  psc_canvas_init (&canvas, map, NULL);
  text = dup_family (canvas.text);
  mono = dup_family (canvas.mono);
  g_string_append_printf (
      out,
      "<style>\n"
      "text{font-family:\"%s\",\"DejaVu Sans\",Verdana,sans-serif}\n"
      "text.m{font-family:\"%s\",\"DejaVu Sans Mono\",Menlo,Consolas,monospace}\n"
      "text.b{font-weight:bold}\n"
      "path,image{pointer-events:none}\n"
      "image.p{image-rendering:optimizeSpeed;image-rendering:crisp-edges;"
      "image-rendering:pixelated}\n"
      ".s path{pointer-events:all;fill:#%06x;fill-opacity:0}\n"
      ".s path:hover{fill-opacity:.16;stroke:#%06x;stroke-width:1.5}\n"
      "</style>\n",
      text, mono, canvas.colors->accent, canvas.colors->accent);
  psc_canvas_finish (&canvas);
}

static void
append_head (GString *out, const PscFigureSvg *figure)
{
  g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                        "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"");
  psc_svg_append_number (out, figure->width);
  g_string_append (out, "\" height=\"");
  psc_svg_append_number (out, figure->height);
  g_string_append (out, "\" viewBox=\"0 0 ");
  psc_svg_append_number (out, figure->width);
  g_string_append_c (out, ' ');
  psc_svg_append_number (out, figure->height);
  g_string_append (out, "\" role=\"img\" aria-labelledby=\"title desc\" xml:space=\"preserve\">\n"
                        "<!-- Pagescape " PSC_VERSION " -->\n<title id=\"title\">");
  psc_svg_append_escaped (out, figure->title);
  g_string_append (out, "</title>\n<desc id=\"desc\">");
  psc_svg_append_escaped (out, figure->description);
  g_string_append (out, "</desc>\n");
  append_style (out, figure->map);
}

GString *
psc_figure_svg_write (const PscFigureSvg *figure, cairo_status_t *status)
{
  Document document = { .figure = figure };
  g_autoptr (PscSvg) svg = psc_svg_new (figure->width, figure->height, picture_cb, &document);
  const GString *body;
  GString *out;

  document.body = psc_map_body (figure->map, figure->width, figure->height - figure->top);
  document.body.y += figure->top;
  figure->draw (psc_svg_get_context (svg), figure->user_data);
  *status = psc_svg_get_status (svg);
  if (*status != CAIRO_STATUS_SUCCESS)
    return NULL;
  body = psc_svg_get_body (svg);
  out = g_string_sized_new (body->len + 4096);
  append_head (out, figure);
  g_string_append_len (out, body->str, (gssize) body->len);
  g_string_append (out, "</svg>\n");
  return out;
}
