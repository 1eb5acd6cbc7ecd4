/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What has changed between two snapshots of one process, page by page. Pure, any thread.
 */

#include "psc-space.h"
#include "psc-traits.h"

G_BEGIN_DECLS

/* The value of a trait. Every page of the later snapshot is in exactly one of these. */
typedef enum
{
  PSC_CHANGE_UNCHANGED, /* populated then and now */
  PSC_CHANGE_APPEARED,  /* populated now, and was not: touched for the first time */
  PSC_CHANGE_COPIED,    /* a copy of the process's own now, was the page of the file itself: it was
                           written to in a private mapping */
  PSC_CHANGE_GONE,      /* given back: was populated, its mapping is still there */
  PSC_CHANGE_SWAPPED_OUT, /* in swap now, was not */
  PSC_CHANGE_SWAPPED_IN,  /* came back from swap */
  PSC_CHANGE_BECAME_HUGE, /* in a huge page mapped as one now, was in base pages */
  PSC_CHANGE_SPLIT,       /* the other way round */
  PSC_CHANGE_MAPPED,      /* of memory that was not mapped then; nothing behind it yet */
  PSC_CHANGE_UNTOUCHED,   /* no memory behind it, then and now (a zero page is none) */
  PSC_CHANGE_UNKNOWN,     /* not known then, or not now */
  PSC_N_CHANGES
} PscChange;

typedef struct
{
  guint64 bytes[PSC_N_CHANGES]; /* of the later snapshot; they add up to its size */
  guint64 unmapped;             /* bytes mapped then and not now: they are on no map */
  guint64 unmapped_populated;   /* of these, what was populated */
} PscChangeSums;

/* Traits of `now` for all pages whose PscChange is not what their state alone tells (see
 * psc_change_of_class()), so a process that sleeps has none. Both must be of one process and have
 * one page size. A mapping is the same as before when it lies at the same addresses and is of the
 * same file at the same place, or of none; mprotect, which only cuts mappings up, changes nothing.
 * sums may be NULL. O(mappings + runs of both). */
PscTraits *psc_change_new (const PscSpace *then, const PscSpace *now, PscChangeSums *sums);

/* The same where there may be nothing to compare with: `then` NULL, `now` itself, or of pages of
 * another size; then there are no traits. */
PscTraits *psc_change_new_since (const PscSpace *then, const PscSpace *now);

/* Is it the same memory, mapped by the same call as far as can be told: of the same file at the
 * same place, or of none? For mappings of two moments that share addresses. */
gboolean psc_change_same_memory (const PscMapping *then, const PscMapping *now);

/* "unchanged", "appeared", …: a JSON key, and the id of the lens's entry. */
const char *psc_change_id (PscChange change);

/* The change of pages that have no trait, by their class now: unchanged, untouched or unknown. */
PscChange psc_change_of_class (PscPageClass klass);
/* The change of a page by its PscPageState bits then and now (0: absent). tells_huge: both moments
 * can tell huge pages, or neither; else nothing becomes huge or splits. O(1). */
PscChange psc_change_of_states (guint16 then, guint16 now, gboolean tells_huge);
/* The same of a page that was not mapped then. */
PscChange psc_change_of_fresh (guint16 now);
/* In RAM or in swap? */
gboolean psc_change_is_populated (PscPageClass klass);

G_END_DECLS
