/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Reads what a process can run into. A few dozen small files, none of which makes the target wait:
 * 1 to 2 ms; ask for it every few seconds at most. Blocks like PscProbe.
 */

#include "psc-capture.h"
#include "psc-limits.h"

G_BEGIN_DECLS

/* NULL only with PSC_PROBE_ERROR GONE or BROKEN. Whatever else is missing is UNKNOWN, and in the
 * unknowns when it should be there. Free with psc_limits_free(). */
PscLimits *psc_target_read_limits (PscTarget *target, GError **error);

G_END_DECLS
