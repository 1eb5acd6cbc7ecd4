/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Whether two spaces are equal in everything that a space has, but that neighbouring runs in one
 * state count as one.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* NULL when they are; else the first difference, in words; free with g_free(). */
char *psc_space_dup_difference (const PscSpace *a, const PscSpace *b);

G_END_DECLS
