/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Several requests about one process, written ahead in one go: the probe answers one after another
 * without waiting for us. A round trip wakes two processes, which costs more than most answers, and
 * while the probe reads the next file this side can work on what came before.
 *
 * Add requests, send them, take the answers one by one in the order of the requests. From send
 * until the last answer is taken (or the batch is freed, which reads the rest and drops it) the
 * probe is locked: nothing else may be asked of it by this thread.
 */

#include "psc-probe.h"

G_BEGIN_DECLS

typedef struct _PscProbeBatch PscProbeBatch;

PscProbeBatch *psc_probe_batch_new (PscProbe *probe, guint handle);
/* NULL is allowed. */
void psc_probe_batch_free (PscProbeBatch *batch);

/* As psc_probe_read(); files of the system are read as such. */
void psc_probe_batch_add_read (PscProbeBatch *batch, enum psc_wire_file file, guint64 max_bytes);
/* As psc_probe_scan(), with at most PSC_WIRE_MAX_RANGES ranges. `func` is called while its answer
 * is taken. */
void psc_probe_batch_add_scan (PscProbeBatch *batch, const struct psc_wire_scan_range *ranges,
                               gsize n_ranges, guint hold_usec, guint sleep_usec,
                               PscProbeRegionFunc func, gpointer user_data);
/* FALSE with PSC_PROBE_ERROR_BROKEN. */
gboolean psc_probe_batch_send (PscProbeBatch *batch, GError **error);

/* The next answer, which must be that of a read. NULL on error, of this file alone unless it is
 * BROKEN. *truncated and *cost may be NULL. */
GBytes *psc_probe_batch_take_read (PscProbeBatch *batch, gboolean *truncated, PscProbeCost *cost,
                                   GError **error);
/* The next answer, which must be that of a scan. */
gboolean psc_probe_batch_take_scan (PscProbeBatch *batch, PscProbeCost *cost, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProbeBatch, psc_probe_batch_free)

G_END_DECLS
