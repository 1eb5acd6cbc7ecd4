/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences for those who don't see the map, and the stretches that one steps through. */

#include "psc-describe.h"
#include "psc-fixture.h"

#define PAGE 4096u

static const struct
{
  guint64 start;
  guint n_pages;
  guint8 perms;
  guint8 kind;
  const char *name;
  gboolean unknown;
  struct
  {
    guint at, n_pages;
    guint16 state;
  } runs[6];
} mappings[] = {
  { 0x10000,
    4,
    PSC_PERM_READ | PSC_PERM_EXEC,
    PSC_KIND_TEXT,
    "/usr/bin/demo",
    FALSE,
    { { 0, 4, PSC_PAGE_PRESENT | PSC_PAGE_FILE } } },
  { 0x20000,
    33,
    PSC_PERM_READ | PSC_PERM_WRITE,
    PSC_KIND_HEAP,
    "[heap]",
    FALSE,
    { { 0, 2, PSC_PAGE_PRESENT },
      { 4, 1, PSC_PAGE_PRESENT },
      { 5, 3, PSC_PAGE_SWAPPED },
      { 8, 1, PSC_PAGE_PRESENT | PSC_PAGE_ZERO },
      { 9, 8, PSC_PAGE_PRESENT } } },
  { 0x50000, 16, 0, PSC_KIND_GUARD, "", FALSE, { { 0 } } },
  { 0x60000,
    1,
    PSC_PERM_READ | PSC_PERM_SHARED,
    PSC_KIND_SHM_POSIX,
    "/dev/shm/a\nb",
    FALSE,
    { { 0 } } },
  { 0x70000, 256, PSC_PERM_READ, PSC_KIND_ANON, "", TRUE, { { 0 } } },
  { 0x900000,
    3,
    PSC_PERM_READ,
    PSC_KIND_FILE,
    "/usr/bin/demo",
    FALSE,
    { { 0, 1, PSC_PAGE_PRESENT | PSC_PAGE_FILE },
      { 1, 1, PSC_PAGE_SWAPPED | PSC_PAGE_GUARD },
      /* Another state, the same class: one stretch with the last. */
      { 2, 1, PSC_PAGE_GUARD } } },
};

static PscSpace *
make_space (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);

  space->pid = 4711;
  space->name = psc_space_builder_intern (builder, "demo", -1);
  space->source = PSC_SOURCE_SCAN;
  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
    {
      PscMapping mapping = { .start = mappings[i].start,
                             .end = mappings[i].start + mappings[i].n_pages * PAGE,
                             .perms = mappings[i].perms,
                             .kind = mappings[i].kind,
                             .flags = mappings[i].unknown ? 0 : PSC_MAPPING_PAGES_KNOWN };

      mapping.name = psc_space_builder_intern (builder, mappings[i].name, -1);
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++)
    for (guint j = 0; j < 6 && mappings[i].runs[j].n_pages > 0; j++)
      {
        guint64 start = mappings[i].start + mappings[i].runs[j].at * PAGE;

        g_assert_true (psc_space_builder_add_run (
            builder, start, start + mappings[i].runs[j].n_pages * PAGE, mappings[i].runs[j].state));
      }
  return psc_space_builder_freeze (builder);
}

static void
test_mapping (void)
{
  static const char *const sentences[] = {
    "demo, Code, read execute, 16 KiB, 16 KiB resident, 1 of 6",
    "heap, read write, 132 KiB, 44 KiB resident, 12 KiB swapped, 2 of 6",
    "Guard, no access, 64 KiB, 0 B resident, 3 of 6",
    "a\\nb, POSIX shared memory, read shared, 4 KiB, 0 B resident, 4 of 6",
    "Anonymous memory, read, 1 MiB, unknown how much is resident, 5 of 6",
    "demo, Mapped file, read, 12 KiB, 4 KiB resident, 6 of 6",
  };
  g_autoptr (PscSpace) space = make_space ();

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autofree char *text = psc_describe_mapping (space, &space->mappings[i]);

      g_assert_cmpstr (text, ==, sentences[i]);
    }
}

/* All stretches of the space, in order. */
static const struct
{
  guint64 start;
  const char *sentence;
} stretches[] = {
  { 0x10000, "4 pages resident, of a file or shared, 16 KiB, from 0x10000, 1 of 1 run in demo" },
  { 0x20000, "2 pages resident, 8 KiB, from 0x20000, 1 of 7 runs in heap" },
  { 0x22000, "2 pages absent, 8 KiB, from 0x22000, 2 of 7 runs in heap" },
  { 0x24000, "1 page resident, 4 KiB, from 0x24000, 3 of 7 runs in heap" },
  { 0x25000, "3 pages swapped, 12 KiB, from 0x25000, 4 of 7 runs in heap" },
  { 0x28000, "1 page of zeros, 4 KiB, from 0x28000, 5 of 7 runs in heap" },
  { 0x29000, "8 pages resident, 32 KiB, from 0x29000, 6 of 7 runs in heap" },
  { 0x31000, "16 pages absent, 64 KiB, from 0x31000, 7 of 7 runs in heap" },
  { 0x50000, "16 pages absent, 64 KiB, from 0x50000, 1 of 1 run in Guard" },
  { 0x60000, "1 page absent, 4 KiB, from 0x60000, 1 of 1 run in a\\nb" },
  { 0x70000, "256 pages unknown, 1 MiB, from 0x70000, 1 of 1 run in Anonymous memory" },
  { 0x900000, "1 page resident, of a file or shared, 4 KiB, from 0x900000, 1 of 2 runs in demo" },
  { 0x901000, "2 pages guarding, 8 KiB, from 0x901000, 2 of 2 runs in demo" },
};

static void
test_stretches (void)
{
  g_autoptr (PscSpace) space = make_space ();
  PscStretch stretch = psc_stretch_at (space, &space->mappings[0], 0x11fff);

  for (guint i = 0; i < G_N_ELEMENTS (stretches); i++)
    {
      g_autofree char *text = NULL;

      g_assert_cmphex (stretch.start, ==, stretches[i].start);
      text = psc_describe_stretch (space, &stretch);
      g_assert_cmpstr (text, ==, stretches[i].sentence);
      stretch = psc_stretch_next (space, &stretch, 1);
    }
  g_assert_cmphex (stretch.end, ==, 0);

  stretch = psc_stretch_at (space, &space->mappings[5], 0x901000);
  for (guint i = G_N_ELEMENTS (stretches); i-- > 0;)
    {
      g_assert_cmphex (stretch.start, ==, stretches[i].start);
      stretch = psc_stretch_next (space, &stretch, -1);
    }
  g_assert_cmphex (stretch.end, ==, 0);
}

static void
test_page (void)
{
  static const struct
  {
    guint64 address;
    const char *sentence;
  } cases[] = {
    { 0x20000, "Page 0x20000, resident, 1 of 33 in heap" },
    { 0x22fff, "Page 0x22000, absent, 3 of 33 in heap" },
    { 0x25001, "Page 0x25000, swapped, 6 of 33 in heap" },
    { 0x28000, "Page 0x28000, of zeros, 9 of 33 in heap" },
    { 0x70000, "Page 0x70000, unknown, 1 of 256 in Anonymous memory" },
    { 0x901000, "Page 0x901000, guarding, 2 of 3 in demo" },
  };
  g_autoptr (PscSpace) space = make_space ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_describe_page (space, cases[i].address);

      g_assert_cmpstr (text, ==, cases[i].sentence);
    }
}

static void
test_mark (void)
{
  g_autofree char *gap = psc_describe_mark (0x1000, 0x40001000, FALSE);
  g_autofree char *fold = psc_describe_mark (0x200000, 0x600000, TRUE);

  g_assert_cmpstr (gap, ==, "1 GiB not mapped, from 0x1000");
  g_assert_cmpstr (fold, ==, "4 MiB folded away, mapped but never touched, from 0x200000");
}

static void
test_scene (void)
{
  static const struct
  {
    PscRange ranges[2];
    guint n_ranges, n_rows;
    const char *sentence, *briefly;
  } cases[] = {
    { { { 0 } },
      0,
      3,
      "Shows all of demo, 4711: 3 rows, at least 64 KiB resident of 1.22 MiB mapped; "
      "in view: heap, demo, 3 more",
      "heap, demo, 3 more: at least 64 KiB resident of 1.22 MiB mapped" },
    { { { 0x20000, 0x41000 } },
      1,
      1,
      "Shows 0x20000 to 0x41000 of demo, 4711: 1 row, 44 KiB resident of 132 KiB mapped; "
      "in view: heap",
      "heap: 44 KiB resident of 132 KiB mapped" },
    { { { 0x11000, 0x25000 } },
      1,
      2,
      "Shows 0x11000 to 0x25000 of demo, 4711: 2 rows, 24 KiB resident of 32 KiB mapped; "
      "in view: heap, demo",
      "heap, demo: 24 KiB resident of 32 KiB mapped" },
    { { { 0x70000, 0x80000 } },
      1,
      1,
      "Shows 0x70000 to 0x80000 of demo, 4711: 1 row, 64 KiB mapped, "
      "unknown how much is resident; in view: Anonymous memory",
      "Anonymous memory: 64 KiB mapped, unknown how much is resident" },
    /* Two parts of rows. */
    { { { 0x11000, 0x12000 }, { 0x21000, 0x25000 } }, 2, 2,
      "Shows 0x11000 to 0x25000 of demo, 4711: 2 rows, 12 KiB resident of 20 KiB mapped; "
      "in view: heap, demo",
      "heap, demo: 12 KiB resident of 20 KiB mapped" },
    { { { 0x200000, 0x300000 } },
      1,
      0,
      "Shows 0x200000 to 0x300000 of demo, 4711: 0 rows, nothing mapped",
      "nothing mapped" },
  };
  g_autoptr (PscSpace) space = make_space ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PscScene scene = { cases[i].ranges, cases[i].n_ranges, cases[i].n_rows };
      g_autofree char *text = psc_describe_scene (space, &scene);
      g_autofree char *brief = psc_describe_scene_briefly (space, &scene);

      g_assert_cmpstr (text, ==, cases[i].sentence);
      g_assert_cmpstr (brief, ==, cases[i].briefly);
    }
}

/* Every recorded process: stretches cover each mapping, and every sentence is one line of UTF-8. */
static void
test_fixtures (void)
{
  g_auto (GStrv) names = psc_fixture_list ();

  for (guint f = 0; names[f] != NULL; f++)
    {
      g_autoptr (PscFixture) fixture = psc_fixture_load (names[f]);
      g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, FALSE);
      PscScene scene = { .n_rows = 7 };
      g_autofree char *all = psc_describe_scene (space, &scene);

      g_test_message ("%s", all);
      for (guint i = 0; i < space->n_mappings; i++)
        {
          const PscMapping *mapping = &space->mappings[i];
          g_autofree char *text = psc_describe_mapping (space, mapping);
          guint64 at = mapping->start;
          guint count = 0, index, n;

          g_assert_true (g_utf8_validate (text, -1, NULL));
          g_assert_null (strchr (text, '\n'));
          while (at < mapping->end)
            {
              PscStretch stretch = psc_stretch_at (space, mapping, at);

              g_assert_cmphex (stretch.start, ==, at);
              at = stretch.end;
              if (count++ % 64 != 0)
                continue;
              psc_stretch_count (space, mapping, &stretch, &index, &n);
              g_assert_cmpuint (index, ==, count);
            }
          g_assert_cmphex (at, ==, mapping->end);
          psc_stretch_count (space, mapping, &(PscStretch){ .start = mapping->start }, &index, &n);
          g_assert_cmpuint (n, ==, count);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/describe/mapping", test_mapping);
  g_test_add_func ("/describe/stretches", test_stretches);
  g_test_add_func ("/describe/page", test_page);
  g_test_add_func ("/describe/mark", test_mark);
  g_test_add_func ("/describe/scene", test_scene);
  g_test_add_func ("/describe/fixtures", test_fixtures);
  return g_test_run ();
}
