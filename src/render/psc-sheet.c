/* SPDX-License-Identifier: GPL-3.0-or-later */
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

static void
add_row (Cutter *cutter, double top)
{
  PscSheet *sheet = cutter->sheet;
  gboolean air = top > cutter->bottom + PSC_LAYOUT_AIR / 2;

  if (cutter->n_rows == PSC_SHEET_GROUP)
    {
      cutter->n_groups++;
      cutter->n_rows = 0;
      air = FALSE;
      if (cutter->place)
        {
          PscSheetSection *section = &sheet->sections[cutter->n_sections - 1];

          sheet->groups[cutter->n_groups - 1].top = top - section->top.rows;
          section->n_groups++;
        }
    }
  if (cutter->place)
    {
      PscSheetGroup *group = &sheet->groups[cutter->n_groups - 1];

      group->air |= (guint16) (air << cutter->n_rows);
      group->n_rows++;
    }
  cutter->n_rows++;
  cutter->bottom = top + 1;
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

      if (band->type == PSC_BAND_RULE)
        {
          cutter->open = FALSE;
          continue;
        }
      if (!cutter->open)
        begin_section (cutter, band);
      for (guint row = 0; row < band->n_rows; row++)
        {
          add_row (cutter, band->top.rows + row);
          if (cutter->place && row == 0)
            sheet->band_rows[index] = (cutter->n_groups - 1) * PSC_SHEET_GROUP + cutter->n_rows - 1;
        }
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

static void
fill (PscSheet *sheet, PscSheetReader *reader)
{
  const PscLayout *layout = sheet->layout;
  Press press = { .sheet = sheet, .group = G_MAXUINT };

  gsize stride = psc_sheet_plate_stride (sheet->width);

  press.plate.rows = g_malloc (PSC_SHEET_GROUP * stride);
  for (guint i = 0; i < layout->n_bands; i++)
    {
      const PscBand *band = &layout->bands[i];

      for (guint row = 0; row < band->n_rows; row++)
        {
          guint from_top = layout->low_at_top ? row : band->n_rows - 1 - row;
          guint number = sheet->band_rows[i] + from_top;
          guint in_group = number % PSC_SHEET_GROUP;

          if (number / PSC_SHEET_GROUP != press.group)
            press_group (&press, reader);
          press.group = number / PSC_SHEET_GROUP;
          press.plate.uniform[in_group] = psc_sheet_reader_read_row (
              reader, layout, band, row, press.plate.rows + in_group * stride);
        }
    }
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
        if (node->counts != NULL)
          bytes += MAX (node->n_entries - 1, 1) * (gsize) sheet->width * sizeof *node->counts;
      }
  return bytes;
}

static void
count_row (const PscSheet *sheet, guint number, guint left, guint right, guint64 *n_pages)
{
  const PscSheetGroup *group = &sheet->groups[number / PSC_SHEET_GROUP];
  guint row = number % PSC_SHEET_GROUP;
  const guint8 *packed;

  if (group->uniform[row] != PSC_SHEET_STORED)
    {
      if (group->uniform[row] < PSC_LENS_MAX_ENTRIES)
        n_pages[group->uniform[row]] += right - left;
      return;
    }
  packed = psc_sheet_group_row (group, row, sheet->width);
  for (guint i = left; i < right; i++)
    {
      guint8 entry = group->data[psc_sheet_group_get (group, packed, i, sheet->width)];

      if (entry < PSC_LENS_MAX_ENTRIES)
        n_pages[entry]++;
    }
}

void
psc_sheet_count (const PscSheet *sheet, guint band, guint from, guint to, guint left, guint right,
                 guint64 *n_pages)
{
  to = MIN (to, sheet->layout->bands[band].n_rows);
  right = MIN (right, sheet->width);
  for (guint row = from; row < to && left < right; row++)
    count_row (sheet, sheet->band_rows[band] + row, left, right, n_pages);
}
