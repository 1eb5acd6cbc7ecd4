/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One try at a snapshot: what is read, in which order, and what is made of it; and the struct of a
 * target, whose memory an attempt uses. Private to psc-capture.c, which decides what to try.
 *
 * The plain order is maps → page states → maps, because page states without the mappings that they
 * belong to mean nothing, and a mapping that is not the same before and after is moving. Of a
 * target whose mappings rest, the maps of the last snapshot do as the first: page states → maps,
 * and when that maps is the old one byte by byte, it held all the while. That saves half of what a
 * target of many mappings costs.
 */

#include "psc-capture-notes.h"
#include "psc-capture.h"
#include "psc-huge-reader.h"
#include "psc-page-reader.h"
#include "psc-proc-parser.h"
#include "psc-threads.h"

G_BEGIN_DECLS

struct _PscTarget
{
  PscProbe *probe;
  gint pid;
  guint handle;
  guint64 start_time;

  char *name; /* as it was called last, fit to be shown */
  /* Of the program that it ran last time; read anew when it runs another. */
  char *command;
  PscStat program;

  PscThreads *threads;
  PscHugeReader huge_reader;

  /* The last snapshot, and what else was seen with it. */
  PscSpace *last;
  PscCaptureOptions options;
  GBytes *maps; /* NULL: none that another could be compared with */
  PscPages pages;
  gboolean swap_in_use, may_hide_swap;
  PscStat stat;
  PscStatus status;
  guint n_guessed;
  gint64 read_usec; /* monotonic time */
  guint calm;       /* how often in a row maps was as before, from 0 to PSC_TARGET_CALM */

  PscCost cost; /* of the last refresh */
  gboolean reused;
};

/* From here on the plain order is not worth its price. */
#define PSC_TARGET_CALM 3

typedef struct
{
  PscTarget *target;
  const PscCaptureOptions *options;
  PscSpaceBuilder *builder;
  gboolean identified; /* the next two are read */
  PscStat stat;
  PscStatus status;
  gboolean alike;         /* all as at the target's last snapshot: there is no builder then */
  GBytes *maps;           /* that the builder's mappings are of */
  gboolean maps_held;     /* it was read again afterwards, and was the same */
  gboolean swap_in_use;   /* by whomever; read only if it matters */
  gboolean may_hide_swap; /* some page that looks untouched may be in it */
  guint n_torn;
  guint n_moved;
  guint n_guessed; /* mappings whose page size could not be read */
  gboolean truncated;
  gboolean smaps_read;
  gint64 smaps_hold_usec; /* each read of smaps holds the lock for a mapping at least */
  gint64 smaps_held_usec;
  GError *smaps_error;
  PscPages pages;
} PscAttempt;

void psc_attempt_clear (PscAttempt *attempt);

/* Stat, status and the command line, unless they were read. */
gboolean psc_attempt_identify (PscAttempt *attempt, GError **error);
/* Whether stat and status count the same memory and faults as at the target's last snapshot. */
gboolean psc_attempt_counts_as_last (const PscAttempt *attempt);
/* Reads maps. FALSE also when it can't be read. TRUE when it is as at the target's last snapshot,
 * byte by byte; if not, the attempt keeps it and begins with it. */
gboolean psc_attempt_maps_as_last (PscAttempt *attempt);

/* [stat and status →] page states → maps, for a target with a last snapshot. FALSE when it came out
 * that the mappings were not those of the last one, or anything failed: then read in the plain
 * order, with an attempt that keeps of this one what psc_attempt_begin_again() leaves. */
gboolean psc_attempt_read_as_last (PscAttempt *attempt);
void psc_attempt_begin_again (PscAttempt *attempt);
/* maps → page states → maps. FALSE when there is nothing to show; the errors are those of
 * psc_target_capture(). */
gboolean psc_attempt_read (PscAttempt *attempt, gboolean may_complement, GError **error);

/* Whether a COMPLEMENT step told of memory that was unmapped meanwhile, of which it says "all
 * there". */
gboolean psc_attempt_has_broken_complement (const PscAttempt *attempt);
/* Whether most of the map is another now: it ran another program meanwhile. */
gboolean psc_attempt_is_another_program (const PscAttempt *attempt);

/* The frozen snapshot, without its costs. Leaves in the target what the next one begins with. */
PscSpace *psc_attempt_finish (PscAttempt *attempt);

/* Reads stat alone. */
gboolean psc_target_read_stat (PscTarget *target, PscStat *stat, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PscAttempt, psc_attempt_clear)

G_END_DECLS
