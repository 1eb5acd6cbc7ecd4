/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Classification: single cases as tables, and recorded processes against golden files that were
 * read line by line. PSC_UPDATE_GOLDEN=1 writes them anew: read the difference. */

#include <string.h>

#include "psc-classify.h"
#include "psc-fixture.h"
#include "psc-format.h"
#include "psc-maps-parser.h"

#define PAGE 4096

/* Mappings as maps prints them (addresses in pages), then "=>" and the kind that is expected, then
 * stretches of pages from the mapping's start on: a number and a letter: p own page, f page of a
 * file, s swapped, z zero page, g guard, . absent. No stretches: page states are not known. */
typedef struct
{
  const char *name;
  guint n_threads;
  const char *lines[16];
} Case;

static const Case cases[] = {
  { "named",
    1,
    {
        "100-110 rw-p 0 00:00 0 [heap] => heap",
        "200-210 rw-p 0 00:00 0 [stack] => stack",
        "210-220 rw-p 0 00:00 0 [stack:42] => thread_stack",
        "300-301 r--p 0 00:00 0 [vvar] => vdso",
        "301-302 r--p 0 00:00 0 [vvar_vclock] => vdso",
        "302-303 r-xp 0 00:00 0 [vdso] => vdso",
        "400-401 --xp 0 00:00 0 [vsyscall] => vdso",
        "500-501 r-xp 0 00:00 0 [sigpage] => vdso",
        "600-601 rw-p 0 00:00 0 [anon:.bss] => bss",
        "700-701 rw-p 0 00:00 0 [anon:libc_malloc] => anon",
        "800-801 rw-s 0 00:01 7 [anon_shmem:buffer] => shm_anon",
        "900-910 rw-p 0 00:00 0 [anon:stack_and_tls:42] => thread_stack",
    } },
  { "shared",
    1,
    {
        "100-110 rw-s 0 00:01 1 /dev/zero (deleted) => shm_anon",
        "110-120 rw-p 0 00:06 4 /dev/zero => anon",
        "120-130 rw-s 0 00:01 2 /memfd:a/b (deleted) => shm_memfd",
        "130-140 rw-s 0 00:01 0 /SYSV00000000 (deleted) => shm_sysv",
        "140-150 rw-s 0 fe:00 9 /SYSV0000 => file",
        "150-160 rw-s 0 00:1b 3 /dev/shm/ring => shm_posix",
        "160-170 rw-s 0 00:00 0 => shm_anon",
        "170-180 rw-p 0 00:01 2 /memfd:a/b (deleted) => shm_memfd",
        "180-190 r-xs 0 00:01 2 /memfd:a/b (deleted) => shm_memfd",
        "190-1a0 rw-s 0 00:01 5 /secretmem (deleted) => shm_memfd",
    } },
  { "devices",
    1,
    {
        "100-110 rw-s 0 00:06 4 /dev/dri/card0 => device",
        "110-120 rw-s 0 00:0e 1 anon_inode:[perf_event] => device",
        "120-130 rw-s 0 00:0e 1 anon_inode:[io_uring] => device",
        "130-140 rw-s 0 00:08 1 socket:[1234] => device",
        "140-150 rw-s 0 00:0b 1 /dmabuf: => device",
        "150-160 rw-s 0 00:01 1 /drm mm object (deleted) => device",
        "160-170 rw-s 0 00:01 1 /i915 (deleted) => device",
        "170-180 rw-s 0 00:0f 1 /[aio] (deleted) => device",
        "180-190 rw-p 0 00:11 1 /anon_hugepage (deleted) => hugetlb",
        "190-1a0 rw-s 0 00:22 1 /dev/hugepages/pool => hugetlb",
        "1a0-1b0 rw-p 0 fe:00 1 /home/dev/zero => file",
    } },
  { "image of today's linker",
    1,
    {
        "100-101 r--p 0 fe:00 1 /bin/a => rodata",
        "101-102 r-xp 1000 fe:00 1 /bin/a => text",
        "102-103 r--p 2000 fe:00 1 /bin/a => rodata",
        "103-104 r--p 2000 fe:00 1 /bin/a => relro",
        "104-105 rw-p 3000 fe:00 1 /bin/a => data",
        "105-110 rw-p 0 00:00 0 => bss",
        "110-118 rw-p 0 00:00 0 => anon",
    } },
  { "image with a padding, as older linkers made it",
    1,
    {
        "100-110 r-xp 0 fe:00 1 /lib/a.so => text",
        "110-300 ---p 10000 fe:00 1 /lib/a.so => reserved",
        "300-304 r--p 10000 fe:00 1 /lib/a.so => relro",
        "304-305 rw-p 14000 fe:00 1 /lib/a.so => data",
    } },
  { "read-only data that its data does not go on from, in memory or in the file",
    1,
    {
        "101-102 r-xp 1000 fe:00 1 /bin/a => text",
        "102-103 r--p 2000 fe:00 1 /bin/a => rodata",
        "103-104 rw-p 2000 fe:00 1 /bin/a => data",
        "201-202 r-xp 1000 fe:00 2 /bin/b => text",
        "202-203 r--p 2000 fe:00 2 /bin/b => rodata",
        "204-205 rw-p 3000 fe:00 2 /bin/b => data",
        "302-303 r--p 2000 fe:00 3 /bin/c => rodata",
        "303-304 rw-p 3000 fe:00 3 /bin/c => data",
        "304-305 r-xp 1000 fe:00 3 /bin/c => text",
    } },
  { "relro told by its pages, where data does not follow",
    1,
    {
        "100-101 r--p 0 fe:00 1 /bin/a => rodata 1f",
        "101-102 r-xp 1000 fe:00 1 /bin/a => text 1f",
        "102-104 r--p 2000 fe:00 1 /bin/a => rodata 2f",
        "105-107 r--p 4000 fe:00 1 /bin/a => relro 1f1p",
        "107-109 rw-p 0 00:00 0 => bss 1p",
    } },
  { "relro swapped out",
    1,
    {
        "101-102 r-xp 1000 fe:00 1 /bin/a => text 1f",
        "105-107 r--p 4000 fe:00 1 /bin/a => relro 2s",
    } },
  { "page states that don't tell pages of files apart prove nothing",
    1,
    {
        "101-102 r-xp 1000 fe:00 1 /bin/a => text 1p",
        "102-104 r--p 2000 fe:00 1 /bin/a => rodata 2p",
    } },
  { "files that are no images",
    1,
    {
        "100-101 r--p 0 fe:00 1 /usr/lib/locale/locale-archive => file",
        "101-102 rw-p 0 fe:00 2 /var/data => file",
        "102-103 r--p 0 fe:00 3 /lib/a.so => file",
        "103-104 r--s 0 fe:00 4 /bin/a => file",
        "104-105 r-xp 0 fe:00 4 /bin/a => text",
        "105-106 ---p 0 fe:00 5 /var/other => file",
        "106-107 rw-p 0 00:00 0 => anon",
        "107-108 r--p 0 fe:01 4 /bin/a => file",
    } },
  { "program in a memfd",
    1,
    {
        "100-101 r--p 0 00:01 9 /memfd:runc (deleted) => rodata",
        "101-102 r-xp 1000 00:01 9 /memfd:runc (deleted) => text",
        "102-103 rw-p 2000 00:01 9 /memfd:runc (deleted) => data",
    } },
  { "image in parts with its bss between",
    1,
    {
        "100-101 r-xp 0 fe:00 1 /bin/a => text",
        "101-102 rw-p 1000 fe:00 1 /bin/a => data",
        "102-103 rw-p 0 00:00 0 => bss",
        "103-104 r--p 2000 fe:00 1 /bin/a => rodata",
    } },
  { "what lies behind a library is not always its bss",
    1,
    {
        "100-101 r-xp 0 fe:00 1 /bin/a => text",
        "101-102 rw-p 1000 fe:00 1 /bin/a => data",
        "102-902 rw-p 0 00:00 0 => bss",
        "a00-a40 r-xp 0 fe:00 2 /lib/b.so => text",
        "a40-a50 rw-p 40000 fe:00 2 /lib/b.so => data",
        "a50-a64 rw-p 0 00:00 0 => bss",
        "b00-b40 r-xp 0 fe:00 3 /lib/c.so => text",
        "b40-b50 rw-p 40000 fe:00 3 /lib/c.so => data",
        "b50-b65 rw-p 0 00:00 0 => anon",
        "c00-c01 r-xp 0 fe:00 4 /lib/d.so => text",
        "c01-c02 rw-p 1000 fe:00 4 /lib/d.so => data",
        "c02-c12 rw-p 0 00:00 0 => bss",
    } },
  { "generated code",
    1,
    {
        "100-110 rwxp 0 00:00 0 => jit",
        "120-130 r-xp 0 00:00 0 => jit",
        "140-150 rwxp 0 00:00 0 [anon:code] => jit",
    } },
  { "guards and reservations",
    1,
    {
        "100-110 ---p 0 00:00 0 => guard",
        "110-120 rw-p 0 00:00 0 => anon",
        "200-210 ---p 0 00:00 0 => reserved",
        "300-311 ---p 0 00:00 0 => reserved",
        "311-320 rw-p 0 00:00 0 => anon",
        "400-401 rw-p 0 00:00 0 => anon",
        "401-402 ---p 0 00:00 0 => guard",
        "500-510 ---p 0 00:00 0 => reserved 8p",
        "510-520 rw-p 0 00:00 0 => anon 1p",
        "600-601 ---p 0 00:00 0 [anon:fence] => guard",
        "601-602 r--p 0 00:00 0 => anon",
    } },
  { "stacks in a process with threads",
    2,
    {
        "100-101 ---p 0 00:00 0 => guard",
        "101-901 rw-p 0 00:00 0 => thread_stack 2047.1p",
        "901-941 ---p 0 00:00 0 => guard",
        "941-a41 rw-p 0 00:00 0 => thread_stack 200.56p",
        "b00-b01 ---p 0 00:00 0 => guard",
        "b01-b03 rw-p 0 00:00 0 => anon 2p",
        "c00-c01 ---p 0 00:00 0 => guard",
        "c01-c81 rw-p 0 00:00 0 => anon 12p",
        "d00-d01 ---p 0 00:00 0 [anon:stack guard] => guard",
        "d01-d81 rw-p 0 00:00 0 [anon:thread stack] => thread_stack 127.1s",
        "e00-e01 ---p 0 00:00 0 => guard",
        "e01-e81 rw-p 0 00:00 0 [anon:malloc] => anon 128p",
    } },
  { "super pages are no stacks, on another border they are",
    2,
    {
        "1000-1002 ---p 0 00:00 0 => guard",
        "1002-1003 rw-p 0 00:00 0 => anon 1p",
        "1003-1004 ---p 0 00:00 0 => guard",
        "1004-11f4 rw-p 0 00:00 0 => anon 496p",
        "11f4-1202 ---p 0 00:00 0 => guard",
        "1202-1203 rw-p 0 00:00 0 => anon 1p",
        "1203-1204 ---p 0 00:00 0 => guard",
        "1204-1240 rw-p 0 00:00 0 => anon 60p",
        "1240-1244 ---p 0 00:00 0 => guard",
        "1244-1384 rw-p 0 00:00 0 => anon 320p",
        "2012-2013 rw-p 0 00:00 0 => anon 1p",
        "2013-2014 ---p 0 00:00 0 => guard",
        "2014-2204 rw-p 0 00:00 0 => thread_stack 496p",
    } },
  { "stacks where page states are not known",
    0,
    {
        "100-101 ---p 0 00:00 0 => guard",
        "101-901 rw-p 0 00:00 0 => thread_stack",
        "901-d01 ---p 0 00:00 0 => reserved",
        "d01-e00 rw-p 0 00:00 0 => anon",
        "f00-f80 ---p 0 00:00 0 => reserved",
        "f80-fff rw-p 0 00:00 0 => anon",
    } },
  { "no stacks in a process without threads",
    1,
    {
        "100-101 ---p 0 00:00 0 => guard",
        "101-901 rw-p 0 00:00 0 => anon 2047.1p",
        "a00-a80 rw-p 0 00:00 0 => anon 1g126.1p",
    } },
  { "stacks with guard pages inside",
    3,
    {
        "100-901 rw-p 0 00:00 0 => thread_stack 1g2047.1p",
        "a01-1a03 rw-p 0 00:00 0 => thread_stack 1g2047.1p1g2047.1p",
        "2000-2100 rw-p 0 00:00 0 => anon 1.1g254p",
    } },
  { "arenas of glibc are no stacks",
    3,
    {
        "4000-4021 rw-p 0 00:00 0 => anon 33p",
        "4021-8000 ---p 0 00:00 0 => reserved",
        "8000-bff0 rw-p 0 00:00 0 => anon 16368p",
        "bff0-c000 ---p 0 00:00 0 => guard",
        "c000-c021 rw-p 0 00:00 0 => anon 33p",
        "c021-10000 ---p 0 00:00 0 => reserved",
    } },
  { "a stack may begin where an arena would",
    3,
    {
        "3fff-4000 ---p 0 00:00 0 => guard",
        "4000-4800 rw-p 0 00:00 0 => thread_stack 2047.1p",
    } },
};

static guint16
state_of (char letter)
{
  switch (letter)
    {
    case 'p':
      return PSC_PAGE_PRESENT;
    case 'f':
      return PSC_PAGE_PRESENT | PSC_PAGE_FILE;
    case 's':
      return PSC_PAGE_SWAPPED;
    case 'z':
      return PSC_PAGE_PRESENT | PSC_PAGE_ZERO;
    case 'g':
      return PSC_PAGE_GUARD | PSC_PAGE_SWAPPED;
    default:
      g_assert_cmpint (letter, ==, '.');
      return 0;
    }
}

/* Adds the line's mapping and returns where the expected kind starts. */
static const char *
add_line (PscSpaceBuilder *builder, const char *line)
{
  const char *arrow = strstr (line, " => "), *name;
  gsize name_length;
  PscMapping mapping;

  g_assert_nonnull (arrow);
  g_assert_true (psc_maps_parse_line (line, arrow - line, &mapping, &name, &name_length));
  mapping.start *= PAGE;
  mapping.end *= PAGE;
  mapping.name = psc_space_builder_intern (builder, name, name_length);
  g_assert_true (psc_space_builder_add_mapping (builder, &mapping));
  return arrow + strlen (" => ");
}

static void
add_pages (PscSpaceBuilder *builder, guint index, const char *pages)
{
  guint n;
  PscMapping *mapping = psc_space_builder_get_mappings (builder, &n) + index;
  guint64 at = mapping->start;

  while (pages != NULL && *pages != '\0')
    {
      char *letter;
      guint64 end = at + g_ascii_strtoull (pages, &letter, 10) * PAGE;

      mapping->flags |= PSC_MAPPING_PAGES_KNOWN;
      g_assert_cmpuint (end, <=, mapping->end);
      psc_space_builder_add_run (builder, at, end, state_of (*letter));
      at = end;
      pages = letter + 1;
    }
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  PscSpaceBuilder *builder = psc_space_builder_new (PAGE);
  g_autoptr (PscSpace) space = NULL;
  PscClassifyFacts facts = { .n_threads = test->n_threads };
  const char *expected[G_N_ELEMENTS (test->lines)];
  PscMapping *mappings;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (test->lines) && test->lines[i] != NULL; i++)
    expected[i] = add_line (builder, test->lines[i]);
  mappings = psc_space_builder_get_mappings (builder, &n);
  for (guint i = 0; i < n; i++)
    add_pages (builder, i, strchr (expected[i], ' ') ? strchr (expected[i], ' ') + 1 : NULL);
  psc_space_builder_bind_runs (builder);
  psc_classify (mappings, n, psc_space_builder_get_space (builder)->runs, PAGE, &facts);
  space = psc_space_builder_freeze (builder);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *kind = g_strndup (expected[i], strcspn (expected[i], " "));

      g_test_message ("%s", test->lines[i]);
      g_assert_cmpstr (psc_kind_id (space->mappings[i].kind), ==, kind);
      g_assert_cmpint (space->mappings[i].why, <, PSC_N_WHYS);
    }
}

/* The program is the image that ends below its brk heap. */
static void
test_program_by_brk (void)
{
  const PscMapping parts[] = {
    { .start = 0x1000, .end = 0x2000, .perms = PSC_PERM_EXEC, .inode = 1, .name = "/lib/low.so" },
    { .start = 0x2000, .end = 0x3000, .perms = PSC_PERM_WRITE, .inode = 1, .name = "/lib/low.so" },
    { .start = 0x3000, .end = 0x900000, .perms = PSC_PERM_WRITE, .name = "" },
  };
  static const struct
  {
    guint64 start_brk;
    PscKind kind;
  } brks[] = {
    { 0, PSC_KIND_BSS },        /* not known: the lowest image */
    { 1, PSC_KIND_BSS },        /* not allowed */
    { 0x3000, PSC_KIND_BSS },   /* right behind it */
    { 0xa00000, PSC_KIND_BSS }, /* somewhere above it */
    { 0x800, PSC_KIND_ANON },   /* below it: this is a library */
  };

  for (guint i = 0; i < G_N_ELEMENTS (brks); i++)
    {
      PscClassifyFacts facts = { .n_threads = 1, .start_brk = brks[i].start_brk };
      PscMapping mappings[G_N_ELEMENTS (parts)];

      memcpy (mappings, parts, sizeof parts);
      psc_classify (mappings, G_N_ELEMENTS (mappings), NULL, PAGE, &facts);
      g_assert_cmpint (mappings[1].kind, ==, PSC_KIND_DATA);
      g_assert_cmpint (mappings[2].kind, ==, brks[i].kind);
    }
}

static void
test_hugetlb_by_page_size (void)
{
  PscMapping mapping = { .start = 0x200000, .end = 0x400000, .page_shift = 21 };
  PscClassifyFacts facts = { .n_threads = 1 };

  mapping.name = "/memfd:huge";
  psc_classify (&mapping, 1, NULL, PAGE, &facts);
  g_assert_cmpint (mapping.kind, ==, PSC_KIND_HUGETLB);
  g_assert_cmpint (mapping.why, ==, PSC_WHY_HUGETLB_PAGES);
  mapping.page_shift = 16;
  psc_classify (&mapping, 1, NULL, 65536, &facts);
  g_assert_cmpint (mapping.kind, ==, PSC_KIND_SHM_MEMFD);
}

/* One line a mapping; sizes in pages. */
static char *
dump (const PscSpace *space)
{
  GString *text = g_string_new ("# start          end              perms  size resident swapped "
                                "huge hugetlb zero kind: why, name\n");

  for (guint i = 0; i < space->n_mappings; i++)
    {
      const PscMapping *mapping = &space->mappings[i];
      g_autofree char *name = psc_format_name (mapping->name, -1);
      char perms[5];

      psc_mapping_format_perms (mapping, perms);
      g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x %016" G_GINT64_MODIFIER "x %s",
                              mapping->start, mapping->end, perms);
      g_string_append_printf (text, " %" G_GUINT64_FORMAT, (mapping->end - mapping->start) / PAGE);
      g_string_append_printf (text, " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                              mapping->resident / PAGE, mapping->swapped / PAGE);
      g_string_append_printf (text, " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                              mapping->huge / PAGE, mapping->hugetlb / PAGE);
      g_string_append_printf (text, " %" G_GUINT64_FORMAT " %s: %s%s%s%s\n", mapping->zero / PAGE,
                              psc_kind_id (mapping->kind), psc_kind_why (mapping->why),
                              *name != '\0' ? ", " : "", name,
                              mapping->flags & PSC_MAPPING_DELETED ? " (deleted)" : "");
    }
  return g_string_free (text, FALSE);
}

static void
test_golden (gconstpointer name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (name);
  g_autoptr (PscSpace) space = psc_fixture_make_space (fixture, TRUE);
  g_autofree char *file = g_strdup_printf ("classify-%s.txt", (const char *) name);
  g_autofree char *path = g_build_filename (g_getenv ("PSC_TEST_DATA"), "golden", file, NULL);
  g_autofree char *is = dump (space);
  g_autofree char *expected = NULL;
  g_auto (GStrv) is_lines = g_strsplit (is, "\n", -1), lines = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("PSC_UPDATE_GOLDEN") != NULL)
    g_file_set_contents (path, is, -1, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (expected, "\n", -1);
  for (guint i = 0; is_lines[i] != NULL && lines[i] != NULL; i++)
    g_assert_cmpstr (is_lines[i], ==, lines[i]);
  g_assert_cmpuint (g_strv_length (is_lines), ==, g_strv_length (lines));
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/classify/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/classify/hugetlb by page size", test_hugetlb_by_page_size);
  g_test_add_func ("/classify/program by brk", test_program_by_brk);
  names = psc_fixture_list ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/classify/golden/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_golden);
    }
  return g_test_run ();
}
