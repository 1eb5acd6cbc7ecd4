/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The same work on several pieces at a time, for drawing: on the calling thread and on as many
 * others as there are processors for, four at most. Not from inside such work.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef void (*PscParallelFunc) (guint index, gpointer user_data);

/* How many pieces are worked on at a time; at least 1. */
guint psc_parallel_get_n (void);
/* Calls func for each index below n, in any order and from any thread; returns when all are done.
 */
void psc_parallel_run (guint n, PscParallelFunc func, gpointer user_data);

G_END_DECLS
