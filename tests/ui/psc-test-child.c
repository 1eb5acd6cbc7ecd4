/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-test-child.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char what; /* 't'ouch, 'g'ive back, 'u'nmap */
  guint first, n;
} Order;

/* Between fork and its end the child calls the kernel and nothing else. */
static void
obey (guint8 *area, int orders, int answers)
{
  Order order;

  while (read (orders, &order, sizeof order) == sizeof order)
    {
      guint8 *at = area + (gsize) order.first * PSC_CHILD_PAGE;
      gsize size = (gsize) order.n * PSC_CHILD_PAGE;

      if (order.what == 'g')
        madvise (at, size, MADV_DONTNEED);
      else if (order.what == 'u')
        munmap (area, PSC_CHILD_PAGES * PSC_CHILD_PAGE);
      else
        for (gsize i = 0; i < size; i += PSC_CHILD_PAGE)
          *(volatile guint8 *) (at + i) = 1;
      if (write (answers, &order.what, 1) != 1)
        break;
    }
  _exit (0);
}

static guint8 *
map_area (void)
{
  const gsize size = (PSC_CHILD_PAGES + 2) * PSC_CHILD_PAGE;
  guint8 *all = mmap (NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (all != MAP_FAILED);
  g_assert_cmpint (
      mprotect (all + PSC_CHILD_PAGE, PSC_CHILD_PAGES * PSC_CHILD_PAGE, PROT_READ | PROT_WRITE), ==,
      0);
  madvise (all, size, MADV_NOHUGEPAGE);
  return all + PSC_CHILD_PAGE;
}

static void
tell (PscTestChild *child, char what, guint first, guint n_pages)
{
  Order order = { what, first, n_pages };
  char answer;

  g_assert_cmpint (write (child->to, &order, sizeof order), ==, sizeof order);
  g_assert_cmpint (read (child->from, &answer, 1), ==, 1);
}

void
psc_test_child_start (PscTestChild *child, guint n_pages)
{
  int orders[2], answers[2];

  g_assert_cmpint (pipe (orders), ==, 0);
  g_assert_cmpint (pipe (answers), ==, 0);
  child->area = map_area ();
  child->pid = fork ();
  g_assert_cmpint (child->pid, >=, 0);
  if (child->pid == 0)
    {
      close (orders[1]);
      close (answers[0]);
      obey (child->area, orders[0], answers[1]);
    }
  close (orders[0]);
  close (answers[1]);
  child->to = orders[1];
  child->from = answers[0];
  /* All of its code has run once. */
  tell (child, 't', PSC_CHILD_PAGES - 1, 1);
  tell (child, 'g', PSC_CHILD_PAGES - 1, 1);
  tell (child, 't', 0, n_pages);
}

void
psc_test_child_touch (PscTestChild *child, guint first, guint n_pages)
{
  tell (child, 't', first, n_pages);
}

void
psc_test_child_give_back (PscTestChild *child, guint first, guint n_pages)
{
  tell (child, 'g', first, n_pages);
}

void
psc_test_child_unmap (PscTestChild *child)
{
  tell (child, 'u', 0, 0);
}

void
psc_test_child_end (PscTestChild *child)
{
  close (child->to);
  close (child->from);
  kill (child->pid, SIGKILL);
  waitpid (child->pid, NULL, 0);
  munmap (child->area - PSC_CHILD_PAGE, (PSC_CHILD_PAGES + 2) * PSC_CHILD_PAGE);
}
