/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Snapshots of a still process (psc-zoo) against what the kernel itself says of it in smaps: per
 * mapping and in total, to the page.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-capture.h"
#include "psc-scan-plan.h"
#include "psc-smaps-parser.h"
#include "zoo.h"

#define KIB(n) ((guint64) (n) << 10)
#define MIB(n) ((guint64) (n) << 20)

static const char *const all_exhibits[] = {
  "anon",         "checker",     "thp",           "thp_split", "zero",     "huge_zero", "prot_none",
  "guard",        "hugetlb",     "hugetlb_memfd", "memfd",     "shm_anon", "shm_sysv",  "shm_posix",
  "file_private", "file_shared", "thread_stacks", "forked",    NULL
};

typedef struct
{
  guint64 start, end;
  PscSmaps smaps;
} Truth;

static gboolean
take_truth_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
               const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  Truth truth = { head->start, head->end, *smaps };

  g_array_append_val ((GArray *) user_data, truth);
  return TRUE;
}

/* smaps, read here and now, without the probe. */
static GArray *
read_truth (gint pid)
{
  GArray *truths = g_array_new (FALSE, FALSE, sizeof (Truth));
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps", pid);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  psc_smaps_parse (text, length, take_truth_cb, truths, &error);
  g_assert_no_error (error);
  return truths;
}

static PscProbe *
new_probe (void)
{
  g_autoptr (GError) error = NULL;
  PscProbe *probe = psc_probe_new_local (NULL, NULL, &error);

  g_assert_no_error (error);
  return probe;
}

static PscTarget *
new_target (PscProbe *probe, gint pid)
{
  g_autoptr (GError) error = NULL;
  PscTarget *target = psc_target_new (probe, pid, &error);

  g_assert_no_error (error);
  return target;
}

static PscSpace *
capture (PscTarget *target, const PscCaptureOptions *options)
{
  g_autoptr (GError) error = NULL;
  PscSpace *space = psc_target_capture (target, options, &error);

  g_assert_no_error (error);
  return space;
}

static PscSpace *
capture_once (gint pid, PscSmapsPolicy smaps)
{
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, pid);
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  options.smaps = smaps;
  return capture (target, &options);
}

static gboolean
has_unknown (const PscSpace *space, PscReason reason, const char *what)
{
  for (guint i = 0; i < space->n_unknowns; i++)
    if (space->unknowns[i].reason == reason && g_str_equal (space->unknowns[i].what, what))
      return TRUE;
  return FALSE;
}

static void
check_classes_add_up (const PscSpace *space)
{
  guint64 sum = 0, mapped = 0;

  for (guint i = 0; i < PSC_N_CLASSES; i++)
    sum += space->totals.classes[i];
  for (guint i = 0; i < space->n_mappings; i++)
    mapped += space->mappings[i].end - space->mappings[i].start;
  g_assert_cmpuint (sum, ==, space->totals.size);
  g_assert_cmpuint (mapped, ==, space->totals.size);
}

static void
check_sums (const PscSpace *space, const PscSmapsSums *sums)
{
  g_assert_cmpuint (space->totals.resident, ==, sums->rss);
  g_assert_cmpuint (space->totals.swapped, ==, sums->swap);
  g_assert_cmpuint (space->totals.huge, ==, sums->anon_huge + sums->shmem_pmd + sums->file_pmd);
  g_assert_cmpuint (space->totals.hugetlb, ==, sums->shared_hugetlb + sums->private_hugetlb);
  check_classes_add_up (space);
}

static void
check_mapping (const PscMapping *mapping, const Truth *truth)
{
  const PscSmaps *smaps = &truth->smaps;

  g_assert_cmphex (mapping->start, ==, truth->start);
  g_assert_cmphex (mapping->end, ==, truth->end);
  g_assert_true (mapping->flags & PSC_MAPPING_PAGES_KNOWN);
  g_assert_false (mapping->flags & PSC_MAPPING_MOVING);
  if (mapping->resident != smaps->rss || mapping->swapped != smaps->swap)
    g_test_message ("%" G_GINT64_MODIFIER "x %s", mapping->start, mapping->name);
  g_assert_cmpuint (mapping->resident, ==, smaps->rss);
  g_assert_cmpuint (mapping->swapped, ==, smaps->swap);
  g_assert_cmpuint (mapping->huge, ==, smaps->anon_huge + smaps->shmem_pmd + smaps->file_pmd);
  g_assert_cmpuint (mapping->hugetlb, ==, smaps->shared_hugetlb + smaps->private_hugetlb);
}

/* The whole of a space against the whole of smaps. */
static void
check_against_smaps (const PscSpace *space, gint pid)
{
  g_autoptr (GArray) truths = read_truth (pid);
  PscSmapsSums sums = { 0 };

  g_assert_cmpuint (space->n_mappings, ==, truths->len);
  for (guint i = 0; i < truths->len; i++)
    {
      const Truth *truth = &g_array_index (truths, Truth, i);

      check_mapping (&space->mappings[i], truth);
      sums.rss += truth->smaps.rss;
      sums.swap += truth->smaps.swap;
      sums.anon_huge += truth->smaps.anon_huge;
      sums.shmem_pmd += truth->smaps.shmem_pmd;
      sums.file_pmd += truth->smaps.file_pmd;
      sums.shared_hugetlb += truth->smaps.shared_hugetlb;
      sums.private_hugetlb += truth->smaps.private_hugetlb;
    }
  check_sums (space, &sums);
}

/* What is known of an exhibit because we made it; pages of 4 KiB. */
static const struct
{
  const char *name;
  PscKind kind;
  guint64 classes[PSC_N_CLASSES]; /* in KiB; those left out are not checked when `partly` */
  gboolean partly;
  guint nth; /* which of that name */
} expectations[] = {
  { "anon", PSC_KIND_ANON, { [PSC_CLASS_RESIDENT] = 160, [PSC_CLASS_ABSENT] = 96 } },
  { "checker", PSC_KIND_ANON, { [PSC_CLASS_RESIDENT] = 512, [PSC_CLASS_ABSENT] = 512 } },
  { "thp", PSC_KIND_ANON, { [PSC_CLASS_HUGE] = 4096 } },
  { "thp_split", PSC_KIND_ANON, { [PSC_CLASS_RESIDENT] = 1984, [PSC_CLASS_ABSENT] = 64 } },
  { "zero", PSC_KIND_ANON, { [PSC_CLASS_ZERO] = 64, [PSC_CLASS_ABSENT] = 64 } },
  { "huge_zero", PSC_KIND_ANON, { [PSC_CLASS_ZERO] = 2048 } },
  { "guard", PSC_KIND_ANON, { [PSC_CLASS_RESIDENT] = 112, [PSC_CLASS_GUARD] = 16 } },
  { "hugetlb", PSC_KIND_HUGETLB, { [PSC_CLASS_HUGETLB] = 4096, [PSC_CLASS_ABSENT] = 2048 } },
  { "hugetlb_memfd", PSC_KIND_HUGETLB, { [PSC_CLASS_HUGETLB] = 2048, [PSC_CLASS_ABSENT] = 2048 } },
  { "memfd", PSC_KIND_SHM_MEMFD, { [PSC_CLASS_RESIDENT_FILE] = 48, [PSC_CLASS_ABSENT] = 80 } },
  { "shm_anon", PSC_KIND_SHM_ANON, { [PSC_CLASS_RESIDENT_FILE] = 40, [PSC_CLASS_ABSENT] = 88 } },
  { "shm_sysv", PSC_KIND_SHM_SYSV, { [PSC_CLASS_RESIDENT_FILE] = 24, [PSC_CLASS_ABSENT] = 104 } },
  { "shm_posix", PSC_KIND_SHM_POSIX, { [PSC_CLASS_RESIDENT_FILE] = 28, [PSC_CLASS_ABSENT] = 100 } },
  /* Reading a file maps its neighbours in the page cache too. */
  { "file_private", PSC_KIND_FILE, { [PSC_CLASS_RESIDENT] = 20 }, TRUE },
  { "file_shared", PSC_KIND_FILE, { 0 }, TRUE },
  /* The first may start on a border of 64 MiB by chance, where arenas of malloc start. */
  { "thread_stacks", PSC_KIND_THREAD_STACK, { 0 }, TRUE, 1 },
  { "forked", PSC_KIND_ANON, { [PSC_CLASS_RESIDENT] = 96, [PSC_CLASS_ABSENT] = 32 } },
};

static void
count_classes (const PscSpace *space, const Exhibit *exhibit, guint64 counts[PSC_N_CLASSES])
{
  for (guint64 address = exhibit->start; address < exhibit->end; address += space->page_size)
    {
      const PscMapping *mapping = psc_space_lookup (space, address);

      g_assert_nonnull (mapping);
      counts[psc_space_page_class (space, mapping, address)] += space->page_size;
    }
}

static void
check_expectation (const PscSpace *space, const Zoo *zoo, guint which)
{
  const Exhibit *exhibit = zoo_get (zoo, expectations[which].name, expectations[which].nth);
  guint64 counts[PSC_N_CLASSES] = { 0 };

  g_assert_nonnull (exhibit);
  if (exhibit->skip != NULL)
    return;
  count_classes (space, exhibit, counts);
  g_assert_cmpstr (psc_kind_id (psc_space_lookup (space, exhibit->start)->kind), ==,
                   psc_kind_id (expectations[which].kind));
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    {
      guint64 expected = KIB (expectations[which].classes[i]);

      if (expectations[which].partly && expected == 0)
        continue;
      if (counts[i] != expected)
        g_test_message ("%s: %s", exhibit->name, psc_page_class_id (i));
      g_assert_cmpuint (counts[i], ==, expected);
    }
}

/* Each thread has used 96 KiB of its stack, and little more. */
static void
check_stacks (const PscSpace *space, const Zoo *zoo)
{
  for (guint i = 0; i < 3; i++)
    {
      const PscMapping *stack = psc_space_lookup (space, zoo_get (zoo, "thread_stacks", i)->start);

      g_assert_cmpuint (stack->resident, >=, KIB (96));
      g_assert_cmpuint (stack->resident, <=, KIB (160));
    }
}

static void
test_scan (void)
{
  g_autoptr (Zoo) zoo = zoo_new (all_exhibits);
  g_autoptr (PscSpace) space = capture_once (zoo->pid, PSC_SMAPS_NEVER);

  if (space->source != PSC_SOURCE_SCAN)
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN (Linux 6.7)");
      return;
    }
  g_assert_cmpuint (space->n_unknowns, ==, 0);
  g_assert_cmpint (space->pid, ==, zoo->pid);
  g_assert_cmpstr (space->name, ==, "psc-zoo");
  g_assert_true (g_str_has_suffix (space->command, "forked"));
  g_assert_cmpuint (space->n_threads, ==, 4);
  g_assert_cmpuint (space->vm_pte, >, 0);
  g_assert_cmpint (space->cost.wall_usec, >, 0);
  g_assert_cmpint (space->cost.probe_usec, >, 0);
  g_assert_cmpuint (space->cost.bytes, >, 1000);
  check_against_smaps (space, zoo->pid);
  for (guint i = 0; i < G_N_ELEMENTS (expectations); i++)
    check_expectation (space, zoo, i);
  check_stacks (space, zoo);
}

/* pagemap tells neither huge nor zero pages: both are resident pages there, and that is said. */
static void
test_pagemap (void)
{
  g_autoptr (Zoo) zoo = zoo_new (all_exhibits);
  g_autoptr (GArray) truths = NULL;
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
  g_autoptr (PscSpace) scanned = capture (target, NULL);
  g_autoptr (PscSpace) space = NULL;
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  options.force_pagemap = TRUE;
  space = capture (target, &options);
  g_assert_cmpint (space->source, ==, PSC_SOURCE_PAGEMAP);
  g_assert_true (has_unknown (space, PSC_REASON_NOT_READ, "huge pages"));
  g_assert_true (has_unknown (space, PSC_REASON_NOT_READ, "zero pages"));
  check_classes_add_up (space);
  truths = read_truth (zoo->pid);
  g_assert_cmpuint (space->n_mappings, ==, truths->len);
  for (guint i = 0; i < truths->len; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      const PscSmaps *smaps = &g_array_index (truths, Truth, i).smaps;
      guint64 zero = scanned->source == PSC_SOURCE_SCAN ? scanned->mappings[i].zero : 0;

      g_assert_cmpuint (mapping->resident, ==, smaps->rss + zero);
      g_assert_cmpuint (mapping->swapped, ==, smaps->swap);
      g_assert_cmpuint (mapping->huge, ==, 0);
      g_assert_cmpuint (mapping->hugetlb, ==, smaps->shared_hugetlb + smaps->private_hugetlb);
    }
}

static void
test_smaps (void)
{
  g_autoptr (Zoo) zoo = zoo_new (all_exhibits);
  g_autoptr (PscSpace) always = capture_once (zoo->pid, PSC_SMAPS_ALWAYS);
  g_autoptr (PscSpace) small = capture_once (zoo->pid, PSC_SMAPS_SMALL);
  g_autoptr (PscSpace) never = capture_once (zoo->pid, PSC_SMAPS_NEVER);

  g_assert_nonnull (always->smaps);
  g_assert_nonnull (small->smaps);
  g_assert_null (never->smaps);
  for (guint i = 0; i < always->n_mappings; i++)
    if (always->source == PSC_SOURCE_SCAN)
      g_assert_cmpuint (always->smaps[i].rss, ==, always->mappings[i].resident);
  check_against_smaps (always, zoo->pid);
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
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
  g_autoptr (PscSpace) first = capture (target, NULL);
  g_autoptr (PscSpace) second = capture (target, NULL);
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
  check_against_smaps (second, zoo->pid);
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
  space = capture_once (zoo->pid, PSC_SMAPS_NEVER);
  g_test_message ("%u mappings in %" G_GINT64_FORMAT " us, %" G_GINT64_FORMAT
                  " us of it in the kernel",
                  space->n_mappings, space->cost.wall_usec, space->cost.probe_usec);
  g_assert_cmpuint (space->n_mappings, >=, 65000);
  /* An order of magnitude above what it takes: the machine may be busy. */
  g_assert_cmpint (space->cost.wall_usec, <, 2 * G_USEC_PER_SEC);
  check_against_smaps (space, zoo->pid);
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
  space = capture_once (zoo->pid, PSC_SMAPS_NEVER);
  g_test_message ("1 TiB in %" G_GINT64_FORMAT " us", space->cost.wall_usec);
  g_assert_cmpuint (space->totals.size, >, (guint64) 1 << 40);
  g_assert_cmpuint (space->totals.resident, >=, MIB (16));
  g_assert_cmpint (space->cost.wall_usec, <, 2 * G_USEC_PER_SEC);
  check_against_smaps (space, zoo->pid);
}

static gboolean
has_swap (void)
{
  g_autofree char *text = NULL;

  return g_file_get_contents ("/proc/swaps", &text, NULL, NULL) && strchr (text, '/') != NULL;
}

static void
test_swapped (void)
{
  static const char *const names[] = { "swapped", "swapped_shm", NULL };
  g_autoptr (Zoo) zoo = NULL;
  g_autoptr (PscSpace) without = NULL, with = NULL;
  const Exhibit *swapped, *shm;

  if (!has_swap ())
    {
      g_test_skip ("no swap is in use");
      return;
    }
  zoo = zoo_new (names);
  swapped = zoo_get (zoo, "swapped", 0);
  shm = zoo_get (zoo, "swapped_shm", 0);
  without = capture_once (zoo->pid, PSC_SMAPS_NEVER);
  with = capture_once (zoo->pid, PSC_SMAPS_ALWAYS);
  g_assert_cmpuint (psc_space_lookup (without, swapped->start)->swapped, ==, KIB (64));
  /* What the page table doesn't show is said to be missing, or had from smaps. */
  g_assert_cmpuint (psc_space_lookup (without, shm->start)->swapped, ==, 0);
  g_assert_true (has_unknown (without, PSC_REASON_NOT_READ, "swapped shared memory"));
  g_assert_cmpuint (psc_space_lookup (with, shm->start)->swapped, ==, KIB (64));
  g_assert_cmpuint (with->n_unknowns, ==, 0);
  check_against_smaps (with, zoo->pid);
}

/*
 * The huge-page pool.
 */

#define NR_HUGEPAGES "/proc/sys/vm/nr_hugepages"

static char *
reserve_huge_pages (void)
{
  char *before = NULL;
  g_autofree char *more = NULL;
  FILE *file;

  if (!g_file_get_contents (NR_HUGEPAGES, &before, NULL, NULL))
    return NULL;
  more = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", g_ascii_strtoull (before, NULL, 10) + 16);
  file = fopen (NR_HUGEPAGES, "w");
  if (file == NULL)
    {
      g_clear_pointer (&before, g_free);
      return NULL;
    }
  fputs (more, file);
  fclose (file);
  return before;
}

static void
restore_huge_pages (const char *before)
{
  FILE *file = before != NULL ? fopen (NR_HUGEPAGES, "w") : NULL;

  if (file == NULL)
    return;
  fputs (before, file);
  fclose (file);
}

static int
run_tests (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/capture/scan", test_scan);
  g_test_add_func ("/live/capture/pagemap", test_pagemap);
  g_test_add_func ("/live/capture/smaps", test_smaps);
  g_test_add_func ("/live/capture/complement", test_complement);
  g_test_add_func ("/live/capture/many", test_many);
  g_test_add_func ("/live/capture/tera", test_tera);
  g_test_add_func ("/live/capture/swapped", test_swapped);
  return g_test_run ();
}

/* The tests run in a child, so that the pool is given back also when one of them aborts. */
int
main (int argc, char **argv)
{
  g_autofree char *huge_before = reserve_huge_pages ();
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    return run_tests (argc, argv);
  if (child > 0)
    waitpid (child, &status, 0);
  restore_huge_pages (huge_before);
  return child > 0 && WIFEXITED (status) ? WEXITSTATUS (status) : EXIT_FAILURE;
}
