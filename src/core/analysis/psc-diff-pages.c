/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-diff-private.h"

/* The states of the pages of a mapping from `start` on, as distances from there. */
typedef struct
{
  const PscRun *run,
      *runs_end; /* the first one that ends above the place that was asked for last */
  guint64 start, length;
  guint16 empty; /* of pages without a run */
  gsize page_size;
} Reader;

static guint16
empty_state (const PscMapping *mapping)
{
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? 0 : PSC_PAGE_UNKNOWN;
}

static void
reader_init (Reader *reader, const PscSpace *space, const PscMapping *mapping, guint64 start,
             guint64 end)
{
  const PscRun *runs = space->runs;

  *reader = (Reader){ runs + psc_space_run_lower_bound (space, mapping, start),
                      runs + mapping->first_run + mapping->n_runs,
                      start,
                      end - start,
                      empty_state (mapping),
                      space->page_size };
}

/* The state at a distance; returns how far it reaches. Distances must not go back. */
static guint64
reader_peek (Reader *reader, guint64 at, guint16 *state)
{
  guint64 from;

  while (reader->run < reader->runs_end &&
         psc_run_end (reader->run, reader->page_size) <= reader->start + at)
    reader->run++;
  *state = reader->empty;
  if (reader->run == reader->runs_end)
    return reader->length;
  from = reader->run->start > reader->start ? reader->run->start - reader->start : 0;
  if (from > at)
    return MIN (from, reader->length);
  *state = reader->run->state;
  return MIN (psc_run_end (reader->run, reader->page_size) - reader->start, reader->length);
}

void
psc_diff_pages_init (PscDiffPages *pages, const PscSpace *a, const PscSpace *b)
{
  *pages = (PscDiffPages){ .a = a, .b = b, .compares = a->page_size == b->page_size };
  pages->traits = g_array_new (FALSE, FALSE, sizeof (PscTrait));
  for (guint state = 0; state < G_N_ELEMENTS (pages->plain); state++)
    pages->plain[state] = (guint8) psc_change_of_class (psc_page_class ((guint16) state));
}

static PscChange
plain_change (const PscDiffPages *pages, guint16 state)
{
  return state < G_N_ELEMENTS (pages->plain) ? pages->plain[state] :
                                               psc_change_of_class (psc_page_class (state));
}

static void
note (PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end, guint16 now,
      PscChange change)
{
  pair->growth.pages.bytes[change] += end - start;
  if (change != plain_change (pages, now))
    psc_traits_append (pages->traits, pages->b->page_size, start, end, (guint16) change);
}

/* What is mapped now and was not, [start, end). */
static void
note_fresh (PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end)
{
  Reader now;

  if (start >= end)
    return;
  reader_init (&now, pages->b, &pages->b->mappings[pair->b], start, end);
  for (guint64 at = 0, next; at < now.length; at = next)
    {
      guint16 state;

      next = reader_peek (&now, at, &state);
      note (pages, pair, start + at, start + next, state, psc_change_of_fresh (state));
    }
}

static void
note_unmapped (const PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end)
{
  Reader then;

  if (start >= end)
    return;
  reader_init (&then, pages->a, &pages->a->mappings[pair->a], start, end);
  pair->growth.pages.unmapped += end - start;
  for (guint64 at = 0, next; at < then.length; at = next)
    {
      guint16 state;

      next = reader_peek (&then, at, &state);
      if (psc_change_is_populated (psc_page_class (state)))
        pair->growth.pages.unmapped_populated += next - at;
    }
}

/* Runs at the same place, of one length and state, which is most of them: they need no second look.
 * What lies between them is empty in both. Returns how far all is the same. */
static guint64
skip_same (PscDiffPages *pages, PscDiffPair *pair, Reader *then, Reader *now, guint64 at,
           guint64 shift)
{
  guint64 *bytes = pair->growth.pages.bytes;

  while (then->run < then->runs_end && now->run < now->runs_end &&
         then->run->start + shift == now->run->start && then->run->n_pages == now->run->n_pages &&
         then->run->state == now->run->state && now->run->start >= now->start + at &&
         psc_run_end (now->run, now->page_size) <= now->start + now->length)
    {
      guint64 from = now->run->start - now->start;
      guint64 size = now->run->n_pages * now->page_size;

      bytes[plain_change (pages, now->empty)] += from - at;
      bytes[plain_change (pages, now->run->state)] += size;
      at = from + size;
      then->run++;
      now->run++;
    }
  return at;
}

/* [start, end) of b, which is mapped in both. TRUE when all states are the same. */
static gboolean
note_both (PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end)
{
  /* A huge page that lies across where those of the other space begin is the same memory in other
   * pages: it neither became huge nor was it split. */
  gboolean tells_huge =
      pages->a->source == pages->b->source && pair->shift % pages->b->row_size == 0;
  gboolean same = TRUE;
  Reader then, now;

  reader_init (&then, pages->a, &pages->a->mappings[pair->a], start - pair->shift,
               end - pair->shift);
  reader_init (&now, pages->b, &pages->b->mappings[pair->b], start, end);
  for (guint64 at = 0, next; at < now.length; at = next)
    {
      guint16 was, is;

      if (then.empty == now.empty)
        at = skip_same (pages, pair, &then, &now, at, pair->shift);
      if (at == now.length)
        break;
      next = MIN (reader_peek (&then, at, &was), reader_peek (&now, at, &is));
      same = same && was == is;
      note (pages, pair, start + at, start + next, is, psc_change_of_states (was, is, tells_huge));
    }
  return same;
}

/* Pages of two sizes can't be told one from the other. */
static void
note_unknown (PscDiffPages *pages, PscDiffPair *pair)
{
  guint64 of_a = pair->a_end - pair->a_start, of_b = pair->b_end - pair->b_start;

  if (pair->b != PSC_DIFF_NONE)
    psc_traits_append (pages->traits, pages->b->page_size, pair->b_start, pair->b_end,
                       PSC_CHANGE_UNKNOWN);
  pair->growth.pages.bytes[PSC_CHANGE_UNKNOWN] = of_b;
  pair->growth.pages.unmapped = of_a > of_b ? of_a - of_b : 0;
}

gboolean
psc_diff_pages_compare (PscDiffPages *pages, PscDiffPair *pair, guint64 start, guint64 end)
{
  gboolean same;

  if (!pages->compares)
    {
      note_unknown (pages, pair);
      return FALSE;
    }
  if (start == end)
    {
      note_fresh (pages, pair, pair->b_start, pair->b_end);
      note_unmapped (pages, pair, pair->a_start, pair->a_end);
      return FALSE;
    }
  note_fresh (pages, pair, pair->b_start, start);
  same = note_both (pages, pair, start, end);
  note_fresh (pages, pair, end, pair->b_end);
  note_unmapped (pages, pair, pair->a_start, start - pair->shift);
  note_unmapped (pages, pair, end - pair->shift, pair->a_end);
  return same && start == pair->b_start && end == pair->b_end &&
         start - pair->shift == pair->a_start && end - pair->shift == pair->a_end;
}

void
psc_diff_pages_sum (const PscSpace *space, const PscMapping *mapping, guint64 start, guint64 end,
                    guint64 sums[4])
{
  Reader reader;

  reader_init (&reader, space, mapping, start, end);
  for (guint64 at = 0, next; at < reader.length; at = next)
    {
      guint16 state;
      PscPageClass klass;

      next = reader_peek (&reader, at, &state);
      klass = psc_page_class (state);
      if (klass == PSC_CLASS_RESIDENT || klass == PSC_CLASS_RESIDENT_FILE ||
          klass == PSC_CLASS_HUGE)
        sums[0] += next - at;
      if (klass == PSC_CLASS_SWAPPED)
        sums[1] += next - at;
      if (klass == PSC_CLASS_HUGE)
        sums[2] += next - at;
      if (klass == PSC_CLASS_HUGETLB)
        sums[3] += next - at;
    }
}

guint64
psc_diff_pages_common (const PscSpace *a, const PscMapping *of_a, const PscSpace *b,
                       const PscMapping *of_b, guint64 shift)
{
  guint64 length = MIN (of_a->end - of_a->start, of_b->end - of_b->start);
  guint64 start = shift == of_b->start - of_a->start ? of_b->start : of_b->end - length;
  guint64 common = 0;
  Reader then, now;

  reader_init (&then, a, of_a, start - shift, start - shift + length);
  reader_init (&now, b, of_b, start, start + length);
  for (guint64 at = 0, next; at < length; at = next)
    {
      guint16 was, is;

      next = MIN (reader_peek (&then, at, &was), reader_peek (&now, at, &is));
      if (psc_change_is_populated (psc_page_class (was)) &&
          psc_change_is_populated (psc_page_class (is)))
        common += next - at;
    }
  return common;
}
