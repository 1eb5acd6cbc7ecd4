/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Not allowed, not supported and gone are three things, and none of them is zero: who may see what,
 * by the kernel's own rules, and what a snapshot says when it may not.
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"
#include "psc-frames.h"
#include "snapshot.h"
#include "zoo.h"

#define HUGE_PAGE    ((guint64) 2 << 20)
#define NOBODY       65534
#define NS_LAST_PID  "/proc/sys/kernel/ns_last_pid"
#define REUSE_TRIES  200
#define DENIED_PAGES "denied: page states"

static const char *const a_few[] = { "anon", "zero", "memfd", NULL };

/* A folder with copies of probe and zoo that anybody may run. */
static char *public_folder, *public_probe, *public_zoo;

static char *
copy_program (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);
  char *path = g_build_filename (public_folder, name, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (program, &bytes, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (path, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0755, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  return path;
}

/* "setpriv --reuid=65534 …" with these capabilities ("+perfmon", NULL for none). */
static GStrv
nobody_command (const char *capabilities, const char *program, const char *argument)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  GStrv argv;

  g_strv_builder_add_many (builder, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                           NULL);
  if (capabilities != NULL)
    {
      g_autofree char *inheritable = g_strconcat ("--inh-caps=", capabilities, NULL);
      g_autofree char *ambient = g_strconcat ("--ambient-caps=", capabilities, NULL);

      g_strv_builder_add_many (builder, inheritable, ambient, NULL);
    }
  if (program != NULL)
    g_strv_builder_add (builder, program);
  if (argument != NULL)
    g_strv_builder_add (builder, argument);
  argv = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return argv;
}

static Zoo *
new_zoo (gboolean of_nobody)
{
  g_auto (GStrv) command = nobody_command (NULL, NULL, NULL);

  if (!of_nobody)
    return zoo_new (a_few);
  return zoo_new_via ((const char *const *) command, public_zoo, a_few);
}

static PscProbe *
new_nobody_probe (const char *capabilities, const char *argument)
{
  g_auto (GStrv) argv = nobody_command (capabilities, public_probe, argument);
  g_autoptr (GError) error = NULL;
  PscProbe *probe = psc_probe_new ((const char *const *) argv, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (psc_probe_get_host (probe)->uid, ==, NOBODY);
  return probe;
}

/* Since about 6.15; before that only CAP_SYS_PTRACE opens maps. */
static gboolean
perfmon_opens_maps (void)
{
  struct utsname name;
  guint major = 0, minor = 0;

  return uname (&name) == 0 && sscanf (name.release, "%u.%u", &major, &minor) == 2 &&
         (major > 6 || (major == 6 && minor >= 16));
}

typedef struct
{
  const char *name;
  gboolean of_nobody; /* the target, which is root's otherwise */
  gboolean hidden;    /* it keeps others out */
  const char *capabilities;
  const char *argument; /* of the probe */
  gboolean smaps;
  const char *error[2];   /* parts of the message: there is no snapshot */
  const char *unknowns;   /* else what it lacks */
  const char *remedy;     /* of the first of them; NULL: nothing is lacking */
  gboolean needs_perfmon; /* that CAP_PERFMON opens maps */
} Case;

static const Case cases[] = {
  { "other-user", .error = { "belongs to user root", "Run as that user or as root" } },
  { "other-user-dac", .capabilities = "+dac_read_search",
    .error = { "belongs to user root", "or give the probe CAP_" } },
  { "same-user", TRUE, .unknowns = "" },
  { "not-dumpable", TRUE, TRUE, .error = { "not dumpable", "Run as root" } },
  { "not-dumpable-ptrace", TRUE, TRUE, "+sys_ptrace,+dac_read_search", .unknowns = "" },
  { "perfmon", .capabilities = "+perfmon", .unknowns = DENIED_PAGES,
    .remedy = "CAP_DAC_READ_SEARCH", .needs_perfmon = TRUE },
  { "perfmon-smaps", .capabilities = "+perfmon", .smaps = TRUE, .unknowns = DENIED_PAGES,
    .remedy = "CAP_DAC_READ_SEARCH", .needs_perfmon = TRUE },
  /* It would not know how to scan, but that is not why. */
  { "perfmon-old-probe", .capabilities = "+perfmon", .argument = "--no-scan",
    .unknowns = DENIED_PAGES, .remedy = "CAP_DAC_READ_SEARCH", .needs_perfmon = TRUE },
  { "perfmon-dac", .capabilities = "+perfmon,+dac_read_search", .unknowns = "",
    .needs_perfmon = TRUE },
  { "ptrace", .capabilities = "+sys_ptrace", .unknowns = DENIED_PAGES,
    .remedy = "CAP_DAC_READ_SEARCH" },
  { "ptrace-dac", .capabilities = "+sys_ptrace,+dac_read_search", .unknowns = "" },
  { "old-kernel", .capabilities = "+sys_ptrace,+dac_read_search", .argument = "--no-scan",
    .unknowns = "unsupported: huge pages; unsupported: zero pages",
    .remedy = "a newer kernel (Linux 6.7), or read smaps" },
  { "old-kernel-smaps", .capabilities = "+sys_ptrace,+dac_read_search", .argument = "--no-scan",
    .smaps = TRUE, .unknowns = "unsupported: huge pages; unsupported: zero pages",
    .remedy = "a newer kernel (Linux 6.7)" },
};

/* Known pages are as psc-zoo made them; unknown ones are unknown, each of them. */
static void
check_pages (const PscSpace *space, const Zoo *zoo)
{
  const PscMapping *anon = psc_space_lookup (space, zoo_get (zoo, "anon", 0)->start);

  g_assert_nonnull (anon);
  if (space->source == PSC_SOURCE_NONE)
    {
      g_assert_cmpuint (space->totals.classes[PSC_CLASS_UNKNOWN], ==, space->totals.size);
      g_assert_false (anon->flags & PSC_MAPPING_PAGES_KNOWN);
      return;
    }
  g_assert_true (anon->flags & PSC_MAPPING_PAGES_KNOWN);
  g_assert_cmpuint (anon->resident, ==, 40 * space->page_size);
  g_assert_cmpuint (space->totals.classes[PSC_CLASS_UNKNOWN], ==, 0);
}

static void
check_unknowns (const PscSpace *space, const Case *one)
{
  g_autofree char *unknowns = snapshot_dup_unknowns (space);

  g_assert_cmpstr (unknowns, ==, one->unknowns);
  for (guint i = 0; i < space->n_unknowns; i++)
    g_assert_cmpstr (space->unknowns[i].why, !=, "");
  if (one->remedy == NULL)
    return;
  g_assert_nonnull (strstr (space->unknowns[0].remedy, one->remedy));
  /* The least: not what it has. */
  if (one->capabilities != NULL && strstr (one->capabilities, "perfmon") != NULL)
    g_assert_null (strstr (space->unknowns[0].remedy, "CAP_PERFMON"));
}

static void
check_case (const Case *one, const Zoo *zoo)
{
  g_autoptr (PscProbe) probe = new_nobody_probe (one->capabilities, one->argument);
  g_autoptr (PscTarget) target = snapshot_target (probe, zoo->pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscSpace) space = NULL;
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;

  options.smaps = one->smaps ? PSC_SMAPS_ALWAYS : PSC_SMAPS_NEVER;
  space = psc_target_capture (target, &options, &error);
  if (one->error[0] != NULL)
    {
      g_assert_null (space);
      g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED);
      g_test_message ("%s", error->message);
      for (guint i = 0; i < G_N_ELEMENTS (one->error); i++)
        g_assert_nonnull (strstr (error->message, one->error[i]));
      g_assert_nonnull (
          strstr (error->message, perfmon_opens_maps () ? "CAP_PERFMON" : "CAP_SYS_PTRACE"));
      g_assert_cmpint (strstr (error->message, "CAP_DAC_READ_SEARCH") == NULL, ==,
                       one->capabilities != NULL);
      return;
    }
  g_assert_no_error (error);
  check_unknowns (space, one);
  check_pages (space, zoo);
  g_assert_cmpint (space->smaps != NULL, ==, one->smaps);
}

static gboolean
has_setpriv (void)
{
  g_autofree char *path = g_find_program_in_path ("setpriv");

  return path != NULL;
}

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (Zoo) zoo = NULL;

  if (geteuid () != 0)
    g_test_skip ("needs root, to become somebody else");
  else if (!has_setpriv ())
    g_test_skip ("needs setpriv");
  else if (one->needs_perfmon && !perfmon_opens_maps ())
    g_test_skip ("CAP_PERFMON opens maps since about Linux 6.15");
  else
    {
      zoo = new_zoo (one->of_nobody);
      if (one->hidden)
        zoo_order (zoo, "hide");
      check_case (one, zoo);
    }
}

/* What is seen now may be hidden a moment later; that is neither its end nor an empty process. */
static void
test_hidden_later (void)
{
  g_autoptr (Zoo) zoo = NULL;
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscSpace) before = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0 || !has_setpriv ())
    {
      g_test_skip ("needs root and setpriv, to become somebody else");
      return;
    }
  zoo = new_zoo (TRUE);
  probe = new_nobody_probe (NULL, NULL);
  target = snapshot_target (probe, zoo->pid);
  before = snapshot (target, NULL);
  check_pages (before, zoo);
  zoo_order (zoo, "hide");
  after = psc_target_capture (target, NULL, &error);
  g_assert_null (after);
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_DENIED);
}

/* Frames are for administrators: no traits, so nothing is coloured as if it were known. With more
 * capabilities there is more. */
static void
test_frames (void)
{
  static const struct
  {
    const char *capabilities;
    gboolean frames, flags; /* shown */
  } frame_cases[] = { { NULL, FALSE, FALSE },
                      { "+sys_admin", TRUE, FALSE },
                      { "+sys_admin,+dac_read_search", TRUE, TRUE } };
  g_autoptr (Zoo) zoo = NULL;

  if (geteuid () != 0 || !has_setpriv ())
    {
      g_test_skip ("needs root and setpriv, to become somebody else");
      return;
    }
  zoo = new_zoo (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (frame_cases); i++)
    {
      g_autoptr (PscProbe) probe = new_nobody_probe (frame_cases[i].capabilities, NULL);
      g_autoptr (PscTarget) target = snapshot_target (probe, zoo->pid);
      g_autoptr (PscSpace) space = snapshot (target, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (PscFrames) frames = psc_target_read_frames (target, space, 0, G_MAXUINT64 - 4095,
                                                             PSC_FRAMES_MAX_PAGES, &error);

      g_assert_no_error (error);
      g_assert_cmpint (frames->frames.what == NULL, ==, frame_cases[i].frames);
      g_assert_cmpint (frames->flags.what == NULL, ==, frame_cases[i].flags);
      g_assert_cmpint (frames->contiguity->n_traits > 0, ==, frame_cases[i].frames);
      g_assert_cmpint (frames->order->n_traits > 0, ==, frame_cases[i].flags);
      if (!frame_cases[i].flags)
        g_assert_cmpint (frames->flags.reason, ==, PSC_REASON_DENIED);
    }
}

/* Without PROCMAP_QUERY nothing but smaps tells hugetlb memory that has a name of its own. */
static void
test_page_sizes (void)
{
  static const char *const names[] = { "hugetlb", "hugetlb_memfd", NULL };
  static const char *const extra[] = { "--no-query", NULL };
  g_autofree char *why = machine_add_huge_pages (16);
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (PscProbe) probe = snapshot_probe (extra);
  g_autoptr (PscTarget) target = snapshot_target (probe, zoo->pid);
  g_autoptr (PscSpace) without = snapshot (target, NULL);
  g_autoptr (PscSpace) with = NULL;
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  const Exhibit *anon = zoo_get (zoo, "hugetlb", 0), *memfd = zoo_get (zoo, "hugetlb_memfd", 0);

  if (why != NULL || anon->skip != NULL || memfd->skip != NULL)
    {
      g_test_skip (why != NULL ? why : anon->skip != NULL ? anon->skip : memfd->skip);
      return;
    }
  options.smaps = PSC_SMAPS_ALWAYS;
  with = snapshot (target, &options);
  g_assert_nonnull (snapshot_get_unknown (without, PSC_REASON_UNSUPPORTED, "page sizes"));
  g_assert_cmpuint (psc_space_lookup (without, anon->start)->hugetlb, ==, 2 * HUGE_PAGE);
  g_assert_cmpuint (psc_space_lookup (without, memfd->start)->hugetlb, ==, 0);
  g_assert_null (snapshot_get_unknown (with, PSC_REASON_UNSUPPORTED, "page sizes"));
  g_assert_cmpuint (psc_space_lookup (with, memfd->start)->hugetlb, ==, HUGE_PAGE);
  snapshot_check_smaps (with);
}

static void
test_gone (void)
{
  g_autoptr (Zoo) zoo = zoo_new (a_few);
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  g_autoptr (PscTarget) target = snapshot_target (probe, zoo->pid);
  g_autoptr (PscSpace) before = snapshot (target, NULL);
  g_autoptr (PscTarget) anew = NULL;
  g_autoptr (GError) error = NULL;
  gint pid = zoo->pid;

  check_pages (before, zoo);
  g_clear_pointer (&zoo, zoo_free);
  g_assert_null (psc_target_capture (target, NULL, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "psc-zoo"));
  g_clear_error (&error);
  anew = psc_target_new (probe, pid, &error);
  g_assert_null (anew);
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
}

static pid_t
fork_sleeper (void)
{
  pid_t child = fork ();

  if (child == 0)
    for (;;)
      pause ();
  return child;
}

static void
end_child (pid_t child)
{
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
}

static gboolean
set_next_pid (pid_t pid)
{
  g_autofree char *text = g_strdup_printf ("%d", (int) pid - 1);
  int fd = open (NS_LAST_PID, O_WRONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && write (fd, text, strlen (text)) > 0;

  if (fd >= 0)
    close (fd);
  return done;
}

/* Somebody else on this machine may be given the number first, so it is tried again. */
static pid_t
fork_with_pid (pid_t pid)
{
  for (guint i = 0; i < REUSE_TRIES; i++)
    {
      pid_t child;

      if (!set_next_pid (pid))
        return -1;
      child = fork_sleeper ();
      if (child == pid)
        return child;
      end_child (child);
    }
  return -1;
}

static void
test_reused_pid (void)
{
  g_autoptr (PscProbe) probe = snapshot_probe (NULL);
  g_autoptr (PscTarget) target = NULL, anew = NULL;
  g_autoptr (PscSpace) before = NULL, other = NULL, after = NULL;
  g_autoptr (GError) error = NULL;
  pid_t first = fork_sleeper (), second;

  target = snapshot_target (probe, first);
  before = snapshot (target, NULL);
  end_child (first);
  second = fork_with_pid (first);
  if (second < 0)
    {
      g_test_skip ("the next PID can't be chosen here (" NS_LAST_PID ")");
      return;
    }
  after = psc_target_capture (target, NULL, &error);
  anew = snapshot_target (probe, second);
  other = snapshot (anew, NULL);
  end_child (second);
  g_assert_null (after);
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_GONE);
  g_assert_cmpint (other->pid, ==, before->pid);
  g_assert_cmpuint (other->start_time, >=, before->start_time);
}

static void
remove_public_folder (void)
{
  g_unlink (public_probe);
  g_unlink (public_zoo);
  g_rmdir (public_folder);
  g_free (public_probe);
  g_free (public_zoo);
  g_free (public_folder);
}

static int
run_tests (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  public_folder = g_dir_make_tmp ("psc-reasons-XXXXXX", &error);
  g_assert_no_error (error);
  g_chmod (public_folder, 0755);
  public_probe = copy_program (g_getenv ("PAGESCAPE_PROBE"));
  public_zoo = copy_program (g_getenv ("PSC_TEST_ZOO"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/live/reasons/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/live/reasons/hidden-later", test_hidden_later);
  g_test_add_func ("/live/reasons/frames", test_frames);
  g_test_add_func ("/live/reasons/page-sizes", test_page_sizes);
  g_test_add_func ("/live/reasons/gone", test_gone);
  g_test_add_func ("/live/reasons/reused-pid", test_reused_pid);
  status = g_test_run ();
  remove_public_folder ();
  return status;
}

int
main (int argc, char **argv)
{
  return machine_run (argc, argv, run_tests);
}
