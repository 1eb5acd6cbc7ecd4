/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Private memory in base pages. */

#include "psc-zoo.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than Debian 12's headers. */
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

static void
make_anon (const char *name)
{
  char *start = zoo_map_alone (64 * zoo_page);

  zoo_touch (start, 40 * zoo_page, zoo_page);
  zoo_say (name, start, 64 * zoo_page);
}

static void
make_dense (const char *name)
{
  char *start = zoo_map_alone (MIB (64));

  zoo_touch (start, MIB (64), zoo_page);
  zoo_say (name, start, MIB (64));
}

static void
make_checker (const char *name)
{
  char *start = zoo_map_alone (MIB (1));

  zoo_touch (start, MIB (1), 2 * zoo_page);
  zoo_say (name, start, MIB (1));
}

static void
make_zero (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  zoo_look (start, 16 * zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_prot_none (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  zoo_touch (start, 8 * zoo_page, zoo_page);
  mprotect (start, 32 * zoo_page, PROT_NONE);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_prot_none_untouched (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  mprotect (start, 32 * zoo_page, PROT_NONE);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_guard (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);

  zoo_touch (start, 32 * zoo_page, zoo_page);
  if (madvise (start + 8 * zoo_page, 4 * zoo_page, ZOO_MADV_GUARD_INSTALL) != 0)
    zoo_skip (name, "no guard regions");
  else
    zoo_say (name, start, 32 * zoo_page);
}

/* Pages that were freed wait in a list of this processor; the call empties it. */
static void
drain_cb (void *scratch)
{
  madvise (scratch, zoo_page, MADV_COLD);
}

static void
make_lazy_free (const char *name)
{
  char *scratch = zoo_map_alone (zoo_page), *start = zoo_map_alone (16 * zoo_page);
  cpu_set_t all, one;
  bool done;

  sched_getaffinity (0, sizeof all, &all);
  CPU_ZERO (&one);
  CPU_SET (sched_getcpu (), &one);
  sched_setaffinity (0, sizeof one, &one);
  zoo_touch (start, 16 * zoo_page, zoo_page);
  drain_cb (scratch);
  done = madvise (start, 8 * zoo_page, MADV_FREE) == 0 &&
         zoo_insist (start, "LazyFree", 8 * zoo_page, drain_cb, scratch);
  sched_setaffinity (0, sizeof all, &all);
  if (done)
    zoo_say (name, start, 16 * zoo_page);
  else
    zoo_skip (name, "no MADV_FREE");
}

static void
make_cold (const char *name)
{
  char *start = zoo_map_alone (16 * zoo_page);

  zoo_touch (start, 16 * zoo_page, zoo_page);
  if (madvise (start, 12 * zoo_page, MADV_COLD) != 0)
    zoo_skip (name, "no MADV_COLD");
  else
    zoo_say (name, start, 16 * zoo_page);
}

static void
make_locked (const char *name)
{
  char *start = zoo_map_alone (16 * zoo_page);

  if (mlock (start, 16 * zoo_page) != 0)
    zoo_skip (name, "memory may not be locked");
  else
    zoo_say (name, start, 16 * zoo_page);
}

static void
make_sealed (const char *name)
{
  char *start = zoo_map_alone (16 * zoo_page);

  zoo_touch (start, 6 * zoo_page, zoo_page);
  if (syscall (SYS_mseal, start, 16 * zoo_page, 0UL) != 0)
    zoo_skip (name, "no mseal");
  else
    zoo_say (name, start, 16 * zoo_page);
}

static void *
sleep_thread (void *data)
{
  char room[KIB (96)];

  zoo_touch (room, sizeof room, zoo_page);
  /* The barrier tells that the stack is used; nothing ends this thread but the process. */
  pthread_barrier_wait (data);
  while (pause () == -1)
    continue;
  return NULL;
}

static void
make_thread_stacks (const char *name)
{
  static pthread_barrier_t ready;

  pthread_barrier_init (&ready, NULL, 4);
  for (int i = 0; i < 3; i++)
    {
      pthread_t thread;
      pthread_attr_t attr;
      void *stack;
      size_t size;

      if (pthread_create (&thread, NULL, sleep_thread, &ready) != 0 ||
          pthread_getattr_np (thread, &attr) != 0 ||
          pthread_attr_getstack (&attr, &stack, &size) != 0)
        exit (EXIT_FAILURE);
      zoo_say (name, stack, size);
    }
  pthread_barrier_wait (&ready);
}

/* Pages that a child shares until one of the two writes. */
static void
make_forked (const char *name)
{
  char *start = zoo_map_alone (32 * zoo_page);
  pid_t child;

  zoo_touch (start, 24 * zoo_page, zoo_page);
  child = fork ();
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause ();
    }
  if (child < 0)
    {
      zoo_skip (name, "no fork");
      return;
    }
  zoo_touch (start, 4 * zoo_page, zoo_page);
  zoo_say (name, start, 32 * zoo_page);
  zoo_say_of ("forked_child", (int) child, start, 32 * zoo_page);
}

/* 65,000 mappings of a page each, every other one touched. */
static void
make_many (const char *name)
{
  const size_t n = 65000;
  char *start = zoo_map (n * zoo_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, -1);

  madvise (start, n * zoo_page, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < n; i += 2)
    if (mprotect (start + i * zoo_page, zoo_page, PROT_READ) != 0)
      {
        zoo_skip (name, "too few mappings allowed (vm.max_map_count)");
        return;
      }
  zoo_touch (start + zoo_page, (n - 1) * zoo_page, 2 * zoo_page);
  zoo_say (name, start, n * zoo_page);
}

/* A reservation with a few chunks in use, as V8, Go and the sanitizers have them. */
static void
make_tera (const char *name)
{
  const size_t length = (size_t) 1 << 40;
  char *start = zoo_map (length, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, -1);

  if (start == NULL)
    {
      zoo_skip (name, "no address space");
      return;
    }
  for (size_t i = 0; i < 16; i++)
    {
      char *chunk = start + i * (length / 16) + MIB (1);

      mprotect (chunk, MIB (1), PROT_READ | PROT_WRITE);
      madvise (chunk, MIB (1), MADV_NOHUGEPAGE);
      zoo_touch (chunk, MIB (1), zoo_page);
    }
  zoo_say (name, start, length);
}

const ZooExhibit zoo_anon_exhibits[] = {
  { "anon", make_anon },           { "dense", make_dense },
  { "checker", make_checker },     { "zero", make_zero },
  { "prot_none", make_prot_none }, { "prot_none_untouched", make_prot_none_untouched },
  { "guard", make_guard },         { "lazy_free", make_lazy_free },
  { "cold", make_cold },           { "locked", make_locked },
  { "sealed", make_sealed },       { "thread_stacks", make_thread_stacks },
  { "forked", make_forked },       { "many", make_many },
  { "tera", make_tera },           { NULL, NULL },
};
