/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One thumbnail in the making: the blocking half of PscThumbnails. A job is filled by the thread of
 * the window, run by a worker, and then read by the thread of the window again; nobody else has it
 * meanwhile.
 */

#include <cairo.h>
#include "psc-lens.h"
#include "psc-worker.h"

G_BEGIN_DECLS

/* How pictures look. */
typedef struct
{
  guint width, height; /* px */
  guint scale;         /* device pixels per px */
  PscLens lens;
  PscTheme theme;
  gboolean low_at_top;
} PscThumbnailLook;

/* What came of the last attempt. */
typedef enum
{
  PSC_THUMBNAIL_READY,
  PSC_THUMBNAIL_DENIED,        /* its memory map may not be read */
  PSC_THUMBNAIL_NO_MEMORY_MAP, /* it is about to end, or has ended and waits for its parent */
  PSC_THUMBNAIL_FAILED,        /* anything else */
} PscThumbnailState;

typedef struct
{
  PscThumbnailState state;
  cairo_surface_t *surface; /* with its device scale set; NULL unless READY */
  guint64 swapped;          /* bytes, when the picture was made */
  gint64 time_usec;         /* when that was, monotonic */
  char *problem;            /* why there is no picture, one sentence; NULL when READY */
} PscThumbnail;

void psc_thumbnail_clear (PscThumbnail *thumbnail);

/* What the worker is told, and tells. */
typedef struct
{
  PscProbeSource *source; /* a reference */
  gint pid;
  guint64 start_time, resident, faults; /* of the process, as the job was made */
  PscThumbnailLook look;
  guint hold_usec; /* as PscCaptureOptions has it */

  PscThumbnail thumbnail; /* surface and swapped only */
  PscCost cost;           /* with all that the worker's thread did in core_usec */
} PscThumbnailJob;

/* Takes a reference to the source and knows of the process what the list does. */
PscThumbnailJob *psc_thumbnail_job_new (PscProbeSource *source, const PscProcess *process);
void psc_thumbnail_job_free (PscThumbnailJob *job);
/* Captures, draws, and lets the snapshot go. Blocks; any thread. Errors as psc_watch_capture()
 * gives them; also PSC_PROBE_ERROR_GONE when the PID is another process's by now. */
gboolean psc_thumbnail_job_run (PscThumbnailJob *job, GError **error);

G_END_DECLS
