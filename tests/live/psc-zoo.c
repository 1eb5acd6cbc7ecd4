/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A process with memory of every sort, for tests to look at.
 *
 *   psc-zoo EXHIBIT…
 *
 * makes each exhibit, writes one line of JSON for it to stdout,
 *   {"name":"anon","start":"0x…","end":"0x…"}   or   {"name":"hugetlb","skip":"why not"}
 * and {"name":"ready"} when all are there. Then it reads commands from stdin, one a line, and keeps
 * still between them: "exec" runs it anew without exhibits, "storm" begins to map and unmap
 * without end, and the end of the input ends it.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB(n)    ((size_t) (n) << 10)
#define MIB(n)    ((size_t) (n) << 20)
#define HUGE_PAGE MIB (2)

/* Newer than Debian 12's headers. */
#define ZOO_MADV_PAGEOUT       21
#define ZOO_MADV_GUARD_INSTALL 102

static size_t page;

static void
say (const char *name, const void *start, size_t length)
{
  printf ("{\"name\":\"%s\",\"start\":\"0x%" PRIxPTR "\",\"end\":\"0x%" PRIxPTR "\"}\n", name,
          (uintptr_t) start, (uintptr_t) start + length);
}

static void
skip (const char *name, const char *why)
{
  printf ("{\"name\":\"%s\",\"skip\":\"%s: %s\"}\n", name, why, strerror (errno));
}

static void
touch (volatile char *start, size_t length, size_t step)
{
  for (size_t i = 0; i < length; i += step)
    start[i] = 1;
}

static void
look (const char *start, size_t length)
{
  volatile char sum = 0;

  for (size_t i = 0; i < length; i += page)
    sum += start[i];
}

static char *
map (size_t length, int prot, int flags, int fd)
{
  char *start = mmap (NULL, length, prot, flags | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

  return start == MAP_FAILED ? NULL : start;
}

/* Between holes, so that the kernel merges it with nothing. */
static char *
map_alone (size_t length)
{
  char *start = map (length + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);

  if (start == NULL)
    return NULL;
  munmap (start, page);
  munmap (start + page + length, page);
  madvise (start + page, length, MADV_NOHUGEPAGE);
  return start + page;
}

/* The same on a border of 2 MiB, for huge pages. */
static char *
map_aligned (size_t length)
{
  char *start = map (length + 2 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
  char *aligned;

  if (start == NULL)
    return NULL;
  aligned = (char *) (((uintptr_t) start + HUGE_PAGE) & ~(HUGE_PAGE - 1));
  munmap (start, (size_t) (aligned - start));
  munmap (aligned + length, (size_t) (start + 2 * HUGE_PAGE - aligned));
  return madvise (aligned, length, MADV_HUGEPAGE) == 0 ? aligned : NULL;
}

static void
make_anon (const char *name)
{
  char *start = map_alone (64 * page);

  touch (start, 40 * page, page);
  say (name, start, 64 * page);
}

static void
make_dense (const char *name)
{
  char *start = map_alone (MIB (64));

  touch (start, MIB (64), page);
  say (name, start, MIB (64));
}

static void
make_checker (const char *name)
{
  char *start = map_alone (MIB (1));

  touch (start, MIB (1), 2 * page);
  say (name, start, MIB (1));
}

static void
make_thp (const char *name)
{
  char *start = map_aligned (2 * HUGE_PAGE);

  if (start == NULL)
    {
      skip (name, "no transparent huge pages");
      return;
    }
  touch (start, 2 * HUGE_PAGE, page);
  say (name, start, 2 * HUGE_PAGE);
}

/* A huge page of which a part was given back: mapped by base pages again. */
static void
make_thp_split (const char *name)
{
  char *start = map_aligned (HUGE_PAGE);

  if (start == NULL)
    {
      skip (name, "no transparent huge pages");
      return;
    }
  touch (start, HUGE_PAGE, page);
  madvise (start + 16 * page, 16 * page, MADV_DONTNEED);
  say (name, start, HUGE_PAGE);
}

static void
make_zero (const char *name)
{
  char *start = map_alone (32 * page);

  look (start, 16 * page);
  say (name, start, 32 * page);
}

static void
make_huge_zero (const char *name)
{
  char *start = map_aligned (HUGE_PAGE);

  if (start == NULL)
    {
      skip (name, "no transparent huge pages");
      return;
    }
  look (start, page);
  say (name, start, HUGE_PAGE);
}

static void
make_prot_none (const char *name)
{
  char *start = map_alone (32 * page);

  touch (start, 8 * page, page);
  mprotect (start, 32 * page, PROT_NONE);
  say (name, start, 32 * page);
}

static void
make_guard (const char *name)
{
  char *start = map_alone (32 * page);

  touch (start, 32 * page, page);
  if (madvise (start + 8 * page, 4 * page, ZOO_MADV_GUARD_INSTALL) != 0)
    skip (name, "no guard regions");
  else
    say (name, start, 32 * page);
}

static void
make_hugetlb (const char *name)
{
  char *start = map (3 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_HUGETLB, -1);

  if (start == NULL)
    {
      skip (name, "no huge pages in the pool");
      return;
    }
  touch (start, 2 * HUGE_PAGE, page);
  say (name, start, 3 * HUGE_PAGE);
}

static void
make_hugetlb_memfd (const char *name)
{
  int fd = memfd_create ("zoo-huge", MFD_HUGETLB);
  char *start = NULL;

  if (fd >= 0 && ftruncate (fd, 2 * HUGE_PAGE) == 0)
    start = map (2 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  if (start == NULL)
    {
      skip (name, "no huge pages in the pool");
      return;
    }
  touch (start, HUGE_PAGE, page);
  say (name, start, 2 * HUGE_PAGE);
}

static void
make_memfd (const char *name)
{
  int fd = memfd_create ("zoo", 0);
  char *start = NULL;

  if (fd >= 0 && ftruncate (fd, 32 * page) == 0)
    start = map (32 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  if (start == NULL)
    {
      skip (name, "no memfd");
      return;
    }
  touch (start, 12 * page, page);
  say (name, start, 32 * page);
}

static void
make_shm_anon (const char *name)
{
  char *start = map (32 * page, PROT_READ | PROT_WRITE, MAP_SHARED, -1);

  touch (start, 10 * page, page);
  say (name, start, 32 * page);
}

static void
make_shm_sysv (const char *name)
{
  int id = shmget (IPC_PRIVATE, 32 * page, IPC_CREAT | 0600);
  char *start = id >= 0 ? shmat (id, NULL, 0) : (void *) -1;

  if (id >= 0)
    shmctl (id, IPC_RMID, NULL);
  if (start == (void *) -1)
    {
      skip (name, "no SysV shared memory");
      return;
    }
  touch (start, 6 * page, page);
  say (name, start, 32 * page);
}

static void
make_shm_posix (const char *name)
{
  char path[64];
  char *start = NULL;
  int fd;

  snprintf (path, sizeof path, "/psc-zoo-%d", (int) getpid ());
  fd = shm_open (path, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd >= 0 && ftruncate (fd, 32 * page) == 0)
    start = map (32 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  shm_unlink (path);
  if (start == NULL)
    {
      skip (name, "no POSIX shared memory");
      return;
    }
  touch (start, 7 * page, page);
  say (name, start, 32 * page);
}

static int
open_file (size_t length)
{
  char path[] = "/tmp/psc-zoo-XXXXXX";
  int fd = mkstemp (path);
  char *bytes = calloc (1, length);

  unlink (path);
  if (fd < 0 || bytes == NULL || write (fd, bytes, length) != (ssize_t) length)
    exit (EXIT_FAILURE);
  free (bytes);
  return fd;
}

/* Half of it read, of which some is written: pages of the file beside copies of them. */
static void
make_file_private (const char *name)
{
  char *start = map (64 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, open_file (64 * page));

  madvise (start, 64 * page, MADV_RANDOM);
  look (start, 32 * page);
  touch (start + 4 * page, 5 * page, page);
  say (name, start, 64 * page);
}

static void
make_file_shared (const char *name)
{
  char *start = map (64 * page, PROT_READ | PROT_WRITE, MAP_SHARED, open_file (64 * page));

  madvise (start, 64 * page, MADV_RANDOM);
  touch (start, 20 * page, page);
  say (name, start, 64 * page);
}

static void *
sleep_thread (void *data)
{
  char room[KIB (96)];

  touch (room, sizeof room, page);
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
      say (name, stack, size);
    }
  pthread_barrier_wait (&ready);
}

/* Pages that a child shares until one of the two writes. */
static void
make_forked (const char *name)
{
  char *start = map_alone (32 * page);
  pid_t child;

  touch (start, 24 * page, page);
  child = fork ();
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause ();
    }
  touch (start, 4 * page, page);
  say (name, start, 32 * page);
}

static void
make_swapped (const char *name)
{
  char *start = map_alone (64 * page);

  touch (start, 64 * page, page);
  if (madvise (start, 16 * page, ZOO_MADV_PAGEOUT) != 0)
    skip (name, "no MADV_PAGEOUT");
  else
    say (name, start, 64 * page);
}

static void
make_swapped_shm (const char *name)
{
  char *start = map (64 * page, PROT_READ | PROT_WRITE, MAP_SHARED, -1);

  touch (start, 64 * page, page);
  if (madvise (start, 16 * page, ZOO_MADV_PAGEOUT) != 0)
    skip (name, "no MADV_PAGEOUT");
  else
    say (name, start, 64 * page);
}

/* 65,000 mappings of a page each, every other one touched. */
static void
make_many (const char *name)
{
  const size_t n = 65000;
  char *start = map (n * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, -1);

  madvise (start, n * page, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < n; i += 2)
    if (mprotect (start + i * page, page, PROT_READ) != 0)
      {
        skip (name, "too few mappings allowed (vm.max_map_count)");
        return;
      }
  touch (start + page, (n - 1) * page, 2 * page);
  say (name, start, n * page);
}

/* A reservation with a few chunks in use, as V8, Go and the sanitizers have them. */
static void
make_tera (const char *name)
{
  const size_t length = (size_t) 1 << 40;
  char *start = map (length, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, -1);

  if (start == NULL)
    {
      skip (name, "no address space");
      return;
    }
  for (size_t i = 0; i < 16; i++)
    {
      char *chunk = start + i * (length / 16) + MIB (1);

      mprotect (chunk, MIB (1), PROT_READ | PROT_WRITE);
      madvise (chunk, MIB (1), MADV_NOHUGEPAGE);
      touch (chunk, MIB (1), page);
    }
  say (name, start, length);
}

static const struct
{
  const char *name;
  void (*make) (const char *name);
} exhibits[] = {
  { "anon", make_anon },
  { "dense", make_dense },
  { "checker", make_checker },
  { "thp", make_thp },
  { "thp_split", make_thp_split },
  { "zero", make_zero },
  { "huge_zero", make_huge_zero },
  { "prot_none", make_prot_none },
  { "guard", make_guard },
  { "hugetlb", make_hugetlb },
  { "hugetlb_memfd", make_hugetlb_memfd },
  { "memfd", make_memfd },
  { "shm_anon", make_shm_anon },
  { "shm_sysv", make_shm_sysv },
  { "shm_posix", make_shm_posix },
  { "file_private", make_file_private },
  { "file_shared", make_file_shared },
  { "thread_stacks", make_thread_stacks },
  { "forked", make_forked },
  { "swapped", make_swapped },
  { "swapped_shm", make_swapped_shm },
  { "many", make_many },
  { "tera", make_tera },
};

static void
make (const char *name)
{
  for (size_t i = 0; i < sizeof exhibits / sizeof exhibits[0]; i++)
    if (strcmp (exhibits[i].name, name) == 0)
      {
        exhibits[i].make (name);
        return;
      }
  fprintf (stderr, "psc-zoo: no exhibit %s\n", name);
  exit (2);
}

static void *
storm_thread (void *data)
{
  static struct
  {
    char *start;
    size_t length;
  } places[64];

  for (unsigned i = 1;; i = i * 1103515245u + 12345u)
    {
      unsigned at = (i >> 16) % 64;

      if (places[at].start != NULL)
        munmap (places[at].start, places[at].length);
      places[at].length = (1 + (i >> 8) % 32) * page;
      places[at].start = map (places[at].length, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
      if (places[at].start != NULL)
        touch (places[at].start, page, page);
    }
  return data;
}

static void
obey (const char *command, char **argv)
{
  pthread_t thread;

  if (strcmp (command, "exec\n") == 0)
    execl ("/proc/self/exe", argv[0], (char *) NULL);
  else if (strcmp (command, "storm\n") == 0)
    {
      pthread_create (&thread, NULL, storm_thread, NULL);
      puts ("{\"name\":\"ready\"}");
      fflush (stdout);
    }
}

int
main (int argc, char **argv)
{
  char command[32];

  page = (size_t) sysconf (_SC_PAGESIZE);
  for (int i = 1; i < argc; i++)
    make (argv[i]);
  puts ("{\"name\":\"ready\"}");
  fflush (stdout);
  while (fgets (command, sizeof command, stdin) != NULL)
    obey (command, argv);
  return EXIT_SUCCESS;
}
