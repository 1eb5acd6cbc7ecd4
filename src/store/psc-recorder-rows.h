/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The rows that a moment adds to the tables of a recording: only what is different from the moment
 * before. Private to psc-recorder.c, which holds the transaction around it; after a transaction
 * that failed these rows know of what is not in the file, and must not be used any more.
 */

#include "psc-codec.h"
#include "psc-database.h"
#include "psc-framer.h"
#include "psc-moment.h"

G_BEGIN_DECLS

typedef struct _PscRecorderRows PscRecorderRows;

/* NULL when a statement can't be prepared. Borrows the database. */
PscRecorderRows *psc_recorder_rows_new (PscDatabase *database, GError **error);
/* NULL is allowed. */
void psc_recorder_rows_free (PscRecorderRows *rows);

/* What is the same in all recordings of this version. */
gboolean psc_recorder_rows_put_constants (PscRecorderRows *rows);
gboolean psc_recorder_rows_put_meta (PscRecorderRows *rows, const char *key, const char *value);
gboolean psc_recorder_rows_put_meta_int (PscRecorderRows *rows, const char *key, gint64 value);
/* `id` is the moment's, from 1 on without gaps; `head` is that of the space, at the time that is
 * recorded; `moment` is at any time. FALSE when SQLite refuses. */
gboolean psc_recorder_rows_put (PscRecorderRows *rows, gint64 id, const PscSpaceHead *head,
                                PscSpace *space, PscMoment *moment, const PscFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscRecorderRows, psc_recorder_rows_free)

G_END_DECLS
