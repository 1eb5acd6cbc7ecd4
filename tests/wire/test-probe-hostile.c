/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An asker that means harm, or can't count: the probe says no and lives on. */

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "conversation.h"

/* Payloads as text: "4:1 8:2" is a u32 1 and a u64 2. */
typedef struct
{
  const char *name;
  guint type;
  const char *payload;
  guint error;
} Row;

static const Row rows[] = {
  { "type-0", 0, "", ENOSYS },
  { "type-14", 14, "4:1", ENOSYS },
  { "cgroup-empty", PSC_WIRE_CGROUP, "", EINVAL },
  { "cgroup-short-path", PSC_WIRE_CGROUP, "2:2 2:16 4:1", EINVAL },
  { "cgroup-huge-path", PSC_WIRE_CGROUP, "2:2 2:16 4:4294967295", EINVAL },
  { "cgroup-bad-file", PSC_WIRE_CGROUP, "2:2 2:15 4:0", EINVAL },
  { "cgroup-bad-hierarchy", PSC_WIRE_CGROUP, "2:9 2:16 4:0", EINVAL },
  { "cgroup-too-long", PSC_WIRE_CGROUP, "2:2 2:16 4:0 4:0", EINVAL },
  { "entries-empty", PSC_WIRE_ENTRIES, "", EINVAL },
  { "entries-reserved", PSC_WIRE_ENTRIES, "4:0 2:1 2:1 4:0", EINVAL },
  { "entries-bad-directory", PSC_WIRE_ENTRIES, "4:0 2:7 2:0 4:0", EINVAL },
  { "entries-wrong-scope", PSC_WIRE_ENTRIES, "4:0 2:2 2:0 4:0", EINVAL },
  { "entries-bad-handle", PSC_WIRE_ENTRIES, "4:3 2:2 2:0 4:0", EBADF },
  { "clear-empty", PSC_WIRE_CLEAR_REFERENCED, "", EINVAL },
  { "clear-bad-handle", PSC_WIRE_CLEAR_REFERENCED, "4:3", EBADF },
  { "clear-handle-0", PSC_WIRE_CLEAR_REFERENCED, "4:0", EBADF },
  { "words-empty", PSC_WIRE_WORDS, "", EINVAL },
  { "words-none", PSC_WIRE_WORDS, "4:0 2:2 2:0 8:0 4:0", EINVAL },
  { "words-too-many", PSC_WIRE_WORDS, "4:0 2:2 2:0 8:0 4:16385", EINVAL },
  { "words-far", PSC_WIRE_WORDS, "4:0 2:2 2:0 8:1152921504606846976 4:1", EINVAL },
  { "words-bad-table", PSC_WIRE_WORDS, "4:0 2:9 2:0 8:0 4:1", EINVAL },
  { "words-wrong-scope", PSC_WIRE_WORDS, "4:0 2:1 2:0 8:0 4:1", EINVAL },
  { "words-bad-handle", PSC_WIRE_WORDS, "4:3 2:1 2:0 8:0 4:1", EBADF },
  { "threads-empty", PSC_WIRE_THREADS, "", EINVAL },
  { "threads-bad-handle", PSC_WIRE_THREADS, "4:3", EBADF },
  { "a-reply", PSC_WIRE_END, "4:1", ENOSYS },
  { "type-65535", 0xffff, "8:1 8:2", ENOSYS },
  { "hello-empty", PSC_WIRE_HELLO, "", EINVAL },
  { "hello-short", PSC_WIRE_HELLO, "2:1", EINVAL },
  { "hello-long", PSC_WIRE_HELLO, "4:1 2:0", EINVAL },
  { "list-empty", PSC_WIRE_LIST, "", EINVAL },
  { "list-flags", PSC_WIRE_LIST, "4:1", EINVAL },
  { "open-empty", PSC_WIRE_OPEN, "", EINVAL },
  { "open-long", PSC_WIRE_OPEN, "8:1", EINVAL },
  { "close-empty", PSC_WIRE_CLOSE, "", EINVAL },
  { "close-0", PSC_WIRE_CLOSE, "4:0", EBADF },
  { "close-99", PSC_WIRE_CLOSE, "4:99", EBADF },
  { "close-max", PSC_WIRE_CLOSE, "4:4294967295", EBADF },
  { "read-short", PSC_WIRE_READ, "4:1 2:1 2:0 4:1", EINVAL },
  { "read-reserved", PSC_WIRE_READ, "4:1 2:1 2:1 8:1", EINVAL },
  { "scan-empty", PSC_WIRE_SCAN, "", EINVAL },
  { "scan-no-ranges", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:0", EINVAL },
  { "scan-missing-range", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:1", EINVAL },
  { "scan-short-range", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:1 8:0 8:4096 8:0 8:0 8:0 4:0", EINVAL },
  { "scan-4097", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:4097", EINVAL },
  { "scan-max", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:4294967295", EINVAL },
  /* 2^32 / 16 ranges of 48 bytes are 0 bytes modulo 2^32 */
  { "scan-wraps", PSC_WIRE_SCAN, "4:1 4:0 4:0 4:268435456", EINVAL },
  { "scan-long-hold", PSC_WIRE_SCAN, "4:1 4:1000001 4:0 4:1 8:0 8:65536 8:0 8:8 8:0 8:8", EINVAL },
  { "scan-long-sleep", PSC_WIRE_SCAN, "4:1 4:0 4:1000001 4:1 8:0 8:65536 8:0 8:8 8:0 8:8", EINVAL },
  { "scan-bad-handle", PSC_WIRE_SCAN, "4:2 4:0 4:0 4:1 8:0 8:65536 8:0 8:8 8:0 8:8", EBADF },
  { "pagemap-empty", PSC_WIRE_PAGEMAP, "", EINVAL },
  { "pagemap-max", PSC_WIRE_PAGEMAP, "4:1 4:0 4:0 4:4294967295", EINVAL },
  { "pagemap-wraps", PSC_WIRE_PAGEMAP, "4:1 4:0 4:0 4:268435456", EINVAL },
  { "pagemap-unaligned", PSC_WIRE_PAGEMAP, "4:1 4:0 4:0 4:1 8:1 8:65536", EINVAL },
  { "pagemap-backwards", PSC_WIRE_PAGEMAP, "4:1 4:0 4:0 4:1 8:131072 8:65536", EINVAL },
  { "query-empty", PSC_WIRE_QUERY, "", EINVAL },
  { "query-none", PSC_WIRE_QUERY, "4:1 4:0", EINVAL },
  { "query-4097", PSC_WIRE_QUERY, "4:1 4:4097", EINVAL },
  { "query-wraps", PSC_WIRE_QUERY, "4:1 4:536870912", EINVAL },
  { "query-short", PSC_WIRE_QUERY, "4:1 4:2 8:4096", EINVAL },
  { "query-bad-handle", PSC_WIRE_QUERY, "4:3 4:1 8:4096", EBADF },
};

static gsize
compile_payload (const char *text, guint8 *bytes, gsize size)
{
  g_auto (GStrv) numbers = g_strsplit (text, " ", -1);
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, bytes, size);
  for (char **number = numbers; *number && **number; number++)
    {
      guint64 value = g_ascii_strtoull (*number + 2, NULL, 10);

      if (**number == '2')
        psc_wire_put_u16 (&writer, (guint16) value);
      else if (**number == '4')
        psc_wire_put_u32 (&writer, (guint32) value);
      else
        psc_wire_put_u64 (&writer, value);
    }
  g_assert_false (writer.overflow);
  return writer.length;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  guint8 payload[256];
  End end;

  g_assert_cmpuint (handle, ==, 1);
  conversation_ask (probe, row->type, payload,
                    compile_payload (row->payload, payload, sizeof payload));
  conversation_next (probe);
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_END);
  g_assert_cmpuint (probe->head.error, ==, row->error);
  g_assert_cmpuint (probe->head.length, ==, 36);

  /* Not harmed: still the same process behind the same handle. */
  g_byte_array_unref (conversation_read (probe, 1, PSC_WIRE_FILE_COMM, 4096, &end));
  g_assert_cmpuint (end.error, ==, 0);
}

static void
test_request_error_field (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  struct psc_wire_head head = { .length = 4, .type = PSC_WIRE_LIST, .tag = 5, .error = 1 };
  guint8 payload[4] = { 0 };

  probe->tag = 5;
  g_assert_cmpint (psc_wire_send (probe->in_fd, &head, payload), ==, 0);
  g_assert_cmpuint (conversation_get_end (probe).error, ==, EINVAL);
}

/* The longest payload there is, for each type. */
static void
test_longest (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  g_autofree guint8 *payload = g_malloc0 (PSC_WIRE_MAX_REQUEST);

  for (guint type = 0; type < 15; type++)
    {
      conversation_ask (probe, type, payload, PSC_WIRE_MAX_REQUEST);
      g_assert_cmpuint (conversation_get_end (probe).error, ==,
                        type >= PSC_WIRE_HELLO && type <= PSC_WIRE_CLEAR_REFERENCED ? EINVAL :
                                                                                      ENOSYS);
    }
}

/* Something that is nearly a request: the right length mostly, odd numbers. */
static gsize
make_request (GRand *random, guint *type, guint8 *payload, gsize size)
{
  /* u32 numbers of each type's payload, with one item where it takes items */
  static const guint8 lengths[] = { 0, 1, 1, 1, 1, 4, 16, 8, 4 };
  static const guint32 numbers[] = { 0,    0,    0,     1,          1,          2,         64,
                                     4095, 4096, 65536, 0x7ffff000, 0x7fffffff, 0xffffffff };
  struct psc_wire_writer writer;
  guint n_numbers;

  *type = (guint) g_rand_int_range (random, 1, G_N_ELEMENTS (lengths));
  n_numbers = lengths[*type] + (g_rand_int_range (random, 0, 10) == 0);
  psc_wire_writer_init (&writer, payload, size);
  for (guint i = 0; i < n_numbers; i++)
    psc_wire_put_u32 (&writer, numbers[g_rand_int_range (random, 0, G_N_ELEMENTS (numbers))]);
  g_assert_false (writer.overflow);
  return writer.length;
}

static gsize
make_noise (GRand *random, guint *type, guint8 *payload, gsize size)
{
  gsize length = (gsize) g_rand_int_range (random, 0, (gint32) size);

  *type = g_rand_int (random) & 0xffff;
  if (g_rand_boolean (random))
    *type %= 80;
  for (gsize i = 0; i < length; i++)
    payload[i] = (guint8) g_rand_int (random);
  return length;
}

static void
test_random (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint n_refused = 0, n_answered = 0;
  End end;
  guint handle;

  for (guint i = 0; i < 5000; i++)
    {
      guint8 payload[96];
      guint type;
      gsize length = i % 2 ? make_noise (random, &type, payload, sizeof payload) :
                             make_request (random, &type, payload, sizeof payload);

      conversation_ask (probe, type, payload, length);
      if (conversation_skip_answer (probe) != 0)
        n_refused++;
      else
        n_answered++;
    }
  g_assert_cmpuint (n_refused, >, 1000);
  g_assert_cmpuint (n_answered, >, 100);

  /* Handles that chance opened are still its own. */
  for (guint i = 1; i <= PSC_WIRE_MAX_HANDLES; i++)
    {
      conversation_ask_u32 (probe, PSC_WIRE_CLOSE, 1, i);
      conversation_get_end (probe);
    }
  handle = conversation_open (probe, (guint) getpid ());
  g_byte_array_unref (conversation_read (probe, handle, PSC_WIRE_FILE_MAPS, G_MAXUINT64, &end));
  g_assert_cmpuint (end.error, ==, 0);
  g_assert_cmpuint (end.items, >, 0);
}

typedef struct
{
  const char *name;
  guint8 bytes[PSC_WIRE_HEAD_SIZE + 4];
  gsize length;
} BrokenStream;

static const BrokenStream broken_streams[] = {
  { "reserved", { 4, 0, 0, 0, 1, 0, 1 }, 20 },   { "too-long", { 1, 0, 4, 0, 1 }, 16 },
  { "huge", { 0xff, 0xff, 0xff, 0xff, 1 }, 16 }, { "text", "GET / HTTP/1.1\r\n\r\n", 18 },
  { "ends-in-head", { 4, 0, 0, 0, 1 }, 7 },      { "ends-before-payload", { 4, 0, 0, 0, 1 }, 16 },
  { "ends-in-payload", { 4, 0, 0, 0, 1 }, 18 },
};

static void
test_broken_stream (gconstpointer data)
{
  const BrokenStream *broken = data;
  Conversation *probe = conversation_new (NULL);
  g_autofree char *message = NULL;

  conversation_features (probe);
  g_assert_cmpint (write (probe->in_fd, broken->bytes, broken->length), ==, broken->length);
  g_assert_cmpint (conversation_finish (probe, &message), ==, 1);
  g_assert_true (g_str_has_prefix (message, "pagescape-probe: "));
  g_assert_true (strchr (message, '\n') == message + strlen (message) - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/hostile/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/hostile/request-error-field", test_request_error_field);
  g_test_add_func ("/hostile/longest", test_longest);
  g_test_add_func ("/hostile/random", test_random);
  for (gsize i = 0; i < G_N_ELEMENTS (broken_streams); i++)
    {
      g_autofree char *path = g_strconcat ("/hostile/stream/", broken_streams[i].name, NULL);

      g_test_add_data_func (path, &broken_streams[i], test_broken_stream);
    }
  return g_test_run ();
}
