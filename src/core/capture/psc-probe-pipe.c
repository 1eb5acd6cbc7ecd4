/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "psc-format.h"
#include "psc-probe.h"

/* A scan of a fragmented space is megabytes: large pipes let probe and core work side by side. And
 * a request is never longer than this, so writing one doesn't wait for a child that is writing. */
#define PIPE_SIZE   (1 << 20)
#define BUFFER_SIZE (2 * (PSC_WIRE_HEAD_SIZE + PSC_WIRE_MAX_REPLY))
/* Of stderr; more is dropped from the front. */
#define MAX_LAST_WORDS 4096

struct _PscProbePipe
{
  GSubprocess *child; /* NULL: the descriptors are ours */
  char *program;      /* argv[0], for messages */
  int in, out, err; /* stdin, stdout and stderr of the child, owned by its streams; err may be -1 */
  GString *last_words;
  guint8 *buffer;
  gsize start, end; /* bytes of the buffer that came and were not handed out */
  guint8 *payload;
};

static int
fd_of_input (GInputStream *stream)
{
  return g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream));
}

static PscProbePipe *
pipe_new (const char *program, int in, int out, int err)
{
  PscProbePipe *pipe = g_new0 (PscProbePipe, 1);

  pipe->program = g_strdup (program);
  pipe->in = in;
  pipe->out = out;
  pipe->err = err;
  pipe->last_words = g_string_new (NULL);
  pipe->buffer = g_malloc (BUFFER_SIZE);
  pipe->payload = g_malloc (PSC_WIRE_MAX_REPLY);
  return pipe;
}

PscProbePipe *
psc_probe_pipe_new_for_descriptors (int in, int out)
{
  return pipe_new ("behind a descriptor", in, out, -1);
}

PscProbePipe *
psc_probe_pipe_new (const char *const *argv, GError **error)
{
  g_autoptr (GError) spawn_error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  PscProbePipe *pipe;

  child = g_subprocess_newv (argv,
                             G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                 G_SUBPROCESS_FLAGS_STDERR_PIPE,
                             &spawn_error);
  if (child == NULL)
    {
      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN, "Can't start the probe %s: %s",
                   argv[0], spawn_error->message);
      return NULL;
    }
  pipe = pipe_new (
      argv[0],
      g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (g_subprocess_get_stdin_pipe (child))),
      fd_of_input (g_subprocess_get_stdout_pipe (child)),
      fd_of_input (g_subprocess_get_stderr_pipe (child)));
  pipe->child = g_steal_pointer (&child);
  /* Smaller pipes do as well, only slower: an error here is none. */
  (void) fcntl (pipe->in, F_SETPIPE_SZ, PIPE_SIZE);
  (void) fcntl (pipe->out, F_SETPIPE_SZ, PIPE_SIZE);
  return pipe;
}

static void
close_descriptors (PscProbePipe *pipe)
{
  if (pipe->child == NULL)
    {
      close (pipe->in);
      close (pipe->out);
      return;
    }
  g_output_stream_close (g_subprocess_get_stdin_pipe (pipe->child), NULL, NULL);
  g_input_stream_close (g_subprocess_get_stdout_pipe (pipe->child), NULL, NULL);
  g_input_stream_close (g_subprocess_get_stderr_pipe (pipe->child), NULL, NULL);
  g_object_unref (pipe->child);
}

void
psc_probe_pipe_free (PscProbePipe *pipe)
{
  if (pipe == NULL)
    return;
  close_descriptors (pipe);
  g_string_free (pipe->last_words, TRUE);
  g_free (pipe->program);
  g_free (pipe->buffer);
  g_free (pipe->payload);
  g_free (pipe);
}

void
psc_probe_pipe_kill (PscProbePipe *pipe)
{
  if (pipe->child != NULL)
    g_subprocess_force_exit (pipe->child);
}

static void
keep_last_words (PscProbePipe *pipe)
{
  char bytes[1024];
  gssize n;
  struct pollfd poll_fd = { .fd = pipe->err, .events = POLLIN };

  while (pipe->err >= 0 && poll (&poll_fd, 1, 0) > 0)
    {
      n = read (pipe->err, bytes, sizeof bytes);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          pipe->err = -1;
          return;
        }
      g_string_append_len (pipe->last_words, bytes, n);
      if (pipe->last_words->len > MAX_LAST_WORDS)
        g_string_erase (pipe->last_words, 0, pipe->last_words->len - MAX_LAST_WORDS);
    }
}

/* The last line that is not empty, fit for a message. */
static char *
dup_last_line (PscProbePipe *pipe)
{
  g_auto (GStrv) lines = NULL;

  keep_last_words (pipe);
  lines = g_strsplit (pipe->last_words->str, "\n", -1);
  for (guint i = g_strv_length (lines); i > 0; i--)
    if (*g_strstrip (lines[i - 1]) != '\0')
      return psc_format_name (lines[i - 1], -1);
  return NULL;
}

static void
set_broken (PscProbePipe *pipe, GError **error, const char *what)
{
  g_autofree char *line = dup_last_line (pipe);

  g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN, "The probe %s %s%s%s", pipe->program,
               what, line != NULL ? ": " : "", line != NULL ? line : "");
}

/* A write whose reader is gone raises SIGPIPE. A library must not change the signal's disposition
 * for its whole program, so it is held back in this thread and taken off the queue. */
static gssize
write_quietly (int fd, const void *bytes, gsize length)
{
  const struct timespec at_once = { 0 };
  sigset_t sigpipe, old, pending;
  gssize n;
  int saved;

  sigemptyset (&sigpipe);
  sigaddset (&sigpipe, SIGPIPE);
  sigpending (&pending);
  pthread_sigmask (SIG_BLOCK, &sigpipe, &old);
  n = write (fd, bytes, length);
  saved = errno;
  if (n < 0 && saved == EPIPE && !sigismember (&pending, SIGPIPE))
    while (sigtimedwait (&sigpipe, NULL, &at_once) < 0 && errno == EINTR)
      continue;
  pthread_sigmask (SIG_SETMASK, &old, NULL);
  errno = saved;
  return n;
}

gboolean
psc_probe_pipe_send (PscProbePipe *pipe, const guint8 *frames, gsize length, GError **error)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = write_quietly (pipe->in, frames + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_broken (pipe, error, "ended");
          return FALSE;
        }
      done += (gsize) n;
    }
  return TRUE;
}

/* Waits for stdout, and empties stderr meanwhile: a child that is talkative there must not block.
 */
static gboolean
wait_for_output (PscProbePipe *pipe)
{
  for (;;)
    {
      struct pollfd poll_fds[2] = {
        { .fd = pipe->out, .events = POLLIN },
        { .fd = pipe->err, .events = POLLIN },
      };

      if (poll (poll_fds, 2, -1) < 0)
        {
          if (errno != EINTR)
            return FALSE;
          continue;
        }
      if (poll_fds[1].revents != 0)
        keep_last_words (pipe);
      if (poll_fds[0].revents != 0)
        return TRUE;
    }
}

/* Has at least `need` bytes in the buffer. */
static gboolean
fill (PscProbePipe *pipe, gsize need, GError **error)
{
  if (pipe->end - pipe->start >= need)
    return TRUE;
  if (BUFFER_SIZE - pipe->start < need)
    {
      memmove (pipe->buffer, pipe->buffer + pipe->start, pipe->end - pipe->start);
      pipe->end -= pipe->start;
      pipe->start = 0;
    }
  while (pipe->end - pipe->start < need)
    {
      gssize n = -1;

      if (wait_for_output (pipe))
        n = read (pipe->out, pipe->buffer + pipe->end, BUFFER_SIZE - pipe->end);
      if (n < 0 && (errno == EINTR || errno == EAGAIN))
        continue;
      if (n <= 0)
        {
          set_broken (pipe, error, "ended");
          return FALSE;
        }
      pipe->end += (gsize) n;
    }
  return TRUE;
}

gboolean
psc_probe_pipe_recv (PscProbePipe *pipe, struct psc_wire_head *head, const guint8 **payload,
                     GError **error)
{
  if (pipe->start == pipe->end)
    pipe->start = pipe->end = 0;
  if (!fill (pipe, PSC_WIRE_HEAD_SIZE, error))
    return FALSE;
  if (!psc_wire_head_decode (pipe->buffer + pipe->start, PSC_WIRE_MAX_REPLY, head))
    {
      set_broken (pipe, error, "does not speak the protocol");
      return FALSE;
    }
  pipe->start += PSC_WIRE_HEAD_SIZE;
  if (!fill (pipe, head->length, error))
    return FALSE;
  /* Heads are 16 bytes and payloads any length: copied to stand on a border of 8. */
  memcpy (pipe->payload, pipe->buffer + pipe->start, head->length);
  pipe->start += head->length;
  *payload = pipe->payload;
  return TRUE;
}
