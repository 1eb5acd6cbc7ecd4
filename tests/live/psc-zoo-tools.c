/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-zoo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#define INSIST_TRIES 1000

size_t zoo_page;

void
zoo_say_of (const char *name, int pid, const void *start, size_t length)
{
  printf ("{\"name\":\"%s\",\"pid\":%d,\"start\":\"0x%" PRIxPTR "\",\"end\":\"0x%" PRIxPTR "\"}\n",
          name, pid, (uintptr_t) start, (uintptr_t) start + length);
}

void
zoo_say (const char *name, const void *start, size_t length)
{
  zoo_say_of (name, (int) getpid (), start, length);
}

void
zoo_skip (const char *name, const char *why)
{
  if (errno == 0)
    printf ("{\"name\":\"%s\",\"skip\":\"%s\"}\n", name, why);
  else
    printf ("{\"name\":\"%s\",\"skip\":\"%s: %s\"}\n", name, why, strerror (errno));
}

void
zoo_touch (volatile char *start, size_t length, size_t step)
{
  for (size_t i = 0; i < length; i += step)
    start[i] = 1;
}

void
zoo_look (const volatile char *start, size_t length)
{
  for (size_t i = 0; i < length; i += zoo_page)
    (void) start[i];
}

char *
zoo_map (size_t length, int prot, int flags, int fd)
{
  char *start = mmap (NULL, length, prot, flags | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

  return start == MAP_FAILED ? NULL : start;
}

/* Unmaps what lies around [start, start + length). */
static char *
carve (char *whole, size_t whole_length, char *start, size_t length)
{
  munmap (whole, (size_t) (start - whole));
  munmap (start + length, (size_t) (whole + whole_length - start) - length);
  return start;
}

char *
zoo_map_alone (size_t length)
{
  char *whole = zoo_map (length + 2 * zoo_page, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);

  if (whole == NULL)
    {
      perror ("psc-zoo: mmap");
      exit (EXIT_FAILURE);
    }
  carve (whole, length + 2 * zoo_page, whole + zoo_page, length);
  madvise (whole + zoo_page, length, MADV_NOHUGEPAGE);
  return whole + zoo_page;
}

static char *
align_up (char *start)
{
  return (char *) (((uintptr_t) start + HUGE_PAGE) & ~(HUGE_PAGE - 1));
}

char *
zoo_map_aligned (size_t length)
{
  char *whole = zoo_map (length + 2 * HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
  char *start;

  if (whole == NULL)
    return NULL;
  start = carve (whole, length + 2 * HUGE_PAGE, align_up (whole), length);
  return madvise (start, length, MADV_HUGEPAGE) == 0 ? start : NULL;
}

char *
zoo_map_file (int fd, size_t length, int flags)
{
  char *whole, *start;

  if (fd < 0)
    return NULL;
  whole = zoo_map (length + 2 * HUGE_PAGE, PROT_NONE, MAP_PRIVATE, -1);
  if (whole == NULL)
    return NULL;
  start = carve (whole, length + 2 * HUGE_PAGE, align_up (whole), length);
  start = mmap (start, length, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
  return start == MAP_FAILED ? NULL : start;
}

int
zoo_open_in_own_tmpfs (const char *options, size_t length)
{
  char folder[] = "/tmp/psc-zoo-XXXXXX", path[64];
  int fd = -1, error;

  if (mkdtemp (folder) == NULL)
    return -1;
  snprintf (path, sizeof path, "%s/file", folder);
  if (unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
      mount ("psc-zoo", folder, "tmpfs", 0, options) == 0)
    fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0 && ftruncate (fd, (off_t) length) != 0)
    fd = -1;
  error = errno;
  umount2 (folder, MNT_DETACH);
  rmdir (folder);
  errno = error;
  return fd;
}

static size_t
read_field (FILE *file, const char *field)
{
  char line[512];
  size_t length = strlen (field);

  while (fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, field, length) == 0 && line[length] == ':')
      return KIB (strtoul (line + length + 1, NULL, 10));
  return SIZE_MAX;
}

size_t
zoo_smaps (const void *start, const char *field)
{
  FILE *file = fopen ("/proc/self/smaps", "r");
  char line[512], head[32];
  size_t value = SIZE_MAX;

  if (file == NULL)
    return value;
  snprintf (head, sizeof head, "%08" PRIxPTR "-", (uintptr_t) start);
  while (value == SIZE_MAX && fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, head, strlen (head)) == 0)
      value = read_field (file, field);
  fclose (file);
  return value;
}

/* Nothing tells when the kernel gets round to it, so it is asked again and again. */
bool
zoo_insist (const void *start, const char *field, size_t value, void (*func) (void *), void *data)
{
  const struct timespec pause = { 0, 2000000 };

  for (int i = 0; i < INSIST_TRIES; i++)
    {
      func (data);
      if (zoo_smaps (start, field) == value)
        return true;
      nanosleep (&pause, NULL);
    }
  errno = 0;
  return false;
}

typedef struct
{
  char *start;
  size_t length;
} Part;

/* Leaves alone what somebody holds at the moment, so it may take a few calls. */
static void
page_out_cb (void *data)
{
  Part *part = data;

  madvise (part->start, part->length, ZOO_MADV_PAGEOUT);
}

bool
zoo_page_out (char *start, size_t length)
{
  Part part = { start, length };

  return zoo_insist (start, "Swap", length, page_out_cb, &part);
}
