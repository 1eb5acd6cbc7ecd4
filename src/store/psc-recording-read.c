/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-recording-private.h"

#include <string.h>

#include "psc-format.h"

#define MAX_META 64 /* keys */

typedef struct
{
  gint64 id;
  PscSegment segment; /* with a reference of its label */
} ReadSegment;

/* A table that is walked side by side with the moments: row number, moment, then what it has. */
typedef struct
{
  sqlite3_stmt *statement;
  int code;    /* SQLITE_ROW: stands on a row */
  gint64 *row; /* the last that was read */
} Stream;

typedef struct
{
  PscRecording *recording;
  PscReadState *state;
  Stream moments, kinds, segments, events;
  sqlite3_stmt *find_segment, *find_name;
  gint64 moment_row;
  guint n_moments; /* in the file, about */
  guint stride;    /* every so many of them get one of the timeline's, counted from the last */
  const char *wrong;
} Reading;

static void
read_segment_free (gpointer data)
{
  ReadSegment *segment = data;

  g_ref_string_release ((char *) segment->segment.label);
  g_free (segment);
}

static void
clear_event (gpointer event)
{
  g_ref_string_release ((char *) ((PscEvent *) event)->label);
}

static GArray *
events_new (void)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (PscEvent));

  g_array_set_clear_func (events, clear_event);
  return events;
}

void
psc_read_state_init (PscReadState *state)
{
  state->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, read_segment_free);
  state->sorted = g_ptr_array_new ();
  state->events = events_new ();
  state->kind_row = state->segment_row = state->event_row = G_MININT64;
}

void
psc_read_state_clear (PscReadState *state)
{
  g_clear_pointer (&state->sorted, g_ptr_array_unref);
  g_clear_pointer (&state->by_id, g_hash_table_unref);
  g_clear_pointer (&state->events, g_array_unref);
}

/* ---- Values that are what they have to be ---- */

static gboolean
is_number (sqlite3_stmt *statement, int column, guint64 most)
{
  return sqlite3_column_type (statement, column) == SQLITE_INTEGER &&
         (guint64) sqlite3_column_int64 (statement, column) <= most;
}

static guint64
take (sqlite3_stmt *statement, int column)
{
  return (guint64) sqlite3_column_int64 (statement, column);
}

static gboolean
is_known (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_type (statement, column) != SQLITE_NULL;
}

static gboolean
is_number_or_null (sqlite3_stmt *statement, int column)
{
  return !is_known (statement, column) || is_number (statement, column, G_MAXINT64);
}

/* Bounded, valid UTF-8 on one line; a new reference. */
static char *
dup_label (sqlite3_stmt *statement, int column)
{
  const char *bytes = (const char *) sqlite3_column_text (statement, column);
  g_autofree char *text = psc_format_name (bytes != NULL ? bytes : "", -1);

  return g_ref_string_new_intern (text);
}

/* mappings, size, resident, swapped, hugetlb */
static gboolean
take_amount (sqlite3_stmt *statement, int column, PscAmount *amount)
{
  if (!is_number (statement, column, G_MAXUINT) ||
      sqlite3_column_type (statement, column + 1) != SQLITE_INTEGER ||
      !is_number_or_null (statement, column + 2) || !is_number_or_null (statement, column + 3) ||
      !is_number_or_null (statement, column + 4))
    return FALSE;
  *amount = (PscAmount){ .n_mappings = take (statement, column),
                         .size = take (statement, column + 1),
                         .resident = take (statement, column + 2),
                         .swapped = take (statement, column + 3),
                         .hugetlb = take (statement, column + 4) };
  return TRUE;
}

/* ---- Tables side by side ---- */

static gboolean
open_stream (Reading *reading, Stream *stream, const char *sql, gint64 *row, GError **error)
{
  stream->statement = psc_database_prepare (reading->recording->database, sql, "read", error);
  if (stream->statement == NULL)
    return FALSE;
  stream->row = row;
  sqlite3_bind_int64 (stream->statement, 1, *row);
  stream->code = sqlite3_step (stream->statement);
  return TRUE;
}

static gboolean
has_row (const Stream *stream, gint64 moment)
{
  return stream->code == SQLITE_ROW && sqlite3_column_int64 (stream->statement, 1) <= moment;
}

/* Row numbers ascend, or the tree is knotted, and might never end. */
static void
next_row (Reading *reading, Stream *stream)
{
  gint64 row = sqlite3_column_int64 (stream->statement, 0);

  if (row <= *stream->row)
    reading->wrong = "its rows are out of order";
  *stream->row = row;
  stream->code = sqlite3_step (stream->statement);
}

static gboolean
open_streams (Reading *reading, GError **error)
{
  PscDatabase *database = reading->recording->database;
  PscReadState *state = reading->state;

  reading->find_segment = psc_database_prepare (
      database, "SELECT kind, label FROM segment_list WHERE id = ?", "read", error);
  if (reading->find_segment == NULL)
    return FALSE;
  reading->find_name =
      psc_database_prepare (database, "SELECT name FROM names WHERE id = ?", "read", error);
  return reading->find_name != NULL &&
         open_stream (reading, &reading->moments,
                      "SELECT id, id, time_usec, minor_faults, major_faults, threads, "
                      "page_tables, huge, mappings, size, resident, swapped, hugetlb "
                      "FROM moments WHERE id > ? ORDER BY id",
                      &reading->moment_row, error) &&
         open_stream (reading, &reading->kinds,
                      "SELECT rowid, first, kind, mappings, size, resident, swapped, hugetlb "
                      "FROM kind_sums WHERE rowid > ? ORDER BY rowid",
                      &state->kind_row, error) &&
         open_stream (reading, &reading->segments,
                      "SELECT rowid, first, segment, mappings, size, resident, swapped, hugetlb "
                      "FROM segment_sums WHERE rowid > ? ORDER BY rowid",
                      &state->segment_row, error) &&
         open_stream (reading, &reading->events,
                      "SELECT rowid, moment, type, kind, start, end, bytes, n, label "
                      "FROM event_list WHERE rowid > ? ORDER BY rowid",
                      &state->event_row, error);
}

static gboolean
close_stream (Reading *reading, Stream *stream, gboolean well, GError **error)
{
  if (well && stream->code != SQLITE_ROW && stream->code != SQLITE_DONE)
    {
      psc_database_set_error (reading->recording->database, "read", error);
      well = FALSE;
    }
  g_clear_pointer (&stream->statement, sqlite3_finalize);
  return well;
}

static gboolean
close_streams (Reading *reading, gboolean well, GError **error)
{
  well = close_stream (reading, &reading->moments, well, error);
  well = close_stream (reading, &reading->kinds, well, error);
  well = close_stream (reading, &reading->segments, well, error);
  well = close_stream (reading, &reading->events, well, error);
  sqlite3_finalize (reading->find_segment);
  sqlite3_finalize (reading->find_name);
  return well;
}

/* ---- What changed with a moment ---- */

static void
read_kinds (Reading *reading, gint64 moment)
{
  Stream *stream = &reading->kinds;

  for (; reading->wrong == NULL && has_row (stream, moment); next_row (reading, stream))
    if (!is_number (stream->statement, 2, PSC_N_KINDS - 1) ||
        !take_amount (stream->statement, 3, &reading->state->kinds[take (stream->statement, 2)]))
      reading->wrong = "a sum of a kind makes no sense";
}

static int
compare_segments_cb (gconstpointer a, gconstpointer b)
{
  const PscSegment *one = &(*(ReadSegment *const *) a)->segment;
  const PscSegment *other = &(*(ReadSegment *const *) b)->segment;

  if (one->kind != other->kind)
    return one->kind < other->kind ? -1 : 1;
  return strcmp (one->label, other->label);
}

/* NULL when there is no such segment. */
static ReadSegment *
find_segment (Reading *reading, gint64 id)
{
  PscReadState *state = reading->state;
  ReadSegment *segment = g_hash_table_lookup (state->by_id, &id);
  sqlite3_stmt *statement = reading->find_segment;

  if (segment != NULL)
    return segment;
  sqlite3_bind_int64 (statement, 1, id);
  if (sqlite3_step (statement) == SQLITE_ROW && is_number (statement, 0, PSC_N_KINDS - 1))
    {
      segment = g_new0 (ReadSegment, 1);
      segment->id = id;
      segment->segment.kind = (PscKind) take (statement, 0);
      segment->segment.label = dup_label (statement, 1);
      g_hash_table_insert (state->by_id, &segment->id, segment);
      g_ptr_array_add (state->sorted, segment);
      g_ptr_array_sort (state->sorted, compare_segments_cb);
    }
  sqlite3_reset (statement);
  return segment;
}

static void
read_segments (Reading *reading, gint64 moment)
{
  Stream *stream = &reading->segments;

  for (; reading->wrong == NULL && has_row (stream, moment); next_row (reading, stream))
    {
      ReadSegment *segment = find_segment (reading, (gint64) take (stream->statement, 2));

      if (segment == NULL || !take_amount (stream->statement, 3, &segment->segment.amount))
        reading->wrong = "a sum of a segment makes no sense";
    }
}

/* Moments without one in the timeline leave their events to the next that has: then there may be
 * two of a type and kind, which are one. */
static void
add_event (GArray *events, PscEvent *event)
{
  for (guint i = 0; i < events->len; i++)
    {
      PscEvent *other = &g_array_index (events, PscEvent, i);
      const char *label = other->label;

      if (other->type != event->type || other->kind != event->kind)
        continue;
      event->bytes += other->bytes;
      event->n += other->n;
      if (event->end - event->start < other->end - other->start)
        {
          other->label = event->label;
          event->label = label;
          event->start = other->start;
          event->end = other->end;
        }
      g_ref_string_release ((char *) other->label);
      *other = *event;
      return;
    }
  g_array_append_val (events, *event);
}

static char *
dup_name (Reading *reading, sqlite3_stmt *of, int column)
{
  sqlite3_stmt *statement = reading->find_name;
  char *name;

  if (!is_known (of, column))
    return g_ref_string_new_intern ("");
  sqlite3_bind_int64 (statement, 1, sqlite3_column_int64 (of, column));
  name = sqlite3_step (statement) == SQLITE_ROW ? dup_label (statement, 0) :
                                                  g_ref_string_new_intern ("");
  sqlite3_reset (statement);
  return name;
}

static void
read_events (Reading *reading, gint64 moment, gint64 time_usec)
{
  Stream *stream = &reading->events;

  for (; reading->wrong == NULL && has_row (stream, moment); next_row (reading, stream))
    {
      sqlite3_stmt *row = stream->statement;
      PscEvent event = { .time_usec = time_usec };

      if (!is_number (row, 2, PSC_N_EVENTS - 1) || !is_number (row, 3, PSC_N_KINDS - 1))
        {
          reading->wrong = "an event makes no sense";
          return;
        }
      event.type = (PscEventType) take (row, 2);
      event.kind = (PscKind) take (row, 3);
      event.start = take (row, 4);
      event.end = take (row, 5);
      event.bytes = take (row, 6);
      event.n = take (row, 7);
      event.label = dup_name (reading, row, 8);
      add_event (reading->state->events, &event);
    }
}

/* ---- Moments ---- */

static guint64
take_if_known (sqlite3_stmt *statement, int column, guint64 otherwise)
{
  return is_known (statement, column) ? take (statement, column) : otherwise;
}

static void
add_moment (Reading *reading, sqlite3_stmt *row, gint64 time_usec, const PscAmount *total)
{
  PscReadState *state = reading->state;
  PscMoment values = {
    .time_usec = time_usec,
    .minor_faults = take_if_known (row, 3, PSC_FAULTS_UNKNOWN),
    .major_faults = take_if_known (row, 4, PSC_FAULTS_UNKNOWN),
    .n_threads = (guint) take (row, 5),
    .vm_pte = take_if_known (row, 6, 0),
    .huge = take_if_known (row, 7, 0),
    .pages_known = is_known (row, 10),
    .total = *total,
  };
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (PscSegment));
  g_autoptr (PscMoment) moment = NULL;

  memcpy (values.kinds, state->kinds, sizeof values.kinds);
  for (guint i = 0; i < state->sorted->len; i++)
    {
      PscSegment segment = ((ReadSegment *) g_ptr_array_index (state->sorted, i))->segment;

      if (segment.amount.n_mappings == 0)
        continue;
      segment.label = g_ref_string_acquire ((char *) segment.label);
      g_array_append_val (segments, segment);
    }
  /* They are the moment's now. */
  g_array_set_clear_func (state->events, NULL);
  moment = psc_moment_new_take (&values, segments, g_steal_pointer (&state->events));
  state->events = events_new ();
  psc_timeline_add (reading->recording->timeline, moment);
}

static gboolean
is_sound (Reading *reading, sqlite3_stmt *row, PscAmount *total)
{
  const GArray *moments = reading->recording->moments;

  if (!is_number (row, 0, G_MAXINT64) || !is_number (row, 2, G_MAXINT64) ||
      !is_number_or_null (row, 3) || !is_number_or_null (row, 4) ||
      !is_number (row, 5, G_MAXUINT) || !is_number_or_null (row, 6) ||
      !is_number_or_null (row, 7) || !take_amount (row, 8, total))
    reading->wrong = "a moment makes no sense";
  else if (moments->len > 0 &&
           sqlite3_column_int64 (row, 2) <=
               g_array_index (moments, PscRecordedMoment, moments->len - 1).time_usec)
    reading->wrong = "its moments are out of order";
  return reading->wrong == NULL;
}

static void
read_moment (Reading *reading)
{
  sqlite3_stmt *row = reading->moments.statement;
  GArray *moments = reading->recording->moments;
  PscRecordedMoment found = { (gint64) take (row, 0), (gint64) take (row, 2) };
  PscAmount total;

  if (!is_sound (reading, row, &total))
    return;
  read_kinds (reading, found.id);
  read_segments (reading, found.id);
  read_events (reading, found.id, found.time_usec);
  if (reading->wrong != NULL)
    return;
  if (moments->len == 0 || (reading->n_moments - moments->len - 1) % reading->stride == 0)
    add_moment (reading, row, found.time_usec, &total);
  g_array_append_val (moments, found);
  next_row (reading, &reading->moments);
}

/* Of a long recording the timeline would throw most moments away again. */
static void
choose_stride (Reading *reading)
{
  g_autoptr (sqlite3_stmt) statement = psc_database_prepare (
      reading->recording->database, "SELECT max (id) FROM moments", "read", NULL);

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    reading->n_moments = (guint) CLAMP (sqlite3_column_int64 (statement, 0), 0, G_MAXINT);
  reading->stride = reading->n_moments / PSC_TIMELINE_MAX_MOMENTS + 1;
}

static gboolean
read_moments (PscRecording *recording, GError **error)
{
  Reading reading = { .recording = recording, .state = &recording->state };
  guint n = recording->moments->len;
  gboolean well;

  reading.moment_row = G_MININT64;
  if (n > 0)
    reading.moment_row = g_array_index (recording->moments, PscRecordedMoment, n - 1).id;
  choose_stride (&reading);
  well = open_streams (&reading, error);
  while (well && reading.wrong == NULL && reading.moments.code == SQLITE_ROW)
    read_moment (&reading);
  well = close_streams (&reading, well, error);
  if (well && reading.wrong != NULL)
    return psc_recording_set_corrupt (recording->database, error, "%s", reading.wrong);
  return well;
}

/* ---- Meta ---- */

static gboolean
read_meta (PscRecording *recording, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      psc_database_prepare (recording->database, "SELECT key, value FROM meta", "read", error);
  int code;

  if (statement == NULL)
    return FALSE;
  g_hash_table_remove_all (recording->meta);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW &&
         g_hash_table_size (recording->meta) < MAX_META)
    {
      const char *key = (const char *) sqlite3_column_text (statement, 0);
      const char *value = (const char *) sqlite3_column_text (statement, 1);

      if (key != NULL && value != NULL && g_utf8_validate (key, -1, NULL))
        g_hash_table_insert (recording->meta, g_strdup (key), psc_format_name (value, -1));
    }
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  psc_database_set_error (recording->database, "read", error);
  return FALSE;
}

/* In one transaction, so that all tables are of one time. */
gboolean
psc_recording_read_on (PscRecording *recording, GError **error)
{
  gboolean done;

  if (!psc_database_run (recording->database, "BEGIN", "read", error))
    return FALSE;
  done = read_meta (recording, error) && read_moments (recording, error);
  sqlite3_exec (recording->database->handle, "ROLLBACK", NULL, NULL, NULL);
  return done;
}
