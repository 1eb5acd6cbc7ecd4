/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sheet follows its space: page by page where little changed, group by group where new entries
 * came. */

#include <string.h>

#include "psc-sheet-private.h"

/* --- what changed -------------------------------------------------------------------------- */

static gboolean
is_same_mapping (const PscMapping *a, const PscMapping *b)
{
  return a->start == b->start && a->end == b->end && a->kind == b->kind && a->perms == b->perms &&
         a->flags == b->flags && a->page_shift == b->page_shift;
}

static gboolean
has_same_mappings (const PscSpace *a, const PscSpace *b)
{
  if (a->n_mappings != b->n_mappings || a->page_size != b->page_size)
    return FALSE;
  for (guint i = 0; i < a->n_mappings; i++)
    if (!is_same_mapping (&a->mappings[i], &b->mappings[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_same_run (const PscRun *a, const PscRun *b)
{
  return a->start == b->start && a->n_pages == b->n_pages && a->state == b->state;
}

/* Runs of a space on the way through them. */
typedef struct
{
  const PscSpace *space;
  guint i;
} Walk;

static const PscRun *
walk_run (const Walk *walk)
{
  return walk->i < walk->space->n_runs ? &walk->space->runs[walk->i] : NULL;
}

/* The class at an address, as far as *end. */
static PscPageClass
walk_class (Walk *walk, guint64 at, guint64 *end)
{
  const PscRun *run = walk_run (walk);

  if (run != NULL && psc_run_end (run, walk->space->page_size) <= at)
    {
      walk->i++;
      run = walk_run (walk);
    }
  if (run == NULL)
    return PSC_CLASS_ABSENT;
  if (run->start > at)
    {
      *end = MIN (*end, run->start);
      return PSC_CLASS_ABSENT;
    }
  *end = MIN (*end, psc_run_end (run, walk->space->page_size));
  return psc_page_class (run->state);
}

static void
add_dirty (GArray *dirty, guint64 start, guint64 end, gsize page_size, PscPageClass klass)
{
  PscDirty next = { start, (guint32) ((end - start) / page_size), klass };

  g_array_append_val (dirty, next);
}

/* From a difference on to where both go on with equal runs. Returns where that is. */
static guint64
walk_difference (Walk *a, Walk *b, guint64 at, GArray *dirty)
{
  for (;;)
    {
      guint64 end = G_MAXUINT64;
      PscPageClass before = walk_class (a, at, &end);
      PscPageClass now = walk_class (b, at, &end);
      const PscRun *run_a = walk_run (a);
      const PscRun *run_b = walk_run (b);

      if (end == G_MAXUINT64)
        return end;
      if (run_a != NULL && run_b != NULL && run_a->start >= at && is_same_run (run_a, run_b))
        return at;
      if (before != now)
        add_dirty (dirty, at, end, b->space->page_size, now);
      at = end;
    }
}

GArray *
psc_sheet_find_dirty (const PscSpace *before, const PscSpace *space)
{
  GArray *dirty;
  Walk a = { before, 0 };
  Walk b = { space, 0 };
  guint64 at = 0;

  if (!has_same_mappings (before, space))
    return NULL;
  dirty = g_array_new (FALSE, FALSE, sizeof (PscDirty));
  while (at != G_MAXUINT64)
    {
      while (a.i < before->n_runs && b.i < space->n_runs &&
             is_same_run (&before->runs[a.i], &space->runs[b.i]))
        {
          at = psc_run_end (&space->runs[b.i], space->page_size);
          a.i++;
          b.i++;
        }
      at = walk_difference (&a, &b, at, dirty);
    }
  return dirty;
}

/* --- following it -------------------------------------------------------------------------- */

typedef struct
{
  PscSheet *sheet;
  const PscSpace *space;
  guint row_shift, page_shift;   /* sizes are powers of 2 */
  guint mapping;                 /* that the last change was in */
  guint8 entries[PSC_N_CLASSES]; /* of that mapping */
  guint band;                    /* that the last change was in */
  guint section;                 /* likewise */
  guint marked;                  /* group whose nodes were marked last */
  guint8 *stale_groups;          /* 1: to be read anew */
} Update;

static void
update_init (Update *update, PscSheet *sheet, const PscSpace *space)
{
  *update = (Update){ .sheet = sheet, .space = space };
  update->row_shift = (guint) __builtin_ctzll (sheet->layout->row_size);
  update->page_shift = (guint) __builtin_ctzll (sheet->layout->page_size);
  update->mapping = update->marked = G_MAXUINT;
  update->stale_groups = g_new0 (guint8, sheet->n_groups);
  for (guint i = 0; i < PSC_SHEET_LEVELS; i++)
    if (sheet->stale[i] == NULL)
      sheet->stale[i] = g_new0 (guint8, sheet->n_nodes[i]);
}

static void
update_finish (Update *update)
{
  g_free (update->stale_groups);
}

static const PscSheetSection *
section_of (Update *update, guint group)
{
  const PscSheet *sheet = update->sheet;
  guint low = 0;
  guint high = sheet->n_sections;
  const PscSheetSection *section = &sheet->sections[update->section];

  if (group >= section->first_group && group < section->first_group + section->n_groups)
    return section;
  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (sheet->sections[middle].first_group <= group)
        low = middle;
      else
        high = middle;
    }
  update->section = low;
  return &sheet->sections[low];
}

static guint
node_of (const PscSheetSection *section, guint level, guint group)
{
  guint span = PSC_SHEET_FAN;

  for (guint i = 0; i < level; i++)
    span *= PSC_SHEET_FAN;
  return section->first_node[level] + (group - section->first_group) / span;
}

static void
mark_nodes (Update *update, guint group)
{
  const PscSheetSection *section;

  if (update->marked == group)
    return;
  update->marked = group;
  section = section_of (update, group);
  for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
    update->sheet->stale[level][node_of (section, level, group)] = TRUE;
  update->sheet->has_stale = TRUE;
}

static void
mark_stale (Update *update, guint group)
{
  update->stale_groups[group] = TRUE;
  mark_nodes (update, group);
}

static guint
find_entry (const guint8 *palette, guint n, guint8 entry)
{
  guint i = 0;

  while (i < n && palette[i] != entry)
    i++;
  return i;
}

static void
set_index (PscSheetGroup *group, guint8 *row, guint column, guint width, guint index)
{
  guint half = width / 2;

  if (group->n_entries > PSC_SHEET_NIBBLES)
    row[column] = (guint8) index;
  else if (column < half)
    row[column] = (guint8) ((row[column] & 0xf0) | index);
  else
    row[column - half] = (guint8) ((row[column - half] & 0x0f) | index << 4);
}

/* FALSE when the group's palette lacks the entry. */
static gboolean
set_page (PscSheetGroup *group, guint width, guint8 *row, guint column, guint8 entry)
{
  guint old = psc_sheet_group_get (group, row, column, width);
  guint new;

  if (group->data[old] == entry)
    return TRUE;
  new = find_entry (group->data, group->n_entries, entry);
  if (new == group->n_entries)
    return FALSE;
  set_index (group, row, column, width, new);
  if (old + 1 < group->n_entries)
    psc_sheet_group_counts (group, old, width)[column]--;
  if (new + 1 < group->n_entries)
    psc_sheet_group_counts (group, new, width)[column]++;
  return TRUE;
}

/* `n` pages from this column on of the row of this number. */
static void
set_pages (Update *update, guint number, guint column, guint n, guint8 entry)
{
  PscSheet *sheet = update->sheet;
  guint index = number / PSC_SHEET_GROUP;
  PscSheetGroup *group = &sheet->groups[index];
  guint8 *row;

  if (update->stale_groups[index])
    return;
  if (group->uniform[number % PSC_SHEET_GROUP] != PSC_SHEET_STORED)
    {
      mark_stale (update, index);
      return;
    }
  row = psc_sheet_group_row (group, number % PSC_SHEET_GROUP, sheet->width);
  for (guint i = 0; i < n; i++)
    if (!set_page (group, sheet->width, row, column + i, entry))
      {
        mark_stale (update, index);
        return;
      }
  mark_nodes (update, index);
}

/* The entry of pages of a class at an address. */
static guint8
entry_at (Update *update, guint64 address, PscPageClass klass)
{
  const PscSpace *space = update->space;
  const PscMapping *mapping;

  if (update->mapping >= space->n_mappings || address < space->mappings[update->mapping].start ||
      address >= space->mappings[update->mapping].end)
    {
      update->mapping = psc_space_lower_bound (space, address);
      for (guint i = 0; i < PSC_N_CLASSES; i++)
        update->entries[i] =
            (guint8) psc_lens_entry_of (update->sheet->lens, &space->mappings[update->mapping], i);
    }
  mapping = &space->mappings[update->mapping];
  if (klass == PSC_CLASS_ABSENT && !(mapping->flags & PSC_MAPPING_PAGES_KNOWN))
    klass = PSC_CLASS_UNKNOWN;
  return update->entries[klass];
}

static gboolean
find_band (Update *update, guint64 address)
{
  const PscLayout *layout = update->sheet->layout;
  const PscBand *band = &layout->bands[update->band];
  double x, row;

  if (address >= band->start && address < band->end)
    return band->type == PSC_BAND_BLOCK;
  if (psc_layout_locate (layout, address, &update->band, &x, &row))
    return layout->bands[update->band].type == PSC_BAND_BLOCK;
  update->band = 0;
  return FALSE;
}

/* The number of the row of a block, and the column, where an address stands. */
static guint
place_in_block (const Update *update, const PscBand *band, guint64 address, guint *column)
{
  const PscLayout *layout = update->sheet->layout;
  guint from_low = (guint) ((address >> update->row_shift) - (band->start >> update->row_shift));

  *column = (guint) ((address & (layout->row_size - 1)) >> update->page_shift);
  return update->sheet->band_rows[update->band] +
         (layout->low_at_top ? from_low : band->n_rows - 1 - from_low);
}

/* As many of the pages [start, end) as stand on one row of a block. Returns the end of them. */
static guint64
update_block (Update *update, guint64 start, guint64 end, guint8 entry)
{
  const PscSheet *sheet = update->sheet;
  const PscLayout *layout = sheet->layout;
  const PscBand *band = &layout->bands[update->band];
  guint64 last = MIN ((start | (layout->row_size - 1)) + 1, MIN (end, band->end));
  guint column;
  guint number = place_in_block (update, band, start, &column);

  set_pages (update, number, column, (guint) ((last - start) >> update->page_shift), entry);
  return last;
}

/* Likewise on a line. */
static guint64
update_line (Update *update, guint64 start, guint64 end, guint8 entry)
{
  const PscLayout *layout = update->sheet->layout;
  guint64 last = start;
  guint n = 0;
  double x, row;

  if (!psc_layout_locate (layout, start, &update->band, &x, &row) ||
      layout->bands[update->band].type != PSC_BAND_LINE)
    return start + layout->page_size;
  while (last < end)
    {
      PscPlace place = psc_layout_hit (layout, update->band, x + n, 0.5);

      if (place.type != PSC_PLACE_PAGE || place.start != last)
        break;
      last += layout->page_size;
      n++;
    }
  if (n == 0)
    return start + layout->page_size;
  set_pages (update, update->sheet->band_rows[update->band], (guint) x, n, entry);
  return last;
}

/* The band of a row, by its number. */
static guint
band_of_row (const PscSheet *sheet, guint number)
{
  const PscLayout *layout = sheet->layout;
  guint found = 0;
  guint low = 0;
  guint high = layout->n_bands;

  /* From the top, rules being as high as the row above them. */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint at = middle;

      while (at > low && layout->bands[layout->low_at_top ? at : layout->n_bands - 1 - at].type ==
                             PSC_BAND_RULE)
        at--;
      at = layout->low_at_top ? at : layout->n_bands - 1 - at;
      if (layout->bands[at].type != PSC_BAND_RULE && sheet->band_rows[at] > number)
        high = middle;
      else
        {
          found = layout->bands[at].type != PSC_BAND_RULE ? at : found;
          low = middle + 1;
        }
    }
  return found;
}

static void
reload_group (Update *update, guint index, PscSheetPlate *plate)
{
  PscSheet *sheet = update->sheet;
  const PscLayout *layout = sheet->layout;
  PscSheetGroup *group = &sheet->groups[index];

  memset (plate->used, 0, sizeof plate->used);
  for (guint i = 0; i < group->n_rows; i++)
    {
      guint number = index * PSC_SHEET_GROUP + i;
      const PscBand *band = &layout->bands[band_of_row (sheet, number)];
      guint from_top = number - sheet->band_rows[band - layout->bands];
      guint row = layout->low_at_top ? from_top : band->n_rows - 1 - from_top;
      PscSheetReader reader;

      psc_sheet_reader_init (&reader, update->space, sheet->lens, NULL);
      plate->uniform[i] = psc_sheet_reader_read_row (
          &reader, layout, band, row, plate->rows + i * psc_sheet_plate_stride (sheet->width));
      for (guint j = 0; j < PSC_SHEET_N_ENTRIES; j++)
        plate->used[j] |= reader.used[j];
    }
  psc_sheet_group_pack (group, plate, sheet->width);
}

static void
reload_stale (Update *update)
{
  PscSheet *sheet = update->sheet;
  PscSheetPlate plate = { .rows =
                              g_malloc (PSC_SHEET_GROUP * psc_sheet_plate_stride (sheet->width)) };

  for (guint i = 0; i < sheet->n_groups; i++)
    if (update->stale_groups[i])
      reload_group (update, i, &plate);
  g_free (plate.rows);
}

static void
settle_section (PscSheet *sheet, const PscSheetSection *section, guint level)
{
  guint8 *stale = sheet->stale[level] + section->first_node[level];

  for (guint i = 0; i < section->n_nodes[level]; i++)
    if (stale[i])
      psc_sheet_sum_node (sheet, section, level, i);
  memset (stale, 0, section->n_nodes[level]);
}

void
psc_sheet_settle (PscSheet *sheet)
{
  if (!sheet->has_stale)
    return;
  for (guint level = 0; level < PSC_SHEET_LEVELS; level++)
    for (guint i = 0; i < sheet->n_sections; i++)
      settle_section (sheet, &sheet->sections[i], level);
  sheet->has_stale = FALSE;
}

/* Changes lie far apart in memory: what the one after next will need is asked for ahead. */
#define AHEAD 16

static void
fetch_ahead (const Update *update, guint64 address)
{
  const PscSheet *sheet = update->sheet;
  const PscLayout *layout = sheet->layout;
  const PscBand *band = &layout->bands[update->band];
  const PscSheetGroup *group;
  guint number, column;

  if (band->type != PSC_BAND_BLOCK || address < band->start || address >= band->end)
    return;
  number = place_in_block (update, band, address, &column);
  group = &sheet->groups[number / PSC_SHEET_GROUP];
  if (group->uniform[number % PSC_SHEET_GROUP] != PSC_SHEET_STORED)
    return;
  __builtin_prefetch (psc_sheet_group_row (group, number % PSC_SHEET_GROUP, sheet->width) +
                      column % (sheet->width / 2));
  for (guint i = 0; i + 1 < group->n_entries; i++)
    __builtin_prefetch (psc_sheet_group_counts (group, i, sheet->width) + column);
}

void
psc_sheet_update (PscSheet *sheet, const PscSpace *space, const PscDirty *dirty, guint n_dirty)
{
  Update update;

  if (n_dirty == 0 || sheet->n_groups == 0)
    return;
  update_init (&update, sheet, space);
  for (guint i = 0; i < n_dirty; i++)
    {
      guint64 at = dirty[i].start;
      guint64 end = at + dirty[i].n_pages * (guint64) space->page_size;
      guint8 entry = entry_at (&update, at, dirty[i].klass);

      if (i + AHEAD < n_dirty)
        fetch_ahead (&update, dirty[i + AHEAD].start);

      while (at < end)
        at = find_band (&update, at) ? update_block (&update, at, end, entry) :
                                       update_line (&update, at, end, entry);
    }
  reload_stale (&update);
  update_finish (&update);
}
