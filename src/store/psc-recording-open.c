/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-private.h"

#include <string.h>

#include "psc-codec.h"
#include "psc-format.h"
#include "psc-recording-file.h"
#include "psc-schema.h"

/* Somebody who writes may make a reader wait for a moment, while the log becomes part of the file.
 */
#define PATIENCE_MSEC 2000

gboolean
psc_recording_set_corrupt (PscDatabase *database, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT, "%s is damaged: %s", database->path,
               what);
  return FALSE;
}

/* https://sqlite.org/security.html: what to do with files from strangers. No limit is near to what
 * a recording needs. */
static void
set_limits (sqlite3 *handle)
{
  static const struct
  {
    int id, value;
  } limits[] = {
    { SQLITE_LIMIT_LENGTH, (int) PSC_CODEC_MAX_BYTES + 4096 },
    { SQLITE_LIMIT_SQL_LENGTH, 8192 },
    { SQLITE_LIMIT_COLUMN, 64 },
    { SQLITE_LIMIT_EXPR_DEPTH, 100 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 3 },
    { SQLITE_LIMIT_VDBE_OP, 25000 },
    { SQLITE_LIMIT_FUNCTION_ARG, 8 },
    { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 },
    { SQLITE_LIMIT_VARIABLE_NUMBER, 32 },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (handle, limits[i].id, limits[i].value);
}

static void
make_harmless (sqlite3 *handle)
{
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  set_limits (handle);
  sqlite3_busy_timeout (handle, PATIENCE_MSEC);
}

static gboolean
is_text (sqlite3_stmt *statement, int column, const char *text)
{
  const char *found = (const char *) sqlite3_column_text (statement, column);

  return found != NULL && strcmp (found, text) == 0;
}

/* The first read: here SQLite says whether it can read the file at all. */
static gboolean
check_schema (PscDatabase *database, GError **error)
{
  guint n, i = 0;
  const PscSchemaItem *items = psc_schema_get (&n);
  g_autoptr (sqlite3_stmt) statement = psc_database_prepare (
      database, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid", "open",
      error);
  int code;

  if (statement == NULL)
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW && i < n)
    {
      if (!is_text (statement, 0, items[i].type) || !is_text (statement, 1, items[i].name) ||
          !is_text (statement, 2, items[i].name) || !is_text (statement, 3, items[i].sql))
        return psc_recording_set_corrupt (
            database, error, "its table \"%s\" is not that of a recording", items[i].name);
      i++;
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    psc_database_set_error (database, "open", error);
  else if (code == SQLITE_ROW)
    psc_recording_set_corrupt (database, error, "it has more tables than a recording");
  else if (i < n)
    psc_recording_set_corrupt (database, error, "it has no table \"%s\"", items[i].name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_numbers (PscDatabase *database, GError **error)
{
  static const struct
  {
    const char *sql;
    gint64 value;
  } pragmas[] = {
    { "PRAGMA application_id", PSC_SCHEMA_APPLICATION_ID },
    { "PRAGMA user_version", PSC_SCHEMA_VERSION },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pragmas); i++)
    {
      g_autoptr (sqlite3_stmt) statement =
          psc_database_prepare (database, pragmas[i].sql, "open", error);

      if (statement == NULL)
        return FALSE;
      if (sqlite3_step (statement) != SQLITE_ROW ||
          sqlite3_column_int64 (statement, 0) != pragmas[i].value)
        return psc_recording_set_corrupt (database, error, "it is no recording of this version");
    }
  return TRUE;
}

gboolean
psc_recording_check_database (PscDatabase *database, GError **error)
{
  make_harmless (database->handle);
  return psc_database_run (database,
                           "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; "
                           "PRAGMA query_only = ON",
                           "open", error) &&
         check_numbers (database, error) && check_schema (database, error);
}

/* NULL also when it can't be read this way; then another may do, if *another is TRUE. */
static PscDatabase *
open_as (const char *path, const char *arguments, gboolean alone, gboolean *another, GError **error)
{
  g_autoptr (PscDatabase) database = g_new0 (PscDatabase, 1);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  g_autofree char *name = g_strconcat (uri, arguments, NULL);
  int code;

  *another = FALSE;
  database->path = psc_format_name (path, -1);
  code = sqlite3_open_v2 (name, &database->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
  if (code != SQLITE_OK)
    psc_database_set_error (database, "open", error);
  else if ((!alone ||
            psc_database_run (database, "PRAGMA locking_mode = EXCLUSIVE", "open", error)) &&
           psc_recording_check_database (database, error))
    return g_steal_pointer (&database);
  code = sqlite3_errcode (database->handle);
  *another = code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR;
  return NULL;
}

/* Of a recording that was cut off, or is still written, part is in the log beside it. To read both,
 * SQLite wants to make a third file, which it can't in a folder where nothing may be written. Then
 * nobody writes there (the third file would be there already), so it can do without locks. */
PscDatabase *
psc_recording_open_database (const char *path, GError **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) first = NULL;
  PscDatabase *database;
  gboolean another;

  if (!psc_recording_file_check (path, error) || !psc_recording_file_check_length (path, error))
    return NULL;
  database = open_as (path, "", FALSE, &another, &first);
  if (database == NULL && another)
    database = g_file_test (log, G_FILE_TEST_EXISTS) ?
                   open_as (path, "?vfs=unix-none", TRUE, &another, NULL) :
                   open_as (path, "?immutable=1", FALSE, &another, NULL);
  if (database == NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  return database;
}
