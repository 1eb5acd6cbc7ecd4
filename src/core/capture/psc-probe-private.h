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
/* With a request that has nothing but one number: a handle, a PID, a version. */
gboolean psc_probe_converse_about (PscProbe *probe, const PscProbeQuestion *question,
                                   guint32 number, PscProbeAnswer *answer, GError **error);
/* The two halves of a conversation, for batches; with the probe's lock held. Several requests may
 * be sent before the first answer is received. */
gboolean
psc_probe_send_locked (PscProbe *probe, const guint8 *frames, gsize length, GError **error);
gboolean psc_probe_receive_locked (PscProbe *probe, const PscProbeQuestion *question, guint32 tag,
                                   PscProbeAnswer *answer, GError **error);
void psc_probe_set_errno_locked (PscProbe *probe, guint handle, int errnum, const char *doing,
                                 GError **error);
/* psc_probe_set_errno() for what `handle` stands for. */
void psc_probe_set_answer_errno (PscProbe *probe, guint handle, int errnum, const char *doing,
                                 GError **error);

/*
 * What reads and scans have in common, alone or in a batch.
 */

typedef struct
{
  GString *text;
  guint64 max_bytes;
} PscProbeDataTaker;

typedef struct
{
  PscProbeRegionFunc func;
  gpointer user_data;
  gsize page_size;
  guint64 last_end; /* of the last region */
} PscProbeRegionTaker;

/* PscProbeFrameFuncs; user_data is the taker. */
gboolean psc_probe_take_data (const guint8 *payload, gsize length, gpointer user_data);
gboolean psc_probe_take_regions (const guint8 *payload, gsize length, gpointer user_data);
/* "read the memory map", for messages. */
const char *psc_probe_doing_with (enum psc_wire_file file);
void psc_probe_put_read (struct psc_wire_writer *request, guint handle, enum psc_wire_file file,
                         guint64 max_bytes);
/* Of a SCAN, or of a PAGEMAP, which takes no masks. */
void psc_probe_put_ranges (struct psc_wire_writer *request, enum psc_wire_type type, guint handle,
                           guint hold_usec, guint sleep_usec,
                           const struct psc_wire_scan_range *ranges, gsize n_ranges);
void psc_probe_cost_add (PscProbeCost *cost, const PscProbeEnd *end);

G_END_DECLS
