/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What looks like a leak to who looks only at the total, and is none; and one that is. */

#include "psc-grower.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_KEPT 4096

static void
idle_tick (unsigned second)
{
}

/* Fills as it is asked for what it has not: faster at first; then it is full. */
static void
cache_tick (unsigned second)
{
  static char *entries[N_KEPT];
  size_t n_asked = grower_ration (60);

  for (size_t i = 0; i < n_asked; i++)
    {
      char **entry = &entries[grower_random () % 2048];

      if (*entry != NULL)
        continue;
      *entry = malloc (KIB (20));
      grower_need (*entry);
      memset (*entry, 1, KIB (20));
    }
}

/* Fills evenly and is full at once. */
static void
fill_tick (unsigned second)
{
  static size_t filled;
  size_t more = grower_ration (KIB (300));

  if (filled >= MIB (40))
    return;
  grower_map (more);
  filled += more;
}

/* Garbage, which is collected when there is enough of it; a share of it lives on. */
static void
collect (double kept)
{
  static char *heap;
  static size_t live, used;
  size_t more = grower_ration (MIB (2));

  if (heap == NULL)
    heap = mmap (NULL, MIB (1024), PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  grower_need (heap);
  if (used + more > live + MIB (24))
    {
      size_t survivors = (size_t) (kept * (double) (used - live)) & ~(grower_page - 1);

      live += survivors;
      grower_leaked += survivors;
      madvise (heap + live, used - live, MADV_DONTNEED);
      used = live;
    }
  grower_touch (heap + used, more);
  used = (used + more) & ~(grower_page - 1);
}

static void
sawtooth_tick (unsigned second)
{
  collect (0);
}

static void
sawtooth_leak_tick (unsigned second)
{
  collect (0.06);
}

/* Allocates and frees all the time, at random, and keeps about as much as ever. */
static void
churn_tick (unsigned second)
{
  static char *kept[N_KEPT];
  size_t n = grower_ration (2000);

  for (size_t i = 0; i < n; i++)
    {
      char **entry = &kept[grower_random () % N_KEPT];
      size_t size = 32 + grower_random () % 6000;

      free (*entry);
      *entry = malloc (size);
      grower_need (*entry);
      memset (*entry, 1, size);
    }
}

/* Children that live for one request. What they have they take with them. */
static void
fork_tick (unsigned second)
{
  static char *config;
  pid_t pid;

  if (config == NULL)
    config = grower_map (MIB (10));
  pid = fork ();
  if (pid == 0)
    {
      memset (config, (int) second, MIB (10));
      grower_touch (grower_map (MIB (5)), MIB (5));
      _exit (EXIT_SUCCESS);
    }
  if (pid > 0)
    waitpid (pid, NULL, 0);
}

static size_t
descend (size_t depth)
{
  volatile char frame[KIB (4)];

  frame[0] = frame[sizeof frame - 1] = 1;
  return (depth == 0 ? 0 : descend (depth - 1)) + (size_t) frame[sizeof frame - 1];
}

/* Calls itself, sometimes deeper. */
static void
stack_tick (unsigned second)
{
  double share = grower_share ();

  descend ((size_t) (share * share * 1000));
}

const GrowerAnimal grower_others[] = {
  { "idle", idle_tick },
  { "cache", cache_tick },
  { "fill", fill_tick },
  { "sawtooth", sawtooth_tick },
  { "sawtooth-leak", sawtooth_leak_tick },
  { "churn", churn_tick },
  { "fork-server", fork_tick },
  { "stack", stack_tick },
  { NULL, NULL },
};
