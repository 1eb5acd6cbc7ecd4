/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What holds for every frozen space, whatever it was made from: the promises of psc-space.h and
 * psc-page.h that a machine can check. Shared by fuzz targets and the storm.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* NULL when all holds, else the first promise that is broken, in words; free with g_free().
 * O(mappings * log mappings + runs). */
char *psc_space_check (const PscSpace *space);

G_END_DECLS
