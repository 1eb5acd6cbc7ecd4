/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversation.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

Conversation *
conversation_new (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Conversation *self = g_new0 (Conversation, 1);

  g_assert_nonnull (g_getenv ("PAGESCAPE_PROBE"));
  g_ptr_array_add (argv, (char *) g_getenv ("PAGESCAPE_PROBE"));
  for (; arguments && *arguments; arguments++)
    g_ptr_array_add (argv, (char *) *arguments);
  g_ptr_array_add (argv, NULL);
  g_spawn_async_with_pipes (NULL, (char **) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                            NULL, &self->pid, &self->in_fd, &self->out_fd, &self->error_fd, &error);
  g_assert_no_error (error);
  return self;
}

int
conversation_finish (Conversation *self, char **message)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char bytes[512];
  gssize n_bytes;
  int status;

  if (self->in_fd >= 0)
    close (self->in_fd);
  while ((n_bytes = read (self->error_fd, bytes, sizeof bytes)) > 0)
    g_string_append_len (text, bytes, n_bytes);
  g_assert_cmpint (waitpid (self->pid, &status, 0), ==, self->pid);
  g_assert_true (WIFEXITED (status));
  if (self->out_fd >= 0)
    close (self->out_fd);
  close (self->error_fd);
  g_free (self);
  if (message)
    *message = g_string_free (g_steal_pointer (&text), FALSE);
  return WEXITSTATUS (status);
}

void
conversation_free (Conversation *self)
{
  g_autofree char *message = NULL;

  g_assert_cmpint (conversation_finish (self, &message), ==, 0);
  g_assert_cmpstr (message, ==, "");
}

void
conversation_ask (Conversation *self, guint type, const void *payload, gsize length)
{
  struct psc_wire_head head = {
    .length = (guint32) length,
    .type = (guint16) type,
    .tag = ++self->tag,
  };

  g_assert_cmpint (psc_wire_send (self->in_fd, &head, payload), ==, 0);
}

void
conversation_ask_u32 (Conversation *self, guint type, guint n_numbers, ...)
{
  guint8 payload[256];
  struct psc_wire_writer writer;
  va_list numbers;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  va_start (numbers, n_numbers);
  for (guint i = 0; i < n_numbers; i++)
    psc_wire_put_u32 (&writer, va_arg (numbers, guint));
  va_end (numbers);
  g_assert_false (writer.overflow);
  conversation_ask (self, type, payload, writer.length);
}

void
conversation_next (Conversation *self)
{
  int error = psc_wire_recv (self->out_fd, PSC_WIRE_MAX_REPLY, &self->head, self->payload,
                             sizeof self->payload);

  g_assert_cmpint (error, ==, 0);
  g_assert_cmpuint (self->head.tag, ==, self->tag);
  g_assert_cmpuint (self->head.type, >=, PSC_WIRE_HOST);
  g_assert_cmpuint (self->head.type, <=, PSC_WIRE_ENTRY);
  psc_wire_reader_init (&self->reader, self->payload, self->head.length);
}

static End
decode_end (Conversation *self)
{
  End end = { .error = self->head.error };

  g_assert_cmpuint (self->head.type, ==, PSC_WIRE_END);
  end.items = psc_wire_get_u64 (&self->reader);
  end.busy_nsec = psc_wire_get_u64 (&self->reader);
  end.longest_nsec = psc_wire_get_u64 (&self->reader);
  end.calls = psc_wire_get_u64 (&self->reader);
  end.truncated = psc_wire_get_u32 (&self->reader) != 0;
  g_assert_true (psc_wire_reader_done (&self->reader));
  g_assert_cmpuint (end.longest_nsec, <=, end.busy_nsec);
  return end;
}

End
conversation_get_end (Conversation *self)
{
  do
    conversation_next (self);
  while (self->head.type != PSC_WIRE_END);
  return decode_end (self);
}

guint
conversation_skip_answer (Conversation *self)
{
  do
    conversation_next (self);
  while (self->head.type != PSC_WIRE_END && self->head.type != PSC_WIRE_HOST &&
         self->head.type != PSC_WIRE_OPENED);
  return self->head.error;
}

guint
conversation_open (Conversation *self, guint pid)
{
  guint handle;

  conversation_ask_u32 (self, PSC_WIRE_OPEN, 1, pid);
  conversation_next (self);
  g_assert_cmpuint (self->head.type, ==, PSC_WIRE_OPENED);
  g_assert_cmpuint (self->head.error, ==, 0);
  handle = psc_wire_get_u32 (&self->reader);
  g_assert_cmpuint (handle, >=, 1);
  return handle;
}

GByteArray *
conversation_read (Conversation *self, guint handle, guint file, guint64 max_bytes, End *end)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 payload[16];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, handle);
  psc_wire_put_u16 (&writer, (guint16) file);
  psc_wire_put_u16 (&writer, 0);
  psc_wire_put_u64 (&writer, max_bytes);
  conversation_ask (self, PSC_WIRE_READ, payload, writer.length);
  for (conversation_next (self); self->head.type == PSC_WIRE_DATA; conversation_next (self))
    {
      g_assert_cmpuint (self->head.length, >, 0);
      g_byte_array_append (bytes, self->payload, self->head.length);
    }
  *end = decode_end (self);
  g_assert_cmpuint (end->items, ==, bytes->len);
  g_assert_cmpuint (end->items, <=, max_bytes);
  return g_steal_pointer (&bytes);
}

static void
ask_ranges (Conversation *self, guint type, guint handle, guint hold_usec, guint sleep_usec,
            const struct psc_wire_scan_range *ranges, guint n_ranges)
{
  g_autofree guint8 *payload = g_malloc (PSC_WIRE_MAX_REQUEST);
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, PSC_WIRE_MAX_REQUEST);
  psc_wire_put_u32 (&writer, handle);
  psc_wire_put_u32 (&writer, hold_usec);
  psc_wire_put_u32 (&writer, sleep_usec);
  psc_wire_put_u32 (&writer, n_ranges);
  for (guint i = 0; i < n_ranges; i++)
    {
      if (type == PSC_WIRE_SCAN)
        {
          psc_wire_put_scan_range (&writer, &ranges[i]);
          continue;
        }
      psc_wire_put_u64 (&writer, ranges[i].start);
      psc_wire_put_u64 (&writer, ranges[i].end);
    }
  g_assert_false (writer.overflow);
  conversation_ask (self, type, payload, writer.length);
}

GArray *
conversation_regions (Conversation *self, guint type, guint handle, guint hold_usec,
                      guint sleep_usec, const struct psc_wire_scan_range *ranges, guint n_ranges,
                      End *end)
{
  g_autoptr (GArray) regions = g_array_new (FALSE, FALSE, sizeof (struct psc_wire_region));

  ask_ranges (self, type, handle, hold_usec, sleep_usec, ranges, n_ranges);
  for (conversation_next (self); self->head.type == PSC_WIRE_REGIONS; conversation_next (self))
    {
      g_assert_cmpuint (self->head.length, >, 0);
      while (!self->reader.underflow && self->reader.at < self->reader.size)
        {
          struct psc_wire_region region = psc_wire_get_region (&self->reader);

          g_assert_cmphex (region.start, <, region.end);
          g_array_append_val (regions, region);
        }
      g_assert_true (psc_wire_reader_done (&self->reader));
    }
  *end = decode_end (self);
  g_assert_cmpuint (end->items, ==, regions->len);
  return g_steal_pointer (&regions);
}

guint
conversation_features (Conversation *self)
{
  conversation_ask_u32 (self, PSC_WIRE_HELLO, 1, PSC_WIRE_VERSION);
  conversation_next (self);
  g_assert_cmpuint (self->head.type, ==, PSC_WIRE_HOST);
  psc_wire_get_raw (&self->reader, 12);
  return psc_wire_get_u32 (&self->reader);
}
