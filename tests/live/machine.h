/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Settings of the whole machine, for tests that can't do without changing some. While
 * machine_run() runs no other test program that uses it does, and all is put back when the tests
 * end, however they end: a process of its own waits for that, out of reach of what may end them.
 */

#include <glib.h>

G_BEGIN_DECLS

#define MACHINE_HUGEPAGES "/proc/sys/vm/nr_hugepages"
#define MACHINE_THP       "/sys/kernel/mm/transparent_hugepage/enabled"
#define MACHINE_THP_2M    "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/enabled"
#define MACHINE_THP_64K   "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled"
#define MACHINE_KSM_RUN   "/sys/kernel/mm/ksm/run"
#define MACHINE_KSM_PAGES "/sys/kernel/mm/ksm/pages_to_scan"
#define MACHINE_KSM_SLEEP "/sys/kernel/mm/ksm/sleep_millisecs"
#define MACHINE_KSM_ZERO  "/sys/kernel/mm/ksm/use_zero_pages"

/* Runs `run` and returns what it returns. Call it before any thread is started. */
int machine_run (int argc, char **argv, int (*run) (int argc, char **argv));

/* Writes one of the settings above. NULL, or why it can't be had: free with g_free(). */
char *machine_set (const char *path, const char *value);
/* The setting now ("madvise"), or NULL. Free with g_free(). */
char *machine_get (const char *path);
/* More pages of the default size for the huge-page pool than it had. As machine_set(). */
char *machine_add_huge_pages (guint n);
/* All settings as they were before machine_run(), and the swap off. */
void machine_restore (void);
/* 64 MiB of swap, in a file on the disk; not where there is swap already. NULL, or why not. */
char *machine_swap_on (void);

G_END_DECLS
