/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Exported files: whole or not at all, of the right kind and size, and as true as the window. */

#include <glib/gstdio.h>
#include <string.h>

#include "psc-figure.h"
#include "psc-test-pixels.h"
#include "psc-test-space.h"

/* One GiB, every other page touched, below it a library and a stack far away. */
#define CHECKER                                                                                    \
  "40000000 40000000 rw-p anon 262144 r 2\n7f0000000000 30000 r-xp lib 20 f 1\n"                   \
  "7ffffff00000 21000 rw-p [stack] 3 r 1"

typedef struct
{
  PscSpace *space;
  char *dir;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->space = psc_test_space_new (CHECKER);
  fixture->dir = g_dir_make_tmp ("pagescape-figure-XXXXXX", NULL);
  g_assert_nonnull (fixture->dir);
}

/* Also proves that nothing was left behind: the directory must be empty by now. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
  psc_space_unref (fixture->space);
}

static char *export(Fixture *fixture, const PscFigureOptions *options, const char *name,
                    gsize *length)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autoptr (GError) error = NULL;
  PscFigureFormat format;
  char *contents;

  g_assert_true (psc_figure_format_from_path (path, &format, &error));
  g_assert_true (psc_figure_export (fixture->space, options, format, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, length, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  return contents;
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *magic;
    gsize most;
  } files[] = { { "map.png", "\x89PNG\r\n", 1 << 20 },
                { "MAP.PNG", "\x89PNG\r\n", 1 << 20 },
                { "map.svg", "<?xml", 4 << 20 },
                { "map.pdf", "%PDF-", 1 << 20 } };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    for (guint lens = 0; lens < PSC_N_LENSES; lens++)
      {
        PscFigureOptions options = { .lens = lens, .theme = i % 2, .width = 900, .height = 600 };
        gsize length;
        g_autofree char *contents = export(fixture, &options, files[i].name, &length);

        g_assert_cmpuint (length, >, 1000);
        g_assert_cmpuint (length, <, files[i].most);
        g_assert_cmpint (memcmp (contents, files[i].magic, strlen (files[i].magic)), ==, 0);
      }
}

static void
test_half_density (Fixture *fixture, gconstpointer data)
{
  static const guint sizes[][2] = { { 1600, 1000 }, { 777, 555 }, { 3840, 2160 }, { 400, 420 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      PscFigureOptions options = { .theme = i % 2, .width = sizes[i][0], .height = sizes[i][1] };
      g_autofree char *path = g_build_filename (fixture->dir, "half.png", NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (psc_figure_export (fixture->space, &options, PSC_FIGURE_PNG, path, &error));
      g_assert_cmpfloat_with_epsilon (psc_test_share_in_png (path, options.theme), 0.5, 0.01);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
test_free_height (Fixture *fixture, gconstpointer data)
{
  PscFigureOptions options = { .width = 1000 };
  gsize length;
  g_autofree char *svg = export(fixture, &options, "free.svg", &length);

  g_assert_nonnull (strstr (svg, "width=\"1000"));
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PscFigureOptions options;
    int code;
  } cases[] = {
    { { .width = 10, .height = 500 }, PSC_FIGURE_ERROR_SIZE },
    { { .width = 500, .height = 999999 }, PSC_FIGURE_ERROR_SIZE },
    { { .range_start = 0x1000, .range_end = 0x2000 }, PSC_FIGURE_ERROR_RANGE },
  };
  g_autofree char *path = g_build_filename (fixture->dir, "map.png", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->dir, "no-such", "map.png", NULL);
  PscFigureOptions fine = { .width = 400, .height = 300 };
  g_autoptr (GError) error = NULL;
  PscFigureFormat format;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_false (
          psc_figure_export (fixture->space, &cases[i].options, PSC_FIGURE_PNG, path, &error));
      g_assert_error (error, PSC_FIGURE_ERROR, cases[i].code);
      g_clear_error (&error);
    }
  g_assert_false (psc_figure_export (fixture->space, &fine, PSC_FIGURE_PNG, nowhere, &error));
  g_assert_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE);
  g_clear_error (&error);
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "map.gif", "map", "" };

      g_assert_false (psc_figure_format_from_path (names[i], &format, &error));
      g_assert_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_FORMAT);
      g_clear_error (&error);
    }
}

/* An existing file stays as it was when the new one can't be made. */
static void
test_keeps_old_file (Fixture *fixture, gconstpointer data)
{
  PscFigureOptions options = { .range_start = 0x1000, .range_end = 0x2000 };
  g_autofree char *path = g_build_filename (fixture->dir, "old.png", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (path, "old", 3, NULL));
  g_assert_false (psc_figure_export (fixture->space, &options, PSC_FIGURE_PNG, path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/figure/formats", test_formats);
  ADD ("/figure/half-density", test_half_density);
  ADD ("/figure/free-height", test_free_height);
  ADD ("/figure/errors", test_errors);
  ADD ("/figure/keeps-old-file", test_keeps_old_file);
  return g_test_run ();
}
