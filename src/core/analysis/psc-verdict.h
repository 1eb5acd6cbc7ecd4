/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What of a process grows: a judgement (psc-growth) on every part of its memory over a timeline,
 * by the nature of the part. The heap, anonymous and shared memory can leak; a stack frees itself;
 * code and data can't grow. What was before the last exec is another program's and doesn't count.
 * Pure; a verdict is frozen once made, and for any thread.
 *
 * A finding is told apart from the others by what, kind and label: that is the key under which
 * whoever knows more of it (who allocated it, say) keeps that.
 */

#include <json-glib/json-glib.h>
#include "psc-forecast.h"
#include "psc-growth.h"
#include "psc-timeline.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_FINDING_TOTAL,    /* all that the process has in memory and swap */
  PSC_FINDING_SEGMENT,  /* a segment that can leak: kind and label */
  PSC_FINDING_KIND,     /* all segments of one kind that can leak: when it grows by new ones */
  PSC_FINDING_STACK,    /* stacks of one kind */
  PSC_FINDING_MAPPINGS, /* how many mappings there are: counts, not bytes */
  PSC_FINDING_FIXED,    /* a kind that can't grow; not judged */
} PscFindingWhat;

/* The later, the worse. */
typedef enum
{
  PSC_SEVERITY_NOTHING,
  PSC_SEVERITY_NOTE,    /* rises, and it is too early to say more, or warms up */
  PSC_SEVERITY_GROWING, /* steadily */
  PSC_SEVERITY_LEAK,    /* and what grew is not used: likely a leak */
} PscSeverity;

typedef struct
{
  PscFindingWhat what;
  PscKind kind;      /* of SEGMENT, KIND, STACK, FIXED */
  const char *label; /* GRefString of a segment, as in PscSegment; else "" */
  PscAmount amount;  /* now */
  PscTrend trend;    /* of what is populated; not of FIXED */
  PscSeverity severity;
  /* It grows into what has long been mapped: so much is left of that, and then it ends, or maps
   * more. 0: no such end is known. */
  guint64 room_bytes;
  /* Resident, and of that not touched for a while, when psc_verdict_add_facts() told; else 0, 0. */
  guint64 looked_at_bytes, cold_bytes;
} PscFinding;

typedef struct
{
  PscFinding total;
  PscFinding *findings; /* the worst first, then the fastest, then the largest */
  guint n_findings;
  gint64 since_usec;     /* the first moment that counts */
  gint64 until_usec;     /* the last one */
  PscTrend own;          /* of what is populated and of no file: what there are limits of */
  PscTrend size;         /* of what is mapped */
  GPtrArray *forecasts;  /* of PscForecast, the soonest first; NULL without limits */
  guint64 orphan_bytes;  /* shared memory of this process that nobody maps any more */
  char *orphan_sentence; /* translated; NULL: none, or nobody looked */
} PscVerdict;

/* How much of a segment is cold. */
typedef struct
{
  PscKind kind;
  const char *label; /* GRefString, interned: as in PscSegment */
  guint64 resident, cold;
} PscColdSegment;

/* What else is known, to say more. All may be left out. */
typedef struct
{
  const PscLimits *limits; /* must live as long as the verdict */
  PscAmounts amounts;      /* with limits */
  const GArray *cold;      /* of PscColdSegment */
  guint64 orphan_bytes;
  const char *orphan_sentence;
} PscVerdictFacts;

/* Cold of all of a segment that makes its growth likely a leak: three quarters. */
#define PSC_VERDICT_COLD_SHARE 0.75

/* NULL when there is no moment. Segments that were never larger than PSC_GROWTH_LEAST_BYTES are
 * left out, and of more than 256 the smaller ones. O(moments · segments). */
PscVerdict *psc_verdict_new (const PscTimeline *timeline);
/* The same as it was judged at that time, of the moments until then; NULL when there is none. */
PscVerdict *psc_verdict_new_at (const PscTimeline *timeline, gint64 time_usec);
/* For who made the verdict, before anybody else has it. */
void psc_verdict_add_facts (PscVerdict *verdict, const PscVerdictFacts *facts);
/* PscColdSegment of each segment that can leak, from bytes of each mapping of a space: resident
 * and known to be cold or not, and cold. Free with g_array_unref(). */
GArray *
psc_cold_segments_new (const PscSpace *space, const guint64 *looked_at, const guint64 *cold);
/* NULL is allowed. */
void psc_verdict_free (PscVerdict *verdict);

/* What of an amount. */
typedef enum
{
  PSC_SERIES_POPULATED,
  PSC_SERIES_RESIDENT,
  PSC_SERIES_SWAPPED,
  PSC_SERIES_SIZE,
  PSC_SERIES_N_MAPPINGS,
} PscSeriesOf;

guint64 psc_amount_get (const PscAmount *amount, PscSeriesOf of);
/* Index of the first moment after the last exec until that time; 0 when there was none. */
guint psc_timeline_first_of_program (const PscTimeline *timeline, gint64 until_usec);

/* What a moment has of what the finding is of; all 0 when it has none. Borrowed from it. O(log n).
 */
const PscAmount *psc_finding_amount_at (const PscFinding *finding, const PscMoment *moment);
/* The finding that tells of a mapping: that of its segment, its stack or its kind. NULL when there
 * is none: it is too small, or belongs to what can't be told apart. Borrowed. */
const PscFinding *
psc_verdict_find_of (const PscVerdict *verdict, const PscSpace *space, const PscMapping *mapping);
/* The mapping of that finding that has most in memory; NULL when there is none in this space, or
 * the finding is of no mapping. Borrowed. O(mappings). */
const PscMapping *psc_finding_find_mapping (const PscFinding *finding, const PscSpace *space);

/* "Heap", "POSIX shared memory frames", "Java heap": for people, translated. Free with g_free(). */
char *psc_finding_dup_title (const PscFinding *finding);
/* "growing steadily, 3.1 MiB/min for 12 min", "can't leak: …": without title and full stop,
 * translated. Free with g_free(). */
char *psc_finding_dup_sentence (const PscFinding *finding);
/* Of the whole process: "nothing grows", "Heap: growing steadily, …", with what else grows.
 * Translated, free with g_free(). */
char *psc_verdict_dup_sentence (const PscVerdict *verdict);
/* The finding that grows fastest; NULL when nothing grows. Borrowed. */
const PscFinding *psc_verdict_get_worst (const PscVerdict *verdict);

/* The sentence, then a line for each finding that there is something to say of. Free with
 * g_free(). */
char *psc_verdict_to_text (const PscVerdict *verdict);
/* Keys are part of the command line's contract, in pagescape-cli(1). */
JsonNode *psc_verdict_to_json_node (const PscVerdict *verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscVerdict, psc_verdict_free)

G_END_DECLS
