/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psc-config.h"
#include "psc-format.h"
#include "psc-recorder-rows.h"
#include "psc-recording-file.h"
#include "psc-recording-time.h"
#include "psc-schema.h"

/* Pages that the log may have before it becomes part of the file: a moment of most processes is
 * five, so the disk is waited for about once a minute. */
#define LOG_PAGES "256"
/* How long a reader may keep the recording from becoming one file again. */
#define PATIENCE_MSEC 1000

struct _PscRecorder
{
  PscDatabase *database;
  char *path;
  PscRecorderRows *rows;
  PscFramer *framer;
  gint pid;
  guint64 start_time;
  gint64 n_moments;
  gint64 last_usec;  /* as recorded */
  gint64 shift_usec; /* what the clock was set back, altogether */
  GError *failure;
};

/* ---- The file ---- */

static gboolean
is_empty (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 && S_ISREG (status.st_mode) && status.st_size == 0;
}

static void
remove_companions (const char *path)
{
  static const char *const endings[] = { "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *companion = g_strconcat (path, endings[i], NULL);

      unlink (companion);
    }
}

/* Makes way only where nothing but a recording is lost. */
static gboolean
make_way (const char *path, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (!is_empty (path) && !psc_recording_file_check (path, &why) &&
      !g_error_matches (why, PSC_STORE_ERROR, PSC_STORE_ERROR_VERSION))
    {
      g_autofree char *shown = psc_format_name (path, -1);

      g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_FOREIGN,
                   "Won't overwrite %s: it is no recording of Pagescape", shown);
      return FALSE;
    }
  remove_companions (path);
  unlink (path);
  return TRUE;
}

static gboolean
fail_to_make (const char *path, int errnum, GError **error)
{
  g_autofree char *shown = psc_format_name (path, -1);

  if (errnum == EEXIST)
    g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_EXISTS,
                 "Won't overwrite %s: there is such a file already", shown);
  else
    g_set_error (error, PSC_STORE_ERROR,
                 errnum == ENOSPC || errnum == EDQUOT ? PSC_STORE_ERROR_FULL :
                                                        PSC_STORE_ERROR_FAILED,
                 "Can't make %s: %s", shown, g_strerror (errnum));
  return FALSE;
}

static gboolean
make_file (const char *path, gboolean overwrite, GError **error)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0 && errno == EEXIST && overwrite)
    {
      if (!make_way (path, error))
        return FALSE;
      fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    }
  if (fd < 0)
    return fail_to_make (path, errno, error);
  close (fd);
  return TRUE;
}

static gboolean
make_tables (PscDatabase *database, GError **error)
{
  g_autofree char *identity =
      g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN",
                       PSC_SCHEMA_APPLICATION_ID, PSC_SCHEMA_VERSION);
  guint n;
  const PscSchemaItem *items = psc_schema_get (&n);

  if (!psc_database_run (database, identity, "make", error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!psc_database_run (database, items[i].sql, "make", error))
      return FALSE;
  return psc_database_run (database, "COMMIT", "make", error);
}

static PscDatabase *
open_database (const char *path, GError **error)
{
  g_autoptr (PscDatabase) database = g_new0 (PscDatabase, 1);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  database->path = psc_format_name (path, -1);
  if (sqlite3_open_v2 (absolute, &database->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    {
      psc_database_set_error (database, "make", error);
      return NULL;
    }
  sqlite3_busy_timeout (database->handle, PATIENCE_MSEC);
  /* The log comes last: until then it is one small file, with what it is in its first bytes. */
  if (!make_tables (database, error) ||
      !psc_database_run (database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", "make",
                         error))
    return NULL;
  return g_steal_pointer (&database);
}

static void
ignore_file_size_signal (void)
{
  struct sigaction action;

  if (sigaction (SIGXFSZ, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
    signal (SIGXFSZ, SIG_IGN);
}

/* What a new file has before its first moment. */
static gboolean
put_beginning (PscRecorder *recorder, GError **error)
{
  if (!psc_database_run (recorder->database, "BEGIN", "write", error))
    return FALSE;
  if (!psc_recorder_rows_put_constants (recorder->rows) ||
      !psc_recorder_rows_put_meta (recorder->rows, "program", "pagescape " PSC_VERSION))
    {
      psc_database_set_error (recorder->database, "write", error);
      return FALSE;
    }
  return psc_database_run (recorder->database, "COMMIT", "write", error);
}

static gboolean
start (PscRecorder *recorder, GError **error)
{
  recorder->database = open_database (recorder->path, error);
  if (recorder->database == NULL)
    return FALSE;
  recorder->rows = psc_recorder_rows_new (recorder->database, error);
  return recorder->rows != NULL && put_beginning (recorder, error);
}

PscRecorder *
psc_recorder_new (const char *path, gboolean overwrite, GError **error)
{
  PscRecorder *recorder;

  g_return_val_if_fail (path != NULL, NULL);

  ignore_file_size_signal ();
  if (!make_file (path, overwrite, error))
    return NULL;
  recorder = g_new0 (PscRecorder, 1);
  recorder->path = g_strdup (path);
  recorder->framer = psc_framer_new ();
  if (start (recorder, error))
    return recorder;
  psc_recorder_free (recorder);
  unlink (path);
  remove_companions (path);
  return NULL;
}

/* Names are bytes from outside. */
char *
psc_recorder_dup_file_name (const PscSpace *space)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup (space->name);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-", '_');
  return g_strdup_printf ("%s-%d-%s" PSC_RECORDING_SUFFIX, *name != '.' ? name : "process",
                          space->pid, time);
}

void
psc_recorder_free (PscRecorder *recorder)
{
  if (recorder == NULL)
    return;
  psc_recorder_rows_free (recorder->rows);
  psc_database_close (recorder->database);
  psc_framer_free (recorder->framer);
  g_clear_error (&recorder->failure);
  g_free (recorder->path);
  g_free (recorder);
}

/* ---- Moments ---- */

/* Time in a recording only goes on. From a step back of the clock on all is shifted by it, so that
 * the distances stay true. */
static gint64
next_time (PscRecorder *recorder, gint64 time_usec)
{
  if (recorder->n_moments > 0 && time_usec + recorder->shift_usec <= recorder->last_usec)
    recorder->shift_usec = recorder->last_usec + 1 - time_usec;
  return time_usec + recorder->shift_usec;
}

static gboolean
put_identity (PscRecorder *recorder, const PscSpace *space)
{
  PscRecorderRows *rows = recorder->rows;

  return psc_recorder_rows_put_meta_int (rows, "pid", space->pid) &&
         psc_recorder_rows_put_meta_int (rows, "start_time", (gint64) space->start_time) &&
         psc_recorder_rows_put_meta_int (rows, "uid", space->uid) &&
         psc_recorder_rows_put_meta_int (rows, "page_size", (gint64) space->page_size) &&
         psc_recorder_rows_put_meta (rows, "name", space->name) &&
         psc_recorder_rows_put_meta (rows, "command", space->command) &&
         psc_recorder_rows_put_meta (rows, "host", space->host) &&
         psc_recorder_rows_put_meta (rows, "kernel", space->kernel);
}

static gboolean
put_all (PscRecorder *recorder, PscSpace *space, PscMoment *moment, const PscFrame *frame)
{
  PscSpaceHead head = psc_space_get_head (space);

  head.time_usec = next_time (recorder, moment->time_usec);
  if (recorder->n_moments == 0 && !put_identity (recorder, space))
    return FALSE;
  if (!psc_recorder_rows_put (recorder->rows, recorder->n_moments + 1, &head, space, moment, frame))
    return FALSE;
  recorder->last_usec = head.time_usec;
  return TRUE;
}

static gboolean
put_in_transaction (PscRecorder *recorder, PscSpace *space, PscMoment *moment,
                    const PscFrame *frame, GError **error)
{
  PscDatabase *database = recorder->database;

  if (!psc_database_run (database, "BEGIN", "write", error))
    return FALSE;
  if (!put_all (recorder, space, moment, frame))
    psc_database_set_error (database, "write", error);
  else if (psc_database_run (database, "COMMIT", "write", error))
    return TRUE;
  sqlite3_exec (database->handle, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

static gboolean
add (PscRecorder *recorder, PscSpace *space, PscMoment *moment, GError **error)
{
  g_auto (PscFrame) frame = { 0 };

  return psc_framer_add (recorder->framer, space, &frame, error) &&
         put_in_transaction (recorder, space, moment, &frame, error);
}

gboolean
psc_recorder_add (PscRecorder *recorder, PscSpace *space, PscMoment *moment, GError **error)
{
  gint64 last_usec = recorder->last_usec;

  g_return_val_if_fail (recorder->n_moments == 0 || (space->pid == recorder->pid &&
                                                     space->start_time == recorder->start_time),
                        FALSE);

  if (recorder->failure == NULL && add (recorder, space, moment, &recorder->failure))
    {
      recorder->pid = space->pid;
      recorder->start_time = space->start_time;
      recorder->n_moments++;
      return TRUE;
    }
  recorder->last_usec = last_usec;
  if (error != NULL)
    *error = g_error_copy (recorder->failure);
  return FALSE;
}

/* The file is whole without it, if in two parts. */
static void
make_one_file (PscRecorder *recorder)
{
  sqlite3 *handle = recorder->database->handle;

  sqlite3_exec (handle, "PRAGMA wal_checkpoint (TRUNCATE)", NULL, NULL, NULL);
  sqlite3_exec (handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

gboolean
psc_recorder_finish (PscRecorder *recorder, const char *reason, GError **error)
{
  PscDatabase *database = recorder->database;

  if (recorder->failure == NULL && !psc_recorder_rows_put_meta (recorder->rows, "ended", reason))
    psc_database_set_error (database, "write", &recorder->failure);
  /* Statements have to be gone before the log may go. */
  g_clear_pointer (&recorder->rows, psc_recorder_rows_free);
  make_one_file (recorder);
  if (recorder->failure == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (recorder->failure);
  return FALSE;
}

/* ---- What is there ---- */

guint64
psc_recorder_get_n_moments (const PscRecorder *recorder)
{
  return (guint64) recorder->n_moments;
}

gint64
psc_recorder_get_last_time (const PscRecorder *recorder)
{
  return recorder->last_usec;
}

guint64
psc_recorder_get_size (const PscRecorder *recorder)
{
  g_autofree char *log = g_strconcat (recorder->path, "-wal", NULL);
  guint64 size = 0;
  struct stat status;

  if (stat (recorder->path, &status) == 0)
    size += (guint64) status.st_size;
  if (stat (log, &status) == 0)
    size += (guint64) status.st_size;
  return size;
}
