/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

#include "psc-config.h"
#include "psc-format.h"
#include "psc-probe-private.h"

#define PROBE_NAME "pagescape-probe"

GQuark
psc_probe_error_quark (void)
{
  return g_quark_from_static_string ("psc-probe-error-quark");
}

static PscProbeError
code_of_errno (int errnum)
{
  switch (errnum)
    {
    case ESRCH:
    case ENOENT:
      return PSC_PROBE_ERROR_GONE;
    case EACCES:
    case EPERM:
      return PSC_PROBE_ERROR_DENIED;
    case ENOTTY:
    case EINVAL:
    case ENOSYS:
    case EOPNOTSUPP:
      return PSC_PROBE_ERROR_UNSUPPORTED;
    default:
      return PSC_PROBE_ERROR_FAILED;
    }
}

void
psc_probe_set_errno (GError **error, int errnum, const char *doing, const char *subject)
{
  g_set_error (error, PSC_PROBE_ERROR, code_of_errno (errnum), "Can't %s of %s: %s", doing, subject,
               g_strerror (errnum));
}

static gboolean
give_up (PscProbe *probe, const char *why, GError **error)
{
  probe->broken = g_strdup (why);
  psc_probe_pipe_kill (probe->pipe);
  g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN, why);
  return FALSE;
}

static gboolean
decode_end (const guint8 *payload, gsize length, PscProbeEnd *end)
{
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, payload, length);
  end->items = psc_wire_get_u64 (&reader);
  end->busy_nsec = psc_wire_get_u64 (&reader);
  end->longest_nsec = psc_wire_get_u64 (&reader);
  end->calls = psc_wire_get_u64 (&reader);
  end->truncated = psc_wire_get_u32 (&reader) != 0;
  return psc_wire_reader_done (&reader);
}

/* Takes one frame. *done when it closes the answer. FALSE when it breaks the protocol. */
static gboolean
take_frame (guint32 tag, const PscProbeQuestion *question, const struct psc_wire_head *head,
            const guint8 *payload, PscProbeAnswer *answer, gboolean *done)
{
  if (head->tag != tag)
    return FALSE;
  if (head->type == PSC_WIRE_END)
    {
      *done = TRUE;
      answer->errnum = (int) head->error;
      return decode_end (payload, head->length, &answer->end);
    }
  if (head->type == question->closing)
    {
      *done = TRUE;
      answer->errnum = (int) head->error;
      return question->on_data (payload, head->length, question->user_data);
    }
  return head->type == question->data && head->error == 0 &&
         question->on_data (payload, head->length, question->user_data);
}

gboolean
psc_probe_send_locked (PscProbe *probe, const guint8 *frames, gsize length, GError **error)
{
  g_autoptr (GError) pipe_error = NULL;

  if (probe->broken != NULL)
    {
      g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN, probe->broken);
      return FALSE;
    }
  if (!psc_probe_pipe_send (probe->pipe, frames, length, &pipe_error))
    return give_up (probe, pipe_error->message, error);
  return TRUE;
}

gboolean
psc_probe_receive_locked (PscProbe *probe, const PscProbeQuestion *question, guint32 tag,
                          PscProbeAnswer *answer, GError **error)
{
  g_autoptr (GError) pipe_error = NULL;
  struct psc_wire_head head;
  const guint8 *reply;
  gboolean done = FALSE;

  *answer = (PscProbeAnswer){ 0 };
  if (probe->broken != NULL)
    {
      g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_BROKEN, probe->broken);
      return FALSE;
    }
  while (!done)
    {
      if (!psc_probe_pipe_recv (probe->pipe, &head, &reply, &pipe_error))
        return give_up (probe, pipe_error->message, error);
      probe->bytes += PSC_WIRE_HEAD_SIZE + head.length;
      if (!take_frame (tag, question, &head, reply, answer, &done))
        return give_up (probe, "The probe broke the protocol", error);
    }
  probe->busy_nsec += answer->end.busy_nsec;
  probe->last_longest_nsec = answer->end.longest_nsec;
  return TRUE;
}

gboolean
psc_probe_converse (PscProbe *probe, const PscProbeQuestion *question,
                    const struct psc_wire_writer *request, PscProbeAnswer *answer, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&probe->lock);
  struct psc_wire_head head = { (guint32) request->length, question->request, 0, ++probe->tag, 0 };
  gsize length = PSC_WIRE_HEAD_SIZE + request->length;
  g_autofree guint8 *frame = NULL;

  g_return_val_if_fail (!request->overflow, FALSE);

  frame = g_malloc (length);
  psc_wire_head_encode (&head, frame);
  if (request->length > 0)
    memcpy (frame + PSC_WIRE_HEAD_SIZE, request->data, request->length);
  *answer = (PscProbeAnswer){ 0 };
  return psc_probe_send_locked (probe, frame, length, error) &&
         psc_probe_receive_locked (probe, question, head.tag, answer, error);
}

gboolean
psc_probe_converse_about (PscProbe *probe, const PscProbeQuestion *question, guint32 number,
                          PscProbeAnswer *answer, GError **error)
{
  guint8 bytes[4];
  struct psc_wire_writer request;

  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_wire_put_u32 (&request, number);
  return psc_probe_converse (probe, question, &request, answer, error);
}

void
psc_probe_set_errno_locked (PscProbe *probe, guint handle, int errnum, const char *doing,
                            GError **error)
{
  g_autofree char *subject = NULL;
  gpointer pid = g_hash_table_lookup (probe->pids, GUINT_TO_POINTER (handle));

  if (handle == 0)
    subject = g_strdup ("the system");
  else
    subject = g_strdup_printf ("process %d", GPOINTER_TO_INT (pid));
  psc_probe_set_errno (error, errnum, doing, subject);
}

void
psc_probe_set_answer_errno (PscProbe *probe, guint handle, int errnum, const char *doing,
                            GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&probe->lock);

  psc_probe_set_errno_locked (probe, handle, errnum, doing, error);
}

/*
 * Life.
 */

static char *
dup_string (struct psc_wire_reader *reader)
{
  gsize length;
  const guint8 *bytes = psc_wire_get_bytes (reader, &length);

  return psc_format_name (bytes != NULL ? (const char *) bytes : "", (gssize) length);
}

static gboolean
take_host (const guint8 *payload, gsize length, gpointer user_data)
{
  PscHost *host = user_data;
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, payload, length);
  host->version = psc_wire_get_u32 (&reader);
  host->page_size = psc_wire_get_u32 (&reader);
  host->uid = psc_wire_get_u32 (&reader);
  host->features = psc_wire_get_u32 (&reader);
  host->capabilities = psc_wire_get_u64 (&reader);
  host->scan_categories = psc_wire_get_u64 (&reader);
  host->clock_ticks = psc_wire_get_u32 (&reader);
  host->host = dup_string (&reader);
  host->release = dup_string (&reader);
  host->machine = dup_string (&reader);
  /* The kernel has base pages of 4 to 256 KiB. */
  return psc_wire_reader_done (&reader) && host->page_size >= 4096 &&
         host->page_size <= (256 << 10) && (host->page_size & (host->page_size - 1)) == 0;
}

static gboolean
say_hello (PscProbe *probe, GError **error)
{
  const PscProbeQuestion question = { PSC_WIRE_HELLO, PSC_WIRE_END, PSC_WIRE_HOST, take_host,
                                      &probe->host };
  g_autoptr (GError) hello_error = NULL;
  PscProbeAnswer answer;

  if (!psc_probe_converse_about (probe, &question, PSC_WIRE_VERSION, &answer, &hello_error))
    {
      g_set_error_literal (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN, hello_error->message);
      return FALSE;
    }
  if (answer.errnum != 0 || probe->host.version != PSC_WIRE_VERSION)
    {
      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN,
                   "The probe speaks version %u of the protocol and this program version %u: "
                   "install the same version of both",
                   probe->host.version, PSC_WIRE_VERSION);
      return FALSE;
    }
  return TRUE;
}

PscProbe *
psc_probe_new_for_pipe (PscProbePipe *pipe, GError **error)
{
  g_autoptr (PscProbe) probe = g_new0 (PscProbe, 1);

  g_atomic_ref_count_init (&probe->ref_count);
  g_mutex_init (&probe->lock);
  probe->pids = g_hash_table_new (NULL, NULL);
  probe->pipe = pipe;
  if (!say_hello (probe, error))
    return NULL;
  return g_steal_pointer (&probe);
}

PscProbe *
psc_probe_new (const char *const *argv, GError **error)
{
  PscProbePipe *pipe;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  pipe = psc_probe_pipe_new (argv, error);
  return pipe != NULL ? psc_probe_new_for_pipe (pipe, error) : NULL;
}

/* Beside the program that runs, as the build tree and moved installations have it. NULL when it is
 * not there. */
static char *
dup_relative_path (void)
{
  static const char *const places[] = { "../probe", "../libexec/pagescape" };
  const char *program = (const char *) getauxval (AT_EXECFN);
  g_autofree char *dir = program != NULL ? g_path_get_dirname (program) : NULL;

  for (guint i = 0; dir != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (dir, places[i], PROBE_NAME, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_canonicalize_filename (path, NULL);
    }
  return NULL;
}

static char *
dup_local_path (GError **error)
{
  const char *chosen = g_getenv ("PAGESCAPE_PROBE");
  const char *installed = PSC_LIBEXECDIR G_DIR_SEPARATOR_S PROBE_NAME;
  char *found;

  if (chosen != NULL && chosen[0] != '\0')
    return g_strdup (chosen);
  found = dup_relative_path ();
  if (found != NULL)
    return found;
  if (g_file_test (installed, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (installed);
  found = g_find_program_in_path (PROBE_NAME);
  if (found == NULL)
    g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN,
                 "Can't find the probe: there is no %s and no " PROBE_NAME " in PATH; install it, "
                 "or set PAGESCAPE_PROBE to where it is",
                 installed);
  return found;
}

static PscProbe *
new_with_words (GPtrArray *words, const char *root, const char *const *extra, GError **error)
{
  if (root != NULL)
    {
      g_ptr_array_add (words, g_strdup ("--root"));
      g_ptr_array_add (words, g_strdup (root));
    }
  for (guint i = 0; extra != NULL && extra[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (extra[i]));
  g_ptr_array_add (words, NULL);
  return psc_probe_new ((const char *const *) words->pdata, error);
}

PscProbe *
psc_probe_new_local (const char *root, const char *const *extra, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = dup_local_path (error);

  if (path == NULL)
    return NULL;
  g_ptr_array_add (words, g_steal_pointer (&path));
  return new_with_words (words, root, extra, error);
}

PscProbe *
psc_probe_new_via (const char *command, const char *root, GError **error)
{
  return psc_probe_new_via_with (command, root, NULL, error);
}

PscProbe *
psc_probe_new_via_with (const char *command, const char *root, const char *const *extra,
                        GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) parse_error = NULL;
  gboolean named = FALSE;

  if (command == NULL)
    return psc_probe_new_local (root, extra, error);
  if (!g_shell_parse_argv (command, NULL, &argv, &parse_error))
    {
      g_autofree char *shown = psc_format_name (command, -1);

      g_set_error (error, PSC_PROBE_ERROR, PSC_PROBE_ERROR_SPAWN, "Can't run “%s”: %s", shown,
                   parse_error->message);
      return NULL;
    }
  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *base = g_path_get_basename (argv[i]);

      named = named || g_str_equal (base, PROBE_NAME);
      g_ptr_array_add (words, g_strdup (argv[i]));
    }
  if (!named)
    {
      g_autofree char *path = dup_local_path (error);

      if (path == NULL)
        return NULL;
      g_ptr_array_add (words, g_steal_pointer (&path));
    }
  return new_with_words (words, root, extra, error);
}

PscProbe *
psc_probe_ref (PscProbe *probe)
{
  g_atomic_ref_count_inc (&probe->ref_count);
  return probe;
}

void
psc_probe_unref (PscProbe *probe)
{
  if (probe == NULL || !g_atomic_ref_count_dec (&probe->ref_count))
    return;
  psc_probe_pipe_free (probe->pipe);
  g_hash_table_unref (probe->pids);
  g_mutex_clear (&probe->lock);
  g_free (probe->broken);
  g_free ((char *) probe->host.host);
  g_free ((char *) probe->host.release);
  g_free ((char *) probe->host.machine);
  g_free (probe);
}

const PscHost *
psc_probe_get_host (PscProbe *probe)
{
  return &probe->host;
}

void
psc_probe_get_meter (PscProbe *probe, PscProbeMeter *meter)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&probe->lock);

  meter->busy_usec = (gint64) (probe->busy_nsec / 1000);
  meter->bytes = probe->bytes;
  meter->last_longest_usec = (gint64) (probe->last_longest_nsec / 1000);
}
