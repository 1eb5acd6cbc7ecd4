/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-scan-plan.h"

#include <string.h>

/* Half of the steps are for FILE borders, half for complements, and a complement cuts a step in
 * three. */
#define MAX_FILE_STEPS  (PSC_SCAN_PLAN_MAX / 2)
#define MAX_COMPLEMENTS (PSC_SCAN_PLAN_MAX / 4)
/* Asking FILE for this much memory that doesn't need it costs no more than another step. */
#define BRIDGE_FIRST (G_GUINT64_CONSTANT (256) << 10)
/* A shorter dense run isn't worth a step of its own. */
#define DENSE_FIRST (G_GUINT64_CONSTANT (2) << 20)
/* Reading a hole of pagemap costs 1.5 ns a page, another read about 1 µs. */
#define PAGEMAP_BRIDGE (G_GUINT64_CONSTANT (2) << 20)
/* Where the kernel's half begins, on every machine with 64-bit addresses. */
#define USER_END (G_GUINT64_CONSTANT (1) << 63)

static gboolean
needs_file (const PscMapping *mapping)
{
  return mapping->inode != 0 && (mapping->perms & PSC_PERM_SHARED) == 0;
}

static guint
count_user_mappings (const PscMapping *mappings, guint n_mappings)
{
  while (n_mappings > 0 && mappings[n_mappings - 1].end > USER_END)
    n_mappings--;
  return n_mappings;
}

/* Appends a mapping to the last step, or begins another one. */
static void
extend_steps (GArray *steps, const PscMapping *mapping, gboolean file)
{
  PscScanStep step = { mapping->start, mapping->end, file, PSC_SCAN_PLAIN };
  PscScanStep *last = steps->len > 0 ? &g_array_index (steps, PscScanStep, steps->len - 1) : NULL;

  if (last != NULL && last->ask_file == file)
    last->end = mapping->end;
  else
    g_array_append_val (steps, step);
}

/* The last mapping, from `first` on, that a step with FILE should still reach: between two that
 * need it lies at most `bridge` bytes of memory that doesn't. */
static guint
reach_of_file_step (const PscMapping *mappings, guint n_mappings, guint first, guint64 bridge)
{
  guint reach = first;
  guint64 between = 0;

  for (guint i = first + 1; i < n_mappings && between <= bridge; i++)
    {
      if (needs_file (&mappings[i]))
        {
          reach = i;
          between = 0;
        }
      else
        between += mappings[i].end - mappings[i].start;
    }
  return reach;
}

/* FALSE, and the array useless, when there would be too many. */
static gboolean
plan_file_steps (GArray *steps, const PscMapping *mappings, guint n_mappings, guint64 bridge)
{
  g_array_set_size (steps, 0);
  for (guint i = 0; i < n_mappings; i++)
    {
      gboolean file = needs_file (&mappings[i]);
      guint reach = file ? reach_of_file_step (mappings, n_mappings, i, bridge) : i;

      for (; i < reach; i++)
        extend_steps (steps, &mappings[i], TRUE);
      extend_steps (steps, &mappings[i], file);
      if (steps->len > MAX_FILE_STEPS)
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_prefix (const PscMapping *mapping, const char *prefix)
{
  return strncmp (mapping->name, prefix, strlen (prefix)) == 0;
}

/* Memory of which the scan surely tells every page: not a device's, nor the kernel's own. */
static gboolean
may_complement (const PscMapping *mapping)
{
  if (mapping->inode == 0)
    return (mapping->perms & PSC_PERM_SHARED) == 0 &&
           (mapping->name[0] == '\0' || strcmp (mapping->name, "[heap]") == 0 ||
            has_prefix (mapping, "[anon:"));
  return (mapping->perms & PSC_PERM_SHARED) != 0 &&
         (has_prefix (mapping, "/memfd:") || has_prefix (mapping, "/dev/shm/") ||
          has_prefix (mapping, "/SYSV") || strcmp (mapping->name, "/dev/zero") == 0);
}

/* Long runs of ordinary resident pages of the last snapshot, as far as they are still mapped. */
static gboolean
plan_complements (GArray *steps, const PscMapping *mappings, guint n_mappings, const PscSpace *last,
                  guint64 at_least)
{
  guint at = 0;

  g_array_set_size (steps, 0);
  for (guint i = 0; i < last->n_runs; i++)
    {
      const PscRun *run = &last->runs[i];
      PscScanStep step = { run->start, psc_run_end (run, last->page_size), FALSE,
                           PSC_SCAN_COMPLEMENT };

      if (step.end - step.start < at_least || (run->state & ~PSC_PAGE_FILE) != PSC_PAGE_PRESENT)
        continue;
      while (at < n_mappings && mappings[at].end <= step.start)
        at++;
      if (at == n_mappings)
        break;
      step.start = MAX (step.start, mappings[at].start);
      step.end = MIN (step.end, mappings[at].end);
      if (step.start >= step.end || step.end - step.start < at_least ||
          !may_complement (&mappings[at]))
        continue;
      g_array_append_val (steps, step);
      if (steps->len > MAX_COMPLEMENTS)
        return FALSE;
    }
  return TRUE;
}

static void
append_part (GArray *steps, const PscScanStep *step, guint64 start, guint64 end)
{
  PscScanStep part = *step;

  part.start = start;
  part.end = end;
  if (start < end)
    g_array_append_val (steps, part);
}

/* `steps` with `complements` cut out of those that don't ask for FILE. */
static GArray *
insert_complements (const GArray *steps, const GArray *complements)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (PscScanStep));
  guint at = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      const PscScanStep *step = &g_array_index (steps, PscScanStep, i);
      guint64 start = step->start;

      for (; at < complements->len; at++)
        {
          const PscScanStep *complement = &g_array_index (complements, PscScanStep, at);

          if (complement->start >= step->end)
            break;
          if (step->ask_file || complement->start < start || complement->end > step->end)
            continue;
          append_part (all, step, start, complement->start);
          g_array_append_val (all, *complement);
          start = complement->end;
        }
      append_part (all, step, start, step->end);
    }
  return all;
}

GArray *
psc_scan_plan_new (const PscMapping *mappings, guint n_mappings, const PscSpace *last)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (PscScanStep));
  g_autoptr (GArray) complements = g_array_new (FALSE, FALSE, sizeof (PscScanStep));
  guint64 bridge = BRIDGE_FIRST;
  guint64 at_least = DENSE_FIRST;

  n_mappings = count_user_mappings (mappings, n_mappings);
  while (!plan_file_steps (steps, mappings, n_mappings, bridge))
    bridge *= 4;
  while (last != NULL && !plan_complements (complements, mappings, n_mappings, last, at_least))
    at_least *= 2;
  if (complements->len == 0)
    return g_steal_pointer (&steps);
  return insert_complements (steps, complements);
}

struct psc_wire_scan_range
psc_scan_step_to_range (const PscScanStep *step, guint64 categories)
{
  struct psc_wire_scan_range range = { .start = step->start, .end = step->end };

  range.return_mask = PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_SWAPPED | PSC_WIRE_PAGE_PFNZERO |
                      PSC_WIRE_PAGE_HUGE | (categories & PSC_WIRE_PAGE_GUARD);
  if (step->ask_file)
    range.return_mask |= PSC_WIRE_PAGE_FILE;
  if (step->predicate == PSC_SCAN_PLAIN)
    {
      range.category_anyof_mask = PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_SWAPPED;
      return range;
    }
  range.category_inverted = PSC_WIRE_PAGE_PRESENT;
  range.category_anyof_mask = PSC_WIRE_PAGE_PRESENT | PSC_WIRE_PAGE_HUGE | PSC_WIRE_PAGE_PFNZERO;
  return range;
}

GArray *
psc_pagemap_plan_new (const PscMapping *mappings, guint n_mappings)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (PscScanStep));

  n_mappings = count_user_mappings (mappings, n_mappings);
  for (guint i = 0; i < n_mappings; i++)
    {
      PscScanStep step = { mappings[i].start, mappings[i].end, FALSE, PSC_SCAN_PLAIN };
      PscScanStep *last =
          steps->len > 0 ? &g_array_index (steps, PscScanStep, steps->len - 1) : NULL;

      if (last != NULL && step.start - last->end <= PAGEMAP_BRIDGE)
        last->end = step.end;
      else
        g_array_append_val (steps, step);
    }
  return steps;
}
