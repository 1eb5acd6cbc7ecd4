/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of the protocol, without a probe. */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "psc-wire.h"

static void
test_bytes (void)
{
  static const guint8 expected[] = {
    0x02, 0x01,                                     /* u16 */
    0x06, 0x05, 0x04, 0x03,                         /* u32 */
    0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08, 0x07, /* u64 */
    0x03, 0x00, 0x00, 0x00, 'a',  0x00, 'b',        /* bytes */
    'r',  'a',  'w',
  };
  guint8 bytes[sizeof expected];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, bytes, sizeof bytes);
  psc_wire_put_u16 (&writer, 0x0102);
  psc_wire_put_u32 (&writer, 0x03040506);
  psc_wire_put_u64 (&writer, G_GUINT64_CONSTANT (0x0708090a0b0c0d0e));
  psc_wire_put_bytes (&writer, "a\0b", 3);
  psc_wire_put_raw (&writer, "raw", 3);
  g_assert_false (writer.overflow);
  g_assert_cmpmem (bytes, writer.length, expected, sizeof expected);
}

static void
test_round_trip (void)
{
  const struct psc_wire_region region = { 0x1000, G_MAXUINT64, PSC_WIRE_PAGEMAP_PRESENT };
  const struct psc_wire_scan_range range = { 1, 2, 3, 4, 5, G_MAXUINT64 };
  const struct psc_wire_query_answer answer = { 6, 7, 8, 9, 10, 11 };
  guint8 bytes[200];
  struct psc_wire_writer writer;
  struct psc_wire_reader reader;
  gsize length = 99;

  psc_wire_writer_init (&writer, bytes, sizeof bytes);
  psc_wire_put_region (&writer, &region);
  g_assert_cmpuint (writer.length, ==, 24);
  psc_wire_put_scan_range (&writer, &range);
  g_assert_cmpuint (writer.length, ==, 24 + 48);
  psc_wire_put_query_answer (&writer, &answer);
  g_assert_cmpuint (writer.length, ==, 24 + 48 + 48);
  psc_wire_put_bytes (&writer, NULL, 0);
  psc_wire_put_u16 (&writer, 0xffff);

  psc_wire_reader_init (&reader, bytes, writer.length);
  {
    struct psc_wire_region got_region = psc_wire_get_region (&reader);
    struct psc_wire_scan_range got_range = psc_wire_get_scan_range (&reader);
    struct psc_wire_query_answer got_answer = psc_wire_get_query_answer (&reader);

    g_assert_cmpmem (&got_region, sizeof got_region, &region, sizeof region);
    g_assert_cmpmem (&got_range, sizeof got_range, &range, sizeof range);
    g_assert_cmpmem (&got_answer, sizeof got_answer, &answer, sizeof answer);
  }
  g_assert_nonnull (psc_wire_get_bytes (&reader, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_false (psc_wire_reader_done (&reader));
  g_assert_cmpuint (psc_wire_get_u16 (&reader), ==, 0xffff);
  g_assert_true (psc_wire_reader_done (&reader));
}

static void
test_overflow (void)
{
  guint8 bytes[8 + 1];
  struct psc_wire_writer writer;

  memset (bytes, 0xee, sizeof bytes);
  psc_wire_writer_init (&writer, bytes, 8);
  psc_wire_put_u32 (&writer, 1);
  psc_wire_put_bytes (&writer, "x", 1); /* 5 bytes: length alone would fit */
  g_assert_true (writer.overflow);
  g_assert_cmpuint (writer.length, ==, 4);
  psc_wire_put_u16 (&writer, 2); /* would fit, but comes too late */
  g_assert_true (writer.overflow);
  g_assert_cmpuint (writer.length, ==, 4);
  for (gsize i = 4; i < sizeof bytes; i++)
    g_assert_cmpuint (bytes[i], ==, 0xee);
}

static void
test_underflow (void)
{
  static const guint8 bytes[] = { 4, 0, 0, 0, 'a', 'b', 'c' };
  struct psc_wire_reader reader;
  gsize length = 99;

  psc_wire_reader_init (&reader, bytes, sizeof bytes);
  g_assert_null (psc_wire_get_bytes (&reader, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_true (reader.underflow);
  g_assert_cmpuint (psc_wire_get_u16 (&reader), ==, 0);
  g_assert_null (psc_wire_get_raw (&reader, 1));
  g_assert_false (psc_wire_reader_done (&reader));

  psc_wire_reader_init (&reader, bytes, 7);
  g_assert_cmpuint (psc_wire_get_u64 (&reader), ==, 0);
  g_assert_true (reader.underflow);

  psc_wire_reader_init (&reader, NULL, 0);
  g_assert_true (psc_wire_reader_done (&reader));
}

/* A length near 2^32 must not wrap the bounds check. */
static void
test_huge_length (void)
{
  static const guint8 bytes[] = { 0xff, 0xff, 0xff, 0xff, 'a' };
  struct psc_wire_reader reader;
  gsize length;

  psc_wire_reader_init (&reader, bytes, sizeof bytes);
  g_assert_null (psc_wire_get_bytes (&reader, &length));
  psc_wire_reader_init (&reader, bytes, sizeof bytes);
  psc_wire_get_u32 (&reader);
  g_assert_null (psc_wire_get_raw (&reader, G_MAXSIZE));
}

static void
test_head (void)
{
  static const guint8 expected[PSC_WIRE_HEAD_SIZE] = { 0x10, 0, 0, 0, 70, 0, 0, 0,
                                                       4,    3, 2, 1, 13, 0, 0, 0 };
  const struct psc_wire_head head = {
    .length = 16, .type = PSC_WIRE_END, .tag = 0x01020304, .error = EACCES
  };
  struct psc_wire_head got;
  guint8 bytes[PSC_WIRE_HEAD_SIZE];

  psc_wire_head_encode (&head, bytes);
  g_assert_cmpmem (bytes, sizeof bytes, expected, sizeof expected);
  g_assert_true (psc_wire_head_decode (bytes, 16, &got));
  g_assert_cmpmem (&got, sizeof got, &head, sizeof head);
  g_assert_false (psc_wire_head_decode (bytes, 15, &got));
  bytes[7] = 1;
  g_assert_false (psc_wire_head_decode (bytes, 16, &got));
}

typedef struct
{
  int fd;
  const guint8 *bytes;
  gsize length;
} Trickle;

/* Byte after byte, so that every transfer of the other end is short. */
static gpointer
trickle_thread (gpointer data)
{
  Trickle *trickle = data;

  for (gsize i = 0; i < trickle->length; i++)
    g_assert_cmpint (write (trickle->fd, trickle->bytes + i, 1), ==, 1);
  close (trickle->fd);
  return NULL;
}

static void
test_short_reads (void)
{
  const struct psc_wire_head head = { .length = 300, .type = PSC_WIRE_DATA, .tag = 7 };
  guint8 bytes[PSC_WIRE_HEAD_SIZE + 300], payload[300];
  struct psc_wire_head got;
  Trickle trickle = { .bytes = bytes, .length = sizeof bytes };
  GThread *thread;
  int fds[2];

  psc_wire_head_encode (&head, bytes);
  for (guint i = 0; i < 300; i++)
    bytes[PSC_WIRE_HEAD_SIZE + i] = (guint8) (i * 7);
  g_assert_cmpint (pipe (fds), ==, 0);
  trickle.fd = fds[1];
  thread = g_thread_new ("trickle", trickle_thread, &trickle);
  g_assert_cmpint (psc_wire_recv (fds[0], 300, &got, payload, sizeof payload), ==, 0);
  g_assert_cmpmem (&got, sizeof got, &head, sizeof head);
  g_assert_cmpmem (payload, 300, bytes + PSC_WIRE_HEAD_SIZE, 300);
  g_assert_cmpint (psc_wire_recv (fds[0], 300, &got, payload, sizeof payload), ==, ENODATA);
  g_thread_join (thread);
  close (fds[0]);
}

static gpointer
send_thread (gpointer data)
{
  static guint8 payload[PSC_WIRE_MAX_REPLY];
  const struct psc_wire_head head = { .length = sizeof payload, .type = PSC_WIRE_DATA, .tag = 9 };

  for (guint i = 0; i < sizeof payload; i++)
    payload[i] = (guint8) (i % 251);
  return GINT_TO_POINTER (psc_wire_send (*(int *) data, &head, payload));
}

/* A frame of the greatest length through a socket that holds a fraction of it. */
static void
test_short_writes (void)
{
  g_autofree guint8 *payload = g_malloc (PSC_WIRE_MAX_REPLY);
  struct psc_wire_head head;
  GThread *thread;
  int size = 4096;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  setsockopt (fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  thread = g_thread_new ("send", send_thread, &fds[0]);
  g_assert_cmpint (psc_wire_recv (fds[1], PSC_WIRE_MAX_REPLY, &head, payload, PSC_WIRE_MAX_REPLY),
                   ==, 0);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 0);
  g_assert_cmpuint (head.length, ==, PSC_WIRE_MAX_REPLY);
  for (guint i = 0; i < PSC_WIRE_MAX_REPLY; i++)
    if (payload[i] != i % 251)
      g_error ("byte %u is %u", i, payload[i]);
  close (fds[0]);
  close (fds[1]);
}

typedef struct
{
  const char *name;
  guint8 bytes[PSC_WIRE_HEAD_SIZE + 4];
  gsize length;
  gsize payload_size;
  int expected;
} BrokenStream;

static const BrokenStream broken_streams[] = {
  { "nothing", { 0 }, 0, 64, ENODATA },
  { "part-of-a-head", { 4 }, 1, 64, EPROTO },
  { "head-but-a-byte", { 0 }, 15, 64, EPROTO },
  { "no-payload", { 4 }, 16, 64, EPROTO },
  { "short-payload", { 4 }, 19, 64, EPROTO },
  { "too-long", { 65 }, 16, 64, EPROTO },
  { "huge", { 0xff, 0xff, 0xff, 0xff }, 16, 64, EPROTO },
  { "reserved", { 4, 0, 0, 0, 1, 0, 1 }, 20, 64, EPROTO },
  { "no-room", { 4 }, 20, 3, EMSGSIZE },
  { "good", { 4 }, 20, 4, 0 },
};

static void
test_broken_stream (gconstpointer data)
{
  const BrokenStream *broken = data;
  struct psc_wire_head head;
  guint8 payload[64];
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write (fds[1], broken->bytes, broken->length), ==, broken->length);
  close (fds[1]);
  g_assert_cmpint (psc_wire_recv (fds[0], 64, &head, payload, broken->payload_size), ==,
                   broken->expected);
  close (fds[0]);
}

static void
test_errno (void)
{
  const struct psc_wire_head head = { .length = 4, .type = PSC_WIRE_HELLO };
  struct psc_wire_head got;
  guint8 payload[4] = { 0 };
  int fds[2];

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (psc_wire_recv (fds[1], 64, &got, payload, 4), ==, EBADF);
  close (fds[0]);
  g_assert_cmpint (psc_wire_send (fds[1], &head, payload), ==, EPIPE);
  close (fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/bytes", test_bytes);
  g_test_add_func ("/wire/round-trip", test_round_trip);
  g_test_add_func ("/wire/overflow", test_overflow);
  g_test_add_func ("/wire/underflow", test_underflow);
  g_test_add_func ("/wire/huge-length", test_huge_length);
  g_test_add_func ("/wire/head", test_head);
  g_test_add_func ("/wire/short-reads", test_short_reads);
  g_test_add_func ("/wire/short-writes", test_short_writes);
  g_test_add_func ("/wire/errno", test_errno);
  for (gsize i = 0; i < G_N_ELEMENTS (broken_streams); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/stream/", broken_streams[i].name, NULL);

      g_test_add_data_func (path, &broken_streams[i], test_broken_stream);
    }
  return g_test_run ();
}
