/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Snapshots in tests: made or the test fails; and what the kernel's smaps says of the same.
 */

#include "psc-capture.h"

G_BEGIN_DECLS

/* The probe of this machine; `extra` as for psc_probe_new_local(). */
PscProbe *snapshot_probe (const char *const *extra);
PscTarget *snapshot_target (PscProbe *probe, gint pid);
PscSpace *snapshot (PscTarget *target, const PscCaptureOptions *options);
/* By a probe of its own. */
PscSpace *snapshot_once (gint pid, PscSmapsPolicy smaps);

/* Whether the space says that this is missing, for this reason. NULL when not. */
const PscUnknown *snapshot_get_unknown (const PscSpace *space, PscReason reason, const char *what);
/* "denied page states; torn moving mappings", for a look at all of them. Free with g_free(). */
char *snapshot_dup_unknowns (const PscSpace *space);

/* Classes add up to what is mapped. */
void snapshot_check_classes (const PscSpace *space);
/* Everything against smaps, read here and now without the probe; the process must keep still.
 * Where the space says that it can't tell something, that is left out of the comparison. */
void snapshot_check_smaps (const PscSpace *space);

G_END_DECLS
