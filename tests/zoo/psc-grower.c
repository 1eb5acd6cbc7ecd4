/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A program that leaks or does not, on command.
 *
 *   psc-grower ANIMAL SEED SPEED
 *
 * writes "ready" and reads lines from stdin. At each it does the work of a second and answers with
 * how many bytes it has really lost until then. The end of the input ends it. With "real" for a
 * fourth word it goes by the clock, ten ticks a second, until it is ended.
 */

#include "psc-grower.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

size_t grower_page;
double grower_speed;
uint64_t grower_leaked;

static uint64_t state;

/* xorshift64* */
uint32_t
grower_random (void)
{
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (uint32_t) ((state * 2685821657736338717u) >> 32);
}

double
grower_share (void)
{
  return grower_random () / 4294967296.0;
}

size_t
grower_ration (size_t bytes)
{
  return (size_t) ((double) bytes * grower_speed * (0.5 + grower_share ()));
}

void
grower_need (const void *memory)
{
  if (memory != NULL && memory != MAP_FAILED)
    return;
  perror ("psc-grower");
  exit (EXIT_FAILURE);
}

void
grower_touch (volatile char *start, size_t length)
{
  for (size_t i = 0; i < length; i += grower_page)
    start[i] = 1;
}

char *
grower_map (size_t length)
{
  char *start = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  grower_need (start);
  grower_touch (start, length);
  return start;
}

static const GrowerAnimal *
find (const char *name)
{
  static const GrowerAnimal *const houses[] = { grower_leaks, grower_shared, grower_others };

  for (size_t i = 0; i < sizeof houses / sizeof houses[0]; i++)
    for (const GrowerAnimal *animal = houses[i]; animal->name != NULL; animal++)
      if (strcmp (animal->name, name) == 0)
        return animal;
  return NULL;
}

static void
go_by_the_clock (const GrowerAnimal *animal)
{
  const struct timespec tenth = { 0, 100000000 };

  for (unsigned second = 0;; second++)
    {
      animal->tick (second);
      nanosleep (&tenth, NULL);
    }
}

int
main (int argc, char **argv)
{
  const GrowerAnimal *animal = argc >= 4 ? find (argv[1]) : NULL;
  char line[32];

  if (animal == NULL)
    {
      fputs ("psc-grower: ANIMAL SEED SPEED\n", stderr);
      return 2;
    }
  grower_page = (size_t) sysconf (_SC_PAGESIZE);
  state = strtoull (argv[2], NULL, 10) * 2654435761u + 88172645463325252u;
  grower_speed = strtod (argv[3], NULL);
  /* Huge pages come 2 MiB at a time, and when the kernel likes. */
  prctl (PR_SET_THP_DISABLE, 1, 0, 0, 0);
  mallopt (M_MMAP_THRESHOLD, 32 << 20);
  puts ("ready");
  fflush (stdout);
  if (argc > 4 && strcmp (argv[4], "real") == 0)
    go_by_the_clock (animal);
  for (unsigned second = 0; fgets (line, sizeof line, stdin) != NULL; second++)
    {
      animal->tick (second);
      printf ("%llu\n", (unsigned long long) grower_leaked);
      fflush (stdout);
    }
  return EXIT_SUCCESS;
}
