/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of a snapshot is cold, and what is said before anything is done. */

#include "psc-cold.h"

#include <string.h>

#include "psc-frame-traits.h"

static PscSpace *
new_space (gboolean with_smaps)
{
  static const PscMapping mappings[] = {
    { .start = 0x10000, .end = 0x20000, .name = "/x", .kind = PSC_KIND_TEXT },
    { .start = 0x20000, .end = 0x40000, .name = "[heap]", .kind = PSC_KIND_HEAP },
    { .start = 0x50000, .end = 0x70000, .name = "", .kind = PSC_KIND_ANON },
    { .start = 0x80000, .end = 0x90000, .name = "", .kind = PSC_KIND_ANON },
  };
  static const guint64 sums[][2] = {
    { 0x8000, 0x8000 }, { 0x20000, 0x1000 }, { 0, 0 }, { 0x4000, 0x5000 }
  };
  g_autoptr (PscSpaceBuilder) builder = psc_space_builder_new (4096);

  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
    g_assert_true (psc_space_builder_add_mapping (builder, &mappings[i]));
  if (with_smaps)
    {
      PscSmaps *smaps = psc_space_builder_add_smaps (builder);

      for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
        {
          smaps[i].rss = sums[i][0];
          smaps[i].referenced = sums[i][1];
        }
    }
  return psc_space_builder_freeze (g_steal_pointer (&builder));
}

static void
check_sums (const PscColdSums *sums, guint64 resident, guint64 touched)
{
  g_assert_cmphex (sums->resident, ==, resident);
  g_assert_cmphex (sums->touched, ==, touched);
  g_assert_cmphex (sums->cold, ==, resident - touched);
  g_assert_cmphex (sums->unknown, ==, 0);
}

static void
test_sums (void)
{
  g_autoptr (PscSpace) space = new_space (TRUE);
  g_autoptr (PscCold) cold = psc_cold_new (space);

  g_assert_cmpint (cold->source, ==, PSC_COLD_REFERENCED);
  check_sums (&cold->mappings[0], 0x8000, 0x8000);
  check_sums (&cold->mappings[1], 0x20000, 0x1000);
  check_sums (&cold->mappings[2], 0, 0);
  /* What is mapped no more may have been touched: never more than there is. */
  check_sums (&cold->mappings[3], 0x4000, 0x4000);
  check_sums (&cold->kinds[PSC_KIND_HEAP], 0x20000, 0x1000);
  check_sums (&cold->kinds[PSC_KIND_ANON], 0x4000, 0x4000);
  check_sums (&cold->kinds[PSC_KIND_STACK], 0, 0);
  check_sums (&cold->total, 0x2c000, 0xd000);
}

/* Nothing known is not nothing touched. */
static void
test_no_smaps (void)
{
  g_autoptr (PscSpace) space = new_space (FALSE);

  g_assert_null (psc_cold_new (space));
}

static void
test_estimate (void)
{
  const PscColdEstimate none = psc_cold_estimate (0);
  const PscColdEstimate four = psc_cold_estimate (G_GUINT64_CONSTANT (4) << 30);
  g_autofree char *warning = psc_cold_dup_warning ("srv", 42, G_GUINT64_CONSTANT (4) << 30);

  g_assert_cmpint (none.clear_high_usec, ==, 0);
  g_assert_cmpint (four.clear_low_usec, ==, 58000);
  g_assert_cmpint (four.clear_high_usec, ==, 72000);
  g_assert_cmpint (four.slower_usec, ==, 180000);
  g_assert_nonnull (strstr (warning, "srv (42)"));
  g_assert_nonnull (strstr (warning, "4 GiB resident"));
  g_assert_nonnull (strstr (warning, "about 72 ms"));
  g_assert_null (strchr (warning, '\n'));
}

static void
test_activity (void)
{
  static const struct
  {
    guint64 flags;
    PscActivity activity;
  } cases[] = {
    { 0, PSC_ACTIVITY_UNUSED },
    { 1 << 2, PSC_ACTIVITY_USED },                      /* referenced */
    { 1 << 6, PSC_ACTIVITY_USED },                      /* active */
    { 1 << 18, PSC_ACTIVITY_USED },                     /* unevictable */
    { 1 << 5 | 1 << 4 | 1 << 12, PSC_ACTIVITY_UNUSED }, /* on a list, dirty, anonymous */
  };
  PscFramedPage pages[] = {
    { 0x1000, 7, 4096, 0 },
    { 0x2000, 8, 4096, 0 },
    { 0x3000, 9, 4096, 1 << 6 },
    { 0x4000, 10, 0, 0 }, /* flags not known */
  };
  g_autoptr (PscTraits) traits = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (psc_activity (cases[i].flags), ==, cases[i].activity);
  traits = psc_frame_traits_new_activity (pages, G_N_ELEMENTS (pages), 4096, 0, G_MAXUINT64);
  g_assert_cmpuint (traits->n_traits, ==, 2);
  g_assert_cmpuint (traits->traits[0].n_pages, ==, 2);
  g_assert_cmpuint (traits->traits[0].value, ==, PSC_ACTIVITY_UNUSED);
  g_assert_cmpuint (traits->traits[1].value, ==, PSC_ACTIVITY_USED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cold/sums", test_sums);
  g_test_add_func ("/cold/no-smaps", test_no_smaps);
  g_test_add_func ("/cold/estimate", test_estimate);
  g_test_add_func ("/cold/activity", test_activity);
  return g_test_run ();
}
