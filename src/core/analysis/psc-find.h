/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Finds in an address space what a query asks for. Pure; any thread.
 *
 * Memory that an owner has as a whole (a heap of many mappings, one stack of several in a mapping)
 * is one hit when its owner is asked for. A mapping that was asked for as well is then no hit of
 * its own, but for what the owner leaves of it.
 */

#include "psc-query.h"

G_BEGIN_DECLS

/* More hits than these are counted as "more". */
#define PSC_FIND_MAX_HITS 65536

/* Not an address. */
#define PSC_FIND_NO_ADDRESS G_MAXUINT64

typedef struct
{
  guint64 start, end;    /* mapped, in part at least; [start, end) */
  guint64 address;       /* that was asked for, in the page [start, end); PSC_FIND_NO_ADDRESS */
  const PscOwner *owner; /* that was asked for, of the space; NULL: none */
} PscHit;

typedef struct
{
  PscHit *hits; /* by start, then by end; no two with the same of both */
  guint n_hits;
  gboolean more; /* there are more than these */
  char *meaning; /* how the query was understood: of its terms those that found something, else all;
                    for people, on one line */
  char *nothing; /* why nothing was found where that can be said better than by the meaning ("… is
                    not mapped"); NULL otherwise */
} PscFound;

/* Never NULL. The hits refer to the space. O(mappings + owners + hits log hits). */
PscFound *psc_find (const PscQuery *query, const PscSpace *space);
/* NULL is allowed. */
void psc_found_free (PscFound *found);

/* What is at a hit, for people: its owner's label, the mapping's, and for an address how far it
 * lies from where that begins: "libc.so.6+0x1234". Valid UTF-8 on one line; free with g_free(). */
char *psc_hit_dup_label (const PscSpace *space, const PscHit *hit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscFound, psc_found_free)

G_END_DECLS
