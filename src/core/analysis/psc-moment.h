/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscMoment: the sums of one snapshot, and what happened since the one before. Small, so that a
 * process may be watched for hours: timelines, growth verdicts and recordings stand on moments, the
 * map on snapshots. Frozen once made, reference counted, any thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* Bytes, but for n_mappings. What is in memory or swap on behalf of the process is
 * psc_amount_populated(). */
typedef struct
{
  guint64 size;     /* of mappings */
  guint64 resident; /* as smaps Rss */
  guint64 swapped;
  guint64 hugetlb;
  guint64 n_mappings;
} PscAmount;

static inline guint64
psc_amount_populated (const PscAmount *amount)
{
  return amount->resident + amount->swapped + amount->hugetlb;
}

/* A part of the memory of kinds that can leak (psc_kind_nature()), told apart by who owns it or by
 * its name: "glibc arena", "Java heap", "/dev/shm/frames". All that has neither is one segment. */
typedef struct
{
  PscKind kind;
  const char *label; /* a GRefString, interned: equal labels are one pointer. Valid UTF-8,
                        untranslated, "" when there is none. */
  PscAmount amount;
} PscSegment;

typedef enum
{
  PSC_EVENT_GREW,        /* a mapping became longer: the heap by brk, a stack */
  PSC_EVENT_SHRANK,      /* shorter, or parts of it went */
  PSC_EVENT_MAPPED,      /* mappings came */
  PSC_EVENT_UNMAPPED,    /* mappings went as a whole */
  PSC_EVENT_BECAME_HUGE, /* base pages were collapsed to huge ones */
  PSC_EVENT_SPLIT,       /* huge pages were split */
  PSC_EVENT_SWAPPED_OUT,
  PSC_EVENT_SWAPPED_IN,
  PSC_EVENT_EXEC, /* runs another program: nothing before compares with what follows */
  PSC_N_EVENTS
} PscEventType;

/* What happened to memory of one kind between two looks; at most one of each type and kind. */
typedef struct
{
  gint64 time_usec; /* of the moment that saw it */
  PscEventType type;
  PscKind kind;
  guint64 start, end; /* the largest single stretch it happened to; both 0 for exec */
  guint64 bytes;      /* in all stretches together */
  guint64 n;          /* stretches */
  const char *label;  /* GRefString, interned: of the mapping of the largest; "" when none */
} PscEvent;

typedef struct
{
  gatomicrefcount ref_count;          /* private */
  gint64 time_usec;                   /* wall clock, microseconds since 1970 */
  guint64 minor_faults, major_faults; /* as in PscSpace: since the process began, or unknown */
  guint64 vm_pte;                     /* bytes of page tables; 0 when unknown */
  guint n_threads;
  gboolean pages_known; /* FALSE: resident, swapped, hugetlb and huge are not known, not 0 */
  PscAmount total;
  guint64 huge;
  PscAmount kinds[PSC_N_KINDS];
  PscSegment *segments; /* by kind, then by label (strcmp); all of one kind add up to it */
  guint n_segments;
  PscEvent *events; /* by type, then by kind */
  guint n_events;
} PscMoment;

/* Most segments with a label of their own; what comes after goes without. */
#define PSC_MOMENT_MAX_SEGMENTS 1024

/* then: the snapshot before of the same process, or NULL when there is none (then there are no
 * events). O(mappings + runs of both). */
PscMoment *psc_moment_new (const PscSpace *then, const PscSpace *now);
/* Another moment at which all was as at this one: no events. O(segments). */
PscMoment *psc_moment_new_alike (const PscMoment *moment, gint64 time_usec);
/* The moment after `before`, which was of `then`; both NULL for the first. Where `now` is `then`,
 * the snapshot that was handed out again, it is alike, at time_usec; else as psc_moment_new() makes
 * it.
 */
PscMoment *psc_moment_new_after (const PscMoment *before, const PscSpace *then, const PscSpace *now,
                                 gint64 time_usec);
/* For those who read moments from a file: takes arrays of PscSegment and PscEvent (either may be
 * NULL) and sorts them; all else is copied from `values`. Labels must be GRefStrings from
 * g_ref_string_new_intern(), and are taken. */
PscMoment *psc_moment_new_take (const PscMoment *values, GArray *segments, GArray *events);
PscMoment *psc_moment_ref (PscMoment *moment);
/* NULL is allowed. */
void psc_moment_unref (PscMoment *moment);
/* NULL when there is no such segment at that moment. The label is compared by its bytes. O(log
 * n). */
const PscSegment *
psc_moment_find_segment (const PscMoment *moment, PscKind kind, const char *label);

/* "grew", "mapped", "became_huge", …: for JSON and recordings. */
const char *psc_event_type_id (PscEventType type);
gboolean psc_event_type_from_id (const char *id, PscEventType *type);
/* "Heap grew by 132 KiB", for people, translated. Free with g_free(). */
char *psc_event_dup_sentence (const PscEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscMoment, psc_moment_unref)

G_END_DECLS
