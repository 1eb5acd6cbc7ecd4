/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The blocking half of a session: what its worker threads do. Nothing here knows of widgets or of a
 * main loop. A PscProbeSource starts a probe when it is first needed and again after it broke; a
 * PscWatch is one process that is captured again and again; a PscProcessTable is what one listing
 * gave, frozen, for the thread of the window.
 *
 * Thread rule: every function says who may call it. All three types are reference counted and may
 * be unreferenced by any thread.
 */

#include "psc-cold.h"
#include "psc-frames.h"
#include "psc-inspect.h"
#include "psc-limits-reader.h"
#include "psc-process-list.h"
#include "psc-shared.h"

G_BEGIN_DECLS

typedef struct _PscProbeSource PscProbeSource;

/* Where processes are: root is a recorded /proc or NULL, via the command that runs a probe
 * elsewhere
 * ("ssh host") or NULL, as psc_probe_new_via() takes them. Starts nothing. */
PscProbeSource *psc_probe_source_new (const char *root, const char *via);
/* The same for a probe with further arguments, as psc_probe_new_via_with() takes them. Copied. */
PscProbeSource *
psc_probe_source_new_with (const char *root, const char *via, const char *const *extra);
PscProbeSource *psc_probe_source_ref (PscProbeSource *source);
void psc_probe_source_unref (PscProbeSource *source);
/* A reference to the probe, started when there is none. Blocks; any thread. */
PscProbe *psc_probe_source_dup_probe (PscProbeSource *source, GError **error);
/* Forgets the probe when it is still this one: the next dup starts a new one. Any thread. */
void psc_probe_source_forget (PscProbeSource *source, PscProbe *probe);

typedef struct
{
  gatomicrefcount ref_count; /* private */
  GPtrArray *processes;      /* PscProcess, by PID */
  const char **users;        /* name of the user of each process, interned; digits when unknown */
  guint uid;                 /* whose processes the probe may read */
  gboolean reads_all;        /* it may read everybody's */
  gboolean is_local;         /* the running kernel of this host: PIDs are those of getpid() */
  gboolean sees_frames;      /* it may, by what it is allowed to do, see page frames */
  gboolean sees_flags;       /* and their flags */
  gboolean is_recorded;      /* a recording, which has neither */
} PscProcessTable;

/* Lists through the source. Blocks; one thread at a time per source. */
PscProcessTable *psc_process_table_new (PscProbeSource *source, GError **error);
PscProcessTable *psc_process_table_ref (PscProcessTable *table);
void psc_process_table_unref (PscProcessTable *table);
/* May the probe read the memory map of a process of this user? */
gboolean psc_process_table_may_read (const PscProcessTable *table, guint uid);

typedef struct _PscWatch PscWatch;

/* Opens nothing yet. */
PscWatch *psc_watch_new (PscProbeSource *source, gint pid);
PscWatch *psc_watch_ref (PscWatch *watch);
void psc_watch_unref (PscWatch *watch);
/* Unreferences it in a worker: the last reference closes, and closing talks to the probe, which may
 * be busy with a capture. That is no wait for the thread of the window. NULL is allowed. */
void psc_watch_drop (PscWatch *watch);
/* Any thread. */
gint psc_watch_get_pid (const PscWatch *watch);
/* Is what it reads a recording, which knows no single pages and never changes? Any thread. */
gboolean psc_watch_is_recorded (const PscWatch *watch);
/* A snapshot; opens the process at the first call. options NULL: the default. Blocks; any thread:
 * captures and inspections wait for one another. Errors as psc_target_new() and
 * psc_target_capture() give them. */
PscSpace *psc_watch_capture (PscWatch *watch, const PscCaptureOptions *options, GError **error);
/* What the last capture cost, also when it gave out the space of the one before; zeros when there
 * was none. Any thread, waits for a capture that is under way. */
void psc_watch_get_cost (PscWatch *watch, PscCost *cost);
/* The page at an address, aligned, as psc_target_inspect() tells it. Blocks; any thread. Never
 * opens the process, whose PID may be another's by now: PSC_PROBE_ERROR_GONE when no capture has
 * succeeded since the last failure. PSC_PROBE_ERROR_UNSUPPORTED when the kernel tells nothing of
 * the address, as of the kernel's half ([vsyscall]). */
PscInspection *psc_watch_inspect (PscWatch *watch, guint64 address, GError **error);
/* The frames of a stretch, as psc_target_read_frames() tells them. Blocks; any thread. Never opens
 * the process, as above. PSC_PROBE_ERROR_UNSUPPORTED of a recording. */
PscFrames *psc_watch_read_frames (PscWatch *watch, const PscSpace *space, guint64 start,
                                  guint64 end, guint max_pages, GError **error);

/* Private pages that others have, too, as psc_target_read_shared() tells them. As above. */
PscTraits *psc_watch_read_shared (PscWatch *watch, const PscSpace *space, guint64 start,
                                  guint64 *end, guint max_pages, GError **error);

/* What the process can run into, as psc_target_read_limits() tells it: 1 to 2 ms. Never opens the
 * process, as above. Of a recorded tree too: what it has of that. Blocks; any thread. */
PscLimits *psc_watch_read_limits (PscWatch *watch, GError **error);
/* As psc_target_clear_referenced(): of the process that the last capture was of. As above. */
gboolean psc_watch_clear_referenced (PscWatch *watch, gint64 *busy_usec, GError **error);
/* As psc_cold_read_frames(). As above. */
PscCold *psc_watch_read_cold_frames (PscWatch *watch, PscSpace *space, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProbeSource, psc_probe_source_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProcessTable, psc_process_table_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscWatch, psc_watch_unref)

G_END_DECLS
