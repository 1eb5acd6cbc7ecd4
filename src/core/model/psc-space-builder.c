/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-space.h"

#include <string.h>

/* Mappings and runs are appended right into the arrays of the space under construction. A mapping's
 * runs lie side by side because both come in address order, so binding is done while appending: a
 * cursor stands on the mapping that the next run may fall into. */
struct _PscSpaceBuilder
{
  PscSpace *space;
  guint mappings_room, runs_room;
  guint page_shift;
  guint cursor;     /* first mapping that ends above runs_end */
  guint64 runs_end; /* end of the last run that came, kept or not */
  gboolean bound;
  GArray *unknowns; /* PscUnknown */
  GString *scratch; /* a name with its NUL, for the look-up */
  const char *last; /* interned last: neighbours often have the same name */
  gsize last_length;
};

/* Takes the strings. */
static PscSpaceBuilder *
builder_new (gsize page_size, GStringChunk **strings)
{
  PscSpaceBuilder *builder = g_new0 (PscSpaceBuilder, 1);
  PscSpace *space = g_new0 (PscSpace, 1);

  g_atomic_ref_count_init (&space->ref_count);
  space->strings = strings;
  space->page_size = page_size;
  space->row_size = (guint64) page_size * (page_size / 8);
  space->name = space->command = space->host = space->kernel = "";
  space->minor_faults = space->major_faults = PSC_FAULTS_UNKNOWN;

  builder->space = space;
  builder->page_shift = g_bit_storage (page_size) - 1;
  builder->unknowns = g_array_new (FALSE, FALSE, sizeof (PscUnknown));
  builder->scratch = g_string_new (NULL);
  builder->last = "";
  return builder;
}

PscSpaceBuilder *
psc_space_builder_new (gsize page_size)
{
  GStringChunk **strings;

  g_return_val_if_fail (page_size >= 512 && (page_size & (page_size - 1)) == 0, NULL);

  strings = g_atomic_rc_box_new (GStringChunk *);
  *strings = g_string_chunk_new (4096);
  return builder_new (page_size, strings);
}

PscSpaceBuilder *
psc_space_builder_new_like (const PscSpace *space)
{
  PscSpaceBuilder *builder =
      builder_new (space->page_size, g_atomic_rc_box_acquire (space->strings));
  PscMapping *mappings = g_new (PscMapping, space->n_mappings);

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *from = &space->mappings[i];

      mappings[i] = (PscMapping){
        .start = from->start,
        .end = from->end,
        .offset = from->offset,
        .inode = from->inode,
        .dev_major = from->dev_major,
        .dev_minor = from->dev_minor,
        .name = from->name,
        .perms = from->perms,
        .flags = from->flags & PSC_MAPPING_DELETED,
        .page_shift = from->page_shift,
      };
    }
  builder->space->mappings = mappings;
  builder->space->n_mappings = builder->mappings_room = space->n_mappings;
  return builder;
}

void
psc_space_builder_free (PscSpaceBuilder *builder)
{
  if (builder == NULL)
    return;
  psc_space_unref (builder->space);
  g_clear_pointer (&builder->unknowns, g_array_unref);
  g_string_free (builder->scratch, TRUE);
  g_free (builder);
}

PscSpace *
psc_space_builder_get_space (PscSpaceBuilder *builder)
{
  return builder->space;
}

const char *
psc_space_builder_intern (PscSpaceBuilder *builder, const char *string, gssize length)
{
  gsize n;

  if (string == NULL)
    return "";
  n = length < 0 ? strlen (string) : strnlen (string, length);
  if (n == 0)
    return "";
  if (n == builder->last_length && memcmp (string, builder->last, n) == 0)
    return builder->last;
  g_string_truncate (builder->scratch, 0);
  g_string_append_len (builder->scratch, string, n);
  builder->last = g_string_chunk_insert_const (*builder->space->strings, builder->scratch->str);
  builder->last_length = n;
  return builder->last;
}

static guint
grown (guint room)
{
  guint64 more = MAX (64, (guint64) room + room / 2);

  return MIN (more, G_MAXUINT);
}

static gboolean
is_aligned (const PscSpaceBuilder *builder, guint64 start, guint64 end)
{
  return ((start | end) & (builder->space->page_size - 1)) == 0;
}

gboolean
psc_space_builder_add_mapping (PscSpaceBuilder *builder, const PscMapping *mapping)
{
  PscSpace *space = builder->space;
  PscMapping *added;

  g_return_val_if_fail (!builder->bound && space->smaps == NULL, FALSE);

  if (mapping->end <= mapping->start || !is_aligned (builder, mapping->start, mapping->end) ||
      space->n_mappings == G_MAXUINT)
    return FALSE;
  if (space->n_mappings > 0 && mapping->start < space->mappings[space->n_mappings - 1].end)
    return FALSE;
  if (space->n_mappings == builder->mappings_room)
    {
      builder->mappings_room = grown (builder->mappings_room);
      space->mappings = g_renew (PscMapping, space->mappings, builder->mappings_room);
    }
  added = &space->mappings[space->n_mappings++];
  *added = *mapping;
  added->first_run = added->n_runs = 0;
  if (added->name == NULL)
    added->name = "";
  if (added->page_shift == 0)
    added->page_shift = builder->page_shift;
  return TRUE;
}

PscMapping *
psc_space_builder_get_mappings (PscSpaceBuilder *builder, guint *n_mappings)
{
  *n_mappings = builder->space->n_mappings;
  return builder->space->mappings;
}

/* Makes the mapping's last run longer when the pages go on where it ends, in the same state. */
static gboolean
extend_last (PscSpace *space, PscMapping *mapping, guint64 start, guint64 n_pages, guint16 state)
{
  PscRun *last;

  if (mapping->n_runs == 0)
    return FALSE;
  last = &space->runs[space->n_runs - 1];
  if (last->state != state || psc_run_end (last, space->page_size) != start ||
      n_pages > G_MAXUINT32 - last->n_pages)
    return FALSE;
  last->n_pages += n_pages;
  return TRUE;
}

static void
append_run (PscSpaceBuilder *builder, PscMapping *mapping, guint64 start, guint32 n_pages,
            guint16 state)
{
  PscSpace *space = builder->space;

  if (space->n_runs == builder->runs_room)
    {
      builder->runs_room = grown (builder->runs_room);
      space->runs = g_renew (PscRun, space->runs, builder->runs_room);
    }
  if (mapping->n_runs == 0)
    mapping->first_run = space->n_runs;
  mapping->n_runs++;
  space->runs[space->n_runs++] = (PscRun){ start, n_pages, state, 0 };
}

/* [start, end) lies inside the mapping. */
static void
add_part (PscSpaceBuilder *builder, PscMapping *mapping, guint64 start, guint64 end, guint16 state)
{
  guint64 n_pages = (end - start) >> builder->page_shift;

  if (extend_last (builder->space, mapping, start, n_pages, state))
    return;
  while (n_pages > 0 && builder->space->n_runs < G_MAXUINT)
    {
      guint32 part = MIN (n_pages, G_MAXUINT32);

      append_run (builder, mapping, start, part, state);
      start += (guint64) part << builder->page_shift;
      n_pages -= part;
    }
}

gboolean
psc_space_builder_add_run (PscSpaceBuilder *builder, guint64 start, guint64 end, guint16 state)
{
  PscSpace *space = builder->space;

  if (end <= start || start < builder->runs_end || !is_aligned (builder, start, end))
    return FALSE;
  builder->runs_end = end;
  while (builder->cursor < space->n_mappings && space->mappings[builder->cursor].end <= start)
    builder->cursor++;
  if (psc_page_class (state) == PSC_CLASS_ABSENT)
    return TRUE;
  while (builder->cursor < space->n_mappings)
    {
      PscMapping *mapping = &space->mappings[builder->cursor];

      if (mapping->start >= end)
        break;
      add_part (builder, mapping, MAX (start, mapping->start), MIN (end, mapping->end), state);
      if (mapping->end > end)
        break;
      builder->cursor++;
    }
  return TRUE;
}

void
psc_space_builder_add_unknown (PscSpaceBuilder *builder, PscReason reason, const char *what,
                               const char *why, const char *remedy)
{
  PscUnknown unknown = {
    reason,
    psc_space_builder_intern (builder, what, -1),
    psc_space_builder_intern (builder, why, -1),
    psc_space_builder_intern (builder, remedy, -1),
  };

  g_array_append_val (builder->unknowns, unknown);
}

void
psc_space_builder_take_owners (PscSpaceBuilder *builder, GArray *owners)
{
  PscSpace *space = builder->space;
  gsize n_owners;

  g_return_if_fail (space->owners == NULL);

  space->owners = g_array_steal (owners, &n_owners);
  space->n_owners = (guint) n_owners;
  g_array_unref (owners);
}

PscSmaps *
psc_space_builder_add_smaps (PscSpaceBuilder *builder)
{
  PscSpace *space = builder->space;

  if (space->smaps != NULL)
    return space->smaps;
  space->smaps = g_new0 (PscSmaps, MAX (space->n_mappings, 1));
  for (guint i = 0; i < space->n_mappings; i++)
    {
      space->smaps[i].thp_eligible = -1;
      space->smaps[i].vm_flags = "";
    }
  return space->smaps;
}

/* The page size of a mapping may become known after its runs came, so this waits until now. */
void
psc_space_builder_bind_runs (PscSpaceBuilder *builder)
{
  PscSpace *space = builder->space;

  builder->bound = TRUE;
  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      if (mapping->page_shift <= builder->page_shift)
        continue;
      for (guint j = 0; j < mapping->n_runs; j++)
        if (space->runs[mapping->first_run + j].state & PSC_PAGE_PRESENT)
          space->runs[mapping->first_run + j].state |= PSC_PAGE_HUGETLB;
    }
}

/* From the end to the front, so that each run moves once and none is overwritten. */
void
psc_space_builder_mark_special (PscSpaceBuilder *builder, const guint *indices, guint n_indices)
{
  PscSpace *space = builder->space;
  guint to = space->n_runs + n_indices;

  g_return_if_fail (builder->bound && n_indices <= G_MAXUINT - space->n_runs);

  builder->runs_room = MAX (builder->runs_room, to);
  space->runs = g_renew (PscRun, space->runs, builder->runs_room);
  space->n_runs = to;
  for (guint i = space->n_mappings; i-- > 0 && n_indices > 0;)
    {
      PscMapping *mapping = &space->mappings[i];

      if (indices[n_indices - 1] == i)
        {
          guint64 n_pages = (mapping->end - mapping->start) >> builder->page_shift;

          n_indices--;
          space->runs[--to] =
              (PscRun){ mapping->start, MIN (n_pages, G_MAXUINT32), PSC_PAGE_SPECIAL, 0 };
          mapping->n_runs = 1;
        }
      else if (mapping->n_runs > 0)
        {
          to -= mapping->n_runs;
          memmove (&space->runs[to], &space->runs[mapping->first_run],
                   mapping->n_runs * sizeof (PscRun));
        }
      mapping->first_run = mapping->n_runs > 0 ? to : 0;
    }
}

/* Counts the pages of a mapping by class, in bytes. What smaps says of swapped shared memory is
 * more than runs can: such pages look absent in the page table. */
static void
count_classes (const PscSpaceBuilder *builder, const PscMapping *mapping,
               guint64 counts[PSC_N_CLASSES])
{
  PscPageClass rest_class =
      mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
  guint64 rest = mapping->end - mapping->start;

  for (guint i = 0; i < mapping->n_runs; i++)
    {
      const PscRun *run = &builder->space->runs[mapping->first_run + i];
      guint64 bytes = (guint64) run->n_pages << builder->page_shift;

      counts[psc_page_class (run->state)] += bytes;
      rest -= bytes;
    }
  if (mapping->swapped > counts[PSC_CLASS_SWAPPED])
    {
      guint64 hidden = MIN (mapping->swapped - counts[PSC_CLASS_SWAPPED], rest);

      counts[PSC_CLASS_SWAPPED] += hidden;
      rest -= hidden;
    }
  counts[rest_class] += rest;
}

static void
add_totals (PscTotals *totals, const PscMapping *mapping, const guint64 counts[PSC_N_CLASSES])
{
  totals->n_mappings++;
  totals->size += mapping->end - mapping->start;
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    totals->classes[i] += counts[i];
  totals->resident += mapping->resident;
  totals->swapped += mapping->swapped;
  totals->zero += mapping->zero;
  totals->huge += mapping->huge;
  totals->hugetlb += mapping->hugetlb;
}

static void
sum_mapping (PscSpaceBuilder *builder, PscMapping *mapping)
{
  PscSpace *space = builder->space;
  guint64 counts[PSC_N_CLASSES] = { 0 };

  count_classes (builder, mapping, counts);
  mapping->resident =
      counts[PSC_CLASS_RESIDENT] + counts[PSC_CLASS_RESIDENT_FILE] + counts[PSC_CLASS_HUGE];
  mapping->swapped = counts[PSC_CLASS_SWAPPED];
  mapping->zero = counts[PSC_CLASS_ZERO];
  mapping->huge = counts[PSC_CLASS_HUGE];
  mapping->hugetlb = counts[PSC_CLASS_HUGETLB];
  add_totals (&space->totals, mapping, counts);
  if (mapping->kind < PSC_N_KINDS)
    add_totals (&space->kinds[mapping->kind], mapping, counts);
}

PscSpace *
psc_space_builder_freeze (PscSpaceBuilder *builder)
{
  PscSpace *space = psc_space_ref (builder->space);

  psc_space_builder_bind_runs (builder);
  for (guint i = 0; i < space->n_mappings; i++)
    sum_mapping (builder, &space->mappings[i]);
  space->mappings = g_renew (PscMapping, space->mappings, space->n_mappings);
  space->runs = g_renew (PscRun, space->runs, space->n_runs);
  space->n_unknowns = builder->unknowns->len;
  space->unknowns =
      (PscUnknown *) (void *) g_array_free (g_steal_pointer (&builder->unknowns), FALSE);
  psc_space_builder_free (builder);
  return space;
}
