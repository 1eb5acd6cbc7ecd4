/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Orphans in words. Private to psc-orphans.c. */

#include "psc-orphans.h"

G_BEGIN_DECLS

/* A path as a shell takes it, on one line whatever bytes it has. Free with g_free(). */
char *psc_orphan_quote (const char *path);
/* Sets sentence and remedy; `path` (any bytes, beneath /dev/shm) is that of a FILE, else NULL. */
void psc_orphan_describe (PscOrphan *orphan, const char *path);
/* "3 processes of other users could not be looked at …". Free with g_free(). */
char *psc_orphans_dup_unseen_note (guint n_unseen, guint n_other_users, gboolean is_root);

G_END_DECLS
