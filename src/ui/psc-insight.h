/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscInsight: what a window knows of how its process uses memory beyond one snapshot: the verdict
 * of what is shown, what of it is cold, shared memory that nobody maps any more. Whoever finds that
 * out tells it here, inspector and bar read it. Thread of the window only.
 *
 * Signal "changed", without arguments: any of it.
 */

#include <glib-object.h>
#include "psc-judgement.h"
#include "psc-orphans.h"

G_BEGIN_DECLS

#define PSC_TYPE_INSIGHT (psc_insight_get_type ())
G_DECLARE_FINAL_TYPE (PscInsight, psc_insight, PSC, INSIGHT, GObject)

PscInsight *psc_insight_new (void);

/* Another process: nothing is known. */
void psc_insight_forget (PscInsight *self);

/* A reference is taken. note: what must be said with it, a translated sentence, or NULL. */
void psc_insight_set_judgement (PscInsight *self, PscJudgement *judgement, const char *note);
/* Borrowed; NULL: nothing has been judged yet. */
PscJudgement *psc_insight_get_judgement (PscInsight *self);
const char *psc_insight_get_note (PscInsight *self);

/* What a look for cold memory gave. */
typedef struct
{
  PscCold *cold;
  gint64 time_usec; /* wall clock of the look */
  gint64 span_usec; /* from clearing to looking; 0: read from frames */
} PscColdLook;

/* Takes the cold. */
void psc_insight_take_cold (PscInsight *self, PscCold *cold, gint64 time_usec, gint64 span_usec);
/* Borrowed; NULL: nobody looked. */
const PscColdLook *psc_insight_get_cold (PscInsight *self);
/* Of PscColdSegment, for verdicts; NULL: nobody looked, or in a way that proves nothing. Borrowed.
 */
GArray *psc_insight_get_cold_segments (PscInsight *self);
/* What of all was touched: "12 MiB of 100 MiB in 10 s (12:03:45)"; NULL: nobody looked. Free with
 * g_free(). */
char *psc_insight_dup_cold (PscInsight *self);

/* Takes what was found on the machine; `pid` is the process whose part is told. */
void psc_insight_take_orphans (PscInsight *self, PscOrphans *orphans, gint pid);
/* Bytes of the process that nobody maps any more, and a sentence on them: NULL when there are none,
 * or nobody looked. Borrowed. */
const char *psc_insight_get_orphans (PscInsight *self, guint64 *bytes);

/* What the verdict says of a mapping's part of memory; NULL: nothing. Free with g_free(). */
char *psc_insight_dup_growth (PscInsight *self, const PscSpace *space, const PscMapping *mapping);
/* "12 MiB of 100 MiB in 10 s (12:03)"; NULL: nobody looked, or it was not there. Likewise. */
char *psc_insight_dup_touched (PscInsight *self, const PscMapping *mapping);
/* What control groups leave, of the one that leaves least: "512 MiB of control group /a, 300 MiB
 * used"; NULL: there is no such limit, or it isn't known. Likewise. */
char *psc_insight_dup_limit (PscInsight *self);

/* The words with a capital letter first, as they stand alone. Free with g_free(). */
char *psc_insight_dup_sentence (const char *words);

G_END_DECLS
