/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process can run into: the parsers, and recorded trees as the kernel has them. */

#include "psc-limits-parser.h"
#include "psc-limits-reader.h"
#include "psc-test-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define V1_NONE "9223372036854771712\n"

static const char limits_text[] =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max cpu time              unlimited            unlimited            seconds   \n"
    "Max data size             1073741824           unlimited            bytes     \n"
    "Max stack size            8388608              unlimited            bytes     \n"
    "Max core file size        0                    unlimited            bytes     \n"
    "Max locked memory         65536                65536                bytes     \n"
    "Max address space         unlimited            unlimited            bytes     \n"
    "Max nice priority         0                    0                    \n";

static void
check_limit (PscLimit limit, PscLimitState state, guint64 value)
{
  g_assert_cmpint (limit.state, ==, state);
  g_assert_cmpuint (limit.value, ==, value);
}

static void
test_rlimits (void)
{
  PscRlimits rlimits;

  g_assert_true (psc_rlimits_parse (limits_text, strlen (limits_text), &rlimits));
  check_limit (rlimits.stack, PSC_LIMIT_VALUE, 8 << 20);
  check_limit (rlimits.data, PSC_LIMIT_VALUE, 1 << 30);
  check_limit (rlimits.memlock, PSC_LIMIT_VALUE, 65536);
  check_limit (rlimits.address_space, PSC_LIMIT_UNLIMITED, 0);
}

static void
test_rlimits_bad (void)
{
  static const char *const texts[] = {
    "",
    "Max stack size",
    "Max stack size            \n",
    "Max stack size            8388608x unlimited bytes\n",
    "Max stack size            unlimitedly unlimited bytes\n",
    "Max stack size            99999999999999999999999 unlimited bytes\n",
    "Max stack size            8388608 unlimited bytes", /* cut: no newline */
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      PscRlimits rlimits;

      g_assert_false (psc_rlimits_parse (texts[i], strlen (texts[i]), &rlimits));
      check_limit (rlimits.stack, PSC_LIMIT_UNKNOWN, 0);
    }
}

static void
test_cgroup (void)
{
  static const struct
  {
    const char *text;
    PscCgroupVersion version;
    const char *path;
    gboolean deleted;
  } cases[] = {
    { "0::/user.slice/a.scope\n", PSC_CGROUP_V2, "/user.slice/a.scope", FALSE },
    { "0::/\n", PSC_CGROUP_V2, "/", FALSE },
    { "0::/../..\n", PSC_CGROUP_V2, "/../..", FALSE },
    { "0::/gone (deleted)\n", PSC_CGROUP_V2, "/gone", TRUE },
    { "5:cpu:/\n4:memory:/x/y\n0::/\n", PSC_CGROUP_V1, "/x/y", FALSE },
    { "0::/\n4:memory:/x/y\n", PSC_CGROUP_V1, "/x/y", FALSE },
    { "4:hugetlb,memory,pids:/x\n", PSC_CGROUP_V1, "/x", FALSE },
    { "4:memory:/a:b c\n", PSC_CGROUP_V1, "/a:b c", FALSE },
    { "4:memoryhog:/x\n0::/v2\n", PSC_CGROUP_V2, "/v2", FALSE },
    { "1:name=memory:/x\n", PSC_CGROUP_NONE, NULL, FALSE },
    { "4:memory:x\n", PSC_CGROUP_NONE, NULL, FALSE },
    { "4:memory:\n", PSC_CGROUP_NONE, NULL, FALSE },
    { "4:memory", PSC_CGROUP_NONE, NULL, FALSE },
    { "0::/cut", PSC_CGROUP_NONE, NULL, FALSE },
    { "", PSC_CGROUP_NONE, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = NULL;
      gboolean deleted;

      g_assert_cmpint (psc_cgroup_parse (cases[i].text, strlen (cases[i].text), &path, &deleted),
                       ==, cases[i].version);
      g_assert_cmpstr (path, ==, cases[i].path);
      g_assert_cmpint (deleted, ==, cases[i].deleted);
    }
}

static void
test_cgroup_too_long (void)
{
  g_autofree char *name = g_strnfill (PSC_WIRE_MAX_PATH + 1, 'a');
  g_autofree char *text = g_strconcat ("0::/", name, "\n", NULL);
  g_autofree char *path = NULL;
  gboolean deleted;

  g_assert_cmpint (psc_cgroup_parse (text, strlen (text), &path, &deleted), ==, PSC_CGROUP_NONE);
  text[strlen (text) - 2] = '\n';
  g_assert_cmpint (psc_cgroup_parse (text, strlen (text), &path, &deleted), ==, PSC_CGROUP_V2);
}

#define HYBRID                                                                                     \
  "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:7 - cgroup cgroup rw,memory\n"            \
  "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"

static void
test_mounts (void)
{
  static const struct
  {
    const char *text;
    PscCgroupVersion version;
    enum psc_wire_hierarchy hierarchy; /* 0: none */
    const char *root, *elsewhere;
  } cases[] = {
    { HYBRID, PSC_CGROUP_V1, PSC_WIRE_HIERARCHY_V1_MEMORY, "/", NULL },
    { HYBRID, PSC_CGROUP_V2, PSC_WIRE_HIERARCHY_V2_HYBRID, "/", NULL },
    { "30 23 0:26 /../.. /sys/fs/cgroup rw shared:4 master:1 - cgroup2 cgroup2 rw,nsdelegate\n",
      PSC_CGROUP_V2, PSC_WIRE_HIERARCHY_V2, "/../..", NULL },
    { "30 23 0:26 /docker/a\\040b /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
      PSC_CGROUP_V1, PSC_WIRE_HIERARCHY_V1_MEMORY, "/docker/a b", NULL },
    { "30 23 0:26 / /mnt/my\\012groups rw - cgroup2 none rw\n", PSC_CGROUP_V2, 0, NULL,
      "/mnt/my\\ngroups" },
    { "30 23 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", PSC_CGROUP_V1, 0, NULL, NULL },
    { "30 23 0:26 / /sys/fs/cgroup rw cgroup2 cgroup2 rw\n", PSC_CGROUP_V2, 0, NULL, NULL },
    { "30 23 0:26\n- cgroup2\n\n", PSC_CGROUP_V2, 0, NULL, NULL },
    { "", PSC_CGROUP_V2, 0, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *elsewhere = NULL;
      PscCgroupMount mount;
      gboolean found = psc_cgroup_mount_parse (cases[i].text, strlen (cases[i].text),
                                               cases[i].version, &mount, &elsewhere);

      g_assert_cmpint (found, ==, cases[i].hierarchy != 0);
      g_assert_cmpint (mount.hierarchy, ==, cases[i].hierarchy);
      g_assert_cmpstr (mount.root, ==, cases[i].root);
      g_assert_cmpstr (elsewhere, ==, cases[i].elsewhere);
      psc_cgroup_mount_clear (&mount);
    }
}

static void
test_beneath (void)
{
  static const struct
  {
    const char *root, *path, *beneath;
  } cases[] = {
    { "/", "/", "" },           { "/", "/a/b", "a/b" },    { "/a", "/a/b", "b" },
    { "/a", "/a", "" },         { "/a", "/ab", NULL },     { "/a", "/", NULL },
    { "/", "/..", NULL },       { "/", "/../../x", NULL }, { "/a", "/a/../b", NULL },
    { "/..", "/", NULL },       { "/", "/a//b", NULL },    { "/", "/a/./b", NULL },
    { "/", "/a/..b", "a/..b" }, { "/", "/a/", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *beneath = psc_cgroup_path_beneath (cases[i].root, cases[i].path);

      g_assert_cmpstr (beneath, ==, cases[i].beneath);
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    PscLimitState limit_state, number_state;
    guint64 value;
  } cases[] = {
    { "max\n", PSC_LIMIT_UNLIMITED, PSC_LIMIT_UNKNOWN, 0 },
    { "4096\n", PSC_LIMIT_VALUE, PSC_LIMIT_VALUE, 4096 },
    { "0\n", PSC_LIMIT_VALUE, PSC_LIMIT_VALUE, 0 },
    { "4096", PSC_LIMIT_VALUE, PSC_LIMIT_VALUE, 4096 },
    { "maximum\n", PSC_LIMIT_UNKNOWN, PSC_LIMIT_UNKNOWN, 0 },
    { "-1\n", PSC_LIMIT_UNKNOWN, PSC_LIMIT_UNKNOWN, 0 },
    { "12x\n", PSC_LIMIT_UNKNOWN, PSC_LIMIT_UNKNOWN, 0 },
    { "", PSC_LIMIT_UNKNOWN, PSC_LIMIT_UNKNOWN, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);

      check_limit (psc_cgroup_limit_parse (cases[i].text, length), cases[i].limit_state,
                   cases[i].limit_state == PSC_LIMIT_VALUE ? cases[i].value : 0);
      check_limit (psc_number_parse (cases[i].text, length), cases[i].number_state, cases[i].value);
    }
  check_limit (psc_cgroup_limit_parse (V1_NONE, strlen (V1_NONE)), PSC_LIMIT_UNLIMITED, 0);
}

static void
test_signed (void)
{
  static const struct
  {
    const char *text;
    gboolean good;
    gint value;
  } cases[] = {
    { "0\n", TRUE, 0 },     { "-1000\n", TRUE, -1000 }, { "1000\n", TRUE, 1000 },
    { "1001\n", FALSE, 0 }, { "-1001\n", FALSE, 0 },    { "--1\n", FALSE, 0 },
    { "-\n", FALSE, 0 },    { "", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint value = 0;

      g_assert_cmpint (psc_signed_parse (cases[i].text, strlen (cases[i].text), 1000, &value), ==,
                       cases[i].good);
      g_assert_cmpint (value, ==, cases[i].value);
    }
}

/*
 * Trees.
 */

typedef struct
{
  char *root;
} Tree;

static void
put (Tree *tree, const char *name, const char *text)
{
  psc_test_folder_put (tree->root, name, text, -1);
}

static void
set_up (Tree *tree, gconstpointer data)
{
  tree->root = psc_test_folder_new ();
  put (tree, "42/stat",
       "42 (server) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654321 1 2 3\n");
  put (tree, "42/limits", limits_text);
  put (tree, "42/oom_score", "667\n");
  put (tree, "42/oom_score_adj", "-17\n");
  put (tree, "meminfo",
       "MemTotal:       1000 kB\nMemFree:        1 kB\nMemAvailable:   600 kB\n"
       "SwapTotal:      500 kB\nSwapFree:       400 kB\nCommitLimit:    1000 kB\n"
       "Committed_AS:   250 kB\n");
  put (tree, "sys/vm/max_map_count", "65530\n");
  put (tree, "sys/vm/overcommit_memory", "2\n");
}

static void
tear_down (Tree *tree, gconstpointer data)
{
  psc_test_folder_free (tree->root);
}

static PscLimits *
read_limits (Tree *tree)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (tree->root, NULL, &error);
  g_autoptr (PscTarget) target = NULL;
  PscLimits *limits;

  g_assert_no_error (error);
  target = psc_target_new (probe, 42, &error);
  g_assert_no_error (error);
  limits = psc_target_read_limits (target, &error);
  g_assert_no_error (error);
  return limits;
}

static void
test_machine (Tree *tree, gconstpointer data)
{
  g_autoptr (PscLimits) limits = read_limits (tree);

  check_limit (limits->stack, PSC_LIMIT_VALUE, 8 << 20);
  check_limit (limits->address_space, PSC_LIMIT_UNLIMITED, 0);
  check_limit (limits->max_map_count, PSC_LIMIT_VALUE, 65530);
  check_limit (limits->mem_total, PSC_LIMIT_VALUE, 1000 << 10);
  check_limit (limits->mem_available, PSC_LIMIT_VALUE, 600 << 10);
  check_limit (limits->swap_free, PSC_LIMIT_VALUE, 400 << 10);
  check_limit (limits->committed, PSC_LIMIT_VALUE, 250 << 10);
  g_assert_cmpint (limits->overcommit, ==, PSC_OVERCOMMIT_NEVER);
  check_limit (limits->oom_score, PSC_LIMIT_VALUE, 667);
  g_assert_true (limits->oom_score_adj_known);
  g_assert_cmpint (limits->oom_score_adj, ==, -17);
  /* No cgroup file was recorded. */
  g_assert_cmpint (limits->cgroup_version, ==, PSC_CGROUP_NONE);
  g_assert_cmpuint (limits->n_levels, ==, 0);
  g_assert_cmpuint (limits->n_unknowns, ==, 1);
  g_assert_cmpint (limits->unknowns[0].reason, ==, PSC_REASON_UNSUPPORTED);
  g_assert_cmpstr (limits->unknowns[0].what, ==, "limits of control groups");
}

/* Nothing recorded is nothing known: no limit turns into 0 or into none. */
static void
test_nothing (Tree *tree, gconstpointer data)
{
  static const char *const names[] = {
    "42/limits", "42/oom_score",         "42/oom_score_adj",
    "meminfo",   "sys/vm/max_map_count", "sys/vm/overcommit_memory"
  };
  g_autoptr (PscLimits) limits = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (tree->root, names[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  limits = read_limits (tree);
  check_limit (limits->stack, PSC_LIMIT_UNKNOWN, 0);
  check_limit (limits->max_map_count, PSC_LIMIT_UNKNOWN, 0);
  check_limit (limits->mem_available, PSC_LIMIT_UNKNOWN, 0);
  check_limit (limits->oom_score, PSC_LIMIT_UNKNOWN, 0);
  g_assert_false (limits->oom_score_adj_known);
  g_assert_cmpint (limits->overcommit, ==, PSC_OVERCOMMIT_UNKNOWN);
  g_assert_cmpuint (limits->n_unknowns, ==, 7);
}

static void
test_v1 (Tree *tree, gconstpointer data)
{
  g_autoptr (PscLimits) limits = NULL;

  put (tree, "42/cgroup", "4:memory:/a/b/c\n3:cpu:/\n0::/x\n");
  put (tree, "self/mountinfo", HYBRID);
  put (tree, "sys-fs-cgroup/memory/memory.limit_in_bytes", V1_NONE);
  put (tree, "sys-fs-cgroup/memory/memory.usage_in_bytes", "900\n");
  put (tree, "sys-fs-cgroup/memory/a/memory.limit_in_bytes", "8192\n");
  put (tree, "sys-fs-cgroup/memory/a/memory.usage_in_bytes", "4096\n");
  put (tree, "sys-fs-cgroup/memory/a/b/memory.limit_in_bytes", V1_NONE);
  put (tree, "sys-fs-cgroup/memory/a/b/memory.usage_in_bytes", "4096\n");
  put (tree, "sys-fs-cgroup/memory/a/b/memory.memsw.limit_in_bytes", V1_NONE);
  put (tree, "sys-fs-cgroup/memory/a/b/c/memory.limit_in_bytes", "1048576\n");
  put (tree, "sys-fs-cgroup/memory/a/b/c/memory.usage_in_bytes", "123\n");
  put (tree, "sys-fs-cgroup/memory/a/b/c/memory.memsw.limit_in_bytes", "2097152\n");
  put (tree, "sys-fs-cgroup/memory/a/b/c/memory.memsw.usage_in_bytes", "456\n");
  limits = read_limits (tree);
  g_assert_cmpint (limits->cgroup_version, ==, PSC_CGROUP_V1);
  g_assert_cmpstr (limits->cgroup_path, ==, "/a/b/c");
  g_assert_false (limits->above_hidden);
  g_assert_cmpuint (limits->n_levels, ==, 2);
  g_assert_cmpstr (limits->levels[0].path, ==, "/a/b/c");
  check_limit (limits->levels[0].max, PSC_LIMIT_VALUE, 1 << 20);
  check_limit (limits->levels[0].usage, PSC_LIMIT_VALUE, 123);
  check_limit (limits->levels[0].high, PSC_LIMIT_UNLIMITED, 0);
  check_limit (limits->levels[0].memsw_max, PSC_LIMIT_VALUE, 2 << 20);
  check_limit (limits->levels[0].memsw_usage, PSC_LIMIT_VALUE, 456);
  g_assert_cmpstr (limits->levels[1].path, ==, "/a");
  check_limit (limits->levels[1].max, PSC_LIMIT_VALUE, 8192);
  check_limit (limits->levels[1].memsw_max, PSC_LIMIT_UNKNOWN, 0);
  g_assert_cmpuint (limits->n_unknowns, ==, 0);
}

static void
test_v2 (Tree *tree, gconstpointer data)
{
  g_autoptr (PscLimits) limits = NULL;

  put (tree, "42/cgroup", "0::/a.slice/b.service\n");
  put (tree, "self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n");
  put (tree, "sys-fs-cgroup/cgroup.procs", "1\n");
  put (tree, "sys-fs-cgroup/a.slice/memory.max", "max\n");
  put (tree, "sys-fs-cgroup/a.slice/memory.current", "5000\n");
  put (tree, "sys-fs-cgroup/a.slice/memory.high", "6000\n");
  put (tree, "sys-fs-cgroup/a.slice/memory.swap.max", "max\n");
  put (tree, "sys-fs-cgroup/a.slice/memory.swap.current", "0\n");
  put (tree, "sys-fs-cgroup/a.slice/b.service/memory.max", "max\n");
  put (tree, "sys-fs-cgroup/a.slice/b.service/memory.current", "4096\n");
  put (tree, "sys-fs-cgroup/a.slice/b.service/memory.high", "max\n");
  put (tree, "sys-fs-cgroup/a.slice/b.service/memory.swap.max", "0\n");
  put (tree, "sys-fs-cgroup/a.slice/b.service/memory.swap.current", "0\n");
  limits = read_limits (tree);
  g_assert_cmpint (limits->cgroup_version, ==, PSC_CGROUP_V2);
  g_assert_false (limits->above_hidden);
  g_assert_cmpuint (limits->n_levels, ==, 2);
  g_assert_cmpstr (limits->levels[0].path, ==, "/a.slice/b.service");
  check_limit (limits->levels[0].max, PSC_LIMIT_UNLIMITED, 0);
  check_limit (limits->levels[0].usage, PSC_LIMIT_VALUE, 4096);
  check_limit (limits->levels[0].swap_max, PSC_LIMIT_VALUE, 0);
  check_limit (limits->levels[1].high, PSC_LIMIT_VALUE, 6000);
  g_assert_cmpuint (limits->n_unknowns, ==, 0);
}

/* In a container: its own group is the topmost that can be seen, and it has a limit. */
static void
test_namespace (Tree *tree, gconstpointer data)
{
  g_autoptr (PscLimits) limits = NULL;

  put (tree, "42/cgroup", "0::/\n");
  put (tree, "self/mountinfo", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup ro\n");
  put (tree, "sys-fs-cgroup/memory.max", "268435456\n");
  put (tree, "sys-fs-cgroup/memory.current", "1000\n");
  limits = read_limits (tree);
  g_assert_cmpuint (limits->n_levels, ==, 1);
  g_assert_cmpstr (limits->levels[0].path, ==, "/");
  check_limit (limits->levels[0].max, PSC_LIMIT_VALUE, 268435456);
  g_assert_true (limits->above_hidden);
}

/* The same of a container that has no namespace of control groups, only its part of the tree. */
static void
test_part (Tree *tree, gconstpointer data)
{
  g_autoptr (PscLimits) limits = NULL;

  put (tree, "42/cgroup", "4:memory:/docker/7f/app\n");
  put (tree, "self/mountinfo",
       "30 23 0:26 /docker/7f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  put (tree, "sys-fs-cgroup/memory/memory.limit_in_bytes", "8192\n");
  put (tree, "sys-fs-cgroup/memory/memory.usage_in_bytes", "4096\n");
  put (tree, "sys-fs-cgroup/memory/app/memory.limit_in_bytes", V1_NONE);
  limits = read_limits (tree);
  g_assert_cmpuint (limits->n_levels, ==, 2);
  g_assert_cmpstr (limits->levels[0].path, ==, "/docker/7f/app");
  g_assert_cmpstr (limits->levels[1].path, ==, "/docker/7f");
  check_limit (limits->levels[1].max, PSC_LIMIT_VALUE, 8192);
  g_assert_true (limits->above_hidden);
}

/* What can't be reached is said, each for its own reason. */
static void
test_out_of_reach (Tree *tree, gconstpointer data)
{
  static const struct
  {
    const char *cgroup, *mounts;
    PscReason reason;
    const char *why;
    gboolean hidden;
  } cases[] = {
    { "0::/../../other\n", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
      PSC_REASON_UNSUPPORTED, "can't be seen", TRUE },
    { "0::/a\n", "30 23 0:26 / /cg rw - cgroup2 cgroup2 rw\n", PSC_REASON_UNSUPPORTED,
      "are mounted at /cg", FALSE },
    { "0::/a\n", "30 23 0:26 / / rw - ext4 /dev/vda rw\n", PSC_REASON_UNSUPPORTED, "not mounted",
      FALSE },
    { "0::/a (deleted)\n", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", PSC_REASON_GONE,
      "was removed", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PscLimits) limits = NULL;

      put (tree, "42/cgroup", cases[i].cgroup);
      put (tree, "self/mountinfo", cases[i].mounts);
      limits = read_limits (tree);
      g_assert_cmpuint (limits->n_levels, ==, 0);
      g_assert_cmpuint (limits->n_unknowns, ==, 1);
      g_assert_cmpint (limits->unknowns[0].reason, ==, cases[i].reason);
      g_assert_nonnull (strstr (limits->unknowns[0].why, cases[i].why));
      g_assert_cmpint (limits->above_hidden, ==, cases[i].hidden);
    }
}

/* A group that is a symbolic link in a recorded tree leads nowhere. */
static void
test_link (Tree *tree, gconstpointer data)
{
  g_autofree char *path = g_build_filename (tree->root, "sys-fs-cgroup", "a", NULL);
  g_autoptr (PscLimits) limits = NULL;

  put (tree, "42/cgroup", data);
  put (tree, "self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  put (tree, "sys-fs-cgroup/b/memory.max", "4096\n");
  put (tree, "sys-fs-cgroup/b/c/memory.max", "4096\n");
  g_assert_cmpint (symlink ("b", path), ==, 0);
  limits = read_limits (tree);
  g_assert_cmpuint (limits->n_levels, ==, 1);
  check_limit (limits->levels[0].max, PSC_LIMIT_UNKNOWN, 0);
  g_assert_cmpuint (limits->n_unknowns, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Tree *tree, gconstpointer data);
    const char *data;
  } tests[] = {
    { "/limits/tree/machine", test_machine },
    { "/limits/tree/nothing", test_nothing },
    { "/limits/tree/v1-nested-hybrid", test_v1 },
    { "/limits/tree/v2", test_v2 },
    { "/limits/tree/namespace", test_namespace },
    { "/limits/tree/part", test_part },
    { "/limits/tree/out-of-reach", test_out_of_reach },
    { "/limits/tree/link", test_link, "0::/a\n" },
    { "/limits/tree/link-inside", test_link, "0::/a/c\n" },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits/rlimits", test_rlimits);
  g_test_add_func ("/limits/rlimits/bad", test_rlimits_bad);
  g_test_add_func ("/limits/cgroup", test_cgroup);
  g_test_add_func ("/limits/cgroup/too-long", test_cgroup_too_long);
  g_test_add_func ("/limits/mounts", test_mounts);
  g_test_add_func ("/limits/beneath", test_beneath);
  g_test_add_func ("/limits/numbers", test_numbers);
  g_test_add_func ("/limits/signed", test_signed);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Tree, tests[i].data, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
