/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscSession: what one window watches. It lists processes every two seconds and captures one of
 * them every second, in worker threads with a probe each, so that a large capture never holds up
 * the list. A refresh never overlaps itself, and one that is costly waits longer before the next,
 * as PscBudget says. Thread of the window only.
 *
 * Signals, all without arguments:
 *  "processes-changed": a new list, or its error changed
 *  "space-changed": a new snapshot, or none any more because another process was opened
 *  "looked": the process was looked at; a look that finds nothing changed hands out the same
 *   snapshot, so this comes after "space-changed" and also without it
 *  "state-changed": psc_session_get_state(), or the error that goes with it
 *  "details-changed": what psc_session_read_details() has brought, or that it is under way
 */

#include <gio/gio.h>
#include "psc-worker.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_SESSION_IDLE,    /* no process was chosen */
  PSC_SESSION_LOADING, /* opened, nothing read yet */
  PSC_SESSION_LIVE,
  PSC_SESSION_PAUSED,        /* by the user */
  PSC_SESSION_GONE,          /* it ended; the last snapshot stays, when there was one */
  PSC_SESSION_DENIED,        /* its memory map may not be read */
  PSC_SESSION_NO_MEMORY_MAP, /* a kernel thread or a zombie */
  PSC_SESSION_FAILED,        /* anything else; see the error */
} PscSessionState;

#define PSC_TYPE_SESSION (psc_session_get_type ())
G_DECLARE_FINAL_TYPE (PscSession, psc_session, PSC, SESSION, GObject)

/* root: a recorded /proc, or NULL; via: a command that runs a probe elsewhere, or NULL. Starts idle
 * and inactive. */
PscSession *psc_session_new (const char *root, const char *via);

/* Reads while active, rests while not: a window that nobody sees costs nothing. */
void psc_session_set_active (PscSession *self, gboolean active);
void psc_session_set_paused (PscSession *self, gboolean paused);
gboolean psc_session_get_paused (PscSession *self);
/* Watches another process from now on; 0: none. Lifts a pause. */
void psc_session_open (PscSession *self, gint pid);
/* Reads list and process at once, also when paused; tries again after a failure. */
void psc_session_refresh (PscSession *self);
/* Reads the process once more and with smaps, which costs it more than a refresh does (see
 * psc_session_estimate_details_usec()). Also when paused; not when it is gone, nor while one is
 * under way. Live refreshes go on without. */
void psc_session_read_details (PscSession *self);
/* Ends all reading for good. What workers still do is dropped. */
void psc_session_stop (PscSession *self);

PscSessionState psc_session_get_state (PscSession *self);
/* Of the state; NULL when there is none. */
const GError *psc_session_get_error (PscSession *self);
/* The process that is watched, borrowed, for asking of single pages; NULL: none. */
PscWatch *psc_session_get_watch (PscSession *self);
/* Says that what is on screen is a moment of the past: then nothing is asked of single pages, and
 * there are no details. Reading goes on. */
void psc_session_set_past (PscSession *self, gboolean past);
gboolean psc_session_get_past (PscSession *self);
/* The last snapshot with smaps, borrowed; NULL before there is one. It is of its own moment. */
PscSpace *psc_session_get_details (PscSession *self);
/* Why the last reading of details failed; NULL when it did not. */
const GError *psc_session_get_details_error (PscSession *self);
gboolean psc_session_is_reading_details (PscSession *self);
/* Will psc_session_read_details() do anything? */
gboolean psc_session_can_read_details (PscSession *self);
/* For how long reading smaps of this space will about hold its memory lock, all in all. */
gint64 psc_session_estimate_details_usec (const PscSpace *space);
/* 0: none. */
gint psc_session_get_pid (PscSession *self);
/* Borrowed; NULL before the first snapshot. */
PscSpace *psc_session_get_space (PscSession *self);
/* Borrowed; NULL before the first list. */
PscProcessTable *psc_session_get_table (PscSession *self);
/* Why there is no list; NULL when there is one. */
const GError *psc_session_get_list_error (PscSession *self);
/* Time from the start of a refresh to the start of the next, as the last one's cost allows. */
gint64 psc_session_get_interval_usec (PscSession *self);

G_END_DECLS
