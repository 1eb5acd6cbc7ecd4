/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-proc-parser.h"

#include <string.h>

#include "psc-fixture.h"

#define FIELDS                                                                                     \
  " S 41 42 42 34816 -1 4194560 101 102 103 104 105 106 107 108 20 0 9 0 5555 1234567 77 "         \
  "18446744073709551615 1000 2000 3000 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 6000 7000 8000 9000 0 0 "  \
  "0 0\n"

static void
test_stat (void)
{
  static const char text[] = "42 (a name)" FIELDS;
  PscStat stat;

  g_assert_true (psc_stat_parse (text, strlen (text), &stat));
  g_assert_cmpint (stat.pid, ==, 42);
  g_assert_cmpstr (stat.comm, ==, "a name");
  g_assert_cmpint (stat.state, ==, 'S');
  g_assert_cmpint (stat.ppid, ==, 41);
  g_assert_cmpuint (stat.flags, ==, 4194560);
  g_assert_cmpuint (stat.minflt, ==, 101);
  g_assert_cmpuint (stat.majflt, ==, 103);
  g_assert_cmpuint (stat.utime, ==, 105);
  g_assert_cmpuint (stat.stime, ==, 106);
  g_assert_cmpint (stat.n_threads, ==, 9);
  g_assert_cmpuint (stat.start_time, ==, 5555);
  g_assert_cmpuint (stat.vsize, ==, 1234567);
  g_assert_cmpuint (stat.rss, ==, 77);
  g_assert_cmpuint (stat.start_code, ==, 1000);
  g_assert_cmpuint (stat.start_stack, ==, 3000);
  g_assert_cmpuint (stat.start_brk, ==, 8000);
  g_assert_false (psc_stat_is_kernel_thread (&stat));
}

/* A name may hold whatever would end it. */
static void
test_stat_names (void)
{
  static const char *const names[] = {
    "", ")", "((", ") S 1 2 3", "a b", "(sd-pam)", "\xff\xfe", "two\nlines", "0123456789abcdef",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strconcat ("7 (", names[i], ")" FIELDS, NULL);
      PscStat stat;

      g_assert_true (psc_stat_parse (text, strlen (text), &stat));
      g_assert_cmpstr (stat.comm, ==, names[i]);
      g_assert_cmpint (stat.ppid, ==, 41);
    }
}

static void
test_stat_long_name (void)
{
  g_autofree char *name = g_strnfill (1000, 'n');
  g_autofree char *text = g_strconcat ("7 (", name, ")" FIELDS, NULL);
  PscStat stat;

  g_assert_true (psc_stat_parse (text, strlen (text), &stat));
  g_assert_cmpuint (strlen (stat.comm), ==, sizeof stat.comm - 1);
}

static void
test_stat_bad (void)
{
  static const char *const texts[] = {
    "",
    "42",
    "42 ",
    "42 (",
    "42 (a",
    "42 (a)",
    "42 (a) ",
    "42 (a) S",
    "x (a)" FIELDS,
    "42 a" FIELDS,
    "99999999999 (a)" FIELDS,
    "42 (a) S 41 42 42 34816 -1 4194560 101 102 103 104 105 106 107 108 20 0 9 0 5555 1234567\n",
    "42 (a) S 41 42 42 34816 -1 4194560 101 102 103 104 105 106 107 108 20 0 x 0 5555 1234567 7\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      PscStat stat, zero = { 0 };

      g_assert_false (psc_stat_parse (texts[i], strlen (texts[i]), &stat));
      g_assert_cmpmem (&stat, sizeof stat, &zero, sizeof zero);
    }
}

/* Kernels before 3.3 end sooner. */
static void
test_stat_old (void)
{
  static const char text[] =
      "42 (a) R 41 42 42 0 -1 2097216 101 102 103 104 105 106 107 108 20 0 1 0 5555 0 0\n";
  PscStat stat;

  g_assert_true (psc_stat_parse (text, strlen (text), &stat));
  g_assert_cmpuint (stat.start_brk, ==, 0);
  g_assert_true (psc_stat_is_kernel_thread (&stat));
}

static void
test_statm (void)
{
  PscStatm statm, zero = { 0 };

  g_assert_true (psc_statm_parse ("10 9 8 7 0 6 0\n", 15, &statm));
  g_assert_cmpuint (statm.size, ==, 10);
  g_assert_cmpuint (statm.resident, ==, 9);
  g_assert_cmpuint (statm.shared, ==, 8);
  g_assert_cmpuint (statm.text, ==, 7);
  g_assert_cmpuint (statm.data, ==, 6);
  g_assert_false (psc_statm_parse ("10 9 8 7 0", 10, &statm));
  g_assert_cmpmem (&statm, sizeof statm, &zero, sizeof zero);
  g_assert_false (psc_statm_parse ("", 0, &statm));
  g_assert_false (psc_statm_parse ("a b c d e f g", 13, &statm));
}

static void
test_status (void)
{
  static const char text[] = "Name:\ta\\nb\n"
                             "Umask:\t0022\n"
                             "Uid:\t1000\t1001\t1002\t1003\n"
                             "VmPeak:\t     900 kB\n"
                             "VmSize:\t     800 kB\n"
                             "VmRSS:\t     700 kB\n"
                             "RssAnon:\t     300 kB\n"
                             "RssFile:\t     200 kB\n"
                             "RssShmem:\t     100 kB\n"
                             "VmPTE:\t      44 kB\n"
                             "VmSwap:\t      55 kB\n"
                             "HugetlbPages:\t    2048 kB\n"
                             "Threads:\t3\n"
                             "Future:\tyes\n";
  PscStatus status;

  g_assert_true (psc_status_parse (text, strlen (text), &status));
  g_assert_true (status.has_memory);
  g_assert_cmpuint (status.uid, ==, 1000);
  g_assert_cmpuint (status.n_threads, ==, 3);
  g_assert_cmpuint (status.vm_size, ==, 800 * 1024);
  g_assert_cmpuint (status.vm_rss, ==, 700 * 1024);
  g_assert_cmpuint (status.rss_anon, ==, 300 * 1024);
  g_assert_cmpuint (status.rss_file, ==, 200 * 1024);
  g_assert_cmpuint (status.rss_shmem, ==, 100 * 1024);
  g_assert_cmpuint (status.vm_pte, ==, 44 * 1024);
  g_assert_cmpuint (status.vm_swap, ==, 55 * 1024);
  g_assert_cmpuint (status.hugetlb, ==, 2048 * 1024);
}

static void
test_status_without_memory (void)
{
  static const char kernel_thread[] = "Name:\tkthreadd\nUid:\t0\t0\t0\t0\nThreads:\t1\n";
  PscStatus status, zero = { 0 };

  g_assert_true (psc_status_parse (kernel_thread, strlen (kernel_thread), &status));
  g_assert_false (status.has_memory);
  g_assert_false (psc_status_parse ("Name:\ta\n", 8, &status));
  g_assert_cmpmem (&status, sizeof status, &zero, sizeof zero);
  g_assert_false (psc_status_parse ("", 0, &status));
}

static void
test_cmdline (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *text;
  } cases[] = {
    { "", 0, "" },
    { "\0\0\0", 3, "" },
    { "ls\0", 3, "ls" },
    { "ls\0-l\0/tmp/a b\0", 15, "ls -l /tmp/a b" },
    { "a\0\0b\0", 5, "a  b" },
    { "title set by the program", 24, "title set by the program" },
    { "title\0\0\0\0", 9, "title" },
    { "a\nb\0\xff\0", 6, "a\\nb \\xff" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = psc_cmdline_format (cases[i].bytes, cases[i].length);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_meminfo (void)
{
  static const char text[] = "MemTotal:       24000000 kB\n"
                             "MemFree:        20000000 kB\n"
                             "MemAvailable:   21000000 kB\n"
                             "Buffers:          100000 kB\n"
                             "Cached:          2000000 kB\n"
                             "SwapCached:            7 kB\n"
                             "SwapTotal:       1000000 kB\n"
                             "SwapFree:         900000 kB\n"
                             "Shmem:              5000 kB\n"
                             "HugePages_Total:       8\n"
                             "HugePages_Free:        6\n"
                             "Hugepagesize:       2048 kB\n";
  PscMeminfo meminfo, zero = { 0 };

  g_assert_true (psc_meminfo_parse (text, strlen (text), &meminfo));
  g_assert_cmpuint (meminfo.total, ==, G_GUINT64_CONSTANT (24000000) * 1024);
  g_assert_cmpuint (meminfo.cached, ==, G_GUINT64_CONSTANT (2000000) * 1024);
  g_assert_cmpuint (meminfo.swap_total, ==, G_GUINT64_CONSTANT (1000000) * 1024);
  g_assert_cmpuint (meminfo.shmem, ==, G_GUINT64_CONSTANT (5000) * 1024);
  g_assert_cmpuint (meminfo.huge_total, ==, 8);
  g_assert_cmpuint (meminfo.huge_free, ==, 6);
  g_assert_cmpuint (meminfo.huge_size, ==, 2048 * 1024);
  g_assert_false (psc_meminfo_parse ("Hello: 1 kB\n", 12, &meminfo));
  g_assert_cmpmem (&meminfo, sizeof meminfo, &zero, sizeof zero);
}

/* The three files of one stopped process tell the same story. */
static void
test_fixture (gconstpointer fixture_name)
{
  g_autoptr (PscFixture) fixture = psc_fixture_load (fixture_name);
  g_autofree char *directory = NULL;
  PscStat stat;
  PscStatm statm;
  PscStatus status;
  gsize length;
  const char *text;

  text = psc_fixture_get (fixture, "stat", &length);
  g_assert_true (psc_stat_parse (text, length, &stat));
  text = psc_fixture_get (fixture, "statm", &length);
  g_assert_true (psc_statm_parse (text, length, &statm));
  text = psc_fixture_get (fixture, "status", &length);
  g_assert_true (psc_status_parse (text, length, &status));
  g_assert_cmpint (stat.state, ==, 'T');
  g_assert_cmpuint (stat.n_threads, ==, status.n_threads);
  g_assert_cmpuint (stat.vsize, ==, status.vm_size);
  g_assert_cmpuint (stat.vsize, ==, statm.size * 4096);
  g_assert_cmpuint (status.vm_rss, ==, statm.resident * 4096);
  g_assert_cmpuint (status.vm_rss, ==, status.rss_anon + status.rss_file + status.rss_shmem);
  g_assert_cmpuint (stat.start_brk, >, 1);
  directory = g_strdup_printf ("/%d", stat.pid);
  g_assert_true (g_str_has_suffix (fixture->directory, directory));
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proc/stat", test_stat);
  g_test_add_func ("/proc/stat/names", test_stat_names);
  g_test_add_func ("/proc/stat/long-name", test_stat_long_name);
  g_test_add_func ("/proc/stat/bad", test_stat_bad);
  g_test_add_func ("/proc/stat/old", test_stat_old);
  g_test_add_func ("/proc/statm", test_statm);
  g_test_add_func ("/proc/status", test_status);
  g_test_add_func ("/proc/status/without-memory", test_status_without_memory);
  g_test_add_func ("/proc/cmdline", test_cmdline);
  g_test_add_func ("/proc/meminfo", test_meminfo);
  names = psc_fixture_list ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/proc/fixture/", names[i], NULL);

      g_test_add_data_func (path, names[i], test_fixture);
    }
  return g_test_run ();
}
