/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Who owns a stretch of address space: the thread of a stack, an allocator's arena, a runtime's
 * reservation. The kernel knows mappings only; owners are recognised by what is known of how the
 * runtimes lay out memory, and each says by what. Pure functions, any thread.
 *
 * What is not certain is not claimed: a recogniser asks for the library or program that makes such
 * a layout, or for a layout that nothing else makes.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* A thread of the process, from /proc/PID/task. */
typedef struct
{
  gint tid;
  const char *name;      /* comm, valid UTF-8 */
  guint64 stack_pointer; /* 0: running, or not allowed to be read */
} PscThread;

/* What is recognised, sorted by start, not overlapping. `label` and `why` are interned in the
 * builder. Call when mappings are classified and runs bound. `command` is the name of the process.
 * O(n_mappings + n_threads log n_mappings). */
GArray *psc_owners_find (PscSpaceBuilder *builder, const PscThread *threads, guint n_threads,
                         const char *command);

G_END_DECLS
