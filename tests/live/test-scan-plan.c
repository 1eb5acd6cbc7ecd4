/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which steps a scan takes over which mappings. Pure: needs no process. */

#include "psc-scan-plan.h"

#define PAGE           4096
#define BASE           G_GUINT64_CONSTANT (0x7f0000000000)
#define ALL_CATEGORIES 0x1ff

/* Mappings in shorthand: pages from BASE, pages long, what it is. */
typedef struct
{
  guint64 at, n;
  char what; /* a anonymous, f private file, F shared file, m memfd, d device, v vsyscall, . end */
} Sketch;

static PscSpaceBuilder *
build (const Sketch *sketch)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);

  for (; sketch->what != '.'; sketch++)
    {
      PscMapping mapping = { .start = BASE + sketch->at * PAGE, .name = "" };

      if (sketch->what == 'v')
        mapping.start = G_GUINT64_CONSTANT (0xffffffffff600000);
      mapping.end = mapping.start + sketch->n * PAGE;
      mapping.perms = PSC_PERM_READ | PSC_PERM_WRITE;
      if (strchr ("Fm", sketch->what) != NULL)
        mapping.perms |= PSC_PERM_SHARED;
      if (strchr ("fFmd", sketch->what) != NULL)
        mapping.inode = 7;
      if (sketch->what == 'm')
        mapping.name = "/memfd:m";
      if (sketch->what == 'd')
        {
          mapping.name = "/dev/dri/card0";
          mapping.perms |= PSC_PERM_SHARED;
        }
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  return builder;
}

static char *
describe (const GArray *steps)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      const PscScanStep *step = &g_array_index (steps, PscScanStep, i);

      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "%s%s",
                              i > 0 ? " " : "", (step->start - BASE) / PAGE,
                              (step->end - BASE) / PAGE, step->ask_file ? "f" : "",
                              step->predicate == PSC_SCAN_COMPLEMENT ? "c" : "");
    }
  return g_string_free (text, FALSE);
}

static char *
plan (const Sketch *sketch, const PscSpace *last)
{
  g_autoptr (PscSpaceBuilder) builder = build (sketch);
  g_autoptr (GArray) steps = NULL;
  PscMapping *mappings;
  guint n_mappings;

  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  steps = psc_scan_plan_new (mappings, n_mappings, last);
  return describe (steps);
}

static void
test_steps (void)
{
  static const struct
  {
    Sketch sketch[8];
    const char *steps;
  } cases[] = {
    { { { 0, 0, '.' } }, "" },
    { { { 0, 9, 'a' }, { 0, 0, '.' } }, "0-9" },
    /* Neither holes nor the kind of shared memory cut a step. */
    { { { 0, 9, 'a' }, { 90, 9, 'm' }, { 900, 1, 'F' }, { 0, 0, '.' } }, "0-901" },
    { { { 0, 9, 'f' }, { 9, 9, 'a' }, { 0, 0, '.' } }, "0-9f 9-18" },
    /* Little anonymous memory between files is bridged, much is not. */
    { { { 0, 9, 'f' }, { 9, 64, 'a' }, { 100, 9, 'f' }, { 0, 0, '.' } }, "0-109f" },
    { { { 0, 9, 'f' }, { 9, 65, 'a' }, { 100, 9, 'f' }, { 0, 0, '.' } }, "0-9f 9-74 100-109f" },
    /* Holes between files are free. */
    { { { 0, 9, 'f' }, { 90000, 9, 'f' }, { 0, 0, '.' } }, "0-90009f" },
    /* The kernel's half is out of reach. */
    { { { 0, 9, 'a' }, { 0, 1, 'v' }, { 0, 0, '.' } }, "0-9" },
    { { { 0, 1, 'v' }, { 0, 0, '.' } }, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *steps = plan (cases[i].sketch, NULL);

      g_assert_cmpstr (steps, ==, cases[i].steps);
    }
}

/* Alternating kinds, too far apart to bridge: the plan must not grow with them. */
static void
test_bound (void)
{
  g_autoptr (GArray) sketch = g_array_new (FALSE, FALSE, sizeof (Sketch));
  g_autoptr (PscSpaceBuilder) builder = NULL;
  g_autoptr (GArray) steps = NULL;
  PscMapping *mappings;
  guint n_mappings;

  for (guint i = 0; i < 20000; i++)
    {
      Sketch next = { i * 100, 100, i % 2 ? 'a' : 'f' };

      g_array_append_val (sketch, next);
    }
  g_array_append_val (sketch, ((Sketch){ 0, 0, '.' }));
  builder = build ((const Sketch *) (void *) sketch->data);
  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  steps = psc_scan_plan_new (mappings, n_mappings, NULL);
  g_assert_cmpuint (steps->len, >=, 1);
  g_assert_cmpuint (steps->len, <=, PSC_SCAN_PLAN_MAX);
  /* Every mapping that needs FILE is in a step that asks for it. */
  for (guint i = 0, at = 0; i < n_mappings; i++)
    {
      const PscScanStep *step;

      while (g_array_index (steps, PscScanStep, at).end <= mappings[i].start)
        at++;
      step = &g_array_index (steps, PscScanStep, at);
      g_assert_cmphex (step->start, <=, mappings[i].start);
      g_assert_cmphex (step->end, >=, mappings[i].end);
      g_assert_true (step->ask_file || mappings[i].inode == 0);
    }
}

static PscSpace *
space_with_runs (const Sketch *sketch, const PscRun *runs)
{
  PscSpaceBuilder *builder = build (sketch);

  for (; runs->n_pages != 0; runs++)
    g_assert_true (psc_space_builder_add_run (builder, BASE + runs->start * PAGE,
                                              BASE + (runs->start + runs->n_pages) * PAGE,
                                              runs->state));
  return psc_space_builder_freeze (builder);
}

static void
test_complements (void)
{
  static const guint16 present = PSC_PAGE_PRESENT;
  static const struct
  {
    Sketch before[4], now[4];
    PscRun runs[4]; /* start in pages */
    const char *steps;
  } cases[] = {
    /* A dense stretch of anonymous memory, and one that is too short. */
    { { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 1000, 512, present }, { 2000, 511, present }, { 0 } },
      "0-1000 1000-1512c 1512-9000" },
    { { { 0, 9000, 'm' }, { 0, 0, '.' } },
      { { 0, 9000, 'm' }, { 0, 0, '.' } },
      { { 0, 9000, PSC_PAGE_PRESENT | PSC_PAGE_FILE }, { 0 } },
      "0-9000c" },
    /* Of a device the scan says nothing, of a private file it has to say more. */
    { { { 0, 9000, 'd' }, { 0, 0, '.' } },
      { { 0, 9000, 'd' }, { 0, 0, '.' } },
      { { 0, 9000, present }, { 0 } },
      "0-9000" },
    { { { 0, 9000, 'f' }, { 0, 0, '.' } },
      { { 0, 9000, 'f' }, { 0, 0, '.' } },
      { { 0, 9000, present }, { 0 } },
      "0-9000f" },
    /* Huge and zero pages cost nothing as they are. */
    { { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 0, 4096, PSC_PAGE_PRESENT | PSC_PAGE_HUGE },
        { 4096, 4096, PSC_PAGE_PRESENT | PSC_PAGE_ZERO },
        { 0 } },
      "0-9000" },
    /* Only what is still mapped, and by what may be complemented. */
    { { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 0, 2000, 'a' }, { 5000, 10, 'a' }, { 0, 0, '.' } },
      { { 1000, 8000, present }, { 0 } },
      "0-1000 1000-2000c 2000-5010" },
    { { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 0, 9000, 'd' }, { 0, 0, '.' } },
      { { 1000, 8000, present }, { 0 } },
      "0-9000" },
    { { { 0, 9000, 'a' }, { 0, 0, '.' } },
      { { 20000, 9000, 'a' }, { 0, 0, '.' } },
      { { 1000, 8000, present }, { 0 } },
      "20000-29000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscSpace) last = space_with_runs (cases[i].before, cases[i].runs);
      g_autofree char *steps = plan (cases[i].now, last);

      g_assert_cmpstr (steps, ==, cases[i].steps);
    }
}

/* Thousands of dense stretches: only the longest get a step. */
static void
test_complement_bound (void)
{
  static const Sketch sketch[] = { { 0, 10000000, 'a' }, { 0, 0, '.' } };
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (PscRun));
  g_autoptr (PscSpace) last = NULL;
  g_autoptr (GArray) steps = NULL;
  guint n_complements = 0;

  for (guint i = 0; i < 5000; i++)
    {
      PscRun run = { i * 2000, i % 100 == 0 ? 1999 : 600, PSC_PAGE_PRESENT, 0 };

      g_array_append_val (runs, run);
    }
  g_array_append_val (runs, ((PscRun){ 0 }));
  last = space_with_runs (sketch, (const PscRun *) (void *) runs->data);
  steps = psc_scan_plan_new (last->mappings, last->n_mappings, last);
  for (guint i = 0; i < steps->len; i++)
    n_complements += g_array_index (steps, PscScanStep, i).predicate == PSC_SCAN_COMPLEMENT;
  g_assert_cmpuint (n_complements, ==, 50);
  g_assert_cmpuint (steps->len, <=, PSC_SCAN_PLAN_MAX);
}

static void
test_ranges (void)
{
  const PscScanStep plain = { BASE, BASE + PAGE, FALSE, PSC_SCAN_PLAIN };
  const PscScanStep file = { BASE, BASE + PAGE, TRUE, PSC_SCAN_PLAIN };
  const PscScanStep complement = { BASE, BASE + PAGE, FALSE, PSC_SCAN_COMPLEMENT };
  struct psc_wire_scan_range range = psc_scan_step_to_range (&plain, ALL_CATEGORIES);

  /* PAGE_IS_FILE in any mask makes the scan three times as dear. */
  g_assert_cmphex ((range.category_mask | range.category_inverted | range.category_anyof_mask |
                    range.return_mask) &
                       PSC_WIRE_PAGE_FILE,
                   ==, 0);
  g_assert_true (range.return_mask & PSC_WIRE_PAGE_GUARD);
  range = psc_scan_step_to_range (&plain, ALL_CATEGORIES & ~PSC_WIRE_PAGE_GUARD);
  g_assert_false (range.return_mask & PSC_WIRE_PAGE_GUARD);
  range = psc_scan_step_to_range (&file, ALL_CATEGORIES);
  g_assert_true (range.return_mask & PSC_WIRE_PAGE_FILE);
  range = psc_scan_step_to_range (&complement, ALL_CATEGORIES);
  g_assert_cmphex (range.category_inverted, ==, PSC_WIRE_PAGE_PRESENT);
  g_assert_cmphex (range.category_mask, ==, 0);
}

static void
test_pagemap (void)
{
  static const Sketch sketch[] = {
    { 0, 9, 'a' }, { 500, 9, 'f' }, { 5000, 9, 'a' }, { 0, 1, 'v' }, { 0, 0, '.' }
  };
  g_autoptr (PscSpaceBuilder) builder = build (sketch);
  g_autoptr (GArray) steps = NULL;
  g_autofree char *text = NULL;
  PscMapping *mappings;
  guint n_mappings;

  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  steps = psc_pagemap_plan_new (mappings, n_mappings);
  text = describe (steps);
  g_assert_cmpstr (text, ==, "0-509 5000-5009");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/scan-plan/steps", test_steps);
  g_test_add_func ("/live/scan-plan/bound", test_bound);
  g_test_add_func ("/live/scan-plan/complements", test_complements);
  g_test_add_func ("/live/scan-plan/complement-bound", test_complement_bound);
  g_test_add_func ("/live/scan-plan/ranges", test_ranges);
  g_test_add_func ("/live/scan-plan/pagemap", test_pagemap);
  return g_test_run ();
}
