/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-space.h"

#define PAGE     4096
#define AT(page) ((guint64) (page) *PAGE)

#define P PSC_PAGE_PRESENT
#define S PSC_PAGE_SWAPPED
#define H PSC_PAGE_HUGE

static PscMapping
make_mapping (guint64 first, guint64 end)
{
  return (PscMapping){
    .start = AT (first), .end = AT (end), .flags = PSC_MAPPING_PAGES_KNOWN, .kind = PSC_KIND_ANON
  };
}

static gboolean
add_mapping (PscSpaceBuilder *builder, guint64 first, guint64 end)
{
  PscMapping mapping = make_mapping (first, end);

  return psc_space_builder_add_mapping (builder, &mapping);
}

static gboolean
add_run (PscSpaceBuilder *builder, guint64 first, guint64 end, guint16 state)
{
  return psc_space_builder_add_run (builder, AT (first), AT (end), state);
}

/* "1-5:3 …": first page, end, state of each run. */
static void
check_runs (const PscSpace *space, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < space->n_runs; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT ":%u",
                            i > 0 ? " " : "", space->runs[i].start / PAGE,
                            psc_run_end (&space->runs[i], PAGE) / PAGE, space->runs[i].state);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_empty (void)
{
  g_autoptr (PscSpace) space = psc_space_builder_freeze (psc_space_builder_new (PAGE));

  g_assert_cmpuint (space->n_mappings, ==, 0);
  g_assert_cmpuint (space->totals.size, ==, 0);
  g_assert_null (psc_space_lookup (space, 0));
  g_assert_cmpuint (psc_space_lower_bound (space, 0), ==, 0);
  g_assert_cmpstr (space->name, ==, "");
  g_assert_cmpstr (space->kernel, ==, "");
  g_assert_null (space->smaps);
}

static void
test_builder_freed (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);

  add_mapping (builder, 1, 2);
  add_run (builder, 1, 2, P);
  psc_space_builder_add_smaps (builder);
  psc_space_builder_add_unknown (builder, PSC_REASON_DENIED, "what", "why", "remedy");
  psc_space_builder_free (builder);
  psc_space_builder_free (NULL);
  psc_space_unref (NULL);
}

static void
test_geometry (void)
{
  static const struct
  {
    gsize page_size;
    guint64 row_size;
    guint8 page_shift;
  } cases[] = {
    { 4096, 2 << 20, 12 },
    { 16384, 32 << 20, 14 },
    { 65536, 512 << 20, 16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscSpaceBuilder *builder = psc_space_builder_new (cases[i].page_size);
      PscMapping mapping = { .start = 1 << 20, .end = 2 << 20 };
      g_autoptr (PscSpace) space = NULL;

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
      space = psc_space_builder_freeze (builder);
      g_assert_cmpuint (space->row_size, ==, cases[i].row_size);
      g_assert_cmpuint (space->mappings[0].page_shift, ==, cases[i].page_shift);
      g_assert_cmpstr (space->mappings[0].name, ==, "");
    }
}

static void
test_mappings_in_order (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscMapping unaligned = { .start = 0x20001, .end = 0x30000 };
  g_autoptr (PscSpace) space = NULL;

  g_assert_true (add_mapping (builder, 1, 3));
  g_assert_false (add_mapping (builder, 2, 4)); /* overlaps */
  g_assert_false (add_mapping (builder, 0, 1)); /* backwards */
  g_assert_false (add_mapping (builder, 5, 5)); /* empty */
  g_assert_false (add_mapping (builder, 6, 5));
  g_assert_false (psc_space_builder_add_mapping (builder, &unaligned));
  g_assert_true (add_mapping (builder, 3, 5)); /* touches */
  g_assert_true (add_mapping (builder, 0xfffffffffff00, 0xfffffffffffff));
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->n_mappings, ==, 3);
}

static void
test_lookup (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 2, 4);
  add_mapping (builder, 4, 5);
  add_mapping (builder, 8, 10);
  space = psc_space_builder_freeze (builder);
  g_assert_null (psc_space_lookup (space, AT (2) - 1));
  g_assert_true (psc_space_lookup (space, AT (2)) == &space->mappings[0]);
  g_assert_true (psc_space_lookup (space, AT (4) - 1) == &space->mappings[0]);
  g_assert_true (psc_space_lookup (space, AT (4)) == &space->mappings[1]);
  g_assert_null (psc_space_lookup (space, AT (5)));
  g_assert_null (psc_space_lookup (space, AT (8) - 1));
  g_assert_true (psc_space_lookup (space, AT (9)) == &space->mappings[2]);
  g_assert_null (psc_space_lookup (space, AT (10)));
  g_assert_null (psc_space_lookup (space, G_MAXUINT64));
  g_assert_cmpuint (psc_space_lower_bound (space, 0), ==, 0);
  g_assert_cmpuint (psc_space_lower_bound (space, AT (5)), ==, 2);
  g_assert_cmpuint (psc_space_lower_bound (space, AT (10)), ==, 3);
  g_assert_cmpuint (psc_space_mapping_index (space, psc_space_lookup (space, AT (9))), ==, 2);
}

/* The kernel merges across mappings; runs are cut at their borders and where nothing is mapped. */
static void
test_runs_are_cut (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 2, 4);
  add_mapping (builder, 4, 6);
  add_mapping (builder, 8, 10);
  add_mapping (builder, 12, 14);
  g_assert_true (add_run (builder, 0, 1, P)); /* below all */
  g_assert_true (add_run (builder, 1, 9, P)); /* across three */
  g_assert_true (add_run (builder, 9, 11, S));
  g_assert_true (add_run (builder, 13, 99, P)); /* beyond all */
  space = psc_space_builder_freeze (builder);
  check_runs (space, "2-4:1 4-6:1 8-9:1 9-10:2 13-14:1");
  g_assert_cmpuint (space->mappings[0].first_run, ==, 0);
  g_assert_cmpuint (space->mappings[0].n_runs, ==, 1);
  g_assert_cmpuint (space->mappings[2].first_run, ==, 2);
  g_assert_cmpuint (space->mappings[2].n_runs, ==, 2);
  g_assert_cmpuint (space->mappings[3].first_run, ==, 4);
  g_assert_cmpuint (space->mappings[3].n_runs, ==, 1);
}

static void
test_runs_are_merged (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 0, 20);
  add_run (builder, 0, 2, P);
  add_run (builder, 2, 4, P);     /* goes on */
  add_run (builder, 4, 5, P | H); /* another state */
  add_run (builder, 6, 7, P | H); /* a hole before it */
  add_run (builder, 7, 8, 0);     /* nothing to say of it */
  add_run (builder, 8, 9, H);     /* nor of this: untouched */
  add_run (builder, 9, 10, P | H);
  space = psc_space_builder_freeze (builder);
  check_runs (space, "0-4:1 4-5:9 6-7:9 9-10:9");
}

static void
test_runs_in_order (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 0, 20);
  g_assert_true (add_run (builder, 4, 6, P));
  g_assert_false (add_run (builder, 5, 7, P));
  g_assert_false (add_run (builder, 0, 1, P));
  g_assert_false (add_run (builder, 8, 8, P));
  g_assert_false (add_run (builder, 9, 8, P));
  g_assert_false (psc_space_builder_add_run (builder, AT (8) + 1, AT (9), P));
  g_assert_false (psc_space_builder_add_run (builder, AT (8), AT (9) - 1, P));
  g_assert_true (add_run (builder, 6, 7, S));
  space = psc_space_builder_freeze (builder);
  check_runs (space, "4-6:1 6-7:2");
}

/* A run counts its pages in 32 bits; a mapping may have more. */
static void
test_huge_runs (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  const guint64 most = G_MAXUINT32;
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 0, 3 * most);
  add_run (builder, 0, 2 * most + 5, P);
  add_run (builder, 2 * most + 5, 2 * most + 6, P); /* fits the last */
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->n_runs, ==, 3);
  g_assert_cmpuint (space->runs[0].n_pages, ==, most);
  g_assert_cmpuint (space->runs[2].n_pages, ==, 6);
  g_assert_cmpuint (space->totals.resident, ==, AT (2 * most + 6));
  g_assert_cmpint (psc_space_page_class (space, space->mappings, AT (2 * most)), ==,
                   PSC_CLASS_RESIDENT);
  g_assert_cmpint (psc_space_page_class (space, space->mappings, AT (2 * most + 6)), ==,
                   PSC_CLASS_ABSENT);
}

static void
test_full_run_is_not_merged (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  const guint64 most = G_MAXUINT32;
  g_autoptr (PscSpace) space = NULL;

  add_mapping (builder, 0, 2 * most);
  add_run (builder, 0, most - 1, P);
  add_run (builder, most - 1, most + 1, P);
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->n_runs, ==, 2);
  g_assert_cmpuint (space->runs[0].n_pages, ==, most - 1);
  g_assert_cmpuint (space->runs[1].n_pages, ==, 2);
}

static void
test_lookup_run (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  PscMapping unknown = make_mapping (20, 22);

  unknown.flags = 0;
  add_mapping (builder, 0, 10);
  add_mapping (builder, 10, 20);
  psc_space_builder_add_mapping (builder, &unknown);
  add_run (builder, 1, 2, P);
  add_run (builder, 4, 6, S);
  add_run (builder, 10, 11, P);
  space = psc_space_builder_freeze (builder);
  g_assert_null (psc_space_lookup_run (space, &space->mappings[0], AT (0)));
  g_assert_true (psc_space_lookup_run (space, &space->mappings[0], AT (1)) == &space->runs[0]);
  g_assert_null (psc_space_lookup_run (space, &space->mappings[0], AT (3)));
  g_assert_true (psc_space_lookup_run (space, &space->mappings[0], AT (6) - 1) == &space->runs[1]);
  g_assert_null (psc_space_lookup_run (space, &space->mappings[0], AT (6)));
  g_assert_null (psc_space_lookup_run (space, &space->mappings[0], AT (10))); /* not its own */
  g_assert_true (psc_space_lookup_run (space, &space->mappings[1], AT (10)) == &space->runs[2]);
  g_assert_null (psc_space_lookup_run (space, &space->mappings[2], AT (20)));
  g_assert_cmpint (psc_space_page_class (space, &space->mappings[0], AT (4)), ==,
                   PSC_CLASS_SWAPPED);
  g_assert_cmpint (psc_space_page_class (space, &space->mappings[0], AT (9)), ==, PSC_CLASS_ABSENT);
  g_assert_cmpint (psc_space_page_class (space, &space->mappings[2], AT (20)), ==,
                   PSC_CLASS_UNKNOWN);
}

static void
test_totals (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  PscMapping heap = make_mapping (0, 20), other = make_mapping (20, 40);
  guint64 in_classes = 0;

  heap.kind = PSC_KIND_HEAP;
  other.flags = 0; /* page states not known */
  psc_space_builder_add_mapping (builder, &heap);
  psc_space_builder_add_mapping (builder, &other);
  add_run (builder, 0, 1, P);
  add_run (builder, 1, 3, P | PSC_PAGE_FILE);
  add_run (builder, 3, 6, P | H);
  add_run (builder, 6, 10, P | PSC_PAGE_ZERO);
  add_run (builder, 10, 15, S);
  add_run (builder, 15, 16, S | PSC_PAGE_GUARD);
  add_run (builder, 20, 21, P);
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->mappings[0].resident, ==, AT (6));
  g_assert_cmpuint (space->mappings[0].huge, ==, AT (3));
  g_assert_cmpuint (space->mappings[0].zero, ==, AT (4));
  g_assert_cmpuint (space->mappings[0].swapped, ==, AT (5));
  g_assert_cmpuint (space->mappings[0].hugetlb, ==, 0);
  g_assert_cmpuint (space->totals.n_mappings, ==, 2);
  g_assert_cmpuint (space->totals.size, ==, AT (40));
  g_assert_cmpuint (space->totals.resident, ==, AT (7));
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_GUARD], ==, AT (1));
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_ABSENT], ==, AT (4));
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_UNKNOWN], ==, AT (19));
  g_assert_cmpuint (space->kinds[PSC_KIND_HEAP].resident, ==, AT (6));
  g_assert_cmpuint (space->kinds[PSC_KIND_ANON].resident, ==, AT (1));
  g_assert_cmpuint (space->kinds[PSC_KIND_TEXT].n_mappings, ==, 0);
  for (guint i = 0; i < PSC_N_CLASSES; i++)
    in_classes += space->totals.classes[i];
  g_assert_cmpuint (in_classes, ==, space->totals.size);
}

/* Pages of a mapping of large pages are of the pool, whenever its page size became known. */
static void
test_hugetlb (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  guint n;

  add_mapping (builder, 512, 3 * 512);
  add_mapping (builder, 3 * 512, 4 * 512);
  add_run (builder, 512, 2 * 512, P | H);
  add_run (builder, 2 * 512, 3 * 512, H);
  add_run (builder, 3 * 512, 4 * 512, P | H);
  psc_space_builder_get_mappings (builder, &n)[0].page_shift = 21;
  psc_space_builder_bind_runs (builder);
  psc_space_builder_bind_runs (builder);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (psc_page_class (psc_space_builder_get_space (builder)->runs[0].state), ==,
                   PSC_CLASS_HUGETLB);
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->n_runs, ==, 2);
  g_assert_cmpuint (space->mappings[0].hugetlb, ==, AT (512));
  g_assert_cmpuint (space->mappings[0].resident, ==, 0);
  g_assert_cmpuint (space->mappings[0].huge, ==, 0);
  g_assert_cmpuint (space->mappings[1].huge, ==, AT (512));
  g_assert_cmpuint (space->mappings[1].hugetlb, ==, 0);
}

/* Swapped shared memory looks absent; smaps knows better. */
static void
test_swapped_beyond_runs (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  PscMapping more = make_mapping (0, 10), less = make_mapping (10, 20),
             silly = make_mapping (20, 22);

  more.swapped = AT (4);
  less.swapped = AT (1);
  silly.swapped = AT (100);
  psc_space_builder_add_mapping (builder, &more);
  psc_space_builder_add_mapping (builder, &less);
  psc_space_builder_add_mapping (builder, &silly);
  add_run (builder, 0, 1, S);
  add_run (builder, 10, 13, S);
  add_run (builder, 20, 21, P);
  space = psc_space_builder_freeze (builder);
  g_assert_cmpuint (space->mappings[0].swapped, ==, AT (4));
  g_assert_cmpuint (space->mappings[1].swapped, ==, AT (3));
  g_assert_cmpuint (space->mappings[2].swapped, ==, AT (1)); /* never more than there is room */
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_SWAPPED], ==, AT (8));
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_ABSENT], ==, AT (6 + 7 + 0));
}

static void
test_intern (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  const char *a = psc_space_builder_intern (builder, "/lib/a.so and more", 9);
  const char *b = psc_space_builder_intern (builder, "/lib/b.so", -1);

  g_assert_cmpstr (a, ==, "/lib/a.so");
  g_assert_true (a != b);
  g_assert_true (psc_space_builder_intern (builder, "/lib/b.so", 9) == b);
  g_assert_true (psc_space_builder_intern (builder, "/lib/a.so", -1) == a);
  g_assert_cmpstr (psc_space_builder_intern (builder, "/lib/a.s", -1), ==, "/lib/a.s");
  g_assert_cmpstr (psc_space_builder_intern (builder, NULL, -1), ==, "");
  g_assert_cmpstr (psc_space_builder_intern (builder, "", -1), ==, "");
  g_assert_cmpstr (psc_space_builder_intern (builder, "cut\0off", 7), ==, "cut");
  psc_space_builder_free (builder);
}

static void
test_label (void)
{
  static const struct
  {
    const char *name;
    const char *label;
  } cases[] = {
    { "", "Heap" },
    { "/dev/zero", "Heap" },
    { "[stack]", "[stack]" },
    { "/usr/lib/libc.so.6", "libc.so.6" },
    { "/SYSV0000002a", "SYSV0000002a" },
    { "/memfd:a/b", "memfd:a/b" },
    { "/odd/", "/odd/" },
    { "anon_inode:[perf_event]", "anon_inode:[perf_event]" },
    { "/tmp/two\nlines \xff", "two\\nlines \\xff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscMapping mapping = { .name = cases[i].name, .kind = PSC_KIND_HEAP };
      g_autofree char *label = psc_mapping_dup_label (&mapping);

      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

static void
test_perms (void)
{
  PscMapping mapping = { .perms = PSC_PERM_READ | PSC_PERM_EXEC };
  char perms[5];

  psc_mapping_format_perms (&mapping, perms);
  g_assert_cmpstr (perms, ==, "r-xp");
  mapping.perms = PSC_PERM_WRITE | PSC_PERM_SHARED;
  psc_mapping_format_perms (&mapping, perms);
  g_assert_cmpstr (perms, ==, "-w-s");
}

static void
test_unknowns_and_smaps (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  PscSmaps *smaps;

  add_mapping (builder, 1, 2);
  add_mapping (builder, 2, 3);
  smaps = psc_space_builder_add_smaps (builder);
  g_assert_true (psc_space_builder_add_smaps (builder) == smaps);
  g_assert_cmpstr (smaps[1].vm_flags, ==, "");
  g_assert_cmpint (smaps[1].thp_eligible, ==, -1);
  psc_space_builder_add_unknown (builder, PSC_REASON_DENIED, "page states", "because", NULL);
  psc_space_builder_add_unknown (builder, PSC_REASON_TORN, "maps", "moved", "look again");
  space = psc_space_builder_freeze (builder);
  g_assert_true (space->smaps == smaps);
  g_assert_cmpuint (space->n_unknowns, ==, 2);
  g_assert_cmpint (space->unknowns[0].reason, ==, PSC_REASON_DENIED);
  g_assert_cmpstr (space->unknowns[0].remedy, ==, "");
  g_assert_cmpstr (space->unknowns[1].what, ==, "maps");
}

/* The same pages, said in whatever pieces, make the same space. */
static void
test_any_pieces (void)
{
  for (guint round = 0; round < 200; round++)
    {
      PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
      g_autoptr (PscSpace) space = NULL;
      guint16 states[256] = { 0 };
      gboolean mapped[256] = { FALSE };
      guint64 at = 0;

      while (at < 250)
        {
          guint64 first = at + g_test_rand_int_range (0, 4);
          guint64 end = first + g_test_rand_int_range (1, 20);

          end = MIN (end, 256);
          g_assert_true (add_mapping (builder, first, end));
          for (guint64 i = first; i < end; i++)
            mapped[i] = TRUE;
          at = end;
        }
      for (at = 0; at < 250;)
        {
          guint64 end = at + g_test_rand_int_range (1, 30);
          guint16 state = g_test_rand_int_range (0, 4);

          end = MIN (end, 256);
          g_assert_true (add_run (builder, at, end, state));
          for (guint64 i = at; i < end; i++)
            states[i] = state;
          at = end + g_test_rand_int_range (0, 3);
        }
      space = psc_space_builder_freeze (builder);
      for (guint64 i = 0; i < 256; i++)
        {
          const PscMapping *mapping = psc_space_lookup (space, AT (i));

          g_assert_cmpint (mapping != NULL, ==, mapped[i]);
          if (mapping != NULL)
            g_assert_cmpint (psc_space_page_class (space, mapping, AT (i)), ==,
                             psc_page_class (states[i]));
        }
    }
}

/* Device memory: no page of it is told, and no sum has it. */
static void
test_marked_special (void)
{
  static const guint indices[] = { 0, 2, 4 };
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;

  for (guint i = 0; i < 5; i++)
    g_assert_true (add_mapping (builder, 10 * i, 10 * i + 4));
  g_assert_true (add_run (builder, 10, 11, P));
  g_assert_true (add_run (builder, 12, 14, S));
  g_assert_true (add_run (builder, 31, 33, P | H));
  psc_space_builder_bind_runs (builder);
  psc_space_builder_mark_special (builder, indices, G_N_ELEMENTS (indices));
  space = psc_space_builder_freeze (builder);
  check_runs (space, "0-4:256 10-11:1 12-14:2 20-24:256 31-33:9 40-44:256");
  for (guint i = 0; i < 5; i += 2)
    {
      g_assert_cmpint (psc_space_page_class (space, &space->mappings[i], AT (10 * i + 3)), ==,
                       PSC_CLASS_SPECIAL);
      g_assert_cmpuint (space->mappings[i].resident, ==, 0);
    }
  g_assert_cmpuint (space->mappings[1].resident, ==, PAGE);
  g_assert_cmpuint (space->mappings[1].swapped, ==, 2 * PAGE);
  g_assert_cmpuint (space->mappings[3].huge, ==, 2 * PAGE);
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_SPECIAL], ==, 12 * PAGE);
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_ABSENT], ==, 3 * PAGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/space/empty", test_empty);
  g_test_add_func ("/space/builder-freed", test_builder_freed);
  g_test_add_func ("/space/geometry", test_geometry);
  g_test_add_func ("/space/mappings-in-order", test_mappings_in_order);
  g_test_add_func ("/space/lookup", test_lookup);
  g_test_add_func ("/space/runs-are-cut", test_runs_are_cut);
  g_test_add_func ("/space/runs-are-merged", test_runs_are_merged);
  g_test_add_func ("/space/runs-in-order", test_runs_in_order);
  g_test_add_func ("/space/huge-runs", test_huge_runs);
  g_test_add_func ("/space/full-run-is-not-merged", test_full_run_is_not_merged);
  g_test_add_func ("/space/lookup-run", test_lookup_run);
  g_test_add_func ("/space/totals", test_totals);
  g_test_add_func ("/space/hugetlb", test_hugetlb);
  g_test_add_func ("/space/swapped-beyond-runs", test_swapped_beyond_runs);
  g_test_add_func ("/space/intern", test_intern);
  g_test_add_func ("/space/label", test_label);
  g_test_add_func ("/space/perms", test_perms);
  g_test_add_func ("/space/unknowns-and-smaps", test_unknowns_and_smaps);
  g_test_add_func ("/space/marked-special", test_marked_special);
  g_test_add_func ("/space/any-pieces", test_any_pieces);
  return g_test_run ();
}
