/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parts of the window that need no display: history of views, way through the page tables. */

#include "psc-inspector-details.h"
#include "psc-page-walk.h"
#include "psc-unknown-note.h"
#include "psc-view-history.h"
#include "psc-vm-flags.h"

static PscSpace *
make_space (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  const PscMapping block = { .start = 0x10000000,
                             .end = 0x20000000,
                             .name = "",
                             .perms = PSC_PERM_READ,
                             .flags = PSC_MAPPING_PAGES_KNOWN };

  g_assert_true (psc_space_builder_add_mapping (builder, &block));
  g_assert_true (psc_space_builder_add_run (builder, block.start, block.end, PSC_PAGE_PRESENT));
  return psc_space_builder_freeze (builder);
}

static void
test_history (void)
{
  g_autoptr (PscSpace) space = make_space ();
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  PscViewHistory history;
  PscViewBookmark all, near, to;
  PscView view;

  psc_view_history_init (&history);
  psc_view_fit (&view, layout, 800, 600);
  all = psc_view_bookmark (&view, layout, TRUE);
  psc_view_history_leave (&history, &all);
  psc_view_zoom (&view, layout, 6, 200, 100);
  near = psc_view_bookmark (&view, layout, FALSE);

  g_assert_false (psc_view_history_forward (&history, &near, &to));
  g_assert_true (psc_view_history_back (&history, &near, &to));
  g_assert_true (to.fit);
  g_assert_false (psc_view_history_back (&history, &all, &to));
  g_assert_true (psc_view_history_forward (&history, &all, &to));
  g_assert_cmpfloat (to.row_height, ==, near.row_height);
  psc_view_history_leave (&history, &near);
  g_assert_false (psc_view_history_forward (&history, &near, &to));
  psc_view_history_clear (&history);
  g_assert_false (psc_view_history_back (&history, &all, &to));
  psc_view_history_finish (&history);
}

/* A bookmark gives back zoom and middle, also in a window of another size. */
static void
test_bookmark (void)
{
  g_autoptr (PscSpace) space = make_space ();
  g_autoptr (PscLayout) layout = psc_layout_new (space, NULL);
  PscView view, other;
  PscViewBookmark bookmark;
  PscPlace before, after;

  psc_view_fit (&view, layout, 800, 600);
  psc_view_zoom (&view, layout, 30, 300, 200);
  bookmark = psc_view_bookmark (&view, layout, FALSE);
  before = psc_view_hit (&view, layout, 400, 300);
  psc_view_fit (&other, layout, 1000, 400);
  psc_view_bookmark_apply (&bookmark, &other, layout);
  after = psc_view_hit (&other, layout, 500, 200);
  g_assert_cmpfloat (other.row_height, ==, view.row_height);
  g_assert_cmpint (before.type, ==, PSC_PLACE_PAGE);
  g_assert_cmphex (after.start, ==, before.start);
}

static void
test_limit (void)
{
  PscViewHistory history;
  PscViewBookmark place = { .row_height = 1 }, to;
  guint n = 0;

  psc_view_history_init (&history);
  for (guint i = 0; i < 3 * PSC_VIEW_HISTORY_MAX; i++)
    {
      place.row_height = 1 + i;
      psc_view_history_leave (&history, &place);
      psc_view_history_leave (&history, &place);
    }
  place.row_height = 0.5;
  while (psc_view_history_back (&history, &place, &to))
    {
      place = to;
      n++;
    }
  g_assert_cmpuint (n, ==, PSC_VIEW_HISTORY_MAX);
  psc_view_history_finish (&history);
}

static void
test_walk (void)
{
  static const struct
  {
    guint64 address;
    gsize page_size;
    guint64 highest;
    guint mapped_shift;
    const char *text;
  } cases[] = {
    { 0, 4096, 0x7fffffffffff, 12, "PGD 0 · PUD 0\nPMD 0 · PTE 0" },
    { 0x7ffffffff000, 4096, 0x7fffffffffff, 12, "PGD 255 · PUD 511\nPMD 511 · PTE 511" },
    { 0x7f0012345000, 4096, 0x7fffffffffff, 12, "PGD 254 · PUD 0\nPMD 145 · PTE 325" },
    { 0x40205000, 4096, 0x7fffffffffff, 21, "PGD 0 · PUD 1 · PMD 1\npage 5 of the entry’s 512" },
    { 0x40205000, 4096, 0x7fffffffffff, 30, "PGD 0 · PUD 1\npage 517 of the entry’s 262144" },
    { 0xff000000001000, 4096, 0xffffffffffffff, 12, "PGD 255 · P4D 0 · PUD 0\nPMD 0 · PTE 1" },
    { 0xffffffffff600000, 4096, 0xffffffffff600fff, 12, "PGD 511 · PUD 511\nPMD 507 · PTE 0" },
    { 0x12340000, 65536, 0x7fffffffffff, 16, "PGD 0 · PMD 0\nPTE 4660" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscPageWalk walk = psc_page_walk (cases[i].address, cases[i].page_size, cases[i].highest);
      g_autofree char *text = psc_page_walk_format (&walk, cases[i].mapped_shift, cases[i].address);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_vm_flags (void)
{
  static const struct
  {
    const char *flags, *text;
  } cases[] = {
    { "", "" },
    { "rd", "readable" },
    { "rd wr mr mw me gd ac",
      "readable, writable, may be made readable, may be made writable, may be made executable, "
      "grows down, counted as committed memory" },
    { " rd  ht ", "readable, from the pool of huge pages" },
    { "rd zz", "readable, “zz”" },
    { "\xff\n", "“\\xff\\n”" },
    { "sl dp gu", "sealed, dropped when memory is short, has guard pages" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_vm_flags_describe (cases[i].flags);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_age (void)
{
  static const struct
  {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { -5, "read just now" },      { 0, "read just now" },    { 1, "read just now" },
    { 2, "read 2 s ago" },        { 119, "read 119 s ago" }, { 120, "read 2 min ago" },
    { 7199, "read 119 min ago" }, { 7200, "read 2 h ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_inspector_details_format_age (cases[i].seconds * G_USEC_PER_SEC);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_unknown (void)
{
  static const struct
  {
    PscUnknown unknown;
    const char *text;
  } cases[] = {
    { { PSC_REASON_DENIED, "page frames", "the kernel hides them", "run as root" },
      "The kernel hides them. What helps: run as root." },
    { { PSC_REASON_TORN, "mappings", "They moved.", "" }, "They moved." },
    { { PSC_REASON_FAILED, "smaps", "äh", "" }, "Äh." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_unknown_dup_text (&cases[i].unknown);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* What was measured: 45 ms for 4 GiB of small pages, and 3 µs for a mapping. */
static void
test_details_cost (void)
{
  PscSpace space = { .n_mappings = 1000 };

  g_assert_cmpint (psc_session_estimate_details_usec (&space), ==, 3000);
  space.totals.resident = G_GUINT64_CONSTANT (8) << 30;
  g_assert_cmpint (psc_session_estimate_details_usec (&space), ==, 93000);
  space.totals.huge = G_GUINT64_CONSTANT (4) << 30;
  g_assert_cmpint (psc_session_estimate_details_usec (&space), ==, 48000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/history", test_history);
  g_test_add_func ("/parts/bookmark", test_bookmark);
  g_test_add_func ("/parts/limit", test_limit);
  g_test_add_func ("/parts/walk", test_walk);
  g_test_add_func ("/parts/vm-flags", test_vm_flags);
  g_test_add_func ("/parts/age", test_age);
  g_test_add_func ("/parts/unknown", test_unknown);
  g_test_add_func ("/parts/details-cost", test_details_cost);
  return g_test_run ();
}
