/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Recorded processes: what is counted from their page states equals, mapping by mapping and to the
 * page, what the kernel's own smaps of the same moment says. */

#include <string.h>

#include "psc-fixture.h"
#include "psc-maps-parser.h"

static void
check_mapping (const PscSpace *space, guint index, guint64 *swapped_unseen)
{
  const PscMapping *mapping = &space->mappings[index];
  const PscSmaps *smaps = &space->smaps[index];

  g_assert_cmpuint (mapping->resident, ==, smaps->rss);
  g_assert_cmpuint (mapping->huge, ==, smaps->anon_huge + smaps->shmem_pmd + smaps->file_pmd);
  g_assert_cmpuint (mapping->hugetlb, ==, smaps->shared_hugetlb + smaps->private_hugetlb);
  g_assert_cmpuint (mapping->swapped, ==, smaps->swap);
  for (guint i = 0; i < mapping->n_runs; i++)
    if (space->runs[mapping->first_run + i].state & PSC_PAGE_GUARD)
      g_assert_nonnull (strstr (smaps->vm_flags, "gu"));
  if (mapping->perms & PSC_PERM_SHARED)
    *swapped_unseen += smaps->swap;
}

static void
check_runs (const PscSpace *space)
{
  guint64 end = 0;
  guint n_runs = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];

      for (guint j = 0; j < mapping->n_runs; j++, n_runs++)
        {
          const PscRun *run = &space->runs[mapping->first_run + j];

          g_assert_cmpuint (mapping->first_run + j, ==, n_runs);
          g_assert_cmpuint (run->start, >=, MAX (end, mapping->start));
          end = psc_run_end (run, space->page_size);
          g_assert_cmpuint (end, <=, mapping->end);
          g_assert_cmpuint (end, >, run->start);
        }
    }
  g_assert_cmpuint (n_runs, ==, space->n_runs);
}

static void
check_totals (const PscSpace *space, const PscSmapsSums *sums)
{
  PscTotals kinds = { 0 };
  guint64 in_classes = 0;

  g_assert_cmpuint (space->totals.n_mappings, ==, sums->n_mappings);
  g_assert_cmpuint (space->totals.size, ==, sums->size);
  g_assert_cmpuint (space->totals.resident, ==, sums->rss);
  g_assert_cmpuint (space->totals.swapped, ==, sums->swap);
  g_assert_cmpuint (space->totals.huge, ==, sums->anon_huge + sums->shmem_pmd + sums->file_pmd);
  g_assert_cmpuint (space->totals.hugetlb, ==, sums->shared_hugetlb + sums->private_hugetlb);
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    in_classes += space->totals.classes[i];
  g_assert_cmpuint (in_classes, ==, space->totals.size);
  for (guint i = 0; i < PSC_N_KINDS; i++)
    {
      kinds.n_mappings += space->kinds[i].n_mappings;
      kinds.size += space->kinds[i].size;
      kinds.resident += space->kinds[i].resident;
      kinds.swapped += space->kinds[i].swapped;
      kinds.zero += space->kinds[i].zero;
    }
  g_assert_cmpuint (kinds.n_mappings, ==, space->totals.n_mappings);
  g_assert_cmpuint (kinds.size, ==, space->totals.size);
  g_assert_cmpuint (kinds.resident, ==, space->totals.resident);
  g_assert_cmpuint (kinds.swapped, ==, space->totals.swapped);
  g_assert_cmpuint (kinds.zero, ==, space->totals.zero);
}

static void
test_sums_equal_smaps (gconstpointer name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (name);
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, TRUE);
  g_autoptr (GError) error = NULL;
  guint64 swapped_unseen = 0;
  PscSmapsSums sums;
  gsize length;
  const char *smaps = psc_fixture_get (fixture, "smaps", &length);

  g_assert_true (psc_smaps_sum (smaps, length, &sums, &error));
  for (guint i = 0; i < space->n_mappings; i++)
    check_mapping (space, i, &swapped_unseen);
  check_runs (space);
  check_totals (space, &sums);
  g_test_message ("%u mappings, %u runs, %" G_GUINT64_FORMAT " KiB resident", space->n_mappings,
                  space->n_runs, space->totals.resident / 1024);
  if (g_str_equal (name, "pages"))
    {
      g_assert_cmpuint (swapped_unseen, >, 0);
      g_assert_cmpuint (sums.anon_huge, >, 0);
      g_assert_cmpuint (sums.shmem_pmd, >, 0);
      g_assert_cmpuint (sums.private_hugetlb, >, 0);
      g_assert_cmpuint (sums.swap, >, swapped_unseen);
      g_assert_cmpuint (space->totals.zero, >, 0);
      g_assert_cmpuint (space->totals.classes[PSC_CLASS_GUARD], >, 0);
    }
}

/* Without smaps all of it is known but swapped shared memory and which mappings are hugetlb: the
 * path tells of some. */
static void
test_without_smaps (gconstpointer name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (name);
  g_autoptr (PscSpace) with = psc_fixture_make_space (fixture, TRUE);
  g_autoptr (PscSpace) without = psc_fixture_make_space (fixture, FALSE);

  g_assert_cmpuint (with->n_mappings, ==, without->n_mappings);
  g_assert_null (without->smaps);
  for (guint i = 0; i < with->n_mappings; i++)
    {
      const PscMapping *a = &with->mappings[i], *b = &without->mappings[i];

      if (a->hugetlb > 0)
        continue;
      g_assert_cmpuint (a->resident, ==, b->resident);
      g_assert_cmpuint (a->zero, ==, b->zero);
      g_assert_cmpuint (a->huge, ==, b->huge);
      g_assert_cmpstr (a->name, ==, b->name);
      g_assert_cmpint (a->kind, ==, b->kind);
      if (!(a->perms & PSC_PERM_SHARED) && *a->name == '\0')
        g_assert_cmpuint (a->swapped, ==, b->swapped);
    }
}

/* Every page is in one class, whichever way it is asked. */
static void
test_page_lookups (gconstpointer name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (name);
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, FALSE);

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      guint64 step = MAX ((mapping->end - mapping->start) / 2000, 1);
      guint64 counts[PSC_N_CLASSES] = { 0 };

      step = (step + space->page_size - 1) & ~(guint64) (space->page_size - 1);
      for (guint64 at = mapping->start; at < mapping->end; at += step)
        {
          g_assert_true (psc_space_lookup (space, at) == mapping);
          counts[psc_space_page_class (space, mapping, at)] += space->page_size;
        }
      g_assert_true (psc_space_lookup (space, mapping->end - 1) == mapping);
      if (step == space->page_size)
        g_assert_cmpuint (counts[PSC_CLASS_RESIDENT] + counts[PSC_CLASS_RESIDENT_FILE] +
                              counts[PSC_CLASS_HUGE],
                          ==, mapping->resident);
    }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = psc_fixture_list ();
  g_assert_cmpuint (g_strv_length (names), >=, 10);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *sums = g_strconcat ("/fixtures/sums-equal-smaps/", names[i], NULL);
      g_autofree char *without = g_strconcat ("/fixtures/without-smaps/", names[i], NULL);
      g_autofree char *lookups = g_strconcat ("/fixtures/page-lookups/", names[i], NULL);

      g_test_add_data_func (sums, names[i], test_sums_equal_smaps);
      g_test_add_data_func (without, names[i], test_without_smaps);
      g_test_add_data_func (lookups, names[i], test_page_lookups);
    }
  return g_test_run ();
}
