/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Shared memory that nobody maps any more: it takes memory until somebody removes it, whoever made
 * it, and no process's numbers show it.
 *
 * Reads the descriptors and the maps of all processes: 0.1 to 1 ms for each, more over a network.
 * Not for every refresh. Blocks like PscProbe. What is told is what was so a moment ago; a program
 * may mean to map again later what it holds.
 */

#include "psc-capture.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_ORPHAN_SYSV,     /* a System V segment with no attachments */
  PSC_ORPHAN_FILE,     /* a file in /dev/shm that no process maps or has open */
  PSC_ORPHAN_MEMFD,    /* a memfd that is open and mapped by nobody */
  PSC_ORPHAN_UNLINKED, /* the same of a file that was in /dev/shm and has no name any more */
  PSC_N_ORPHANS
} PscOrphanKind;

/* Who keeps it alive by having it open. */
typedef struct
{
  gint pid;
  guint fd;
  char *name; /* of the process, valid UTF-8 */
} PscOrphanHolder;

typedef struct
{
  PscOrphanKind kind;
  char *name;       /* "/dev/shm/x", "memfd:x", "0x0052e2c1" (a key): valid UTF-8, escaped */
  guint64 bytes;    /* resident or swapped: what would be had back */
  guint64 size;     /* bytes, as it was made */
  guint64 swapped;  /* part of bytes; SYSV only */
  guint uid;        /* owner */
  gint64 changed;   /* seconds since 1970: detached last (SYSV) or written last; 0: not known */
  gint shmid;       /* SYSV; else 0 */
  gint cpid, lpid;  /* SYSV: who made it, who attached or detached last; else 0 */
  GArray *holders;  /* of PscOrphanHolder, at least one of MEMFD and UNLINKED; else empty */
  gboolean certain; /* FALSE: a process that could not be looked at may map it after all */
  char *sentence;   /* what it is, translated */
  char *remedy;     /* what would remove it: a command, or a translated hint */
} PscOrphan;

typedef struct
{
  GPtrArray *orphans;           /* of PscOrphan, the largest first */
  guint64 bytes;                /* all together */
  guint64 kinds[PSC_N_ORPHANS]; /* the same by kind */
  guint n_processes;            /* looked at */
  guint n_unseen;               /* not allowed to look at */
  GPtrArray *notes; /* of char *: what makes the answer uncertain, translated sentences */
} PscOrphans;

typedef struct
{
  guint kinds; /* of 1 << PscOrphanKind; 0: all. SYSV alone is one small file. */
} PscOrphansOptions;

/* options NULL: the default. NULL with PSC_PROBE_ERROR when the processes can't be listed or the
 * probe broke; whatever else can't be read is in the notes. */
PscOrphans *psc_orphans_read (PscProbe *probe, const PscOrphansOptions *options, GError **error);
/* NULL is allowed. */
void psc_orphans_free (PscOrphans *orphans);

/* Whether this process made it, touched it last or holds it. A PID that was given to another
 * process meanwhile can't be told: compare `changed` with the process's start. */
gboolean psc_orphan_belongs (const PscOrphan *orphan, gint pid);
/* "sysv", "shm_file", "memfd", "unlinked": for JSON. */
const char *psc_orphan_kind_id (PscOrphanKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscOrphans, psc_orphans_free)

G_END_DECLS
