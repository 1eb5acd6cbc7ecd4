/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both ways to open a path beneath a directory: the kernel's, and ours for where it has none. */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psc-probe-beneath.h"
#include "psc-probe-request.h"

typedef int (*OpenFunc) (int directory, const uint8_t *path, size_t length);

static void
check (OpenFunc open_beneath, int directory, const char *path, const char *expected)
{
  struct stat got, wanted;
  int fd = open_beneath (directory, (const uint8_t *) path, strlen (path));

  if (expected == NULL)
    {
      g_assert_cmpint (fd, <, 0);
      g_assert_true (fd == -ELOOP || fd == -ENOTDIR || fd == -ENOENT);
      return;
    }
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstat (fd, &got), ==, 0);
  g_assert_cmpint (fstatat (directory, expected, &wanted, 0), ==, 0);
  g_assert_cmpuint (got.st_ino, ==, wanted.st_ino);
  g_assert_true (S_ISDIR (got.st_mode));
  close (fd);
}

static void
test_open (gconstpointer data)
{
  OpenFunc open_beneath = *(const OpenFunc *) data;
  g_autofree char *root = g_dir_make_tmp ("psc-beneath-XXXXXX", NULL);
  static const char *const names[] = { "a/file", "a/up", "a/b", "a/c", "a" };
  int directory = open (root, O_PATH | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (directory, >=, 0);
  g_assert_cmpint (mkdirat (directory, "a", 0755), ==, 0);
  g_assert_cmpint (mkdirat (directory, "a/b", 0755), ==, 0);
  g_assert_cmpint (symlinkat ("b", directory, "a/c"), ==, 0);
  g_assert_cmpint (symlinkat ("../..", directory, "a/up"), ==, 0);
  close (openat (directory, "a/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  check (open_beneath, directory, "", ".");
  check (open_beneath, directory, "a", "a");
  check (open_beneath, directory, "a/b", "a/b");
  check (open_beneath, directory, "a/c", NULL);
  check (open_beneath, directory, "a/up", NULL);
  check (open_beneath, directory, "a/up/a", NULL);
  check (open_beneath, directory, "a/file", NULL);
  check (open_beneath, directory, "a/file/x", NULL);
  check (open_beneath, directory, "a/nothing", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (unlinkat (directory, names[i], 0) != 0)
      g_assert_cmpint (unlinkat (directory, names[i], AT_REMOVEDIR), ==, 0);
  close (directory);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

static void
test_plain (void)
{
  static const struct
  {
    const char *path;
    gboolean plain;
  } cases[] = {
    { "", TRUE },      { "a", TRUE },     { "a/b", TRUE },     { "..a/b..", TRUE },
    { "...", TRUE },   { ".", FALSE },    { "..", FALSE },     { "/", FALSE },
    { "/a", FALSE },   { "a/", FALSE },   { "a//b", FALSE },   { "a/./b", FALSE },
    { "a/..", FALSE }, { "../a", FALSE }, { "a/../b", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (
        probe_request_path_is_plain ((const uint8_t *) cases[i].path, strlen (cases[i].path)), ==,
        cases[i].plain);
}

int
main (int argc, char **argv)
{
  static const OpenFunc kernels = probe_beneath_open, walk = probe_beneath_walk;

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/beneath/openat2", &kernels, test_open);
  g_test_add_data_func ("/beneath/walk", &walk, test_open);
  g_test_add_func ("/beneath/plain", test_plain);
  return g_test_run ();
}
