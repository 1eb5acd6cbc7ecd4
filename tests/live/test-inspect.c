/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Single pages of this very process: what pagemap and, for root, the flags of the frames say. */

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-inspect.h"

#define HUGE_SIZE (2u << 20)

typedef struct
{
  PscProbe *probe;
  PscTarget *target;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->probe = psc_probe_new_local (NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->target = psc_target_new (fixture->probe, getpid (), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_target_free (fixture->target);
  psc_probe_unref (fixture->probe);
}

static PscInspection *
inspect (Fixture *fixture, const void *start, guint n_pages)
{
  g_autoptr (GError) error = NULL;
  PscInspection *inspection =
      psc_target_inspect (fixture->target, (guint64) (gsize) start, n_pages, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (inspection->n_pages, ==, n_pages);
  return inspection;
}

static guint8 *
map (gsize size)
{
  guint8 *area = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (area != MAP_FAILED);
  return area;
}

/* An area that a huge page fits into, aligned. */
static guint8 *
map_aligned (void)
{
  guint8 *area = map (2 * HUGE_SIZE);
  gsize over = (gsize) area % HUGE_SIZE;

  return over == 0 ? area : area + HUGE_SIZE - over;
}

static gboolean
sees_frames (const PscInspection *inspection)
{
  if (inspection->frames.what == NULL)
    return TRUE;
  g_assert_cmpint (inspection->frames.reason, ==, PSC_REASON_DENIED);
  g_assert_cmpint (inspection->flags.reason, ==, PSC_REASON_DENIED);
  g_test_skip ("frame numbers are shown to root only");
  return FALSE;
}

static void
test_presence (Fixture *fixture, gconstpointer data)
{
  guint8 *area = map (4 * 4096);
  g_autoptr (PscInspection) inspection = NULL;

  madvise (area, 4 * 4096, MADV_NOHUGEPAGE);
  area[0] = area[2 * 4096] = 1;
  inspection = inspect (fixture, area, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmphex (inspection->pages[i].address, ==, (gsize) area + i * 4096);
      g_assert_true (inspection->pages[i].known & PSC_FACT_PAGEMAP);
      g_assert_cmpint (inspection->pages[i].present, ==, i % 2 == 0);
      g_assert_cmpint (inspection->pages[i].exclusive, ==, i % 2 == 0);
    }
  munmap (area, 4 * 4096);
}

/* After a fork the pages are shared until somebody writes. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  guint8 *area = map (2 * 4096);
  g_autoptr (PscInspection) inspection = NULL;
  int pipe_fds[2];
  pid_t child;

  madvise (area, 2 * 4096, MADV_NOHUGEPAGE);
  memset (area, 1, 2 * 4096);
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      char byte;

      close (pipe_fds[1]);
      _exit (read (pipe_fds[0], &byte, 1) < 0);
    }
  close (pipe_fds[0]);
  area[0] = 2;
  inspection = inspect (fixture, area, 2);
  g_assert_true (inspection->pages[0].exclusive);
  g_assert_false (inspection->pages[1].exclusive);
  if (inspection->pages[1].known & PSC_FACT_COUNT)
    g_assert_cmpuint (inspection->pages[1].map_count, ==, 2);
  close (pipe_fds[1]);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  munmap (area, 2 * 4096);
}

/* A huge page is a folio of order 9 on neighbouring frames. */
static void
test_huge (Fixture *fixture, gconstpointer data)
{
  guint8 *area = map_aligned ();
  g_autoptr (PscInspection) inspection = NULL;

  if (madvise (area, HUGE_SIZE, MADV_HUGEPAGE) != 0)
    {
      g_test_skip ("this kernel has no transparent huge pages");
      return;
    }
  memset (area, 1, HUGE_SIZE);
  inspection = inspect (fixture, area, 512);
  if (!sees_frames (inspection))
    return;
  if (!(inspection->pages[0].flags >> PSC_FRAME_THP & 1))
    {
      g_test_skip ("the kernel gave no huge page");
      return;
    }
  for (guint i = 0; i < 512; i++)
    {
      g_assert_cmpuint (inspection->pages[i].frame, ==, inspection->pages[0].frame + i);
      g_assert_cmpuint (inspection->pages[i].order, ==, 9);
    }
}

static void
test_small (Fixture *fixture, gconstpointer data)
{
  guint8 *area = map (4096);
  g_autoptr (PscInspection) inspection = NULL;
  g_autofree char *words = NULL;

  area[0] = 1;
  if (mlock (area, 4096) != 0)
    {
      g_test_skip ("mlock is not allowed");
      return;
    }
  inspection = inspect (fixture, area, 1);
  if (!sees_frames (inspection))
    return;
  g_assert_cmpuint (inspection->pages[0].order, ==, 0);
  words = psc_page_facts_dup_flags (&inspection->pages[0]);
  g_assert_nonnull (strstr (words, "anonymous"));
  munmap (area, 4096);
}

/* Not mapped at all: nothing is present, and nothing fails. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  guint8 *area = map (4096);
  g_autoptr (PscInspection) inspection = NULL;

  munmap (area, 4096);
  inspection = inspect (fixture, area, 1);
  g_assert_false (inspection->pages[0].present);
  g_assert_null (inspection->frames.what);
}

#define HEAD (G_GUINT64_CONSTANT (1) << PSC_FRAME_HEAD)
#define TAIL (G_GUINT64_CONSTANT (1) << PSC_FRAME_TAIL)

static void
test_order (Fixture *fixture, gconstpointer data)
{
  /* A small page, a folio of 4, a folio of 2, a folio that the window cuts. */
  static const guint64 flags[] = { 0, HEAD, TAIL, TAIL, TAIL, HEAD, TAIL, HEAD };
  static const guint orders[] = { 0, 2, 2, 2, 2, 1, 1, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    g_assert_cmpuint (psc_inspect_folio_order (flags, 1000, G_N_ELEMENTS (flags), 1000 + i), ==,
                      orders[i]);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/inspect/presence", test_presence);
  ADD ("/inspect/shared", test_shared);
  ADD ("/inspect/huge", test_huge);
  ADD ("/inspect/small", test_small);
  ADD ("/inspect/nothing", test_nothing);
  ADD ("/inspect/order", test_order);
  return g_test_run ();
}
