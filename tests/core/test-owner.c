/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who owns what: layouts as maps prints them, and the owners that are to be found, in order. */

#include <string.h>

#include "psc-classify.h"
#include "psc-maps-parser.h"
#include "psc-owner.h"
#include "psc-threads.h"

typedef struct
{
  const char *name;
  const char *command;
  const char *maps;   /* as the kernel prints it */
  const char *owners; /* "START-END LABEL\n"… */
  PscThread threads[4];
} Case;

#define JVM  "7f0000000000-7f0000100000 r-xp 00000000 fe:00 9 /usr/lib/jvm/libjvm.so\n"
#define NODE "400000-900000 r-xp 00000000 fe:00 9 /usr/bin/node\n"

static const Case cases[] = {
  { "nothing to claim", "cat",
    "10000-20000 rw-p 00000000 00:00 0\n"
    "7f0000000000-7f0000100000 r-xp 00000000 fe:00 9 /usr/lib/libc.so.6\n",
    "" },
  { "glibc arenas", "server",
    "7f0010000000-7f0010021000 rw-p 00000000 00:00 0\n"
    "7f0010021000-7f0014000000 ---p 00000000 00:00 0\n"
    "7f0014000000-7f0015000000 rw-p 00000000 00:00 0\n"
    "7f0015000000-7f0018000000 ---p 00000000 00:00 0\n"
    /* On a border too, but nothing is held behind it. */
    "7f0020000000-7f0020021000 rw-p 00000000 00:00 0\n",
    "7f0010000000-7f0014000000 malloc arena (glibc)\n"
    "7f0014000000-7f0018000000 malloc arena (glibc)\n" },
  { "full arenas", "server",
    "7f0010000000-7f0014000000 rw-p 00000000 00:00 0\n"
    "7f0020000000-7f0028021000 rw-p 00000000 00:00 0\n"
    "7f0028021000-7f002c000000 ---p 00000000 00:00 0\n",
    "7f0010000000-7f0014000000 malloc arena (glibc)\n"
    "7f0020000000-7f002c000000 malloc arena (glibc)\n" },
  { "nearly full arena", "server",
    "7f0010000000-7f0013ff4000 rw-p 00000000 00:00 0\n"
    "7f0013ff4000-7f0014000000 ---p 00000000 00:00 0\n",
    "7f0010000000-7f0014000000 malloc arena (glibc)\n" },
  { "full, but no arena", "server", "7f0010000000-7f0014000000 rw-p 00000000 00:00 0\n", "" },
  { "go", "server",
    "c000000000-c000400000 rw-p 00000000 00:00 0\n"
    "c000400000-c004000000 ---p 00000000 00:00 0\n",
    "c000000000-c004000000 Go heap arena\n" },
  { "ghc", "pandoc",
    "4200000000-4200100000 rw-p 00000000 00:00 0\n"
    "4200100000-14200000000 ---p 00000000 00:00 0\n",
    "4200000000-14200000000 GHC heap\n" },
  { "sbcl by its name", "sbcl", "1000000000-1000800000 rw-p 00000000 00:00 0\n",
    "1000000000-1000800000 SBCL dynamic space\n" },
  { "not sbcl", "bash", "1000000000-1000800000 rw-p 00000000 00:00 0\n", "" },
  { "asan", "fuzzer",
    "7fff7000-8fff7000 rw-p 00000000 00:00 0\n"
    "8fff7000-2008fff7000 ---p 00000000 00:00 0\n"
    "2008fff7000-10007fff8000 rw-p 00000000 00:00 0\n",
    "7fff7000-10007fff8000 AddressSanitizer shadow\n" },
  { "jvm", "java",
    "e0000000-e8000000 rw-p 00000000 00:00 0\n"
    "e8000000-ffe00000 ---p 00000000 00:00 0\n"
    "ffe00000-fff00000 rw-p 00000000 fe:00 8 /usr/lib/jvm/classes.jsa\n"
    "fff00000-100000000 rw-p 00000000 00:00 0\n"
    "7e0000000000-7e0000c00000 rw-p 00000000 fe:00 8 /usr/lib/jvm/classes.jsa\n"
    "7e0001000000-7e0001100000 rw-p 00000000 00:00 0\n"
    "7e0001100000-7e0041000000 ---p 00000000 00:00 0\n"
    "7e0050000000-7e0050270000 rwxp 00000000 00:00 0\n"
    "7e0050270000-7e0057000000 ---p 00000000 00:00 0\n"
    "7e0057000000-7e0057100000 rwxp 00000000 00:00 0\n"
    "7e0057100000-7e005f000000 ---p 00000000 00:00 0\n" JVM,
    "e0000000-100000000 Java heap\n"
    "7e0001000000-7e0041000000 JVM class space\n"
    "7e0050000000-7e005f000000 JVM code cache\n" },
  { "no jvm, no heap of it", "server",
    "e0000000-e8000000 rw-p 00000000 00:00 0\n"
    "7e0050000000-7e0050270000 rwxp 00000000 00:00 0\n",
    "" },
  { "v8 cage", "node",
    NODE "300000000-300040000 rw-p 00000000 00:00 0\n"
         "300040000-500000000 ---p 00000000 00:00 0\n",
    "300000000-400000000 V8 pointer compression cage\n" },
  { "v8 code range", "node",
    NODE "7e0000000000-7e0000040000 rwxp 00000000 00:00 0\n"
         "7e0000040000-7e0008000000 ---p 00000000 00:00 0\n",
    "7e0000000000-7e0008000000 V8 code range\n" },
  { "v8 chunks", "node",
    NODE "200000000000-200000040000 rw-p 00000000 00:00 0\n"
         "30000a0c0000-30000a0f8000 rw-p 00000000 00:00 0\n"
         "30000b001000-30000b041000 rw-p 00000000 00:00 0\n"
         "7e0000000000-7e0000040000 rw-p 00000000 00:00 0\n",
    "200000000000-200000040000 V8 heap\n30000a0c0000-30000a0f8000 V8 heap\n" },
  { "no v8, no chunks of it", "server", "200000000000-200000040000 rw-p 00000000 00:00 0\n", "" },
  { "partitions", "server",
    "137bffff0000-137c00002000 ---p 00000000 00:00 0\n"
    "137c00002000-137c00003000 rw-p 00000000 00:00 0\n"
    "137c00003000-137c00004000 ---p 00000000 00:00 0\n"
    "137c00004000-137c001f4000 rw-p 00000000 00:00 0\n"
    "137c001f4000-137c00202000 ---p 00000000 00:00 0\n"
    "137c00202000-137c00203000 rw-p 00000000 00:00 0\n"
    "137c00203000-137c00204000 ---p 00000000 00:00 0\n"
    "137c00204000-137c003fc000 rw-p 00000000 00:00 0\n"
    "137c003fc000-137c00a01000 ---p 00000000 00:00 0\n"
    "137c00a01000-137c00a02000 rw-p 00000000 00:00 0\n"
    "137c00a02000-137c00a04000 ---p 00000000 00:00 0\n"
    "137c00a04000-137c00e3c000 rw-p 00000000 00:00 0\n",
    "137c00000000-137c00400000 PartitionAlloc\n137c00a00000-137c01000000 PartitionAlloc\n" },
  { "no metadata, no partition", "server",
    "137bffff0000-137c00004000 ---p 00000000 00:00 0\n"
    "137c00004000-137c001f4000 rw-p 00000000 00:00 0\n",
    "" },
  { "names", "server",
    "7e0000000000-7e0000040000 rw-p 00000000 00:00 0 [anon:jemalloc]\n"
    "7e0000100000-7e0000140000 rw-s 00000000 00:01 5 [anon_shmem:ring]\n",
    "7e0000000000-7e0000040000 jemalloc\n7e0000100000-7e0000140000 ring\n" },
  { "threads",
    "server",
    "7e0000000000-7e0000001000 ---p 00000000 00:00 0\n"
    "7e0000001000-7e0000801000 rw-p 00000000 00:00 0\n"
    "7e0000801000-7e0000802000 ---p 00000000 00:00 0\n"
    "7e0000802000-7e0001002000 rw-p 00000000 00:00 0\n",
    "7e0000001000-7e0000801000 Stack of worker (12)\n",
    /* The second stack's thread runs; the third's pointer lies elsewhere. */
    { { 12, "worker", 0x7e0000800f00 }, { 13, "busy", 0 }, { 14, "lost", 0x10 } } },
};

static PscSpace *
build (const Case *test)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscClassifyFacts facts = { .n_threads = 4 };
  g_autoptr (GError) error = NULL;
  PscMapping *mappings;
  guint n_mappings;

  g_assert_true (psc_maps_parse (test->maps, strlen (test->maps), builder, NULL, &error));
  g_assert_no_error (error);
  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  psc_space_builder_bind_runs (builder);
  psc_classify (mappings, n_mappings, NULL, 4096, &facts);
  psc_space_builder_take_owners (builder,
                                 psc_owners_find (builder, test->threads, 4, test->command));
  return psc_space_builder_freeze (builder);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (PscSpace) space = build (test);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < space->n_owners; i++)
    {
      const PscOwner *owner = &space->owners[i];

      g_string_append_printf (found, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %s\n",
                              owner->start, owner->end, owner->label);
      g_assert_cmpstr (owner->why, !=, "");
      g_assert_true (psc_space_lookup_owner (space, owner->start) == owner);
      g_assert_true (psc_space_lookup_owner (space, owner->end - 1) == owner);
      g_assert_true (psc_space_lookup_owner (space, owner->end) != owner);
    }
  g_assert_cmpstr (found->str, ==, test->owners);
}

static void
test_label (void)
{
  g_autoptr (PscSpace) space = build (&cases[1]);
  g_autofree char *owned = psc_space_dup_label (space, &space->mappings[1]);
  g_autofree char *free_one = psc_space_dup_label (space, &space->mappings[4]);

  g_assert_cmpstr (owned, ==, "malloc arena (glibc)");
  g_assert_cmpstr (free_one, ==, psc_kind_title (PSC_KIND_ANON));
}

static void
test_stack_pointer (void)
{
  static const struct
  {
    const char *text;
    guint64 pointer;
  } texts[] = {
    { "202 0x7f1 0x80 0x0 0x0 0x0 0x0 0x7ffd1000 0x7f12\n", 0x7ffd1000 },
    { "-1 0x7ffd2000 0x7f12\n", 0x7ffd2000 },
    { "running\n", 0 },
    { "", 0 },
    { "202 0x7f1 0x80 0x0 0x0 0x0 0x0 nonsense 0x7f12\n", 0 },
    { "1 2 3 4 5\n", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmphex (psc_threads_parse_stack_pointer (texts[i].text, strlen (texts[i].text)), ==,
                     texts[i].pointer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/owner/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/owner/label", test_label);
  g_test_add_func ("/threads/stack-pointer", test_stack_pointer);
  return g_test_run ();
}
