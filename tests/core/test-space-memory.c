/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a frozen snapshot takes of memory, and what snapshots of one target share. */

#include <malloc.h>
#include <string.h>

#include "psc-space.h"

#define PAGE 4096
#define BASE G_GUINT64_CONSTANT (0x100000000000)

/* malloc() rounds up to 16 bytes and keeps 8, or takes whole pages where much is asked for. */
#define ROUNDING (2 * PAGE)

static PscSpaceBuilder *
build (guint n_mappings, guint n_runs_each)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  const guint64 size = (guint64) n_runs_each * 2 * PAGE;
  const char *name = psc_space_builder_intern (builder, "/usr/lib/libsomething.so.6", -1);

  for (guint i = 0; i < n_mappings; i++)
    {
      PscMapping mapping = { .start = BASE + i * 2 * size, .name = name };

      mapping.end = mapping.start + size;
      mapping.flags = PSC_MAPPING_DELETED | PSC_MAPPING_MOVING;
      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; i < n_mappings; i++)
    for (guint j = 0; j < n_runs_each; j++)
      {
        guint64 start = BASE + i * 2 * size + (guint64) j * 2 * PAGE;

        g_assert_true (psc_space_builder_add_run (builder, start, start + PAGE, PSC_PAGE_PRESENT));
      }
  return builder;
}

static void
test_size (void)
{
  static const struct
  {
    guint n_mappings, n_runs_each;
  } cases[] = { { 1, 1 }, { 1, 100000 }, { 3, 33333 }, { 65000, 1 }, { 10007, 3 }, { 100, 77 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscSpace) space =
          psc_space_builder_freeze (build (cases[i].n_mappings, cases[i].n_runs_each));
      gsize mappings, runs;

      g_assert_cmpuint (space->n_mappings, ==, cases[i].n_mappings);
      g_assert_cmpuint (space->n_runs, ==, cases[i].n_mappings * cases[i].n_runs_each);
      mappings = malloc_usable_size (space->mappings);
      runs = malloc_usable_size (space->runs);
      g_assert_cmpuint (mappings, <=, (gsize) space->n_mappings * 128 + ROUNDING);
      g_assert_cmpuint (runs, <=, (gsize) space->n_runs * 16 + ROUNDING);
      /* And that is all that there is for each. */
      g_assert_null (space->smaps);
      g_assert_null (space->base);
    }
}

/* A name that many mappings have is kept once. */
static void
test_names (void)
{
  g_autoptr (PscSpace) space = psc_space_builder_freeze (build (1000, 1));

  for (guint i = 1; i < space->n_mappings; i++)
    g_assert_true (space->mappings[i].name == space->mappings[0].name);
}

/* The mappings of another space as maps tells them, and nothing of what was made of them. */
static void
test_like (void)
{
  PscSpaceBuilder *first = build (3, 2), *second;
  g_autoptr (PscSpace) before = NULL;
  g_autoptr (PscSpace) now = NULL;
  PscMapping *mappings;
  guint n_mappings;

  mappings = psc_space_builder_get_mappings (first, &n_mappings);
  mappings[1].kind = PSC_KIND_JIT;
  mappings[2].page_shift = 21;
  before = psc_space_builder_freeze (first);
  second = psc_space_builder_new_like (before);
  g_assert_true (psc_space_builder_add_run (second, BASE, BASE + 2 * PAGE, PSC_PAGE_SWAPPED));
  now = psc_space_builder_freeze (second);
  g_assert_cmpuint (now->n_mappings, ==, 3);
  g_assert_cmpuint (now->n_runs, ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmphex (now->mappings[i].start, ==, before->mappings[i].start);
      g_assert_cmphex (now->mappings[i].end, ==, before->mappings[i].end);
      g_assert_true (now->mappings[i].name == before->mappings[i].name);
      g_assert_cmpuint (now->mappings[i].page_shift, ==, before->mappings[i].page_shift);
      g_assert_cmpuint (now->mappings[i].kind, ==, 0);
      g_assert_cmpuint (now->mappings[i].resident, ==, 0);
      g_assert_cmpuint (now->mappings[i].flags, ==, PSC_MAPPING_DELETED);
    }
  g_assert_cmpuint (now->mappings[0].swapped, ==, 2 * PAGE);
  g_assert_cmpuint (now->totals.size, ==, before->totals.size);
  /* Names outlive the space that they came from. */
  g_clear_pointer (&before, psc_space_unref);
  g_assert_cmpstr (now->mappings[2].name, ==, "/usr/lib/libsomething.so.6");
}

static void
test_alike (void)
{
  g_autoptr (PscSpace) first = psc_space_builder_freeze (build (3, 2));
  g_autoptr (PscSpace) second = psc_space_new_alike (first);
  g_autoptr (PscSpace) third = psc_space_new_alike (second);
  PscSpace *base = first;

  g_assert_true (second->mappings == first->mappings && second->runs == first->runs);
  g_assert_cmpmem (&third->totals, sizeof third->totals, &first->totals, sizeof first->totals);
  /* A copy of a copy leans on the original: however many there were, one stays. */
  g_assert_true (third->base == base);
  second->time_usec = 7;
  g_assert_cmpint (first->time_usec, ==, 0);
  g_clear_pointer (&first, psc_space_unref);
  g_clear_pointer (&second, psc_space_unref);
  g_assert_cmpstr (third->mappings[1].name, ==, "/usr/lib/libsomething.so.6");
  g_assert_nonnull (psc_space_lookup_run (third, &third->mappings[2], third->mappings[2].start));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/space/memory/size", test_size);
  g_test_add_func ("/space/memory/names", test_names);
  g_test_add_func ("/space/memory/like", test_like);
  g_test_add_func ("/space/memory/alike", test_alike);
  return g_test_run ();
}
