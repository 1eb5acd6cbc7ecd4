/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The client of the probe: what it does with probes that can't be started, end, lie or babble, and
 * that it finds and closes what it should.
 */

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "psc-capture.h"
#include "psc-process-list.h"
#include "zoo.h"

/* A line of shell as a probe. */
static PscProbe *
new_shell_probe (const char *script, GError **error)
{
  const char *argv[] = { "sh", "-c", script, NULL };

  return psc_probe_new (argv, error);
}

static void
test_no_probe (void)
{
  static const struct
  {
    const char *script;
    const char *needle; /* that the message has */
  } cases[] = {
    { "exit 0", "ended" },
    { "cat >/dev/null </dev/null; exit 1", "ended" },
    /* The last thing it said is the best explanation there is. */
    { "echo first >&2; echo 'no such host' >&2; exit 255", "no such host" },
    { "printf 'strange\\033[1m' >&2; exit 1", "strange\\x1b[1m" },
    /* A login message in front of the protocol. */
    { "echo 'Welcome to this machine, it is a fine one'; cat >/dev/null", "protocol" },
    /* Sent back what was asked. */
    { "cat", "protocol" },
    /* More than a pipe takes on stderr, and then nothing. */
    { "yes babble | head -c 300006 >&2; exit 1", "babble" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (new_shell_probe (cases[i].script, &error));
      g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].needle));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_no_command (void)
{
  const char *argv[] = { "/nonexistent/pagescape-probe", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (psc_probe_new (argv, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN);
  g_assert_nonnull (strstr (error->message, argv[0]));
  g_clear_error (&error);
  g_assert_null (psc_probe_new_via ("sh -c 'unbalanced", NULL, &error));
  g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN);
}

/* A probe that dies between two requests: every later call says so, nothing hangs, no SIGPIPE. */
static void
test_dying_probe (void)
{
  g_autofree char *script =
      g_strdup_printf ("head -c 20 | '%s'; sleep 0", g_getenv ("PAGESCAPE_PROBE"));
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = new_shell_probe (script, &error);
  guint handle;
  guint64 start_time;

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (psc_probe_open (probe, getpid (), &handle, &start_time, &error));
      g_assert_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN);
      g_clear_error (&error);
    }
}

static void
test_via (void)
{
  g_autofree char *named = g_strdup_printf ("env -- '%s'", g_getenv ("PAGESCAPE_PROBE"));
  const char *commands[] = { NULL, "env", "env -- env", named };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscProbe) probe = psc_probe_new_via (commands[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (psc_probe_get_host (probe)->version, ==, PSC_WIRE_VERSION);
      g_assert_cmpuint (psc_probe_get_host (probe)->page_size, ==, sysconf (_SC_PAGESIZE));
      g_assert_true (psc_probe_get_host (probe)->features & PSC_WIRE_FEATURE_LIVE);
    }
}

static gint
find_child (PscProbe *probe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) processes = psc_process_list (probe, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (processes, i);

      if (process->ppid == getpid () && g_str_equal (process->program, "pagescape-probe"))
        return process->pid;
    }
  return 0;
}

/* Nothing of ours is open in the probe but its three pipes (and what it opened itself). */
static void
test_inherits_nothing (void)
{
  int leak = open ("/dev/null", O_RDONLY);
  int high = fcntl (leak, F_DUPFD, 200);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, NULL, &error);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (high, >=, 200);
  path = g_strdup_printf ("/proc/%d/fd/%d", find_child (probe), high);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK));
  close (high);
  close (leak);
}

/* The probe ends with its client. */
static void
test_ends (void)
{
  g_autoptr (GError) error = NULL;
  PscProbe *probe = psc_probe_new_local (NULL, NULL, &error);
  gint pid;

  g_assert_no_error (error);
  pid = find_child (probe);
  g_assert_cmpint (pid, >, 0);
  psc_probe_unref (probe);
  /* GLib reaps it in a thread of its own; the test's time limit is the limit. */
  while (kill (pid, 0) == 0)
    g_thread_yield ();
}

typedef struct
{
  PscProbe *probe;
  guint n_good;
} Asker;

static gpointer
ask_thread (gpointer data)
{
  Asker *asker = data;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscTarget) target = psc_target_new (asker->probe, getpid (), &error);
      g_autoptr (PscSpace) space = NULL;

      g_assert_no_error (error);
      space = psc_target_capture (target, NULL, &error);
      g_assert_no_error (error);
      asker->n_good += space->n_mappings > 0;
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, NULL, &error);
  Asker askers[4];
  GThread *threads[4];

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      askers[i] = (Asker){ probe, 0 };
      threads[i] = g_thread_new ("asker", ask_thread, &askers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (askers[i].n_good, ==, 50);
    }
}

/* An old kernel: the probe does without PAGEMAP_SCAN and PROCMAP_QUERY. */
static void
test_old_kernel (void)
{
  static const char *const names[] = { "anon", "checker", NULL };
  static const char *const extra[] = { "--no-scan", "--no-query", NULL };
  g_autoptr (Zoo) zoo = zoo_new (names);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, extra, &error);
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (PscSpace) space = NULL;
  const PscMapping *mapping;

  g_assert_no_error (error);
  target = psc_target_new (probe, zoo->pid, &error);
  g_assert_no_error (error);
  space = psc_target_capture (target, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (space->source, ==, PSC_SOURCE_PAGEMAP);
  mapping = psc_space_lookup (space, zoo_get (zoo, "anon", 0)->start);
  g_assert_cmpuint (mapping->resident, ==, 40 * space->page_size);
  g_assert_cmpuint (space->n_unknowns, ==, 2);
  for (guint i = 0; i < space->n_unknowns; i++)
    g_assert_cmpint (space->unknowns[i].reason, ==, PSC_REASON_UNSUPPORTED);
  g_assert_cmpstr (space->unknowns[0].what, ==, "huge pages");
  g_assert_cmpstr (space->unknowns[1].what, ==, "zero pages");
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscProbe) probe = psc_probe_new_local (NULL, NULL, &error);
  g_autoptr (GPtrArray) processes = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  const PscProcess *self, *largest;

  g_assert_no_error (error);
  processes = psc_process_list (probe, &error);
  g_assert_no_error (error);
  for (guint i = 1; i < processes->len; i++)
    g_assert_cmpint (((PscProcess *) g_ptr_array_index (processes, i - 1))->pid, <,
                     ((PscProcess *) g_ptr_array_index (processes, i))->pid);
  self = psc_process_list_find (processes, pid, &error);
  g_assert_no_error (error);
  g_assert_cmpint (self->pid, ==, getpid ());
  g_assert_cmpint (self->ppid, ==, getppid ());
  g_assert_cmpuint (self->uid, ==, getuid ());
  g_assert_cmpuint (self->resident, >, self->shared);
  g_assert_cmpuint (self->size, >, self->resident);
  g_assert_cmpint (self->n_threads, >=, 1);
  g_assert_cmpstr (self->program, ==, "test-live-client");
  g_assert_cmpstr (self->name, ==, "test-live-clien");
  g_assert_nonnull (strstr (self->command, "--tap"));
  g_assert_false (self->kernel_thread);
  /* The longer word is no comm, but it is the program's. */
  g_assert_true (psc_process_list_find (processes, "test-live-client", &error) == self);
  largest = psc_process_list_largest (processes, getuid (), 0);
  g_assert_nonnull (largest);
  g_assert_cmpuint (largest->resident, >=, self->resident);
  g_assert_true (psc_process_list_largest (processes, getuid (), largest->pid) != largest);
  g_assert_null (psc_process_list_largest (processes, 4000000000u, 0));
}

static GPtrArray *
made_up_processes (void)
{
  static const struct
  {
    gint pid;
    const char *name, *program;
  } made_up[] = {
    { 1, "init", "init" },       { 5, "worker", "server" }, { 6, "worker", "server" },
    { 7, "server", "launcher" }, { 8, "a", "twin" },        { 9, "b", "twin" },
    { 10, "many", "m" },         { 11, "many", "m" },       { 12, "many", "m" },
    { 13, "many", "m" },         { 14, "many", "m" },       { 15, "many", "m" },
  };
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify) psc_process_free);

  for (guint i = 0; i < G_N_ELEMENTS (made_up); i++)
    {
      PscProcess *process = g_new0 (PscProcess, 1);

      process->pid = made_up[i].pid;
      process->name = g_strdup (made_up[i].name);
      process->program = g_strdup (made_up[i].program);
      process->command = g_strdup ("");
      g_ptr_array_add (processes, process);
    }
  return processes;
}

static void
test_find (void)
{
  static const struct
  {
    const char *target;
    gint pid; /* 0: an error with this code and this in its message */
    PscTargetError code;
    const char *needle;
  } cases[] = {
    { "1", 1 },
    { "0001", 1 },
    { "init", 1 },
    /* A name goes before a program. */
    { "server", 7 },
    { "launcher", 7 },
    { "worker", 0, PSC_TARGET_ERROR_SEVERAL, "5, 6" },
    { "twin", 0, PSC_TARGET_ERROR_SEVERAL, "8, 9" },
    { "many", 0, PSC_TARGET_ERROR_SEVERAL, "10, 11, 12, 13, 14, …" },
    { "2", 0, PSC_TARGET_ERROR_NONE, "2" },
    { "ini", 0, PSC_TARGET_ERROR_NONE, "ini" },
    { "-1", 0, PSC_TARGET_ERROR_NONE, "-1" },
    { "", 0, PSC_TARGET_ERROR_INVALID, "empty" },
    { "0", 0, PSC_TARGET_ERROR_INVALID, "0" },
    { "4194305", 0, PSC_TARGET_ERROR_INVALID, "4194305" },
    { "99999999999999999999999", 0, PSC_TARGET_ERROR_INVALID, "9999" },
    { "in\nit", 0, PSC_TARGET_ERROR_NONE, "in\\nit" },
  };
  g_autoptr (GPtrArray) processes = made_up_processes ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      const PscProcess *found = psc_process_list_find (processes, cases[i].target, &error);

      if (cases[i].pid != 0)
        {
          g_assert_no_error (error);
          g_assert_cmpint (found->pid, ==, cases[i].pid);
          continue;
        }
      g_assert_null (found);
      g_assert_error (error, PSC_TARGET_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].needle));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live/client/no-probe", test_no_probe);
  g_test_add_func ("/live/client/no-command", test_no_command);
  g_test_add_func ("/live/client/dying-probe", test_dying_probe);
  g_test_add_func ("/live/client/via", test_via);
  g_test_add_func ("/live/client/inherits-nothing", test_inherits_nothing);
  g_test_add_func ("/live/client/ends", test_ends);
  g_test_add_func ("/live/client/threads", test_threads);
  g_test_add_func ("/live/client/old-kernel", test_old_kernel);
  g_test_add_func ("/live/client/list", test_list);
  g_test_add_func ("/live/client/find", test_find);
  return g_test_run ();
}
