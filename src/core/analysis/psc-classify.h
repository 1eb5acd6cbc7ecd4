/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which segment kind a mapping has, and why. Pure: looks at the mappings, their runs and the facts
 * passed in, writes kind and why into the mappings, nothing else. Every mapping gets a kind.
 */

#include "psc-space.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_threads;   /* status Threads; 0 when unknown */
  guint64 start_brk; /* stat field 47, 0 or 1 when unknown or not allowed: tells the program's
                          image from its libraries' */
} PscClassifyFacts;

/* Mappings sorted by address, as PscSpaceBuilder keeps them; runs bound to them (`runs` may be NULL
 * when no page states are known). A mapping whose page_shift is above the base page's is hugetlb.
 * facts NULL: nothing known.
 *
 * What it can't know: where a library has no bss, a small anonymous mapping that happens to lie
 * right behind its data looks like one (maps has no trace of the program headers). O(n_mappings +
 * n_runs). */
void psc_classify (PscMapping *mappings, guint n_mappings, const PscRun *runs, gsize page_size,
                   const PscClassifyFacts *facts);

G_END_DECLS
