/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-space-equal.h"

#include <string.h>

#define DIFFERS(field)      (a->field != b->field)
#define TEXT_DIFFERS(field) (strcmp (a->field, b->field) != 0)

static const char *
compare_identity (const PscSpace *a, const PscSpace *b)
{
  if (DIFFERS (pid) || DIFFERS (start_time) || DIFFERS (uid))
    return "identity";
  if (DIFFERS (start_code) || DIFFERS (start_stack))
    return "program";
  if (DIFFERS (time_usec) || DIFFERS (minor_faults) || DIFFERS (major_faults) || DIFFERS (vm_pte) ||
      DIFFERS (n_threads))
    return "moment";
  if (memcmp (&a->cost, &b->cost, sizeof a->cost) != 0)
    return "cost";
  if (TEXT_DIFFERS (name) || TEXT_DIFFERS (command) || TEXT_DIFFERS (host) || TEXT_DIFFERS (kernel))
    return "names";
  if (DIFFERS (page_size) || DIFFERS (row_size) || DIFFERS (source))
    return "page size or source";
  if (memcmp (&a->huge_settings, &b->huge_settings, sizeof a->huge_settings) != 0)
    return "huge settings";
  if (memcmp (&a->huge_sums, &b->huge_sums, sizeof a->huge_sums) != 0)
    return "huge sums";
  if (memcmp (&a->totals, &b->totals, sizeof a->totals) != 0 ||
      memcmp (a->kinds, b->kinds, sizeof a->kinds) != 0)
    return "totals";
  if (DIFFERS (n_mappings) || DIFFERS (n_owners) || DIFFERS (n_unknowns) ||
      (a->smaps == NULL) != (b->smaps == NULL))
    return "counts";
  return NULL;
}

static gboolean
is_mapping_equal (const PscMapping *a, const PscMapping *b)
{
  return !(DIFFERS (start) || DIFFERS (end) || DIFFERS (offset) || DIFFERS (inode) ||
           DIFFERS (dev_major) || DIFFERS (dev_minor) || TEXT_DIFFERS (name) ||
           DIFFERS (resident) || DIFFERS (swapped) || DIFFERS (zero) || DIFFERS (huge) ||
           DIFFERS (hugetlb) || DIFFERS (perms) || DIFFERS (flags) || DIFFERS (kind) ||
           DIFFERS (why) || DIFFERS (page_shift));
}

static gboolean
is_smaps_equal (const PscSmaps *a, const PscSmaps *b)
{
  return memcmp (a, b, G_STRUCT_OFFSET (PscSmaps, thp_eligible)) == 0 &&
         a->thp_eligible == b->thp_eligible && strcmp (a->vm_flags, b->vm_flags) == 0;
}

static gboolean
is_owner_equal (const PscOwner *a, const PscOwner *b)
{
  return !(DIFFERS (start) || DIFFERS (end) || DIFFERS (type) || DIFFERS (tid) ||
           TEXT_DIFFERS (label) || TEXT_DIFFERS (why));
}

static gboolean
is_unknown_equal (const PscUnknown *a, const PscUnknown *b)
{
  return !(DIFFERS (reason) || TEXT_DIFFERS (what) || TEXT_DIFFERS (why) || TEXT_DIFFERS (remedy));
}

/* The next stretch of one state; FALSE at the end of the mapping. */
static gboolean
next_stretch (const PscSpace *space, const PscMapping *mapping, guint *at, guint64 stretch[3])
{
  const PscRun *run;

  if (*at == mapping->n_runs)
    return FALSE;
  run = &space->runs[mapping->first_run + (*at)++];
  stretch[0] = run->start;
  stretch[1] = psc_run_end (run, space->page_size);
  stretch[2] = run->state;
  while (*at < mapping->n_runs)
    {
      run = &space->runs[mapping->first_run + *at];
      if (run->start != stretch[1] || run->state != stretch[2])
        break;
      stretch[1] = psc_run_end (run, space->page_size);
      ++*at;
    }
  return TRUE;
}

static gboolean
are_runs_equal (const PscSpace *a, const PscSpace *b, guint i)
{
  guint at_a = 0, at_b = 0;
  guint64 of_a[3], of_b[3];

  while (next_stretch (a, &a->mappings[i], &at_a, of_a))
    if (!next_stretch (b, &b->mappings[i], &at_b, of_b) || memcmp (of_a, of_b, sizeof of_a) != 0)
      return FALSE;
  return !next_stretch (b, &b->mappings[i], &at_b, of_b);
}

char *
psc_space_dup_difference (const PscSpace *a, const PscSpace *b)
{
  const char *what = compare_identity (a, b);

  if (what != NULL)
    return g_strdup (what);
  for (guint i = 0; i < a->n_mappings; i++)
    if (!is_mapping_equal (&a->mappings[i], &b->mappings[i]))
      return g_strdup_printf ("mapping %u", i);
    else if (!are_runs_equal (a, b, i))
      return g_strdup_printf ("runs of mapping %u", i);
    else if (a->smaps != NULL && !is_smaps_equal (&a->smaps[i], &b->smaps[i]))
      return g_strdup_printf ("smaps of mapping %u", i);
  for (guint i = 0; i < a->n_owners; i++)
    if (!is_owner_equal (&a->owners[i], &b->owners[i]))
      return g_strdup_printf ("owner %u", i);
  for (guint i = 0; i < a->n_unknowns; i++)
    if (!is_unknown_equal (&a->unknowns[i], &b->unknowns[i]))
      return g_strdup_printf ("unknown %u", i);
  return NULL;
}
