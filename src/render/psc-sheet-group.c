/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sixteen rows, packed; and what groups add up to. */

#include <string.h>

#include "psc-sheet-private.h"

/* Counts and rows begin where vectors like to. */
static gsize
palette_bytes (guint n_entries)
{
  return (n_entries + 15u) & ~15u;
}

static gsize
row_bytes (const PscSheetGroup *group, guint width)
{
  return group->n_entries > PSC_SHEET_NIBBLES ? width : width / 2;
}

guint
psc_sheet_group_n_stored (const PscSheetGroup *group)
{
  return (guint) __builtin_popcount (group->stored);
}

guint8 *
psc_sheet_group_counts (const PscSheetGroup *group, guint index, guint width)
{
  return group->data + palette_bytes (group->n_entries) + (gsize) index * width;
}

guint8 *
psc_sheet_group_row (const PscSheetGroup *group, guint row, guint width)
{
  guint slot = (guint) __builtin_popcount (group->stored & ((1u << row) - 1));

  return group->data + palette_bytes (group->n_entries) + (gsize) (group->n_entries - 1) * width +
         slot * row_bytes (group, width);
}

static gsize
data_bytes (const PscSheetGroup *group, guint n_stored, guint width)
{
  if (n_stored == 0)
    return 0;
  return palette_bytes (group->n_entries) + (gsize) (group->n_entries - 1) * width +
         n_stored * row_bytes (group, width);
}

gsize
psc_sheet_group_memory (const PscSheetGroup *group, guint width)
{
  return sizeof *group + data_bytes (group, psc_sheet_group_n_stored (group), width);
}

double
psc_sheet_group_row_top (const PscSheetGroup *group, guint row)
{
  guint air = group->air & ((2u << row) - 1);

  return group->top + row + __builtin_popcount (air) * PSC_LAYOUT_AIR;
}

void
psc_sheet_group_clear (PscSheetGroup *group)
{
  g_clear_pointer (&group->data, g_free);
}

static guint
make_palette (const PscSheetPlate *plate, guint8 *palette)
{
  guint n = 0;

  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    if (plate->used[i])
      palette[n++] = (guint8) i;
  return n;
}

/* Indices of sixteen entries, counted on the way. */
static inline PscBytes
index_bytes (const PscSheetGroup *group, PscBytes entries, guint8 *counts, guint width)
{
  PscBytes indices = { 0 };

  for (guint8 i = 0; i + 1 < group->n_entries; i++)
    {
      PscBytes same = (PscBytes) (entries == group->data[i]);
      PscBytes *count = (PscBytes *) (void *) (counts + (gsize) i * width);

      indices |= same & i;
      *count -= same;
    }
  return indices | ((PscBytes) (entries == group->data[group->n_entries - 1]) &
                    (guint8) (group->n_entries - 1));
}

static void
store_row (PscSheetGroup *group, guint row, const guint8 *entries, guint width)
{
  const PscBytes *from = (const PscBytes *) (const void *) entries;
  PscBytes *to = (PscBytes *) (void *) psc_sheet_group_row (group, row, width);
  guint8 *counts = psc_sheet_group_counts (group, 0, width);
  guint half = width / 2 / sizeof (PscBytes);

  for (guint i = 0; i < half; i++)
    {
      PscBytes low = index_bytes (group, from[i], counts + i * sizeof *from, width);
      PscBytes high =
          index_bytes (group, from[i + half], counts + (i + half) * sizeof *from, width);

      if (group->n_entries <= PSC_SHEET_NIBBLES)
        to[i] = low | high << 4;
      else
        {
          to[i] = low;
          to[i + half] = high;
        }
    }
}

void
psc_sheet_group_pack (PscSheetGroup *group, const PscSheetPlate *plate, guint width)
{
  guint8 palette[PSC_SHEET_N_ENTRIES];
  guint n_stored;

  psc_sheet_group_clear (group);
  memcpy (group->uniform, plate->uniform, sizeof group->uniform);
  group->stored = 0;
  for (guint i = 0; i < group->n_rows; i++)
    group->stored |= (guint16) ((plate->uniform[i] == PSC_SHEET_STORED) << i);
  n_stored = psc_sheet_group_n_stored (group);
  group->n_entries = n_stored == 0 ? 0 : (guint8) make_palette (plate, palette);
  if (n_stored == 0)
    return;
  group->data = g_malloc (data_bytes (group, n_stored, width));
  memcpy (group->data, palette, group->n_entries);
  memset (psc_sheet_group_counts (group, 0, width), 0, (gsize) (group->n_entries - 1) * width);
  for (guint row = 0; row < group->n_rows; row++)
    if (group->uniform[row] == PSC_SHEET_STORED)
      store_row (group, row, plate->rows + row * psc_sheet_plate_stride (width), width);
}

void
psc_sheet_node_clear (PscSheetNode *node)
{
  g_clear_pointer (&node->counts, g_free);
  g_clear_pointer (&node->palette, g_free);
  g_clear_pointer (&node->uniform, g_free);
}

static void
use_palette (guint8 *used, const guint8 *palette, guint n)
{
  for (guint i = 0; i < n; i++)
    used[palette[i]] = 1;
}

static inline PscShorts *
words (guint16 *counts)
{
  return (PscShorts *) (void *) counts;
}

/* sums += counts, or -= with sign -1. Those of a node's eight groups fit bytes. */
static void
add_bytes (guint8 *sums, const guint8 *counts, gint sign, guint width)
{
  PscBytes *to = (PscBytes *) (void *) sums;
  const PscBytes *from = (const PscBytes *) (const void *) counts;

  for (guint i = 0; i < width / sizeof *to; i++)
    to[i] += sign > 0 ? from[i] : -from[i];
}

static void
add_to_bytes (guint8 *sums, guint n, guint width)
{
  PscBytes *to = (PscBytes *) (void *) sums;

  for (guint i = 0; i < width / sizeof *to; i++)
    to[i] += (guint8) n;
}

static void
widen (guint16 *to, const guint8 *from, gsize n)
{
  const PscHalfBytes *bytes = (const PscHalfBytes *) (const void *) from;

  for (gsize i = 0; i < n / sizeof *bytes; i++)
    words (to)[i] = __builtin_convertvector(bytes[i], PscShorts);
}

/* sums += sign * counts, sign being 1 or -1. */
static void
add_words (guint16 *sums, guint16 *counts, gint16 sign, guint width)
{
  for (guint i = 0; i < width / 8; i++)
    words (sums)[i] += words (counts)[i] * sign;
}

static void
add_all (guint16 *sums, guint n, guint width)
{
  for (guint i = 0; i < width / 8; i++)
    words (sums)[i] += (gint16) n;
}

/* Index of an entry among the counts of a node; that of its last one, which has none as it is what
 * the others leave, is G_MAXUINT. */
static guint
index_of (const PscSheetNode *node, guint8 entry)
{
  guint i = 0;

  while (node->palette[i] != entry)
    i++;
  return i + 1 < node->n_entries ? i : G_MAXUINT;
}

static guint16 *
sums_of (const PscSheetNode *node, guint8 entry, guint width)
{
  guint i = index_of (node, entry);

  return i != G_MAXUINT ? node->counts + (gsize) i * width : NULL;
}

/* The counts go to bytes, a row of the width for each entry of the node but the last. */
static void
add_group (PscSheetNode *node, const PscSheetGroup *group, guint8 *bytes, guint width)
{
  guint n_stored = psc_sheet_group_n_stored (group);
  guint last = group->n_entries - 1u;
  guint to;

  for (guint i = 0; i < group->n_rows; i++)
    if (group->uniform[i] != PSC_SHEET_STORED)
      node->uniform[group->uniform[i]]++;
  node->n_rows += group->n_rows;
  node->n_stored += n_stored;
  if (group->data == NULL)
    return;
  for (guint i = 0; i < last; i++)
    {
      to = index_of (node, group->data[i]);
      if (to != G_MAXUINT)
        add_bytes (bytes + (gsize) to * width, psc_sheet_group_counts (group, i, width), 1, width);
    }
  to = index_of (node, group->data[last]);
  if (to == G_MAXUINT)
    return;
  add_to_bytes (bytes + (gsize) to * width, n_stored, width);
  for (guint i = 0; i < last; i++)
    add_bytes (bytes + (gsize) to * width, psc_sheet_group_counts (group, i, width), -1, width);
}

static void
add_groups (PscSheetNode *node, const PscSheetGroup *groups, guint n, guint width)
{
  gsize size = node->n_entries > 0 ? (node->n_entries - 1) * (gsize) width : 0;
  guint8 *bytes = g_malloc0 (size);

  for (guint i = 0; i < n; i++)
    add_group (node, &groups[i], bytes, width);
  if (node->counts != NULL)
    widen (node->counts, bytes, size);
  g_free (bytes);
}

static void
add_node (PscSheetNode *node, const PscSheetNode *child, guint width)
{
  guint last = child->n_entries - 1u;
  guint16 *sums;

  if (child->uniform == NULL)
    node->uniform[child->only] += child->n_rows;
  else
    for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
      node->uniform[i] += child->uniform[i];
  node->n_rows += child->n_rows;
  node->n_stored += child->n_stored;
  if (child->counts == NULL)
    return;
  for (guint i = 0; i < last; i++)
    {
      sums = sums_of (node, child->palette[i], width);
      if (sums != NULL)
        add_words (sums, child->counts + (gsize) i * width, 1, width);
    }
  sums = sums_of (node, child->palette[last], width);
  if (sums == NULL)
    return;
  add_all (sums, child->n_stored, width);
  for (guint i = 0; i < last; i++)
    add_words (sums, child->counts + (gsize) i * width, -1, width);
}

static void
make_node_palette (PscSheetNode *node, const guint8 *used, guint width)
{
  guint8 palette[PSC_SHEET_N_ENTRIES];
  guint n = 0;

  for (guint i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    if (used[i])
      palette[n++] = (guint8) i;
  if (n == 0)
    return;
  node->n_entries = n;
  node->palette = g_memdup2 (palette, n);
  node->counts = g_new0 (guint16, MAX (n - 1, 1) * (gsize) width);
}

void
psc_sheet_sum_node (PscSheet *sheet, const PscSheetSection *section, guint level, guint index)
{
  PscSheetNode *node = &sheet->nodes[level][section->first_node[level] + index];
  guint n_below = level == 0 ? section->n_groups : section->n_nodes[level - 1];
  guint first = index * PSC_SHEET_FAN;
  guint last = MIN (first + PSC_SHEET_FAN, n_below);
  const PscSheetGroup *groups = sheet->groups + section->first_group;
  const PscSheetNode *nodes =
      level == 0 ? NULL : sheet->nodes[level - 1] + section->first_node[level - 1];
  guint8 used[256] = { 0 };

  psc_sheet_node_clear (node);
  *node = (PscSheetNode){ .uniform = g_new0 (guint32, PSC_SHEET_N_ENTRIES) };
  for (guint i = first; i < last; i++)
    if (level == 0 && groups[i].data != NULL)
      use_palette (used, groups[i].data, groups[i].n_entries);
    else if (level > 0)
      use_palette (used, nodes[i].palette, nodes[i].n_entries);
  make_node_palette (node, used, sheet->width);
  if (level == 0)
    add_groups (node, groups + first, last - first, sheet->width);
  for (guint i = first; level > 0 && i < last; i++)
    add_node (node, &nodes[i], sheet->width);
  for (guint8 i = 0; i < PSC_SHEET_N_ENTRIES; i++)
    if (node->uniform[i] == node->n_rows)
      {
        node->only = i;
        g_clear_pointer (&node->uniform, g_free);
        break;
      }
}
