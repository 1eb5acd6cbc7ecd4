/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-stretch.h"

static PscPageClass
class_between_runs (const PscMapping *mapping)
{
  return mapping->flags & PSC_MAPPING_PAGES_KNOWN ? PSC_CLASS_ABSENT : PSC_CLASS_UNKNOWN;
}

/* One run, or what is between two. */
static PscStretch
piece_at (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  guint i = psc_space_run_lower_bound (space, mapping, address), first = mapping->first_run;
  guint end = first + mapping->n_runs;
  PscStretch piece = { mapping->start, mapping->end, class_between_runs (mapping) };

  if (i < end && space->runs[i].start <= address)
    return (PscStretch){ space->runs[i].start, psc_run_end (&space->runs[i], space->page_size),
                         psc_page_class (space->runs[i].state) };
  if (i > first)
    piece.start = psc_run_end (&space->runs[i - 1], space->page_size);
  if (i < end)
    piece.end = space->runs[i].start;
  return piece;
}

PscStretch
psc_stretch_at (const PscSpace *space, const PscMapping *mapping, guint64 address)
{
  PscStretch stretch = piece_at (space, mapping, address), piece;

  while (stretch.start > mapping->start)
    {
      piece = piece_at (space, mapping, stretch.start - 1);
      if (piece.klass != stretch.klass)
        break;
      stretch.start = piece.start;
    }
  while (stretch.end < mapping->end)
    {
      piece = piece_at (space, mapping, stretch.end);
      if (piece.klass != stretch.klass)
        break;
      stretch.end = piece.end;
    }
  return stretch;
}

PscStretch
psc_stretch_next (const PscSpace *space, const PscStretch *stretch, int step)
{
  const PscMapping *mapping = psc_space_lookup (space, stretch->start);
  guint index;

  if (mapping == NULL)
    return (PscStretch){ 0 };
  if (step > 0 && stretch->end < mapping->end)
    return psc_stretch_at (space, mapping, stretch->end);
  if (step < 0 && stretch->start > mapping->start)
    return psc_stretch_at (space, mapping, stretch->start - 1);
  index = psc_space_mapping_index (space, mapping);
  if (step > 0 ? index + 1 == space->n_mappings : index == 0)
    return (PscStretch){ 0 };
  mapping += step > 0 ? 1 : -1;
  return psc_stretch_at (space, mapping, step > 0 ? mapping->start : mapping->end - 1);
}

void
psc_stretch_count (const PscSpace *space, const PscMapping *mapping, const PscStretch *stretch,
                   guint *index, guint *n)
{
  guint64 at = mapping->start;
  int last = -1;

  *index = *n = 0;
  for (guint i = 0; at < mapping->end;)
    {
      const PscRun *run = i < mapping->n_runs ? &space->runs[mapping->first_run + i] : NULL;
      gboolean between = run == NULL || run->start > at;
      int klass = (int) (between ? class_between_runs (mapping) : psc_page_class (run->state));

      *n += klass != last;
      if (at <= stretch->start)
        *index = *n;
      last = klass;
      if (between)
        at = run != NULL ? run->start : mapping->end;
      else
        {
          at = psc_run_end (run, space->page_size);
          i++;
        }
    }
}
