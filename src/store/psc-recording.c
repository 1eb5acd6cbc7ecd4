/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-private.h"

#include "psc-codec.h"
#include "psc-pack.h"
#include "psc-recording-time.h"

static gboolean
prepare (PscRecording *recording, GError **error)
{
  recording->find_moment = psc_database_prepare (
      recording->database,
      "SELECT time_usec, frame, minor_faults, major_faults, threads, page_tables, "
      "cost_probe_usec, cost_wall_usec, cost_longest_hold_usec, cost_held_usec, cost_core_usec, "
      "cost_bytes FROM moments WHERE id = ?",
      "read", error);
  if (recording->find_moment == NULL)
    return FALSE;
  recording->find_frame = psc_database_prepare (
      recording->database, "SELECT key, size, data FROM frames WHERE moment = ?", "read", error);
  return recording->find_frame != NULL;
}

static gboolean
check_not_empty (PscRecording *recording, GError **error)
{
  if (recording->moments->len > 0)
    return TRUE;
  g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND, "Nothing is recorded in %s",
               recording->database->path);
  return FALSE;
}

PscRecording *
psc_recording_new_of_database (PscDatabase *database, GError **error)
{
  g_autoptr (PscRecording) recording = g_new0 (PscRecording, 1);

  g_mutex_init (&recording->lock);
  recording->database = database;
  recording->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  recording->moments = g_array_new (FALSE, FALSE, sizeof (PscRecordedMoment));
  recording->timeline = psc_timeline_new ();
  psc_read_state_init (&recording->state);
  if (prepare (recording, error) && psc_recording_read_on (recording, error) &&
      check_not_empty (recording, error))
    return g_steal_pointer (&recording);
  return NULL;
}

PscRecording *
psc_recording_open (const char *path, GError **error)
{
  PscDatabase *database;

  g_return_val_if_fail (path != NULL, NULL);

  database = psc_recording_open_database (path, error);
  return database != NULL ? psc_recording_new_of_database (database, error) : NULL;
}

void
psc_recording_free (PscRecording *recording)
{
  if (recording == NULL)
    return;
  sqlite3_finalize (recording->find_moment);
  sqlite3_finalize (recording->find_frame);
  psc_database_close (recording->database);
  g_clear_pointer (&recording->key, g_bytes_unref);
  g_hash_table_unref (recording->meta);
  g_array_unref (recording->moments);
  psc_timeline_free (recording->timeline);
  psc_read_state_clear (&recording->state);
  g_mutex_clear (&recording->lock);
  g_free (recording);
}

/* ---- What is in it ---- */

const char *
psc_recording_get_meta (const PscRecording *recording, const char *key)
{
  return g_hash_table_lookup (recording->meta, key);
}

guint
psc_recording_get_n_moments (const PscRecording *recording)
{
  return recording->moments->len;
}

gint64
psc_recording_get_time (const PscRecording *recording, guint index)
{
  g_return_val_if_fail (index < recording->moments->len, 0);

  return g_array_index (recording->moments, PscRecordedMoment, index).time_usec;
}

guint
psc_recording_index_at (const PscRecording *recording, gint64 time_usec)
{
  guint low = 0, high = recording->moments->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (recording->moments, PscRecordedMoment, middle).time_usec > time_usec)
        high = middle;
      else
        low = middle + 1;
    }
  return low > 0 ? low - 1 : 0;
}

gboolean
psc_recording_find_time (const PscRecording *recording, const char *time, gint64 *time_usec,
                         GError **error)
{
  gint64 first_usec = psc_recording_get_time (recording, 0);
  gint64 last_usec = psc_recording_get_time (recording, recording->moments->len - 1);

  if (time != NULL)
    return psc_recording_parse_time (time, first_usec, last_usec, time_usec, error);
  *time_usec = last_usec;
  return TRUE;
}

PscTimeline *
psc_recording_get_timeline (const PscRecording *recording)
{
  return recording->timeline;
}

/* ---- Snapshots ---- */

static guint64
take_if_known (sqlite3_stmt *statement, int column, guint64 otherwise)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL ?
             otherwise :
             (guint64) sqlite3_column_int64 (statement, column);
}

static void
take_head (sqlite3_stmt *row, PscSpaceHead *head, gint64 *frame)
{
  *head = (PscSpaceHead){
    .time_usec = sqlite3_column_int64 (row, 0),
    .minor_faults = take_if_known (row, 2, PSC_FAULTS_UNKNOWN),
    .major_faults = take_if_known (row, 3, PSC_FAULTS_UNKNOWN),
    .n_threads = (guint) sqlite3_column_int64 (row, 4),
    .vm_pte = take_if_known (row, 5, 0),
    .cost = { .probe_usec = sqlite3_column_int64 (row, 6),
              .wall_usec = sqlite3_column_int64 (row, 7),
              .longest_hold_usec = sqlite3_column_int64 (row, 8),
              .held_usec = sqlite3_column_int64 (row, 9),
              .core_usec = sqlite3_column_int64 (row, 10),
              .bytes = (guint64) sqlite3_column_int64 (row, 11) },
  };
  *frame = sqlite3_column_int64 (row, 1);
}

static gboolean
find_head (PscRecording *recording, gint64 id, PscSpaceHead *head, gint64 *frame, GError **error)
{
  sqlite3_stmt *row = recording->find_moment;
  int code;

  sqlite3_bind_int64 (row, 1, id);
  code = sqlite3_step (row);
  if (code == SQLITE_ROW)
    take_head (row, head, frame);
  else if (code == SQLITE_DONE)
    psc_recording_set_corrupt (recording->database, error, "moment %" G_GINT64_FORMAT " is missing",
                               id);
  else
    psc_database_set_error (recording->database, "read", error);
  sqlite3_reset (row);
  return code == SQLITE_ROW;
}

/* A frame as it is in the file. */
typedef struct
{
  gint64 key; /* 0: it is one */
  guint64 size;
  GBytes *packed;
} StoredFrame;

static gboolean
take_frame (PscRecording *recording, gint64 id, StoredFrame *frame, GError **error)
{
  sqlite3_stmt *row = recording->find_frame;
  gconstpointer data;

  if (sqlite3_column_type (row, 2) != SQLITE_BLOB)
    return psc_recording_set_corrupt (recording->database, error,
                                      "snapshot %" G_GINT64_FORMAT " makes no sense", id);
  frame->key = (gint64) take_if_known (row, 0, 0);
  frame->size = (guint64) sqlite3_column_int64 (row, 1);
  data = sqlite3_column_blob (row, 2);
  /* NULL also when an overflowing page of it can't be read. */
  if (data == NULL)
    return psc_recording_set_corrupt (recording->database, error,
                                      "snapshot %" G_GINT64_FORMAT " can't be read", id);
  frame->packed = g_bytes_new (data, (gsize) sqlite3_column_bytes (row, 2));
  return TRUE;
}

static gboolean
find_frame (PscRecording *recording, gint64 id, StoredFrame *frame, GError **error)
{
  sqlite3_stmt *row = recording->find_frame;
  gboolean found = FALSE;
  int code;

  sqlite3_bind_int64 (row, 1, id);
  code = sqlite3_step (row);
  if (code == SQLITE_ROW)
    found = take_frame (recording, id, frame, error);
  else if (code == SQLITE_DONE)
    psc_recording_set_corrupt (recording->database, error,
                               "snapshot %" G_GINT64_FORMAT " is missing", id);
  else
    psc_database_set_error (recording->database, "read", error);
  sqlite3_reset (row);
  return found;
}

/* Takes the frame. */
static GBytes *
unpack (PscRecording *recording, StoredFrame *frame, GBytes *key, GError **error)
{
  g_autoptr (GBytes) packed = g_steal_pointer (&frame->packed);
  g_autoptr (GError) why = NULL;
  gsize n;
  gconstpointer bytes = g_bytes_get_data (packed, &n);
  GBytes *body = psc_unpack (bytes, n, frame->size, PSC_CODEC_MAX_BYTES, key, &why);

  if (body == NULL)
    psc_recording_set_corrupt (recording->database, error, "%s", why->message);
  return body;
}

/* Borrowed. Neighbours have the same one most of the time. */
static GBytes *
find_key (PscRecording *recording, gint64 id, GError **error)
{
  StoredFrame frame = { 0 };

  if (recording->key != NULL && recording->key_id == id)
    return recording->key;
  g_clear_pointer (&recording->key, g_bytes_unref);
  if (!find_frame (recording, id, &frame, error))
    return NULL;
  if (frame.key != 0)
    {
      g_bytes_unref (frame.packed);
      psc_recording_set_corrupt (recording->database, error,
                                 "snapshot %" G_GINT64_FORMAT " stands on one that is no key", id);
      return NULL;
    }
  recording->key = unpack (recording, &frame, NULL, error);
  recording->key_id = id;
  return recording->key;
}

static GBytes *
find_body (PscRecording *recording, gint64 id, GError **error)
{
  StoredFrame frame = { 0 };
  GBytes *key;

  if (recording->key != NULL && recording->key_id == id)
    return g_bytes_ref (recording->key);
  if (!find_frame (recording, id, &frame, error))
    return NULL;
  if (frame.key == 0)
    return unpack (recording, &frame, NULL, error);
  key = find_key (recording, frame.key, error);
  if (key != NULL)
    return unpack (recording, &frame, key, error);
  g_bytes_unref (frame.packed);
  return NULL;
}

gboolean
psc_recording_find_frame (PscRecording *recording, guint index, gint64 *frame, GError **error)
{
  gint64 id = g_array_index (recording->moments, PscRecordedMoment, index).id;
  PscSpaceHead head;
  gboolean found;

  g_mutex_lock (&recording->lock);
  found = find_head (recording, id, &head, frame, error);
  g_mutex_unlock (&recording->lock);
  return found;
}

/* With the lock. */
static GBytes *
find_moment (PscRecording *recording, guint index, PscSpaceHead *head, GError **error)
{
  gint64 id = g_array_index (recording->moments, PscRecordedMoment, index).id, frame;

  if (!find_head (recording, id, head, &frame, error))
    return NULL;
  return find_body (recording, frame, error);
}

static PscSpace *
decode (PscRecording *recording, GBytes *body, const PscSpaceHead *head, GError **error)
{
  g_autoptr (GError) why = NULL;
  PscSpace *space = psc_codec_decode (body, head, &why);

  if (space == NULL)
    psc_recording_set_corrupt (recording->database, error, "%s", why->message);
  return space;
}

PscSpace *
psc_recording_load (PscRecording *recording, guint index, GError **error)
{
  g_autoptr (GBytes) body = NULL;
  PscSpaceHead head;

  g_mutex_lock (&recording->lock);
  if (index < recording->moments->len)
    body = find_moment (recording, index, &head, error);
  else
    g_set_error (error, PSC_STORE_ERROR, PSC_STORE_ERROR_NOT_FOUND, "%s has no moment %u",
                 recording->database->path, index);
  g_mutex_unlock (&recording->lock);
  return body != NULL ? decode (recording, body, &head, error) : NULL;
}

PscSpace *
psc_recording_load_at (PscRecording *recording, gint64 time_usec, GError **error)
{
  g_autoptr (GBytes) body = NULL;
  PscSpaceHead head;

  g_mutex_lock (&recording->lock);
  body = find_moment (recording, psc_recording_index_at (recording, time_usec), &head, error);
  g_mutex_unlock (&recording->lock);
  return body != NULL ? decode (recording, body, &head, error) : NULL;
}

gboolean
psc_recording_update (PscRecording *recording, GError **error)
{
  gboolean done;

  g_mutex_lock (&recording->lock);
  done = psc_recording_read_on (recording, error);
  g_mutex_unlock (&recording->lock);
  return done;
}
