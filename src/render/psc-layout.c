/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-layout.h"

#include <string.h>

#include "psc-format.h"

/* Widths of marks, in pages: a gap is as thin as can be seen, a fold has room for its size. */
#define GAP_PAGES  4.0f
#define HOP_PAGES  8.0f /* a gap that would be a rule elsewhere */
#define FOLD_PAGES 26.0f

/* 64 TiB that are populated: more than that is no process but a lie, and is folded. */
#define MOST_ROWS (1 << 25)
/* No user space reaches up to here. */
#define KERNEL_HALF (G_GUINT64_CONSTANT (1) << 63)
/* Contents that could not be read may not be folded as untouched; only when they'd fill hundreds of
 * rows they are. */
#define UNKNOWN_FOLD_SIZE PSC_LAYOUT_RULE_SIZE

typedef struct
{
  PscLayout *layout;
  const PscLayoutOptions *options;
  guint64 low, high; /* addresses that are set at all */
  GArray *bands;
  GArray *items;
  PscDown at;        /* top of the next band, counted from the lowest address up */
  guint line_first;  /* first item of the open line */
  float line_x;      /* where its next item goes */
  guint64 gap_start; /* of a gap that waits for a word behind it on the same line; 0: none */
  guint64 last_end;  /* end of what was placed last */
  gboolean after_block;
  guint n_scattered; /* islands of scattered memory that lie ahead, the next one included */
} Setter;

static gboolean
line_is_open (const Setter *setter)
{
  return setter->items->len > setter->line_first;
}

static void
add_air (Setter *setter, gboolean is_block)
{
  if (setter->bands->len > 0 && (is_block || setter->after_block))
    setter->at.rows += PSC_LAYOUT_AIR;
  setter->after_block = is_block;
}

static void
add_band (Setter *setter, PscBand *band)
{
  band->top = setter->at;
  g_array_append_val (setter->bands, *band);
  setter->at.rows += band->n_rows;
  setter->at.rules += band->type == PSC_BAND_RULE;
  setter->last_end = band->end;
}

static void
close_line (Setter *setter)
{
  const PscItem *items = (const PscItem *) (void *) setter->items->data;
  guint n_items = setter->items->len - setter->line_first;
  PscBand band = { .type = PSC_BAND_LINE, .n_rows = 1, .first_item = setter->line_first };

  setter->gap_start = 0;
  if (n_items == 0)
    return;
  band.n_items = n_items;
  band.start = items[setter->line_first].start;
  band.end = items[setter->items->len - 1].end;
  add_air (setter, FALSE);
  add_band (setter, &band);
  setter->line_first = setter->items->len;
  setter->line_x = 0;
}

static void
put_item (Setter *setter, PscItemType type, guint64 start, guint64 end, float width)
{
  PscItem item = { start, end, setter->line_x, width, type };

  g_array_append_val (setter->items, item);
  setter->line_x += width;
}

/* Sets a word or a fold on the open line, behind the mark of the gap before it; on a new line, and
 * without that mark, when there is no room. */
static void
set_on_line (Setter *setter, PscItemType type, guint64 start, guint64 end, float width)
{
  float gap = 0;

  if (setter->gap_start != 0 && start - setter->gap_start >= PSC_LAYOUT_RULE_SIZE)
    gap = HOP_PAGES;
  else if (setter->gap_start != 0 && line_is_open (setter))
    gap = GAP_PAGES;
  if (setter->line_x + gap + width > setter->layout->row_pages)
    {
      close_line (setter);
      gap = 0;
    }
  if (gap > 0)
    put_item (setter, PSC_ITEM_GAP, setter->gap_start, start, gap);
  setter->gap_start = 0;
  put_item (setter, type, start, end, width);
}

static void
set_block (Setter *setter, guint64 start, guint64 end)
{
  guint64 row = setter->layout->row_size;
  guint64 n_rows = (end - 1) / row - start / row + 1;
  PscBand band = { start, end, { 0, 0 }, PSC_BAND_BLOCK, (guint32) MIN (n_rows, G_MAXUINT32) };

  close_line (setter);
  add_air (setter, TRUE);
  add_band (setter, &band);
}

static void
set_piece (Setter *setter, guint64 start, guint64 end)
{
  guint64 n_rows = (end - start) / setter->layout->row_size;

  if (start >= end)
    return;
  if (n_rows > 0 && n_rows + setter->at.rows > MOST_ROWS)
    set_on_line (setter, PSC_ITEM_FOLD, start, end, FOLD_PAGES);
  else if (n_rows > 0)
    set_block (setter, start, end);
  else
    set_on_line (setter, PSC_ITEM_WORD, start, end,
                 (float) ((end - start) / setter->layout->page_size));
}

/* Index of the first mapping behind the island that begins with mapping i; how much of it is mapped
 * in *size. */
static guint
skip_island (const PscSpace *space, guint i, guint64 *size)
{
  *size = 0;
  do
    {
      *size += space->mappings[i].end - space->mappings[i].start;
      i++;
    }
  while (i < space->n_mappings &&
         space->mappings[i].start - space->mappings[i - 1].end < PSC_LAYOUT_RULE_SIZE);
  return i;
}

/* How many islands of scattered memory follow each other from mapping i on. */
static guint
count_scattered (const Setter *setter, const PscSpace *space, guint i)
{
  guint n = 0;

  while (i < space->n_mappings)
    {
      guint64 size;

      i = skip_island (space, i, &size);
      if (size > PSC_LAYOUT_SCATTERED_ROWS * setter->layout->row_size ||
          space->mappings[i - 1].start >= KERNEL_HALF)
        break;
      n++;
    }
  return n >= PSC_LAYOUT_SCATTERED ? n : 0;
}

/* Whether the large gap before mapping i is no rule but lies inside scattered memory. */
static gboolean
is_hop (Setter *setter, const PscSpace *space, guint i)
{
  gboolean inside = setter->n_scattered > 1;

  if (setter->n_scattered > 0)
    setter->n_scattered--;
  if (setter->n_scattered == 0)
    setter->n_scattered = count_scattered (setter, space, i);
  return inside;
}

static void
set_gap (Setter *setter, const PscSpace *space, guint i, guint64 start)
{
  guint64 end = MAX (space->mappings[i].start, setter->low);
  PscBand band = { .start = start, .end = end, .type = PSC_BAND_RULE };

  if (end - start < PSC_LAYOUT_RULE_SIZE || is_hop (setter, space, i))
    {
      setter->gap_start = start;
      return;
    }
  close_line (setter);
  setter->after_block = FALSE;
  add_band (setter, &band);
}

static gboolean
is_unfolded (const PscLayoutOptions *options, guint64 start, guint64 end)
{
  guint low = 0;
  guint high = options != NULL ? options->n_unfolded : 0;

  if (end - start > PSC_LAYOUT_MOST_UNFOLDED)
    return FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (options->unfolded[middle] < start)
        low = middle + 1;
      else
        high = middle;
    }
  return options != NULL && low < options->n_unfolded && options->unfolded[low] < end;
}

/* A stretch of mapped addresses without a gap, cut into pieces at its folds as runs come by. */
typedef struct
{
  guint64 piece_start;
  guint64 empty_start; /* nothing is populated from here on, as far as is known */
} Stretch;

static void
end_empty (Setter *setter, Stretch *stretch, guint64 end)
{
  guint64 start = stretch->empty_start;

  if (end - start < setter->layout->row_size || is_unfolded (setter->options, start, end))
    return;
  set_piece (setter, stretch->piece_start, start);
  set_on_line (setter, PSC_ITEM_FOLD, start, end, FOLD_PAGES);
  stretch->piece_start = end;
}

static void
walk_mapping (Setter *setter, Stretch *stretch, const PscSpace *space, const PscMapping *mapping)
{
  guint64 size = mapping->end - mapping->start;

  if (!(mapping->flags & PSC_MAPPING_PAGES_KNOWN) && size < UNKNOWN_FOLD_SIZE)
    {
      end_empty (setter, stretch, MAX (mapping->start, setter->low));
      stretch->empty_start = MIN (mapping->end, setter->high);
      return;
    }
  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &space->runs[mapping->first_run + i];
      guint64 start = MAX (run->start, setter->low);
      guint64 end = MIN (psc_run_end (run, space->page_size), setter->high);

      if (start >= end)
        continue;
      end_empty (setter, stretch, start);
      stretch->empty_start = end;
    }
}

static void
set_space (Setter *setter, const PscSpace *space)
{
  gboolean whole = setter->low == 0;
  guint64 last_end = 0;
  guint i = psc_space_lower_bound (space, setter->low);

  while (i < space->n_mappings && space->mappings[i].start < setter->high)
    {
      guint64 end = MAX (space->mappings[i].start, setter->low);
      Stretch stretch = { end, end };

      if (end > last_end && (whole || last_end > 0))
        set_gap (setter, space, i, last_end);
      for (; i < space->n_mappings && space->mappings[i].start <= end && end < setter->high; i++)
        {
          walk_mapping (setter, &stretch, space, &space->mappings[i]);
          end = MIN (space->mappings[i].end, setter->high);
        }
      end_empty (setter, &stretch, end);
      set_piece (setter, stretch.piece_start, end);
      last_end = end;
    }
  close_line (setter);
}

static void
set_bounds (Setter *setter, gsize page_size)
{
  const PscLayoutOptions *options = setter->options;

  setter->high = G_MAXUINT64;
  if (options == NULL || options->start >= options->end)
    return;
  setter->low = options->start - options->start % page_size;
  setter->high = options->end;
  if (options->end % page_size != 0 && options->end < G_MAXUINT64 - page_size)
    setter->high += page_size - options->end % page_size;
}

/* Bands were stacked from the lowest address up; textbooks have it at the bottom. */
static void
turn_over (PscLayout *layout)
{
  for (guint i = 0; i < layout->n_bands; i++)
    {
      PscBand *band = &layout->bands[i];

      band->top.rows = layout->n_rows - band->top.rows - band->n_rows;
      band->top.rules = layout->n_rules - band->top.rules - (band->type == PSC_BAND_RULE);
    }
}

PscLayout *
psc_layout_new (const PscSpace *space, const PscLayoutOptions *options)
{
  PscLayout *layout = g_new0 (PscLayout, 1);
  Setter setter = { .layout = layout, .options = options };
  gsize n_bands, n_items;

  g_atomic_ref_count_init (&layout->ref_count);
  layout->page_size = space->page_size;
  layout->row_size = space->row_size;
  layout->row_pages = (guint) (space->row_size / space->page_size);
  layout->low_at_top = options != NULL && options->low_at_top;
  setter.bands = g_array_new (FALSE, FALSE, sizeof (PscBand));
  setter.items = g_array_new (FALSE, FALSE, sizeof (PscItem));
  set_bounds (&setter, space->page_size);
  set_space (&setter, space);
  layout->n_rows = setter.at.rows;
  layout->n_rules = setter.at.rules;
  layout->bands = g_array_steal (setter.bands, &n_bands);
  layout->items = g_array_steal (setter.items, &n_items);
  layout->n_bands = (guint) n_bands;
  layout->n_items = (guint) n_items;
  g_array_unref (setter.bands);
  g_array_unref (setter.items);
  if (!layout->low_at_top)
    turn_over (layout);
  return layout;
}

static gboolean
is_same_band (const PscBand *a, const PscBand *b)
{
  return a->start == b->start && a->end == b->end && a->type == b->type && a->n_rows == b->n_rows &&
         a->first_item == b->first_item && a->n_items == b->n_items;
}

static gboolean
is_same_item (const PscItem *a, const PscItem *b)
{
  return a->start == b->start && a->end == b->end && a->x == b->x && a->type == b->type;
}

gboolean
psc_layout_equal (const PscLayout *a, const PscLayout *b)
{
  if (a->page_size != b->page_size || a->low_at_top != b->low_at_top || a->n_bands != b->n_bands ||
      a->n_items != b->n_items)
    return FALSE;
  for (guint i = 0; i < a->n_bands; i++)
    if (!is_same_band (&a->bands[i], &b->bands[i]))
      return FALSE;
  for (guint i = 0; i < a->n_items; i++)
    if (!is_same_item (&a->items[i], &b->items[i]))
      return FALSE;
  return TRUE;
}

PscLayout *
psc_layout_ref (PscLayout *layout)
{
  g_atomic_ref_count_inc (&layout->ref_count);
  return layout;
}

void
psc_layout_unref (PscLayout *layout)
{
  if (layout == NULL || !g_atomic_ref_count_dec (&layout->ref_count))
    return;
  g_free (layout->bands);
  g_free (layout->items);
  g_free (layout);
}

guint64
psc_layout_row_address (const PscLayout *layout, const PscBand *band, guint row)
{
  guint64 first = band->start / layout->row_size;

  if (!layout->low_at_top)
    row = band->n_rows - 1 - row;
  return (first + row) * layout->row_size;
}

static PscPlace
hit_block (const PscLayout *layout, const PscBand *band, double x, double y_rows)
{
  PscPlace nothing = { .type = PSC_PLACE_NOTHING };
  guint64 start;

  if (x < 0 || x >= layout->row_pages || y_rows < 0 || y_rows >= band->n_rows)
    return nothing;
  start = psc_layout_row_address (layout, band, (guint) y_rows) + (guint64) x * layout->page_size;
  if (start < band->start || start >= band->end)
    return nothing;
  return (PscPlace){ PSC_PLACE_PAGE, start, start + layout->page_size, 0 };
}

/* The last item of a line that begins at or left of x. */
static const PscItem *
line_item_at (const PscLayout *layout, const PscBand *band, double x)
{
  const PscItem *items = &layout->items[band->first_item];
  guint low = 0;
  guint high = band->n_items;

  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (items[middle].x <= x)
        low = middle;
      else
        high = middle;
    }
  return &items[low];
}

static PscPlace
hit_line (const PscLayout *layout, const PscBand *band, double x)
{
  const PscItem *item = line_item_at (layout, band, x);
  guint64 start;

  if (x < item->x || x >= item->x + item->width)
    return (PscPlace){ .type = PSC_PLACE_NOTHING };
  if (item->type == PSC_ITEM_GAP)
    return (PscPlace){ PSC_PLACE_GAP, item->start, item->end, 0 };
  if (item->type == PSC_ITEM_FOLD)
    return (PscPlace){ PSC_PLACE_FOLD, item->start, item->end, 0 };
  start = item->start + (guint64) (x - item->x) * layout->page_size;
  return (PscPlace){ PSC_PLACE_PAGE, start, start + layout->page_size, 0 };
}

PscPlace
psc_layout_hit (const PscLayout *layout, guint band_index, double x, double y_rows)
{
  const PscBand *band;
  PscPlace place;

  g_return_val_if_fail (band_index < layout->n_bands, (PscPlace){ 0 });
  band = &layout->bands[band_index];
  if (band->type == PSC_BAND_RULE)
    place = (PscPlace){ PSC_PLACE_RULE, band->start, band->end, 0 };
  else if (band->type == PSC_BAND_BLOCK)
    place = hit_block (layout, band, x, y_rows);
  else
    place = hit_line (layout, band, x);
  place.band = band_index;
  return place;
}

/* The last item of a line that begins at or below the address. */
static const PscItem *
line_item_of (const PscLayout *layout, const PscBand *band, guint64 address)
{
  const PscItem *items = &layout->items[band->first_item];
  guint low = 0;
  guint high = band->n_items;

  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (items[middle].start <= address)
        low = middle;
      else
        high = middle;
    }
  return &items[low];
}

guint
psc_layout_lower_bound (const PscLayout *layout, guint64 address)
{
  guint low = 0;
  guint high = layout->n_bands;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (layout->bands[middle].end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
find_band (const PscLayout *layout, guint64 address, guint *band)
{
  *band = psc_layout_lower_bound (layout, address);
  return *band < layout->n_bands && layout->bands[*band].start <= address;
}

gboolean
psc_layout_locate (const PscLayout *layout, guint64 address, guint *band_index, double *x,
                   double *row)
{
  const PscBand *band;
  guint64 first_row;

  *x = *row = 0;
  if (!find_band (layout, address, band_index))
    return FALSE;
  band = &layout->bands[*band_index];
  if (band->type == PSC_BAND_LINE)
    {
      const PscItem *item = line_item_of (layout, band, address);

      *x = item->x;
      if (item->type == PSC_ITEM_WORD)
        *x += (double) ((address - item->start) / layout->page_size);
    }
  else if (band->type == PSC_BAND_BLOCK)
    {
      first_row = band->start / layout->row_size;
      *x = (double) (address % layout->row_size / layout->page_size);
      *row = (double) (address / layout->row_size - first_row);
      if (!layout->low_at_top)
        *row = band->n_rows - 1 - *row;
    }
  return TRUE;
}

static void
dump_line (const PscLayout *layout, const PscBand *band, GString *text)
{
  static const char *const names[] = { "word", "gap", "fold" };

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];
      g_autofree char *size = psc_format_size (item->end - item->start);

      g_string_append_printf (text, " %s %" G_GINT64_MODIFIER "x+%s@%g", names[item->type],
                              item->start, size, (double) item->x);
    }
}

char *
psc_layout_dump (const PscLayout *layout)
{
  static const char *const names[] = { "block", "line", "rule" };
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%g rows, %u rules\n", layout->n_rows, layout->n_rules);
  for (guint i = 0; i < layout->n_bands; i++)
    {
      const PscBand *band = &layout->bands[i];

      g_string_append_printf (text, "%s %g+%u:", names[band->type], band->top.rows,
                              band->top.rules);
      if (band->type == PSC_BAND_LINE)
        dump_line (layout, band, text);
      else
        {
          g_autofree char *size = psc_format_size (band->end - band->start);

          g_string_append_printf (text, " %" G_GINT64_MODIFIER "x+%s", band->start, size);
          if (band->type == PSC_BAND_BLOCK)
            g_string_append_printf (text, " %u rows", band->n_rows);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
