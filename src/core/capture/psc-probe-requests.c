/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe.h"

#include <errno.h>

#include "psc-probe-private.h"

typedef struct
{
  PscProbeProcessFunc func;
  gpointer user_data;
} ListTaker;

/* NULL when the file could not be read. */
static const char *
get_file (struct psc_wire_reader *reader, gsize *length)
{
  guint32 errnum = psc_wire_get_u32 (reader);
  const guint8 *bytes = psc_wire_get_bytes (reader, length);

  return errnum == 0 ? (const char *) bytes : NULL;
}

static gboolean
take_process (const guint8 *payload, gsize length, gpointer user_data)
{
  const ListTaker *taker = user_data;
  struct psc_wire_reader reader;
  PscProbeProcess process;

  psc_wire_reader_init (&reader, payload, length);
  process.pid = psc_wire_get_u32 (&reader);
  process.uid = psc_wire_get_u32 (&reader);
  process.stat = get_file (&reader, &process.stat_length);
  process.statm = get_file (&reader, &process.statm_length);
  process.cmdline = get_file (&reader, &process.cmdline_length);
  if (!psc_wire_reader_done (&reader))
    return FALSE;
  taker->func (&process, taker->user_data);
  return TRUE;
}

gboolean
psc_probe_list (PscProbe *probe, PscProbeProcessFunc func, gpointer user_data, GError **error)
{
  ListTaker taker = { func, user_data };
  const PscProbeQuestion question = { PSC_WIRE_LIST, PSC_WIRE_PROCESS, PSC_WIRE_END, take_process,
                                      &taker };
  PscProbeAnswer answer;

  if (!psc_probe_converse_about (probe, &question, 0, &answer, error))
    return FALSE;
  if (answer.errnum != 0)
    {
      psc_probe_set_answer_errno (probe, 0, answer.errnum, "list the processes", error);
      return FALSE;
    }
  return TRUE;
}

typedef struct
{
  PscProbeThreadFunc func;
  gpointer user_data;
} ThreadsTaker;

static gboolean
take_thread (const guint8 *payload, gsize length, gpointer user_data)
{
  const ThreadsTaker *taker = user_data;
  struct psc_wire_reader reader, errors;
  PscProbeThread thread = { 0 };

  psc_wire_reader_init (&reader, payload, length);
  thread.tid = psc_wire_get_u32 (&reader);
  thread.comm = get_file (&reader, &thread.comm_length);
  errors = reader;
  thread.syscall_errno = (int) psc_wire_get_u32 (&errors);
  thread.syscall = get_file (&reader, &thread.syscall_length);
  if (!psc_wire_reader_done (&reader))
    return FALSE;
  taker->func (&thread, taker->user_data);
  return TRUE;
}

gboolean
psc_probe_threads (PscProbe *probe, guint handle, PscProbeThreadFunc func, gpointer user_data,
                   gboolean *truncated, GError **error)
{
  ThreadsTaker taker = { func, user_data };
  const PscProbeQuestion question = { PSC_WIRE_THREADS, PSC_WIRE_THREAD, PSC_WIRE_END, take_thread,
                                      &taker };
  PscProbeAnswer answer;

  if (!psc_probe_converse_about (probe, &question, handle, &answer, error))
    return FALSE;
  if (truncated != NULL)
    *truncated = answer.end.truncated;
  if (answer.errnum == 0)
    return TRUE;
  psc_probe_set_answer_errno (probe, handle, answer.errnum, "list the threads", error);
  return FALSE;
}

typedef struct
{
  guint handle;
  guint64 start_time;
} Opened;

static gboolean
take_opened (const guint8 *payload, gsize length, gpointer user_data)
{
  Opened *opened = user_data;
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, payload, length);
  opened->handle = psc_wire_get_u32 (&reader);
  opened->start_time = psc_wire_get_u64 (&reader);
  return psc_wire_reader_done (&reader);
}

gboolean
psc_probe_open (PscProbe *probe, gint pid, guint *handle, guint64 *start_time, GError **error)
{
  Opened opened = { 0 };
  const PscProbeQuestion question = { PSC_WIRE_OPEN, PSC_WIRE_END, PSC_WIRE_OPENED, take_opened,
                                      &opened };
  PscProbeAnswer answer;

  if (!psc_probe_converse_about (probe, &question, (guint32) pid, &answer, error))
    return FALSE;
  if (answer.errnum == 0 && opened.handle == 0)
    answer.errnum = EPROTO;
  if (answer.errnum != 0)
    {
      g_autofree char *subject = g_strdup_printf ("process %d", pid);

      psc_probe_set_errno (error, answer.errnum, "open the files", subject);
      return FALSE;
    }
  g_mutex_lock (&probe->lock);
  g_hash_table_insert (probe->pids, GUINT_TO_POINTER (opened.handle), GINT_TO_POINTER (pid));
  g_mutex_unlock (&probe->lock);
  *handle = opened.handle;
  *start_time = opened.start_time;
  return TRUE;
}

void
psc_probe_close (PscProbe *probe, guint handle)
{
  const PscProbeQuestion question = { PSC_WIRE_CLOSE, PSC_WIRE_END, PSC_WIRE_END, NULL, NULL };
  PscProbeAnswer answer;

  g_mutex_lock (&probe->lock);
  g_hash_table_remove (probe->pids, GUINT_TO_POINTER (handle));
  g_mutex_unlock (&probe->lock);
  /* Nobody can do anything about an error: the handle is gone either way. */
  psc_probe_converse_about (probe, &question, handle, &answer, NULL);
}

gboolean
psc_probe_take_data (const guint8 *payload, gsize length, gpointer user_data)
{
  PscProbeDataTaker *taker = user_data;

  if (length == 0 || length > taker->max_bytes - taker->text->len)
    return FALSE;
  g_string_append_len (taker->text, (const char *) payload, (gssize) length);
  return TRUE;
}

const char *
psc_probe_doing_with (enum psc_wire_file file)
{
  switch (file)
    {
    case PSC_WIRE_FILE_MAPS:
      return "read the memory map";
    case PSC_WIRE_FILE_SMAPS:
      return "read smaps";
    case PSC_WIRE_FILE_SMAPS_ROLLUP:
      return "read smaps_rollup";
    case PSC_WIRE_FILE_STAT:
      return "read stat";
    case PSC_WIRE_FILE_STATM:
      return "read statm";
    case PSC_WIRE_FILE_STATUS:
      return "read status";
    case PSC_WIRE_FILE_CMDLINE:
      return "read the command line";
    case PSC_WIRE_FILE_COMM:
      return "read the name";
    case PSC_WIRE_FILE_LIMITS:
      return "read the limits";
    case PSC_WIRE_FILE_MEMINFO:
      return "read meminfo";
    case PSC_WIRE_FILE_VMSTAT:
      return "read vmstat";
    case PSC_WIRE_FILE_MAX_MAP_COUNT:
      return "read vm.max_map_count";
    case PSC_WIRE_FILE_THP_ENABLED:
    case PSC_WIRE_FILE_THP_DEFRAG:
    case PSC_WIRE_FILE_THP_SHMEM:
    case PSC_WIRE_FILE_THP_MAX_PTES_NONE:
    case PSC_WIRE_FILE_THP_SLOT_ENABLED:
      return "read the transparent huge page setting";
    case PSC_WIRE_FILE_CGROUP:
      return "read the control groups";
    case PSC_WIRE_FILE_OOM_SCORE:
    case PSC_WIRE_FILE_OOM_SCORE_ADJ:
      return "read the OOM score";
    case PSC_WIRE_FILE_OVERCOMMIT:
      return "read vm.overcommit_memory";
    case PSC_WIRE_FILE_SYSVIPC_SHM:
      return "list the System V shared memory";
    case PSC_WIRE_FILE_LRU_GEN:
      return "read the way of reclaim";
    case PSC_WIRE_FILE_MOUNTINFO:
      return "read the mounts";
    default:
      return "read a file";
    }
}

void
psc_probe_put_read (struct psc_wire_writer *request, guint handle, enum psc_wire_file file,
                    guint64 max_bytes)
{
  psc_wire_put_u32 (request, handle);
  psc_wire_put_u16 (request, (guint16) file);
  psc_wire_put_u16 (request, 0);
  psc_wire_put_u64 (request, max_bytes);
}

GBytes *
psc_probe_read (PscProbe *probe, guint handle, enum psc_wire_file file, guint64 max_bytes,
                gboolean *truncated, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PscProbeDataTaker taker = { text, max_bytes };
  const PscProbeQuestion question = { PSC_WIRE_READ, PSC_WIRE_DATA, PSC_WIRE_END,
                                      psc_probe_take_data, &taker };
  guint8 bytes[16];
  struct psc_wire_writer request;
  PscProbeAnswer answer;

  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_probe_put_read (&request, handle, file, max_bytes);
  if (!psc_probe_converse (probe, &question, &request, &answer, error))
    return NULL;
  if (answer.errnum != 0)
    {
      psc_probe_set_answer_errno (probe, handle, answer.errnum, psc_probe_doing_with (file), error);
      return NULL;
    }
  if (truncated != NULL)
    *truncated = answer.end.truncated;
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* What runs are made of: aligned, not empty, in order. */
static gboolean
check_regions (const struct psc_wire_region *regions, gsize n, PscProbeRegionTaker *taker)
{
  guint64 unaligned = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (regions[i].start < taker->last_end || regions[i].end <= regions[i].start)
        return FALSE;
      unaligned |= regions[i].start | regions[i].end;
      taker->last_end = regions[i].end;
    }
  return (unaligned & (taker->page_size - 1)) == 0;
}

gboolean
psc_probe_take_regions (const guint8 *payload, gsize length, gpointer user_data)
{
  PscProbeRegionTaker *taker = user_data;
  gsize n = length / sizeof (struct psc_wire_region);
  const struct psc_wire_region *regions;

  if (n == 0 || n * sizeof (struct psc_wire_region) != length)
    return FALSE;
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  /* The wire's layout is the struct's, and payloads stand on a border of 8. */
  regions = (const struct psc_wire_region *) (const void *) payload;
#else
  g_autofree struct psc_wire_region *decoded = g_new (struct psc_wire_region, n);
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, payload, length);
  for (gsize i = 0; i < n; i++)
    decoded[i] = psc_wire_get_region (&reader);
  regions = decoded;
#endif
  if (!check_regions (regions, n, taker))
    return FALSE;
  taker->func (regions, n, taker->user_data);
  return TRUE;
}

void
psc_probe_cost_add (PscProbeCost *cost, const PscProbeEnd *end)
{
  cost->n_regions += end->items;
  cost->n_calls += end->calls;
  cost->busy_usec += (gint64) (end->busy_nsec / 1000);
  cost->longest_usec = MAX (cost->longest_usec, (gint64) (end->longest_nsec / 1000));
}

static gboolean
ask_for_regions (PscProbe *probe, const PscProbeQuestion *question,
                 const struct psc_wire_writer *request, guint handle, PscProbeCost *cost,
                 GError **error)
{
  PscProbeAnswer answer;

  if (!psc_probe_converse (probe, question, request, &answer, error))
    return FALSE;
  psc_probe_cost_add (cost, &answer.end);
  if (answer.errnum == 0)
    return TRUE;
  psc_probe_set_answer_errno (probe, handle, answer.errnum, "read the page states", error);
  return FALSE;
}

void
psc_probe_put_ranges (struct psc_wire_writer *request, enum psc_wire_type type, guint handle,
                      guint hold_usec, guint sleep_usec, const struct psc_wire_scan_range *ranges,
                      gsize n_ranges)
{
  psc_wire_put_u32 (request, handle);
  psc_wire_put_u32 (request, hold_usec);
  psc_wire_put_u32 (request, sleep_usec);
  psc_wire_put_u32 (request, (guint32) n_ranges);
  for (gsize i = 0; i < n_ranges; i++)
    if (type == PSC_WIRE_SCAN)
      {
        psc_wire_put_scan_range (request, &ranges[i]);
      }
    else
      {
        psc_wire_put_u64 (request, ranges[i].start);
        psc_wire_put_u64 (request, ranges[i].end);
      }
}

typedef struct
{
  enum psc_wire_type type;
  guint handle, hold_usec, sleep_usec;
} RegionRequest;

/* As many requests as the ranges need. */
static gboolean
read_regions (PscProbe *probe, const RegionRequest *what, const struct psc_wire_scan_range *ranges,
              gsize n_ranges, PscProbeRegionTaker *taker, PscProbeCost *cost, GError **error)
{
  const PscProbeQuestion question = { what->type, PSC_WIRE_REGIONS, PSC_WIRE_END,
                                      psc_probe_take_regions, taker };
  g_autofree guint8 *bytes = g_malloc (PSC_WIRE_MAX_REQUEST);
  PscProbeCost unwanted;

  cost = cost != NULL ? cost : &unwanted;
  *cost = (PscProbeCost){ 0 };
  for (gsize first = 0; first < n_ranges; first += PSC_WIRE_MAX_RANGES)
    {
      gsize n = MIN (n_ranges - first, PSC_WIRE_MAX_RANGES);
      struct psc_wire_writer request;

      psc_wire_writer_init (&request, bytes, PSC_WIRE_MAX_REQUEST);
      psc_probe_put_ranges (&request, what->type, what->handle, what->hold_usec, what->sleep_usec,
                            &ranges[first], n);
      if (!ask_for_regions (probe, &question, &request, what->handle, cost, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
psc_probe_scan (PscProbe *probe, guint handle, const struct psc_wire_scan_range *ranges,
                gsize n_ranges, guint hold_usec, guint sleep_usec, PscProbeRegionFunc func,
                gpointer user_data, PscProbeCost *cost, GError **error)
{
  const RegionRequest what = { PSC_WIRE_SCAN, handle, hold_usec, sleep_usec };
  PscProbeRegionTaker taker = { func, user_data, probe->host.page_size, 0 };

  return read_regions (probe, &what, ranges, n_ranges, &taker, cost, error);
}

gboolean
psc_probe_pagemap (PscProbe *probe, guint handle, const struct psc_wire_scan_range *ranges,
                   gsize n_ranges, guint hold_usec, guint sleep_usec, PscProbeRegionFunc func,
                   gpointer user_data, PscProbeCost *cost, GError **error)
{
  const RegionRequest what = { PSC_WIRE_PAGEMAP, handle, hold_usec, sleep_usec };
  PscProbeRegionTaker taker = { func, user_data, probe->host.page_size, 0 };

  return read_regions (probe, &what, ranges, n_ranges, &taker, cost, error);
}

typedef struct
{
  const guint64 *addresses;
  struct psc_wire_query_answer *answers;
  gsize n, done;
} QueryTaker;

static gboolean
take_mappings (const guint8 *payload, gsize length, gpointer user_data)
{
  QueryTaker *taker = user_data;
  struct psc_wire_reader reader;

  psc_wire_reader_init (&reader, payload, length);
  while (reader.at < length && !reader.underflow && taker->done < taker->n)
    {
      struct psc_wire_query_answer *answer = &taker->answers[taker->done];

      *answer = psc_wire_get_query_answer (&reader);
      if (answer->address != taker->addresses[taker->done++])
        return FALSE;
    }
  return psc_wire_reader_done (&reader);
}

static gboolean
query_batch (PscProbe *probe, guint handle, QueryTaker *taker, GError **error)
{
  const PscProbeQuestion question = { PSC_WIRE_QUERY, PSC_WIRE_MAPPINGS, PSC_WIRE_END,
                                      take_mappings, taker };
  gsize size = 8 + taker->n * sizeof (guint64);
  g_autofree guint8 *bytes = g_malloc (size);
  struct psc_wire_writer request;
  PscProbeAnswer answer;

  psc_wire_writer_init (&request, bytes, size);
  psc_wire_put_u32 (&request, handle);
  psc_wire_put_u32 (&request, (guint32) taker->n);
  for (gsize i = 0; i < taker->n; i++)
    psc_wire_put_u64 (&request, taker->addresses[i]);
  if (!psc_probe_converse (probe, &question, &request, &answer, error))
    return FALSE;
  if (answer.errnum == 0 && taker->done < taker->n)
    answer.errnum = EPROTO;
  if (answer.errnum == 0)
    return TRUE;
  psc_probe_set_answer_errno (probe, handle, answer.errnum, "query mappings", error);
  return FALSE;
}

gboolean
psc_probe_query (PscProbe *probe, guint handle, const guint64 *addresses, gsize n_addresses,
                 struct psc_wire_query_answer *answers, GError **error)
{
  for (gsize first = 0; first < n_addresses; first += PSC_WIRE_MAX_ADDRESSES)
    {
      QueryTaker taker = { addresses + first, answers + first,
                           MIN (n_addresses - first, PSC_WIRE_MAX_ADDRESSES), 0 };

      if (!query_batch (probe, handle, &taker, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  guint64 *words;
  gsize done, room;
} WordsTaker;

static gboolean
take_words (const guint8 *payload, gsize length, gpointer user_data)
{
  WordsTaker *taker = user_data;
  struct psc_wire_reader reader;

  if (length == 0 || length % sizeof (guint64) != 0 ||
      length / sizeof (guint64) > taker->room - taker->done)
    return FALSE;
  psc_wire_reader_init (&reader, payload, length);
  while (reader.at < length)
    taker->words[taker->done++] = psc_wire_get_u64 (&reader);
  return TRUE;
}

gssize
psc_probe_words (PscProbe *probe, guint handle, enum psc_wire_table table, guint64 first,
                 guint n_words, guint64 *words, GError **error)
{
  WordsTaker taker = { words, 0, n_words };
  const PscProbeQuestion question = { PSC_WIRE_WORDS, PSC_WIRE_DATA, PSC_WIRE_END, take_words,
                                      &taker };
  guint8 bytes[20];
  struct psc_wire_writer request;
  PscProbeAnswer answer;

  psc_wire_writer_init (&request, bytes, sizeof bytes);
  psc_wire_put_u32 (&request, handle);
  psc_wire_put_u16 (&request, (guint16) table);
  psc_wire_put_u16 (&request, 0);
  psc_wire_put_u64 (&request, first);
  psc_wire_put_u32 (&request, n_words);
  if (!psc_probe_converse (probe, &question, &request, &answer, error))
    return -1;
  if (answer.errnum == 0)
    return (gssize) taker.done;
  psc_probe_set_answer_errno (
      probe, handle, answer.errnum,
      table == PSC_WIRE_TABLE_PAGEMAP ? "read pagemap" : "read the flags of page frames", error);
  return -1;
}
