/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-proc-parser.h"

#include <string.h>

#include "psc-cursor.h"
#include "psc-escape.h"

#define PF_KTHREAD 0x00200000

/* Numbers of stat by the field numbers of proc_pid_stat(5). */
enum
{
  FIELD_PPID = 4,
  FIELD_FLAGS = 9,
  FIELD_MINFLT = 10,
  FIELD_MAJFLT = 12,
  FIELD_UTIME = 14,
  FIELD_STIME = 15,
  FIELD_NUM_THREADS = 20,
  FIELD_STARTTIME = 22,
  FIELD_VSIZE = 23,
  FIELD_RSS = 24, /* all kernels have at least these */
  FIELD_STARTCODE = 26,
  FIELD_STARTSTACK = 28,
  FIELD_START_BRK = 47, /* Linux 3.3 */
  N_FIELDS
};

/* Negative numbers (a terminal's process group may be -1) become 0: none that we keep can be. */
static gboolean
read_field (PscCursor *cursor, guint64 *value)
{
  gboolean negative;

  psc_cursor_skip_blanks (cursor);
  negative = psc_cursor_take (cursor, '-');
  if (!psc_cursor_decimal (cursor, value))
    return FALSE;
  if (negative)
    *value = 0;
  return psc_cursor_done (cursor) || *cursor->at == ' ' || *cursor->at == '\n';
}

/* The fields from ppid on; returns the number of the last one that is there. */
static guint
read_fields (PscCursor *cursor, guint64 fields[N_FIELDS])
{
  guint n = FIELD_PPID;

  while (n < N_FIELDS && read_field (cursor, &fields[n]))
    n++;
  return n - 1;
}

/* "42 (name) S": the name may hold anything, parentheses too, so its end is the last one. */
static gboolean
read_identity (PscCursor *cursor, PscStat *stat)
{
  const char *open, *close;
  guint64 pid;
  gsize length;

  if (!psc_cursor_decimal (cursor, &pid) || pid > G_MAXINT || cursor->end - cursor->at < 2 ||
      memcmp (cursor->at, " (", 2) != 0)
    return FALSE;
  open = cursor->at + 2;
  close = memrchr (open, ')', cursor->end - open);
  if (close == NULL || cursor->end - close < 3 || close[1] != ' ')
    return FALSE;
  length = MIN ((gsize) (close - open), sizeof stat->comm - 1);
  memcpy (stat->comm, open, length);
  stat->comm[length] = '\0';
  stat->pid = pid;
  stat->state = close[2];
  cursor->at = close + 3;
  return TRUE;
}

gboolean
psc_stat_parse (const char *text, gsize length, PscStat *stat)
{
  PscCursor cursor = psc_cursor (text, length);
  guint64 fields[N_FIELDS] = { 0 };

  memset (stat, 0, sizeof *stat);
  if (!read_identity (&cursor, stat) || read_fields (&cursor, fields) < FIELD_RSS ||
      fields[FIELD_PPID] > G_MAXINT || fields[FIELD_NUM_THREADS] > G_MAXINT)
    {
      memset (stat, 0, sizeof *stat);
      return FALSE;
    }
  stat->ppid = fields[FIELD_PPID];
  stat->flags = fields[FIELD_FLAGS];
  stat->minflt = fields[FIELD_MINFLT];
  stat->majflt = fields[FIELD_MAJFLT];
  stat->utime = fields[FIELD_UTIME];
  stat->stime = fields[FIELD_STIME];
  stat->n_threads = fields[FIELD_NUM_THREADS];
  stat->start_time = fields[FIELD_STARTTIME];
  stat->vsize = fields[FIELD_VSIZE];
  stat->rss = fields[FIELD_RSS];
  stat->start_code = fields[FIELD_STARTCODE];
  stat->start_stack = fields[FIELD_STARTSTACK];
  stat->start_brk = fields[FIELD_START_BRK];
  return TRUE;
}

gboolean
psc_stat_is_kernel_thread (const PscStat *stat)
{
  return (stat->flags & PF_KTHREAD) != 0;
}

gboolean
psc_statm_parse (const char *text, gsize length, PscStatm *statm)
{
  PscCursor cursor = psc_cursor (text, length);
  guint64 lib;

  memset (statm, 0, sizeof *statm);
  if (read_field (&cursor, &statm->size) && read_field (&cursor, &statm->resident) &&
      read_field (&cursor, &statm->shared) && read_field (&cursor, &statm->text) &&
      read_field (&cursor, &lib) && read_field (&cursor, &statm->data))
    return TRUE;
  memset (statm, 0, sizeof *statm);
  return FALSE;
}

/* A line "Key: 123 kB" and where its number goes. */
typedef struct
{
  const char *key;
  gsize offset; /* of a guint64 */
} Field;

/* Stores the line's number when its key is one of the fields. FALSE when it is not. */
static gboolean
read_keyed (PscCursor *line, const Field *fields, guint n_fields, gpointer result, guint *found)
{
  const char *key;
  gsize length;

  if (!psc_cursor_key (line, &key, &length))
    return FALSE;
  for (guint i = 0; i < n_fields; i++)
    if (psc_cursor_is_word (key, length, fields[i].key))
      {
        if (!psc_cursor_amount (line, &G_STRUCT_MEMBER (guint64, result, fields[i].offset)))
          return FALSE;
        *found |= 1u << i;
        return TRUE;
      }
  return FALSE;
}

/* Everything of status as it is written, for status has numbers of other widths. */
typedef struct
{
  guint64 uid, n_threads, thp_enabled;
  PscStatus status;
} RawStatus;

enum
{
  STATUS_UID,
  STATUS_THREADS,
  STATUS_VM_SIZE,
  STATUS_THP_ENABLED,
};

static const Field status_fields[] = {
  [STATUS_UID] = { "Uid", G_STRUCT_OFFSET (RawStatus, uid) },
  [STATUS_THREADS] = { "Threads", G_STRUCT_OFFSET (RawStatus, n_threads) },
  [STATUS_VM_SIZE] = { "VmSize", G_STRUCT_OFFSET (RawStatus, status.vm_size) },
  [STATUS_THP_ENABLED] = { "THP_enabled", G_STRUCT_OFFSET (RawStatus, thp_enabled) },
  { "VmRSS", G_STRUCT_OFFSET (RawStatus, status.vm_rss) },
  { "RssAnon", G_STRUCT_OFFSET (RawStatus, status.rss_anon) },
  { "RssFile", G_STRUCT_OFFSET (RawStatus, status.rss_file) },
  { "RssShmem", G_STRUCT_OFFSET (RawStatus, status.rss_shmem) },
  { "VmPTE", G_STRUCT_OFFSET (RawStatus, status.vm_pte) },
  { "VmSwap", G_STRUCT_OFFSET (RawStatus, status.vm_swap) },
  { "HugetlbPages", G_STRUCT_OFFSET (RawStatus, status.hugetlb) },
};

gboolean
psc_status_parse (const char *text, gsize length, PscStatus *status)
{
  PscCursor cursor = psc_cursor (text, length), line;
  RawStatus raw = { 0 };
  guint found = 0;

  memset (status, 0, sizeof *status);
  while (psc_cursor_line (&cursor, &line, NULL))
    read_keyed (&line, status_fields, G_N_ELEMENTS (status_fields), &raw, &found);
  if (!(found & 1u << STATUS_UID) || !(found & 1u << STATUS_THREADS) || raw.uid > G_MAXUINT ||
      raw.n_threads > G_MAXUINT)
    return FALSE;
  *status = raw.status;
  status->uid = raw.uid;
  status->n_threads = raw.n_threads;
  status->thp_enabled = found & 1u << STATUS_THP_ENABLED ? raw.thp_enabled != 0 : -1;
  status->has_memory = (found & 1u << STATUS_VM_SIZE) != 0;
  return TRUE;
}

char *
psc_cmdline_format (const char *bytes, gsize length)
{
  GString *line = g_string_new (NULL);

  /* A program may overwrite its arguments with a title and leave NULs behind it. */
  while (length > 0 && bytes[length - 1] == '\0')
    length--;
  while (length > 0)
    {
      gsize argument = strnlen (bytes, length);

      psc_escape_append (line, bytes, argument);
      if (argument == length)
        break;
      g_string_append_c (line, ' ');
      bytes += argument + 1;
      length -= argument + 1;
    }
  return g_string_free (line, FALSE);
}

static const Field meminfo_fields[] = {
  { "MemTotal", G_STRUCT_OFFSET (PscMeminfo, total) },
  { "MemFree", G_STRUCT_OFFSET (PscMeminfo, free) },
  { "MemAvailable", G_STRUCT_OFFSET (PscMeminfo, available) },
  { "Buffers", G_STRUCT_OFFSET (PscMeminfo, buffers) },
  { "Cached", G_STRUCT_OFFSET (PscMeminfo, cached) },
  { "SwapTotal", G_STRUCT_OFFSET (PscMeminfo, swap_total) },
  { "SwapFree", G_STRUCT_OFFSET (PscMeminfo, swap_free) },
  { "Shmem", G_STRUCT_OFFSET (PscMeminfo, shmem) },
  { "HugePages_Total", G_STRUCT_OFFSET (PscMeminfo, huge_total) },
  { "HugePages_Free", G_STRUCT_OFFSET (PscMeminfo, huge_free) },
  { "Hugepagesize", G_STRUCT_OFFSET (PscMeminfo, huge_size) },
};

gboolean
psc_meminfo_parse (const char *text, gsize length, PscMeminfo *meminfo)
{
  PscCursor cursor = psc_cursor (text, length), line;
  guint found = 0;

  memset (meminfo, 0, sizeof *meminfo);
  while (psc_cursor_line (&cursor, &line, NULL))
    read_keyed (&line, meminfo_fields, G_N_ELEMENTS (meminfo_fields), meminfo, &found);
  if (found & 1)
    return TRUE;
  memset (meminfo, 0, sizeof *meminfo);
  return FALSE;
}
