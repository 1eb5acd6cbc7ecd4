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
  guint16 state;
} Span;

/* Of pages without a run. */
static guint16
empty_state (const PscMapping *mapping)
{
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? 0 : PSC_PAGE_UNKNOWN;
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
  span->state = empty_state (span->mapping);
  if (cursor->run == span->mapping->first_run + span->mapping->n_runs)
    return TRUE;
  run = &space->runs[cursor->run];
  if (run->start > span->start)
    {
      span->end = run->start;
      return TRUE;
    }
  span->end = psc_run_end (run, space->page_size);
  span->state = run->state;
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

gboolean
psc_change_is_populated (PscPageClass klass)
{
  return is_resident (klass) || klass == PSC_CLASS_SWAPPED;
}

const char *
psc_change_id (PscChange change)
{
  static const char *const ids[PSC_N_CHANGES] = {
    [PSC_CHANGE_UNCHANGED] = "unchanged",     [PSC_CHANGE_APPEARED] = "appeared",
    [PSC_CHANGE_COPIED] = "copied",           [PSC_CHANGE_GONE] = "gone",
    [PSC_CHANGE_SWAPPED_OUT] = "swapped_out", [PSC_CHANGE_SWAPPED_IN] = "swapped_in",
    [PSC_CHANGE_BECAME_HUGE] = "became_huge", [PSC_CHANGE_SPLIT] = "split",
    [PSC_CHANGE_MAPPED] = "mapped",           [PSC_CHANGE_UNTOUCHED] = "untouched",
    [PSC_CHANGE_UNKNOWN] = "unknown",
  };

  g_return_val_if_fail (change < PSC_N_CHANGES, "unknown");

  return ids[change];
}

PscChange
psc_change_of_class (PscPageClass klass)
{
  if (klass == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  return psc_change_is_populated (klass) ? PSC_CHANGE_UNCHANGED : PSC_CHANGE_UNTOUCHED;
}

/* A file's pages in huge pages too: a write to one splits it first. */
static gboolean
is_of_file (guint16 state)
{
  PscPageClass klass = psc_page_class (state);

  return klass == PSC_CLASS_RESIDENT_FILE || (klass == PSC_CLASS_HUGE && state & PSC_PAGE_FILE);
}

static PscChange
change_of_resident (guint16 then, guint16 now, gboolean tells_huge)
{
  gboolean was_huge = psc_page_class (then) == PSC_CLASS_HUGE;
  gboolean is_huge = psc_page_class (now) == PSC_CLASS_HUGE;

  if (psc_page_class (then) == PSC_CLASS_SWAPPED)
    return PSC_CHANGE_SWAPPED_IN;
  if (is_of_file (then) && psc_page_class (now) == PSC_CLASS_RESIDENT)
    return PSC_CHANGE_COPIED;
  if (!tells_huge || was_huge == is_huge)
    return PSC_CHANGE_UNCHANGED;
  return is_huge ? PSC_CHANGE_BECAME_HUGE : PSC_CHANGE_SPLIT;
}

PscChange
psc_change_of_states (guint16 then, guint16 now, gboolean tells_huge)
{
  PscPageClass was = psc_page_class (then), is = psc_page_class (now);

  if (was == PSC_CLASS_UNKNOWN || is == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  if (!psc_change_is_populated (is))
    return psc_change_is_populated (was) ? PSC_CHANGE_GONE : PSC_CHANGE_UNTOUCHED;
  if (is == PSC_CLASS_SWAPPED)
    return was == PSC_CLASS_SWAPPED ? PSC_CHANGE_UNCHANGED : PSC_CHANGE_SWAPPED_OUT;
  return psc_change_is_populated (was) ? change_of_resident (then, now, tells_huge) :
                                         PSC_CHANGE_APPEARED;
}

PscChange
psc_change_of_fresh (guint16 now)
{
  PscPageClass is = psc_page_class (now);

  if (is == PSC_CLASS_UNKNOWN)
    return PSC_CHANGE_UNKNOWN;
  return psc_change_is_populated (is) ? PSC_CHANGE_APPEARED : PSC_CHANGE_MAPPED;
}

static void
note_change (Diff *diff, guint64 start, guint64 end, guint16 now, PscChange change)
{
  PscChange plain = psc_change_of_class (psc_page_class (now));

  if (change == plain)
    return;
  psc_traits_append (diff->traits, diff->now.space->page_size, start, end, (guint16) change);
  diff->sums.bytes[plain] -= end - start;
  diff->sums.bytes[change] += end - start;
}

static void
take_unmapped (Diff *diff, const Span *then, guint64 end)
{
  diff->sums.unmapped += end - then->start;
  if (psc_change_is_populated (psc_page_class (then->state)))
    diff->sums.unmapped_populated += end - then->start;
  cursor_move (&diff->then, end);
}

static void
take_fresh (Diff *diff, const Span *now, guint64 end)
{
  note_change (diff, now->start, end, now->state, psc_change_of_fresh (now->state));
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
         empty_state (then) == empty_state (now) &&
         (then->n_runs == 0 ||
          memcmp (&diff->then.space->runs[then->first_run], &diff->now.space->runs[now->first_run],
                  then->n_runs * sizeof (PscRun)) == 0);
}

/* Past runs that are the same in both, which is most of them; what is between them is empty in
 * both. FALSE when there is none. */
static gboolean
skip_same (Diff *diff, const PscMapping *then, const PscMapping *now)
{
  const PscRun *was = &diff->then.space->runs[diff->then.run];
  const PscRun *is = &diff->now.space->runs[diff->now.run];
  const PscRun *was_end = &diff->then.space->runs[then->first_run + then->n_runs];
  const PscRun *is_end = &diff->now.space->runs[now->first_run + now->n_runs];
  const PscRun *first = is;

  if (empty_state (then) != empty_state (now))
    return FALSE;
  for (; was < was_end && is < is_end && was->start >= diff->then.at; was++, is++)
    if (was->start != is->start || was->n_pages != is->n_pages || was->state != is->state)
      break;
  if (is == first)
    return FALSE;
  /* The last one is left to be taken as all others are. */
  diff->then.run += (guint) (is - first) - 1;
  diff->now.run += (guint) (is - first) - 1;
  diff->then.at = diff->now.at = is[-1].start;
  return is - first > 1;
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
  if (skip_same (diff, then->mapping, now->mapping))
    return;
  note_change (diff, now->start, end, now->state,
               psc_change_of_states (then->state, now->state, diff->tells_huge));
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

/* What smaps says of swapped shared memory is in the totals, and on no page: by page those bytes
 * are absent. */
static void
take_hidden (PscChangeSums *sums, const PscSpace *space)
{
  for (guint i = 0; space->smaps != NULL && i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 hidden = mapping->swapped;

      for (guint j = 0; hidden > 0 && j < mapping->n_runs; j++)
        if (psc_page_class (space->runs[mapping->first_run + j].state) == PSC_CLASS_SWAPPED)
          hidden -= MIN (hidden, space->runs[mapping->first_run + j].n_pages * space->page_size);
      sums->bytes[PSC_CHANGE_UNCHANGED] -= hidden;
      sums->bytes[psc_change_of_class (psc_page_class (empty_state (mapping)))] += hidden;
    }
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
  take_hidden (&diff.sums, now);
  /* A process that sleeps has its arrays handed on. */
  if (then->mappings != now->mappings || then->runs != now->runs)
    walk (&diff);
  if (sums != NULL)
    *sums = diff.sums;
  return psc_traits_new (now->page_size, diff.traits);
}

PscTraits *
psc_change_new_since (const PscSpace *then, const PscSpace *now)
{
  if (then == NULL || then == now || then->page_size != now->page_size)
    return psc_traits_new (now->page_size, g_array_new (FALSE, FALSE, sizeof (PscTrait)));
  return psc_change_new (then, now, NULL);
}
