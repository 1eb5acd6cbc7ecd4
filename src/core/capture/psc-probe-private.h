/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What psc-probe.c (life and conversation) and psc-probe-requests.c (the single requests) share.
 */

#include "psc-probe.h"
#include "psc-probe-pipe.h"

G_BEGIN_DECLS

struct _PscProbe
{
  gatomicrefcount ref_count;
  PscHost host; /* its strings are ours; constant once the probe said hello */

  GMutex lock; /* guards everything below */
  PscProbePipe *pipe;
  guint32 tag;
  char *broken;     /* why the probe was given up, NULL while it is good */
  GHashTable *pids; /* handle -> PID, for messages */
  guint64 busy_nsec;
  guint64 last_longest_nsec;
  guint64 bytes;
};

/* Takes the pipe and says hello over it. */
PscProbe *psc_probe_new_for_pipe (PscProbePipe *pipe, GError **error);

/* The payload of END. */
typedef struct
{
  guint64 items;
  guint64 busy_nsec;
  guint64 longest_nsec;
  guint64 calls;
  gboolean truncated;
} PscProbeEnd;

/* Takes a payload apart. FALSE when it doesn't decode, or is not what was asked for: that ends the
 * conversation for good. Runs with the probe's lock held: must not call the probe. */
typedef gboolean (*PscProbeFrameFunc) (const guint8 *payload, gsize length, gpointer user_data);

/* One conversation: a request, data frames, a closing frame. */
typedef struct
{
  enum psc_wire_type request;
  enum psc_wire_type data;    /* type of data frames; END when there are none */
  enum psc_wire_type closing; /* END, or the one frame that PROTOCOL.md names */
  PscProbeFrameFunc on_data;  /* data frames, and the closing frame when it is not END */
  gpointer user_data;
} PscProbeQuestion;

typedef struct
{
  int errnum;      /* of the closing frame */
  PscProbeEnd end; /* zeros when the closing frame is not END */
} PscProbeAnswer;

/* FALSE only with PSC_PROBE_ERROR_BROKEN; what the kernel said is in answer->errnum. */
gboolean
psc_probe_converse (PscProbe *probe, const PscProbeQuestion *question,
                    const struct psc_wire_writer *request, PscProbeAnswer *answer, GError **error);
/* psc_probe_set_errno() for what `handle` stands for. */
void psc_probe_set_answer_errno (PscProbe *probe, guint handle, int errnum, const char *doing,
                                 GError **error);

G_END_DECLS
