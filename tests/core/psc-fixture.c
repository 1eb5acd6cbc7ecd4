/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-fixture.h"

#include <string.h>

#include "psc-classify.h"
#include "psc-format.h"
#include "psc-maps-parser.h"
#include "psc-test-folder.h"
#include "psc-wire.h"

#define FIXTURE_PAGE_SIZE 4096

static const struct
{
  guint64 category;
  guint16 state;
} states[] = {
  { PSC_WIRE_PAGE_PRESENT, PSC_PAGE_PRESENT }, { PSC_WIRE_PAGE_SWAPPED, PSC_PAGE_SWAPPED },
  { PSC_WIRE_PAGE_PFNZERO, PSC_PAGE_ZERO },    { PSC_WIRE_PAGE_HUGE, PSC_PAGE_HUGE },
  { PSC_WIRE_PAGE_FILE, PSC_PAGE_FILE },       { PSC_WIRE_PAGE_GUARD, PSC_PAGE_GUARD },
};

char **
psc_fixture_list (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PSC_TEST_DATA"), "proc", NULL);

  return psc_test_folder_list (path);
}

PscFixture *
psc_fixture_load (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("PSC_TEST_DATA"), "proc", name, NULL);
  g_auto (GStrv) entries = psc_test_folder_list (path);
  PscFixture *fixture = g_new0 (PscFixture, 1);

  fixture->name = g_strdup (name);
  fixture->files =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  for (guint i = 0; entries[i] != NULL; i++)
    if (g_ascii_isdigit (entries[i][0]))
      fixture->directory = g_build_filename (path, entries[i], NULL);
  g_assert_nonnull (fixture->directory);
  return fixture;
}

void
psc_fixture_free (PscFixture *fixture)
{
  g_hash_table_unref (fixture->files);
  g_free (fixture->directory);
  g_free (fixture->name);
  g_free (fixture);
}

const char *
psc_fixture_get (PscFixture *fixture, const char *file, gsize *length)
{
  GBytes *bytes = g_hash_table_lookup (fixture->files, file);

  if (bytes == NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, file, NULL);
      g_autoptr (GError) error = NULL;
      char *content;
      gsize size;

      g_file_get_contents (path, &content, &size, &error);
      g_assert_no_error (error);
      bytes = g_bytes_new_take (content, size);
      g_hash_table_insert (fixture->files, g_strdup (file), bytes);
    }
  return g_bytes_get_data (bytes, length);
}

static guint16
to_state (guint64 categories)
{
  guint16 state = 0;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (categories & states[i].category)
      state |= states[i].state;
  return state;
}

static void
add_pages (PscSpaceBuilder *builder, PscFixture *fixture)
{
  gsize length;
  const guint8 *scan = (const guint8 *) psc_fixture_get (fixture, "pagemap.scan", &length);
  struct psc_wire_reader reader;
  PscMapping *mappings;
  guint n;

  psc_wire_reader_init (&reader, scan, length);
  while (reader.at < reader.size)
    {
      struct psc_wire_region region = psc_wire_get_region (&reader);

      g_assert_false (reader.underflow);
      g_assert_true (
          psc_space_builder_add_run (builder, region.start, region.end, to_state (region.bits)));
    }
  mappings = psc_space_builder_get_mappings (builder, &n);
  for (guint i = 0; i < n; i++)
    mappings[i].flags |= PSC_MAPPING_PAGES_KNOWN;
}

static void
add_identity (PscSpace *space, PscSpaceBuilder *builder, PscFixture *fixture,
              PscClassifyFacts *facts)
{
  g_autofree char *command = NULL;
  PscStatus status;
  PscStat stat;
  const char *text;
  gsize length;

  text = psc_fixture_get (fixture, "stat", &length);
  g_assert_true (psc_stat_parse (text, length, &stat));
  text = psc_fixture_get (fixture, "status", &length);
  g_assert_true (psc_status_parse (text, length, &status));
  text = psc_fixture_get (fixture, "cmdline", &length);
  command = psc_cmdline_format (text, length);

  space->pid = stat.pid;
  space->start_time = stat.start_time;
  space->name = psc_space_builder_intern (builder, stat.comm, -1);
  space->command = psc_space_builder_intern (builder, command, -1);
  space->host = "fixture";
  space->kernel = "Linux";
  space->uid = status.uid;
  space->n_threads = status.n_threads;
  space->vm_pte = status.vm_pte;
  space->source = PSC_SOURCE_SCAN;
  facts->n_threads = status.n_threads;
  facts->start_brk = stat.start_brk;
}

PscSpace *
psc_fixture_make_space (PscFixture *fixture, gboolean with_smaps)
{
  PscSpaceBuilder *builder = psc_space_builder_new (FIXTURE_PAGE_SIZE);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscClassifyFacts facts = { 0 };
  g_autoptr (GError) error = NULL;
  PscMapping *mappings;
  const char *text;
  gsize length;
  guint n;

  text = psc_fixture_get (fixture, "maps", &length);
  psc_maps_parse (text, length, builder, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 0);
  add_pages (builder, fixture);
  if (with_smaps)
    {
      text = psc_fixture_get (fixture, "smaps", &length);
      g_assert_cmpint (psc_smaps_apply (text, length, builder, &error), ==, 0);
      g_assert_no_error (error);
    }
  add_identity (space, builder, fixture, &facts);
  psc_space_builder_bind_runs (builder);
  mappings = psc_space_builder_get_mappings (builder, &n);
  psc_classify (mappings, n, space->runs, FIXTURE_PAGE_SIZE, &facts);
  return psc_space_builder_freeze (builder);
}
