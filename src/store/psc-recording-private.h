/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The parts of PscRecording: the file as a database that is not trusted (psc-recording-open.c), the
 * timeline in it (psc-recording-read.c), its snapshots (psc-recording.c), how old their pages are
 * (psc-recording-age.c).
 */

#include "psc-database.h"
#include "psc-recording.h"

G_BEGIN_DECLS

/* What a moment is, for finding its frame. */
typedef struct
{
  gint64 id;
  gint64 time_usec;
} PscRecordedMoment;

/* What the newest moment that was read was like; a file tells only what changed. */
typedef struct
{
  PscAmount kinds[PSC_N_KINDS];
  GHashTable *by_id;                       /* gint64 * → ReadSegment, owned here */
  GPtrArray *sorted;                       /* ReadSegment, as PscMoment wants them */
  GArray *events;                          /* PscEvent that no moment has yet */
  gint64 kind_row, segment_row, event_row; /* the last rows that were read */
} PscReadState;

struct _PscRecording
{
  GMutex lock; /* guards all that follows but `moments` and `timeline` while something is read */
  PscDatabase *database;
  sqlite3_stmt *find_moment, *find_frame;
  GBytes *key; /* the body of the key that was needed last */
  gint64 key_id;

  GHashTable *meta; /* char * → char * */
  GArray *moments;  /* PscRecordedMoment */
  PscTimeline *timeline;
  PscReadState state;
};

/* Opens it, checks that it is what it should be, and makes it harmless. */
PscDatabase *psc_recording_open_database (const char *path, GError **error);
/* The same of a database that is open already, as fuzzing has it. */
gboolean psc_recording_check_database (PscDatabase *database, GError **error);
/* Takes the database. */
PscRecording *psc_recording_new_of_database (PscDatabase *database, GError **error);

void psc_read_state_init (PscReadState *state);
void psc_read_state_clear (PscReadState *state);
/* Reads meta, and moments from the last one on. */
gboolean psc_recording_read_on (PscRecording *recording, GError **error);

/* Which frame the snapshot of a moment is: moments of one frame are alike, but for their heads. */
gboolean
psc_recording_find_frame (PscRecording *recording, guint index, gint64 *frame, GError **error);

/* Says what is wrong with the file; FALSE. */
gboolean psc_recording_set_corrupt (PscDatabase *database, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
