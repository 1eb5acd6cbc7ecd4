/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files that are no recordings, damaged ones and forged ones: each is refused with a reason, or
 * opens, and then only what is damaged is missing. */

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "psc-recorder.h"
#include "psc-recording.h"
#include "psc-store-test.h"

#define N_STEPS 40

static char *folder;
static char *good_bytes; /* a recording */
static gsize good_size;

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
record (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecorder) recorder = psc_recorder_new (path, FALSE, &error);
  g_autoptr (PscSpace) then = NULL;

  g_assert_no_error (error);
  for (guint step = 0; step < N_STEPS; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (1, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      g_assert_true (psc_recorder_add (recorder, now, moment, &error));
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  g_assert_true (psc_recorder_finish (recorder, "stopped", &error));
}

static void
check_message (const GError *error)
{
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
}

/* ---- Forged ones ---- */

typedef struct
{
  const char *name;
  const char *sql;
  gint code;       /* of opening; -1: it opens */
  guint n_damaged; /* then so many moments don't load */
} Forgery;

#define RAW_SCHEMA "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET "

static const Forgery forgeries[] = {
  { "none", "SELECT 1", -1, 0 },
  { "another application", "PRAGMA application_id = 7", PSC_STORE_ERROR_FOREIGN },
  { "no application", "PRAGMA application_id = 0", PSC_STORE_ERROR_FOREIGN },
  { "later version", "PRAGMA user_version = 2", PSC_STORE_ERROR_VERSION },
  { "trigger", "CREATE TRIGGER t AFTER INSERT ON meta BEGIN SELECT randomblob (1); END",
    PSC_STORE_ERROR_CORRUPT },
  { "more views", "CREATE VIEW v AS SELECT 1", PSC_STORE_ERROR_CORRUPT },
  { "more indices", "CREATE INDEX i ON moments (time_usec)", PSC_STORE_ERROR_CORRUPT },
  { "statistics", "ANALYZE", PSC_STORE_ERROR_CORRUPT },
  { "no view", "DROP VIEW faults", PSC_STORE_ERROR_CORRUPT },
  { "no table", "DROP TABLE moments", PSC_STORE_ERROR_CORRUPT },
  { "a view for a table",
    "DROP TABLE event_list; CREATE VIEW event_list AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL "
    "SELECT n + 1 FROM c) SELECT n AS moment, 0 AS type FROM c",
    PSC_STORE_ERROR_CORRUPT },
  { "another column", "ALTER TABLE names ADD COLUMN more", PSC_STORE_ERROR_CORRUPT },
  { "generated column",
    RAW_SCHEMA "sql = replace (sql, 'value', 'value AS (randomblob (1000000000))') "
               "WHERE name = 'meta'",
    PSC_STORE_ERROR_CORRUPT },
  { "schema that is none", RAW_SCHEMA "sql = 'x' WHERE name = 'names'", PSC_STORE_ERROR_CORRUPT },
  { "root page", RAW_SCHEMA "rootpage = 1 WHERE name = 'moments'", PSC_STORE_ERROR_CORRUPT },
  { "root page of another",
    RAW_SCHEMA "rootpage = (SELECT rootpage FROM sqlite_schema "
               "WHERE name = 'frames') WHERE name = 'kind_sums'",
    PSC_STORE_ERROR_CORRUPT },
  { "nothing recorded", "DELETE FROM moments", PSC_STORE_ERROR_NOT_FOUND },
  { "time is text", "UPDATE moments SET time_usec = 'now' WHERE id = 7", PSC_STORE_ERROR_CORRUPT },
  { "time before all", "UPDATE moments SET time_usec = -1 WHERE id = 1", PSC_STORE_ERROR_CORRUPT },
  { "time goes back", "UPDATE moments SET time_usec = 5 WHERE id = 7", PSC_STORE_ERROR_CORRUPT },
  { "moment 0", "UPDATE moments SET id = -5 WHERE id = 1", PSC_STORE_ERROR_CORRUPT },
  { "threads", "UPDATE moments SET threads = 1 << 40", PSC_STORE_ERROR_CORRUPT },
  { "kind", "UPDATE kind_sums SET kind = 99", PSC_STORE_ERROR_CORRUPT },
  { "sum is text", "UPDATE kind_sums SET resident = 'all'", PSC_STORE_ERROR_CORRUPT },
  { "sum is negative", "UPDATE segment_sums SET resident = -1", PSC_STORE_ERROR_CORRUPT },
  { "no segment", "DELETE FROM segment_list", PSC_STORE_ERROR_CORRUPT },
  { "kind of a segment", "UPDATE segment_list SET kind = -1", PSC_STORE_ERROR_CORRUPT },
  { "event type", "UPDATE event_list SET type = 99", PSC_STORE_ERROR_CORRUPT },
  { "label", "UPDATE names SET name = x'ff0a1b5b'", -1, 0 },
  { "meta", "INSERT INTO meta VALUES (x'ff', x'ff'), ('a', NULL), ('', 7)", -1, 0 },
  { "much meta",
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000) "
    "INSERT INTO meta SELECT n, n FROM c",
    -1, 0 },
  { "no frame", "DELETE FROM frames WHERE moment = 9", -1, 1 },
  { "no frames", "DELETE FROM frames", -1, N_STEPS },
  { "frame of nothing", "UPDATE moments SET frame = 1000 WHERE id = 9", -1, 1 },
  { "frame is text", "UPDATE frames SET data = 'frame' WHERE moment = 9", -1, 1 },
  { "frame is empty", "UPDATE frames SET data = zeroblob (0) WHERE moment = 9", -1, 1 },
  { "frame is cut", "UPDATE frames SET data = substr (data, 1, 20) WHERE moment = 9", -1, 1 },
  { "frame is zero", "UPDATE frames SET data = zeroblob (100) WHERE moment = 9", -1, 1 },
  { "size", "UPDATE frames SET size = size + 1 WHERE moment = 9", -1, 1 },
  { "huge size", "UPDATE frames SET size = 1 << 60 WHERE moment = 9", -1, 1 },
  { "negative size", "UPDATE frames SET size = -1 WHERE moment = 9", -1, 1 },
  { "key is a delta", "UPDATE frames SET key = 8 WHERE moment = 9", -1, 1 },
  { "key is itself", "UPDATE frames SET key = 9 WHERE moment = 9", -1, 1 },
  { "key is later", "UPDATE frames SET key = 1000 WHERE moment = 9", -1, 1 },
  { "key is text", "UPDATE frames SET key = 'x' WHERE moment = 9", -1, 1 },
  { "no key of a delta", "UPDATE frames SET key = NULL WHERE moment = 9", -1, 1 },
  { "another frame",
    "UPDATE frames SET (key, size, data) = (SELECT key, size, data FROM frames WHERE moment = 12) "
    "WHERE moment = 9",
    -1, 0 },
};

static void
forge (const char *path, const char *sql)
{
  sqlite3 *handle;
  char *error = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, sql, NULL, NULL, &error);
  g_assert_cmpstr (error, ==, NULL);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static guint
count_damaged (PscRecording *recording)
{
  guint n = 0;

  for (guint i = 0; i < psc_recording_get_n_moments (recording); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = psc_recording_load (recording, i, &error);

      if (space != NULL)
        continue;
      g_assert_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_CORRUPT);
      check_message (error);
      n++;
    }
  return n;
}

static void
test_forged (gconstpointer data)
{
  const Forgery *forgery = data;
  g_autofree char *path = path_of ("forged");
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecording) recording = NULL;

  g_assert_true (g_file_set_contents (path, good_bytes, (gssize) good_size, NULL));
  forge (path, forgery->sql);
  recording = psc_recording_open (path, &error);
  if (forgery->code < 0)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (psc_recording_get_n_moments (recording), ==, N_STEPS);
      g_assert_cmpuint (count_damaged (recording), ==, forgery->n_damaged);
    }
  else
    {
      g_assert_error (error, PSC_STORE_ERROR, forgery->code);
      check_message (error);
      g_test_message ("%s", error->message);
    }
}

/* ---- Damaged ones ---- */

/* Whatever it is: no crash, and a reason. */
static gboolean
try (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PscRecording) recording = psc_recording_open (path, &error);

  if (recording != NULL)
    count_damaged (recording);
  else
    check_message (error);
  return recording != NULL;
}

static void
test_truncated (void)
{
  g_autofree char *path = path_of ("truncated");

  for (gsize size = 0; size < good_size; size += size < 4096 ? 97 : 1024)
    {
      g_assert_true (g_file_set_contents (path, good_bytes, (gssize) size, NULL));
      g_assert_false (try (path));
    }
}

static void
test_flipped (void)
{
  g_autofree char *path = path_of ("flipped");
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint n_opened = 0;

  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *bytes = g_memdup2 (good_bytes, good_size);
      guint n = 1u << (i % 8);

      for (guint j = 0; j < n; j++)
        bytes[g_rand_int_range (rand, 0, (gint32) good_size)] ^=
            (char) (1 << g_rand_int_range (rand, 0, 8));
      g_assert_true (g_file_set_contents (path, bytes, (gssize) good_size, NULL));
      n_opened += try (path);
    }
  g_test_message ("%u of 400 opened", n_opened);
  g_assert_cmpuint (n_opened, >, 20);
  g_assert_cmpuint (n_opened, <, 380);
}

/* Of a page in the middle of a frame only the moments that need it are gone. */
static void
test_page_gone (void)
{
  g_autofree char *path = path_of ("page");
  guint n_opened = 0;

  for (gsize at = 4096; at < good_size; at += 4096)
    {
      g_autofree char *bytes = g_memdup2 (good_bytes, good_size);

      memset (bytes + at, 0, 4096);
      g_assert_true (g_file_set_contents (path, bytes, (gssize) good_size, NULL));
      n_opened += try (path);
    }
  g_assert_cmpuint (n_opened, >, 0);
}

static void
test_log_of_another (void)
{
  g_autofree char *path = path_of ("logged");
  g_autofree char *log = path_of ("logged-wal");

  g_assert_true (g_file_set_contents (path, good_bytes, (gssize) good_size, NULL));
  g_assert_true (g_file_set_contents (log, good_bytes, (gssize) good_size, NULL));
  g_assert_true (try (path));
}

/* ---- Others ---- */

static void
check_refused (const char *path, PscStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (psc_recording_open (path, &error));
  g_assert_error (error, PSC_STORE_ERROR, (gint) code);
  check_message (error);
  g_test_message ("%s", error->message);
}

static void
test_no_recording (void)
{
  g_autofree char *text = path_of ("te\nxt");
  g_autofree char *database = path_of ("database");
  g_autofree char *pipe = path_of ("pipe");
  g_autofree char *nowhere = path_of ("nowhere");

  g_assert_true (g_file_set_contents (text, "my own", -1, NULL));
  check_refused (text, PSC_STORE_ERROR_FOREIGN);
  g_assert_true (g_file_set_contents (text, "", -1, NULL));
  check_refused (text, PSC_STORE_ERROR_FOREIGN);
  forge (database, "CREATE TABLE moments (id)");
  check_refused (database, PSC_STORE_ERROR_FOREIGN);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  check_refused (pipe, PSC_STORE_ERROR_FAILED);
  check_refused ("/dev/null", PSC_STORE_ERROR_FAILED);
  check_refused (folder, PSC_STORE_ERROR_FAILED);
  check_refused (nowhere, PSC_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_autofree char *good = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = psc_test_folder_new ();
  good = path_of ("good");
  record (good);
  g_assert_true (g_file_get_contents (good, &good_bytes, &good_size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (forgeries); i++)
    {
      g_autofree char *name = g_strconcat ("/hostile/forged/", forgeries[i].name, NULL);

      g_test_add_data_func (g_strdelimit (name, " ", '-'), &forgeries[i], test_forged);
    }
  g_test_add_func ("/hostile/truncated", test_truncated);
  g_test_add_func ("/hostile/flipped", test_flipped);
  g_test_add_func ("/hostile/page-gone", test_page_gone);
  g_test_add_func ("/hostile/log-of-another", test_log_of_another);
  g_test_add_func ("/hostile/no-recording", test_no_recording);
  status = g_test_run ();
  psc_test_folder_free (folder);
  g_free (good_bytes);
  return status;
}
