/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands on the body of the map: rules and folds with their sizes, names of segments where
 * there is room, hover and selection. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-format.h"

#define RULE_TEXT_MIN 13.0 /* px: lower rules carry no text */
#define FOLD_TEXT_MIN 13.0 /* px: lower folds carry no size */
#define HATCH_ROW_MIN 4.0
#define HATCH_PX      6.0
#define NAME_ROW_MIN  17.0 /* px: lower rows carry no names */
#define NAME_MIN      34.0 /* px: narrower segments carry no names */
#define MAX_NAMES     400

/* Bounds of the user half on any 64-bit Linux: it ends at or below 2^56, the kernel half starts
 * above 2^63. */
#define KERNEL_HALF (G_GUINT64_CONSTANT (1) << 63)

static char *
rule_text (const PscBand *band)
{
  g_autofree char *size = psc_format_size (band->end - band->start);

  if (band->start < KERNEL_HALF && band->end > KERNEL_HALF)
    return g_strdup (_ ("end of user space — the kernel’s half of the address space"));
  return g_strdup_printf (_ ("%s unmapped"), size);
}

static void
draw_rule (const PscCanvas *canvas, const PscBand *band, double top, double height)
{
  const PscRect *body = &canvas->body;
  double y = body->y + top + height / 2;
  double middle = body->x + body->width / 2;
  double gap = 0;
  g_autofree char *text = rule_text (band);

  if (height >= RULE_TEXT_MIN)
    gap = psc_canvas_text (canvas, canvas->text, text, middle, y, PSC_ALIGN_CENTER, body->width,
                           canvas->colors->rule) /
              2 +
          canvas->em;
  psc_canvas_set_color (canvas, canvas->colors->rule, 0.55);
  cairo_rectangle (canvas->cr, body->x, floor (y), MAX (body->width / 2 - gap, 0), 1);
  cairo_rectangle (canvas->cr, middle + gap, floor (y), MAX (body->width / 2 - gap, 0), 1);
  cairo_fill (canvas->cr);
}

/* Slanted strokes, so that a fold is not taken for pages. */
static void
hatch (const PscCanvas *canvas, double x, double y, double width, double height)
{
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_clip (canvas->cr);
  psc_canvas_set_color (canvas, canvas->colors->background, 0.75);
  cairo_set_line_width (canvas->cr, HATCH_PX / 3);
  for (double at = x - height; at < x + width; at += HATCH_PX)
    {
      cairo_move_to (canvas->cr, at, y + height);
      cairo_line_to (canvas->cr, at + height, y);
    }
  cairo_stroke (canvas->cr);
  cairo_restore (canvas->cr);
}

static void
draw_fold (const PscCanvas *canvas, const PscItem *item, double top)
{
  const PscMap *map = canvas->map;
  double page_width = psc_view_page_width (&map->view, map->layout);
  double x = canvas->body.x + item->x * page_width - map->view.x;
  double width = item->width * page_width;
  double y = canvas->body.y + top;
  double height = map->view.row_height;
  g_autofree char *size = psc_format_size (item->end - item->start);
  double text_width, text_height;

  psc_canvas_measure (canvas, canvas->mono, size, &text_width, &text_height);
  if (height >= FOLD_TEXT_MIN && text_width < width - 4 * page_width)
    psc_canvas_text (canvas, canvas->mono, size, x + width / 2, y + height / 2, PSC_ALIGN_CENTER, 0,
                     canvas->colors->text);
  else
    hatch (canvas, x, y, width, height);
}

static void
draw_folds (const PscCanvas *canvas, const PscBand *band, double top)
{
  const PscMap *map = canvas->map;

  for (guint i = 0; i < band->n_items && map->view.row_height >= HATCH_ROW_MIN; i++)
    {
      const PscItem *item = &map->layout->items[band->first_item + i];

      if (item->type == PSC_ITEM_FOLD)
        draw_fold (canvas, item, top);
    }
}

void
psc_canvas_draw_marks (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  guint first, last;

  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      double top = psc_view_band_top (&map->view, map->layout, band);

      if (band->type == PSC_BAND_RULE)
        draw_rule (canvas, band, top, psc_view_rule_height (&map->view, map->layout));
      else if (band->type == PSC_BAND_LINE)
        draw_folds (canvas, band, top);
    }
}

/* A name on a plate, so that it can be read on any pages. */
static void
draw_plate (const PscCanvas *canvas, const PscMapping *mapping, double x, double y, double room)
{
  g_autofree char *label = psc_space_dup_label (canvas->map->space, mapping);
  double width, height;
  double pad = canvas->em * 0.35;

  psc_canvas_measure (canvas, canvas->text, label, &width, &height);
  if (width + 4 * pad > room)
    return;
  psc_canvas_set_color (canvas, canvas->colors->background, 0.82);
  cairo_rectangle (canvas->cr, x + pad, y - height / 2, width + 2 * pad + canvas->em * 0.55,
                   height);
  cairo_fill (canvas->cr);
  psc_canvas_set_color (canvas, psc_kind_color (mapping->kind, canvas->map->theme), 1);
  cairo_rectangle (canvas->cr, x + pad, y - height / 2, canvas->em * 0.25, height);
  cairo_fill (canvas->cr);
  psc_canvas_text (canvas, canvas->text, label, x + 2 * pad + canvas->em * 0.4, y, PSC_ALIGN_LEFT,
                   0, canvas->colors->text);
}

typedef struct
{
  const PscCanvas *canvas;
  double page_width;
  guint n_drawn;
} Namer;

/* Names of what is mapped in [start, end), set from column `page` on. Each mapping is named once:
 * what began before `start` only when `continued`, what begins here but has more room further on
 * not yet. */
static void
name_stretch (Namer *namer, guint64 start, guint64 end, double page, double y, gboolean continued)
{
  const PscMap *map = namer->canvas->map;
  const PscSpace *space = map->space;

  for (guint i = psc_space_lower_bound (space, start); i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 from = MAX (mapping->start, start);
      guint64 to = MIN (mapping->end, end);
      double left, right;

      if (mapping->start >= end || namer->n_drawn >= MAX_NAMES)
        return;
      if ((mapping->start < start && !continued) ||
          (mapping->end > end && to - from < map->layout->row_size / 4))
        continue;
      left = (page + (from - start) / (double) space->page_size) * namer->page_width - map->view.x;
      right = (page + (to - start) / (double) space->page_size) * namer->page_width - map->view.x;
      left = MAX (left, 0);
      right = MIN (right, map->view.width);
      if (right - left < NAME_MIN)
        continue;
      draw_plate (namer->canvas, mapping, namer->canvas->body.x + left, y, right - left);
      namer->n_drawn++;
    }
}

static void
name_line (Namer *namer, const PscBand *band, double y)
{
  const PscLayout *layout = namer->canvas->map->layout;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];

      if (item->type == PSC_ITEM_WORD)
        name_stretch (namer, item->start, item->end, item->x, y, TRUE);
    }
}

/* Whether what continues from the row before is named on the row from `start` on: when it began too
 * late there to have been. */
static gboolean
began_late (const PscMap *map, guint64 start)
{
  const PscMapping *mapping = psc_space_lookup (map->space, start);

  return mapping != NULL && mapping->start < start &&
         start - mapping->start < map->layout->row_size / 4;
}

static void
name_block (Namer *namer, const PscBand *band, double top)
{
  const PscMap *map = namer->canvas->map;
  double row_height = map->view.row_height;
  guint row = (guint) CLAMP (floor (-top / row_height), 0, band->n_rows);
  guint end = (guint) CLAMP (ceil ((map->view.height - top) / row_height), 0, band->n_rows);
  guint lowest = map->layout->low_at_top ? row : end - 1;

  for (; row < end; row++)
    {
      guint64 address = psc_layout_row_address (map->layout, band, row);
      guint64 from = MAX (address, band->start);
      guint64 to = MIN (address + map->layout->row_size, band->end);
      double y = namer->canvas->body.y + top + row * row_height + MIN (row_height / 2, 16);

      name_stretch (namer, from, to, (double) ((from - address) / map->layout->page_size), y,
                    row == lowest || began_late (map, from));
    }
}

void
psc_canvas_draw_names (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  Namer namer = { canvas, psc_view_page_width (&map->view, map->layout), 0 };
  guint first, last;

  if (map->view.row_height < NAME_ROW_MIN)
    return;
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      double top = psc_view_band_top (&map->view, map->layout, band);

      if (band->type == PSC_BAND_BLOCK)
        name_block (&namer, band, top);
      else if (band->type == PSC_BAND_LINE)
        name_line (&namer, band, canvas->body.y + top + MIN (map->view.row_height / 2, 16));
    }
}
