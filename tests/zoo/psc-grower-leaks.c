/* SPDX-License-Identifier: GPL-3.0-or-later */

/* True leaks in private memory. */

#include "psc-grower.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A second of small allocations that nobody keeps a pointer to; what malloc takes for each is part
 * of what is lost. */
static void
lose_small (size_t bytes)
{
  size_t lost = 0;

  while (lost < bytes)
    {
      size_t size = 16 + grower_random () % 2000;
      char *memory = malloc (size);

      grower_need (memory);
      memset (memory, 1, size);
      lost += malloc_usable_size (memory) + sizeof (size_t);
    }
  grower_leaked += lost;
}

static void
heap_tick (unsigned second)
{
  lose_small (grower_ration (KIB (100)));
}

/* The same by another thread, which has an arena of its own. It works while the main one waits. */
static void *
arena_thread (void *data)
{
  pthread_barrier_t *barriers = data;

  while (true)
    {
      pthread_barrier_wait (&barriers[0]);
      lose_small (grower_ration (KIB (100)));
      pthread_barrier_wait (&barriers[1]);
    }
  return NULL;
}

static void
arena_tick (unsigned second)
{
  static pthread_barrier_t barriers[2];
  static bool has_thread;
  pthread_t thread;

  if (!has_thread)
    {
      pthread_barrier_init (&barriers[0], NULL, 2);
      pthread_barrier_init (&barriers[1], NULL, 2);
      pthread_create (&thread, NULL, arena_thread, barriers);
      has_thread = true;
    }
  pthread_barrier_wait (&barriers[0]);
  pthread_barrier_wait (&barriers[1]);
}

static void
lose_pages (size_t bytes)
{
  bytes = (bytes + grower_page - 1) & ~(grower_page - 1);
  grower_map (bytes);
  grower_leaked += bytes;
}

static void
mmap_tick (unsigned second)
{
  lose_pages (grower_ration (KIB (150)));
}

/* Now and then a lot: one second in five. */
static void
steps_tick (unsigned second)
{
  if (grower_random () % 5 == 0)
    lose_pages (grower_ration (KIB (500)));
}

/* After minutes of keeping still. */
static void
late_tick (unsigned second)
{
  if (second >= 300)
    lose_pages (grower_ration (KIB (100)));
}

/* What every program does, and then it leaks. */
static void
start_tick (unsigned second)
{
  if (second < 15)
    grower_map (grower_ration (MIB (3)));
  else
    lose_pages (grower_ration (KIB (100)));
}

/* A slow leak below buffers that come and go, and of which the size wanders. */
static void
noisy_tick (unsigned second)
{
  static char *buffer;
  static size_t size;
  static double level;

  if (buffer != NULL)
    munmap (buffer, size);
  level = 0.8 * level + 0.6 * (2 * grower_share () - 1);
  size = (size_t) ((double) MIB (2) + level * KIB (1024)) & ~(grower_page - 1);
  buffer = grower_map (size);
  lose_pages (grower_ration (KIB (30)));
}

const GrowerAnimal grower_leaks[] = {
  { "heap-leak", heap_tick },   { "arena-leak", arena_tick },
  { "mmap-leak", mmap_tick },   { "step-leak", steps_tick },
  { "late-leak", late_tick },   { "start-leak", start_tick },
  { "noisy-leak", noisy_tick }, { NULL, NULL },
};
