/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probe on a recorded tree. */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conversation.h"
#include "psc-test-folder.h"

#define PAGE G_GUINT64_CONSTANT (4096)

static const char stat_line[] =
    "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654321 1 2 3\n";

typedef struct
{
  char *root;
  Conversation *probe;
} Fixture;

static char *
tree_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->root, name, NULL);
}

static void
put_text (Fixture *fixture, const char *name, const char *text)
{
  psc_test_folder_put (fixture->root, name, text, -1);
}

static void
put_regions (Fixture *fixture, const char *name, const struct psc_wire_region *regions,
             gsize n_regions)
{
  g_autofree guint8 *bytes = g_malloc (n_regions * 24 + 1);
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, bytes, n_regions * 24);
  for (gsize i = 0; i < n_regions; i++)
    psc_wire_put_region (&writer, &regions[i]);
  psc_test_folder_put (fixture->root, name, bytes, (gssize) writer.length);
}

static void
start_probe (Fixture *fixture, const char *page_size)
{
  const char *arguments[] = { "--root", fixture->root, page_size ? "--page-size" : NULL, page_size,
                              NULL };

  fixture->probe = conversation_new (arguments);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = psc_test_folder_new ();
  put_text (fixture, "42/stat", stat_line);
  put_text (fixture, "42/statm", "1 2 3 4 5 6 7\n");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->probe)
    conversation_free (fixture->probe);
  psc_test_folder_free (fixture->root);
}

static void
check_string (Conversation *probe, const char *expected)
{
  gsize length;
  const guint8 *bytes = psc_wire_get_bytes (&probe->reader, &length);

  g_assert_cmpmem (bytes, length, expected, strlen (expected));
}

static void
test_hello (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "sys/kernel/hostname", "lab-7\n");
  put_text (fixture, "sys/kernel/osrelease", "6.1.0-18-arm64\n");
  start_probe (fixture, "16384");
  conversation_ask_u32 (fixture->probe, PSC_WIRE_HELLO, 1, PSC_WIRE_VERSION);
  conversation_next (fixture->probe);
  psc_wire_get_u32 (&fixture->probe->reader);
  g_assert_cmpuint (psc_wire_get_u32 (&fixture->probe->reader), ==, 16384);
  psc_wire_get_u32 (&fixture->probe->reader);
  g_assert_cmpuint (psc_wire_get_u32 (&fixture->probe->reader), ==, 0);
  psc_wire_get_u64 (&fixture->probe->reader);
  g_assert_cmphex (psc_wire_get_u64 (&fixture->probe->reader), ==, 0);
  psc_wire_get_u32 (&fixture->probe->reader);
  check_string (fixture->probe, "lab-7");
  check_string (fixture->probe, "6.1.0-18-arm64");
  check_string (fixture->probe, "");
  g_assert_true (psc_wire_reader_done (&fixture->probe->reader));
}

static guint
ask_cgroup (Conversation *probe, guint hierarchy, guint file, const char *path, gsize length,
            GByteArray **bytes)
{
  guint8 payload[8 + 8192];
  struct psc_wire_writer writer;

  *bytes = g_byte_array_new ();
  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u16 (&writer, (guint16) hierarchy);
  psc_wire_put_u16 (&writer, (guint16) file);
  psc_wire_put_bytes (&writer, path, length);
  g_assert_false (writer.overflow);
  conversation_ask (probe, PSC_WIRE_CGROUP, payload, writer.length);
  for (;;)
    {
      conversation_next (probe);
      if (probe->head.type == PSC_WIRE_END)
        return probe->head.error;
      g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_DATA);
      g_byte_array_append (*bytes, probe->payload, probe->head.length);
    }
}

static void
test_cgroup (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint hierarchy, file;
    const char *path;
    guint error;
    const char *text;
  } cases[] = {
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "", 0, "top\n" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a/b c", 0, "123\n" },
    { PSC_WIRE_HIERARCHY_V1_MEMORY, PSC_WIRE_CGROUP_V1_LIMIT, "", 0, "456\n" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "nothing", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2_HYBRID, PSC_WIRE_CGROUP_V2_MAX, "", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "link", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "up/secret", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_HIGH, "a/b c", EOPNOTSUPP, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "..", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "../secret", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a/../../secret", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a/..", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, ".", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "/a/b c", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a//b c", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a/b c/", EINVAL, "" },
    { 0, PSC_WIRE_CGROUP_V2_MAX, "", EINVAL, "" },
    { 4, PSC_WIRE_CGROUP_V2_MAX, "", EINVAL, "" },
    { 0xffff, PSC_WIRE_CGROUP_V2_MAX, "", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, 0, "", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, 5, "", EINVAL, "" },
    { PSC_WIRE_HIERARCHY_V2, 0xffff, "", EINVAL, "" },
  };
  g_autofree char *link = tree_path (fixture, "sys-fs-cgroup/link");
  g_autofree char *up = tree_path (fixture, "sys-fs-cgroup/up");
  g_autofree char *file = tree_path (fixture, "sys-fs-cgroup/a/b c/memory.high");

  put_text (fixture, "sys-fs-cgroup/memory.max", "top\n");
  put_text (fixture, "sys-fs-cgroup/a/b c/memory.max", "123\n");
  put_text (fixture, "sys-fs-cgroup/memory/memory.limit_in_bytes", "456\n");
  put_text (fixture, "secret/memory.max", "secret\n");
  g_assert_cmpint (symlink ("a/b c", link), ==, 0);
  g_assert_cmpint (symlink ("..", up), ==, 0);
  g_assert_cmpint (symlink ("memory.max", file), ==, 0);
  start_probe (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = NULL;

      g_assert_cmpuint (ask_cgroup (fixture->probe, cases[i].hierarchy, cases[i].file,
                                    cases[i].path, strlen (cases[i].path), &bytes),
                        ==, cases[i].error);
      g_assert_cmpmem (bytes->data, bytes->len, cases[i].text, strlen (cases[i].text));
    }
}

/* Each limit of a path from both sides. */
static void
test_cgroup_bounds (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    gsize component, length;
    guint error;
  } cases[] = {
    { 255, 255, EOPNOTSUPP },
    { 256, 256, ENAMETOOLONG },
    { 1, PSC_WIRE_MAX_PATH, EOPNOTSUPP },
    { 1, PSC_WIRE_MAX_PATH + 2, EINVAL },
  };
  g_autoptr (GByteArray) nul = NULL;
  g_autofree char *large = g_strnfill (10000, '7');

  put_text (fixture, "sys-fs-cgroup/memory.max", large);
  start_probe (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strnfill (cases[i].length, 'a');
      g_autoptr (GByteArray) bytes = NULL;

      for (gsize at = cases[i].component; at < cases[i].length; at += cases[i].component + 1)
        path[at] = '/';
      g_assert_cmpuint (ask_cgroup (fixture->probe, PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX,
                                    path, cases[i].length, &bytes),
                        ==, cases[i].error);
    }
  g_assert_cmpuint (
      ask_cgroup (fixture->probe, PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "a\0b", 3, &nul),
      ==, EINVAL);
  g_clear_pointer (&nul, g_byte_array_unref);
  g_assert_cmpuint (
      ask_cgroup (fixture->probe, PSC_WIRE_HIERARCHY_V2, PSC_WIRE_CGROUP_V2_MAX, "", 0, &nul), ==,
      0);
  g_assert_cmpuint (nul->len, ==, PSC_WIRE_MAX_CGROUP);
}

static guint
ask_entries (Conversation *probe, guint handle, guint directory, guint zero, const char *path,
             GHashTable **names)
{
  guint8 payload[256];
  struct psc_wire_writer writer;

  *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, handle);
  psc_wire_put_u16 (&writer, (guint16) directory);
  psc_wire_put_u16 (&writer, (guint16) zero);
  psc_wire_put_bytes (&writer, path, strlen (path));
  g_assert_false (writer.overflow);
  conversation_ask (probe, PSC_WIRE_ENTRIES, payload, writer.length);
  for (;;)
    {
      const guint8 *name;
      gsize length;
      guint error;

      conversation_next (probe);
      if (probe->head.type == PSC_WIRE_END)
        return probe->head.error;
      g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_ENTRY);
      error = psc_wire_get_u32 (&probe->reader);
      psc_wire_get_raw (&probe->reader, 52);
      name = psc_wire_get_bytes (&probe->reader, &length);
      g_hash_table_insert (*names, g_strndup ((const char *) name, length),
                           GUINT_TO_POINTER (error + 1));
      psc_wire_get_bytes (&probe->reader, &length);
      g_assert_true (psc_wire_reader_done (&probe->reader));
    }
}

static void
test_entries (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint handle, directory, zero;
    const char *path;
    guint error, n;
  } cases[] = {
    { 0, PSC_WIRE_DIRECTORY_SHM, 0, "", 0, 3 },
    { 0, PSC_WIRE_DIRECTORY_SHM, 0, "sub", 0, 1 },
    { 0, PSC_WIRE_DIRECTORY_SHM, 0, "file", EOPNOTSUPP, 0 },
    { 0, PSC_WIRE_DIRECTORY_SHM, 0, "up", EOPNOTSUPP, 0 },
    { 0, PSC_WIRE_DIRECTORY_SHM, 0, "..", EINVAL, 0 },
    { 0, PSC_WIRE_DIRECTORY_SHM, 1, "", EINVAL, 0 },
    { 1, PSC_WIRE_DIRECTORY_SHM, 0, "", EINVAL, 0 },
    { 0, PSC_WIRE_DIRECTORY_FD, 0, "", EINVAL, 0 },
    { 1, PSC_WIRE_DIRECTORY_FD, 0, "x", EINVAL, 0 },
    { 1, PSC_WIRE_DIRECTORY_FD, 0, "", 0, 1 },
    { 2, PSC_WIRE_DIRECTORY_FD, 0, "", EBADF, 0 },
    { 0, 0, 0, "", EINVAL, 0 },
    { 0, 3, 0, "", EINVAL, 0 },
  };
  g_autofree char *up = tree_path (fixture, "dev-shm/up");
  g_autofree char *fd_directory = tree_path (fixture, "42/fd");
  g_autofree char *fd = tree_path (fixture, "42/fd/7");

  put_text (fixture, "dev-shm/file", "x");
  put_text (fixture, "dev-shm/sub/other", "x");
  g_assert_cmpint (symlink ("..", up), ==, 0);
  g_assert_cmpint (g_mkdir (fd_directory, 0755), ==, 0);
  g_assert_cmpint (symlink ("/memfd:x (deleted)", fd), ==, 0);
  start_probe (fixture, NULL);
  g_assert_cmpuint (conversation_open (fixture->probe, 42), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) names = NULL;

      g_assert_cmpuint (ask_entries (fixture->probe, cases[i].handle, cases[i].directory,
                                     cases[i].zero, cases[i].path, &names),
                        ==, cases[i].error);
      g_assert_cmpuint (g_hash_table_size (names), ==, cases[i].n);
      if (cases[i].handle == 1 && cases[i].n > 0)
        g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (names, "7")), ==, EOPNOTSUPP + 1);
    }
}

/* Whatever it was started with, a recorded tree is not written to. */
static void
test_clear (Fixture *fixture, gconstpointer data)
{
  const char *arguments[] = { "--root", fixture->root, data, NULL };
  g_autofree char *path = tree_path (fixture, "42/clear_refs");
  g_autofree char *contents = NULL;

  put_text (fixture, "42/clear_refs", "untouched");
  fixture->probe = conversation_new (arguments);
  g_assert_cmpuint (conversation_features (fixture->probe) & PSC_WIRE_FEATURE_CLEAR, ==, 0);
  g_assert_cmpuint (conversation_open (fixture->probe, 42), ==, 1);
  conversation_ask_u32 (fixture->probe, PSC_WIRE_CLEAR_REFERENCED, 1, 1);
  g_assert_cmpuint (conversation_get_end (fixture->probe).error, ==, EOPNOTSUPP);
  conversation_ask_u32 (fixture->probe, PSC_WIRE_CLEAR_REFERENCED, 1, 2);
  g_assert_cmpuint (conversation_get_end (fixture->probe).error, ==, EBADF);
  conversation_ask_u32 (fixture->probe, PSC_WIRE_CLEAR_REFERENCED, 2, 1, 1);
  g_assert_cmpuint (conversation_get_end (fixture->probe).error, ==, EINVAL);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "untouched");
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  Conversation *probe;
  End end;

  put_text (fixture, "7/comm", "no stat here\n");
  put_text (fixture, "42x/stat", stat_line);
  put_text (fixture, "99999999999/stat", stat_line);
  put_text (fixture, "0/stat", stat_line);
  start_probe (fixture, NULL);
  probe = fixture->probe;
  conversation_ask_u32 (probe, PSC_WIRE_LIST, 1, 0);
  for (int i = 0; i < 2; i++)
    {
      guint pid;

      conversation_next (probe);
      g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_PROCESS);
      pid = psc_wire_get_u32 (&probe->reader);
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, geteuid ());
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, pid == 42 ? 0 : EOPNOTSUPP);
      check_string (probe, pid == 42 ? stat_line : "");
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, pid == 42 ? 0 : EOPNOTSUPP);
      check_string (probe, pid == 42 ? "1 2 3 4 5 6 7\n" : "");
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, EOPNOTSUPP);
      check_string (probe, "");
    }
  end = conversation_get_end (probe);
  g_assert_cmpuint (end.items, ==, 2);
}

typedef struct
{
  const char *name;
  const char *stat;
  guint error;
  guint64 start_time;
} StatRow;

static const StatRow stat_rows[] = {
  { "odd-name", stat_line, 0, 987654321 },
  { "last-field", "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22\n", 0, 22 },
  { "too-few", "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21\n", EBADMSG, 0 },
  { "no-name", "1 x S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22\n", EBADMSG, 0 },
  { "no-number", "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 -22\n", EBADMSG, 0 },
  { "empty", "", EBADMSG, 0 },
  { "largest", "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 18446744073709551615 0", 0,
    G_MAXUINT64 },
  { "too-large", "1 (x) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 18446744073709551616 0",
    EBADMSG, 0 },
};

static void
test_stat (Fixture *fixture, gconstpointer data)
{
  const StatRow *row = data;

  put_text (fixture, "42/stat", row->stat);
  start_probe (fixture, NULL);
  conversation_ask_u32 (fixture->probe, PSC_WIRE_OPEN, 1, 42);
  conversation_next (fixture->probe);
  g_assert_cmpuint (fixture->probe->head.error, ==, row->error);
  g_assert_cmpint (psc_wire_get_u32 (&fixture->probe->reader) != 0, ==, row->error == 0);
  g_assert_cmpuint (psc_wire_get_u64 (&fixture->probe->reader), ==, row->start_time);
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint file;
    const char *name;
  } rows[] = {
    { PSC_WIRE_FILE_MEMINFO, "meminfo" },
    { PSC_WIRE_FILE_VMSTAT, "vmstat" },
    { PSC_WIRE_FILE_MAX_MAP_COUNT, "sys/vm/max_map_count" },
    { PSC_WIRE_FILE_THP_ENABLED, "sys-kernel-mm/transparent_hugepage/enabled" },
    { PSC_WIRE_FILE_MOUNTINFO, "self/mountinfo" },
    { PSC_WIRE_FILE_THP_DEFRAG, "sys-kernel-mm/transparent_hugepage/defrag" },
    { PSC_WIRE_FILE_THP_SHMEM, "sys-kernel-mm/transparent_hugepage/shmem_enabled" },
    { PSC_WIRE_FILE_THP_MAX_PTES_NONE,
      "sys-kernel-mm/transparent_hugepage/khugepaged/max_ptes_none" },
    { PSC_WIRE_FILE_THP_SLOT_ENABLED,
      "sys-kernel-mm/transparent_hugepage/hugepages-2048kB/enabled" },
  };
  End end;

  start_probe (fixture, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GByteArray) some = NULL;

      g_byte_array_unref (conversation_read (fixture->probe, 0, rows[i].file, 4096, &end));
      g_assert_cmpuint (end.error, ==, EOPNOTSUPP);
      put_text (fixture, rows[i].name, rows[i].name);
      some = conversation_read (fixture->probe, 0, rows[i].file, 4096, &end);
      g_assert_cmpuint (end.error, ==, 0);
      g_assert_cmpmem (some->data, some->len, rows[i].name, strlen (rows[i].name));
    }
}

/* A tree from somebody else can't make the probe read outside of it, or wait. */
static void
test_odd_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = tree_path (fixture, "42/comm");
  g_autofree char *fifo = tree_path (fixture, "42/maps");
  g_autofree char *directory = tree_path (fixture, "42/status");
  g_autoptr (GByteArray) linked = NULL, waiting = NULL, listed = NULL;
  guint handle;
  End end;

  g_assert_cmpint (symlink ("/proc/self/comm", link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  g_assert_cmpint (g_mkdir (directory, 0755), ==, 0);
  start_probe (fixture, NULL);
  handle = conversation_open (fixture->probe, 42);
  linked = conversation_read (fixture->probe, handle, PSC_WIRE_FILE_COMM, 4096, &end);
  g_assert_cmpuint (end.error, ==, ELOOP);
  waiting = conversation_read (fixture->probe, handle, PSC_WIRE_FILE_MAPS, 4096, &end);
  g_assert_cmpuint (waiting->len, ==, 0);
  listed = conversation_read (fixture->probe, handle, PSC_WIRE_FILE_STATUS, 4096, &end);
  g_assert_cmpuint (end.error, ==, EISDIR);
}

static void
test_nothing_recorded (Fixture *fixture, gconstpointer data)
{
  struct psc_wire_scan_range range = { .end = PAGE, .category_mask = PSC_WIRE_PAGE_PRESENT };
  guint handle;
  End end;

  start_probe (fixture, NULL);
  handle = conversation_open (fixture->probe, 42);
  g_array_unref (
      conversation_regions (fixture->probe, PSC_WIRE_SCAN, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, ENOTTY);
  g_array_unref (
      conversation_regions (fixture->probe, PSC_WIRE_PAGEMAP, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, EOPNOTSUPP);
  conversation_ask_u32 (fixture->probe, PSC_WIRE_QUERY, 4, handle, 1, 0x1000, 0);
  g_assert_cmpuint (conversation_get_end (fixture->probe).error, ==, EOPNOTSUPP);
}

/* pagemap of a recorded tree: pages 2 and 3 of one kind whatever their frames, 5 swapped. */
static void
test_pagemap (Fixture *fixture, gconstpointer data)
{
  const guint64 present = PSC_WIRE_PAGEMAP_PRESENT | PSC_WIRE_PAGEMAP_FILE;
  const guint64 words[] = { 0,
                            0,
                            present | 0x1234,
                            present | 0x4321,
                            0xffff, /* bit 62 */
                            PSC_WIRE_PAGEMAP_SWAPPED | 0xabcdef,
                            0 };
  struct psc_wire_scan_range range = { .start = PAGE, .end = 1000 * PAGE };
  g_autoptr (GArray) regions = NULL;
  const struct psc_wire_region *got;
  guint handle;
  End end;

  psc_test_folder_put (fixture->root, "42/pagemap", words, sizeof words);
  start_probe (fixture, NULL);
  handle = conversation_open (fixture->probe, 42);
  regions = conversation_regions (fixture->probe, PSC_WIRE_PAGEMAP, handle, 0, 0, &range, 1, &end);
  g_assert_cmpuint (end.error, ==, 0);
  g_assert_cmpuint (regions->len, ==, 2);
  got = &g_array_index (regions, struct psc_wire_region, 0);
  g_assert_cmphex (got[0].start, ==, 2 * PAGE);
  g_assert_cmphex (got[0].end, ==, 4 * PAGE);
  g_assert_cmphex (got[0].bits, ==, present);
  g_assert_cmphex (got[1].start, ==, 5 * PAGE);
  g_assert_cmphex (got[1].end, ==, 6 * PAGE);
  g_assert_cmphex (got[1].bits, ==, PSC_WIRE_PAGEMAP_SWAPPED);
}

/* What a scan of `categories` (one for each page) must say, page by page. */
static void
check_against_model (GArray *regions, const guint64 *categories,
                     const struct psc_wire_scan_range *range)
{
  guint at = 0;

  for (guint64 address = range->start; address < range->end; address += PAGE)
    {
      guint64 bits = categories[address / PAGE];
      guint64 flipped = bits ^ range->category_inverted;
      gboolean expected =
          (flipped & range->category_mask) == range->category_mask &&
          (range->category_anyof_mask == 0 || (flipped & range->category_anyof_mask) != 0);
      const struct psc_wire_region *region;

      while (at < regions->len &&
             g_array_index (regions, struct psc_wire_region, at).end <= address)
        at++;
      region = at < regions->len ? &g_array_index (regions, struct psc_wire_region, at) : NULL;
      g_assert_cmpint (region && region->start <= address, ==, expected);
      if (expected)
        g_assert_cmphex (region->bits, ==, bits & range->return_mask);
    }
}

static void
check_order (GArray *regions)
{
  for (guint i = 1; i < regions->len; i++)
    {
      const struct psc_wire_region *region = &g_array_index (regions, struct psc_wire_region, i);

      g_assert_cmphex (region[-1].end, <=, region->start);
      g_assert_false (region[-1].end == region->start && region[-1].bits == region->bits);
    }
}

static void
test_scan_model (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N_PAGES = 9000
  };
  g_autofree guint64 *categories = g_new0 (guint64, N_PAGES);
  g_autoptr (GArray) recorded = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  guint handle;

  for (guint64 i = 0, end; i < N_PAGES; i = end)
    {
      guint64 bits = (guint64) g_rand_int_range (random, 0, 4) << 3;
      struct psc_wire_region region = { .start = i * PAGE, .bits = bits };

      end = i + (guint64) g_rand_int_range (random, 1, 4);
      end = MIN (end, N_PAGES);
      for (guint64 j = i; j < end; j++)
        categories[j] = bits;
      region.end = end * PAGE;
      if (bits != 0)
        g_array_append_val (recorded, region);
    }
  put_regions (fixture, "42/pagemap.scan", (void *) recorded->data, recorded->len);
  start_probe (fixture, NULL);
  handle = conversation_open (fixture->probe, 42);
  g_assert_cmpuint (conversation_features (fixture->probe), ==, PSC_WIRE_FEATURE_SCAN);

  for (guint i = 0; i < 200; i++)
    {
      guint64 first = (guint64) g_rand_int_range (random, 0, N_PAGES - 1);
      struct psc_wire_scan_range range = {
        .start = first * PAGE,
        .end = (guint64) g_rand_int_range (random, (gint32) first + 1, N_PAGES) * PAGE,
        .category_inverted = (guint64) g_rand_int_range (random, 0, 4) << 3,
        .category_mask = (guint64) g_rand_int_range (random, 0, 4) << 3,
        .category_anyof_mask = (guint64) g_rand_int_range (random, 0, 4) << 3,
        .return_mask = (guint64) g_rand_int_range (random, 0, 4) << 3,
      };
      End end;
      g_autoptr (GArray) regions =
          conversation_regions (fixture->probe, PSC_WIRE_SCAN, handle, 1000, 500, &range, 1, &end);

      g_assert_cmpuint (end.error, ==, 0);
      check_against_model (regions, categories, &range);
      check_order (regions);
    }
}

typedef struct
{
  guint64 inverted, mask, anyof, returned;
} Predicate;

static const Predicate predicates[] = {
  { 0, 8, 0, 0x1d8 },                 /* present */
  { 8, 0, 8 | 0x40 | 0x20, 0x1d8 },   /* all but ordinary present pages */
  { 8, 8, 0, 0 },                     /* absent */
  { 0, 0, 0, 0x1fc },                 /* anything */
  { 0, 0, 0x10 | 0x20, 0x10 | 0x20 }, /* swapped or zero */
  { 0x20, 8 | 0x20, 0, 8 },           /* present but not zero */
};

/* Recording this process and playing it back says what the kernel says. */
static void
test_replay_equals_kernel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Conversation) live = conversation_new (NULL);
  guint live_handle = conversation_open (live, (guint) getpid ());
  gsize page_size = (gsize) getpagesize ();
  gsize n_pages = 4096;
  guint8 *area =
      mmap (NULL, n_pages * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct psc_wire_scan_range range = {
    .start = (gsize) area,
    .end = (gsize) area + n_pages * page_size,
    .return_mask = 0x1ff,
  };
  g_autofree char *page_text = g_strdup_printf ("%" G_GSIZE_FORMAT, page_size);
  g_autoptr (GArray) everything = NULL;
  volatile guint8 sum = 0;
  guint handle;
  End end;

  if (!(conversation_features (live) & PSC_WIRE_FEATURE_SCAN))
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN");
      return;
    }
  psc_wire_get_u64 (&live->reader);
  range.return_mask = psc_wire_get_u64 (&live->reader);
  madvise (area, n_pages * page_size, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < n_pages; i++)
    if (i % 7 < 3)
      area[i * page_size] = 1;
    else if (i % 7 == 4)
      sum = (guint8) (sum + area[i * page_size]);

  everything = conversation_regions (live, PSC_WIRE_SCAN, live_handle, 0, 0, &range, 1, &end);
  g_assert_cmpuint (end.error, ==, 0);
  put_regions (fixture, "42/pagemap.scan", (void *) everything->data, everything->len);
  start_probe (fixture, page_text);
  handle = conversation_open (fixture->probe, 42);
  for (gsize i = 0; i < G_N_ELEMENTS (predicates); i++)
    {
      g_autoptr (GArray) replayed = NULL, scanned = NULL;

      range.start = (gsize) area + i * page_size;
      range.end = (gsize) area + (n_pages - 3 * i) * page_size;
      range.category_inverted = predicates[i].inverted;
      range.category_mask = predicates[i].mask;
      range.category_anyof_mask = predicates[i].anyof;
      range.return_mask = predicates[i].returned & 0xff;
      scanned = conversation_regions (live, PSC_WIRE_SCAN, live_handle, 100, 0, &range, 1, &end);
      g_assert_cmpuint (end.error, ==, 0);
      replayed =
          conversation_regions (fixture->probe, PSC_WIRE_SCAN, handle, 0, 0, &range, 1, &end);
      g_assert_cmpuint (end.error, ==, 0);
      g_assert_cmpmem (replayed->data, replayed->len * sizeof (struct psc_wire_region),
                       scanned->data, scanned->len * sizeof (struct psc_wire_region));
    }
  munmap (area, n_pages * page_size);
}

typedef struct
{
  const char *name;
  struct psc_wire_region regions[3];
  gsize n_regions;
  gsize n_extra_bytes;
} BadScan;

static const BadScan bad_scans[] = {
  { "cut-short", { { PAGE, 2 * PAGE, 8 } }, 1, 7 },
  { "unaligned", { { PAGE + 1, 2 * PAGE, 8 } }, 1, 0 },
  { "empty-region", { { PAGE, PAGE, 8 } }, 1, 0 },
  { "backwards", { { 2 * PAGE, PAGE, 8 } }, 1, 0 },
  { "overlap", { { PAGE, 3 * PAGE, 8 }, { 2 * PAGE, 4 * PAGE, 16 } }, 2, 0 },
  { "order",
    { { PAGE, 2 * PAGE, 8 }, { 5 * PAGE, 6 * PAGE, 8 }, { 3 * PAGE, 4 * PAGE, 8 } },
    3,
    0 },
};

static void
test_bad_scan (Fixture *fixture, gconstpointer data)
{
  const BadScan *bad = data;
  struct psc_wire_scan_range range = { .end = 100 * PAGE, .category_mask = PSC_WIRE_PAGE_PRESENT };
  g_autofree char *path = tree_path (fixture, "42/pagemap.scan");
  guint handle;
  End end;

  put_regions (fixture, "42/pagemap.scan", bad->regions, bad->n_regions);
  g_assert_cmpint (truncate (path, (off_t) (bad->n_regions * 24 + bad->n_extra_bytes)), ==, 0);
  start_probe (fixture, NULL);
  handle = conversation_open (fixture->probe, 42);
  g_array_unref (
      conversation_regions (fixture->probe, PSC_WIRE_SCAN, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, EBADMSG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/root/hello", Fixture, NULL, set_up, test_hello, tear_down);
  g_test_add ("/root/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/root/files", Fixture, NULL, set_up, test_files, tear_down);
  g_test_add ("/root/clear", Fixture, NULL, set_up, test_clear, tear_down);
  g_test_add ("/root/clear/allowed", Fixture, "--may-clear-referenced", set_up, test_clear,
              tear_down);
  g_test_add ("/root/entries", Fixture, NULL, set_up, test_entries, tear_down);
  g_test_add ("/root/cgroup", Fixture, NULL, set_up, test_cgroup, tear_down);
  g_test_add ("/root/cgroup/bounds", Fixture, NULL, set_up, test_cgroup_bounds, tear_down);
  g_test_add ("/root/odd-files", Fixture, NULL, set_up, test_odd_files, tear_down);
  g_test_add ("/root/nothing-recorded", Fixture, NULL, set_up, test_nothing_recorded, tear_down);
  g_test_add ("/root/pagemap", Fixture, NULL, set_up, test_pagemap, tear_down);
  g_test_add ("/root/scan-model", Fixture, NULL, set_up, test_scan_model, tear_down);
  g_test_add ("/root/replay-equals-kernel", Fixture, NULL, set_up, test_replay_equals_kernel,
              tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (stat_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/root/stat/", stat_rows[i].name, NULL);

      g_test_add (path, Fixture, &stat_rows[i], set_up, test_stat, tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_scans); i++)
    {
      g_autofree char *path = g_strconcat ("/root/bad-scan/", bad_scans[i].name, NULL);

      g_test_add (path, Fixture, &bad_scans[i], set_up, test_bad_scan, tear_down);
    }
  return g_test_run ();
}
