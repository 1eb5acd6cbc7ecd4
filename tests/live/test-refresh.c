/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One snapshot after another of this process's child: what is read again and what is not, and that
 * no change goes unnoticed by it. The child does as it is told, so that each change is one.
 */

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "psc-capture.h"

#define MIB(n) ((guint64) (n) << 20)

typedef struct
{
  gint pid;
  int orders, answers;
  PscProbe *probe;
  PscTarget *target;
} Child;

static void
obey (char order, char *memory)
{
  switch (order)
    {
    case 't': /* touches */
      memset (memory + MIB (4), 1, MIB (4));
      break;
    case 'd': /* gives back */
      madvise (memory + MIB (4), MIB (4), MADV_DONTNEED);
      break;
    case 'p': /* protects */
      mprotect (memory + MIB (2), MIB (2), PROT_READ);
      break;
    case 'm': /* maps */
      mmap (NULL, MIB (1), PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      break;
    case 'u': /* unmaps what was dense */
      munmap (memory, MIB (8));
      break;
    default: /* nothing */
      break;
    }
}

static G_GNUC_NORETURN void
live (int orders, int answers)
{
  char *memory = mmap (NULL, MIB (16), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  char order = 0;

  madvise (memory, MIB (16), MADV_NOHUGEPAGE);
  memset (memory, 1, MIB (4));
  while (write (answers, &order, 1) == 1 && read (orders, &order, 1) == 1)
    obey (order, memory);
  _exit (0);
}

static void
tell (Child *child, char order)
{
  char answer;

  g_assert_cmpint (write (child->orders, &order, 1), ==, 1);
  g_assert_cmpint (read (child->answers, &answer, 1), ==, 1);
}

static Child *
child_new (void)
{
  Child *child = g_new0 (Child, 1);
  g_autoptr (GError) error = NULL;
  int orders[2], answers[2];
  char answer;

  g_assert_cmpint (pipe (orders), ==, 0);
  g_assert_cmpint (pipe (answers), ==, 0);
  child->pid = fork ();
  g_assert_cmpint (child->pid, >=, 0);
  if (child->pid == 0)
    {
      close (orders[1]);
      close (answers[0]);
      live (orders[0], answers[1]);
    }
  close (orders[0]);
  close (answers[1]);
  child->orders = orders[1];
  child->answers = answers[0];
  g_assert_cmpint (read (child->answers, &answer, 1), ==, 1);
  /* What it runs on the way it has touched then. */
  for (guint i = 0; i < 3; i++)
    tell (child, 'n');
  child->probe = psc_probe_new_local (NULL, NULL, &error);
  g_assert_no_error (error);
  child->target = psc_target_new (child->probe, child->pid, &error);
  g_assert_no_error (error);
  return child;
}

static void
child_free (Child *child)
{
  psc_target_free (child->target);
  psc_probe_unref (child->probe);
  close (child->orders);
  close (child->answers);
  waitpid (child->pid, NULL, 0);
  g_free (child);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Child, child_free)

static PscSpace *
capture (Child *child, guint reuse_usec)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  options.reuse_usec = reuse_usec;
  space = psc_target_capture (child->target, &options, &error);
  g_assert_no_error (error);
  return space;
}

/* By a target that knows nothing of it. */
static PscSpace *
capture_anew (Child *child)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscTarget) target = psc_target_new (child->probe, child->pid, &error);
  PscSpace *space;

  g_assert_no_error (error);
  space = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  return space;
}

static void
assert_same (const PscSpace *a, const PscSpace *b)
{
  g_assert_cmpuint (a->n_mappings, ==, b->n_mappings);
  g_assert_cmpuint (a->n_runs, ==, b->n_runs);
  for (guint i = 0; i < a->n_mappings; i++)
    {
      g_assert_cmphex (a->mappings[i].start, ==, b->mappings[i].start);
      g_assert_cmphex (a->mappings[i].end, ==, b->mappings[i].end);
      g_assert_cmpuint (a->mappings[i].perms, ==, b->mappings[i].perms);
      g_assert_cmpuint (a->mappings[i].kind, ==, b->mappings[i].kind);
      g_assert_cmpuint (a->mappings[i].flags, ==, b->mappings[i].flags);
      g_assert_cmpuint (a->mappings[i].resident, ==, b->mappings[i].resident);
      g_assert_cmpstr (a->mappings[i].name, ==, b->mappings[i].name);
    }
  g_assert_cmpmem (a->runs, a->n_runs * sizeof *a->runs, b->runs, b->n_runs * sizeof *b->runs);
  g_assert_cmpmem (&a->totals, sizeof a->totals, &b->totals, sizeof b->totals);
  g_assert_cmpmem (a->kinds, sizeof a->kinds, b->kinds, sizeof b->kinds);
}

/* Every way to a snapshot is the same snapshot, after every change and after none: the first, which
 * reads maps twice; those that go by the last one; those that find all as it was; and, after a
 * change of mappings, those that come back to it. */
static void
test_ways (void)
{
  g_autoptr (Child) child = child_new ();

  for (const char *order = "nnntnnnndnnpnnnnntmnnndnnnnnutnnnn"; *order != '\0'; order++)
    {
      g_autoptr (PscSpace) space = NULL;
      g_autoptr (PscSpace) anew = NULL;

      tell (child, *order == 'u' ? 'n' : *order);
      space = capture (child, 0);
      anew = capture_anew (child);
      g_test_message ("after “%c”", *order);
      assert_same (space, anew);
    }
}

static void
test_unmapped (void)
{
  g_autoptr (Child) child = child_new ();
  g_autoptr (PscSpace) before = capture (child, 0);
  g_autoptr (PscSpace) again = capture (child, 0);
  g_autoptr (PscSpace) after = NULL;
  g_autoptr (PscSpace) anew = NULL;

  assert_same (before, again);
  tell (child, 'u');
  after = capture (child, 0);
  anew = capture_anew (child);
  /* The child has touched some other page since. */
  g_assert_cmpuint (after->totals.resident + MIB (3), <=, before->totals.resident);
  assert_same (after, anew);
}

static void
test_sharing (void)
{
  g_autoptr (Child) child = child_new ();
  g_autoptr (PscSpace) first = capture (child, 0);
  g_autoptr (PscSpace) second = capture (child, 0);
  g_autoptr (PscSpace) third = capture (child, 0);

  g_assert_nonnull (first);
  /* Asked in other words the second time, because it knows how dense it is, and in the same ones
   * the third time. */
  g_assert_true (third->runs == second->runs && third->mappings == second->mappings);
  g_assert_true (third != second);
  g_assert_cmpint (third->time_usec, >=, second->time_usec);
}

/* Whether the last snapshot is handed out again. */
static void
test_reuse (void)
{
  static const struct
  {
    char order;
    gboolean reused;
  } cases[] = {
    { 'n', TRUE }, { 'n', TRUE },  { 't', FALSE }, { 'n', TRUE },  { 'd', FALSE },
    { 'n', TRUE }, { 'p', FALSE }, { 'n', TRUE },  { 'm', FALSE }, { 'n', TRUE },
  };
  g_autoptr (Child) child = child_new ();
  g_autoptr (PscSpace) last = capture (child, G_MAXUINT);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscSpace) space = NULL;
      PscCost cost;

      tell (child, cases[i].order);
      space = capture (child, G_MAXUINT);
      g_test_message ("%u: “%c”", i, cases[i].order);
      g_assert_cmpint (psc_target_get_cost (child->target, &cost), ==, cases[i].reused);
      g_assert_cmpint (space == last, ==, cases[i].reused);
      g_assert_cmpint (cost.wall_usec, >, 0);
      if (cases[i].reused)
        g_assert_cmpint (cost.held_usec, ==, 0);
      psc_space_unref (last);
      last = psc_space_ref (space);
    }
}

static void
test_no_reuse (void)
{
  g_autoptr (Child) child = child_new ();
  g_autoptr (PscSpace) first = capture (child, G_MAXUINT);
  g_autoptr (PscSpace) second = capture (child, 0);
  g_autoptr (PscSpace) third = NULL;
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_WATCH;

  g_assert_true (second != first);
  /* Too old, and of another kind. */
  g_usleep (2000);
  third = capture (child, 1000);
  g_assert_true (third != second);
  options.smaps = PSC_SMAPS_ALWAYS;
  options.reuse_usec = G_MAXUINT;
  psc_space_unref (third);
  third = psc_target_capture (child->target, &options, NULL);
  g_assert_nonnull (third->smaps);
  psc_space_unref (third);
  third = capture (child, G_MAXUINT);
  g_assert_null (third->smaps);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/refresh/ways", test_ways);
  g_test_add_func ("/refresh/unmapped", test_unmapped);
  g_test_add_func ("/refresh/sharing", test_sharing);
  g_test_add_func ("/refresh/reuse", test_reuse);
  g_test_add_func ("/refresh/no-reuse", test_no_reuse);
  return g_test_run ();
}
