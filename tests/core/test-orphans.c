/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parser of System V segments, and how a path is written for a shell. */

#include <string.h>

#include "psc-orphans-words.h"
#include "psc-sysv-parser.h"

#define HEAD                                                                                       \
  "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid "  \
  "     atime      dtime      ctime                   rss                  swap\n"
#define LINE                                                                                       \
  "  11059398    3670032   600                    56 15166 15186      0 65534 65534 65534 65534 "  \
  "1795353179 1795353239 1795353176                  4096                  8192\n"

static void
test_sysv (void)
{
  static const char text[] =
      HEAD LINE "-559038737 7 1666 18446744073709551615 1 -1 2 0 0 0 0 0 0 5 0 0\n";
  guint n_bad = 99;
  g_autoptr (GArray) segments = psc_sysv_parse (text, strlen (text), &n_bad);
  const PscSysvSegment *segment = &g_array_index (segments, PscSysvSegment, 0);

  g_assert_cmpuint (segments->len, ==, 2);
  g_assert_cmpuint (n_bad, ==, 0);
  g_assert_cmpint (segment->key, ==, 11059398);
  g_assert_cmpuint (segment->shmid, ==, 3670032);
  g_assert_cmpuint (segment->size, ==, 56);
  g_assert_cmpuint (segment->cpid, ==, 15166);
  g_assert_cmpuint (segment->lpid, ==, 15186);
  g_assert_cmpuint (segment->n_attached, ==, 0);
  g_assert_cmpuint (segment->uid, ==, 65534);
  g_assert_cmpuint (segment->detached, ==, 1795353239);
  g_assert_cmpuint (segment->resident, ==, 4096);
  g_assert_cmpuint (segment->swapped, ==, 8192);
  segment++;
  g_assert_cmpint (segment->key, ==, -559038737);
  g_assert_cmpuint (segment->size, ==, G_MAXUINT64);
  g_assert_cmpuint (segment->lpid, ==, 0);
  g_assert_cmpuint (segment->n_attached, ==, 2);
}

static void
test_sysv_bad (void)
{
  static const struct
  {
    const char *text;
    gint n, n_bad; /* n −1: nothing at all */
  } cases[] = {
    { "", -1, 0 },
    { LINE, -1, 0 },
    { "key shmid perms\n", -1, 0 },
    { HEAD, 0, 0 },
    { HEAD "\n", 0, 1 },
    { HEAD LINE "1 2 3\n" LINE, 2, 1 },
    { HEAD "1 -2 600 1 1 1 0 0 0 0 0 0 0 0 0 0\n", 0, 1 },
    { HEAD "1 99999999999 600 1 1 1 0 0 0 0 0 0 0 0 0 0\n", 0, 1 },
    { HEAD "1 2x 600 1 1 1 0 0 0 0 0 0 0 0 0 0\n", 0, 1 },
    { HEAD "1 2 600 1 1 1 0 0 0 0 0 0 0 0 0 0", 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_bad = 0;
      g_autoptr (GArray) segments = psc_sysv_parse (cases[i].text, strlen (cases[i].text), &n_bad);

      g_assert_cmpint (segments != NULL ? (gint) segments->len : -1, ==, cases[i].n);
      g_assert_cmpint ((gint) n_bad, ==, cases[i].n_bad);
    }
}

static void
test_quote (void)
{
  static const struct
  {
    const char *path, *quoted;
  } cases[] = {
    { "/dev/shm/sem.x-1_2", "/dev/shm/sem.x-1_2" },
    { "/dev/shm/a b", "'/dev/shm/a b'" },
    { "/dev/shm/$(reboot)", "'/dev/shm/$(reboot)'" },
    { "/dev/shm/it's", "'/dev/shm/it'\\''s'" },
    { "/dev/shm/Gr\303\274\303\237e", "'/dev/shm/Gr\303\274\303\237e'" },
    { "/dev/shm/a\nb", "$'/dev/shm/a\\x0ab'" },
    { "/dev/shm/\xff'\\", "$'/dev/shm/\\xff\\x27\\x5c'" },
    { "/dev/shm/\033[31m", "$'/dev/shm/\\x1b[31m'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *quoted = psc_orphan_quote (cases[i].path);

      g_assert_cmpstr (quoted, ==, cases[i].quoted);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orphans/sysv", test_sysv);
  g_test_add_func ("/orphans/sysv/bad", test_sysv_bad);
  g_test_add_func ("/orphans/quote", test_quote);
  return g_test_run ();
}
