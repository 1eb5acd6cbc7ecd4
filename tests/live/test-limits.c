/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What this very process can run into, told by the probe and by the kernel itself. */

#include "psc-limits-reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "snapshot.h"

static void
check_rlimit (PscLimit limit, int resource)
{
  struct rlimit expected;

  g_assert_cmpint (getrlimit (resource, &expected), ==, 0);
  if (expected.rlim_cur == RLIM_INFINITY)
    {
      g_assert_cmpint (limit.state, ==, PSC_LIMIT_UNLIMITED);
      return;
    }
  g_assert_cmpint (limit.state, ==, PSC_LIMIT_VALUE);
  g_assert_cmpuint (limit.value, ==, expected.rlim_cur);
}

static void
check_number (PscLimit limit, const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (limit.state, ==, PSC_LIMIT_VALUE);
  g_assert_cmpuint (limit.value, ==, g_ascii_strtoull (text, NULL, 10));
}

static PscLimits *
read_own (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  g_autoptr (PscTarget) target = snapshot_target (probe, getpid ());
  PscLimits *limits = psc_target_read_limits (target, &error);

  g_assert_no_error (error);
  return limits;
}

static void
test_own (void)
{
  struct rlimit stack;
  g_autoptr (PscLimits) limits = NULL;

  g_assert_cmpint (getrlimit (RLIMIT_STACK, &stack), ==, 0);
  stack.rlim_cur = 5 << 20;
  g_assert_cmpint (setrlimit (RLIMIT_STACK, &stack), ==, 0);
  limits = read_own ();
  g_assert_cmpuint (limits->stack.value, ==, 5 << 20);
  check_rlimit (limits->stack, RLIMIT_STACK);
  check_rlimit (limits->address_space, RLIMIT_AS);
  check_rlimit (limits->data, RLIMIT_DATA);
  check_rlimit (limits->memlock, RLIMIT_MEMLOCK);
  check_number (limits->max_map_count, "/proc/sys/vm/max_map_count");
  g_assert_cmpint (limits->mem_available.state, ==, PSC_LIMIT_VALUE);
  g_assert_cmpint (limits->swap_free.state, ==, PSC_LIMIT_VALUE);
  g_assert_cmpint (limits->overcommit, !=, PSC_OVERCOMMIT_UNKNOWN);
  g_assert_cmpint (limits->oom_score.state, ==, PSC_LIMIT_VALUE);
  g_assert_true (limits->oom_score_adj_known);
}

/* Control groups as this machine has them; the topmost of version 1 has no limit, so that one of
 * those beneath is what there is. */
static void
test_cgroup (void)
{
  g_autoptr (PscLimits) limits = read_own ();

  if (limits->cgroup_version == PSC_CGROUP_NONE)
    {
      g_test_skip ("no control group counts memory here");
      return;
    }
  g_assert_nonnull (limits->cgroup_path);
  for (guint i = 0; i < limits->n_levels; i++)
    {
      g_autofree char *path = g_strconcat ("/sys/fs/cgroup/memory", limits->levels[i].path,
                                           "/memory.limit_in_bytes", NULL);

      g_test_message ("%s: max %" G_GUINT64_FORMAT " (%d), usage %" G_GUINT64_FORMAT " (%d)",
                      limits->levels[i].path, limits->levels[i].max.value,
                      limits->levels[i].max.state, limits->levels[i].usage.value,
                      limits->levels[i].usage.state);
      if (limits->cgroup_version == PSC_CGROUP_V1 && limits->levels[i].max.state == PSC_LIMIT_VALUE)
        check_number (limits->levels[i].max, path);
      if (limits->cgroup_version == PSC_CGROUP_V1)
        g_assert_cmpint (limits->levels[i].usage.state, ==, PSC_LIMIT_VALUE);
    }
  for (guint i = 0; i < limits->n_unknowns; i++)
    g_test_message ("%s: %s", limits->unknowns[i].what, limits->unknowns[i].why);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/limits/own", test_own);
  g_test_add_func ("/live/limits/cgroup", test_cgroup);
  return g_test_run ();
}
