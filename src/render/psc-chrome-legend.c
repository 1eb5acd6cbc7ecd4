/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-canvas.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "psc-format.h"
#include "psc-huge-slots.h"

/* Sizes in widths of text. */
#define LINE        1.75
#define SWATCH      0.9
#define TITLE_AT    1.3 /* from the left edge of the swatch */
#define AMOUNT_GAP  0.5
#define ENTRY_GAP   1.4
#define LEAST_TITLE 3.0
#define ABOVE       0.6
#define BELOW       0.3
/* As wide as sizes get. */
#define WIDE_SIZE "1023 MiB"
/* Of the height of all, that it may take in full, and when it is brief. */
#define MOST_IN_FULL  0.35
#define MOST_IN_BRIEF 0.5
/* How much of the background is in what is not shown, percent. */
#define DIMMED 55

/* In brief an entry has only what is in view of it. */
typedef enum
{
  FULL,
  BRIEF,
  NONE, /* there is no room for it */
} Style;

typedef struct
{
  const PscLensEntry *entry; /* NULL: the dashed outlines of rows */
  guint64 mask;              /* of the entry, and of its faded copy */
  guint64 bytes;
  guint64 of; /* bytes of the whole that they are a part of; 0: not said */
} LegendItem;

/* By bytes, most first. */
static int
compare_items (const void *a, const void *b)
{
  guint64 x = ((const LegendItem *) a)->bytes;
  guint64 y = ((const LegendItem *) b)->bytes;

  return (x < y) - (x > y);
}

static guint64
bit (guint entry)
{
  return G_GUINT64_CONSTANT (1) << entry;
}

/* One item for an entry and its faded copy. */
static guint
collect_pairs (const PscMap *map, const guint64 *bytes, guint n_pairs, LegendItem *items)
{
  guint n_entries, n = 0;
  const PscLensEntry *entries = psc_lens_get_entries (map->lens, &n_entries);

  for (guint i = 0; i < n_pairs; i++)
    {
      guint64 all = bytes[i] + bytes[n_pairs + i];

      if (all == 0)
        continue;
      items[n] = (LegendItem){ &entries[i], bit (i) | bit (n_pairs + i), bytes[i], all };
      if (map->seen != NULL)
        {
          items[n].of = items[n].bytes;
          items[n].bytes = map->seen[i];
        }
      n++;
    }
  qsort (items, n, sizeof *items, compare_items);
  return n;
}

/* The entries that occur; at most PSC_LENS_MAX_ENTRIES. */
static guint
collect_items (const PscMap *map, LegendItem *items)
{
  guint64 counted[PSC_LENS_MAX_ENTRIES];
  const guint64 *bytes = map->bytes != NULL ? map->bytes : counted;
  guint n_pairs = psc_lens_n_pairs (map->lens);
  guint n_entries, n = 0;
  const PscLensEntry *entries = psc_lens_get_entries (map->lens, &n_entries);

  if (map->bytes == NULL)
    psc_lens_count (map->lens, map->space, map->traits, counted);
  if (n_pairs > 0)
    return collect_pairs (map, bytes, n_pairs, items);
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n_entries; i++)
      {
        if (bytes[i] == 0 || entries[i].quiet != (pass == 1))
          continue;
        items[n] = (LegendItem){ &entries[i], bit (i), bytes[i], 0 };
        if (map->seen != NULL)
          {
            items[n].of = bytes[i];
            items[n].bytes = map->seen[i];
          }
        n++;
      }
  return n;
}

static char *
dup_amount (const PscMap *map, const LegendItem *item, Style style)
{
  g_autofree char *bytes = psc_format_size (item->bytes);
  g_autofree char *whole = psc_format_size (item->of);

  if (style == BRIEF || item->of == 0 || (map->seen != NULL && item->bytes == item->of))
    return g_steal_pointer (&bytes);
  return g_strdup_printf (_ ("%s of %s"), bytes, whole);
}

/* What is in view has the room that it may ever need: were entries to move when the view does, the
 * legend would take more lines and fewer, and the map would never be still. */
static double
amount_room (const PscCanvas *canvas, const LegendItem *item, const char *amount, Style style)
{
  double width, height;

  if (canvas->map->seen != NULL && item->of > 0 && style == BRIEF)
    psc_canvas_measure (canvas, canvas->text, WIDE_SIZE, &width, &height);
  else if (canvas->map->seen != NULL && item->of > 0)
    {
      g_autofree char *whole = psc_format_size (item->of);
      g_autofree char *widest = g_strdup_printf (_ ("%s of %s"), WIDE_SIZE, whole);

      psc_canvas_measure (canvas, canvas->text, widest, &width, &height);
    }
  else
    psc_canvas_measure (canvas, canvas->text, amount, &width, &height);
  return width;
}

typedef struct
{
  const PscCanvas *canvas;
  Style style;
  double left, width;
  double x, y;  /* where the next entry goes; y is the middle of the line */
  double line;  /* px from line to line */
  gboolean cut; /* something had to be shortened */
  /* A point whose entry is looked for, and what was found there. */
  gboolean looking;
  double look_x, look_y;
  guint64 found;
} Flow;

/* Moves to the next line when an entry of this width has no room on this one. */
static void
make_room (Flow *flow, double width)
{
  if (flow->x == flow->left || flow->x + width <= flow->left + flow->width)
    return;
  flow->x = flow->left;
  flow->y += flow->line;
}

/* Patterns are drawn by the pixel, as on the pages. */
static void
draw_pattern (const PscCanvas *canvas, PscPattern pattern, PscColor color, double x, double y,
              double size)
{
  psc_canvas_set_color (canvas, color, 1);
  for (guint row = 0; row < (guint) size; row++)
    for (guint column = 0; column < (guint) size; column++)
      if (psc_pattern_covers (pattern, column, row))
        cairo_rectangle (canvas->cr, x + column, y + row, 1, 1);
  cairo_fill (canvas->cr);
}

static PscColor
shade (const PscCanvas *canvas, PscColor color, gboolean dimmed)
{
  return dimmed ? psc_color_mix (color, canvas->colors->background, DIMMED) : color;
}

static void
draw_swatch (const PscCanvas *canvas, const PscLensEntry *entry, double x, double y,
             gboolean dimmed)
{
  double size = round (canvas->em * SWATCH);
  PscColor color;

  x = round (x);
  y = round (y - size / 2);
  if (entry == NULL)
    {
      psc_canvas_add_huge_outline (canvas, x, y, size, size);
      psc_canvas_stroke_huge (canvas);
      return;
    }
  color = shade (canvas, entry->colors[canvas->map->theme], dimmed);
  psc_canvas_set_color (canvas, color, 1);
  cairo_rectangle (canvas->cr, x, y, size, size);
  cairo_fill (canvas->cr);
  if (canvas->map->patterns && !dimmed)
    draw_pattern (canvas, entry->pattern, psc_pattern_ink (color), x, y, size);
}

static void
look (Flow *flow, double width, guint64 mask)
{
  double slack = flow->canvas->em * ENTRY_GAP / 2;

  if (flow->looking && flow->look_x >= flow->x - slack && flow->look_x < flow->x + width + slack &&
      fabs (flow->look_y - flow->y) <= flow->line / 2)
    flow->found = mask;
}

static void
flow_item (Flow *flow, const LegendItem *item)
{
  const PscCanvas *canvas = flow->canvas;
  const char *title = item->entry != NULL ? _ (item->entry->title) : _ ("Could be huge");
  g_autofree char *amount = dup_amount (canvas->map, item, flow->style);
  gboolean dimmed =
      canvas->map->only != 0 && (canvas->map->only & item->mask) == 0 && item->mask != 0;
  double em = canvas->em;
  double amount_width = amount_room (canvas, item, amount, flow->style);
  double title_width, height, width;

  psc_canvas_measure (canvas, canvas->text, title, &title_width, &height);
  /* An entry that is wider than all the room there is gives of its title, then of its amount. */
  flow->cut |= em * (TITLE_AT + AMOUNT_GAP) + title_width + amount_width > flow->width;
  amount_width =
      MIN (amount_width, MAX (flow->width - em * (TITLE_AT + LEAST_TITLE + AMOUNT_GAP), em));
  title_width = MIN (title_width, MAX (flow->width - em * (TITLE_AT + AMOUNT_GAP) - amount_width,
                                       em * LEAST_TITLE));
  width = em * (TITLE_AT + AMOUNT_GAP) + title_width + amount_width;
  make_room (flow, width);
  look (flow, width, item->mask);
  if (canvas->cr != NULL)
    {
      draw_swatch (canvas, item->entry, flow->x, flow->y, dimmed);
      psc_canvas_text (canvas, canvas->text, title, flow->x + em * TITLE_AT, flow->y,
                       PSC_ALIGN_LEFT, title_width, shade (canvas, canvas->colors->text, dimmed));
      psc_canvas_text (canvas, canvas->text, amount,
                       flow->x + em * (TITLE_AT + AMOUNT_GAP) + title_width, flow->y,
                       PSC_ALIGN_LEFT, amount_width, shade (canvas, canvas->colors->dim, dimmed));
    }
  flow->x += width + em * ENTRY_GAP;
}

/* Bytes in dashed outlines of rows. */
static guint64
count_huge (const PscMap *map)
{
  guint64 n = 0;

  if (map->lens != PSC_LENS_RESIDENCY)
    return 0;
  for (guint i = 0; i < PSC_N_HUGE_REASONS; i++)
    if (psc_huge_reason_could (i))
      n += map->space->huge_sums.slots[i];
  return n * map->space->row_size;
}

/* NULL: there are none. */
static char *
dup_huge (const PscMap *map)
{
  guint64 bytes = count_huge (map);

  return bytes > 0 ? psc_format_size (bytes) : NULL;
}

static void
flow_huge (Flow *flow, const PscMap *map)
{
  LegendItem item = { NULL, 0, count_huge (map), 0 };

  if (item.bytes > 0)
    flow_item (flow, &item);
}

/* What a row and a page stand for: the scale of the map. */
static void
flow_scale (Flow *flow, const PscMap *map)
{
  const PscCanvas *canvas = flow->canvas;
  g_autofree char *row = psc_format_size (map->space->row_size);
  g_autofree char *page = psc_format_size (map->space->page_size);
  g_autofree char *text =
      g_strdup_printf (_ ("Full row = %s = %u pages of %s"), row, map->layout->row_pages, page);
  double width, height;

  psc_canvas_measure (canvas, canvas->text, text, &width, &height);
  /* In brief it takes no line of its own. */
  if (flow->style == BRIEF && flow->x + width > flow->left + flow->width)
    return;
  flow->cut |= width > flow->width;
  make_room (flow, width);
  if (canvas->cr != NULL)
    psc_canvas_text (canvas, canvas->text, text, flow->x, flow->y, PSC_ALIGN_LEFT, flow->width,
                     canvas->colors->dim);
}

static Flow
flow_new (const PscCanvas *canvas, double width, double y, Style style)
{
  double line = canvas->em * LINE;

  return (Flow){
    .canvas = canvas,
    .style = style,
    .left = canvas->em,
    .width = width - 2 * canvas->em,
    .x = canvas->em,
    .y = y + line / 2,
    .line = line,
  };
}

static void
flow_all (Flow *flow)
{
  const PscMap *map = flow->canvas->map;
  LegendItem items[PSC_LENS_MAX_ENTRIES];
  guint n = collect_items (map, items);

  for (guint i = 0; i < n; i++)
    flow_item (flow, &items[i]);
  flow_huge (flow, map);
  flow_scale (flow, map);
}

/* Goes by what all of it needs, not by what is in view: that changes with every move. */
static Style
find_style (const PscCanvas *canvas, double width, double height, double *legend_height)
{
  static const double most[] = { [FULL] = MOST_IN_FULL, [BRIEF] = MOST_IN_BRIEF };
  PscCanvas measuring = *canvas;

  measuring.cr = NULL;
  for (guint style = FULL; style < NONE; style++)
    {
      Flow flow = flow_new (&measuring, width, 0, style);

      flow_all (&flow);
      *legend_height = flow.y + flow.line / 2;
      if (*legend_height <= height * most[style] && (style != FULL || !flow.cut))
        return style;
    }
  *legend_height = 0;
  return NONE;
}

static double
top_of (const PscCanvas *canvas)
{
  return canvas->body.y + canvas->body.height + canvas->em * ABOVE;
}

double
psc_canvas_legend_height (const PscCanvas *canvas, double width, double height)
{
  double legend_height;

  find_style (canvas, width, height, &legend_height);
  return legend_height + canvas->em * (legend_height > 0 ? ABOVE + BELOW : BELOW);
}

void
psc_canvas_draw_legend (const PscCanvas *canvas, double width, double height)
{
  double legend_height;
  Style style = find_style (canvas, width, height, &legend_height);
  Flow flow = flow_new (canvas, width, top_of (canvas), style);

  if (style != NONE)
    flow_all (&flow);
}

/* Entries come with their amounts, and more of the one need not be more of the other. */
void
psc_canvas_write_legend (const PscCanvas *canvas, GString *key)
{
  const PscMap *map = canvas->map;
  LegendItem items[PSC_LENS_MAX_ENTRIES];
  guint n = collect_items (map, items);
  g_autofree char *huge = dup_huge (map);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *amount = dup_amount (map, &items[i], FULL);

      g_string_append_printf (key, "%" G_GINT64_MODIFIER "x %s\n", items[i].mask, amount);
    }
  if (huge != NULL)
    g_string_append (key, huge);
}

guint64
psc_canvas_hit_legend (const PscCanvas *canvas, double width, double height, double x, double y)
{
  double legend_height;
  Style style = find_style (canvas, width, height, &legend_height);
  Flow flow = flow_new (canvas, width, top_of (canvas), style);

  flow.looking = TRUE;
  flow.look_x = x;
  flow.look_y = y;
  if (style != NONE)
    flow_all (&flow);
  return flow.found;
}
