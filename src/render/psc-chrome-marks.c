/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands on the body of the map: rules and folds with their sizes, names of segments where
 * there is room, hover and selection. */

#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "psc-format.h"

/* In widths of text: lower rules carry no text, folds no size, rows no names. */
#define RULE_TEXT_MIN  (13 / 12.0)
#define RULE_SMALL_MIN (9.5 / 12)
#define FOLD_TEXT_MIN  (13 / 12.0)
#define NAME_ROW_MIN   (17 / 12.0)
#define NAME_MIN       (34 / 12.0) /* narrower segments carry no names */
/* px */
#define RULE_LEAST     13.0 /* lower ones carry no text of any size */
#define RULE_MIN       4.0  /* lower ones are no more than air */
#define HATCH_ROW_MIN  4.0
#define HATCH_PX       6
#define TILE_PX        96 /* a larger tile is repeated faster */
#define MAX_FOLD_TEXTS 400
#define MAX_HATCHED    600
#define MAX_NAMES      400

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

/* Rules are as high with large text as they are with small. */
static PangoLayout *
rule_font (const PscCanvas *canvas, double height)
{
  if (height >= RULE_TEXT_MIN * canvas->em)
    return canvas->text;
  return height >= MAX (RULE_SMALL_MIN * canvas->em, RULE_LEAST) ? canvas->small : NULL;
}

static void
draw_rule (const PscCanvas *canvas, const PscBand *band, double top, double height)
{
  const PscRect *body = &canvas->body;
  double y = body->y + top + height / 2;
  double middle = body->x + body->width / 2;
  double gap = 0;
  PangoLayout *font = rule_font (canvas, height);
  g_autofree char *text = rule_text (band);

  if (font != NULL)
    gap = psc_canvas_text (canvas, font, text, middle, y, PSC_ALIGN_CENTER, body->width,
                           canvas->colors->rule) /
              2 +
          canvas->em;
  psc_canvas_set_color (canvas, canvas->colors->rule, 0.55);
  cairo_rectangle (canvas->cr, body->x, floor (y), MAX (body->width / 2 - gap, 0), 1);
  cairo_rectangle (canvas->cr, middle + gap, floor (y), MAX (body->width / 2 - gap, 0), 1);
  cairo_fill (canvas->cr);
  psc_patches_add (canvas->patches, body->x, floor (y), body->width, 1);
}

/* --- folds --------------------------------------------------------------------------------- */

typedef struct
{
  const PscCanvas *canvas;
  double page_width;
  guint n_texts;
  GArray *hatched; /* PscRect */
} Folder;

/* Slanted strokes, so that a fold is not taken for pages: one tile of them, as often as needed. It
 * lies still on the map. */
static cairo_pattern_t *
new_hatch (const PscCanvas *canvas)
{
  const PscView *view = &canvas->map->view;
  cairo_surface_t *tile = cairo_surface_create_similar (
      cairo_get_target (canvas->cr), CAIRO_CONTENT_COLOR_ALPHA, TILE_PX, TILE_PX);
  cairo_t *cr = cairo_create (tile);
  cairo_pattern_t *pattern = cairo_pattern_create_for_surface (tile);
  PscCanvas on_tile = { .cr = cr };
  cairo_matrix_t matrix;

  psc_canvas_set_color (&on_tile, canvas->colors->background, 0.75);
  cairo_set_line_width (cr, HATCH_PX / 3.0);
  for (int x = -TILE_PX; x <= TILE_PX; x += HATCH_PX)
    {
      cairo_move_to (cr, x - HATCH_PX, TILE_PX + HATCH_PX);
      cairo_line_to (cr, x + TILE_PX + HATCH_PX, -HATCH_PX);
    }
  cairo_stroke (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (tile);
  cairo_matrix_init_translate (&matrix, round (view->x) - canvas->body.x,
                               round (view->y) - canvas->body.y);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  return pattern;
}

/* FALSE when there is no room for its size. */
static gboolean
draw_fold_size (Folder *folder, const PscItem *item, double x, double y, double width)
{
  const PscCanvas *canvas = folder->canvas;
  g_autofree char *size = NULL;
  double text_width, text_height;

  if (canvas->map->view.row_height < FOLD_TEXT_MIN * canvas->em ||
      folder->n_texts >= MAX_FOLD_TEXTS)
    return FALSE;
  size = psc_format_size (item->end - item->start);
  psc_canvas_measure (canvas, canvas->mono, size, &text_width, &text_height);
  if (text_width >= width - 4 * folder->page_width)
    return FALSE;
  folder->n_texts++;
  psc_canvas_text (canvas, canvas->mono, size, x + width / 2, y, PSC_ALIGN_CENTER, 0,
                   canvas->colors->text);
  return TRUE;
}

static void
add_hatched (Folder *folder, PscRect rect)
{
  g_array_append_val (folder->hatched, rect);
  psc_patches_add (folder->canvas->patches, rect.x, rect.y, rect.width, rect.height);
}

/* A fold with its size, or else one that is to be hatched. */
static void
draw_fold (Folder *folder, const PscItem *item, double top)
{
  const PscCanvas *canvas = folder->canvas;
  const PscView *view = &canvas->map->view;
  double left = item->x * folder->page_width - view->x;
  double width = item->width * folder->page_width;
  double y = canvas->body.y + top;

  if (left + width <= 0 || left >= view->width)
    return;
  if (!draw_fold_size (folder, item, canvas->body.x + left, y + view->row_height / 2, width))
    add_hatched (folder, (PscRect){ round (canvas->body.x + left), round (y), round (width),
                                    round (view->row_height) });
}

/* For vector files: what a tile is to them is a picture. */
static void
hatch_by_strokes (const PscCanvas *canvas, const PscRect *rect)
{
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, rect->x, rect->y, rect->width, rect->height);
  cairo_clip (canvas->cr);
  psc_canvas_set_color (canvas, canvas->colors->background, 0.75);
  cairo_set_line_width (canvas->cr, HATCH_PX / 3.0);
  for (double x = rect->x - rect->height; x < rect->x + rect->width; x += HATCH_PX)
    {
      cairo_move_to (canvas->cr, x, rect->y + rect->height);
      cairo_line_to (canvas->cr, x + rect->height, rect->y);
    }
  cairo_stroke (canvas->cr);
  cairo_restore (canvas->cr);
}

static void
hatch_by_tile (const PscCanvas *canvas)
{
  cairo_pattern_t *pattern = new_hatch (canvas);

  cairo_set_source (canvas->cr, pattern);
  cairo_fill (canvas->cr);
  cairo_pattern_destroy (pattern);
}

static void
hatch (const PscCanvas *canvas, const GArray *rects)
{
  gboolean many = rects->len > MAX_HATCHED;
  gboolean by_strokes = !many && psc_canvas_is_vector (canvas);

  for (guint i = 0; i < rects->len; i++)
    {
      const PscRect *rect = &g_array_index (rects, PscRect, i);

      if (by_strokes)
        hatch_by_strokes (canvas, rect);
      else
        cairo_rectangle (canvas->cr, rect->x, rect->y, rect->width, rect->height);
    }
  if (rects->len == 0 || by_strokes)
    return;
  if (many)
    {
      /* So many are a pattern of their own. */
      psc_canvas_set_color (canvas, canvas->colors->background, 0.4);
      cairo_fill (canvas->cr);
    }
  else
    hatch_by_tile (canvas);
}

/* Rows this high are as many as there are pixels, so all that are in sight may be looked at. */
static void
draw_folds (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  Folder folder = { canvas, psc_view_page_width (&map->view, map->layout) };
  guint first, last;

  if (map->view.row_height < HATCH_ROW_MIN)
    return;
  folder.hatched = g_array_new (FALSE, FALSE, sizeof (PscRect));
  psc_view_visible_bands (&map->view, map->layout, &first, &last);
  for (guint i = first; i < last; i++)
    {
      const PscBand *band = &map->layout->bands[i];
      double top = psc_view_band_top (&map->view, map->layout, band);

      for (guint j = 0; band->type == PSC_BAND_LINE && j < band->n_items; j++)
        if (map->layout->items[band->first_item + j].type == PSC_ITEM_FOLD)
          draw_fold (&folder, &map->layout->items[band->first_item + j], top);
    }
  hatch (canvas, folder.hatched);
  g_array_unref (folder.hatched);
}

/* --- rules --------------------------------------------------------------------------------- */

/* The first rule at or behind the i-th band from the top, counted from there; n_bands when there is
 * none. Bands know how many rules are above them. */
static guint
next_rule (const PscLayout *layout, guint i)
{
  const PscBand *bands = layout->bands;
  guint n = layout->n_bands;
  guint low = i + 1, high = n;
  guint n_above = bands[layout->low_at_top ? i : n - 1 - i].top.rules;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (bands[layout->low_at_top ? middle : n - 1 - middle].top.rules > n_above)
        high = middle;
      else
        low = middle + 1;
    }
  return bands[layout->low_at_top ? low - 1 : n - low].type == PSC_BAND_RULE ? low - 1 : n;
}

static void
draw_rules (const PscCanvas *canvas)
{
  const PscMap *map = canvas->map;
  const PscLayout *layout = map->layout;
  double height = psc_view_rule_height (&map->view, layout);
  guint first, last, i, end;

  if (height < RULE_MIN)
    return;
  psc_view_visible_bands (&map->view, layout, &first, &last);
  i = layout->low_at_top ? first : layout->n_bands - last;
  end = layout->low_at_top ? last : layout->n_bands - first;
  while (i < end && (i = next_rule (layout, i)) < end)
    {
      const PscBand *band = &layout->bands[layout->low_at_top ? i : layout->n_bands - 1 - i];

      draw_rule (canvas, band, psc_view_band_top (&map->view, layout, band), height);
      i++;
    }
}

void
psc_canvas_draw_marks (const PscCanvas *canvas)
{
  psc_canvas_draw_borders (canvas);
  draw_rules (canvas);
  draw_folds (canvas);
}

/* --- names --------------------------------------------------------------------------------- */

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
  psc_patches_add (canvas->patches, x + pad, y - height / 2, width + 2 * pad + canvas->em * 0.55,
                   height);
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
      if (right - left < NAME_MIN * namer->canvas->em)
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

  if (map->view.row_height < NAME_ROW_MIN * canvas->em)
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
