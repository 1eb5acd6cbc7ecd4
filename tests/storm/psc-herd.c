/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A herd of processes that never keep still: they map, unmap, protect, advise, move and touch
 * memory, start threads, fork, run themselves anew, and die, as fast as they can.
 *
 *     psc-herd N SEED
 *
 * Keeps N processes going, all of the keeper's process group. When its standard input ends it ends
 * all of them and itself by SIGKILL. What can't be had (a huge page, a guard) is no error here.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13 */
#endif

#define N_AREAS     24
#define MAX_PAGES   1024u /* of an area: 4 MiB */
#define MAX_TOUCHED 48u   /* pages at a time */
#define MAX_THREADS 6
#define STACK_SIZE  (64u << 10)

struct area
{
  char *start;
  size_t size;
  bool writable; /* all of it */
};

static struct area areas[N_AREAS];
static uint64_t state; /* of the random numbers */
static size_t page_size;
static atomic_int n_threads;
/* Shared by the herd: how many there are, the keeper not counted. It outlives an exec as an open
 * file. */
static _Atomic int32_t *n_alive;
static int alive_fd, most;

/* xorshift64*, Marsaglia and Vigna. */
static uint32_t
draw (uint32_t below)
{
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t) ((state * UINT64_C (0x2545f4914f6cdd1d)) >> 32) % below;
}

/* Small more often than large. */
static size_t
draw_size (void)
{
  return (1 + draw (UINT32_C (1) << draw (11))) % MAX_PAGES * page_size + page_size;
}

static void
touch (const struct area *area)
{
  size_t n_pages = area->size / page_size;
  size_t at = draw ((uint32_t) n_pages);

  for (uint32_t i = draw (MAX_TOUCHED); area->writable && i > 0 && at < n_pages; i--)
    area->start[at++ * page_size] = (char) i;
}

static void
drop (struct area *area)
{
  if (area->start)
    munmap (area->start, area->size);
  *area = (struct area){ 0 };
}

static void
map_anonymous (struct area *area, int flags)
{
  int protection = draw (4) ? PROT_READ | PROT_WRITE : PROT_NONE;
  size_t size = draw_size ();
  void *start = mmap (NULL, size, protection, flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (start == MAP_FAILED)
    return;
  *area = (struct area){ start, size, protection != PROT_NONE };
  touch (area);
}

static void
map_file (struct area *area, int fd, size_t size, int flags)
{
  void *start = fd < 0 ? MAP_FAILED : mmap (NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

  if (start != MAP_FAILED)
    *area = (struct area){ start, size, true };
  if (fd >= 0)
    close (fd);
  if (area->start)
    touch (area);
}

static void
map_memfd (struct area *area)
{
  int fd = memfd_create ("herd\n(deleted)", MFD_CLOEXEC);
  size_t size = draw_size ();

  if (fd >= 0 && ftruncate (fd, (off_t) size) != 0)
    {
      close (fd);
      fd = -1;
    }
  map_file (area, fd, size, draw (2) ? MAP_SHARED : MAP_PRIVATE);
}

static void
act_map (struct area *area)
{
  drop (area);
  switch (draw (6))
    {
    case 0:
      map_memfd (area);
      break;
    case 1:
      map_file (area, open ("/proc/self/exe", O_RDONLY | O_CLOEXEC), page_size, MAP_PRIVATE);
      break;
    case 2:
      map_anonymous (area, MAP_SHARED);
      break;
    default:
      map_anonymous (area, MAP_PRIVATE);
      break;
    }
}

/* A part of the area, [*start, *start + *size). */
static void
draw_part (const struct area *area, char **start, size_t *size)
{
  uint32_t n_pages = (uint32_t) (area->size / page_size);
  uint32_t first = draw (n_pages);

  *start = area->start + first * page_size;
  *size = (1 + draw (n_pages - first)) * page_size;
}

/* Off the end, or replaced: a hole would soon be somebody else's. */
static void
unmap_part (struct area *area, char *start, size_t size)
{
  if (start == area->start && size == area->size)
    {
      drop (area);
    }
  else if (start + size == area->start + area->size)
    {
      munmap (start, size);
      area->size -= size;
    }
  else
    {
      mmap (start, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
      area->writable = false;
    }
}

static void
act_on_part (struct area *area)
{
  static const int advice[] = { MADV_DONTNEED, MADV_FREE,         MADV_HUGEPAGE, MADV_NOHUGEPAGE,
                                MADV_COLD,     MADV_WILLNEED,     MADV_PAGEOUT,  MADV_MERGEABLE,
                                MADV_REMOVE,   MADV_GUARD_INSTALL };
  char *start;
  size_t size;

  if (!area->start)
    return;
  draw_part (area, &start, &size);
  switch (draw (4))
    {
    case 0:
      unmap_part (area, start, size);
      break;
    case 1:
      mprotect (start, size, (int) draw (4));
      area->writable = false;
      break;
    default:
      {
        int what = advice[draw (sizeof advice / sizeof advice[0])];

        madvise (start, size, what);
        if (what == MADV_GUARD_INSTALL)
          area->writable = false;
        break;
      }
    }
}

static void
act_move (struct area *area)
{
  size_t size = draw_size ();
  void *start;

  if (!area->start || !area->writable)
    return;
  start = mremap (area->start, area->size, size, MREMAP_MAYMOVE);
  if (start == MAP_FAILED)
    return;
  /* What a file has not got can't be touched. */
  area->writable = size <= area->size;
  area->start = start;
  area->size = size;
}

static void *
thread_main (void *data)
{
  volatile char stack[4096];

  for (size_t i = 0; i < sizeof stack; i += 64)
    stack[i] = (char) i;
  poll (NULL, 0, (int) (intptr_t) data);
  n_threads--;
  return NULL;
}

static void
act_thread (void)
{
  pthread_attr_t attributes;
  pthread_t thread;

  if (n_threads >= MAX_THREADS)
    return;
  n_threads++;
  pthread_attr_init (&attributes);
  pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize (&attributes, STACK_SIZE);
  if (pthread_create (&thread, &attributes, thread_main, (void *) (intptr_t) draw (20)) != 0)
    n_threads--;
  pthread_attr_destroy (&attributes);
}

static void
reap (void)
{
  while (waitpid (-1, NULL, WNOHANG) > 0)
    (*n_alive)--;
}

static void
run_anew (void)
{
  char alive_text[16], most_text[16], seed_text[32];
  char name[] = "psc-herd", again[] = "--again";
  char *const arguments[] = { name, again, alive_text, most_text, seed_text, NULL };

  snprintf (alive_text, sizeof alive_text, "%d", alive_fd);
  snprintf (most_text, sizeof most_text, "%d", most);
  snprintf (seed_text, sizeof seed_text, "%llu", (unsigned long long) state);
  execv ("/proc/self/exe", arguments);
}

static void live (void) __attribute__ ((noreturn));

/* In the child it doesn't return. */
static void
breed (void)
{
  if (++*n_alive > most)
    {
      --*n_alive;
      return;
    }
  switch (fork ())
    {
    case -1:
      --*n_alive;
      return;
    case 0:
      /* Threads are not inherited. */
      n_threads = 0;
      state ^= (uint64_t) getpid () << 20;
      live ();
    }
}

static void
die (void)
{
  if (draw (2))
    _exit (0);
  kill (getpid (), SIGKILL);
  _exit (0);
}

static void
act (void)
{
  struct area *area = &areas[draw (N_AREAS)];
  uint32_t what = draw (10000);

  if (what < 3000)
    act_map (area);
  else if (what < 7000)
    act_on_part (area);
  else if (what < 8000)
    act_move (area);
  else if (what < 9000)
    drop (area);
  else if (what < 9700)
    act_thread ();
  else if (what < 9900)
    reap ();
  else if (what < 9970)
    breed ();
  else if (what < 9990)
    run_anew ();
  else
    die ();
}

static void
live (void)
{
  for (;;)
    act ();
}

/* Everything that the keeper keeps goes with it, and it goes with whoever started it. */
static void
keep (void)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  char byte;

  prctl (PR_SET_CHILD_SUBREAPER, 1);
  for (;;)
    {
      while (*n_alive < most / 2)
        breed ();
      reap ();
      if (poll (&input, 1, 5) > 0 && read (STDIN_FILENO, &byte, 1) <= 0)
        kill (0, SIGKILL);
    }
}

static bool
share_count (int fd)
{
  alive_fd = fd;
  n_alive = mmap (NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return n_alive != MAP_FAILED;
}

int
main (int argc, char **argv)
{
  const struct rlimit none = { 0, 0 };
  bool again = argc == 5 && strcmp (argv[1], "--again") == 0;

  page_size = (size_t) sysconf (_SC_PAGESIZE);
  if (!again && argc != 3)
    return 2;
  most = atoi (argv[again ? 3 : 1]);
  state = strtoull (argv[again ? 4 : 2], NULL, 10) | 1;
  if (again)
    {
      if (!share_count (atoi (argv[2])))
        return 1;
      live ();
    }
  setrlimit (RLIMIT_CORE, &none);
  alive_fd = memfd_create ("herd-count", 0);
  if (setpgid (0, 0) != 0 || alive_fd < 0 || ftruncate (alive_fd, (off_t) page_size) != 0 ||
      !share_count (alive_fd))
    {
      perror ("psc-herd");
      return 1;
    }
  puts ("ready");
  fflush (stdout);
  keep ();
}
