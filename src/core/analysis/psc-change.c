/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-change.h"

#include <string.h>

/* Goes through a space in address order, stretch by stretch in one state. */
typedef struct
{
  const PscSpace *space;
  guint64 at;
  guint mapping; /* the first that ends above `at` */
  guint run;     /* the first that ends above `at`, in PscSpace.runs */
} Cursor;

/* Pages of one mapping in one state, from the cursor's place on. */
typedef struct
{
  const PscMapping *mapping;
  guint64 start, end;
  PscPageClass klass;
} Span;

static PscPageClass
empty_class (const PscMapping *mapping)
{
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
}

/* FALSE at the end. */
static gboolean
cursor_peek (const Cursor *cursor, Span *span)
{
  const PscSpace *space = cursor->space;
  const PscRun *run;

  if (cursor->mapping == space->n_mappings)
    return FALSE;
  span->mapping = &space->mappings[cursor->mapping];
  span->start = MAX (cursor->at, span->mapping->start);
  span->end = span->mapping->end;
  span->klass = empty_class (span->mapping);
  if (cursor->run == span->mapping->first_run + span->mapping->n_runs)
    return TRUE;
  run = &space->runs[cursor->run];
  if (run->start > span->start)
    {
      span->end = run->start;
      return TRUE;
    }
  span->end = psc_run_end (run, space->page_size);
  span->klass = psc_page_class (run->state);
  return TRUE;
}

/* To an address that is no further than the end of the span under the cursor. */
static void
cursor_move (Cursor *cursor, guint64 address)
{
  const PscSpace *space = cursor->space;
  const PscMapping *mapping = &space->mappings[cursor->mapping];

  cursor->at = address;
  if (cursor->run < mapping->first_run + mapping->n_runs &&
      psc_run_end (&space->runs[cursor->run], space->page_size) <= address)
    cursor->run++;
  if (address < mapping->end)
    return;
  cursor->mapping++;
  if (cursor->mapping < space->n_mappings)
    cursor->run = space->mappings[cursor->mapping].first_run;
}

static void
cursor_skip_mapping (Cursor *cursor)
{
  const PscMapping *mapping = &cursor->space->mappings[cursor->mapping];

  cursor->run = mapping->first_run + mapping->n_runs;
  cursor_move (cursor, mapping->end);
}

typedef struct
{
  Cursor then, now;
  gboolean tells_huge; /* both moments do, or neither */
  GArray *traits;
  PscChangeSums sums;
} Diff;

static gboolean
is_resident (PscPageClass klass)
{
  return klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_RESIDENT_FILE ||
         klass == PSC_CLASS_HUGE || klass == PSC_CLASS_HUGETLB;
}

static gboolean
is_populated (PscPageClass klass)
{
  return is_resident (klass) || klass == PSC_CLASS_SWAPPED;
}

PscChange
psc_change_of_class (PscPageClass klass)
{
  if (klass == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  return is_populated (klass) ? PSC_CHANGE_UNCHANGED : PSC_CHANGE_UNTOUCHED;
}

static PscChange
change_of_resident (const Diff *diff, PscPageClass then, PscPageClass now)
{
  if (then == PSC_CLASS_SWAPPED)
    return PSC_CHANGE_SWAPPED_IN;
  if (then == PSC_CLASS_RESIDENT_FILE && now == PSC_CLASS_RESIDENT)
    return PSC_CHANGE_APPEARED;
  if (!diff->tells_huge || (then == PSC_CLASS_HUGE) == (now == PSC_CLASS_HUGE))
    return PSC_CHANGE_UNCHANGED;
  return now == PSC_CLASS_HUGE ? PSC_CHANGE_BECAME_HUGE : PSC_CHANGE_SPLIT;
}

static PscChange
change_of (const Diff *diff, PscPageClass then, PscPageClass now)
{
  if (then == PSC_CLASS_UNKNOWN || now == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  if (!is_populated (now))
    return is_populated (then) ? PSC_CHANGE_GONE : PSC_CHANGE_UNTOUCHED;
  if (now == PSC_CLASS_SWAPPED)
    return then == PSC_CLASS_SWAPPED ? PSC_CHANGE_UNCHANGED : PSC_CHANGE_SWAPPED_OUT;
  return is_populated (then) ? change_of_resident (diff, then, now) : PSC_CHANGE_APPEARED;
}

/* Of memory that was not mapped. */
static PscChange
change_of_fresh (PscPageClass now)
{
  if (now == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  return is_populated (now) ? PSC_CHANGE_APPEARED : PSC_CHANGE_MAPPED;
}

static void
append_trait (Diff *diff, guint64 start, guint64 end, PscChange change)
{
  gsize page_size = diff->now.space->page_size;

  if (diff->traits->len > 0)
    {
      PscTrait *last = &g_array_index (diff->traits, PscTrait, diff->traits->len - 1);
      guint64 n_pages = last->n_pages + (end - start) / page_size;

      if (psc_trait_end (last, page_size) == start && last->value == change &&
          n_pages <= G_MAXUINT32)
        {
          last->n_pages = (guint32) n_pages;
          return;
        }
    }
  while (start < end)
    {
      guint64 n_pages = MIN ((end - start) / page_size, G_MAXUINT32);
      PscTrait trait = { start, (guint32) n_pages, (guint16) change, 0 };

      g_array_append_val (diff->traits, trait);
      start += n_pages * page_size;
    }
}

static void
note_change (Diff *diff, guint64 start, guint64 end, PscPageClass now, PscChange change)
{
  PscChange plain = psc_change_of_class (now);

  if (change == plain)
    return;
  append_trait (diff, start, end, change);
  diff->sums.bytes[plain] -= end - start;
  diff->sums.bytes[change] += end - start;
}

static void
take_unmapped (Diff *diff, const Span *then, guint64 end)
{
  diff->sums.unmapped += end - then->start;
  if (is_populated (then->klass))
    diff->sums.unmapped_populated += end - then->start;
  cursor_move (&diff->then, end);
}

static void
take_fresh (Diff *diff, const Span *now, guint64 end)
{
  note_change (diff, now->start, end, now->klass, change_of_fresh (now->klass));
  cursor_move (&diff->now, end);
}

gboolean
psc_change_same_memory (const PscMapping *then, const PscMapping *now)
{
  if (then->inode != now->inode || then->dev_major != now->dev_major ||
      then->dev_minor != now->dev_minor || (then->perms ^ now->perms) & PSC_PERM_SHARED)
    return FALSE;
  return then->inode == 0 || then->offset - then->start == now->offset - now->start;
}

static gboolean
same_pages (const Diff *diff, const PscMapping *then, const PscMapping *now)
{
  return then->start == now->start && then->end == now->end && then->n_runs == now->n_runs &&
         empty_class (then) == empty_class (now) &&
         (then->n_runs == 0 ||
          memcmp (&diff->then.space->runs[then->first_run], &diff->now.space->runs[now->first_run],
                  then->n_runs * sizeof (PscRun)) == 0);
}

/* Both begin at one address. */
static void
take_both (Diff *diff, const Span *then, const Span *now)
{
  guint64 end = MIN (then->end, now->end);

  if (!psc_change_same_memory (then->mapping, now->mapping))
    {
      take_fresh (diff, now, end);
      take_unmapped (diff, then, end);
      return;
    }
  /* Unknown for unknown is no trait, so pages that are the same need no look at all. */
  if (now->start == now->mapping->start && same_pages (diff, then->mapping, now->mapping))
    {
      cursor_skip_mapping (&diff->then);
      cursor_skip_mapping (&diff->now);
      return;
    }
  note_change (diff, now->start, end, now->klass, change_of (diff, then->klass, now->klass));
  cursor_move (&diff->then, end);
  cursor_move (&diff->now, end);
}

static void
walk (Diff *diff)
{
  Span then, now;
  gboolean has_then = cursor_peek (&diff->then, &then);

  while (cursor_peek (&diff->now, &now))
    {
      if (has_then && then.start < now.start)
        take_unmapped (diff, &then, MIN (then.end, now.start));
      else if (!has_then || then.start > now.start)
        take_fresh (diff, &now, has_then ? MIN (now.end, then.start) : now.end);
      else
        take_both (diff, &then, &now);
      has_then = cursor_peek (&diff->then, &then);
    }
  for (; has_then; has_then = cursor_peek (&diff->then, &then))
    take_unmapped (diff, &then, then.end);
}

PscTraits *
psc_change_new (const PscSpace *then, const PscSpace *now, PscChangeSums *sums)
{
  Diff diff = { .then = { .space = then }, .now = { .space = now } };

  g_return_val_if_fail (then->page_size == now->page_size, NULL);

  diff.tells_huge = then->source == now->source;
  diff.traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));
  for (guint klass = 0; klass < PSC_N_CLASSES; klass++)
    diff.sums.bytes[psc_change_of_class (klass)] += now->totals.classes[klass];
  /* A process that sleeps has its arrays handed on. */
  if (then->mappings != now->mappings || then->runs != now->runs)
    walk (&diff);
  if (sums != NULL)
    *sums = diff.sums;
  return psc_traits_new (now->page_size, diff.traits);
}
