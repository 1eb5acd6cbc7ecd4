/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-space-check.h"

#define HEX "%" G_GINT64_MODIFIER "x"

static char *
check_mapping (const PscSpace *space, guint i)
{
  const PscMapping *mapping = &space->mappings[i];
  guint64 size = mapping->end - mapping->start;

  if (mapping->start >= mapping->end)
    return g_strdup_printf ("mapping " HEX " is empty", mapping->start);
  if (((mapping->start | mapping->end) & (space->page_size - 1)) != 0)
    return g_strdup_printf ("mapping " HEX " is not aligned", mapping->start);
  if (i > 0 && mapping->start < space->mappings[i - 1].end)
    return g_strdup_printf ("mapping " HEX " overlaps the one before", mapping->start);
  if (mapping->kind >= PSC_N_KINDS || mapping->why >= PSC_N_WHYS)
    return g_strdup_printf ("mapping " HEX " has no kind", mapping->start);
  if (mapping->name == NULL)
    return g_strdup_printf ("mapping " HEX " has no name", mapping->start);
  if (mapping->resident > size || mapping->swapped > size || mapping->zero > size ||
      mapping->huge > mapping->resident || mapping->hugetlb > size)
    return g_strdup_printf ("mapping " HEX " has sums above its size", mapping->start);
  if (psc_space_lookup (space, mapping->start) != mapping ||
      psc_space_lookup (space, mapping->end - 1) != mapping)
    return g_strdup_printf ("mapping " HEX " is not found", mapping->start);
  return NULL;
}

static char *
check_run (const PscSpace *space, const PscMapping *mapping, const PscRun *run, guint64 last_end)
{
  guint64 end = psc_run_end (run, space->page_size);

  if (run->n_pages == 0 || end <= run->start)
    return g_strdup_printf ("run " HEX " is empty", run->start);
  if (run->start < mapping->start || end > mapping->end)
    return g_strdup_printf ("run " HEX " leaves its mapping", run->start);
  if (run->start < last_end)
    return g_strdup_printf ("run " HEX " overlaps the one before", run->start);
  if ((run->start & (space->page_size - 1)) != 0)
    return g_strdup_printf ("run " HEX " is not aligned", run->start);
  if (psc_page_class (run->state) == PSC_CLASS_ABSENT)
    return g_strdup_printf ("run " HEX " is of absent pages", run->start);
  if (psc_space_lookup_run (space, mapping, run->start) != run ||
      psc_space_lookup_run (space, mapping, end - 1) != run)
    return g_strdup_printf ("run " HEX " is not found", run->start);
  return NULL;
}

static char *
check_runs (const PscSpace *space)
{
  guint n_runs = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 last_end = 0;

      if (mapping->n_runs > 0 && mapping->first_run != n_runs)
        return g_strdup_printf ("runs of mapping " HEX " are not in order", mapping->start);
      if (mapping->n_runs > space->n_runs - n_runs)
        return g_strdup_printf ("mapping " HEX " has more runs than there are", mapping->start);
      for (guint j = 0; j < mapping->n_runs; j++, n_runs++)
        {
          char *wrong = check_run (space, mapping, &space->runs[n_runs], last_end);

          if (wrong != NULL)
            return wrong;
          last_end = psc_run_end (&space->runs[n_runs], space->page_size);
        }
    }
  if (n_runs != space->n_runs)
    return g_strdup_printf ("%u runs are of no mapping", space->n_runs - n_runs);
  return NULL;
}

static void
add (PscTotals *sums, const PscTotals *totals)
{
  sums->n_mappings += totals->n_mappings;
  sums->size += totals->size;
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    sums->classes[i] += totals->classes[i];
  sums->resident += totals->resident;
  sums->swapped += totals->swapped;
  sums->zero += totals->zero;
  sums->huge += totals->huge;
  sums->hugetlb += totals->hugetlb;
}

static gboolean
is_same (const PscTotals *a, const PscTotals *b)
{
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    if (a->classes[i] != b->classes[i])
      return FALSE;
  return a->n_mappings == b->n_mappings && a->size == b->size && a->resident == b->resident &&
         a->swapped == b->swapped && a->zero == b->zero && a->huge == b->huge &&
         a->hugetlb == b->hugetlb;
}

static char *
check_totals (const PscSpace *space)
{
  PscTotals of_mappings = { 0 }, of_kinds = { 0 };
  guint64 classes = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      PscTotals one = { .n_mappings = 1, .size = mapping->end - mapping->start };

      one.resident = mapping->resident;
      one.swapped = mapping->swapped;
      one.zero = mapping->zero;
      one.huge = mapping->huge;
      one.hugetlb = mapping->hugetlb;
      add (&of_mappings, &one);
    }
  for (guint i = 0; i < PSC_N_KINDS; i++)
    add (&of_kinds, &space->kinds[i]);
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    {
      classes += space->totals.classes[i];
      of_mappings.classes[i] = space->totals.classes[i];
    }
  if (classes != space->totals.size)
    return g_strdup ("classes don't add up to the size");
  if (!is_same (&space->totals, &of_mappings))
    return g_strdup ("mappings don't add up to the totals");
  if (!is_same (&space->totals, &of_kinds))
    return g_strdup ("kinds don't add up to the totals");
  if (space->totals.resident > space->totals.size)
    return g_strdup ("more is resident than there is");
  return NULL;
}

static char *
check_texts (const PscSpace *space)
{
  if (!g_utf8_validate (space->name, -1, NULL) || !g_utf8_validate (space->command, -1, NULL) ||
      !g_utf8_validate (space->host, -1, NULL) || !g_utf8_validate (space->kernel, -1, NULL))
    return g_strdup ("a name is not valid UTF-8");
  for (guint i = 0; i < space->n_unknowns; i++)
    {
      const PscUnknown *unknown = &space->unknowns[i];

      if (unknown->reason > PSC_REASON_FAILED || unknown->what[0] == '\0' ||
          unknown->why[0] == '\0' || unknown->remedy == NULL)
        return g_strdup ("something unknown does not say what or why");
    }
  return NULL;
}

char *
psc_space_check (const PscSpace *space)
{
  char *wrong = NULL;

  for (guint i = 0; wrong == NULL && i < space->n_mappings; i++)
    wrong = check_mapping (space, i);
  if (wrong == NULL)
    wrong = check_runs (space);
  if (wrong == NULL)
    wrong = check_totals (space);
  if (wrong == NULL)
    wrong = check_texts (space);
  return wrong;
}
