/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a process can run into as its memory grows, and what of that is used up at one moment.
 * Plain data, made by psc_target_read_limits(); afterwards only read, by any thread.
 */

#include "psc-space.h"

G_BEGIN_DECLS

/* Three different things, of which none is ever a number that stands for another. */
typedef enum
{
  PSC_LIMIT_UNKNOWN,   /* could not be read, or the kernel has no such thing */
  PSC_LIMIT_UNLIMITED, /* read, and there is none */
  PSC_LIMIT_VALUE,
} PscLimitState;

typedef struct
{
  PscLimitState state;
  guint64 value; /* bytes but where said; 0 unless state is VALUE */
} PscLimit;

typedef enum
{
  PSC_CGROUP_NONE, /* no memory controller is known to count this process */
  PSC_CGROUP_V1,
  PSC_CGROUP_V2,
} PscCgroupVersion;

/* One control group: everything that it and the groups beneath it use together. Amounts include
 * page cache, which the kernel gives back before it kills. */
typedef struct
{
  char *path;          /* as /proc/PID/cgroup tells it, "/a/b"; valid UTF-8, escaped */
  PscLimit max;        /* v2 memory.max, v1 memory.limit_in_bytes */
  PscLimit usage;      /* v2 memory.current, v1 memory.usage_in_bytes */
  PscLimit high;       /* v2 memory.high: above it the process is slowed down; v1: UNLIMITED */
  PscLimit swap_max;   /* v2 memory.swap.max: swap alone; v1: UNLIMITED */
  PscLimit swap_usage; /* v2 memory.swap.current */
  PscLimit memsw_max;  /* v1 memory.memsw.limit_in_bytes: memory and swap together; v2: UNLIMITED */
  PscLimit memsw_usage;
} PscCgroupLevel;

/* vm.overcommit_memory */
typedef enum
{
  PSC_OVERCOMMIT_UNKNOWN = -1,
  PSC_OVERCOMMIT_GUESS = 0,
  PSC_OVERCOMMIT_ALWAYS = 1,
  PSC_OVERCOMMIT_NEVER = 2, /* commit_limit is a limit */
} PscOvercommit;

typedef struct
{
  PscCgroupVersion cgroup_version;
  char *cgroup_path; /* the process's own, as a level's path; NULL when not known */
  /* The group that the process is in and those above it that limit something or may do so
   * (something is UNKNOWN), own first. */
  PscCgroupLevel *levels;
  guint n_levels;
  /* There are groups above those, which can't be seen from where the probe runs (a container). */
  gboolean above_hidden;

  PscLimit stack, address_space, data, memlock; /* soft RLIMITs */
  PscLimit max_map_count;                       /* mappings */

  /* Of the whole machine. */
  PscLimit mem_total, mem_available, swap_total, swap_free;
  PscOvercommit overcommit;
  PscLimit commit_limit, committed;

  PscLimit oom_score; /* 0 to 2000: whoever has the most is killed first */
  gboolean oom_score_adj_known;
  gint oom_score_adj; /* −1000 (never killed) to 1000 */

  PscUnknown *unknowns; /* what UNKNOWN stands for, as far as it should have been told */
  guint n_unknowns;

  GStringChunk *strings; /* private: the unknowns' texts */
} PscLimits;

static inline PscLimit
psc_limit_value (guint64 value)
{
  return (PscLimit){ PSC_LIMIT_VALUE, value };
}

/* Nothing known yet. */
PscLimits *psc_limits_new (void);
/* NULL is allowed. */
void psc_limits_free (PscLimits *limits);
/* Copies the strings. */
void psc_limits_add_unknown (PscLimits *limits, PscReason reason, const char *what, const char *why,
                             const char *remedy);
/* Appends a level, zeroed; takes the path. Borrowed until the next one is added. */
PscCgroupLevel *psc_limits_add_level (PscLimits *limits, char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscLimits, psc_limits_free)

G_END_DECLS
