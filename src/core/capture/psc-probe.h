/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The client of pagescape-probe: spawns it, asks, checks what comes back. Blocks: call it from a
 * worker, never from the thread of the window. One conversation at a time; an internal lock makes
 * a PscProbe usable from several threads, one after another. Reference counted.
 *
 * Nothing that the probe sends is trusted: lengths, tags and types are checked, and a probe that
 * breaks the protocol is given up (every later call fails with PSC_PROBE_ERROR_BROKEN).
 */

#include <gio/gio.h>
#include "psc-wire.h"

G_BEGIN_DECLS

#define PSC_PROBE_ERROR (psc_probe_error_quark ())
GQuark psc_probe_error_quark (void);

typedef enum
{
  PSC_PROBE_ERROR_SPAWN,       /* the command could not be started, or ended before it said hello */
  PSC_PROBE_ERROR_BROKEN,      /* it ended or broke the protocol */
  PSC_PROBE_ERROR_GONE,        /* no such process, or it ended (ESRCH, ENOENT) */
  PSC_PROBE_ERROR_DENIED,      /* EACCES, EPERM */
  PSC_PROBE_ERROR_UNSUPPORTED, /* ENOTTY, EINVAL, ENOSYS, EOPNOTSUPP: this kernel can't */
  PSC_PROBE_ERROR_NO_MEMORY_MAP, /* a kernel thread or a zombie: it has no address space */
  PSC_PROBE_ERROR_FAILED,        /* any other errno */
} PscProbeError;

/* Makes the error for an errno that the kernel gave: "Can't read maps of process 42: Permission
 * denied". `doing` is "read maps", `subject` "process 42". */
void psc_probe_set_errno (GError **error, int errnum, const char *doing, const char *subject);

typedef struct _PscProbe PscProbe;

/* What HELLO told. Strings are valid UTF-8. */
typedef struct
{
  guint version;
  gsize page_size;
  guint uid;
  guint64 capabilities;    /* effective set, bits of capabilities(7) */
  guint64 scan_categories; /* PSC_WIRE_PAGE_* that the kernel accepts; 0: no PAGEMAP_SCAN */
  guint features;          /* PSC_WIRE_FEATURE_* */
  guint clock_ticks;       /* per second */
  const char *host, *release, *machine;
} PscHost;

/* Spawns argv (NULL-terminated, argv[0] looked up in PATH) and says hello. */
PscProbe *psc_probe_new (const char *const *argv, GError **error);
/* The probe of this machine, or of a recorded tree when root is not NULL. Found at
 * $PAGESCAPE_PROBE, else beside the running program (as in a build tree), else where it was
 * installed, else in PATH. `extra` (may be NULL) are further arguments. */
PscProbe *psc_probe_new_local (const char *root, const char *const *extra, GError **error);
/* The probe behind a command line as a shell would take it apart ("sudo", "ssh db1", "podman exec
 * -i web"): the words of `command`, then the probe's path as psc_probe_new_local() finds it, then
 * its arguments. When one of the words names a pagescape-probe already, that word stands for the
 * path: this is how a host with another path is reached. `command` NULL: psc_probe_new_local(). */
PscProbe *psc_probe_new_via (const char *command, const char *root, GError **error);
/* The same with further arguments for the probe behind its own; `extra` may be NULL. */
PscProbe *psc_probe_new_via_with (const char *command, const char *root, const char *const *extra,
                                  GError **error);
PscProbe *psc_probe_ref (PscProbe *probe);
void psc_probe_unref (PscProbe *probe);
const PscHost *psc_probe_get_host (PscProbe *probe);

/* What the probe cost so far, all conversations. For differences. */
typedef struct
{
  gint64 busy_usec;         /* in the kernel's interfaces, without sleeps */
  guint64 bytes;            /* that came over the wire */
  gint64 last_longest_usec; /* longest single call of the last request */
} PscProbeMeter;
void psc_probe_get_meter (PscProbe *probe, PscProbeMeter *meter);

/* One frame of a LIST, as it came. Pointers are valid during the call, which must not call the
 * probe. */
typedef struct
{
  guint pid, uid;
  const char *stat, *statm, *cmdline; /* NULL when not readable */
  gsize stat_length, statm_length, cmdline_length;
} PscProbeProcess;
typedef void (*PscProbeProcessFunc) (const PscProbeProcess *process, gpointer user_data);
gboolean
psc_probe_list (PscProbe *probe, PscProbeProcessFunc func, gpointer user_data, GError **error);

/* Opens a process; *handle names it until closed or the probe ends. */
gboolean
psc_probe_open (PscProbe *probe, gint pid, guint *handle, guint64 *start_time, GError **error);
void psc_probe_close (PscProbe *probe, guint handle);

/* A whole file, at most max_bytes of it (then *truncated, may be NULL). NUL-terminated beyond its
 * length. NULL on error. Handle 0 for system-wide files. */
GBytes *psc_probe_read (PscProbe *probe, guint handle, enum psc_wire_file file, guint64 max_bytes,
                        gboolean *truncated, GError **error);

/* What a scan cost and where it ended. */
typedef struct
{
  guint64 n_regions, n_calls;
  gint64 busy_usec;    /* in the kernel, without sleeps */
  gint64 longest_usec; /* longest single call */
} PscProbeCost;

/* Called with regions in address order, in batches; must not call the probe. Ranges of a scan must
 * be in address order and must not overlap. */
typedef void (*PscProbeRegionFunc) (const struct psc_wire_region *regions, gsize n_regions,
                                    gpointer user_data);

/* Page states by PAGEMAP_SCAN. The probe grows and shrinks its steps so that a call stays about
 * hold_usec, and sleeps sleep_usec after every call that took a good part of that, so that a
 * writer waiting for the target's mmap lock gets it. hold_usec 0: one call per range, no sleep. */
gboolean psc_probe_scan (PscProbe *probe, guint handle, const struct psc_wire_scan_range *ranges,
                         gsize n_ranges, guint hold_usec, guint sleep_usec, PscProbeRegionFunc func,
                         gpointer user_data, PscProbeCost *cost, GError **error);
/* Page states by reading pagemap: [start, end) from the first two fields of each range. Bits are
 * PSC_WIRE_PAGEMAP_*. */
gboolean
psc_probe_pagemap (PscProbe *probe, guint handle, const struct psc_wire_scan_range *ranges,
                   gsize n_ranges, guint hold_usec, guint sleep_usec, PscProbeRegionFunc func,
                   gpointer user_data, PscProbeCost *cost, GError **error);
/* answers[i] for addresses[i]. */
gboolean psc_probe_query (PscProbe *probe, guint handle, const guint64 *addresses,
                          gsize n_addresses, struct psc_wire_query_answer *answers, GError **error);

/* Words [first, first + n_words) of a table, as the kernel gives them (see PROTOCOL.md); at most
 * PSC_WIRE_MAX_WORDS. Returns how many there were, which may be fewer; -1 on error. Handle 0 for
 * the tables of the machine. */
gssize psc_probe_words (PscProbe *probe, guint handle, enum psc_wire_table table, guint64 first,
                        guint n_words, guint64 *words, GError **error);

/* One frame of a THREADS, as it came. Pointers are valid during the call. */
typedef struct
{
  guint tid;
  const char *comm, *syscall; /* NULL when not readable */
  gsize comm_length, syscall_length;
  int syscall_errno; /* why it is not readable */
} PscProbeThread;
typedef void (*PscProbeThreadFunc) (const PscProbeThread *thread, gpointer user_data);
/* *truncated (may be NULL): the process has more than PSC_WIRE_MAX_THREADS. */
gboolean psc_probe_threads (PscProbe *probe, guint handle, PscProbeThreadFunc func,
                            gpointer user_data, gboolean *truncated, GError **error);

/* A file of the control group at `path` beneath a hierarchy ("a/b", any bytes, no leading slash; ""
 * is the topmost), whole, NUL-terminated beyond its length. NULL on error: UNSUPPORTED also when
 * there is no such group, or no such file in it. */
GBytes *psc_probe_read_cgroup (PscProbe *probe, enum psc_wire_hierarchy hierarchy, const char *path,
                               enum psc_wire_cgroup_file file, GError **error);

/* One frame of an ENTRIES, as it came. Pointers are valid during the call and not terminated. */
typedef struct
{
  int errnum; /* why the numbers are not known, 0 when they are */
  guint32 mode, uid, links, dev_major, dev_minor;
  guint64 inode, size, allocated; /* bytes */
  gint64 changed;                 /* seconds since 1970 */
  const char *name, *target;      /* target: "" but for descriptors */
  gsize name_length, target_length;
} PscProbeEntry;
typedef void (*PscProbeEntryFunc) (const PscProbeEntry *entry, gpointer user_data);
/* Handle 0 for /dev/shm, with a path beneath it (as psc_probe_read_cgroup() takes it); a process's
 * for its descriptors, with "". *truncated: there are more than PSC_WIRE_MAX_ENTRIES. */
gboolean psc_probe_entries (PscProbe *probe, guint handle, enum psc_wire_directory directory,
                            const char *path, PscProbeEntryFunc func, gpointer user_data,
                            gboolean *truncated, GError **error);

/* Makes the kernel forget which pages the process has touched: see PROTOCOL.md for what that does
 * to it. Works only with a probe that was started with "--may-clear-referenced" (feature CLEAR).
 * *busy_usec (may be NULL) is how long it took. */
gboolean
psc_probe_clear_referenced (PscProbe *probe, guint handle, gint64 *busy_usec, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscProbe, psc_probe_unref)

G_END_DECLS
