/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Snapshots of a still process (psc-zoo) against what the kernel itself says of it in smaps: per
 * mapping and in total, to the page. What single pages are is test-truth.c's.
 */

#include "machine.h"
#include "psc-scan-plan.h"
#include "snapshot.h"
#include "zoo.h"

#define KIB(n) ((guint64) (n) << 10)
#define MIB(n) ((guint64) (n) << 20)

static const char *const all_exhibits[] = {
  "anon",         "checker",     "thp",           "thp_split", "zero",     "huge_zero", "prot_none",
  "guard",        "hugetlb",     "hugetlb_memfd", "memfd",     "shm_anon", "shm_sysv",  "shm_posix",
  "file_private", "file_shared", "thread_stacks", "forked",    NULL
};

/* Each thread has used 96 KiB of its stack, and little more. */
static void
check_stacks (const PscSpace *space, const Zoo *zoo)
{
  for (guint i = 0; i < 3; i++)
    {
      const PscMapping *stack = psc_space_lookup (space, zoo_get (zoo, "thread_stacks", i)->start);

      g_assert_cmpuint (stack->resident, >=, KIB (96));
      g_assert_cmpuint (stack->resident, <=, KIB (160));
      /* The first may start on a border of 64 MiB by chance, where arenas of malloc start. */
      if (i > 0)
        g_assert_cmpstr (psc_kind_id (stack->kind), ==, psc_kind_id (PSC_KIND_THREAD_STACK));
    }
}

/* Every other page. */
static void
check_checker (const PscSpace *space, const Zoo *zoo)
{
  const Exhibit *exhibit = zoo_get (zoo, "checker", 0);
  const PscMapping *mapping = psc_space_lookup (space, exhibit->start);

  for (guint64 address = exhibit->start; address < exhibit->end; address += space->page_size)
    g_assert_cmpint (psc_space_page_class (space, mapping, address), ==,
                     (address - exhibit->start) / space->page_size % 2 == 0 ? PSC_CLASS_RESIDENT :
                                                                              PSC_CLASS_ABSENT);
}

static void
test_scan (void)
{
  g_autoptr (Zoo) zoo = zoo_new (all_exhibits);
  g_autoptr (PscSpace) space = snapshot_once (zoo->pid, PSC_SMAPS_NEVER);
  g_autofree char *unknowns = NULL;

  if (space->source != PSC_SOURCE_SCAN)
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN (Linux 6.7)");
      return;
    }
  unknowns = snapshot_dup_unknowns (space);
  g_assert_cmpstr (unknowns, ==, "");
  g_assert_cmpint (space->pid, ==, zoo->pid);
  g_assert_cmpstr (space->name, ==, "psc-zoo");
  g_assert_true (g_str_has_suffix (space->command, "forked"));
  g_assert_cmpuint (space->n_threads, ==, 4);
  g_assert_cmpuint (space->vm_pte, >, 0);
  g_assert_cmpint (space->cost.wall_usec, >, 0);
  g_assert_cmpint (space->cost.probe_usec, >, 0);
  g_assert_cmpuint (space->cost.bytes, >, 1000);
  snapshot_check_smaps (space);
  check_stacks (space, zoo);
  check_checker (space, zoo);
}

static void
test_smaps (void)
{
  g_autoptr (Zoo) zoo = zoo_new (all_exhibits);
  g_autoptr (PscSpace) always = snapshot_once (zoo->pid, PSC_SMAPS_ALWAYS);
  g_autoptr (PscSpace) small = snapshot_once (zoo->pid, PSC_SMAPS_SMALL);
  g_autoptr (PscSpace) never = snapshot_once (zoo->pid, PSC_SMAPS_NEVER);

  g_assert_nonnull (always->smaps);
  g_assert_nonnull (small->smaps);
  g_assert_null (never->smaps);
  for (guint i = 0; i < always->n_mappings; i++)
    if (always->source == PSC_SOURCE_SCAN)
      g_assert_cmpuint (always->smaps[i].rss, ==, always->mappings[i].resident);
  snapshot_check_smaps (always);
}

static void
check_same_runs (const PscSpace *a, const PscSpace *b)
{
  g_assert_cmpuint (a->n_runs, ==, b->n_runs);
  for (guint i = 0; i < a->n_runs; i++)
    {
      g_assert_cmphex (a->runs[i].start, ==, b->runs[i].start);
      g_assert_cmpuint (a->runs[i].n_pages, ==, b->runs[i].n_pages);
      g_assert_cmphex (a->runs[i].state, ==, b->runs[i].state);
    }
}

/* The second snapshot asks for what is *not* resident of what was dense in the first. */
static void
test_complement (void)
{
  static const char *const names[] = { "dense",   "thp",   "zero",         "guard",
                                       "checker", "memfd", "file_private", NULL };
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  g_autoptr (PscTarget) target = snapshot_target (probe, zoo->pid);
  g_autoptr (PscSpace) first = snapshot (target, NULL);
  g_autoptr (PscSpace) second = snapshot (target, NULL);
  g_autoptr (GArray) steps = NULL;
  guint n_complements = 0;

  if (first->source != PSC_SOURCE_SCAN)
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN (Linux 6.7)");
      return;
    }
  steps = psc_scan_plan_new (first->mappings, first->n_mappings, first);
  for (guint i = 0; i < steps->len; i++)
    n_complements += g_array_index (steps, PscScanStep, i).predicate == PSC_SCAN_COMPLEMENT;
  g_assert_cmpuint (n_complements, >=, 1);
  check_same_runs (first, second);
  snapshot_check_smaps (second);
  g_test_message ("64 MiB dense: plain %" G_GINT64_FORMAT " us, complement %" G_GINT64_FORMAT
                  " us in the kernel",
                  first->cost.probe_usec, second->cost.probe_usec);
}

static void
test_many (void)
{
  static const char *const names[] = { "many", NULL };
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (PscSpace) space = NULL;
  const Exhibit *exhibit = zoo_get (zoo, "many", 0);

  if (exhibit->skip != NULL)
    {
      g_test_skip (exhibit->skip);
      return;
    }
  space = snapshot_once (zoo->pid, PSC_SMAPS_NEVER);
  g_test_message ("%u mappings in %" G_GINT64_FORMAT " us, %" G_GINT64_FORMAT
                  " us of it in the kernel",
                  space->n_mappings, space->cost.wall_usec, space->cost.probe_usec);
  g_assert_cmpuint (space->n_mappings, >=, 65000);
  /* An order of magnitude above what it takes: the machine may be busy. */
  g_assert_cmpint (space->cost.wall_usec, <, 2 * G_USEC_PER_SEC);
  snapshot_check_smaps (space);
}

static void
test_tera (void)
{
  static const char *const names[] = { "tera", NULL };
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (PscSpace) space = NULL;
  const Exhibit *exhibit = zoo_get (zoo, "tera", 0);

  if (exhibit->skip != NULL)
    {
      g_test_skip (exhibit->skip);
      return;
    }
  space = snapshot_once (zoo->pid, PSC_SMAPS_NEVER);
  g_test_message ("1 TiB in %" G_GINT64_FORMAT " us", space->cost.wall_usec);
  g_assert_cmpuint (space->totals.size, >, (guint64) 1 << 40);
  g_assert_cmpuint (space->totals.resident, >=, MIB (16));
  g_assert_cmpint (space->cost.wall_usec, <, 2 * G_USEC_PER_SEC);
  snapshot_check_smaps (space);
}

static int
run_tests (int argc, char **argv)
{
  g_autofree char *pool = machine_add_huge_pages (16);

  g_test_init (&argc, &argv, NULL);
  if (pool != NULL)
    g_test_message ("%s", pool);
  g_test_add_func ("/live/capture/scan", test_scan);
  g_test_add_func ("/live/capture/smaps", test_smaps);
  g_test_add_func ("/live/capture/complement", test_complement);
  g_test_add_func ("/live/capture/many", test_many);
  g_test_add_func ("/live/capture/tera", test_tera);
  return g_test_run ();
}

int
main (int argc, char **argv)
{
  return machine_run (argc, argv, run_tests);
}
