/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What recorder and recording share of SQLite: statements, values, errors in words. Private to the
 * store. One thread at a time.
 */

#include <sqlite3.h>
#include "psc-store-error.h"

G_BEGIN_DECLS

typedef struct
{
  sqlite3 *handle;
  char *path; /* as it is shown: fit for a screen */
  int errnum; /* of the last psc_database_run(), for SQLite forgets it when a commit fails */
} PscDatabase;

/* NULL is allowed. */
void psc_database_close (PscDatabase *database);

/* Says what SQLite has against what was just tried: "Can't read a.pagescape: disk I/O error".
 * Codes: FULL (disk, quota, file size), CORRUPT, NOT_FOUND, else FAILED. */
void psc_database_set_error (PscDatabase *database, const char *doing, GError **error);

/* Any statements, results thrown away. */
gboolean
psc_database_run (PscDatabase *database, const char *sql, const char *doing, GError **error);

/* Prepares one statement; NULL on error. Free with sqlite3_finalize(). */
sqlite3_stmt *
psc_database_prepare (PscDatabase *database, const char *sql, const char *doing, GError **error);

/* Binds values from the first parameter on, runs the statement to its end and resets it. Letters:
 * i gint64; u guint64, which is stored as the signed number of the same bits; k guint64, NULL when
 * it is G_MAXUINT64; t text, may be NULL; b GBytes. FALSE when SQLite refuses. */
gboolean psc_database_put (sqlite3_stmt *statement, const char *types, ...);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscDatabase, psc_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
