/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * PscAge: since when each page of a process is there, as far as somebody has been looking. Follows
 * the changes from snapshot to snapshot and keeps a stretch for what has appeared within the last
 * ten minutes, so a process that sleeps costs nothing. One thread at a time.
 */

#include "psc-space.h"
#include "psc-traits.h"

G_BEGIN_DECLS

/* The value of a trait, and the entries of the lens. */
typedef enum
{
  PSC_AGE_NEW,       /* appeared less than 2 s ago */
  PSC_AGE_SECONDS,   /* less than 10 s */
  PSC_AGE_MINUTE,    /* less than a minute */
  PSC_AGE_MINUTES,   /* less than ten minutes */
  PSC_AGE_OLDER,     /* longer ago, or there when looking began */
  PSC_AGE_UNTOUCHED, /* no memory behind it */
  PSC_AGE_UNKNOWN,   /* could not be read, now or when it appeared */
  PSC_N_AGES
} PscAgeClass;

typedef struct _PscAge PscAge;

/* What appeared so long ago, in microseconds, is older, and not followed any more. */
#define PSC_AGE_MOST_USEC (600 * G_USEC_PER_SEC)

/* Most stretches that are kept; with more it begins anew, as if looking began then. */
#define PSC_AGE_MAX_STRETCHES (4u << 20)

PscAge *psc_age_new (void);
/* As it is now. O(stretches). */
PscAge *psc_age_copy (const PscAge *age);
/* NULL is allowed. */
void psc_age_free (PscAge *age);
/* Two snapshots that follow on each other, and psc_change_new() of them: what appeared is as old as
 * `now`. O(stretches + changes + mappings). */
void psc_age_add (PscAge *age, const PscSpace *now, const PscTraits *changes);
/* How old pages are at a moment: traits for all whose class is not what their state tells (see
 * psc_age_of_class()). Never NULL. O(stretches). */
PscTraits *psc_age_dup_traits (const PscAge *age, gsize page_size, gint64 time_usec);
/* Of a space of which nothing is known about before: everything populated is unknown. O(runs). */
PscTraits *psc_age_new_unknown_traits (const PscSpace *space);
guint psc_age_get_n_stretches (const PscAge *age);

/* The age of pages that have no trait: older, untouched or unknown. */
PscAgeClass psc_age_of_class (PscPageClass klass);
/* Of a page that appeared so long ago. */
PscAgeClass psc_age_of_usec (gint64 usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscAge, psc_age_free)

G_END_DECLS
