/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The way out: frames of the answer to one request at a time, and what the answer cost. Small
 * frames are gathered so that a list of hundreds of processes is a few writes; large ones go out
 * as they are. After the first failed write everything here does nothing; `error` says why, and
 * long loops look at it.
 */

#include "psc-wire.h"

/* What END reports. */
struct probe_cost
{
  uint64_t items;
  uint64_t busy_nsec;
  uint64_t longest_nsec;
  uint64_t calls;
  bool truncated;
  uint64_t worked_nsec; /* private: the clock of probe_cost_add_working() as it was last */
};

struct probe_output
{
  int fd;
  int error;    /* errno of the first write that failed, 0 before */
  uint32_t tag; /* of the request that is being answered */
  size_t length;
  uint8_t bytes[64u << 10]; /* frames not written yet */
};

/* The wall clock for costs, nanoseconds, never going back. */
uint64_t probe_cost_now (void);
/* Counts one kernel call that began at `began_nsec`; returns how long it took. */
uint64_t probe_cost_add (struct probe_cost *cost, uint64_t began_nsec);
/* The same by the clock that stands while this process waits: for calls that hold a lock of the
 * target. Waiting for the lock is not holding it, and a target that is busy with it makes a scanner
 * wait as long as it works. Reading that clock is a system call, so a call counts from the end of
 * the one before, or from begin. */
void probe_cost_begin_working (struct probe_cost *cost);
uint64_t probe_cost_add_working (struct probe_cost *cost);

/* fd is a pipe or socket that blocks. */
void probe_output_init (struct probe_output *output, int fd);
/* A frame with the present tag; length at most PSC_WIRE_MAX_REPLY. */
void probe_output_frame (struct probe_output *output, uint16_t type, uint32_t error,
                         const void *payload, size_t length);
/* END. Like any frame it may wait for a flush: several requests may have been written ahead. */
void probe_output_end (struct probe_output *output, uint32_t error, const struct probe_cost *cost);
/* Everything that was gathered goes out. */
void probe_output_flush (struct probe_output *output);
/* True when nobody can read any more; sets `error` then. One poll(2), does not block. */
bool probe_output_is_gone (struct probe_output *output);
