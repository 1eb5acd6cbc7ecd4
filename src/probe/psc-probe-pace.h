/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How far one kernel call of a scan should reach, learnt from how long the last one took, and when
 * to sleep. Pure but for the sleep.
 *
 * A scan holds the target's mmap lock for the whole call. A writer (mmap, munmap, brk, mprotect)
 * that waits meanwhile gets the lock only when the scanner stays away for a moment: a scanner
 * that comes back at once starves it for milliseconds, however short its calls are. Hence the
 * sleeps.
 *
 * Two bounds, because dense memory can follow a hole of terabytes and nothing tells before:
 * the step bounds the addresses that a call walks, and grows fast over holes; n_pages
 * bounds the matching pages that it may find, and starts over after each call that found none,
 * so that the first touch of dense memory is short even when the step had grown to terabytes.
 */

#include <stdbool.h>
#include <stdint.h>

/* What a scan begins with for each microsecond of hold, and what it never goes beyond.
 * 4.1 to 15 ns a page and 0.4 us a mapping were measured, so that the beginning takes a twentieth
 * of the hold in dense memory, and one and a half holds where every page is a mapping of its own.
 */
#define PROBE_PACE_FIRST_BYTES (UINT64_C (16) << 10)
#define PROBE_PACE_FIRST_PAGES UINT64_C (4)
#define PROBE_PACE_MOST_PAGES  UINT64_C (256)
/* A predicate that matches holes can't be bounded by pages: the step itself has to be. */
#define PROBE_PACE_MOST_BYTES_UNBOUNDED (UINT64_C (8) << 20)
/* No step is shorter: one last-level page table of 4 KiB pages. */
#define PROBE_PACE_LEAST_BYTES (UINT64_C (2) << 20)
#define PROBE_PACE_LEAST_PAGES UINT64_C (512)

struct probe_pace
{
  uint64_t hold_nsec; /* 0: no pace, bounds are UINT64_MAX and there are no sleeps */
  uint64_t sleep_nsec;
  uint64_t step; /* bytes that the next call may walk, a multiple of least_step */
  uint64_t least_step, most_step;
  uint64_t n_pages;   /* matching pages that the next call may find; 0: no limit */
  uint64_t owed_nsec; /* held since the last sleep */
};

/* What became of a call. */
struct probe_pace_call
{
  uint64_t elapsed_nsec;
  bool reached_end;   /* walked all of the step */
  bool cut_by_pages;  /* stopped at n_pages */
  bool found_nothing; /* no page matched */
};

/* `matches_holes`: absent pages match, so that n_pages is no measure of work. */
void probe_pace_init (struct probe_pace *pace, uint32_t hold_usec, uint32_t sleep_usec,
                      bool matches_holes);
/* A pace for calls that read at most most_step bytes whatever happens. Steps are between
 * least_step and most_step, powers of two both. */
void probe_pace_init_fixed (struct probe_pace *pace, uint32_t hold_usec, uint32_t sleep_usec,
                            uint64_t least_step, uint64_t most_step);
/* Forgets what it learnt: what comes next is elsewhere. */
void probe_pace_restart (struct probe_pace *pace);
void probe_pace_learn (struct probe_pace *pace, const struct probe_pace_call *call);
/* Sleeps when calls since the last sleep add up to a quarter of the hold. True when it did. */
bool probe_pace_rest (struct probe_pace *pace);
