/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inside psc-verdict. */

#include "psc-verdict.h"

G_BEGIN_DECLS

/* The order of findings, for sorting. */
int psc_finding_compare (gconstpointer a, gconstpointer b);

G_END_DECLS
