/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Parsers of the small files of /proc: stat, statm, status, cmdline, meminfo. See proc(5). All take
 * any bytes; all return FALSE on what has not the form, and then leave the result zeroed. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint pid;
  char comm[64]; /* bytes as they are, NUL-terminated, cut when longer; may be not UTF-8 */
  char state;    /* R S D Z T … */
  gint ppid;
  guint64 flags; /* PF_KTHREAD is 0x00200000 */
  guint64 minflt, majflt;
  guint64 utime, stime; /* clock ticks */
  gint n_threads;
  guint64 start_time;                         /* clock ticks since boot */
  guint64 vsize;                              /* bytes */
  guint64 rss;                                /* pages */
  guint64 start_code, start_stack, start_brk; /* 0 or 1 when not allowed */
} PscStat;

gboolean psc_stat_parse (const char *text, gsize length, PscStat *stat);
/* Kernel threads have no address space. */
gboolean psc_stat_is_kernel_thread (const PscStat *stat);

typedef struct
{
  guint64 size, resident, shared, text, data; /* pages */
} PscStatm;

gboolean psc_statm_parse (const char *text, gsize length, PscStatm *statm);

typedef struct
{
  guint uid; /* real */
  guint n_threads;
  guint64 vm_size, vm_rss, vm_swap, vm_pte, rss_anon, rss_file, rss_shmem, hugetlb; /* bytes */
  gint8 thp_enabled; /* 0: switched off by PR_SET_THP_DISABLE, 1: not; -1: the kernel doesn't say */
  gboolean has_memory; /* FALSE for kernel threads and zombies: the Vm lines are missing */
} PscStatus;

gboolean psc_status_parse (const char *text, gsize length, PscStatus *status);

/* Arguments joined by blanks, escaped as psc_format_name() does. "" when empty. */
char *psc_cmdline_format (const char *bytes, gsize length);

/* Bytes but where said. */
typedef struct
{
  guint64 total, free, available, buffers, cached, swap_total, swap_free, shmem;
  guint64 huge_total, huge_free, huge_size; /* the first two in pages */
} PscMeminfo;

gboolean psc_meminfo_parse (const char *text, gsize length, PscMeminfo *meminfo);

G_END_DECLS
