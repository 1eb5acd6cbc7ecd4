/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the benches share: processes to look at, the ways to look at them that Pagescape is compared
 * with, medians.
 */

#include <gio/gio.h>
#include "psc-capture.h"

G_BEGIN_DECLS

/* A process that a bench started. */
typedef struct
{
  GSubprocess *process;
  GDataInputStream *output;
  GOutputStream *input;
  gint pid;
} BenchTarget;

/* Starts argv and waits for the line "ready". NULL, and *why, when it can't be had. */
BenchTarget *bench_target_new (const char *const *argv, char **why);
/* Starts psc-bench-target with a shape. */
BenchTarget *bench_target_new_shape (const char *shape, char **why);
void bench_target_order (BenchTarget *target, const char *order);
/* The next line that it says, without its newline; NULL when it ended. */
char *bench_target_read_line (BenchTarget *target);
/* By force; waits for its end. */
void bench_target_free (BenchTarget *target);

/* Reads a file of the process to its end as a careful C program does: one buffer of 64 KiB. FALSE
 * when it can't be read. */
gboolean bench_read_file (gint pid, const char *name);
/* Reads the entries of all mappings, [start, end) in pairs, from pagemap, 64 KiB at a time. */
gboolean bench_read_pagemap (gint pid, const GArray *ranges);
/* One PAGEMAP_SCAN after another over the ranges, as few calls as their regions take. */
gboolean bench_scan (gint pid, const GArray *scan_ranges);
/* Runs argv with its output thrown away. */
gboolean bench_run (const char *const *argv);

gint64 bench_now_nsec (void);
/* Of gint64 values; sorts them. 0 of none. */
gint64 bench_median (GArray *values);
/* Puts the calling thread, or a process, on one CPU, when there are two. FALSE when there is but
 * one. */
gboolean bench_pin (gint pid, guint cpu);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchTarget, bench_target_free)

G_END_DECLS
