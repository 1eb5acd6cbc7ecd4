/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probe on live processes, this one first of all. */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "conversation.h"

#define NO_SUCH_PID 0x7ffffffe

static const char *const no_scan[] = { "--no-scan", "--no-query", NULL };

static guint64
get_start_time (void)
{
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL));
  fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);
  return g_ascii_strtoull (fields[19], NULL, 10);
}

static void
check_string (Conversation *probe, const char *expected)
{
  gsize length;
  const guint8 *bytes = psc_wire_get_bytes (&probe->reader, &length);

  g_assert_cmpmem (bytes, length, expected, strlen (expected));
}

static void
test_hello (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  struct utsname names;
  guint features;
  guint64 categories;

  uname (&names);
  conversation_ask_u32 (probe, PSC_WIRE_HELLO, 1, PSC_WIRE_VERSION);
  conversation_next (probe);
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_HOST);
  g_assert_cmpuint (probe->head.error, ==, 0);
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, PSC_WIRE_VERSION);
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, getpagesize ());
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, geteuid ());
  features = psc_wire_get_u32 (&probe->reader);
  g_assert_true (features & PSC_WIRE_FEATURE_LIVE);
  psc_wire_get_u64 (&probe->reader);
  categories = psc_wire_get_u64 (&probe->reader);
  g_assert_cmpint (categories != 0, ==, (features & PSC_WIRE_FEATURE_SCAN) != 0);
  g_assert_cmphex (categories & ~G_GUINT64_CONSTANT (0x1ff), ==, 0);
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, sysconf (_SC_CLK_TCK));
  check_string (probe, names.nodename);
  check_string (probe, names.release);
  check_string (probe, names.machine);
  g_assert_true (psc_wire_reader_done (&probe->reader));
}

static void
test_capabilities (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  g_autofree char *status = NULL;
  const char *effective;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  effective = strstr (status, "CapEff:");
  conversation_features (probe);
  g_assert_cmphex (psc_wire_get_u64 (&probe->reader), ==,
                   g_ascii_strtoull (effective + strlen ("CapEff:\t"), NULL, 16));
}

static void
test_other_version (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);

  conversation_ask_u32 (probe, PSC_WIRE_HELLO, 1, PSC_WIRE_VERSION + 1);
  conversation_next (probe);
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_HOST);
  g_assert_cmpuint (probe->head.error, ==, EPROTO);
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, PSC_WIRE_VERSION);
}

static void
check_own_process (Conversation *probe)
{
  g_autofree char *cmdline = NULL;
  g_autofree char *prefix = g_strdup_printf ("%d (", getpid ());
  gsize length, own_length;
  const guint8 *bytes;

  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, geteuid ());
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, 0);
  bytes = psc_wire_get_bytes (&probe->reader, &length);
  g_assert_cmpmem (bytes, strlen (prefix), prefix, strlen (prefix));
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, 0);
  psc_wire_get_bytes (&probe->reader, &length);
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, 0);
  g_assert_true (g_file_get_contents ("/proc/self/cmdline", &cmdline, &own_length, NULL));
  bytes = psc_wire_get_bytes (&probe->reader, &length);
  g_assert_cmpmem (bytes, length, cmdline, MIN (own_length, 4096));
  g_assert_true (psc_wire_reader_done (&probe->reader));
}

static void
test_list (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint n_own = 0, n_probe = 0, n_all = 0;

  conversation_ask_u32 (probe, PSC_WIRE_LIST, 1, 0);
  for (conversation_next (probe); probe->head.type == PSC_WIRE_PROCESS; conversation_next (probe))
    {
      guint pid = psc_wire_get_u32 (&probe->reader);

      n_all++;
      n_probe += pid == (guint) probe->pid;
      if (pid == (guint) getpid ())
        {
          n_own++;
          check_own_process (probe);
        }
    }
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_END);
  g_assert_cmpuint (probe->head.error, ==, 0);
  g_assert_cmpuint (psc_wire_get_u64 (&probe->reader), ==, n_all);
  g_assert_cmpuint (n_own, ==, 1);
  g_assert_cmpuint (n_probe, ==, 1);
}

static void
test_open (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());

  g_assert_cmpuint (psc_wire_get_u64 (&probe->reader), ==, get_start_time ());
  g_assert_true (psc_wire_reader_done (&probe->reader));
  conversation_ask_u32 (probe, PSC_WIRE_CLOSE, 1, handle);
  g_assert_cmpuint (conversation_get_end (probe).error, ==, 0);
  conversation_ask_u32 (probe, PSC_WIRE_CLOSE, 1, handle);
  g_assert_cmpuint (conversation_get_end (probe).error, ==, EBADF);
}

static void
test_open_errors (void)
{
  static const struct
  {
    guint pid;
    guint error;
  } rows[] = {
    { 0, EINVAL },
    { 0x80000000, EINVAL },
    { 0xffffffff, EINVAL },
    { NO_SUCH_PID, ESRCH },
  };
  g_autoptr (Conversation) probe = conversation_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      conversation_ask_u32 (probe, PSC_WIRE_OPEN, 1, rows[i].pid);
      conversation_next (probe);
      g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_OPENED);
      g_assert_cmpuint (probe->head.error, ==, rows[i].error);
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, 0);
      g_assert_cmpuint (psc_wire_get_u64 (&probe->reader), ==, 0);
      g_assert_true (psc_wire_reader_done (&probe->reader));
    }
}

static void
test_handles (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handles[PSC_WIRE_MAX_HANDLES];

  for (guint i = 0; i < PSC_WIRE_MAX_HANDLES; i++)
    {
      handles[i] = conversation_open (probe, (guint) getpid ());
      for (guint j = 0; j < i; j++)
        g_assert_cmpuint (handles[i], !=, handles[j]);
    }
  conversation_ask_u32 (probe, PSC_WIRE_OPEN, 1, (guint) getpid ());
  g_assert_cmpuint (conversation_skip_answer (probe), ==, EMFILE);
  conversation_ask_u32 (probe, PSC_WIRE_CLOSE, 1, handles[17]);
  g_assert_cmpuint (conversation_get_end (probe).error, ==, 0);
  conversation_open (probe, (guint) getpid ());
}

static void
test_read (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  g_autoptr (GByteArray) comm = NULL;
  g_autofree char *own = NULL;
  gsize length;
  End end;

  g_assert_true (g_file_get_contents ("/proc/self/comm", &own, &length, NULL));
  comm = conversation_read (probe, handle, PSC_WIRE_FILE_COMM, 1 << 20, &end);
  g_assert_cmpuint (end.error, ==, 0);
  g_assert_false (end.truncated);
  g_assert_cmpmem (comm->data, comm->len, own, length);
}

/* Every file that the protocol names is there on a live kernel and reads as more than nothing. */
static void
test_read_all (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  End end;

  for (guint file = PSC_WIRE_FILE_MAPS; file <= PSC_WIRE_FILE_LIMITS; file++)
    {
      g_autoptr (GByteArray) bytes = conversation_read (probe, handle, file, G_MAXUINT64, &end);

      g_assert_cmpuint (end.error, ==, 0);
      g_assert_cmpuint (bytes->len, >, 0);
      g_assert_cmpuint (end.calls, >=, 2);
    }
  for (guint file = PSC_WIRE_FILE_MEMINFO; file <= PSC_WIRE_FILE_THP_SLOT_ENABLED; file++)
    {
      g_autoptr (GByteArray) bytes = conversation_read (probe, 0, file, G_MAXUINT64, &end);

      /* A kernel without transparent huge pages, or without a setting for each size. */
      if ((file == PSC_WIRE_FILE_THP_ENABLED || file > PSC_WIRE_FILE_MOUNTINFO) &&
          end.error == EOPNOTSUPP)
        continue;
      g_assert_cmpuint (end.error, ==, 0);
      g_assert_cmpuint (bytes->len, >, 0);
    }
}

/* Many mappings, so that maps takes several frames; then the same cut at odd places. */
static void
test_read_large (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  gsize page_size = (gsize) getpagesize ();
  gsize n_pages = 12000;
  guint8 *area = mmap (NULL, n_pages * page_size, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  g_autoptr (GByteArray) whole = NULL, cut = NULL;
  End end;

  g_assert_true (area != MAP_FAILED);
  for (gsize i = 0; i < n_pages; i += 2)
    g_assert_cmpint (mprotect (area + i * page_size, page_size, PROT_READ), ==, 0);
  whole = conversation_read (probe, handle, PSC_WIRE_FILE_MAPS, G_MAXUINT64, &end);
  g_assert_cmpuint (end.error, ==, 0);
  g_assert_cmpuint (whole->len, >, 2 * PSC_WIRE_MAX_REPLY);
  g_assert_cmpuint (whole->data[whole->len - 1], ==, '\n');

  for (guint64 max_bytes = 0; max_bytes < whole->len; max_bytes += PSC_WIRE_MAX_REPLY / 2)
    {
      g_autoptr (GByteArray) part =
          conversation_read (probe, handle, PSC_WIRE_FILE_MAPS, max_bytes, &end);

      g_assert_cmpuint (end.error, ==, 0);
      g_assert_true (end.truncated);
      g_assert_cmpuint (part->len, ==, max_bytes);
    }
  cut = conversation_read (probe, handle, PSC_WIRE_FILE_MAPS, whole->len + 1000, &end);
  g_assert_false (end.truncated);
  munmap (area, n_pages * page_size);
}

static void
test_read_errors (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  const struct
  {
    guint handle;
    guint file;
    guint error;
  } rows[] = {
    { 0, PSC_WIRE_FILE_MAPS, EINVAL },
    { 0, PSC_WIRE_FILE_LRU_GEN + 1, EINVAL },
    { handle, PSC_WIRE_FILE_MEMINFO, EINVAL },
    { handle, 0, EINVAL },
    { handle, PSC_WIRE_FILE_OOM_SCORE_ADJ + 1, EINVAL },
    { handle, 0xffff, EINVAL },
    { handle + 1, PSC_WIRE_FILE_MAPS, EBADF },
    { PSC_WIRE_MAX_HANDLES + 1, PSC_WIRE_FILE_MAPS, EBADF },
    { 0xffffffff, PSC_WIRE_FILE_MAPS, EBADF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      End end;
      g_autoptr (GByteArray) bytes =
          conversation_read (probe, rows[i].handle, rows[i].file, 4096, &end);

      g_assert_cmpuint (end.error, ==, rows[i].error);
      g_assert_cmpuint (bytes->len, ==, 0);
    }
}

/* A process that ended says ESRCH to everything, and nobody else answers in its place. */
static void
test_ended_process (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint features = conversation_features (probe);
  struct psc_wire_scan_range range = { .start = 0,
                                       .end = 1 << 20,
                                       .category_mask = PSC_WIRE_PAGE_PRESENT };
  pid_t child = fork ();
  guint handle;
  End end;

  if (child == 0)
    {
      pause ();
      _exit (0);
    }
  handle = conversation_open (probe, (guint) child);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  for (guint file = PSC_WIRE_FILE_MAPS; file <= PSC_WIRE_FILE_LIMITS; file++)
    {
      g_byte_array_unref (conversation_read (probe, handle, file, 4096, &end));
      g_assert_cmpuint (end.error, ==, ESRCH);
    }
  g_array_unref (conversation_regions (probe, PSC_WIRE_PAGEMAP, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, ESRCH);
  if (features & PSC_WIRE_FEATURE_SCAN)
    {
      g_array_unref (conversation_regions (probe, PSC_WIRE_SCAN, handle, 0, 0, &range, 1, &end));
      g_assert_cmpuint (end.error, ==, ESRCH);
    }
}

static void
test_forgone (void)
{
  g_autoptr (Conversation) probe = conversation_new (no_scan);
  guint handle = conversation_open (probe, (guint) getpid ());
  struct psc_wire_scan_range range = { .start = 0,
                                       .end = 1 << 20,
                                       .category_mask = PSC_WIRE_PAGE_PRESENT };
  End end;

  g_assert_cmpuint (conversation_features (probe), ==, PSC_WIRE_FEATURE_LIVE);
  psc_wire_get_u64 (&probe->reader);
  g_assert_cmphex (psc_wire_get_u64 (&probe->reader), ==, 0);
  g_array_unref (conversation_regions (probe, PSC_WIRE_SCAN, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, ENOTTY);
  conversation_ask_u32 (probe, PSC_WIRE_QUERY, 4, handle, 1, 0x1000, 0);
  g_assert_cmpuint (conversation_get_end (probe).error, ==, ENOTTY);
  g_array_unref (conversation_regions (probe, PSC_WIRE_PAGEMAP, handle, 0, 0, &range, 1, &end));
  g_assert_cmpuint (end.error, ==, 0);
}

static void
ask_addresses (Conversation *probe, guint handle, const guint64 *addresses, guint n_addresses)
{
  guint8 payload[64];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, handle);
  psc_wire_put_u32 (&writer, n_addresses);
  for (guint i = 0; i < n_addresses; i++)
    psc_wire_put_u64 (&writer, addresses[i]);
  g_assert_false (writer.overflow);
  conversation_ask (probe, PSC_WIRE_QUERY, payload, writer.length);
}

static void
test_query (void)
{
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  gsize page_size = (gsize) getpagesize ();
  guint8 *area =
      mmap (NULL, 3 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  guint64 addresses[3];
  struct psc_wire_query_answer answers[3];

  if (!(conversation_features (probe) & PSC_WIRE_FEATURE_QUERY))
    {
      g_test_skip ("this kernel has no PROCMAP_QUERY");
      return;
    }
  g_assert_true (area != MAP_FAILED);
  /* Read-only in the middle, so that it is a mapping of its own whatever is next to it. */
  mprotect (area + page_size, page_size, PROT_READ);
  munmap (area, page_size);
  addresses[0] = (guint64) (gsize) area + page_size + 123;
  addresses[1] = (guint64) (gsize) area + 5;
  addresses[2] = (guint64) (gsize) area + 2 * page_size - 1;
  ask_addresses (probe, handle, addresses, 3);
  conversation_next (probe);
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_MAPPINGS);
  for (guint i = 0; i < 3; i++)
    {
      answers[i] = psc_wire_get_query_answer (&probe->reader);
      g_assert_cmphex (answers[i].address, ==, addresses[i]);
    }
  g_assert_true (psc_wire_reader_done (&probe->reader));
  g_assert_cmphex (answers[0].start, ==, (gsize) area + page_size);
  g_assert_cmphex (answers[0].end, ==, (gsize) area + 2 * page_size);
  g_assert_cmphex (answers[0].flags, ==, 1);
  g_assert_cmpuint (answers[0].page_size, ==, page_size);
  g_assert_cmpuint (answers[0].error, ==, 0);
  g_assert_cmpuint (answers[1].error, ==, ENOENT);
  g_assert_cmphex (answers[1].start, ==, 0);
  g_assert_cmphex (answers[2].start, ==, answers[0].start);
  g_assert_cmpuint (conversation_get_end (probe).items, ==, 3);
  munmap (area + page_size, 2 * page_size);
}

/* Says that it runs under its name, then waits to be told to end. */
static gpointer
wait_for_end (gpointer queues)
{
  GAsyncQueue **queue = queues;

  g_async_queue_push (queue[0], queues);
  g_async_queue_pop (queue[1]);
  return NULL;
}

static void
test_threads (void)
{
  static const char name[] = "psc-waiter\n";
  g_autoptr (Conversation) probe = conversation_new (NULL);
  guint handle = conversation_open (probe, (guint) getpid ());
  GAsyncQueue *queues[] = { g_async_queue_new (), g_async_queue_new () };
  GThread *thread = g_thread_new ("psc-waiter", wait_for_end, queues);
  guint n_waiting = 0;

  g_async_queue_pop (queues[0]);
  conversation_ask_u32 (probe, PSC_WIRE_THREADS, 1, handle);
  for (conversation_next (probe); probe->head.type == PSC_WIRE_THREAD; conversation_next (probe))
    {
      gsize length;
      const guint8 *comm;

      psc_wire_get_u32 (&probe->reader);
      g_assert_cmpuint (psc_wire_get_u32 (&probe->reader), ==, 0);
      comm = psc_wire_get_bytes (&probe->reader, &length);
      n_waiting += length == strlen (name) && memcmp (comm, name, length) == 0;
      psc_wire_get_u32 (&probe->reader);
      psc_wire_get_bytes (&probe->reader, &length);
      g_assert_true (psc_wire_reader_done (&probe->reader));
    }
  g_assert_cmpuint (probe->head.type, ==, PSC_WIRE_END);
  g_assert_cmpuint (n_waiting, ==, 1);
  g_async_queue_push (queues[1], queues);
  g_thread_join (thread);
  g_async_queue_unref (queues[0]);
  g_async_queue_unref (queues[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/hello", test_hello);
  g_test_add_func ("/probe/capabilities", test_capabilities);
  g_test_add_func ("/probe/other-version", test_other_version);
  g_test_add_func ("/probe/list", test_list);
  g_test_add_func ("/probe/open", test_open);
  g_test_add_func ("/probe/open-errors", test_open_errors);
  g_test_add_func ("/probe/handles", test_handles);
  g_test_add_func ("/probe/read", test_read);
  g_test_add_func ("/probe/read-all", test_read_all);
  g_test_add_func ("/probe/read-large", test_read_large);
  g_test_add_func ("/probe/read-errors", test_read_errors);
  g_test_add_func ("/probe/ended-process", test_ended_process);
  g_test_add_func ("/probe/forgone", test_forgone);
  g_test_add_func ("/probe/query", test_query);
  g_test_add_func ("/probe/threads", test_threads);
  return g_test_run ();
}
