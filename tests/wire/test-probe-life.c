/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the probe begins and ends. */

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "conversation.h"

typedef struct
{
  const char *name;
  const char *arguments[4];
  int status;
  const char *output; /* where its output begins */
  const char *error;  /* what its error contains */
} CommandLine;

static const CommandLine command_lines[] = {
  { "version", { "--version" }, 0, "pagescape-probe ", NULL },
  { "help", { "--help" }, 0, "Usage: pagescape-probe ", NULL },
  { "unknown-option", { "--frobnicate" }, 2, "", "unknown option" },
  { "argument", { "42" }, 2, "", "takes no arguments" },
  { "no-value", { "--root" }, 2, "", "missing value" },
  { "page-size-alone", { "--page-size", "4096" }, 2, "", "--root" },
  { "odd-page-size", { "--page-size", "5000" }, 2, "", "4096" },
  { "small-page-size", { "--page-size", "2048" }, 2, "", "4096" },
  { "word-page-size", { "--page-size", "4096k" }, 2, "", "4096" },
  { "no-such-root", { "--root", "/no/such/tree" }, 1, "", "/no/such/tree: No such file" },
  { "nothing-asked", { "--root", "/" }, 0, "", NULL },
};

static void
test_command_line (gconstpointer data)
{
  const CommandLine *line = data;
  Conversation *probe = conversation_new (line->arguments);
  g_autofree char *message = NULL;
  char output[4096];
  gsize n_output = 0;
  gssize n_bytes;

  close (probe->in_fd);
  probe->in_fd = -1;
  while ((n_bytes = read (probe->out_fd, output + n_output, sizeof output - 1 - n_output)) > 0)
    n_output += (gsize) n_bytes;
  output[n_output] = '\0';
  g_assert_cmpint (conversation_finish (probe, &message), ==, line->status);
  g_assert_true (g_str_has_prefix (output, line->output));
  if (line->error)
    g_assert_nonnull (strstr (message, line->error));
  else
    g_assert_cmpstr (message, ==, "");
}

static void
test_end_of_input (void)
{
  Conversation *probe = conversation_new (NULL);

  conversation_open (probe, (guint) getpid ());
  g_assert_cmpint (conversation_finish (probe, NULL), ==, 0);
}

/* Questions asked ahead are all answered before the end. */
static void
test_asked_ahead (void)
{
  Conversation *probe = conversation_new (NULL);

  for (guint i = 0; i < 50; i++)
    conversation_ask_u32 (probe, PSC_WIRE_OPEN, 1, (guint) getpid ());
  close (probe->in_fd);
  probe->in_fd = -1;
  probe->tag = 0;
  for (guint i = 0; i < 50; i++)
    {
      probe->tag++;
      g_assert_cmpuint (conversation_skip_answer (probe), ==, 0);
    }
  g_assert_cmpint (conversation_finish (probe, NULL), ==, 0);
}

/* Its reader goes away in the middle of a long answer: it ends, quietly. */
static void
test_reader_gone (void)
{
  Conversation *probe = conversation_new (NULL);
  g_autofree char *message = NULL;

  for (guint i = 0; i < 3000; i++)
    conversation_ask_u32 (probe, PSC_WIRE_LIST, 1, 0);
  close (probe->out_fd);
  probe->out_fd = -1;
  g_assert_cmpint (conversation_finish (probe, &message), ==, 1);
  g_assert_cmpstr (message, ==, "");
}

/* Lives until nobody can write to release_pipe any more, and keeps what it inherited open. */
static void
hold_everything (int release_pipe[2])
{
  char byte;

  close (release_pipe[1]);
  _exit (read (release_pipe[0], &byte, 1) != 0);
}

/* The parent of the probe: tells its PID and ends when told to. */
static void
be_parent (int pid_pipe[2], int go_pipe[2], int release_pipe[2])
{
  Conversation *conversation = conversation_new (NULL);
  char byte;

  conversation_features (conversation); /* by then it is set to end with its parent */
  if (fork () == 0)
    hold_everything (release_pipe);
  close (go_pipe[1]);
  if (write (pid_pipe[1], &conversation->pid, sizeof conversation->pid) < 0)
    _exit (1);
  _exit (read (go_pipe[0], &byte, 1) != 1);
}

/* The parent's end is the probe's end, even while somebody else holds its pipes. */
static void
test_parent_dies (void)
{
  int pid_pipe[2], go_pipe[2], release_pipe[2];
  GPid probe;
  pid_t parent;
  int status;

  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), ==, 0);
  g_assert_cmpint (pipe (pid_pipe), ==, 0);
  g_assert_cmpint (pipe (go_pipe), ==, 0);
  g_assert_cmpint (pipe (release_pipe), ==, 0);
  parent = fork ();
  if (parent == 0)
    be_parent (pid_pipe, go_pipe, release_pipe);
  g_assert_cmpint (read (pid_pipe[0], &probe, sizeof probe), ==, sizeof probe);
  g_assert_cmpint (waitpid (probe, &status, WNOHANG), ==, -1); /* not ours yet */
  g_assert_cmpint (write (go_pipe[1], "", 1), ==, 1);
  g_assert_cmpint (waitpid (parent, &status, 0), ==, parent);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (waitpid (probe, &status, 0), ==, probe);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  close (release_pipe[1]);
  g_assert_cmpint (waitpid (-1, &status, 0), >, 0); /* the holder of the pipes */
  g_assert_cmpint (status, ==, 0);
  prctl (PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

static gpointer
spawn_thread (gpointer data)
{
  Conversation *probe = conversation_new (NULL);

  conversation_features (probe);
  return probe;
}

/* The kernel takes the end of the thread that spawned it for the end of the parent. The probe
 * doesn't. */
static void
test_thread_ends (void)
{
  g_autoptr (Conversation) probe = g_thread_join (g_thread_new ("spawn", spawn_thread, NULL));

  for (guint i = 0; i < 10; i++)
    {
      conversation_features (probe);
      /* The signal is there at the latest when the thread is gone from /proc. */
      g_usleep (1000);
    }
  conversation_open (probe, (guint) getpid ());
}

static void
test_terminated (void)
{
  Conversation *probe = conversation_new (NULL);
  int status;

  conversation_features (probe);
  kill (probe->pid, SIGTERM);
  g_assert_cmpint (waitpid (probe->pid, &status, 0), ==, probe->pid);
  g_assert_true (WIFSIGNALED (status));
  close (probe->in_fd);
  close (probe->out_fd);
  close (probe->error_fd);
  g_free (probe);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (command_lines); i++)
    {
      g_autofree char *path = g_strconcat ("/life/command/", command_lines[i].name, NULL);

      g_test_add_data_func (path, &command_lines[i], test_command_line);
    }
  g_test_add_func ("/life/end-of-input", test_end_of_input);
  g_test_add_func ("/life/asked-ahead", test_asked_ahead);
  g_test_add_func ("/life/reader-gone", test_reader_gone);
  g_test_add_func ("/life/parent-dies", test_parent_dies);
  g_test_add_func ("/life/thread-ends", test_thread_ends);
  g_test_add_func ("/life/terminated", test_terminated);
  return g_test_run ();
}
