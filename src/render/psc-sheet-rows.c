/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From runs to rows of entries. */

#include <string.h>

#include "psc-sheet-private.h"

#define N_STATES 256

/* psc_page_class() of every state that fits, as it is asked for millions of times. */
static const guint8 *
classes_of_states (void)
{
  static guint8 classes[N_STATES];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint state = 0; state < N_STATES; state++)
        classes[state] = (guint8) psc_page_class ((guint16) state);
      g_once_init_leave (&once, 1);
    }
  return classes;
}

static inline PscPageClass
class_of (const guint8 *classes, guint16 state)
{
  return state < N_STATES ? classes[state] : psc_page_class (state);
}

void
psc_sheet_reader_init (PscSheetReader *reader, const PscSpace *space, PscLens lens,
                       const PscTraits *traits)
{
  *reader = (PscSheetReader){ space, traits, lens };
  reader->of_mapping = G_MAXUINT;
}

static void
take_mapping (PscSheetReader *reader)
{
  const PscMapping *mapping = &reader->space->mappings[reader->mapping];

  if (reader->of_mapping == reader->mapping)
    return;
  reader->of_mapping = reader->mapping;
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    reader->entries[i] = (guint8) psc_lens_entry_of (reader->lens, mapping, i);
}

static guint8
empty_entry (const PscSheetReader *reader)
{
  const PscMapping *mapping = &reader->space->mappings[reader->mapping];

  return reader
      ->entries[mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN];
}

/* Far ahead by halves, near ahead step by step. */
static void
seek_run (PscSheetReader *reader, const PscMapping *mapping, guint64 address)
{
  const PscSpace *space = reader->space;
  guint last = mapping->first_run + mapping->n_runs;
  guint low = MAX (reader->run, mapping->first_run);
  guint step = 1;

  while (low + step <= last &&
         psc_run_end (&space->runs[low + step - 1], space->page_size) <= address)
    {
      low += step;
      step *= 2;
    }
  for (; step > 0; step /= 2)
    if (low + step <= last &&
        psc_run_end (&space->runs[low + step - 1], space->page_size) <= address)
      low += step;
  reader->run = low;
}

/* The one entry of [start, end), which lies in the mapping, or PSC_SHEET_STORED. */
static guint8
only_entry (const PscSheetReader *reader, const PscMapping *mapping, guint64 start, guint64 end)
{
  const PscSpace *space = reader->space;
  const PscRun *run;

  if (reader->run == mapping->first_run + mapping->n_runs)
    return empty_entry (reader);
  run = &space->runs[reader->run];
  if (run->start >= end)
    return empty_entry (reader);
  if (run->start <= start && psc_run_end (run, space->page_size) >= end)
    return reader->entries[psc_page_class (run->state)];
  return PSC_SHEET_STORED;
}

/* `n` bytes, and some more behind them, which are then written over: most stretches are short. */
static inline guint8 *
put (guint8 *at, guint8 entry, gsize n)
{
  guint64 eight = entry * G_GUINT64_CONSTANT (0x0101010101010101);

  for (gsize i = 0; i < n; i += sizeof eight)
    memcpy (at + i, &eight, sizeof eight);
  return at + n;
}

/* The part [start, end) of the mapping. */
static void
read_mapping (PscSheetReader *reader, const PscMapping *mapping, guint64 start, guint64 end,
              guint8 *entries)
{
  const PscSpace *space = reader->space;
  const guint8 *classes = classes_of_states ();
  gsize page_size = space->page_size;
  guint shift = (guint) __builtin_ctzll (page_size);
  guint8 empty = empty_entry (reader);
  const PscRun *run = &space->runs[reader->run];
  const PscRun *last = &space->runs[mapping->first_run + mapping->n_runs];
  guint64 at = start;

  for (; run < last && run->start < end; run++)
    {
      guint64 run_end = psc_run_end (run, page_size);
      guint64 from = MAX (run->start, at);
      guint64 to = MIN (run_end, end);
      guint8 entry = reader->entries[class_of (classes, run->state)];

      reader->used[entry] = 1;
      entries = put (entries, empty, (from - at) >> shift);
      entries = put (entries, entry, (to - from) >> shift);
      at = to;
      if (run_end > end)
        break;
    }
  reader->used[empty] = 1;
  put (entries, empty, (end - at) >> shift);
  reader->run = (guint) (run - space->runs);
}

static gboolean
has_traits (PscSheetReader *reader, guint64 start, guint64 end)
{
  const PscTraits *traits = reader->traits;

  if (traits == NULL)
    return FALSE;
  while (reader->trait < traits->n_traits &&
         psc_trait_end (&traits->traits[reader->trait], traits->page_size) <= start)
    reader->trait++;
  return reader->trait < traits->n_traits && traits->traits[reader->trait].start < end;
}

/* Traits over what the states say; never where nothing is mapped. */
static void
put_traits (PscSheetReader *reader, guint64 start, guint64 end, guint8 *entries)
{
  const PscTraits *traits = reader->traits;

  for (guint i = reader->trait; i < traits->n_traits && traits->traits[i].start < end; i++)
    {
      const PscTrait *trait = &traits->traits[i];
      guint64 from = MAX (trait->start, start);
      guint64 to = MIN (psc_trait_end (trait, traits->page_size), end);

      for (guint64 at = from; at < to; at += traits->page_size)
        {
          guint8 *entry = &entries[(at - start) / traits->page_size];

          if (*entry >= PSC_LENS_MAX_ENTRIES)
            continue;
          *entry = (guint8) MIN (trait->value, PSC_LENS_MAX_ENTRIES - 1);
          reader->used[*entry] = 1;
        }
    }
}

static void
seek_mapping (PscSheetReader *reader, guint64 address)
{
  const PscSpace *space = reader->space;

  if (reader->mapping < space->n_mappings && space->mappings[reader->mapping].end > address)
    return;
  if (reader->mapping + 1 < space->n_mappings && space->mappings[reader->mapping + 1].end > address)
    reader->mapping++;
  else
    reader->mapping = psc_space_lower_bound (space, address);
}

static void
put_background (PscSheetReader *reader, guint8 *entries, gsize n)
{
  if (n == 0)
    return;
  reader->used[PSC_SHEET_BACKGROUND] = 1;
  memset (entries, PSC_SHEET_BACKGROUND, n);
}

guint8
psc_sheet_reader_read (PscSheetReader *reader, guint64 start, guint64 end, guint8 *entries)
{
  const PscSpace *space = reader->space;
  gboolean traits = has_traits (reader, start, end);
  guint shift = (guint) __builtin_ctzll (space->page_size);
  guint64 at = start;

  seek_mapping (reader, start);
  for (; reader->mapping < space->n_mappings; reader->mapping++)
    {
      const PscMapping *mapping = &space->mappings[reader->mapping];
      guint64 from = MAX (mapping->start, start);
      guint64 to = MIN (mapping->end, end);

      if (mapping->start >= end)
        break;
      take_mapping (reader);
      seek_run (reader, mapping, from);
      if (from == start && to == end && !traits)
        {
          guint8 only = only_entry (reader, mapping, start, end);

          if (only != PSC_SHEET_STORED)
            {
              reader->used[only] = 1;
              return only;
            }
        }
      put_background (reader, entries + ((at - start) >> shift), (from - at) >> shift);
      read_mapping (reader, mapping, from, to, entries + ((from - start) >> shift));
      at = to;
      if (mapping->end >= end)
        break;
    }
  put_background (reader, entries + ((at - start) >> shift), (end - at) >> shift);
  if (traits)
    put_traits (reader, start, end, entries);
  return PSC_SHEET_STORED;
}

static void
read_item (PscSheetReader *reader, const PscLayout *layout, const PscItem *item, guint8 *entries)
{
  guint x = (guint) item->x;
  guint width = MIN ((guint) item->width, layout->row_pages - MIN (x, layout->row_pages));
  guint8 only = PSC_SHEET_STORED;

  entries += x;
  if (item->type == PSC_ITEM_FOLD)
    only = PSC_SHEET_FOLD;
  else if (item->type == PSC_ITEM_WORD)
    only = psc_sheet_reader_read (reader, item->start, item->start + width * layout->page_size,
                                  entries);
  else
    {
      put_background (reader, entries, width);
      entries[width / 4] = PSC_SHEET_GAP;
      if (item->end - item->start >= PSC_LAYOUT_RULE_SIZE)
        entries[width - 1 - width / 4] = PSC_SHEET_GAP;
      reader->used[PSC_SHEET_GAP] = 1;
    }
  if (only == PSC_SHEET_STORED)
    return;
  reader->used[only] = 1;
  memset (entries, only, width);
}

/* Items stand from left to right without holes. */
static void
read_line (PscSheetReader *reader, const PscLayout *layout, const PscBand *band, guint8 *entries)
{
  guint right = 0;

  for (guint i = 0; i < band->n_items; i++)
    {
      const PscItem *item = &layout->items[band->first_item + i];

      read_item (reader, layout, item, entries);
      right = MIN ((guint) (item->x + item->width), layout->row_pages);
    }
  put_background (reader, entries + right, layout->row_pages - right);
}

/* The whole block may be less than its rows. */
static guint8
read_block_row (PscSheetReader *reader, const PscLayout *layout, const PscBand *band, guint row,
                guint8 *entries)
{
  guint64 address = (band->start / layout->row_size + row) * layout->row_size;
  guint64 end = address + layout->row_size;
  guint left, right;
  guint8 only;

  if (address >= band->start && end <= band->end)
    return psc_sheet_reader_read (reader, address, end, entries);
  left = address < band->start ? (guint) ((band->start - address) / layout->page_size) : 0;
  right = end > band->end ? (guint) ((band->end - address) / layout->page_size) : layout->row_pages;
  put_background (reader, entries, left);
  only = psc_sheet_reader_read (reader, address + left * layout->page_size,
                                address + right * layout->page_size, entries + left);
  if (only != PSC_SHEET_STORED)
    memset (entries + left, only, right - left);
  put_background (reader, entries + right, layout->row_pages - right);
  return PSC_SHEET_STORED;
}

guint8
psc_sheet_reader_read_row (PscSheetReader *reader, const PscLayout *layout, const PscBand *band,
                           guint row, guint8 *entries)
{
  guint8 only = PSC_SHEET_STORED;

  if (band->type == PSC_BAND_BLOCK)
    only = read_block_row (reader, layout, band, row, entries);
  else
    read_line (reader, layout, band, entries);
  if (only == PSC_SHEET_STORED && memcmp (entries, entries + 1, layout->row_pages - 1) == 0)
    only = entries[0];
  return only;
}

guint
psc_sheet_reader_count_uniform (PscSheetReader *reader, const PscLayout *layout,
                                const PscBand *band, guint row, guint8 *entry)
{
  const PscSpace *space = reader->space;
  guint64 start = (band->start / layout->row_size + row) * layout->row_size;
  const PscMapping *mapping;
  const PscRun *run;
  guint64 end;

  if (reader->traits != NULL || start < band->start)
    return 0;
  seek_mapping (reader, start);
  if (reader->mapping == space->n_mappings || space->mappings[reader->mapping].start > start)
    return 0;
  mapping = &space->mappings[reader->mapping];
  take_mapping (reader);
  seek_run (reader, mapping, start);
  *entry = empty_entry (reader);
  end = mapping->end;
  run = &space->runs[reader->run];
  if (reader->run < mapping->first_run + mapping->n_runs && run->start <= start)
    {
      *entry = reader->entries[psc_page_class (run->state)];
      end = psc_run_end (run, space->page_size);
    }
  else if (reader->run < mapping->first_run + mapping->n_runs)
    end = run->start;
  return (guint) MIN ((end - start) / layout->row_size, G_MAXUINT32);
}
