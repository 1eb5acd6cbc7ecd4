/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * From a process to a frozen PscSpace: reads maps, page states, stat and status through a probe,
 * puts them together, classifies, sums. A PscTarget is one process that is watched; it keeps what
 * one snapshot teaches the next. Blocks: call it from a worker. One thread at a time.
 */

#include "psc-probe.h"
#include "psc-space.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_SMAPS_NEVER,
  PSC_SMAPS_SMALL,  /* when the target is so small that reading smaps costs it under 1 ms or so */
  PSC_SMAPS_ALWAYS, /* costs the target: it holds its mmap lock for about 45 ms per 4 GiB */
} PscSmapsPolicy;

typedef struct
{
  PscSmapsPolicy smaps;
  gboolean force_pagemap; /* read pagemap even where PAGEMAP_SCAN exists */
  guint hold_usec;        /* longest single hold of the target's mmap lock to aim at; 0: no bound */
  guint sleep_usec;       /* between holds */
  guint reuse_usec; /* hand out the last snapshot again, when nothing seems to have changed since
                       and it is no older than this; 0: never */
} PscCaptureOptions;

#define PSC_CAPTURE_OPTIONS_DEFAULT                                                                \
  {                                                                                                \
    PSC_SMAPS_NEVER, FALSE, 1000, 500, 0                                                           \
  }
/* For those who look again and again. "Nothing seems to have changed" means that maps is the same
 * byte by byte and that the kernel counts as many faults, resident and swapped pages and page
 * tables as before. That misses what moves none of these: guard pages put in or taken out, huge
 * pages split or put together, pages merged by KSM, locked pages, what other processes do to shared
 * pages; and on kernels that count resident pages a few dozens at a time, as many given back. So
 * reuse is bounded in time. */
#define PSC_CAPTURE_OPTIONS_WATCH                                                                  \
  {                                                                                                \
    PSC_SMAPS_NEVER, FALSE, 500, 1000, 2000000                                                     \
  }

typedef struct _PscTarget PscTarget;

/* Opens the process. Errors of PSC_PROBE_ERROR: GONE (no such process), NO_MEMORY_MAP (kernel
 * thread or zombie), DENIED never: a process whose memory may not be read opens, and its space says
 * so. */
PscTarget *psc_target_new (PscProbe *probe, gint pid, GError **error);
void psc_target_free (PscTarget *target);
gint psc_target_get_pid (const PscTarget *target);
/* The probe that it was opened with, borrowed, and the process's handle there. */
PscProbe *psc_target_get_probe (const PscTarget *target);
guint psc_target_get_handle (const PscTarget *target);

/* A snapshot. NULL only when there is nothing to show: PSC_PROBE_ERROR GONE, NO_MEMORY_MAP, DENIED
 * (maps may not be read; the message says what would help), BROKEN. Whatever else is missing is
 * in the space's unknowns. options NULL: the default. */
PscSpace *psc_target_capture (PscTarget *target, const PscCaptureOptions *options, GError **error);

/* What the last psc_target_capture() that succeeded cost. TRUE when it made no new snapshot but
 * handed out the one before (see reuse_usec), whose own `cost` is still that of making it. */
gboolean psc_target_get_cost (const PscTarget *target, PscCost *cost);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscTarget, psc_target_free)

G_END_DECLS
