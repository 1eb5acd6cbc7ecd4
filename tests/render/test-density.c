/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the kernel to pixels: a live process with one GiB of which every other page is touched looks
 * half full, at every zoom and in exported files. */

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-capture.h"
#include "psc-figure.h"
#include "psc-raster.h"
#include "psc-test-pixels.h"

#define GIB  (1ul << 30)
#define PAGE 4096ul

/* Writes the address to the pipe once the memory is there, then waits to be ended. */
static void
run_child (int fd)
{
  char *area =
      mmap (NULL, GIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  guint64 address = (guint64) (gsize) area;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (area == MAP_FAILED)
    _exit (1);
  madvise (area, GIB, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < GIB; i += 2 * PAGE)
    area[i] = 1;
  if (write (fd, &address, sizeof address) != sizeof address)
    _exit (1);
  for (;;)
    pause ();
}

typedef struct
{
  pid_t pid;
  guint64 address;
  PscSpace *space;
  PscLayout *layout;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (PscTarget) target = NULL;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  fixture->pid = fork ();
  if (fixture->pid == 0)
    run_child (fds[1]);
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &fixture->address, sizeof fixture->address), ==,
                   sizeof fixture->address);
  close (fds[0]);
  probe = psc_probe_new_local (NULL, NULL, &error);
  g_assert_no_error (error);
  target = psc_target_new (probe, fixture->pid, &error);
  g_assert_no_error (error);
  fixture->space = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  fixture->layout = psc_layout_new (fixture->space, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_layout_unref (fixture->layout);
  psc_space_unref (fixture->space);
  kill (fixture->pid, SIGKILL);
  g_assert_cmpint (waitpid (fixture->pid, NULL, 0), ==, fixture->pid);
}

/* From everything down to a few hundred pages, a step at a time, around the middle of the GiB. */
static void
test_zooms (Fixture *fixture, gconstpointer data)
{
  guint n;
  const PscLensEntry *entries = psc_lens_get_entries (PSC_LENS_RESIDENCY, &n);
  PscView view;
  guint n_zooms = 0;

  psc_view_fit (&view, fixture->layout, 1000, 600);
  for (; view.row_height < 60; n_zooms++)
    {
      PscRasterJob job = { fixture->space,     fixture->layout, view,
                           PSC_LENS_RESIDENCY, PSC_THEME_DARK,  1 };
      cairo_surface_t *surface = psc_raster_new_surface (&job);

      g_assert_cmpfloat_with_epsilon (
          psc_test_share (surface, entries[PSC_CLASS_RESIDENT].colors[PSC_THEME_DARK],
                          entries[PSC_CLASS_ABSENT].colors[PSC_THEME_DARK],
                          psc_theme_colors (PSC_THEME_DARK)->background, 200, 250, 600, 100),
          0.5, 0.02);
      cairo_surface_destroy (surface);
      psc_view_zoom (&view, fixture->layout, 1.17, 500, 300);
    }
  g_assert_cmpuint (n_zooms, >, 15);
}

static void
test_exports (Fixture *fixture, gconstpointer data)
{
  static const guint sizes[][2] = { { 1600, 1000 }, { 640, 480 }, { 1920, 0 } };
  g_autofree char *dir = g_dir_make_tmp ("pagescape-density-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "map.png", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      PscFigureOptions options = { .theme = i % 2,
                                   .width = sizes[i][0],
                                   .height = sizes[i][1],
                                   .range_start = fixture->address,
                                   .range_end = fixture->address + GIB };
      g_autoptr (GError) error = NULL;

      psc_figure_export (fixture->space, &options, PSC_FIGURE_PNG, path, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (psc_test_share_in_png (path, options.theme), 0.5, 0.01);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/density/zooms", Fixture, NULL, set_up, test_zooms, tear_down);
  g_test_add ("/density/exports", Fixture, NULL, set_up, test_exports, tear_down);
  return g_test_run ();
}
