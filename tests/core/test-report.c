/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-report.h"

#include <string.h>

#include "psc-fixture.h"

#define PAGE 4096

/* A space with everything a report must take care of. */
static PscSpace *
make_space (PscSource source)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  guint8 known = source == PSC_SOURCE_NONE ? 0 : PSC_MAPPING_PAGES_KNOWN;
  PscMapping heap = { .start = 0x10000,
                      .end = 0x20000,
                      .name = "[heap]",
                      .kind = PSC_KIND_HEAP,
                      .why = PSC_WHY_NAME,
                      .perms = PSC_PERM_READ | PSC_PERM_WRITE,
                      .flags = known };
  PscMapping file = { .start = 0x30000,
                      .end = 0x31000,
                      .kind = PSC_KIND_FILE,
                      .why = PSC_WHY_FILE,
                      .perms = PSC_PERM_READ | PSC_PERM_SHARED,
                      .name = "=1,\"two\nlines\"\xff",
                      .inode = G_MAXUINT64,
                      .dev_major = 8,
                      .dev_minor = 1,
                      .offset = 0x2000,
                      .flags = PSC_MAPPING_DELETED };

  space->pid = 42;
  space->name = "a\nname";
  space->command = "/bin/a --flag";
  space->host = "host";
  space->kernel = "Linux 6.18";
  space->uid = 1000;
  space->n_threads = 3;
  space->vm_pte = 8192;
  space->time_usec = G_GINT64_CONSTANT (1763803302123456);
  space->source = source;
  space->cost = (PscCost){ 12, 34, 5, 678 };
  psc_space_builder_add_mapping (builder, &heap);
  psc_space_builder_add_mapping (builder, &file);
  if (source != PSC_SOURCE_NONE)
    {
      psc_space_builder_add_run (builder, 0x10000, 0x12000, PSC_PAGE_PRESENT);
      psc_space_builder_add_run (builder, 0x12000, 0x13000, PSC_PAGE_PRESENT | PSC_PAGE_ZERO);
      psc_space_builder_add_run (builder, 0x13000, 0x16000, PSC_PAGE_SWAPPED);
    }
  psc_space_builder_add_unknown (builder, PSC_REASON_DENIED, "frames", "Not allowed.", "Be root.");
  return psc_space_builder_freeze (builder);
}

static JsonObject *
get_object (JsonObject *object, const char *key)
{
  g_assert_true (json_object_has_member (object, key));
  return json_object_get_object_member (object, key);
}

static gint64
get_int (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  g_assert_nonnull (node);
  g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64);
  return json_node_get_int (node);
}

static gboolean
is_null (JsonObject *object, const char *key)
{
  g_assert_true (json_object_has_member (object, key));
  return json_object_get_null_member (object, key);
}

static const char *
get_string (JsonObject *object, const char *key)
{
  g_assert_true (json_object_has_member (object, key));
  return json_object_get_string_member (object, key);
}

static void
check_equals_node (const PscSpace *space, JsonNode *read_back)
{
  g_autoptr (JsonNode) node = psc_report_to_json_node (space);

  g_assert_true (json_node_equal (node, read_back));
}

/* The text, read back: what others will see. */
static JsonNode *
parse_json (const PscSpace *space, gboolean pretty)
{
  g_autofree char *text = psc_report_to_json (space, pretty);
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (!pretty)
    g_assert_true (strchr (text, '\n') == text + strlen (text) - 1);
  check_equals_node (space, node);
  return node;
}

static void
check_identity (JsonObject *root)
{
  JsonObject *cost = get_object (root, "cost");

  g_assert_cmpint (get_int (root, "schema"), ==, 1);
  g_assert_cmpint (get_int (root, "pid"), ==, 42);
  g_assert_cmpstr (get_string (root, "name"), ==, "a\\nname");
  g_assert_cmpstr (get_string (root, "command"), ==, "/bin/a --flag");
  g_assert_cmpint (get_int (root, "uid"), ==, 1000);
  g_assert_cmpint (get_int (root, "threads"), ==, 3);
  g_assert_cmpstr (get_string (root, "host"), ==, "host");
  g_assert_cmpstr (get_string (root, "kernel"), ==, "Linux 6.18");
  g_assert_cmpstr (get_string (root, "time"), ==, "2025-11-22T09:21:42.123456Z");
  g_assert_cmpint (get_int (root, "page_size"), ==, PAGE);
  g_assert_cmpint (get_int (cost, "probe_usec"), ==, 12);
  g_assert_cmpint (get_int (cost, "wall_usec"), ==, 34);
  g_assert_cmpint (get_int (cost, "longest_hold_usec"), ==, 5);
  g_assert_cmpint (get_int (cost, "bytes"), ==, 678);
}

static void
check_mappings (JsonObject *root)
{
  JsonArray *mappings = json_object_get_array_member (root, "mappings");
  JsonObject *heap, *file;

  g_assert_cmpuint (json_array_get_length (mappings), ==, 2);
  heap = json_array_get_object_element (mappings, 0);
  file = json_array_get_object_element (mappings, 1);
  g_assert_cmpstr (get_string (heap, "start"), ==, "0x10000");
  g_assert_cmpstr (get_string (heap, "end"), ==, "0x20000");
  g_assert_cmpstr (get_string (heap, "perms"), ==, "rw-p");
  g_assert_cmpstr (get_string (heap, "kind"), ==, "heap");
  g_assert_cmpstr (get_string (heap, "why"), ==, "named so by the kernel");
  g_assert_cmpstr (get_string (heap, "name"), ==, "[heap]");
  g_assert_cmpint (get_int (heap, "size"), ==, 16 * PAGE);
  g_assert_cmpint (get_int (heap, "resident"), ==, 2 * PAGE);
  g_assert_cmpint (get_int (heap, "swapped"), ==, 3 * PAGE);
  g_assert_cmpint (get_int (heap, "huge"), ==, 0);
  g_assert_cmpint (get_int (heap, "zero"), ==, PAGE);
  g_assert_cmpint (get_int (heap, "page_size"), ==, PAGE);
  g_assert_false (json_object_has_member (heap, "inode"));
  g_assert_cmpstr (get_string (file, "perms"), ==, "r--s");
  g_assert_cmpint (get_int (file, "offset"), ==, 0x2000);
  g_assert_cmpstr (get_string (file, "device"), ==, "08:01");
  g_assert_cmpstr (get_string (file, "inode"), ==, "18446744073709551615");
  g_assert_true (json_object_get_boolean_member (file, "deleted"));
  g_assert_cmpstr (get_string (file, "name"), ==, "=1,\"two\\nlines\"\\xff");
  g_assert_true (is_null (file, "resident")); /* its pages are not known */
  g_assert_true (is_null (file, "swapped"));
  g_assert_true (is_null (file, "huge"));
}

static void
test_json (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN);
  g_autoptr (JsonNode) node = parse_json (space, TRUE);
  JsonObject *root = json_node_get_object (node), *totals = get_object (root, "totals");
  JsonObject *kinds = get_object (root, "kinds"), *unknown;

  check_identity (root);
  check_mappings (root);
  g_assert_cmpstr (get_string (root, "source"), ==, "scan");
  g_assert_cmpint (get_int (totals, "mappings"), ==, 2);
  g_assert_cmpint (get_int (totals, "size"), ==, 17 * PAGE);
  g_assert_cmpint (get_int (totals, "resident"), ==, 2 * PAGE);
  g_assert_cmpint (get_int (totals, "swapped"), ==, 3 * PAGE);
  g_assert_cmpint (get_int (totals, "zero"), ==, PAGE);
  g_assert_cmpint (get_int (totals, "hugetlb"), ==, 0);
  g_assert_cmpint (get_int (totals, "page_tables"), ==, 8192);
  g_assert_cmpint (get_int (get_object (totals, "classes"), "absent"), ==, 10 * PAGE);
  g_assert_cmpint (get_int (get_object (totals, "classes"), "unknown"), ==, PAGE);
  g_assert_cmpuint (json_object_get_size (kinds), ==, 2);
  g_assert_cmpint (get_int (get_object (kinds, "heap"), "resident"), ==, 2 * PAGE);
  g_assert_true (is_null (get_object (kinds, "file"), "resident"));
  g_assert_cmpint (get_int (get_object (kinds, "file"), "size"), ==, PAGE);
  unknown = json_array_get_object_element (json_object_get_array_member (root, "unknown"), 0);
  g_assert_cmpstr (get_string (unknown, "reason"), ==, "denied");
  g_assert_cmpstr (get_string (unknown, "what"), ==, "frames");
  g_assert_cmpstr (get_string (unknown, "why"), ==, "Not allowed.");
  g_assert_cmpstr (get_string (unknown, "remedy"), ==, "Be root.");
}

/* What is not known is null, never 0. */
static void
test_json_nothing_known (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_NONE);
  g_autoptr (JsonNode) node = parse_json (space, FALSE);
  JsonObject *root = json_node_get_object (node), *totals = get_object (root, "totals");
  static const char *const sums[] = { "resident", "swapped", "huge", "hugetlb", "zero" };

  g_assert_cmpstr (get_string (root, "source"), ==, "none");
  g_assert_cmpint (get_int (totals, "size"), ==, 17 * PAGE);
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      g_assert_true (is_null (totals, sums[i]));
      g_assert_true (is_null (get_object (get_object (root, "kinds"), "heap"), sums[i]));
    }
  g_assert_true (is_null (get_object (totals, "classes"), "absent"));
  g_assert_cmpint (get_int (get_object (totals, "classes"), "unknown"), ==, 17 * PAGE);
}

/* pagemap shows no huge pages and no zero page: then nobody knows how many. */
static void
test_json_pagemap (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_PAGEMAP);
  g_autoptr (JsonNode) node = parse_json (space, FALSE);
  JsonObject *totals = get_object (json_node_get_object (node), "totals");

  g_assert_cmpint (get_int (totals, "resident"), ==, 2 * PAGE);
  g_assert_true (is_null (totals, "huge"));
  g_assert_true (is_null (totals, "zero"));
  g_assert_true (is_null (get_object (totals, "classes"), "huge"));
  g_assert_cmpint (get_int (get_object (totals, "classes"), "swapped"), ==, 3 * PAGE);
}

static void
test_csv (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN);
  g_autofree char *csv = psc_report_to_csv (space);

  g_assert_cmpstr (
      csv, ==,
      "start,end,read,write,execute,shared,offset,device,inode,deleted,kind,name,page_size,size,"
      "resident,swapped,huge,hugetlb,zero\n"
      "0x10000,0x20000,1,1,0,0,0,00:00,0,0,heap,[heap],4096,65536,8192,12288,0,0,4096\n"
      "0x30000,0x31000,1,0,0,1,8192,08:01,18446744073709551615,1,file,"
      "\"'=1,\"\"two\\nlines\"\"\\xff\",4096,4096,,,,,\n");
}

static void
test_text (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN);
  g_autofree char *text = psc_report_to_text (space);

  g_assert_cmpstr (
      text, ==,
      "a\\nname (process 42)\n"
      "/bin/a --flag\n"
      "host, Linux 6.18, user 1000, 3 threads, 2025-11-22 09:21:42 UTC\n"
      "2 mappings, 68 KiB, 8 KiB resident, 12 KiB swapped, 0 B in huge pages, "
      "8 KiB of page tables\n"
      "\n"
      "KIND                     MAPPINGS      SIZE  RESIDENT   SWAPPED      HUGE   HUGETLB\n"
      "Heap                            1    64 KiB     8 KiB    12 KiB       0 B       0 B\n"
      "Mapped file                     1     4 KiB         ?         ?         ?         ?\n"
      "Total                           2    68 KiB     8 KiB    12 KiB       0 B       0 B\n"
      "\n"
      "ADDRESS          PERM      SIZE  RESIDENT   SWAPPED      HUGE   HUGETLB KIND"
      "                     NAME\n"
      "0000000000010000 rw-p    64 KiB     8 KiB    12 KiB       0 B       0 B Heap"
      "                     [heap]\n"
      "0000000000030000 r--s     4 KiB         ?         ?         ?         ? Mapped file"
      "              =1,\"two\\nlines\"\\xff (deleted)\n"
      "\n"
      "NOT KNOWN\n"
      "frames: Not allowed. Be root.\n");
}

static void
test_text_nothing_known (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_NONE);
  g_autofree char *text = psc_report_to_text (space);

  g_assert_nonnull (strstr (text, "68 KiB, ? resident, ? swapped, ? in huge pages"));
  g_assert_nonnull (strstr (text, "Total                           2    68 KiB         ?"));
}

static void
test_empty (void)
{
  g_autoptr (PscSpace) space = psc_space_builder_freeze (psc_space_builder_new (PAGE));
  g_autoptr (JsonNode) node = parse_json (space, TRUE);
  g_autofree char *text = psc_report_to_text (space);
  g_autofree char *csv = psc_report_to_csv (space);
  JsonObject *root = json_node_get_object (node);

  g_assert_true (is_null (root, "time"));
  g_assert_true (is_null (root, "threads"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "mappings")), ==, 0);
  g_assert_nonnull (strstr (text, "0 mappings"));
  g_assert_true (g_str_has_prefix (csv, "start,"));
}

/* What the report says of a recorded process is what its smaps says. */
static void
test_fixture (gconstpointer name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (name);
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, TRUE);
  g_autoptr (JsonNode) node = parse_json (space, FALSE);
  g_autofree char *text = psc_report_to_text (space);
  g_autofree char *csv = psc_report_to_csv (space);
  JsonObject *root = json_node_get_object (node), *totals = get_object (root, "totals");
  JsonArray *mappings = json_object_get_array_member (root, "mappings");
  gint64 in_mappings = 0, in_smaps = 0, in_kinds = 0;
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_autoptr (GList) kinds = json_object_get_values (get_object (root, "kinds"));

  for (guint i = 0; i < json_array_get_length (mappings); i++)
    {
      JsonObject *mapping = json_array_get_object_element (mappings, i);

      in_mappings += get_int (mapping, "resident");
      in_smaps += get_int (get_object (mapping, "smaps"), "rss");
    }
  for (GList *kind = kinds; kind != NULL; kind = kind->next)
    in_kinds += get_int (json_node_get_object (kind->data), "resident");
  g_assert_cmpint (in_mappings, ==, get_int (totals, "resident"));
  g_assert_cmpint (in_smaps, ==, get_int (totals, "resident"));
  g_assert_cmpint (in_kinds, ==, get_int (totals, "resident"));
  g_assert_cmpint (get_int (totals, "pss"), >, 0);
  g_assert_cmpuint (g_strv_length (lines), ==, space->n_mappings + 2);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_utf8_validate (csv, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/json/nothing-known", test_json_nothing_known);
  g_test_add_func ("/report/json/pagemap", test_json_pagemap);
  g_test_add_func ("/report/csv", test_csv);
  g_test_add_func ("/report/text", test_text);
  g_test_add_func ("/report/text/nothing-known", test_text_nothing_known);
  g_test_add_func ("/report/empty", test_empty);
  names = psc_fixture_list ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/report/fixture/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_fixture);
    }
  return g_test_run ();
}
