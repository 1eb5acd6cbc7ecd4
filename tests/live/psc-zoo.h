/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Inside psc-zoo: what its exhibits are made with. libc only. Every exhibit lies between holes, so
 * that the kernel merges it with nothing, and keeps still once it is made.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIB(n)    ((size_t) (n) << 10)
#define MIB(n)    ((size_t) (n) << 20)
#define HUGE_PAGE MIB (2)

/* Newer than Debian 12's headers. */
#define ZOO_MADV_PAGEOUT       21
#define ZOO_MADV_COLLAPSE      25
#define ZOO_MADV_GUARD_INSTALL 102

typedef struct
{
  const char *name;
  void (*make) (const char *name);
} ZooExhibit;

/* Each ends with a NULL name. */
extern const ZooExhibit zoo_anon_exhibits[];
extern const ZooExhibit zoo_huge_exhibits[];
extern const ZooExhibit zoo_shared_exhibits[];
extern const ZooExhibit zoo_swap_exhibits[];
extern const ZooExhibit zoo_kernel_exhibits[];
extern const ZooExhibit zoo_change_exhibits[];

/* Makes those of zoo_change_exhibits that are there otherwise. */
void zoo_change (void);

/* Base page, bytes. */
extern size_t zoo_page;

/* One line of JSON: the exhibit is there, at [start, start + length), in this process. */
void zoo_say (const char *name, const void *start, size_t length);
/* The same in another process. */
void zoo_say_of (const char *name, int pid, const void *start, size_t length);
/* It could not be made: why, and errno's text behind it unless that is 0. */
void zoo_skip (const char *name, const char *why);

/* Writes one byte every `step` bytes. */
void zoo_touch (volatile char *start, size_t length, size_t step);
/* Reads one byte of each page. */
void zoo_look (const volatile char *start, size_t length);

/* NULL when it can't be had. fd -1: anonymous. */
char *zoo_map (size_t length, int prot, int flags, int fd);
/* Private memory between holes, without huge pages. Ends the zoo when there is none. */
char *zoo_map_alone (size_t length);
/* The same on a border of 2 MiB; NULL when the kernel has no transparent huge pages. Huge pages
 * are had until MADV_NOHUGEPAGE, which keeps khugepaged from changing things later. */
char *zoo_map_aligned (size_t length);
/* The first `length` bytes of a file, on a border of 2 MiB and between holes; flags MAP_SHARED or
 * MAP_PRIVATE. The descriptor stays open. NULL with errno, also when fd is -1. */
char *zoo_map_file (int fd, size_t length, int flags);
/* A new file of that size in a tmpfs that nobody else ever sees and that goes with the file;
 * `options` as for mount. -1 with errno; needs root. */
int zoo_open_in_own_tmpfs (const char *options, size_t length);

/* Swaps out the first `length` bytes of the mapping at `start`. FALSE when they stay. */
bool zoo_page_out (char *start, size_t length);

/* A field of /proc/self/smaps of the mapping that starts here, bytes: "Swap", "LazyFree". */
size_t zoo_smaps (const void *start, const char *field);
/* Calls func until the field has that value, for up to two seconds. */
bool
zoo_insist (const void *start, const char *field, size_t value, void (*func) (void *), void *data);
