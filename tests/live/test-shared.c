/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What parent and child have in common after fork, page by page, until one of them writes. */

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-shared.h"
#include "snapshot.h"

#define PAGE    4096u
#define N_PAGES 64u
#define HUGE    (2u << 20)

typedef struct
{
  guint8 *memory, *huge; /* of the parent, and at the same place of the child */
  int orders[2], answers[2];
  pid_t child;
  PscProbe *probe;
  PscTarget *target;
} Fixture;

/* An order is the index of a page to write to. */
static void
be_child (const Fixture *fixture)
{
  guint8 page;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  close (fixture->orders[1]);
  while (read (fixture->orders[0], &page, 1) == 1)
    {
      fixture->memory[page * PAGE] = 2;
      if (write (fixture->answers[1], &page, 1) != 1)
        break;
    }
  _exit (0);
}

static void
order (const Fixture *fixture, guint8 page)
{
  guint8 answer;

  g_assert_cmpint (write (fixture->orders[1], &page, 1), ==, 1);
  g_assert_cmpint (read (fixture->answers[0], &answer, 1), ==, 1);
}

static guint8 *
map (gsize size)
{
  guint8 *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (memory != MAP_FAILED);
  return memory;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->memory = map (N_PAGES * PAGE);
  memset (fixture->memory, 1, N_PAGES * PAGE);
  /* Aligned somewhere inside, whether the kernel makes a huge page of it or not. */
  fixture->huge = map (2 * HUGE);
  madvise (fixture->huge, 2 * HUGE, MADV_HUGEPAGE);
  memset (fixture->huge, 1, 2 * HUGE);
  g_assert_cmpint (pipe (fixture->orders), ==, 0);
  g_assert_cmpint (pipe (fixture->answers), ==, 0);
  fixture->child = fork ();
  if (fixture->child == 0)
    be_child (fixture);
  g_assert_cmpint (fixture->child, >, 0);
  fixture->probe = snapshot_probe (NULL);
  fixture->target = snapshot_target (fixture->probe, fixture->child);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  psc_target_free (fixture->target);
  psc_probe_unref (fixture->probe);
  close (fixture->orders[1]);
  waitpid (fixture->child, NULL, 0);
  close (fixture->orders[0]);
  close (fixture->answers[0]);
  close (fixture->answers[1]);
  munmap (fixture->memory, N_PAGES * PAGE);
  munmap (fixture->huge, 2 * HUGE);
}

static PscTraits *
read_shared (const Fixture *fixture, guint64 start, guint64 end)
{
  g_autoptr (PscSpace) space = snapshot (fixture->target, NULL);
  g_autoptr (GError) error = NULL;
  guint64 reached = end;
  PscTraits *traits = psc_target_read_shared (fixture->target, space, start, &reached,
                                              PSC_SHARED_MAX_PAGES, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, end);
  return traits;
}

static guint64
count_pages (const PscTraits *traits, const guint8 *memory, gsize size)
{
  guint64 start = (guint64) (gsize) memory, n = 0;

  for (guint64 at = start; at < start + size; at += PAGE)
    n += psc_traits_lookup (traits, at) != NULL;
  return n;
}

static void
test_written (Fixture *fixture, gconstpointer data)
{
  guint64 start = (guint64) (gsize) fixture->memory;
  g_autoptr (PscTraits) before = read_shared (fixture, 0, G_MAXUINT64 - PAGE + 1);
  g_autoptr (PscTraits) after = NULL;
  g_autoptr (PscTraits) part = NULL;

  g_assert_cmpuint (count_pages (before, fixture->memory, N_PAGES * PAGE), ==, N_PAGES);
  g_assert_cmpuint (count_pages (before, fixture->huge, 2 * HUGE), ==, 2 * HUGE / PAGE);
  for (guint8 page = 0; page < N_PAGES; page += 4)
    order (fixture, page);
  after = read_shared (fixture, 0, G_MAXUINT64 - PAGE + 1);
  for (guint page = 0; page < N_PAGES; page++)
    {
      const PscTrait *trait = psc_traits_lookup (after, start + page * PAGE);

      g_assert_true ((trait == NULL) == (page % 4 == 0));
      if (trait != NULL)
        g_assert_cmpuint (trait->value, ==, PSC_SHARED_WITH_OTHERS);
    }
  part = read_shared (fixture, start + 2 * PAGE, start + 8 * PAGE);
  g_assert_cmpuint (count_pages (part, fixture->memory, N_PAGES * PAGE), ==, 5);
}

/* What the other one gives back is the child's alone. */
static void
test_given_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscTraits) traits = NULL;

  munmap (fixture->memory, N_PAGES * PAGE);
  traits = read_shared (fixture, 0, G_MAXUINT64 - PAGE + 1);
  g_assert_cmpuint (count_pages (traits, fixture->memory, N_PAGES * PAGE), ==, 0);
}

/* A bound on the pages is a bound on how far it gets, and the next reading goes on there. */
static void
test_in_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PscSpace) space = snapshot (fixture->target, NULL);
  g_autoptr (PscTraits) all = read_shared (fixture, 0, G_MAXUINT64 - PAGE + 1);
  const guint64 end = G_MAXUINT64 - PAGE + 1;
  guint64 n_all = 0, n_parts = 0;

  for (guint i = 0; i < all->n_traits; i++)
    n_all += all->traits[i].n_pages;
  for (guint64 start = 0, reached = end; start < end; start = reached, reached = end)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscTraits) part =
          psc_target_read_shared (fixture->target, space, start, &reached, 100, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (reached, >, start);
      for (guint i = 0; i < part->n_traits; i++)
        n_parts += part->traits[i].n_pages;
    }
  g_assert_cmpuint (n_parts, ==, n_all);
  g_assert_cmpuint (n_all, >, N_PAGES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/shared/written", Fixture, NULL, set_up, test_written, tear_down);
  g_test_add ("/shared/given-back", Fixture, NULL, set_up, test_given_back, tear_down);
  g_test_add ("/shared/in-parts", Fixture, NULL, set_up, test_in_parts, tear_down);
  return g_test_run ();
}
