/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-maps-parser.h"

#include <string.h>

#include "psc-fixture.h"

#define R      PSC_PERM_READ
#define W      PSC_PERM_WRITE
#define X      PSC_PERM_EXEC
#define SHARED PSC_PERM_SHARED

static const struct
{
  const char *line;
  PscMapping mapping; /* name as psc_maps_parse_line() gives it: escapes not undone */
} good[] = {
  { "00400000-0040b000 r-xp 00001000 08:02 173521                             /usr/bin/a",
    { .start = 0x400000,
      .end = 0x40b000,
      .offset = 0x1000,
      .inode = 173521,
      .dev_major = 8,
      .dev_minor = 2,
      .perms = R | X,
      .name = "/usr/bin/a" } },
  { "7f2938000000-7f2938021000 rw-p 00000000 00:00 0 ",
    { .start = 0x7f2938000000, .end = 0x7f2938021000, .perms = R | W, .name = "" } },
  { "7f2938000000-7f2938021000 rw-p 00000000 00:00 0",
    { .start = 0x7f2938000000, .end = 0x7f2938021000, .perms = R | W, .name = "" } },
  { "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
    { .start = 0xffffffffff600000, .end = 0xffffffffff601000, .perms = X, .name = "[vsyscall]" } },
  { "1000-2000 rw-s ffffffffffffffff ffffffff:fffff 18446744073709551615 /memfd:x (deleted)",
    { .start = 0x1000,
      .end = 0x2000,
      .offset = G_MAXUINT64,
      .inode = G_MAXUINT64,
      .dev_major = 0xffffffff,
      .dev_minor = 0xfffff,
      .perms = R | W | SHARED,
      .flags = PSC_MAPPING_DELETED,
      .name = "/memfd:x" } },
  { "1000-2000 ---p 0 fe:00 5 /tmp/with  blanks  (deleted) (deleted)",
    { .start = 0x1000,
      .end = 0x2000,
      .dev_major = 0xfe,
      .inode = 5,
      .flags = PSC_MAPPING_DELETED,
      .name = "/tmp/with  blanks  (deleted)" } },
  { "1000-2000 ---p 0 fe:00 5 /tmp/two\\012lines",
    { .start = 0x1000,
      .end = 0x2000,
      .dev_major = 0xfe,
      .inode = 5,
      .name = "/tmp/two\\012lines" } },
  { "1000-2000 ---p 0 fe:00 5 /tmp/\xff\xfe\t\x01",
    { .start = 0x1000,
      .end = 0x2000,
      .dev_major = 0xfe,
      .inode = 5,
      .name = "/tmp/\xff\xfe\t\x01" } },
  { "1000-2000 rw-p 0 00:00 0 [anon:a name (deleted)]",
    { .start = 0x1000, .end = 0x2000, .perms = R | W, .name = "[anon:a name (deleted)]" } },
  { "1000-2000 rw-p 0 00:00 0 [anon:odd] (deleted)", /* no path: belongs to the name */
    { .start = 0x1000, .end = 0x2000, .perms = R | W, .name = "[anon:odd] (deleted)" } },
  { "1000-2000 rw-p 0 00:0e 7 anon_inode:[perf_event]",
    { .start = 0x1000,
      .end = 0x2000,
      .perms = R | W,
      .dev_minor = 0xe,
      .inode = 7,
      .name = "anon_inode:[perf_event]" } },
};

static void
check_equal (const PscMapping *is, const PscMapping *expected)
{
  g_assert_cmphex (is->start, ==, expected->start);
  g_assert_cmphex (is->end, ==, expected->end);
  g_assert_cmphex (is->offset, ==, expected->offset);
  g_assert_cmpuint (is->inode, ==, expected->inode);
  g_assert_cmphex (is->dev_major, ==, expected->dev_major);
  g_assert_cmphex (is->dev_minor, ==, expected->dev_minor);
  g_assert_cmphex (is->perms, ==, expected->perms);
  g_assert_cmphex (is->flags, ==, expected->flags);
}

static void
test_line (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      const char *name;
      gsize name_length;
      PscMapping mapping;
      g_autofree char *copy = NULL;

      g_assert_true (
          psc_maps_parse_line (good[i].line, strlen (good[i].line), &mapping, &name, &name_length));
      check_equal (&mapping, &good[i].mapping);
      g_assert_cmpstr (mapping.name, ==, "");
      copy = g_strndup (name, name_length);
      g_assert_cmpstr (copy, ==, good[i].mapping.name);
    }
}

static const char *const bad[] = {
  "",
  " ",
  "1000",
  "1000-",
  "1000-2000",
  "1000-2000 ",
  "1000-2000 rw-",
  "1000-2000 rw-p",
  "1000-2000 rw-p 0",
  "1000-2000 rw-p 0 00:00",
  "1000-2000 rw-p 0 00:00 ",
  "1000-2000 rw-p 0 00:00 x",
  "1000-2000 rw-p 0 0000 0",
  "1000-2000 -w-- 0 00:00 0",
  "1000-2000 wr-p 0 00:00 0",
  "1000-2000 rw-p 0 00:00 0/usr",
  "1000 2000 rw-p 0 00:00 0",
  "2000-1000 rw-p 0 00:00 0",
  "1000-1000 rw-p 0 00:00 0",
  "1000-2000  rw-p 0 00:00 0",
  "-1000-2000 rw-p 0 00:00 0",
  "ABCD-BCDE rw-p 0 00:00 0",
  "10000000000000000-20000000000000000 rw-p 0 00:00 0",
  "1000-2000 rw-p 0 100000000:00 0",
  "1000-2000 rw-p 0 00:00 18446744073709551616",
  "Rss:                 4 kB",
};

static void
test_bad_line (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      PscMapping mapping;
      const char *name;
      gsize length;

      g_test_message ("\"%s\"", bad[i]);
      g_assert_false (psc_maps_parse_line (bad[i], strlen (bad[i]), &mapping, &name, &length));
    }
}

/* Reads nothing beyond the length it is told (found by the address sanitizer, if it does). */
static void
test_cut_line (void)
{
  const char *line = good[0].line;

  for (gsize length = 0; length <= strlen (line); length++)
    {
      g_autofree char *cut = g_memdup2 (line, MAX (length, 1));
      PscMapping mapping;
      const char *name;
      gsize name_length;

      psc_maps_parse_line (cut, length, &mapping, &name, &name_length);
    }
}

static void
test_unescape (void)
{
  static const struct
  {
    const char *raw;
    const char *name;
  } cases[] = {
    { "", "" },
    { "/plain", "/plain" },
    { "\\012", "\n" },
    { "/two\\012lines\\012", "/two\nlines\n" },
    { "/back\\slash\\", "/back\\slash\\" },
    { "/tail\\01", "/tail\\01" },
    { "/other\\011\\134", "/other\\011\\134" },
    { "/\\\\012", "/\\\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup (cases[i].raw);
      gsize length = psc_maps_unescape (name, strlen (name));

      g_assert_cmpmem (name, length, cases[i].name, strlen (cases[i].name));
    }
}

static PscSpace *
parse (const char *text, guint *n_torn, GError **error)
{
  PscSpaceBuilder *builder = psc_space_builder_new (4096);

  if (psc_maps_parse (text, strlen (text), builder, n_torn, error))
    return psc_space_builder_freeze (builder);
  psc_space_builder_free (builder);
  return NULL;
}

static void
test_text (void)
{
  g_autoptr (GError) error = NULL;
  guint n_torn = 7;
  g_autoptr (PscSpace) space = parse ("1000-3000 r--p 0 08:02 5 /lib/a.so\n"
                                      "3000-4000 r-xp 0 08:02 5 /lib/a.so\n"
                                      "4000-5000 rw-p 0 00:00 0 \n"
                                      "5000-6000 rw-p 0 08:02 6 /tmp/a\\012b (deleted)\n",
                                      &n_torn, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n_torn, ==, 0);
  g_assert_cmpuint (space->n_mappings, ==, 4);
  g_assert_cmpstr (space->mappings[0].name, ==, "/lib/a.so");
  g_assert_true (space->mappings[0].name == space->mappings[1].name);
  g_assert_cmpstr (space->mappings[2].name, ==, "");
  g_assert_cmpstr (space->mappings[3].name, ==, "/tmp/a\nb");
  g_assert_cmphex (space->mappings[3].flags, ==, PSC_MAPPING_DELETED);
}

/* A target that moves while it is read: lines that can't be true of one moment are dropped. */
static void
test_torn (void)
{
  g_autoptr (GError) error = NULL;
  guint n_torn = 0;
  g_autoptr (PscSpace) space = parse ("1000-3000 r--p 0 00:00 0 \n"
                                      "2000-4000 r--p 0 00:00 0 \n"
                                      "4000-5000 r--p 0 00:00 0 \n"
                                      "1000-2000 r--p 0 00:00 0 \n"
                                      "5800-6000 r--p 0 00:00 0 \n"
                                      "7000-8000 r--p 0 00:00 0 [he",
                                      &n_torn, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (space->n_mappings, ==, 2);
  g_assert_cmpuint (n_torn, ==, 4);
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = parse ("", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (space->n_mappings, ==, 0);
}

static void
test_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse ("1000-2000 rw-p 0 00:00 0 \nnon\x01sense\n", NULL, &error));
  g_assert_error (error, PSC_PARSE_ERROR, PSC_PARSE_ERROR_SYNTAX);
  g_assert_nonnull (strstr (error->message, "Line 2"));
  g_assert_nonnull (strstr (error->message, "non\\x01sense"));
}

/* What was parsed, written as the kernel writes it, is what was read. */
static void
test_round_trip (gconstpointer fixture_name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (fixture_name);
  gsize length;
  const char *text = psc_fixture_get (fixture, "maps", &length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      const char *name;
      gsize name_length;
      PscMapping mapping;
      char perms[5];
      g_autoptr (GString) line = g_string_new (NULL);

      g_assert_true (
          psc_maps_parse_line (lines[i], strlen (lines[i]), &mapping, &name, &name_length));
      psc_mapping_format_perms (&mapping, perms);
      g_string_append_printf (line, "%08" G_GINT64_MODIFIER "x-%08" G_GINT64_MODIFIER "x %s ",
                              mapping.start, mapping.end, perms);
      g_string_append_printf (line, "%08" G_GINT64_MODIFIER "x %02x:%02x %" G_GUINT64_FORMAT " ",
                              mapping.offset, mapping.dev_major, mapping.dev_minor, mapping.inode);
      if (name_length > 0)
        g_string_append_printf (line, "%*s", MAX (73 - (int) line->len, 0), "");
      g_string_append_len (line, name, name_length);
      if (mapping.flags & PSC_MAPPING_DELETED)
        g_string_append (line, " (deleted)");
      g_assert_cmpstr (line->str, ==, lines[i]);
    }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maps/line", test_line);
  g_test_add_func ("/maps/bad-line", test_bad_line);
  g_test_add_func ("/maps/cut-line", test_cut_line);
  g_test_add_func ("/maps/unescape", test_unescape);
  g_test_add_func ("/maps/text", test_text);
  g_test_add_func ("/maps/torn", test_torn);
  g_test_add_func ("/maps/nothing", test_nothing);
  g_test_add_func ("/maps/error", test_error);
  names = psc_fixture_list ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/maps/round-trip/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_round_trip);
    }
  return g_test_run ();
}
