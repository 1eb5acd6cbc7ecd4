/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole file of any bytes (the first byte is even), or one with the right tables and any rows in
 * them: opened, its timeline looked at, its snapshots loaded. */

#include <string.h>

#include "psc-fuzz.h"
#include "psc-pack.h"
#include "psc-recording-age.h"
#include "psc-recording-private.h"
#include "psc-schema.h"

#define MOST_LOADS 40
#define MOST_ROWS  300

static PscDatabase *
new_database (void)
{
  PscDatabase *database = g_new0 (PscDatabase, 1);

  database->path = g_strdup ("fuzz");
  psc_fuzz_check (sqlite3_open (":memory:", &database->handle) == SQLITE_OK);
  return database;
}

/* ---- A file ---- */

static void
fill_from_bytes (PscDatabase *database, const guint8 *bytes, gsize size)
{
  guint8 *copy = sqlite3_malloc64 (MAX (size, 1));

  memcpy (copy, bytes, size);
  sqlite3_deserialize (database->handle, "main", copy, (gint64) size, (gint64) size,
                       SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
}

/* ---- Rows ---- */

/* Small numbers, large ones, and what is no number. */
static int
bind_any (sqlite3_stmt *statement, int index, PscFuzzBytes *bytes)
{
  guint how = psc_fuzz_take (bytes, 1);

  if (how < 160)
    return sqlite3_bind_int64 (statement, index, how % 32);
  if (how < 200)
    return sqlite3_bind_int64 (statement, index, (gint64) psc_fuzz_take (bytes, 2));
  if (how < 230)
    return sqlite3_bind_int64 (statement, index, (gint64) psc_fuzz_take (bytes, 8));
  if (how < 240)
    return sqlite3_bind_null (statement, index);
  if (how < 245)
    return sqlite3_bind_double (statement, index, 1e300);
  {
    g_autofree char *text = psc_fuzz_take_string (bytes);

    return how < 250 ?
               sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT) :
               sqlite3_bind_blob (statement, index, text, (int) strlen (text), SQLITE_TRANSIENT);
  }
}

static void
put_row (PscDatabase *database, const char *table, guint n_columns, PscFuzzBytes *bytes)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_string_printf (sql, "INSERT INTO %s VALUES (?", table);
  for (guint i = 1; i < n_columns; i++)
    g_string_append (sql, ", ?");
  g_string_append (sql, ")");
  psc_fuzz_check (sqlite3_prepare_v2 (database->handle, sql->str, -1, &statement, NULL) ==
                  SQLITE_OK);
  for (guint i = 1; i <= n_columns; i++)
    bind_any (statement, (int) i, bytes);
  /* It may well not be taken. */
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

/* A moment that is likely to be taken, for the others to refer to. */
static void
put_moment (PscDatabase *database, PscFuzzBytes *bytes, guint id)
{
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO moments VALUES (%u, %u, %u, 1, NULL, 3, NULL, 5, 6, 7, 8, 9, 10, "
      "0, 0, 0, 0, 0, 0)",
      id, id * 1000, (guint) psc_fuzz_take (bytes, 1) % 8);

  sqlite3_exec (database->handle, sql, NULL, NULL, NULL);
}

/* A frame that unpacks, to who knows what. */
static void
put_frame (PscDatabase *database, PscFuzzBytes *bytes)
{
  sqlite3_stmt *statement = NULL;
  guint moment = psc_fuzz_take (bytes, 1) % 8, key = psc_fuzz_take (bytes, 1) % 8;
  gsize n_wanted = psc_fuzz_take (bytes, 2);
  gsize n = MIN (n_wanted, (gsize) (bytes->end - bytes->at)), n_packed;
  g_autoptr (GBytes) body = g_bytes_new (bytes->at, n);
  g_autoptr (GBytes) packed = psc_pack (body, NULL);
  gconstpointer data = g_bytes_get_data (packed, &n_packed);

  bytes->at += n;
  psc_fuzz_check (sqlite3_prepare_v2 (database->handle, "INSERT INTO frames VALUES (?, ?, ?, ?)",
                                      -1, &statement, NULL) == SQLITE_OK);
  sqlite3_bind_int64 (statement, 1, moment);
  if (key > 0)
    sqlite3_bind_int64 (statement, 2, key);
  sqlite3_bind_int64 (statement, 3, (gint64) n);
  sqlite3_bind_blob (statement, 4, data, (int) n_packed, SQLITE_STATIC);
  sqlite3_step (statement);
  sqlite3_finalize (statement);
}

static void
fill_with_rows (PscDatabase *database, PscFuzzBytes *bytes)
{
  static const struct
  {
    const char *table;
    guint n_columns;
  } tables[] = { { "moments", 19 },     { "frames", 4 },       { "kind_sums", 7 },
                 { "segment_list", 3 }, { "segment_sums", 7 }, { "event_list", 8 },
                 { "names", 2 },        { "meta", 2 } };
  guint n;
  const PscSchemaItem *items = psc_schema_get (&n);
  g_autofree char *numbers =
      g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN",
                       PSC_SCHEMA_APPLICATION_ID, PSC_SCHEMA_VERSION);

  sqlite3_exec (database->handle, numbers, NULL, NULL, NULL);
  for (guint i = 0; i < n; i++)
    psc_fuzz_check (sqlite3_exec (database->handle, items[i].sql, NULL, NULL, NULL) == SQLITE_OK);
  for (guint i = 0; i < MOST_ROWS && !psc_fuzz_is_done (bytes); i++)
    {
      guint which = psc_fuzz_take (bytes, 1) % (G_N_ELEMENTS (tables) + 2);

      if (which < G_N_ELEMENTS (tables))
        put_row (database, tables[which].table, tables[which].n_columns, bytes);
      else if (which == G_N_ELEMENTS (tables))
        put_moment (database, bytes, i + 1);
      else
        put_frame (database, bytes);
    }
  psc_fuzz_check (sqlite3_exec (database->handle, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
}

/* ---- What it is taken for ---- */

static void
check_timeline (const PscRecording *recording)
{
  PscTimeline *timeline = psc_recording_get_timeline (recording);
  guint n = psc_timeline_get_n_moments (timeline);

  psc_fuzz_check (n > 0 && n <= psc_recording_get_n_moments (recording));
  for (guint i = 0; i < n; i++)
    {
      const PscMoment *moment = psc_timeline_get_moment (timeline, i);

      psc_fuzz_check (i == 0 ||
                      moment->time_usec > psc_timeline_get_moment (timeline, i - 1)->time_usec);
      for (guint j = 0; j < moment->n_segments; j++)
        psc_fuzz_check (psc_moment_find_segment (moment, moment->segments[j].kind,
                                                 moment->segments[j].label) != NULL);
      for (guint j = 0; j < moment->n_events; j++)
        {
          g_autofree char *sentence = psc_event_dup_sentence (&moment->events[j]);

          psc_fuzz_check (g_utf8_validate (sentence, -1, NULL));
        }
    }
}

static void
check_snapshots (PscRecording *recording)
{
  guint n = MIN (psc_recording_get_n_moments (recording), MOST_LOADS);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PscSpace) space = psc_recording_load (recording, i, &error);

      psc_fuzz_check ((space == NULL) == (error != NULL));
      if (space != NULL)
        psc_fuzz_check_space (space);
    }
}

/* Whatever follows on what, ages stand in order of addresses. */
static void
check_ages (PscRecording *recording)
{
  guint n = MIN (psc_recording_get_n_moments (recording), MOST_LOADS);
  g_autoptr (GError) error = NULL;
  g_autoptr (PscTraits) traits = psc_recording_dup_age (recording, n - 1, &error);

  psc_fuzz_check ((traits == NULL) == (error != NULL));
  for (guint i = 0; traits != NULL && i < traits->n_traits; i++)
    {
      psc_fuzz_check (traits->traits[i].value < PSC_N_AGES);
      psc_fuzz_check (i == 0 || traits->traits[i].start >=
                                    psc_trait_end (&traits->traits[i - 1], traits->page_size));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PscFuzzBytes bytes = { data, data + size };
  gboolean is_file = psc_fuzz_take (&bytes, 1) % 2 == 0;
  PscDatabase *database = new_database ();
  g_autoptr (PscRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  if (is_file)
    fill_from_bytes (database, bytes.at, (gsize) (bytes.end - bytes.at));
  else
    fill_with_rows (database, &bytes);
  if (!psc_recording_check_database (database, &error))
    {
      psc_fuzz_check (error != NULL);
      psc_database_close (database);
      return 0;
    }
  recording = psc_recording_new_of_database (database, &error);
  psc_fuzz_check ((recording == NULL) == (error != NULL));
  if (recording == NULL)
    {
      psc_fuzz_check (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  check_timeline (recording);
  check_snapshots (recording);
  check_ages (recording);
  return 0;
}
