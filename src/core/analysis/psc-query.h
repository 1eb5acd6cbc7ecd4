/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What somebody looks for in a process, in one line of text, and how it is understood:
 *
 *  - an address: 7f3a12345000, 0x7f3a12345000, "7f3a 1234 5000" as the ruler writes it
 *  - an address from a beginning on: 7f3a12345000+1f0, libc.so.6+0x1234, heap+1M. An offset is in
 *    hex like an address, or a decimal number with K, M, G or T.
 *  - a range: 7f3a12345000-7f3a12346000, with or without 0x
 *  - permissions: rwx, r-x, rw-s (- is "not"), w+x (the others as they like)
 *  - a segment kind: its id or words of its title: heap, stack, anon, jit
 *  - a property: deleted, shared, private, huge, swapped, moving
 *  - the number of a thread: 4711
 *  - any part of a name: of a file, an owner, a thread; case is ignored
 *
 * A text may be several of these at once ("cafe"); then it means each of them. A word and a colon
 * in front ("name:", "owner:", "thread:", "kind:", "perms:", "address:") leave only the one.
 *
 * What to search in and how is psc-find.h. Immutable; any thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* Bytes of text; more is refused. */
#define PSC_QUERY_MAX_LENGTH 512

#define PSC_QUERY_ERROR (psc_query_error_quark ())
GQuark psc_query_error_quark (void);
typedef enum
{
  PSC_QUERY_ERROR_EMPTY,   /* nothing to look for: no reason to complain while somebody types */
  PSC_QUERY_ERROR_INVALID, /* can't be understood; the message says why, in one line */
} PscQueryError;

/* One of the things that a text means. */
typedef enum
{
  PSC_TERM_ADDRESS, /* `start`: the page there */
  PSC_TERM_RANGE,   /* what is mapped in [start, end) */
  PSC_TERM_OFFSET,  /* `offset` bytes from where something whose name is `text` begins */
  PSC_TERM_NAME,    /* mappings whose name contains `text` */
  PSC_TERM_OWNER,   /* memory whose owner's label contains `text`; not of threads */
  PSC_TERM_THREAD,  /* stacks of threads whose name contains `text` */
  PSC_TERM_TID,     /* the stack of thread `tid` */
  PSC_TERM_KIND,    /* mappings of `kinds` */
  PSC_TERM_PERMS,   /* mappings with all of `perms_set` and none of `perms_clear` */
  PSC_TERM_PROPERTY,
  PSC_N_TERM_TYPES
} PscTermType;

typedef enum
{
  PSC_PROPERTY_DELETED, /* of a deleted file */
  PSC_PROPERTY_SHARED,
  PSC_PROPERTY_PRIVATE,
  PSC_PROPERTY_HUGE,    /* with transparent huge pages in it, or of the huge-page pool */
  PSC_PROPERTY_SWAPPED, /* with pages in swap */
  PSC_PROPERTY_MOVING,  /* changed while it was read */
  PSC_N_PROPERTIES
} PscProperty;

/* Members that a type does not speak of above are 0. */
typedef struct
{
  PscTermType type;
  guint64 start, end;
  guint64 offset; /* also of an address that was written as a sum */
  char *text;
  char *folded; /* case-folded; NULL when the text is ASCII or not UTF-8 */
  gint tid;
  guint32 kinds; /* 1 << PscKind */
  guint8 perms_set, perms_clear;
  guint8 property;
  gboolean is_plain; /* an address that can't be meant as a name */
} PscTerm;

G_STATIC_ASSERT (PSC_N_KINDS <= 32);

typedef struct
{
  PscTerm terms[PSC_N_TERM_TYPES]; /* at most one of each type */
  guint n_terms;                   /* at least 1 */
} PscQuery;

/* NULL with PSC_QUERY_ERROR. `text` may be any bytes. */
PscQuery *psc_query_parse (const char *text, GError **error);
/* NULL is allowed. */
void psc_query_free (PscQuery *query);

/* How it is understood, for people: "address 0x7f3a12345000", "mappings whose name contains
 * “libc”", several joined by "or". Only the terms in `mask` (1 << index), and of kinds only
 * those in `kinds` (1 << PscKind); G_MAXUINT: all. Valid UTF-8 on one line; free with g_free(). */
char *psc_query_dup_meaning (const PscQuery *query, guint mask, guint32 kinds);

/* Whether a name (any bytes) contains the text of the term, whatever the case. O(length). */
gboolean psc_term_matches (const PscTerm *term, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscQuery, psc_query_free)

G_END_DECLS
