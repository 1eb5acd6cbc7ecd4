/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A process to look at: makes the memory that its first argument names, prints "ready", and waits
 * for the end of its input. What could not be had is said on standard error, and is an error.
 *
 *   idle      nothing but libc
 *   threads   eight threads, each with its stack used to another depth, and a glibc arena of its
 * own names     files with names that are hard to print, some of them deleted pages     every state
 * that a page can be in; the second argument is a directory on a tmpfs mounted with huge=always,
 * swap and the pool of huge pages must be there
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KIB  ((size_t) 1024)
#define MIB  (1024 * KIB)
#define PAGE (4 * KIB)
#define HUGE (2 * MIB)

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13 */
#endif

static int initialised[3000] = { 1 };
static char zeroed[64 * 1024];

static void
fail (const char *what)
{
  fprintf (stderr, "fixture-program: %s: %s\n", what, strerror (errno));
  exit (1);
}

static void
need (bool done, const char *what)
{
  if (!done)
    fail (what);
}

static char *
map (void *address, size_t size, int protection, int flags, int fd, const char *what)
{
  char *memory = mmap (address, size, protection, flags, fd, 0);

  need (memory != MAP_FAILED, what);
  return memory;
}

static char *
map_anonymous (size_t size, const char *what)
{
  return map (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, what);
}

static void
advise (char *memory, size_t size, int advice, const char *what)
{
  need (madvise (memory, size, advice) == 0, what);
}

/* Writes to every step-th page. */
static void
touch (char *memory, size_t size, size_t step)
{
  for (size_t at = 0; at < size; at += step * PAGE)
    memory[at] = 1;
}

static void
touch_read (const volatile char *memory, size_t size)
{
  for (size_t at = 0; at < size; at += PAGE)
    (void) memory[at];
}

/* Somewhere that neighbours do not touch, aligned to a huge page. */
static char *
map_aligned (size_t size, const char *what)
{
  char *memory = map_anonymous (size + 2 * HUGE, what);
  char *aligned = (char *) (((uintptr_t) memory + HUGE - 1) & ~(uintptr_t) (HUGE - 1));

  munmap (memory, aligned - memory);
  munmap (aligned + size, memory + size + 2 * HUGE - (aligned + size));
  return aligned;
}

/* ---- threads ---- */

#define N_THREADS 8

static pthread_barrier_t all_ready;

/* Uses n_pages of its stack. */
static void
dive (int n_pages)
{
  volatile char frame[PAGE];

  frame[0] = 1;
  if (n_pages > 1)
    dive (n_pages - 1);
  frame[1] = frame[0];
}

static void *
thread_worker (void *data)
{
  int number = *(int *) data;
  void *mine;

  dive (1 << number);
  mine = malloc (16 * KIB << number);
  need (mine != NULL, "allocate in a thread");
  memset (mine, 1, 16 * KIB << number);
  pthread_barrier_wait (&all_ready);
  pause ();
  free (mine);
  return NULL;
}

static void
start_threads (void)
{
  static int numbers[N_THREADS];

  pthread_barrier_init (&all_ready, NULL, N_THREADS + 1);
  for (int i = 0; i < N_THREADS; i++)
    {
      pthread_t thread;
      pthread_attr_t attributes;

      numbers[i] = i;
      pthread_attr_init (&attributes);
      if (i % 2 == 1)
        pthread_attr_setstacksize (&attributes, 1 * MIB + 64 * KIB * i);
      if (i == 7)
        pthread_attr_setguardsize (&attributes, 256 * KIB);
      errno = pthread_create (&thread, &attributes, thread_worker, &numbers[i]);
      need (errno == 0, "start a thread");
    }
  pthread_barrier_wait (&all_ready);
}

/* ---- names ---- */

static void
map_named_file (const char *name, bool delete)
{
  int fd = open (name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  need (fd >= 0 && ftruncate (fd, PAGE) == 0, name);
  map (NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, name)[0] = 1;
  if (delete)
    unlink (name);
  close (fd);
}

static void
map_names (void)
{
  static const char *const names[] = {
    "plain",
    " leading and trailing ",
    "two\nlines",
    "ta\tb",
    "bell\x07",
    "back\\slash",
    "really \\012",
    "odd (deleted)",
    "Grüße, 世界 🗺",
    "broken \xff\xfe\xc3",
    "right \u202eleft",
    "<b>&amp;\"'<i>",
    "=1+1,\"x\"",
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    map_named_file (names[i], false);
  map_named_file ("gone", true);
  map_named_file ("gone and odd (deleted)", true);
  map (NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
       syscall (SYS_memfd_create, "a name/with (deleted)", 0), "memfd");
}

/* ---- pages ---- */

static void
make_anonymous (void)
{
  char *memory = map_aligned (64 * PAGE, "anonymous");

  touch (memory, 16 * PAGE, 1);
  touch (memory + 16 * PAGE, 32 * PAGE, 2);
  touch_read (memory + 48 * PAGE, 8 * PAGE); /* zero pages */
  memory = map_aligned (64 * PAGE, "swapped");
  touch (memory, 64 * PAGE, 1);
  advise (memory, 40 * PAGE, MADV_PAGEOUT, "page out");
  memory = map_aligned (32 * PAGE, "guards");
  touch (memory, 32 * PAGE, 1);
  advise (memory + 8 * PAGE, 4 * PAGE, MADV_GUARD_INSTALL, "install guard pages");
  memory = map_aligned (32 * PAGE, "no access");
  touch (memory, 8 * PAGE, 1);
  mprotect (memory, 16 * PAGE, PROT_NONE);
  map (NULL, 4 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
       "executable")[0] = 1;
}

static void
make_huge (void)
{
  char *memory = map_aligned (3 * HUGE, "transparent huge pages");

  advise (memory, 3 * HUGE, MADV_HUGEPAGE, "ask for huge pages");
  touch (memory, HUGE, 1);
  touch_read (memory + HUGE, PAGE); /* the huge zero page */
  touch (memory + 2 * HUGE, PAGE, 1);
  memory = map_aligned (2 * HUGE, "split huge pages");
  advise (memory, 2 * HUGE, MADV_HUGEPAGE, "ask for huge pages");
  touch (memory, 2 * HUGE, 1);
  advise (memory + HUGE, 8 * PAGE, MADV_DONTNEED, "give back a part of a huge page");
}

static void
make_hugetlb (void)
{
  char *memory = map (NULL, 2 * HUGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, "hugetlb");
  int fd = syscall (SYS_memfd_create, "huge", 4 /* MFD_HUGETLB */);

  memory[0] = 1;
  need (fd >= 0 && ftruncate (fd, HUGE) == 0, "memfd of huge pages");
  map (NULL, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, "memfd of huge pages")[0] = 1;
}

static char *
map_shared (int fd, size_t size, const char *what)
{
  need (fd >= 0 && ftruncate (fd, size) == 0, what);
  return map (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, what);
}

static void
make_shared (const char *tmpfs)
{
  int fd = syscall (SYS_memfd_create, "buffer", 0);
  char *memory = map_shared (fd, 32 * PAGE, "memfd");
  char path[4096];
  int id;

  touch (memory, 32 * PAGE, 1);
  advise (memory, 16 * PAGE, MADV_PAGEOUT, "page out shared memory");
  memory = map (NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, "memfd, private");
  touch_read (memory + 16 * PAGE, 8 * PAGE);
  touch (memory + 24 * PAGE, 8 * PAGE, 1);
  touch (map (NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, "shared"),
         8 * PAGE, 1);
  id = shmget (IPC_PRIVATE, 16 * PAGE, IPC_CREAT | 0600);
  memory = shmat (id, NULL, 0);
  need (id >= 0 && memory != (char *) -1, "System V shared memory");
  touch (memory, 4 * PAGE, 1);
  shmctl (id, IPC_RMID, NULL);
  fd = shm_open ("/pagescape-fixture", O_RDWR | O_CREAT | O_TRUNC, 0600);
  touch (map_shared (fd, 16 * PAGE, "POSIX shared memory"), 2 * PAGE, 1);
  shm_unlink ("/pagescape-fixture");
  snprintf (path, sizeof path, "%s/huge", tmpfs);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  need (fd >= 0 && ftruncate (fd, 2 * HUGE) == 0, path);
  touch (map (map_aligned (2 * HUGE, "room"), 2 * HUGE, PROT_READ | PROT_WRITE,
              MAP_SHARED | MAP_FIXED, fd, path),
         2 * HUGE, 1);
  unlink (path);
}

static void
make_files (void)
{
  int fd = open ("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  char *memory;

  need (fd >= 0 && ftruncate (fd, 32 * PAGE) == 0, "file");
  memory = map (NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, "file, private");
  touch_read (memory, 16 * PAGE);
  touch (memory, 16 * PAGE, 4);
  touch (map (NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, "file"), 8 * PAGE, 1);
  fd = open ("/dev/zero", O_RDWR | O_CLOEXEC);
  touch (map (NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, "/dev/zero"), 4 * PAGE, 1);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";

  initialised[1] = argc;
  zeroed[sizeof zeroed / 2] = 1;
  if (strcmp (what, "threads") == 0)
    start_threads ();
  else if (strcmp (what, "names") == 0)
    map_names ();
  else if (strcmp (what, "pages") == 0 && argc > 2)
    {
      make_anonymous ();
      make_huge ();
      make_hugetlb ();
      make_shared (argv[2]);
      make_files ();
    }
  else if (strcmp (what, "idle") != 0)
    {
      fprintf (stderr, "fixture-program: idle|threads|names|pages DIR\n");
      return 2;
    }
  puts ("ready");
  fflush (stdout);
  while (getchar () != EOF)
    ;
  return initialised[0] - 1;
}
