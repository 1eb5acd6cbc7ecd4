/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The processes that the asker has open, and their files. A process is held by a descriptor of
 * its directory in /proc and everything is opened relative to that: once the process is gone it
 * gives ESRCH, whoever has its PID by then.
 */

#include "psc-probe-source.h"

struct probe_processes
{
  const struct probe_source *source;
  int directories[PSC_WIRE_MAX_HANDLES]; /* O_PATH, -1 where free; handle h is at h - 1 */
  /* stat and status, asked for at every look, -1 where not open. They tell of the process, whatever
   * program it runs; maps and the like are of one address space and go stale with it. */
  int kept[PSC_WIRE_MAX_HANDLES][2];
};

void probe_processes_init (struct probe_processes *processes, const struct probe_source *source);
/* Closes them all. */
void probe_processes_finish (struct probe_processes *processes);

/* Opens `name` in a process's directory for reading. The descriptor (close it), or minus an errno:
 * ESRCH when the process is gone, EOPNOTSUPP when only the file is missing. */
int probe_process_open_file (const struct probe_source *source, int directory, const char *name);
/* The same by handle; EBADF when that isn't open. */
int probe_processes_open_file (const struct probe_processes *processes, uint32_t handle,
                               const char *name);
/* A directory inside that of a process, for readdir(3); errors as above. */
int probe_processes_open_directory (const struct probe_processes *processes, uint32_t handle,
                                    const char *name);

/* Ships an open file as DATA frames, at most max_bytes of it; cost->items and ->truncated are then
 * as READ has them. Returns 0 or the errno of a read. */
int probe_process_ship (int fd, uint64_t max_bytes, struct probe_output *output,
                        struct probe_cost *cost);

/* Each answers one request, closing frame and all. */
void probe_processes_list (const struct probe_processes *processes, struct probe_output *output);
void
probe_processes_words (const struct probe_processes *processes, uint32_t handle, uint16_t table,
                       uint64_t first, uint32_t n_words, struct probe_output *output);
void probe_processes_threads (const struct probe_processes *processes, uint32_t handle,
                              struct probe_output *output);
void
probe_processes_open (struct probe_processes *processes, uint32_t pid, struct probe_output *output);
void probe_processes_close (struct probe_processes *processes, uint32_t handle,
                            struct probe_output *output);
/* The only one that writes: "1" to clear_refs, and only when the source says that it may. */
void probe_processes_clear_referenced (const struct probe_processes *processes, uint32_t handle,
                                       struct probe_output *output);
void probe_processes_read (struct probe_processes *processes, uint32_t handle, uint16_t file,
                           uint64_t max_bytes, struct probe_output *output);
