/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The amounts of smaps under the keys that JSON and CSV have for them; for psc-report*.c only. */

#include "psc-space.h"

G_BEGIN_DECLS

#define PSC_N_SMAPS_AMOUNTS 19

/* "rss", "pss", …: static. i < PSC_N_SMAPS_AMOUNTS. */
const char *psc_smaps_amount_key (guint i);
/* Bytes. */
guint64 psc_smaps_amount (const PscSmaps *smaps, guint i);

G_END_DECLS
