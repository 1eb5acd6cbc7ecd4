/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "psc-sheet-private.h"

/* The i-th band from the top. */
static guint
band_from_top (const PscLayout *layout, guint i)
{
  return layout->low_at_top ? i : layout->n_bands - 1 - i;
}

/* --- sections and groups ------------------------------------------------------------------- */

/* Goes through the bands from the top and cuts their rows into sections and groups: first to count
 * them, then, when there is room, to place them. */
typedef struct
{
  PscSheet *sheet;
  gboolean place;
  guint n_sections, n_groups;
  gboolean open; /* a section is */
  guint n_rows;  /* in the last group */
  double bottom; /* of the last row, in rows of the layout */
} Cutter;

static void
begin_section (Cutter *cutter, const PscBand *band)
{
  PscSheet *sheet = cutter->sheet;

  if (cutter->place)
    sheet->sections[cutter->n_sections] =
        (PscSheetSection){ .top = band->top, .first_group = cutter->n_groups };
  cutter->n_sections++;
  cutter->open = TRUE;
  cutter->n_rows = PSC_SHEET_GROUP;
  cutter->bottom = band->top.rows;
}

/* `n` rows without air between them, the first one at `top`. */
static void
add_rows (Cutter *cutter, double top, guint n)
{
  PscSheet *sheet = cutter->sheet;
  gboolean air = top > cutter->bottom + PSC_LAYOUT_AIR / 2;

  cutter->bottom = top + n;
  while (n > 0)
    {
      gboolean begins = cutter->n_rows == PSC_SHEET_GROUP;
      guint taken;

      cutter->n_groups += begins;
      cutter->n_rows = begins ? 0 : cutter->n_rows;
      taken = MIN (n, PSC_SHEET_GROUP - cutter->n_rows);
      if (cutter->place)
        {
          PscSheetSection *section = &sheet->sections[cutter->n_sections - 1];
          PscSheetGroup *group = &sheet->groups[cutter->n_groups - 1];

          section->n_groups += begins;
          if (begins)
            group->top = top - section->top.rows;
          else
            group->air |= (guint16) (air << cutter->n_rows);
          group->n_rows = (guint8) (group->n_rows + taken);
        }
      cutter->n_rows += taken;
      air = FALSE;
      top += taken;
      n -= taken;
    }
}

static void
cut (Cutter *cutter)
{
  PscSheet *sheet = cutter->sheet;
  const PscLayout *layout = sheet->layout;

  for (guint i = 0; i < layout->n_bands; i++)
    {
      guint index = band_from_top (layout, i);
      const PscBand *band = &layout->bands[index];
      guint first, group;

      if (band->type == PSC_BAND_RULE)
        {
          cutter->open = FALSE;
          continue;
        }
      if (!cutter->open)
        begin_section (cutter, band);
      first = cutter->n_rows == PSC_SHEET_GROUP ? 0 : cutter->n_rows;
      group = cutter->n_groups - (cutter->n_rows == PSC_SHEET_GROUP ? 0 : 1);
      if (cutter->place)
        sheet->band_rows[index] = group * PSC_SHEET_GROUP + first;
      add_rows (cutter, band->top.rows, band->n_rows);
    }
}

static void
place_nodes (PscSheet *sheet)
{
  for (guint i = 0; i < sheet->n_sections; i++)
    {
      PscSheetSection *section = &sheet->sections[i];
      guint n = section->n_groups;

      for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
        {
          n = (n + PSC_SHEET_FAN - 1) / PSC_SHEET_FAN;
          section->first_node[level] = sheet->n_nodes[level];
          section->n_nodes[level] = n;
          sheet->n_nodes[level] += n;
        }
    }
  for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
    sheet->nodes[level] = g_new0 (PscSheetNode, sheet->n_nodes[level]);
}

static void
place_all (PscSheet *sheet)
{
  Cutter counter = { .sheet = sheet };
  Cutter placer = { .sheet = sheet, .place = TRUE };

  cut (&counter);
  sheet->n_sections = counter.n_sections;
  sheet->n_groups = counter.n_groups;
  sheet->sections = g_new0 (PscSheetSection, sheet->n_sections);
  sheet->groups = g_new0 (PscSheetGroup, sheet->n_groups);
  sheet->band_rows = g_new0 (guint32, sheet->layout->n_bands);
  cut (&placer);
  place_nodes (sheet);
}

/* --- contents ------------------------------------------------------------------------------ */

/* Rows come in address order, which is from the top or from the bottom: either way those of one
 * group come one after another. */
typedef struct
{
  PscSheet *sheet;
  PscSheetPlate plate;
  guint group; /* whose rows are on the plate; G_MAXUINT: none */
} Press;

static void
press_group (Press *press, PscSheetReader *reader)
{
  memcpy (press->plate.used, reader->used, sizeof reader->used);
  memset (reader->used, 0, sizeof reader->used);
  if (press->group != G_MAXUINT)
    psc_sheet_group_pack (&press->sheet->groups[press->group], &press->plate, press->sheet->width);
}

/* A whole group at a time, where all its rows are one entry: most of a large space is. Returns how
 * many rows that are; `row` is counted in address order. */
static guint
fill_group (Press *press, PscSheetReader *reader, const PscBand *band, guint row, guint number)
{
  const PscLayout *layout = press->sheet->layout;
  PscSheetGroup *group = &press->sheet->groups[number / PSC_SHEET_GROUP];
  guint first = layout->low_at_top ? 0 : group->n_rows - 1u;
  guint8 entry;

  if (band->type != PSC_BAND_BLOCK || number % PSC_SHEET_GROUP != first ||
      band->n_rows - row < group->n_rows ||
      psc_sheet_reader_count_uniform (reader, layout, band, row, &entry) < group->n_rows)
    return 0;
  memset (group->uniform, entry, sizeof group->uniform);
  return group->n_rows;
}

static void
fill_band (Press *press, PscSheetReader *reader, const PscBand *band, guint top)
{
  const PscLayout *layout = press->sheet->layout;
  gsize stride = psc_sheet_plate_stride (press->sheet->width);

  for (guint row = 0; row < band->n_rows;)
    {
      guint number = top + (layout->low_at_top ? row : band->n_rows - 1 - row);
      guint in_group = number % PSC_SHEET_GROUP;
      guint n = fill_group (press, reader, band, row, number);

      row += n;
      if (n > 0)
        continue;
      if (number / PSC_SHEET_GROUP != press->group)
        press_group (press, reader);
      press->group = number / PSC_SHEET_GROUP;
      press->plate.uniform[in_group] = psc_sheet_reader_read_row (
          reader, layout, band, row, press->plate.rows + in_group * stride);
      row++;
    }
}

static void
fill (PscSheet *sheet, PscSheetReader *reader)
{
  Press press = { .sheet = sheet, .group = G_MAXUINT };

  press.plate.rows = g_malloc (PSC_SHEET_GROUP * psc_sheet_plate_stride (sheet->width));
  for (guint i = 0; i < sheet->layout->n_bands; i++)
    fill_band (&press, reader, &sheet->layout->bands[i], sheet->band_rows[i]);
  press_group (&press, reader);
  g_free (press.plate.rows);
}

static void
sum_all (PscSheet *sheet)
{
  for (guint i = 0; i < sheet->n_sections; i++)
    for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
      for (guint j = 0; j < sheet->sections[i].n_nodes[level]; j++)
        psc_sheet_sum_node (sheet, &sheet->sections[i], level, j);
}

PscSheet *
psc_sheet_new (const PscSpace *space, PscLayout *layout, PscLens lens, const PscTraits *traits)
{
  PscSheet *sheet = g_new0 (PscSheet, 1);
  PscSheetReader reader;

  g_atomic_ref_count_init (&sheet->ref_count);
  sheet->layout = psc_layout_ref (layout);
  sheet->lens = lens;
  sheet->width = layout->row_pages;
  place_all (sheet);
  psc_sheet_reader_init (&reader, space, lens, traits);
  fill (sheet, &reader);
  sum_all (sheet);
  return sheet;
}

PscSheet *
psc_sheet_ref (PscSheet *sheet)
{
  g_atomic_ref_count_inc (&sheet->ref_count);
  return sheet;
}

void
psc_sheet_unref (PscSheet *sheet)
{
  if (sheet == NULL || !g_atomic_ref_count_dec (&sheet->ref_count))
    return;
  for (guint i = 0; i < sheet->n_groups; i++)
    psc_sheet_group_clear (&sheet->groups[i]);
  for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
    {
      for (guint i = 0; i < sheet->n_nodes[level]; i++)
        psc_sheet_node_clear (&sheet->nodes[level][i]);
      g_free (sheet->nodes[level]);
      g_free (sheet->stale[level]);
    }
  g_free (sheet->groups);
  g_free (sheet->sections);
  g_free (sheet->band_rows);
  psc_layout_unref (sheet->layout);
  g_free (sheet);
}

PscLayout *
psc_sheet_get_layout (const PscSheet *sheet)
{
  return sheet->layout;
}

PscLens
psc_sheet_get_lens (const PscSheet *sheet)
{
  return sheet->lens;
}

gsize
psc_sheet_get_memory (const PscSheet *sheet)
{
  gsize bytes = sizeof *sheet + sheet->n_sections * sizeof *sheet->sections +
                sheet->layout->n_bands * sizeof *sheet->band_rows;

  for (guint i = 0; i < sheet->n_groups; i++)
    bytes += psc_sheet_group_memory (&sheet->groups[i], sheet->width);
  for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
    for (guint i = 0; i < sheet->n_nodes[level]; i++)
      {
        const PscSheetNode *node = &sheet->nodes[level][i];

        bytes += sizeof *node + node->n_entries;
        if (node->uniform != NULL)
          bytes += PSC_SHEET_N_ENTRIES * sizeof *node->uniform;
        if (node->counts != NULL)
          bytes += MAX (node->n_entries - 1, 1) * (gsize) sheet->width * sizeof *node->counts;
      }
  return bytes;
}

/* --- counting ------------------------------------------------------------------------------ */

/* Places of each entry, marks included. */
typedef struct
{
  const PscSheet *sheet;
  guint left, right; /* columns */
  guint64 n[PSC_SHEET_N_ENTRIES];
} Count;

static void
count_row (Count *count, const PscSheetGroup *group, guint row)
{
  const guint8 *packed;

  if (group->uniform[row] != PSC_SHEET_STORED)
    {
      count->n[group->uniform[row]] += count->right - count->left;
      return;
    }
  packed = psc_sheet_group_row (group, row, count->sheet->width);
  for (guint i = count->left; i < count->right; i++)
    count->n[group->data[psc_sheet_group_get (group, packed, i, count->sheet->width)]]++;
}

static void
count_group (Count *count, const PscSheetGroup *group)
{
  guint width = count->right - count->left;
  guint64 rest = (guint64) psc_sheet_group_n_stored (group) * width;

  for (guint i = 0; i < group->n_rows; i++)
    if (group->uniform[i] != PSC_SHEET_STORED)
      count->n[group->uniform[i]] += width;
  if (group->data == NULL)
    return;
  for (guint i = 0; i + 1 < group->n_entries; i++)
    {
      const guint8 *counts = psc_sheet_group_counts (group, i, count->sheet->width);
      guint32 sum = 0;

      for (guint column = count->left; column < count->right; column++)
        sum += counts[column];
      count->n[group->data[i]] += sum;
      rest -= sum;
    }
  count->n[group->data[group->n_entries - 1]] += rest;
}

static void
count_rows (Count *count, guint from, guint to)
{
  for (guint i = from; i < to;)
    {
      const PscSheetGroup *group = &count->sheet->groups[i / PSC_SHEET_GROUP];
      guint row = i % PSC_SHEET_GROUP;

      if (row == 0 && i + PSC_SHEET_GROUP <= to)
        {
          count_group (count, group);
          i += PSC_SHEET_GROUP;
          continue;
        }
      if (row < group->n_rows)
        count_row (count, group, row);
      i++;
    }
}

/* The row of a band that is at y of the view, or the nearest one. */
static guint
row_at (const PscSheet *sheet, const PscView *view, guint band, double y)
{
  const PscBand *at = &sheet->layout->bands[band];
  double row = (y - psc_view_band_top (view, sheet->layout, at)) / view->row_height;

  return sheet->band_rows[band] + (guint) CLAMP (floor (row), 0, at->n_rows - 1.0);
}

/* The first of bands [first, last), seen from the top or from the bottom, that has rows. */
static gboolean
find_rows (const PscLayout *layout, guint first, guint last, gboolean low, guint *band)
{
  for (guint i = 0; i < last - first; i++)
    {
      *band = low ? first + i : last - 1 - i;
      if (layout->bands[*band].type != PSC_BAND_RULE)
        return TRUE;
    }
  return FALSE;
}

void
psc_sheet_count (const PscSheet *sheet, const PscView *view, guint64 *n_pages)
{
  const PscLayout *layout = sheet->layout;
  double page_width = psc_view_page_width (view, layout);
  Count count = { .sheet = sheet };
  guint first, last, top, bottom;

  memset (n_pages, 0, PSC_LENS_MAX_ENTRIES * sizeof *n_pages);
  psc_view_visible_bands (view, layout, &first, &last);
  if (first >= last || !find_rows (layout, first, last, layout->low_at_top, &top) ||
      !find_rows (layout, first, last, !layout->low_at_top, &bottom))
    return;
  count.left = (guint) CLAMP (floor (view->x / page_width), 0, sheet->width);
  count.right =
      (guint) CLAMP (ceil ((view->x + view->width) / page_width), count.left, sheet->width);
  count_rows (&count, row_at (sheet, view, top, 0),
              row_at (sheet, view, bottom, view->height - 1e-6) + 1);
  memcpy (n_pages, count.n, PSC_LENS_MAX_ENTRIES * sizeof *n_pages);
}
