/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The process that a bench looks at: psc-bench-target SHAPE makes memory of that shape, says
 * "ready", and then obeys its standard input until that ends:
 *
 *   work MSEC   maps 64 KiB, touches its 16 pages and unmaps it, over and over for so long; answers
 *               "worked CYCLES WORST_NSEC", the worst being the longest that one cycle took
 */

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define KIB(n)    ((size_t) (n) << 10)
#define MIB(n)    ((size_t) (n) << 20)
#define GIB(n)    ((size_t) (n) << 30)
#define WORK_SIZE KIB (64)

static size_t page_size;

static void
fail (const char *what)
{
  fprintf (stderr, "psc-bench-target: %s: %s\n", what, strerror (errno));
  exit (1);
}

static char *
map (size_t size, int protection)
{
  char *memory = mmap (NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (memory == MAP_FAILED)
    fail ("mmap");
  return memory;
}

static void
touch (char *memory, size_t size)
{
  for (size_t at = 0; at < size; at += page_size)
    ((volatile char *) memory)[at] = 1;
}

static void
make_dense (void)
{
  char *memory = map (GIB (4), PROT_READ | PROT_WRITE);

  if (madvise (memory, GIB (4), MADV_NOHUGEPAGE) != 0)
    fail ("madvise");
  touch (memory, GIB (4));
}

/* The same, touched in no order, so that the frames lie as they do in a process that has lived for
 * a while: neighbours in the address space are none in memory. */
static void
make_scattered (void)
{
  const size_t n_pages = GIB (4) / page_size;
  char *memory = map (GIB (4), PROT_READ | PROT_WRITE);

  if (madvise (memory, GIB (4), MADV_NOHUGEPAGE) != 0)
    fail ("madvise");
  /* An odd factor goes round all pages of a power of two. */
  for (size_t i = 0; i < n_pages; i++)
    memory[(i * 2654435761u % n_pages) * page_size] = 1;
}

static void
make_thp (void)
{
  char *memory = map (GIB (4) + MIB (2), PROT_READ | PROT_WRITE);
  char *aligned = memory + (MIB (2) - (uintptr_t) memory % MIB (2)) % MIB (2);

  if (madvise (aligned, GIB (4), MADV_HUGEPAGE) != 0)
    fail ("madvise");
  touch (aligned, GIB (4));
}

/* Neighbours that differ in what is allowed, so that the kernel doesn't merge them. */
static void
make_mappings (size_t n_mappings, size_t n_pages)
{
  size_t size = n_pages * page_size;
  char *memory = map (n_mappings * size, PROT_READ | PROT_WRITE);

  if (madvise (memory, n_mappings * size, MADV_NOHUGEPAGE) != 0)
    fail ("madvise");
  touch (memory, n_mappings * size);
  for (size_t i = 1; i < n_mappings; i += 2)
    if (mprotect (memory + i * size, size, PROT_READ) != 0)
      fail ("mprotect");
}

static void
make_65k (void)
{
  make_mappings (65000, 1);
}

static void
make_60k (void)
{
  make_mappings (60000, 16);
}

/* As a language runtime reserves: 4 GiB of it used, in 2048 chunks. */
static void
make_reserve (void)
{
  const size_t n_chunks = 2048, stride = GIB (1024) / n_chunks;
  char *memory = map (GIB (1024) + MIB (2), PROT_NONE);
  char *aligned = memory + (MIB (2) - (uintptr_t) memory % MIB (2)) % MIB (2);

  if (madvise (aligned, GIB (1024), MADV_NOHUGEPAGE) != 0)
    fail ("madvise");
  for (size_t i = 0; i < n_chunks; i++)
    {
      char *chunk = aligned + i * stride;

      if (mprotect (chunk, MIB (2), PROT_READ | PROT_WRITE) != 0)
        fail ("mprotect");
      touch (chunk, MIB (2));
    }
}

static void
make_nothing (void)
{
}

static const struct
{
  const char *name;
  void (*make) (void);
} shapes[] = {
  { "dense", make_dense },     { "scattered", make_scattered }, { "thp", make_thp },
  { "mappings", make_65k },    { "ballast60k", make_60k },      { "reserve", make_reserve },
  { "nothing", make_nothing },
};

static uint64_t
now_nsec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

static void
work (uint64_t msec)
{
  uint64_t began = now_nsec (), last = began, worst = 0, n_cycles = 0;

  while (last - began < msec * 1000000)
    {
      char *memory =
          mmap (NULL, WORK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      uint64_t now;

      if (memory == MAP_FAILED)
        fail ("mmap");
      touch (memory, WORK_SIZE);
      munmap (memory, WORK_SIZE);
      now = now_nsec ();
      if (now - last > worst)
        worst = now - last;
      last = now;
      n_cycles++;
    }
  printf ("worked %" PRIu64 " %" PRIu64 "\n", n_cycles, worst);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  char line[64];
  size_t i = 0;

  page_size = (size_t) sysconf (_SC_PAGESIZE);
  while (i < sizeof shapes / sizeof shapes[0] &&
         (argc != 2 || strcmp (argv[1], shapes[i].name) != 0))
    i++;
  if (i == sizeof shapes / sizeof shapes[0])
    {
      fprintf (stderr, "psc-bench-target: give one shape\n");
      return 2;
    }
  shapes[i].make ();
  printf ("ready\n");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin))
    {
      uint64_t msec;

      if (sscanf (line, "work %" SCNu64, &msec) == 1)
        work (msec);
    }
  return 0;
}
