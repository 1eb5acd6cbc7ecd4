/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The processes of a host at one moment, and how a person's word for one (a PID or a name) becomes
 * one of them. Blocks like PscProbe.
 */

#include "psc-probe.h"

G_BEGIN_DECLS

/* No kernel gives a higher PID: PID_MAX_LIMIT in include/linux/threads.h. */
#define PSC_PROCESS_MAX_PID (4 << 20)

typedef struct
{
  gint pid, ppid;
  guint uid;
  guint64 start_time; /* clock ticks since boot: pid and start_time name a process for good */
  guint64 size;       /* bytes of address space */
  guint64 resident;   /* bytes */
  guint64 shared;     /* bytes of the resident that are file or shared memory */
  guint64 minflt, majflt;
  guint64 cpu_ticks;
  gint n_threads;
  char state; /* as in stat: R S D Z T … */
  gboolean kernel_thread;
  char *name;    /* comm, valid UTF-8 */
  char *program; /* file name of argv[0], valid UTF-8; "" for kernel threads and zombies */
  char *command; /* valid UTF-8, one line; "" for kernel threads and zombies */
} PscProcess;

PscProcess *psc_process_copy (const PscProcess *process);
void psc_process_free (PscProcess *process);

/* All processes, by PID; array of PscProcess that owns them. */
GPtrArray *psc_process_list (PscProbe *probe, GError **error);

/* The readable process with the most resident memory whose user is `uid`, leaving out `except_pid`
 * and kernel threads; NULL when there is none. Borrowed from the list. */
const PscProcess *psc_process_list_largest (GPtrArray *processes, guint uid, gint except_pid);

#define PSC_TARGET_ERROR (psc_target_error_quark ())
GQuark psc_target_error_quark (void);
typedef enum
{
  PSC_TARGET_ERROR_NONE,    /* nothing of that name or number */
  PSC_TARGET_ERROR_SEVERAL, /* the name is not unique: the message lists up to five */
  PSC_TARGET_ERROR_INVALID, /* empty, or a number no PID can have */
} PscTargetError;

/* A PID in decimal, or a process name: exactly comm, else exactly the file name of argv[0].
 * Returns a borrowed entry. */
const PscProcess *psc_process_list_find (GPtrArray *processes, const char *target, GError **error);

/* A user's name. The probe's numbers mean something to this machine's user database only when the
 * probe runs on this machine: elsewhere, and for numbers without a name, the number in decimal.
 * Free with g_free(). */
char *psc_user_dup_name (PscProbe *probe, guint uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProcess, psc_process_free)

G_END_DECLS
