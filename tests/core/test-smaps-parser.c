/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-smaps-parser.h"

#include <string.h>

#include "psc-fixture.h"
#include "psc-maps-parser.h"

static const char two_mappings[] =
    "1000-3000 rw-s 00000000 00:01 5                            /memfd:a (deleted)\n"
    "Size:                  8 kB\n"
    "KernelPageSize:        4 kB\n"
    "MMUPageSize:           4 kB\n"
    "Rss:                   4 kB\n"
    "Pss:                   2 kB\n"
    "Pss_Dirty:             1 kB\n"
    "Shared_Clean:         11 kB\n"
    "Shared_Dirty:         12 kB\n"
    "Private_Clean:        13 kB\n"
    "Private_Dirty:        14 kB\n"
    "Referenced:           15 kB\n"
    "Anonymous:            16 kB\n"
    "KSM:                  17 kB\n"
    "LazyFree:             18 kB\n"
    "AnonHugePages:        19 kB\n"
    "ShmemPmdMapped:       20 kB\n"
    "FilePmdMapped:        21 kB\n"
    "Shared_Hugetlb:       22 kB\n"
    "Private_Hugetlb:      23 kB\n"
    "Swap:                  4 kB\n"
    "SwapPss:              24 kB\n"
    "Locked:               25 kB\n"
    "THPeligible:           1\n"
    "ProtectionKey:         3\n"
    "VmFlags: rd wr sh mr mw me gu \n"
    "200000-400000 rw-p 00000000 00:00 0 \n"
    "NewKeyOfTomorrow:     99 kB\n"
    "Rss:                 100 kB\n"
    "Swap:                 40 kB\n"
    "KernelPageSize:     2048 kB\n"
    "VmFlags: gd rd\n";

typedef struct
{
  guint n;
  guint stop_after;
} Seen;

static gboolean
check_cb (const PscMapping *head, const char *name, gsize name_length, const PscSmaps *smaps,
          const char *vm_flags, gsize vm_flags_length, gpointer user_data)
{
  static const char first_flags[] = "rd wr sh mr mw me gu", second_flags[] = "gd rd";
  Seen *seen = user_data;

  if (seen->n++ == 0)
    {
      g_assert_cmphex (head->start, ==, 0x1000);
      g_assert_cmphex (head->flags, ==, PSC_MAPPING_DELETED);
      g_assert_cmpmem (name, name_length, "/memfd:a", strlen ("/memfd:a"));
      g_assert_cmpuint (smaps->kernel_page_size, ==, 4096);
      g_assert_cmpuint (smaps->mmu_page_size, ==, 4096);
      g_assert_cmpuint (smaps->rss, ==, 4096);
      g_assert_cmpuint (smaps->pss, ==, 2048);
      g_assert_cmpuint (smaps->pss_dirty, ==, 1024);
      g_assert_cmpuint (smaps->shared_clean, ==, 11 * 1024);
      g_assert_cmpuint (smaps->shared_dirty, ==, 12 * 1024);
      g_assert_cmpuint (smaps->private_clean, ==, 13 * 1024);
      g_assert_cmpuint (smaps->private_dirty, ==, 14 * 1024);
      g_assert_cmpuint (smaps->referenced, ==, 15 * 1024);
      g_assert_cmpuint (smaps->anonymous, ==, 16 * 1024);
      g_assert_cmpuint (smaps->ksm, ==, 17 * 1024);
      g_assert_cmpuint (smaps->lazy_free, ==, 18 * 1024);
      g_assert_cmpuint (smaps->anon_huge, ==, 19 * 1024);
      g_assert_cmpuint (smaps->shmem_pmd, ==, 20 * 1024);
      g_assert_cmpuint (smaps->file_pmd, ==, 21 * 1024);
      g_assert_cmpuint (smaps->shared_hugetlb, ==, 22 * 1024);
      g_assert_cmpuint (smaps->private_hugetlb, ==, 23 * 1024);
      g_assert_cmpuint (smaps->swap, ==, 4096);
      g_assert_cmpuint (smaps->swap_pss, ==, 24 * 1024);
      g_assert_cmpuint (smaps->locked, ==, 25 * 1024);
      g_assert_cmpint (smaps->thp_eligible, ==, 1);
      g_assert_cmpmem (vm_flags, vm_flags_length, first_flags, strlen (first_flags));
    }
  else
    {
      g_assert_cmphex (head->end, ==, 0x400000);
      g_assert_cmpuint (name_length, ==, 0);
      g_assert_cmpuint (smaps->rss, ==, 100 * 1024);
      g_assert_cmpuint (smaps->pss, ==, 0);
      g_assert_cmpuint (smaps->kernel_page_size, ==, 2048 * 1024);
      g_assert_cmpint (smaps->thp_eligible, ==, -1);
      g_assert_cmpmem (vm_flags, vm_flags_length, second_flags, strlen (second_flags));
    }
  return seen->n != seen->stop_after;
}

static void
test_fields (void)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  g_assert_true (psc_smaps_parse (two_mappings, strlen (two_mappings), check_cb, &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.n, ==, 2);
}

static void
test_stop (void)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { .stop_after = 1 };

  g_assert_true (psc_smaps_parse (two_mappings, strlen (two_mappings), check_cb, &seen, &error));
  g_assert_cmpuint (seen.n, ==, 1);
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "1000-2000 rw-p nonsense\nRss: 4 kB\n",
    "Rss: 4 kB\n",
    "\n",
    "1000-2000 rw-p 0 00:00 0 \nRss: 4 kB\n2000-1000 rw-p 0 00:00 0 \n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      PscSmapsSums sums;

      g_assert_false (psc_smaps_sum (texts[i], strlen (texts[i]), &sums, &error));
      g_assert_error (error, PSC_PARSE_ERROR, PSC_PARSE_ERROR_SYNTAX);
    }
}

/* Lines that make no sense are no reason to lose the others. */
static void
test_odd_lines (void)
{
  static const char text[] = "1000-2000 rw-p 0 00:00 0 \n"
                             "\n"
                             "No colon\n"
                             "Rss:\n"
                             "Pss: many kB\n"
                             "Swap: 99999999999999999999 kB\n"
                             "AnonHugePages: 18446744073709551615 kB\n"
                             ": 4 kB\n"
                             "Referenced: 7 kB\n"
                             "THPeligible: \n"
                             "VmFlags:\n"
                             "Anonymous: 8";
  g_autoptr (GError) error = NULL;
  PscSmapsSums sums;

  g_assert_true (psc_smaps_sum (text, strlen (text), &sums, &error));
  g_assert_cmpuint (sums.n_mappings, ==, 1);
  g_assert_cmpuint (sums.rss, ==, 0);
  g_assert_cmpuint (sums.pss, ==, 0);
  g_assert_cmpuint (sums.swap, ==, 0);
  g_assert_cmpuint (sums.anon_huge, ==, 0);
}

static void
test_sum (void)
{
  g_autoptr (GError) error = NULL;
  PscSmapsSums sums;

  g_assert_true (psc_smaps_sum (two_mappings, strlen (two_mappings), &sums, &error));
  g_assert_cmpuint (sums.n_mappings, ==, 2);
  g_assert_cmpuint (sums.size, ==, 0x2000 + 0x200000);
  g_assert_cmpuint (sums.rss, ==, 104 * 1024);
  g_assert_cmpuint (sums.pss, ==, 2 * 1024);
  g_assert_cmpuint (sums.swap, ==, 44 * 1024);
  g_assert_cmpuint (sums.anon_huge, ==, 19 * 1024);
  g_assert_cmpuint (sums.shmem_pmd, ==, 20 * 1024);
  g_assert_cmpuint (sums.file_pmd, ==, 21 * 1024);
  g_assert_cmpuint (sums.shared_hugetlb, ==, 22 * 1024);
  g_assert_cmpuint (sums.private_hugetlb, ==, 23 * 1024);
}

static PscSpaceBuilder *
build (const char *maps)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);

  g_assert_true (psc_maps_parse (maps, strlen (maps), builder, NULL, NULL));
  return builder;
}

/* Mappings came, went and grew between the two reads. */
static void
test_apply (void)
{
  PscSpaceBuilder *builder = build ("0-1000 rw-p 0 00:00 0 \n"
                                    "1000-3000 rw-s 0 00:01 5 /memfd:a (deleted)\n"
                                    "3000-4000 rw-p 0 00:00 0 \n"
                                    "200000-400000 rw-p 0 00:00 0 \n"
                                    "400000-500000 rw-p 0 00:00 0 \n");
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;

  g_assert_cmpint (psc_smaps_apply (two_mappings, strlen (two_mappings), builder, &error), ==, 3);
  g_assert_no_error (error);
  space = psc_space_builder_freeze (builder);
  g_assert_cmphex (space->mappings[0].flags & PSC_MAPPING_MOVING, !=, 0);
  g_assert_cmphex (space->mappings[1].flags & PSC_MAPPING_MOVING, ==, 0);
  g_assert_cmphex (space->mappings[2].flags & PSC_MAPPING_MOVING, !=, 0);
  g_assert_cmphex (space->mappings[4].flags & PSC_MAPPING_MOVING, !=, 0);
  g_assert_cmpuint (space->smaps[0].rss, ==, 0);
  g_assert_cmpuint (space->smaps[1].rss, ==, 4096);
  g_assert_cmpstr (space->smaps[1].vm_flags, ==, "rd wr sh mr mw me gu");
  g_assert_cmpuint (space->mappings[1].swapped, ==, 4096); /* shared: smaps alone knows */
  g_assert_cmpuint (space->mappings[3].swapped, ==, 0);    /* anonymous: its pages know */
  g_assert_cmpuint (space->mappings[1].page_shift, ==, 12);
  g_assert_cmpuint (space->mappings[3].page_shift, ==, 21);
  g_assert_cmphex (space->mappings[1].flags & PSC_MAPPING_GROWS_DOWN, ==, 0);
  g_assert_cmphex (space->mappings[3].flags & PSC_MAPPING_GROWS_DOWN, !=, 0);
}

static void
test_apply_grown (void)
{
  PscSpaceBuilder *builder = build ("1000-2000 rw-s 0 00:01 5 /memfd:a (deleted)\n");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (psc_smaps_apply (two_mappings, strlen (two_mappings), builder, &error), ==, 1);
  psc_space_builder_free (builder);
}

static void
test_apply_bad (void)
{
  static const char text[] = "1000-2000 rw-p 0 00:00 0 \nRss: 4 kB\n3000 \n";
  PscSpaceBuilder *builder = build ("1000-2000 rw-p 0 00:00 0 \n");
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;

  g_assert_cmpint (psc_smaps_apply (text, strlen (text), builder, &error), ==, -1);
  g_assert_error (error, PSC_PARSE_ERROR, PSC_PARSE_ERROR_SYNTAX);
  space = psc_space_builder_freeze (builder);
  g_assert_null (space->smaps);
}

/* Sums as the simplest way makes them. */
static void
test_fixture (gconstpointer fixture_name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (fixture_name);
  gsize length;
  const char *text = psc_fixture_get (fixture, "smaps", &length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GError) error = NULL;
  guint64 rss = 0, pss = 0, n = 0;
  PscSmapsSums sums;

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "Rss:"))
      rss += g_ascii_strtoull (lines[i] + 4, NULL, 10) * 1024;
    else if (g_str_has_prefix (lines[i], "Pss:"))
      pss += g_ascii_strtoull (lines[i] + 4, NULL, 10) * 1024;
    else if (g_str_has_prefix (lines[i], "VmFlags:"))
      n++;
  g_assert_true (psc_smaps_sum (text, length, &sums, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sums.n_mappings, ==, n);
  g_assert_cmpuint (sums.rss, ==, rss);
  g_assert_cmpuint (sums.pss, ==, pss);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smaps/fields", test_fields);
  g_test_add_func ("/smaps/stop", test_stop);
  g_test_add_func ("/smaps/bad", test_bad);
  g_test_add_func ("/smaps/odd-lines", test_odd_lines);
  g_test_add_func ("/smaps/sum", test_sum);
  g_test_add_func ("/smaps/apply", test_apply);
  g_test_add_func ("/smaps/apply-grown", test_apply_grown);
  g_test_add_func ("/smaps/apply-bad", test_apply_bad);
  names = psc_fixture_list ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/smaps/fixture/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_fixture);
    }
  return g_test_run ();
}
