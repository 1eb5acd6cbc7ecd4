/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a table of mappings knows, how it is filtered and sorted, and what is written of it. */

#include <string.h>

#include "psc-fixture.h"
#include "psc-mapping-filter.h"
#include "psc-report.h"

#define PAGE 4096
#define R    PSC_PERM_READ
#define W    PSC_PERM_WRITE
#define X    PSC_PERM_EXEC
#define S    PSC_PERM_SHARED

static const struct
{
  guint64 start, size;
  guint8 perms, kind;
  const char *name;
  guint n_resident; /* pages */
  gboolean unknown;
} lines[] = {
  { 0x10000, 0x10000, R | W, PSC_KIND_HEAP, "[heap]", 2, FALSE },
  { 0x30000, 0x1000, R | X, PSC_KIND_TEXT, "/usr/lib/libc.so.6", 1, FALSE },
  { 0x40000, 0x400000, R | W | X, PSC_KIND_JIT, "", 300, FALSE },
  { 0x500000, 0x1000, R | S, PSC_KIND_SHM_POSIX, "/dev/shm/\xc3\x84hre", 0, TRUE },
  { 0x600000, 0x200000, 0, PSC_KIND_RESERVED, "", 0, FALSE },
  { 0x7f0000000000, 0x100000, R | W, PSC_KIND_ANON, "", 2, FALSE },
};

#define N G_N_ELEMENTS (lines)

static void
add_owner (PscSpaceBuilder *builder)
{
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (PscOwner));
  PscOwner owner = { 0x7f0000000000,
                     0x7f0000100000,
                     PSC_OWNER_RUNTIME,
                     0,
                     psc_space_builder_intern (builder, "Java heap", -1),
                     "" };

  g_array_append_val (owners, owner);
  psc_space_builder_take_owners (builder, owners);
}

/* The lines, all but `without` (N: all); the heap larger by `growth`. */
static PscSpace *
make_space (PscSource source, guint without, guint64 growth, gboolean with_smaps)
{
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  PscSpace *space = psc_space_builder_get_space (builder);
  PscSmaps *smaps;
  guint n = 0;

  space->pid = 42;
  space->name = space->command = space->host = space->kernel = "";
  space->source = source;
  for (guint i = 0; i < N; i++)
    {
      PscMapping mapping = { .start = lines[i].start,
                             .end = lines[i].start + lines[i].size + (i == 0 ? growth : 0),
                             .perms = lines[i].perms,
                             .kind = lines[i].kind,
                             .name = lines[i].name,
                             .inode = *lines[i].name == '/',
                             .flags = lines[i].unknown ? 0 : PSC_MAPPING_PAGES_KNOWN };

      if (i != without)
        g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
    }
  for (guint i = 0; i < N; i++)
    if (i != without && lines[i].n_resident > 0)
      psc_space_builder_add_run (builder, lines[i].start,
                                 lines[i].start + (guint64) lines[i].n_resident * PAGE,
                                 PSC_PAGE_PRESENT);
  if (with_smaps)
    {
      smaps = psc_space_builder_add_smaps (builder);
      for (guint i = 0; i < N; i++)
        if (i != without)
          smaps[n++] = (PscSmaps){ .pss = (i + 1) * 1000, .thp_eligible = -1, .vm_flags = "rd wr" };
    }
  add_owner (builder);
  return psc_space_builder_freeze (builder);
}

static char *
filter_text (const PscMappingFacts *facts, const char *text, char **problem)
{
  g_autoptr (PscMappingFilter) filter = psc_mapping_filter_new (text, problem);
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < facts->space->n_mappings; i++)
    if (psc_mapping_filter_matches (filter, facts, i))
      g_string_append_printf (found, "%u", i);
  return g_string_free (found, FALSE);
}

static const struct
{
  const char *text, *found;
  gboolean problem;
} filters[] = {
  { "", "012345", FALSE },
  { "   ", "012345", FALSE },
  { "heap", "05", FALSE }, /* its kind and name; the owner of another */
  { "HEAP", "05", FALSE },
  { "!heap", "1234", FALSE },
  { "kind:heap", "0", FALSE },
  { "kind:shm_posix", "3", FALSE },
  { "name:heap", "0", FALSE },
  { "java", "5", FALSE },
  { "\"Java heap\"", "5", FALSE },
  { "\"Java hoop\"", "", FALSE },
  { "\xc3\xa4hre", "3", FALSE },
  { "libc heap", "", FALSE },
  { "rw", "025", FALSE },
  { "rwx", "2", FALSE },
  { "w+x", "2", FALSE },
  { "+x", "12", FALSE },
  { "-w", "134", FALSE },
  { "!w+x", "01345", FALSE },
  { "rw-", "05", FALSE },
  { "rw-p", "05", FALSE },
  { "r-x", "1", FALSE },
  { "---", "4", FALSE },
  { "r--s", "3", FALSE },
  { "r--p", "", FALSE },
  { "rwp", "025", FALSE },
  { "rs", "3", FALSE },
  { "+s", "3", FALSE },
  { "\"rw\"", "", FALSE }, /* in quotes it is a word */
  { ">1M", "24", FALSE },
  { ">=1M", "245", FALSE },
  { "=1MiB", "5", FALSE },
  { "<=4096", "13", FALSE },
  { "<4k", "", FALSE },
  { ">0.5M <2M", "5", FALSE },
  { "size>1m", "24", FALSE },
  { "rss>8K", "2", FALSE },
  { "rss>=8K", "025", FALSE },
  { "rss=0", "4", FALSE },      /* what is not known is not 0 */
  { "!rss>8K", "0145", FALSE }, /* and not "not more than 8 KiB" either */
  { "swap>0", "", FALSE },
  { "pss>0", "", FALSE },
  { ">", "012345", TRUE },
  { ">1Q rw", "025", TRUE },
  { "rss>", "012345", TRUE },
  { "0x30000", "1", FALSE },
  { "0x30fff", "1", FALSE },
  { "0x7f", "5", FALSE },
  { "0x7f00000FFFFF", "5", FALSE },
  { "kind:", "012345", FALSE },
  { "!", "012345", FALSE },
};

static void
test_filter (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *problem = NULL;
      g_autofree char *found = filter_text (facts, filters[i].text, &problem);

      g_test_message ("%s", filters[i].text);
      g_assert_cmpstr (found, ==, filters[i].found);
      g_assert_true ((problem != NULL) == filters[i].problem);
    }
}

static void
test_filter_bounds (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);
  g_autofree char *many = g_strnfill (100, 'r'), *problem = NULL, *found = NULL;

  for (guint i = 1; i < 100; i += 2)
    many[i] = ' ';
  found = filter_text (facts, many, &problem);
  g_assert_nonnull (problem);
  g_assert_cmpstr (found, ==, "12345"); /* an r in a name, an owner or a kind */
}

static char *
sort_text (const PscMappingFacts *facts, PscColumn column, gboolean descending)
{
  GString *order = g_string_new (NULL);
  guint indices[N] = { 5, 3, 1, 0, 2, 4 };

  psc_mapping_facts_sort (facts, column, descending, indices, N);
  for (guint i = 0; i < N; i++)
    g_string_append_printf (order, "%u", indices[i]);
  return g_string_free (order, FALSE);
}

static void
test_sort (void)
{
  static const struct
  {
    PscColumn column;
    const char *up, *down;
  } cases[] = {
    { PSC_COLUMN_ADDRESS, "012345", "543210" },
    { PSC_COLUMN_SIZE, "130542", "245013" },
    { PSC_COLUMN_RESIDENT, "410523", "205143" }, /* equals by address, the unknown last */
    { PSC_COLUMN_NAME, "051324", "315024" },     /* so are those without a name */
    { PSC_COLUMN_PERMS, "431052", "205134" },
    { PSC_COLUMN_PSS, "012345", "012345" }, /* none is known */
  };
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *up = sort_text (facts, cases[i].column, FALSE);
      g_autofree char *down = sort_text (facts, cases[i].column, TRUE);

      g_test_message ("%s", psc_column_id (cases[i].column));
      g_assert_cmpstr (up, ==, cases[i].up);
      g_assert_cmpstr (down, ==, cases[i].down);
    }
}

static void
assert_text (const PscMappingFacts *facts, guint index, PscColumn column, const char *expected)
{
  g_autofree char *text = psc_mapping_facts_dup_text (facts, index, column, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_missing (const PscMappingFacts *facts, guint index, PscColumn column, PscReason reason)
{
  PscMissing missing = { .reason = G_MAXUINT };
  guint64 number;
  g_autofree char *text = psc_mapping_facts_dup_text (facts, index, column, &missing);

  g_assert_null (text);
  g_assert_cmpint (missing.reason, ==, reason);
  g_assert_nonnull (missing.why);
  if (column != PSC_COLUMN_VM_FLAGS)
    g_assert_false (psc_mapping_facts_get_number (facts, index, column, &number, NULL));
}

static void
test_text (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);

  assert_text (facts, 0, PSC_COLUMN_ADDRESS, "10000-20000");
  assert_text (facts, 0, PSC_COLUMN_SIZE, "64 KiB");
  assert_text (facts, 0, PSC_COLUMN_RESIDENT, "8 KiB");
  assert_text (facts, 0, PSC_COLUMN_PERMS, "rw-p");
  assert_text (facts, 0, PSC_COLUMN_KIND, "Heap");
  assert_text (facts, 0, PSC_COLUMN_NAME, "[heap]");
  assert_text (facts, 0, PSC_COLUMN_OFFSET, ""); /* it has none */
  assert_text (facts, 1, PSC_COLUMN_NAME, "libc.so.6");
  assert_text (facts, 1, PSC_COLUMN_OFFSET, "0x0");
  assert_text (facts, 2, PSC_COLUMN_NAME, "");
  assert_text (facts, 2, PSC_COLUMN_SHARE, "98 %");
  assert_text (facts, 4, PSC_COLUMN_RESIDENT, "0 B");
  assert_text (facts, 5, PSC_COLUMN_NAME, "Java heap");
  assert_missing (facts, 3, PSC_COLUMN_RESIDENT, PSC_REASON_UNSUPPORTED);
  assert_missing (facts, 0, PSC_COLUMN_PSS, PSC_REASON_NOT_READ);
  assert_missing (facts, 0, PSC_COLUMN_VM_FLAGS, PSC_REASON_NOT_READ);
}

static void
test_nothing_known (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_NONE, N, 0, FALSE);
  g_autoptr (PscSpace) pagemap = make_space (PSC_SOURCE_PAGEMAP, N, 0, FALSE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, NULL);
  g_autoptr (PscMappingFacts) less = psc_mapping_facts_new (pagemap, NULL);

  assert_missing (facts, 0, PSC_COLUMN_RESIDENT, PSC_REASON_FAILED);
  assert_missing (facts, 0, PSC_COLUMN_SHARE, PSC_REASON_FAILED);
  assert_missing (facts, 0, PSC_COLUMN_HUGE, PSC_REASON_FAILED);
  assert_text (facts, 0, PSC_COLUMN_SIZE, "64 KiB");
  assert_text (less, 0, PSC_COLUMN_RESIDENT, "8 KiB");
  assert_missing (less, 0, PSC_COLUMN_HUGE, PSC_REASON_UNSUPPORTED);
}

/* smaps of another moment, in which one mapping was not there and another was smaller. */
static void
test_details (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, PAGE, FALSE);
  g_autoptr (PscSpace) details = make_space (PSC_SOURCE_SCAN, 2, 0, TRUE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, details);
  guint64 number;

  for (guint i = 0; i < N; i++)
    {
      if (i == 2)
        continue;
      g_assert_true (psc_mapping_facts_get_number (facts, i, PSC_COLUMN_PSS, &number, NULL));
      g_assert_cmpuint (number, ==, (i + 1) * 1000);
    }
  assert_missing (facts, 2, PSC_COLUMN_PSS, PSC_REASON_NOT_READ);
  assert_missing (facts, 0, PSC_COLUMN_THP, PSC_REASON_UNSUPPORTED);
  assert_text (facts, 0, PSC_COLUMN_VM_FLAGS, "rd wr");
  g_assert_cmphex (psc_mapping_facts_get_read (facts, 0)->end, ==, 0x20000);
  g_assert_null (psc_mapping_facts_get_read (facts, 2));
}

/* A difference, of this moment and of the one before: one mapping came, one is shorter than then.
 */
static void
test_compared (void)
{
  g_autoptr (PscSpace) then = make_space (PSC_SOURCE_SCAN, 2, PAGE, FALSE);
  g_autoptr (PscSpace) now = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscSpace) later = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscDiff) diff = psc_diff_new (then, now);
  PscSpace *spaces[] = { now, later };

  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new_compared (spaces[i], NULL, diff);
      g_autofree char *problem = NULL;
      g_autofree char *down = sort_text (facts, PSC_COLUMN_SIZE_GROWTH, TRUE);
      g_autofree char *up = sort_text (facts, PSC_COLUMN_SIZE_GROWTH, FALSE);
      g_autofree char *grown = filter_text (facts, "growth>1M", &problem);
      g_autofree char *not_grown = filter_text (facts, "growth<1", &problem);

      assert_text (facts, 0, PSC_COLUMN_SIZE_GROWTH, "−4 KiB");
      assert_text (facts, 0, PSC_COLUMN_GROWTH, "0 B");
      assert_text (facts, 0, PSC_COLUMN_MATCH, "the same addresses");
      assert_text (facts, 2, PSC_COLUMN_SIZE_GROWTH, "+4 MiB");
      assert_text (facts, 2, PSC_COLUMN_GROWTH, "+1.17 MiB");
      assert_text (facts, 2, PSC_COLUMN_APPEARED, "1.17 MiB");
      assert_text (facts, 2, PSC_COLUMN_MATCH, "was not there");
      assert_missing (facts, 3, PSC_COLUMN_GROWTH, PSC_REASON_FAILED);
      g_assert_cmpstr (down, ==, "213450");
      g_assert_cmpstr (up, ==, "013452");
      g_assert_cmpstr (grown, ==, "2");
      g_assert_cmpstr (not_grown, ==, "0145");
      g_assert_null (problem);
    }
}

static void
test_not_compared (void)
{
  g_autoptr (PscSpace) then = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscSpace) now = make_space (PSC_SOURCE_SCAN, 2, 0, FALSE);
  g_autoptr (PscSpace) later = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscDiff) diff = psc_diff_new (then, now);
  g_autoptr (PscMappingFacts) none = psc_mapping_facts_new (now, NULL);
  g_autoptr (PscMappingFacts) late = psc_mapping_facts_new_compared (later, NULL, diff);

  assert_missing (none, 0, PSC_COLUMN_GROWTH, PSC_REASON_NOT_READ);
  /* It came after the difference was made. */
  assert_missing (late, 2, PSC_COLUMN_GROWTH, PSC_REASON_NOT_READ);
  assert_text (late, 1, PSC_COLUMN_GROWTH, "0 B");
}

static void
test_compared_rows (void)
{
  g_autoptr (PscSpace) then = make_space (PSC_SOURCE_SCAN, 2, PAGE, FALSE);
  g_autoptr (PscSpace) now = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscDiff) diff = psc_diff_new (then, now);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new_compared (now, NULL, diff);
  static const guint indices[] = { 2, 0, 3 };
  PscReportRows rows = { facts, indices, G_N_ELEMENTS (indices) };
  g_autofree char *csv = psc_report_rows_to_csv (&rows);
  g_autofree char *json = psc_report_rows_to_json (&rows);
  g_auto (GStrv) texts = g_strsplit (csv, "\n", -1);

  g_assert_true (g_str_has_suffix (texts[0], ",match,growth,size_growth,appeared,gone,copied,"
                                             "swapped_out,swapped_in,became_huge,split"));
  g_assert_true (g_str_has_suffix (texts[1], ",came,1228800,4194304,1228800,0,0,0,0,0,0"));
  g_assert_true (g_str_has_suffix (texts[2], ",address,0,-4096,0,0,0,0,0,0,0"));
  g_assert_true (g_str_has_suffix (texts[3], ",address,,0,,,,,,,"));
  g_assert_nonnull (strstr (json, "\"since\" : {\n    \"pid\" : 42,"));
  g_assert_nonnull (strstr (json, "\"change\":{\"match\":\"address\",\"growth\":0,"
                                  "\"size_growth\":-4096,"));
  g_assert_nonnull (strstr (json, "\"change\":{\"match\":\"address\",\"growth\":null,"));
}

static void
test_rows_csv (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscSpace) details = make_space (PSC_SOURCE_SCAN, 2, 0, TRUE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, details);
  static const guint indices[] = { 2, 0 };
  PscReportRows rows = { facts, indices, G_N_ELEMENTS (indices) };
  g_autofree char *csv = psc_report_rows_to_csv (&rows);

  g_assert_cmpstr (
      csv, ==,
      "start,end,read,write,execute,shared,offset,device,inode,deleted,kind,name,page_size,size,"
      "resident,swapped,huge,hugetlb,zero,rss,pss,pss_dirty,shared_clean,shared_dirty,"
      "private_clean,private_dirty,referenced,anonymous,ksm,lazy_free,anon_huge,shmem_pmd,"
      "file_pmd,shared_hugetlb,private_hugetlb,swap,swap_pss,locked,thp_eligible,vm_flags\n"
      "0x40000,0x440000,1,1,1,0,0,00:00,0,0,jit,,4096,4194304,1228800,0,0,0,0"
      ",,,,,,,,,,,,,,,,,,,,,\n"
      "0x10000,0x20000,1,1,0,0,0,00:00,0,0,heap,[heap],4096,65536,8192,0,0,0,0"
      ",0,1000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,rd wr\n");
}

static void
test_rows_json (void)
{
  g_autoptr (PscSpace) space = make_space (PSC_SOURCE_SCAN, N, 0, FALSE);
  g_autoptr (PscSpace) details = make_space (PSC_SOURCE_SCAN, 2, 0, TRUE);
  g_autoptr (PscMappingFacts) facts = psc_mapping_facts_new (space, details);
  static const guint indices[] = { 2, 0 };
  PscReportRows rows = { facts, indices, G_N_ELEMENTS (indices) };
  g_autofree char *text = psc_report_rows_to_json (&rows);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *root = json_node_get_object (node), *first, *second;
  JsonArray *mappings = json_object_get_array_member (root, "mappings");

  g_assert_cmpuint (json_array_get_length (mappings), ==, 2);
  first = json_array_get_object_element (mappings, 0);
  second = json_array_get_object_element (mappings, 1);
  g_assert_cmpstr (json_object_get_string_member (first, "kind"), ==, "jit");
  g_assert_false (json_object_has_member (first, "smaps"));
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (second, "smaps"), "pss"), ==,
      1000);
  g_assert_true (json_object_has_member (root, "smaps_time"));
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (root, "totals"), "mappings"), ==,
      N);
}

/* The CSV of a whole recorded process, its smaps columns included, adds up to smaps. */
static void
test_fixture_csv (void)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load ("node");
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, TRUE);
  g_autofree char *csv = psc_report_to_csv (space);
  g_auto (GStrv) rows = g_strsplit (csv, "\n", -1);
  g_auto (GStrv) heads = g_strsplit (rows[0], ",", -1);
  guint n_columns = g_strv_length (heads), pss = 0;
  guint64 sum = 0, expected = 0;

  while (!g_str_equal (heads[pss], "pss"))
    pss++;
  for (guint i = 0; i < space->n_mappings; i++)
    {
      g_auto (GStrv) cells = g_strsplit (rows[i + 1], ",", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, n_columns);
      sum += g_ascii_strtoull (cells[pss], NULL, 10);
      expected += space->smaps[i].pss;
    }
  g_assert_cmpuint (sum, ==, expected);
  g_assert_cmpuint (sum, >, 0);
}

static void
test_columns (void)
{
  for (guint i = 0; i < PSC_N_COLUMNS; i++)
    {
      PscColumn column;

      g_assert_true (psc_column_from_id (psc_column_id (i), &column));
      g_assert_cmpuint (column, ==, i);
      g_assert_cmpstr (psc_column_title (i), !=, "");
      g_assert_cmpstr (psc_column_hint (i), !=, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mapping-table/columns", test_columns);
  g_test_add_func ("/mapping-table/filter", test_filter);
  g_test_add_func ("/mapping-table/filter/bounds", test_filter_bounds);
  g_test_add_func ("/mapping-table/sort", test_sort);
  g_test_add_func ("/mapping-table/text", test_text);
  g_test_add_func ("/mapping-table/nothing-known", test_nothing_known);
  g_test_add_func ("/mapping-table/details", test_details);
  g_test_add_func ("/mapping-table/compared", test_compared);
  g_test_add_func ("/mapping-table/not-compared", test_not_compared);
  g_test_add_func ("/mapping-table/compared/rows", test_compared_rows);
  g_test_add_func ("/mapping-table/rows/csv", test_rows_csv);
  g_test_add_func ("/mapping-table/rows/json", test_rows_json);
  g_test_add_func ("/mapping-table/fixture/csv", test_fixture_csv);
  return g_test_run ();
}
