/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the client side asks of a probe, one way of a few: so that what was recorded once with a
 * real probe is an answer to the same questions when it is fed in again. */

#include "psc-probe.h"

G_BEGIN_DECLS

/* Bits of a mode. The low two bits say what is asked: 0 the processes, 1 single requests, 2 and 3
 * snapshots. */
#define PSC_FUZZ_MODE_PAGEMAP (1 << 2) /* snapshots by reading pagemap */
#define PSC_FUZZ_MODE_SMAPS   (1 << 3) /* snapshots with smaps */
#define PSC_FUZZ_MODE_WATCH   (1 << 4) /* a snapshot may be handed out again */
#define PSC_FUZZ_MODE_INSPECT (1 << 5) /* and a few pages of each are looked at closely */
#define PSC_FUZZ_MODE_ORPHANS (1 << 7) /* the processes, and then orphaned shared memory */
#define PSC_FUZZ_MODE_COLD    (1 << 6) /* snapshots, and what is cold of each by its frames */
#define PSC_FUZZ_MODE_LIMITS  (1 << 6) /* single requests, and then all limits */

/* PID: any; a recorded tree has but one. Each snapshot that comes about is checked. */
void psc_fuzz_converse (PscProbe *probe, gint pid, guint8 mode);

G_END_DECLS
