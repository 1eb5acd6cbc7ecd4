/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Parser of /proc/sysvipc/shm (proc(5)): the System V shared memory segments of the reader's IPC
 * namespace. Takes any bytes. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 key; /* as a signed number; 0: private */
  guint64 shmid;
  guint64 perms; /* octal there; 01000 is SHM_DEST: goes with the last who detaches */
  guint64 size;  /* bytes, as asked for */
  guint64 cpid, lpid;
  guint64 n_attached;
  guint64 uid;
  guint64 detached, changed; /* seconds since 1970; 0: never */
  guint64 resident, swapped; /* bytes */
} PscSysvSegment;

/* Array of PscSysvSegment, as many as there are; lines that have not the form are left out and
 * counted in *n_bad (may be NULL), and so is a last line without its newline. NULL when the head
 * line is not the one that names the columns, or names no rss and swap (before Linux 2.6.37). */
GArray *psc_sysv_parse (const char *text, gsize length, guint *n_bad);

G_END_DECLS
