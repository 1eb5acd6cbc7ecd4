/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-database.h"

#include <errno.h>
#include <stdarg.h>

#include "psc-format.h"

void
psc_database_close (PscDatabase *database)
{
  if (database == NULL)
    return;
  sqlite3_close (database->handle);
  g_free (database->path);
  g_free (database);
}

static gboolean
is_full (int code, int errnum)
{
  if ((code & 0xff) == SQLITE_FULL)
    return TRUE;
  return ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) &&
         (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG);
}

static PscStoreError
store_code (int code, int errnum)
{
  if (is_full (code, errnum))
    return PSC_STORE_ERROR_FULL;
  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return PSC_STORE_ERROR_CORRUPT;
    case SQLITE_CANTOPEN:
      return errnum == ENOENT ? PSC_STORE_ERROR_NOT_FOUND : PSC_STORE_ERROR_FAILED;
    default:
      return PSC_STORE_ERROR_FAILED;
    }
}

/* The kernel's word when it has one; SQLite's "disk I/O error" says little. */
void
psc_database_set_error (PscDatabase *database, const char *doing, GError **error)
{
  int code = sqlite3_extended_errcode (database->handle);
  int errnum = sqlite3_system_errno (database->handle);
  gboolean is_os = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  const char *why = sqlite3_errmsg (database->handle);
  g_autofree char *shown = NULL;

  if (errnum == 0)
    errnum = database->errnum;
  if (is_os && errnum != 0)
    why = g_strerror (errnum);
  else if ((code & 0xff) == SQLITE_FULL)
    why = g_strerror (ENOSPC);
  /* It quotes what stands in the file. */
  shown = psc_format_name_ellipsized (why, 200);
  g_set_error (error, PSC_STORE_ERROR, store_code (code, errnum), "Can't %s %s: %s", doing,
               database->path, shown);
}

gboolean
psc_database_run (PscDatabase *database, const char *sql, const char *doing, GError **error)
{
  int code;

  errno = 0;
  code = sqlite3_exec (database->handle, sql, NULL, NULL, NULL);
  database->errnum = errno;
  if (code == SQLITE_OK)
    return TRUE;
  psc_database_set_error (database, doing, error);
  return FALSE;
}

sqlite3_stmt *
psc_database_prepare (PscDatabase *database, const char *sql, const char *doing, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v3 (database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) ==
      SQLITE_OK)
    return statement;
  psc_database_set_error (database, doing, error);
  return NULL;
}

static int
bind_unsigned (sqlite3_stmt *statement, int index, guint64 value, gboolean may_be_unknown)
{
  if (may_be_unknown && value == G_MAXUINT64)
    return sqlite3_bind_null (statement, index);
  return sqlite3_bind_int64 (statement, index, (gint64) value);
}

static int
bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return sqlite3_bind_blob64 (statement, index, data, size, SQLITE_STATIC);
}

gboolean
psc_database_put (sqlite3_stmt *statement, const char *types, ...)
{
  int code = SQLITE_OK, index = 1;
  va_list values;

  va_start (values, types);
  for (; *types != '\0' && code == SQLITE_OK; types++, index++)
    switch (*types)
      {
      case 'i':
        code = sqlite3_bind_int64 (statement, index, va_arg (values, gint64));
        break;
      case 'u':
      case 'k':
        code = bind_unsigned (statement, index, va_arg (values, guint64), *types == 'k');
        break;
      case 't':
        code =
            sqlite3_bind_text (statement, index, va_arg (values, const char *), -1, SQLITE_STATIC);
        break;
      case 'b':
        code = bind_bytes (statement, index, va_arg (values, GBytes *));
        break;
      default:
        g_assert_not_reached ();
      }
  va_end (values);
  if (code != SQLITE_OK)
    return FALSE;
  while (sqlite3_step (statement) == SQLITE_ROW)
    ;
  return sqlite3_reset (statement) == SQLITE_OK;
}
