/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Processes that do not keep still: that end, execute another program, or map and unmap without
 * end; and those that have no memory. Whatever they do, the answer is a true snapshot or a clear
 * error.
 */

#include <sys/wait.h>
#include <unistd.h>

#include "psc-capture.h"
#include "zoo.h"

#define KTHREADD 2

static const char *const a_few[] = { "anon", "thp", "file_private", "thread_stacks", NULL };

static PscProbe *
new_probe (void)
{
  g_autoptr (GError) error = NULL;
  PscProbe *probe = psc_probe_new_local (NULL, NULL, &error);

  g_assert_no_error (error);
  return probe;
}

static PscTarget *
new_target (PscProbe *probe, gint pid)
{
  g_autoptr (GError) error = NULL;
  PscTarget *target = psc_target_new (probe, pid, &error);

  g_assert_no_error (error);
  return target;
}

static void
check_classes_add_up (const PscSpace *space)
{
  guint64 sum = 0;

  for (guint i = 0; i < PSC_N_CLASSES; i++)
    sum += space->totals.classes[i];
  g_assert_cmpuint (sum, ==, space->totals.size);
}

static guint
count_moving (const PscSpace *space)
{
  guint n = 0;

  for (guint i = 0; i < space->n_mappings; i++)
    n += (space->mappings[i].flags & PSC_MAPPING_MOVING) != 0;
  return n;
}

static gboolean
is_torn (const PscSpace *space)
{
  for (guint i = 0; i < space->n_unknowns; i++)
    if (space->unknowns[i].reason == PSC_REASON_TORN)
      return TRUE;
  return FALSE;
}

static void
test_exec (void)
{
  g_autoptr (Zoo) zoo = zoo_new (a_few);
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) before = psc_target_capture (target, NULL, &error);
  g_autoptr (PscSpace) after = NULL;

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (before->command, "thread_stacks"));
  zoo_order (zoo, "exec");
  after = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->pid, ==, before->pid);
  g_assert_true (g_str_has_suffix (after->command, "psc-zoo"));
  g_assert_cmpuint (after->n_threads, ==, 1);
  g_assert_null (psc_space_lookup (after, zoo_get (zoo, "anon", 0)->start));
  g_assert_cmpuint (count_moving (after), ==, 0);
}

/* exec in the middle of snapshots, again and again: each is one program's or says that it is torn.
 */
static void
test_exec_meanwhile (void)
{
  g_autoptr (Zoo) zoo = zoo_new (a_few);
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = NULL;

      zoo_order_only (zoo, "exec");
      space = psc_target_capture (target, NULL, &error);
      g_assert_no_error (error);
      check_classes_add_up (space);
      g_assert_cmpint (count_moving (space) > 0, ==, is_torn (space));
      zoo_wait_ready (zoo);
    }
}

static void
test_end (void)
{
  g_autoptr (Zoo) zoo = zoo_new (a_few);
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
  g_autoptr (GError) error = NULL;
  guint n_spaces = 0;

  for (;;)
    {
      g_autoptr (PscSpace) space = psc_target_capture (target, NULL, &error);

      if (space == NULL)
        break;
      check_classes_add_up (space);
      if (++n_spaces == 5)
        zoo_kill (zoo);
    }
  g_assert_cmpuint (n_spaces, >=, 5);
  g_assert_cmpuint (error->domain, ==, PSC_PROBE_ERROR);
  g_assert_true (error->code == PSC_PROBE_ERROR_GONE ||
                 error->code == PSC_PROBE_ERROR_NO_MEMORY_MAP);
  g_assert_nonnull (strstr (error->message, "psc-zoo"));
  g_test_message ("%s", error->message);
}

static gpointer
kill_thread (gpointer data)
{
  zoo_kill (data);
  return NULL;
}

/* The end falls anywhere into a snapshot. */
static void
test_end_meanwhile (void)
{
  static const char *const names[] = { "many", NULL };

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Zoo) zoo = zoo_new (i == 0 ? names : a_few);
      g_autoptr (PscProbe) probe = new_probe ();
      g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
      GThread *killer = g_thread_new ("killer", kill_thread, zoo);
      g_autoptr (GError) error = NULL;

      for (;;)
        {
          g_autoptr (PscSpace) space = psc_target_capture (target, NULL, &error);

          if (space == NULL)
            break;
          check_classes_add_up (space);
        }
      g_assert_cmpuint (error->domain, ==, PSC_PROBE_ERROR);
      g_assert_true (error->code == PSC_PROBE_ERROR_GONE ||
                     error->code == PSC_PROBE_ERROR_NO_MEMORY_MAP);
      g_thread_join (killer);
    }
}

static void
test_storm (void)
{
  g_autoptr (Zoo) zoo = zoo_new (a_few);
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (PscTarget) target = new_target (probe, zoo->pid);
  guint n, n_torn = 0;

  zoo_order (zoo, "storm");
  /* On a busy machine a snapshot may be made in one go, before the storm gets its turn. */
  for (n = 0; n < 100 || (n_torn == 0 && n < 10000); n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = psc_target_capture (target, NULL, &error);
      const PscMapping *still;

      g_assert_no_error (error);
      check_classes_add_up (space);
      if (count_moving (space) > 0)
        g_assert_true (is_torn (space));
      n_torn += is_torn (space);
      still = psc_space_lookup (space, zoo_get (zoo, "anon", 0)->start);
      g_assert_nonnull (still);
      g_assert_cmpuint (still->resident, ==, 40 * space->page_size);
      g_assert_false (still->flags & PSC_MAPPING_MOVING);
    }
  g_test_message ("%u of %u snapshots had mappings that moved", n_torn, n);
  /* A process that does nothing but map and unmap can't always look still. */
  g_assert_cmpuint (n_torn, >, 0);
}

static void
test_zombie (void)
{
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (GError) error = NULL;
  siginfo_t info;
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  g_assert_cmpint (child, >, 0);
  g_assert_cmpint (waitid (P_PID, child, &info, WEXITED | WNOWAIT), ==, 0);
  g_assert_null (psc_target_new (probe, child, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP);
  g_assert_nonnull (strstr (error->message, "zombie"));
  waitpid (child, NULL, 0);
  g_clear_error (&error);
  g_assert_null (psc_target_new (probe, child, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
}

static void
test_kernel_thread (void)
{
  g_autoptr (PscProbe) probe = new_probe ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  if (!g_file_get_contents ("/proc/2/comm", &name, NULL, NULL) ||
      !g_str_equal (g_strchomp (name), "kthreadd"))
    {
      g_test_skip ("no kernel threads are to be seen here");
      return;
    }
  g_assert_null (psc_target_new (probe, KTHREADD, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_NO_MEMORY_MAP);
  g_assert_nonnull (strstr (error->message, "kernel thread"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/moving/exec", test_exec);
  g_test_add_func ("/live/moving/exec-meanwhile", test_exec_meanwhile);
  g_test_add_func ("/live/moving/end", test_end);
  g_test_add_func ("/live/moving/end-meanwhile", test_end_meanwhile);
  g_test_add_func ("/live/moving/storm", test_storm);
  g_test_add_func ("/live/moving/zombie", test_zombie);
  g_test_add_func ("/live/moving/kernel-thread", test_kernel_thread);
  return g_test_run ();
}
