/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a query is understood, and what it finds: tables over one made-up process that has a bit of
 * everything, and any text over recorded ones. */

#include <string.h>

#include "psc-classify.h"
#include "psc-find.h"
#include "psc-fixture.h"
#include "psc-maps-parser.h"
#include "psc-owner.h"
#include "psc-threads.h"

/* Not in the order of anything but address. */
static const char maps[] =
    "00400000-00401000 r--p 00000000 fe:00 11 /usr/bin/server\n"
    "00401000-00405000 r-xp 00001000 fe:00 11 /usr/bin/server\n"
    "00405000-00406000 rw-p 00005000 fe:00 11 /usr/bin/server\n"
    "00406000-00408000 rw-p 00000000 00:00 0\n"
    "00cafe00000-00cafe10000 rw-p 00000000 00:00 0 [heap]\n"
    "e0000000-e8000000 rw-p 00000000 00:00 0\n"
    "e8000000-100000000 ---p 00000000 00:00 0\n"
    "700000000000-700000100000 rw-s 00000000 00:01 5 /memfd:Ring/buffer (deleted)\n"
    "700000200000-700000201000 rwxp 00000000 00:00 0\n"
    "7e0000000000-7e0000001000 ---p 00000000 00:00 0\n"
    "7e0000001000-7e0000801000 rw-p 00000000 00:00 0\n"
    "7f0000000000-7f0000026000 r--p 00000000 fe:00 9 /usr/lib/libc.so.6\n"
    "7f0000026000-7f0000180000 r-xp 00026000 fe:00 9 /usr/lib/libc.so.6\n"
    "7f0000180000-7f0000184000 rw-p 00180000 fe:00 9 /usr/lib/libc.so.6\n"
    "7f0000184000-7f0000190000 rw-p 00000000 00:00 0\n"
    "7f0001000000-7f0001010000 r-xp 00000000 fe:00 8 /usr/lib/libjvm.so\n"
    "7f0002000000-7f0002001000 r--s 00000000 fe:00 7 /srv/Grüße 世界/cafe\n"
    "7f0003000000-7f0003001000 r--p 00000000 fe:00 6 /srv/libc.so.6.debug\n"
    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]\n";

static PscSpace *
build (void)
{
  static const PscThread threads[] = { { 4712, "GC Thread#1", 0x7e0000800f00 } };
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  PscClassifyFacts facts = { .n_threads = 2 };
  g_autoptr (GString) sorted = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  PscMapping *mappings;
  guint n_mappings;
  const char *heap = strstr (maps, "00cafe");
  const char *java = strstr (maps, "e0000000");
  const char *shared = strstr (maps, "700000000000");

  /* 0xcafe00000 lies above 0x100000000. */
  g_string_append_len (sorted, maps, heap - maps);
  g_string_append_len (sorted, java, shared - java);
  g_string_append_len (sorted, heap, java - heap);
  g_string_append (sorted, shared);
  g_assert_true (psc_maps_parse (sorted->str, sorted->len, builder, NULL, &error));
  g_assert_no_error (error);
  mappings = psc_space_builder_get_mappings (builder, &n_mappings);
  psc_space_builder_bind_runs (builder);
  psc_classify (mappings, n_mappings, NULL, 4096, &facts);
  psc_space_builder_take_owners (builder, psc_owners_find (builder, threads, 1, "java"));
  psc_space_builder_get_space (builder)->pid = 4711;
  return psc_space_builder_freeze (builder);
}

static const struct
{
  const char *text;
  const char *hits; /* "START-END LABEL\n"… */
  const char *meaning;
} cases[] = {
  /* Addresses. */
  { "0x7f0000026123", "7f0000026000-7f0000027000 libc.so.6+0x26123\n", "address 0x7f0000026123" },
  { "7F0000026123", "7f0000026000-7f0000027000 libc.so.6+0x26123\n", "address 0x7f0000026123" },
  { " 7f00 0002 6123 ", "7f0000026000-7f0000027000 libc.so.6+0x26123\n", "address 0x7f0000026123" },
  { "0x7f0000000000+0x26123", "7f0000026000-7f0000027000 libc.so.6+0x26123\n",
    "address 0x7f0000026123 = 0x7f0000000000 + 0x26123" },
  { "7f0000000000+4K", "7f0000001000-7f0000002000 libc.so.6+0x1000\n",
    "address 0x7f0000001000 = 0x7f0000000000 + 0x1000" },
  { "0xe0001000", "e0001000-e0002000 Java heap+0x1000\n", "address 0xe0001000" },
  { "0xcafe01234", "cafe01000-cafe02000 [heap]+0x1234\n", "address 0xcafe01234" },
  /* From the beginning of something. */
  { "libc.so.6+0x26123", "7f0000026000-7f0000027000 libc.so.6+0x26123\n",
    "0x26123 (152 KiB) from the beginning of “libc.so.6”" },
  { "libc+100",
    "7f0000000000-7f0000001000 libc.so.6+0x100\n7f0003000000-7f0003001000 "
    "libc.so.6.debug+0x100\n",
    "0x100 (256 B) from the beginning of “libc”" },
  { "server + 6K", "401000-402000 server+0x1800\n",
    "0x1800 (6 KiB) from the beginning of “server”" },
  /* In the zero-initialised data, which has no name. */
  { "libc.so.6+0x185000", "7f0000185000-7f0000186000 Zero-initialised data+0x1000\n",
    "0x185000 (1.52 MiB) from the beginning of “libc.so.6”" },
  { "heap+64B", "cafe00000-cafe01000 [heap]+0x64b\n",
    "0x64b (1.57 KiB) from the beginning of “heap”" },
  { "heap+4KiB", "cafe01000-cafe02000 [heap]+0x1000\n",
    "0x1000 (4 KiB) from the beginning of “heap”" },
  { "java heap+1M", "e0100000-e0101000 Java heap+0x100000\n",
    "0x100000 (1 MiB) from the beginning of “java heap”" },
  { "stack+0", "7ffc00000000-7ffc00001000 [stack]+0x0\n",
    "0x0 (0 B) from the beginning of “stack”" },
  /* Ranges. */
  { "0x405000-0x407000", "405000-406000 server\n406000-407000 Zero-initialised data\n",
    "what is mapped from 0x405000 up to 0x407000" },
  { "405000 – 406001", "405000-406000 server\n406000-406001 Zero-initialised data\n",
    "what is mapped from 0x405000 up to 0x406001" },
  { "405000..406000", "405000-406000 server\n", "what is mapped from 0x405000 up to 0x406000" },
  { "0-ffffffff",
    "400000-401000 server\n401000-405000 server\n405000-406000 server\n"
    "406000-408000 Zero-initialised data\ne0000000-e8000000 Java heap\n"
    "e8000000-ffffffff Java heap\n",
    "what is mapped from 0x0 up to 0xffffffff" },
  /* Names. */
  { "LIBC.SO",
    "7f0000000000-7f0000026000 libc.so.6\n7f0000026000-7f0000180000 libc.so.6\n"
    "7f0000180000-7f0000184000 libc.so.6\n7f0003000000-7f0003001000 libc.so.6.debug\n",
    "mappings whose name contains “LIBC.SO”" },
  { "/usr/bin", "400000-401000 server\n401000-405000 server\n405000-406000 server\n",
    "mappings whose name contains “/usr/bin”" },
  { "GRÜSSE", "7f0002000000-7f0002001000 cafe\n", "mappings whose name contains “GRÜSSE”" },
  { "ring", "700000000000-700000100000 memfd:Ring/buffer\n",
    "mappings whose name contains “ring”" },
  { "name:heap", "cafe00000-cafe10000 [heap]\n", "mappings whose name contains “heap”" },
  { "name:0x", "", "mappings whose name contains “0x”" },
  /* Hex and names. */
  { "cafe", "7f0002000000-7f0002001000 cafe\n", "mappings whose name contains “cafe”" },
  { "cafe00000", "cafe00000-cafe01000 [heap]+0x0\n", "address 0xcafe00000" },
  { "address:cafe", "", "address 0xcafe" },
  { "400000", "400000-401000 server+0x0\n", "address 0x400000" },
  /* Owners and threads. */
  { "java", "e0000000-100000000 Java heap\n", "memory whose owner’s name contains “java”" },
  { "gc thread", "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n",
    "stacks of threads whose name contains “gc thread”" },
  { "Stack of GC", "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n",
    "stacks of threads whose name contains “Stack of GC”" },
  { "4712", "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n", "the stack of thread 4712" },
  { "4711", "7ffc00000000-7ffc00021000 [stack]\n", "the stack of thread 4711" },
  { "thread:4712", "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n",
    "the stack of thread 4712" },
  { "thread:heap", "", "stacks of threads whose name contains “heap”" },
  { "owner:heap", "e0000000-100000000 Java heap\n", "memory whose owner’s name contains “heap”" },
  /* Kinds. */
  { "heap", "e0000000-100000000 Java heap\ncafe00000-cafe10000 [heap]\n",
    "segments of the kind Heap, or mappings or owners whose name contains “heap”" },
  { "kind:heap", "cafe00000-cafe10000 [heap]\n", "segments of the kind Heap" },
  { "kind:stack",
    "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n7ffc00000000-7ffc00021000 [stack]\n",
    "segments of the kind Stack, Thread stack" },
  { "jit", "700000200000-700000201000 Generated code\n", "segments of the kind Generated code" },
  { "thread_stack", "7e0000001000-7e0000801000 Stack of GC Thread#1 (4712)\n",
    "segments of the kind Thread stack" },
  { "kind:Zero-initialised data",
    "406000-408000 Zero-initialised data\n7f0000184000-7f0000190000 Zero-initialised data\n",
    "segments of the kind Zero-initialised data" },
  /* Permissions and properties. */
  { "rwx", "700000200000-700000201000 Generated code\n",
    "readable, writable and executable mappings" },
  { "W+X", "700000200000-700000201000 Generated code\n", "writable and executable mappings" },
  { "r--s", "7f0002000000-7f0002001000 cafe\n",
    "readable, shared, not writable and not executable mappings" },
  { "---", "e8000000-100000000 Java heap\n7e0000000000-7e0000001000 Guard\n",
    "mappings without any access" },
  { "w+s", "700000000000-700000100000 memfd:Ring/buffer\n", "writable and shared mappings" },
  { "deleted", "700000000000-700000100000 memfd:Ring/buffer\n", "mappings of deleted files" },
  { "Shared", "700000000000-700000100000 memfd:Ring/buffer\n7f0002000000-7f0002001000 cafe\n",
    "shared mappings" },
  { "huge", "",
    "mappings with huge pages, or mappings, owners or threads whose name contains “huge”" },
  /* Nothing special about them. */
  { "+", "", "mappings, owners or threads whose name contains “+”" },
  { "c++", "", "mappings, owners or threads whose name contains “c++”" },
  { "--", "", "mappings, owners or threads whose name contains “--”" },
  { "\xff", "", "mappings, owners or threads whose name contains “\\xff”" },
};

static void
test_find (void)
{
  g_autoptr (PscSpace) space = build ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscQuery) query = psc_query_parse (cases[i].text, &error);
      g_autoptr (PscFound) found = NULL;
      g_autoptr (GString) hits = g_string_new (NULL);

      g_test_message ("%s", cases[i].meaning);
      g_assert_no_error (error);
      found = psc_find (query, space);
      for (guint j = 0; j < found->n_hits; j++)
        {
          const PscHit *hit = &found->hits[j];
          g_autofree char *label = psc_hit_dup_label (space, hit);

          g_string_append_printf (hits, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %s\n",
                                  hit->start, hit->end, label);
        }
      g_assert_cmpstr (hits->str, ==, cases[i].hits);
      g_assert_cmpstr (found->meaning, ==, cases[i].meaning);
    }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } errors[] = {
    { "", PSC_QUERY_ERROR_EMPTY, "What to look for is missing: an address, a name, heap, rwx, …" },
    { " \t\n", PSC_QUERY_ERROR_EMPTY,
      "What to look for is missing: an address, a name, heap, rwx, …" },
    { "name: ", PSC_QUERY_ERROR_EMPTY, "What to look for is missing after “name:”" },
    { "0x", PSC_QUERY_ERROR_INVALID, "“0x” is no number in hexadecimal" },
    { "0xcafé", PSC_QUERY_ERROR_INVALID, "“0xcafé” is no number in hexadecimal" },
    { "0x1\n2", PSC_QUERY_ERROR_INVALID, "“0x1\\n2” is no number in hexadecimal" },
    { "0x11112222333344445", PSC_QUERY_ERROR_INVALID,
      "“0x11112222333344445” is too large: an address has at most 16 digits" },
    { "0x20-0x10", PSC_QUERY_ERROR_INVALID,
      "“0x20-0x10” ends before it begins: the lower address first" },
    { "0x20-10", PSC_QUERY_ERROR_INVALID,
      "“0x20-10” ends before it begins: the lower address first" },
    { "0x20-x", PSC_QUERY_ERROR_INVALID, "“0x20-x” is no number in hexadecimal" },
    { "heap+0xg", PSC_QUERY_ERROR_INVALID, "“0xg” is no number in hexadecimal" },
    { "heap+16777216T", PSC_QUERY_ERROR_INVALID,
      "“16777216T” is too large: an address has at most 16 digits" },
    { "0xffffffffffffffff+1", PSC_QUERY_ERROR_INVALID,
      "“0xffffffffffffffff+1” lies beyond the last address" },
    { "address:heap", PSC_QUERY_ERROR_INVALID,
      "“heap” is no address, such as 7f3a12345000 or heap+1M" },
    { "kind:libc", PSC_QUERY_ERROR_INVALID,
      "There is no segment kind “libc”, such as heap or stack" },
    { "perms:rq", PSC_QUERY_ERROR_INVALID, "“rq” are no permissions, such as rwx, r-x or w+x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (psc_query_parse (errors[i].text, &error));
      g_assert_error (error, PSC_QUERY_ERROR, errors[i].code);
      g_assert_cmpstr (error->message, ==, errors[i].message);
    }
}

static void
test_too_long (void)
{
  g_autofree char *longest = g_strnfill (PSC_QUERY_MAX_LENGTH, 'a');
  g_autofree char *longer = g_strnfill (PSC_QUERY_MAX_LENGTH + 1, 'z');
  g_autoptr (PscQuery) query = psc_query_parse (longest, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (query);
  g_assert_null (psc_query_parse (longer, &error));
  g_assert_error (error, PSC_QUERY_ERROR, PSC_QUERY_ERROR_INVALID);
}

/* Why there is nothing, where that is worth a sentence. */
static void
test_nothing (void)
{
  static const struct
  {
    const char *text;
    const char *nothing;
  } nothings[] = {
    { "0x10", "0x10 is not mapped: the next mapping, server, begins 4 MiB above" },
    { "700000180000",
      "0x700000180000 is not mapped: the next mapping, Generated code, begins 512 KiB above" },
    { "0xffffffffff600000",
      "0xffffffffff600000 is not mapped: the last mapping, [stack], ends 16 EiB below" },
    { "libc.so.6+1G", "0x40000000 lies beyond the end of “libc.so.6” (1.56 MiB)" },
    { "libz+1K", "nothing is called “libz”" },
    { "nonsense", NULL },
    { "beef", NULL },
  };
  g_autoptr (PscSpace) space = build ();

  for (guint i = 0; i < G_N_ELEMENTS (nothings); i++)
    {
      g_autoptr (PscQuery) query = psc_query_parse (nothings[i].text, NULL);
      g_autoptr (PscFound) found = psc_find (query, space);

      g_assert_cmpuint (found->n_hits, ==, 0);
      g_assert_cmpstr (found->nothing, ==, nothings[i].nothing);
    }
}

/* More than can be told apart: as many as are kept, and it says so. */
static void
test_many (void)
{
  const guint n = PSC_FIND_MAX_HITS + 10;
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  g_autoptr (PscQuery) query = psc_query_parse ("rw-", NULL);
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscFound) found = NULL;

  for (guint i = 0; i < n; i++)
    {
      PscMapping mapping = { .start = 0x10000 + i * G_GUINT64_CONSTANT (0x2000),
                             .end = 0x11000 + i * G_GUINT64_CONSTANT (0x2000),
                             .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                             .name = "" };

      g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  space = psc_space_builder_freeze (builder);
  found = psc_find (query, space);
  g_assert_true (found->more);
  g_assert_cmpuint (found->n_hits, ==, PSC_FIND_MAX_HITS);
  g_assert_cmphex (found->hits[PSC_FIND_MAX_HITS - 1].start, ==,
                   space->mappings[PSC_FIND_MAX_HITS - 1].start);
}

/* An owner has a part of a mapping: that and the rest, if it is more than a guard. */
static void
test_part (void)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  const PscOwner parts[] = {
    { 0x100000, 0x180000, PSC_OWNER_NAMED, 0, "part one", "" },
    { 0x182000, 0x200000, PSC_OWNER_NAMED, 0, "part two", "" },
  };
  PscMapping mapping = { .start = 0x100000, .end = 0x300000, .name = "/dev/shm/part" };
  g_autoptr (PscQuery) query = psc_query_parse ("part", NULL);
  g_autoptr (PscSpace) space = NULL;
  g_autoptr (PscFound) found = NULL;

  g_array_append_vals (owners, parts, G_N_ELEMENTS (parts));
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  psc_space_builder_take_owners (builder, owners);
  space = psc_space_builder_freeze (builder);
  found = psc_find (query, space);
  g_assert_cmpuint (found->n_hits, ==, 3);
  g_assert_cmpstr (found->hits[0].owner->label, ==, "part one");
  g_assert_cmpstr (found->hits[1].owner->label, ==, "part two");
  g_assert_cmphex (found->hits[2].start, ==, 0x200000);
  g_assert_cmphex (found->hits[2].end, ==, 0x300000);
}

/* On every recorded process: what the mappings say of themselves finds them. */
static void
test_fixtures (void)
{
  g_auto (GStrv) names = psc_fixture_list ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (PscFixture) fixture = psc_fixture_load (names[i]);
      g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, FALSE);

      for (guint j = 0; j < space->n_mappings; j++)
        {
          const PscMapping *mapping = &space->mappings[j];
          g_autofree char *text = g_strdup_printf ("kind:%s", psc_kind_id (mapping->kind));
          g_autofree char *address = g_strdup_printf ("%" G_GINT64_MODIFIER "x", mapping->end - 1);
          g_autoptr (PscQuery) by_kind = psc_query_parse (text, NULL);
          g_autoptr (PscQuery) by_address = psc_query_parse (address, NULL);
          g_autoptr (PscFound) kind = psc_find (by_kind, space);
          g_autoptr (PscFound) page = psc_find (by_address, space);

          g_assert_cmpuint (kind->n_hits, >, 0);
          g_assert_cmpuint (kind->n_hits, <=, space->n_mappings);
          g_assert_cmpuint (page->n_hits, ==, 1);
          g_assert_cmphex (page->hits[0].end, ==, mapping->end);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/find/find", test_find);
  g_test_add_func ("/find/errors", test_errors);
  g_test_add_func ("/find/too-long", test_too_long);
  g_test_add_func ("/find/nothing", test_nothing);
  g_test_add_func ("/find/many", test_many);
  g_test_add_func ("/find/part", test_part);
  g_test_add_func ("/find/fixtures", test_fixtures);
  return g_test_run ();
}
