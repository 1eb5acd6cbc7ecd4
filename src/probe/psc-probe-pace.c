/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-pace.h"

#include <errno.h>
#include <time.h>

static uint64_t
clamp (uint64_t value, uint64_t least, uint64_t most)
{
  return value < least ? least : value > most ? most : value;
}

/* Whole multiples of the least step, so that a step never ends inside a page. */
static void
set_step (struct probe_pace *pace, uint64_t step)
{
  pace->step =
      clamp (step / pace->least_step * pace->least_step, pace->least_step, pace->most_step);
}

static uint64_t
first_pages (const struct probe_pace *pace)
{
  uint64_t n_pages = pace->hold_nsec / 1000 * PROBE_PACE_FIRST_PAGES;

  return clamp (n_pages, PROBE_PACE_LEAST_PAGES, UINT64_MAX);
}

static uint64_t
most_pages (const struct probe_pace *pace)
{
  uint64_t n_pages = pace->hold_nsec / 1000 * PROBE_PACE_MOST_PAGES;

  return clamp (n_pages, PROBE_PACE_LEAST_PAGES, UINT64_MAX);
}

void
probe_pace_init (struct probe_pace *pace, uint32_t hold_usec, uint32_t sleep_usec,
                 bool matches_holes)
{
  *pace = (struct probe_pace){
    .hold_nsec = hold_usec * UINT64_C (1000),
    .sleep_nsec = sleep_usec * UINT64_C (1000),
    .step = UINT64_MAX,
    .least_step = PROBE_PACE_LEAST_BYTES,
    .most_step = UINT64_C (1) << 62,
  };
  if (hold_usec == 0)
    return;

  if (matches_holes)
    pace->most_step =
        clamp (hold_usec * PROBE_PACE_MOST_BYTES_UNBOUNDED, pace->least_step, pace->most_step);
  else
    pace->n_pages = first_pages (pace);
  probe_pace_restart (pace);
}

void
probe_pace_restart (struct probe_pace *pace)
{
  if (pace->hold_nsec == 0)
    return;
  set_step (pace, pace->hold_nsec / 1000 * PROBE_PACE_FIRST_BYTES);
  if (pace->n_pages != 0)
    pace->n_pages = first_pages (pace);
}

void
probe_pace_init_fixed (struct probe_pace *pace, uint32_t hold_usec, uint32_t sleep_usec,
                       uint64_t least_step, uint64_t most_step)
{
  *pace = (struct probe_pace){
    .hold_nsec = hold_usec * UINT64_C (1000),
    .sleep_nsec = sleep_usec * UINT64_C (1000),
    .step = most_step,
    .least_step = least_step,
    .most_step = most_step,
  };
}

static void
learn_from_short_call (struct probe_pace *pace, const struct probe_pace_call *call)
{
  /* A hole costs next to nothing however long it is, and neither does a stretch of huge pages. */
  unsigned int factor = call->elapsed_nsec < pace->hold_nsec / 16 ? 8 : 2;

  /* Both, whichever of them ended the call: else each would take its turn. */
  if (pace->n_pages != 0)
    pace->n_pages = clamp (pace->n_pages * factor, PROBE_PACE_LEAST_PAGES, most_pages (pace));
  if (call->reached_end || call->cut_by_pages)
    set_step (pace, pace->step > pace->most_step / factor ? pace->most_step : pace->step * factor);
}

void
probe_pace_learn (struct probe_pace *pace, const struct probe_pace_call *call)
{
  pace->owed_nsec += call->elapsed_nsec;
  if (pace->hold_nsec == 0)
    return;

  if (call->elapsed_nsec > pace->hold_nsec)
    {
      set_step (pace, pace->step / 2);
      if (pace->n_pages != 0)
        pace->n_pages = clamp (pace->n_pages / 2, PROBE_PACE_LEAST_PAGES, most_pages (pace));
    }
  else if (call->elapsed_nsec < pace->hold_nsec / 2)
    {
      learn_from_short_call (pace, call);
    }
  if (call->found_nothing && pace->n_pages != 0)
    pace->n_pages = first_pages (pace);
}

bool
probe_pace_rest (struct probe_pace *pace)
{
  struct timespec rest = { .tv_sec = (time_t) (pace->sleep_nsec / 1000000000),
                           .tv_nsec = (long) (pace->sleep_nsec % 1000000000) };

  if (pace->hold_nsec == 0 || pace->sleep_nsec == 0 || pace->owed_nsec < pace->hold_nsec / 4)
    return false;
  while (clock_nanosleep (CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR)
    continue;
  pace->owed_nsec = 0;
  return true;
}
