/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-threads.h"

#include <errno.h>
#include <string.h>

#include "psc-format.h"

/* Snapshots after which threads are read again although nothing seems to have changed. */
#define MOST_SNAPSHOTS 16

struct _PscThreads
{
  GArray *list; /* PscThread */
  GStringChunk *names;
  gboolean denied;
  guint n_threads, n_mappings; /* as they were when the list was read */
  guint age;                   /* snapshots since then */
};

PscThreads *
psc_threads_new (void)
{
  PscThreads *threads = g_new0 (PscThreads, 1);

  threads->list = g_array_new (FALSE, FALSE, sizeof (PscThread));
  threads->names = g_string_chunk_new (256);
  return threads;
}

void
psc_threads_free (PscThreads *threads)
{
  if (threads == NULL)
    return;
  g_array_unref (threads->list);
  g_string_chunk_free (threads->names);
  g_free (threads);
}

/* "202 0x7f… 0x80 0x0 0x0 0x0 0x0 0x7ffd… 0x7f…": number, six arguments, stack pointer, program
 * counter; "-1 SP PC" when blocked outside a system call; "running". */
guint64
psc_threads_parse_stack_pointer (const char *text, gsize length)
{
  g_autofree char *line = g_strndup (text, MIN (length, 512));
  g_auto (GStrv) words = g_strsplit (g_strstrip (line), " ", 12);
  guint n = g_strv_length (words);
  guint field = n == 3 ? 1 : 7;
  char *end;
  guint64 address;

  if (n != 3 && n != 9)
    return 0;
  address = g_ascii_strtoull (words[field], &end, 16);
  return *end == '\0' ? address : 0;
}

static void
take_thread (const PscProbeThread *thread, gpointer user_data)
{
  PscThreads *threads = user_data;
  gsize length = thread->comm_length;
  g_autofree char *name = NULL;
  PscThread item = { .tid = (gint) thread->tid };

  if (thread->comm == NULL)
    return;
  if (length > 0 && thread->comm[length - 1] == '\n')
    length--;
  name = psc_format_name (thread->comm, (gssize) length);
  item.name = g_string_chunk_insert_const (threads->names, name);
  if (thread->syscall != NULL)
    item.stack_pointer = psc_threads_parse_stack_pointer (thread->syscall, thread->syscall_length);
  threads->denied |= thread->syscall_errno == EACCES || thread->syscall_errno == EPERM;
  g_array_append_val (threads->list, item);
}

gboolean
psc_threads_update (PscThreads *threads, PscProbe *probe, guint handle, guint n_threads,
                    guint n_mappings)
{
  if (threads->n_threads == n_threads && threads->n_mappings == n_mappings &&
      ++threads->age < MOST_SNAPSHOTS)
    return FALSE;
  g_array_set_size (threads->list, 0);
  g_string_chunk_clear (threads->names);
  threads->denied = FALSE;
  threads->age = 0;
  threads->n_threads = n_threads;
  threads->n_mappings = n_mappings;
  psc_probe_threads (probe, handle, take_thread, threads, NULL, NULL);
  return TRUE;
}

const PscThread *
psc_threads_get (const PscThreads *threads, guint *n)
{
  *n = threads->list->len;
  return (const PscThread *) (void *) threads->list->data;
}

gboolean
psc_threads_is_denied (const PscThreads *threads)
{
  return threads->denied;
}
