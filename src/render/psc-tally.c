/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-tally.h"

#include <math.h>
#include <string.h>

/* Sixteen bits with their sign, and some room. */
#define MOST_WEIGHT 32000
/* Parts of a row are told apart as far as this. */
#define MOST_UNIT 8192

/* No entry: nothing varies. */
#define NO_BASE PSC_SHEET_N_ENTRIES

typedef gint16 HalfWords __attribute__ ((vector_size (8), aligned (2), may_alias));

void
psc_tally_init (PscTally *tally, guint width, const PscTint *tints, double row_height)
{
  double n_rows = MAX (1 / row_height, 1) + 2;

  *tally = (PscTally){ .width = width, .tints = tints, .base = NO_BASE };
  tally->unit = (gint) CLAMP (MOST_WEIGHT / n_rows, 1, MOST_UNIT);
  tally->scale = (float) (row_height / tally->unit);
  tally->more = g_new0 (gint16, PSC_SHEET_N_ENTRIES * (gsize) width);
  tally->part.more = g_new0 (gint16, PSC_SHEET_N_ENTRIES * (gsize) width);
  tally->counts = g_new0 (guint8, width);
}

void
psc_tally_finish (PscTally *tally)
{
  g_free (tally->more);
  g_free (tally->part.more);
  g_free (tally->counts);
}

void
psc_tally_clear (PscTally *tally)
{
  memset (tally->flat, 0, sizeof tally->flat);
  memset (tally->slots, 0, sizeof tally->slots);
  tally->n_varied = 0;
  tally->base = NO_BASE;
}

static gint16 *
get_slot (PscTally *tally, guint8 entry)
{
  gint16 *slot;

  if (tally->slots[entry] > 0)
    return tally->more + (gsize) (tally->slots[entry] - 1) * tally->width;
  slot = tally->more + (gsize) tally->n_varied * tally->width;
  tally->varied[tally->n_varied++] = entry;
  tally->slots[entry] = (guint8) tally->n_varied;
  memset (slot, 0, tally->width * sizeof *slot);
  return slot;
}

/* Adds so much per count. */
typedef void (*AddFunc) (gint16 *sums, gconstpointer counts, gint16 weight, guint width);

static void
add_bytes (gint16 *sums, gconstpointer counts, gint16 weight, guint width)
{
  const PscHalfBytes *from = counts;
  PscShorts *to = (PscShorts *) (void *) sums;

  for (guint i = 0; i < width / 8; i++)
    to[i] += __builtin_convertvector(from[i], PscShorts) * weight;
}

static void
add_shorts (gint16 *sums, gconstpointer counts, gint16 weight, guint width)
{
  const PscShorts *from = counts;
  PscShorts *to = (PscShorts *) (void *) sums;

  for (guint i = 0; i < width / 8; i++)
    to[i] += from[i] * weight;
}

/* Moves a weight per count from one entry to another. */
static void
move (PscTally *tally, guint8 from, guint8 to, AddFunc add, gconstpointer counts, gint weight)
{
  if (tally->base == NO_BASE)
    tally->base = from;
  if (from != tally->base)
    add (get_slot (tally, from), counts, (gint16) -weight, tally->width);
  if (to != tally->base)
    add (get_slot (tally, to), counts, (gint16) weight, tally->width);
}

static void
add_group (PscTally *tally, const PscSheetGroup *group)
{
  gint n_stored = 0;
  guint8 last;

  for (guint i = 0; i < group->n_rows; i++)
    if (group->uniform[i] == PSC_SHEET_STORED)
      n_stored++;
    else
      tally->flat[group->uniform[i]] += tally->unit;
  if (n_stored == 0)
    return;
  last = group->data[group->n_entries - 1];
  tally->flat[last] += tally->unit * n_stored;
  for (guint i = 0; i + 1 < group->n_entries; i++)
    move (tally, last, group->data[i], add_bytes, psc_sheet_group_counts (group, i, tally->width),
          tally->unit);
}

static void
add_node (PscTally *tally, const PscSheetNode *node)
{
  guint8 last;

  if (node->uniform == NULL)
    tally->flat[node->only] += tally->unit * (gint) node->n_rows;
  else
    for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
      tally->flat[i] += tally->unit * (gint) node->uniform[i];
  if (node->counts == NULL)
    return;
  last = node->palette[node->n_entries - 1];
  tally->flat[last] += tally->unit * (gint) node->n_stored;
  for (guint i = 0; i + 1 < node->n_entries; i++)
    move (tally, last, node->palette[i], add_shorts, node->counts + (gsize) i * tally->width,
          tally->unit);
}

static void
count_nibbles (guint8 *counts, const guint8 *row, guint8 index, guint half)
{
  PscBytes *low = (PscBytes *) (void *) counts;
  PscBytes *high = (PscBytes *) (void *) (counts + half);
  const PscBytes *from = (const PscBytes *) (const void *) row;

  for (guint i = 0; i < half / sizeof *from; i++)
    {
      low[i] -= (PscBytes) ((from[i] & 15) == index);
      high[i] -= (PscBytes) (from[i] >> 4 == index);
    }
}

static void
count_bytes (guint8 *counts, const guint8 *row, guint8 index, guint width)
{
  PscBytes *to = (PscBytes *) (void *) counts;
  const PscBytes *from = (const PscBytes *) (const void *) row;

  for (guint i = 0; i < width / sizeof *from; i++)
    to[i] -= (PscBytes) (from[i] == index);
}

/* Rows [from, to) of a group, each with this weight, to the part. */
static void
sum_rows (PscTally *tally, const PscSheetGroup *group, guint from, guint to, gint weight)
{
  PscTallyPart *part = &tally->part;
  const guint8 *rows[PSC_SHEET_GROUP];
  guint n_stored = 0;

  for (guint i = from; i < to; i++)
    if (group->uniform[i] == PSC_SHEET_STORED)
      rows[n_stored++] = psc_sheet_group_row (group, i, tally->width);
    else
      part->flat[group->uniform[i]] += weight;
  if (n_stored == 0)
    return;
  if (!part->varied)
    memset (part->more, 0, (group->n_entries - 1u) * tally->width * sizeof *part->more);
  part->varied = TRUE;
  part->flat[group->data[group->n_entries - 1]] += weight * (gint) n_stored;
  for (guint8 i = 0; i + 1 < group->n_entries; i++)
    {
      memset (tally->counts, 0, tally->width);
      for (guint j = 0; j < n_stored; j++)
        if (group->n_entries > PSC_SHEET_NIBBLES)
          count_bytes (tally->counts, rows[j], i, tally->width);
        else
          count_nibbles (tally->counts, rows[j], i, tally->width / 2);
      add_bytes (part->more + (gsize) i * tally->width, tally->counts, (gint16) weight,
                 tally->width);
    }
}

/* What of a group lies in [from, to), rows at its ends by their parts, as the part. */
static void
sum_part (PscTally *tally, const PscSheetGroup *group, double from, double to)
{
  PscTallyPart *part = &tally->part;
  guint whole = 0; /* first of the rows that lie inside as a whole */
  guint n_whole = 0;

  part->group = NULL;
  part->varied = FALSE;
  memset (part->flat, 0, sizeof part->flat);
  for (guint i = 0; i < group->n_rows; i++)
    {
      double top = psc_sheet_group_row_top (group, i);
      double share = MIN (top + 1, to) - MAX (top, from);

      if (share >= 1)
        {
          whole = n_whole == 0 ? i : whole;
          n_whole++;
        }
      else if (share > 0)
        sum_rows (tally, group, i, i + 1, (gint) (share * tally->unit + 0.5));
    }
  if (n_whole > 0)
    sum_rows (tally, group, whole, whole + n_whole, tally->unit);
}

/* Adds the part, which is one of this group, or takes it away. */
static void
add_sums (PscTally *tally, const PscSheetGroup *group, gint sign)
{
  const PscTallyPart *part = &tally->part;

  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    tally->flat[i] += sign * part->flat[i];
  for (guint i = 0; part->varied && i + 1 < group->n_entries; i++)
    move (tally, group->data[group->n_entries - 1], group->data[i], add_shorts,
          part->more + (gsize) i * tally->width, sign);
}

/* Cuts a group in two and sums the smaller half. */
static void
cut_group (PscTally *tally, const PscSheetGroup *group, double at)
{
  double bottom = psc_sheet_group_bottom (group);
  PscTallyPart *part = &tally->part;

  part->below = at - group->top > bottom - at;
  if (part->below)
    sum_part (tally, group, at, bottom);
  else
    sum_part (tally, group, group->top, at);
  part->group = group;
  part->at = at;
}

/* Adds what of a group lies in [from, to), which is not all of it. The line above has mostly cut it
 * already: what it did not take is left for this one. */
static void
add_part (PscTally *tally, const PscSheetGroup *group, double from, double to)
{
  const PscTallyPart *part = &tally->part;
  gboolean below = group->top < from;
  double at = below ? from : to;

  if (below && psc_sheet_group_bottom (group) > to)
    {
      sum_part (tally, group, from, to);
      add_sums (tally, group, 1);
      return;
    }
  if (part->group != group || part->at != at)
    cut_group (tally, group, at);
  add_sums (tally, group, part->below == below ? 1 : -1);
  if (part->below != below)
    add_group (tally, group);
}

/* Index in the section of the first group that ends below `at`. */
static guint
find_group (const PscSheet *sheet, const PscSheetSection *section, double at)
{
  const PscSheetGroup *groups = sheet->groups + section->first_group;
  guint low = 0;
  guint high = section->n_groups;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (psc_sheet_group_bottom (&groups[middle]) <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The largest node that begins with this group and lies above `to` as a whole: how many groups it
 * has; 1: there is none. */
static guint
find_node (const PscSheet *sheet, const PscSheetSection *section, guint group, double to,
           const PscSheetNode **node)
{
  const PscSheetGroup *groups = sheet->groups + section->first_group;
  guint found = 1;
  guint span = PSC_SHEET_FAN;

  for (guint level = 0; level < PSC_SHEET_LEVELS && group % span == 0 && !sheet->has_stale; level++)
    {
      guint end = MIN (group + span, section->n_groups);

      if (psc_sheet_group_bottom (&groups[end - 1]) > to)
        break;
      *node = &sheet->nodes[level][section->first_node[level] + group / span];
      found = end - group;
      span *= PSC_SHEET_FAN;
    }
  return found;
}

void
psc_tally_add (PscTally *tally, const PscSheet *sheet, const PscSheetSection *section, double from,
               double to)
{
  const PscSheetGroup *groups = sheet->groups + section->first_group;
  guint i = find_group (sheet, section, from);

  while (i < section->n_groups && groups[i].top < to)
    {
      const PscSheetNode *node = NULL;
      guint n = 1;

      if (groups[i].top < from || psc_sheet_group_bottom (&groups[i]) > to)
        add_part (tally, &groups[i], from, to);
      else
        {
          n = find_node (sheet, section, i, to, &node);
          if (node != NULL)
            add_node (tally, node);
          else
            add_group (tally, &groups[i]);
        }
      i += n;
    }
}

guint
psc_tally_find_row (const PscSheet *sheet, const PscSheetSection *section, double from, double to)
{
  guint i = find_group (sheet, section, from);
  const PscSheetGroup *group = &sheet->groups[section->first_group + i];

  if (i == section->n_groups)
    return G_MAXUINT;
  for (guint row = 0; row < group->n_rows; row++)
    {
      double top = psc_sheet_group_row_top (group, row);

      if (top <= from && to <= top + 1)
        return (section->first_group + i) * PSC_SHEET_GROUP + row;
    }
  return G_MAXUINT;
}

PscTint
psc_tally_get_flat (const PscTally *tally)
{
  const PscTint *back = &tally->tints[PSC_SHEET_BACKGROUND];
  PscTint flat = { 0 };
  float rest = 1;

  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    if (tally->flat[i] != 0)
      {
        float share = (float) tally->flat[i] * tally->scale;

        flat.red += tally->tints[i].red * share;
        flat.green += tally->tints[i].green * share;
        flat.blue += tally->tints[i].blue * share;
        rest -= share;
      }
  rest = MAX (rest, 0);
  return (PscTint){ flat.red + back->red * rest, flat.green + back->green * rest,
                    flat.blue + back->blue * rest };
}

void
psc_tally_get_columns (const PscTally *tally, float *red, float *green, float *blue)
{
  const PscTint *base = &tally->tints[tally->base];
  PscTint flat = psc_tally_get_flat (tally);
  PscTint tints[PSC_SHEET_N_ENTRIES];
  gsize stride = tally->width / 4;

  g_return_if_fail (tally->base != NO_BASE);

  for (guint i = 0; i < tally->n_varied; i++)
    {
      const PscTint *tint = &tally->tints[tally->varied[i]];

      tints[i] = (PscTint){ (tint->red - base->red) * tally->scale,
                            (tint->green - base->green) * tally->scale,
                            (tint->blue - base->blue) * tally->scale };
    }
  for (guint i = 0; i < tally->width / 4; i++)
    {
      const HalfWords *more = (const HalfWords *) (const void *) tally->more + i;
      PscFloats r = { flat.red, flat.red, flat.red, flat.red };
      PscFloats g = { flat.green, flat.green, flat.green, flat.green };
      PscFloats b = { flat.blue, flat.blue, flat.blue, flat.blue };

      for (guint j = 0; j < tally->n_varied; j++)
        {
          PscFloats weight = __builtin_convertvector(more[j * stride], PscFloats);

          r += weight * tints[j].red;
          g += weight * tints[j].green;
          b += weight * tints[j].blue;
        }
      ((PscFloats *) (void *) red)[i] = r;
      ((PscFloats *) (void *) green)[i] = g;
      ((PscFloats *) (void *) blue)[i] = b;
    }
}

static gint32
sum_varied (const PscTally *tally, guint column)
{
  gint32 sum = 0;

  for (guint i = 0; i < tally->n_varied; i++)
    sum += tally->more[(gsize) i * tally->width + column];
  return sum;
}

void
psc_tally_get_most (const PscTally *tally, guint8 *entries)
{
  for (guint column = 0; column < tally->width; column++)
    {
      gint32 most = 0;

      entries[column] = PSC_SHEET_BACKGROUND;
      for (guint8 i = 0; i < PSC_SHEET_N_ENTRIES; i++)
        {
          gint32 weight = tally->flat[i];

          if (tally->slots[i] > 0)
            weight += tally->more[(gsize) (tally->slots[i] - 1) * tally->width + column];
          else if (i == tally->base)
            weight -= sum_varied (tally, column);
          if (weight <= most)
            continue;
          most = weight;
          entries[column] = i;
        }
    }
}

static void
look_up (const PscTint *tint, float *red, float *green, float *blue)
{
  *red = tint->red;
  *green = tint->green;
  *blue = tint->blue;
}

gboolean
psc_tally_get_row (const PscTally *tally, const PscSheet *sheet, guint row, float *red,
                   float *green, float *blue)
{
  const PscSheetGroup *group = &sheet->groups[row / PSC_SHEET_GROUP];
  PscTint tints[PSC_SHEET_N_ENTRIES];
  guint half = tally->width / 2;
  const guint8 *stored;

  if (group->uniform[row % PSC_SHEET_GROUP] != PSC_SHEET_STORED)
    return FALSE;
  stored = psc_sheet_group_row (group, row % PSC_SHEET_GROUP, tally->width);
  for (guint i = 0; i < group->n_entries; i++)
    tints[i] = tally->tints[group->data[i]];
  if (group->n_entries > PSC_SHEET_NIBBLES)
    for (guint i = 0; i < tally->width; i++)
      look_up (&tints[stored[i]], &red[i], &green[i], &blue[i]);
  else
    for (guint i = 0; i < half; i++)
      {
        look_up (&tints[stored[i] & 15], &red[i], &green[i], &blue[i]);
        look_up (&tints[stored[i] >> 4], &red[i + half], &green[i + half], &blue[i + half]);
      }
  return TRUE;
}
