/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-store-test.h"

#include "psc-space-equal.h"

#define PAGE   G_GUINT64_CONSTANT (4096)
#define LATEST G_GINT64_CONSTANT (1700000000000000)

PscSpace *
store_test_space (const char *name, PscSmapsPolicy smaps)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autofree char *root = g_build_filename (g_getenv ("PSC_TEST_DATA"), "proc", name, NULL);
  g_auto (GStrv) entries = psc_test_folder_list (root);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (root, NULL, &error);
  g_autoptr (PscTarget) target = NULL;
  PscSpace *space;

  g_assert_no_error (error);
  target = psc_target_new (probe, atoi (entries[0]), &error);
  g_assert_no_error (error);
  options.smaps = smaps;
  space = psc_target_capture (target, &options, &error);
  g_assert_no_error (error);
  return space;
}

/* ---- A life ---- */

static guint64
add (PscSpaceBuilder *builder, guint64 start, guint n_pages, PscKind kind, const char *name)
{
  PscMapping mapping = {
    .start = start,
    .end = start + n_pages * PAGE,
    .name = psc_space_builder_intern (builder, name, -1),
    .perms = PSC_PERM_READ | (kind == PSC_KIND_TEXT ? PSC_PERM_EXEC : PSC_PERM_WRITE),
    .flags = PSC_MAPPING_PAGES_KNOWN,
    .kind = (guint8) kind,
    .why = PSC_WHY_NAME,
    .inode = kind == PSC_KIND_TEXT ? 77 : 0,
  };

  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  return mapping.end;
}

static void
touch (PscSpaceBuilder *builder, guint64 start, guint n_pages, guint16 state)
{
  if (n_pages > 0)
    g_assert_true (psc_space_builder_add_run (builder, start, start + n_pages * PAGE, state));
}

/* Scattered pages, some of them differently from one step to the next. */
static void
scatter (PscSpaceBuilder *builder, GRand *rand, guint step, guint64 start, guint n_pages)
{
  for (guint i = 0; i + 8 < n_pages; i += 8)
    {
      guint n = (guint) g_rand_int_range (rand, 0, 8);
      gboolean moves = g_rand_int_range (rand, 0, 40) == 0;

      touch (builder, start + i * PAGE, moves ? (n + step) % 8 : n,
             i % 3 == 0 ? PSC_PAGE_PRESENT | PSC_PAGE_FILE : PSC_PAGE_PRESENT);
    }
}

PscSpace *
store_test_life (guint seed, guint step)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint64 base = G_GUINT64_CONSTANT (0x550000000000) + seed * PAGE * 1000;
  guint n_heap = 64 + step / 2, n_libraries = 20 + seed % 5;
  guint64 heap = base + 600 * PAGE, at;

  space->pid = (gint) (1000 + seed);
  space->start_time = 5000 + seed;
  space->name = psc_space_builder_intern (builder, "life", -1);
  space->command = psc_space_builder_intern (builder, "life --of a process", -1);
  space->host = "host";
  space->kernel = "Linux";
  space->time_usec = LATEST + (gint64) step * G_USEC_PER_SEC;
  space->minor_faults = 1000 + step * 7;
  space->major_faults = 3;
  space->n_threads = 2;
  space->vm_pte = 20 * PAGE;
  space->source = PSC_SOURCE_SCAN;
  add (builder, base, 500, PSC_KIND_TEXT, "/usr/bin/life");
  add (builder, heap, n_heap, PSC_KIND_HEAP, "[heap]");
  at = base + (G_GUINT64_CONSTANT (1) << 40);
  for (guint i = 0; i < n_libraries; i++)
    {
      g_autofree char *name = g_strdup_printf ("/usr/lib/lib%u.so", i);

      at = add (builder, at, 64, PSC_KIND_TEXT, name);
      at = add (builder, at, 8, PSC_KIND_ANON, "") + 16 * PAGE;
    }
  /* One that comes and goes. */
  if (step % 20 < 7)
    add (builder, at, 32, PSC_KIND_SHM_MEMFD, "/memfd:b\xff\ne");
  scatter (builder, rand, step, base, 500);
  touch (builder, heap, n_heap - 3, PSC_PAGE_PRESENT);
  for (guint i = 0; i < n_libraries; i++)
    scatter (builder, rand, step, base + (G_GUINT64_CONSTANT (1) << 40) + i * 88 * PAGE, 72);
  return psc_space_builder_freeze (builder);
}

PscSpace *
store_test_life_alike (PscSpace *space, gint64 time_usec)
{
  PscSpace *alike = psc_space_new_alike (space);

  alike->time_usec = time_usec;
  return alike;
}

void
store_test_assert_equal (const PscSpace *a, const PscSpace *b)
{
  g_autofree char *difference = psc_space_dup_difference (a, b);

  g_assert_cmpstr (difference, ==, NULL);
}
