/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared memory and files. */

#include "psc-zoo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static void
make_memfd (const char *name)
{
  int fd = memfd_create ("zoo", 0);
  char *start = NULL;

  if (fd >= 0 && ftruncate (fd, 32 * zoo_page) == 0)
    start = zoo_map_file (fd, 32 * zoo_page, MAP_SHARED);
  if (start == NULL)
    {
      zoo_skip (name, "no memfd");
      return;
    }
  zoo_touch (start, 12 * zoo_page, zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

/* Written through the descriptor: there, but not in this page table. */
static void
make_shm_cached (const char *name)
{
  int fd = memfd_create ("zoo-cached", 0);
  char *start = NULL, *bytes = calloc (8, zoo_page);

  if (fd >= 0 && ftruncate (fd, 32 * zoo_page) == 0 && bytes != NULL &&
      write (fd, bytes, 8 * zoo_page) == (ssize_t) (8 * zoo_page))
    start = zoo_map_file (fd, 32 * zoo_page, MAP_SHARED);
  free (bytes);
  if (start == NULL)
    zoo_skip (name, "no memfd");
  else
    zoo_say (name, start, 32 * zoo_page);
}

static void
make_shm_anon (const char *name)
{
  char *start = zoo_map (32 * zoo_page, PROT_READ | PROT_WRITE, MAP_SHARED, -1);

  if (start == NULL)
    {
      zoo_skip (name, "no shared memory");
      return;
    }
  zoo_touch (start, 10 * zoo_page, zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_shm_sysv (const char *name)
{
  int id = shmget (IPC_PRIVATE, 32 * zoo_page, IPC_CREAT | 0600);
  char *start = id >= 0 ? shmat (id, NULL, 0) : (void *) -1;

  if (id >= 0)
    shmctl (id, IPC_RMID, NULL);
  if (start == (void *) -1)
    {
      zoo_skip (name, "no SysV shared memory");
      return;
    }
  zoo_touch (start, 6 * zoo_page, zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

static void
make_shm_posix (const char *name)
{
  char path[64];
  char *start = NULL;
  int fd;

  snprintf (path, sizeof path, "/psc-zoo-%d", (int) getpid ());
  fd = shm_open (path, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd >= 0)
    shm_unlink (path);
  if (fd >= 0 && ftruncate (fd, 32 * zoo_page) == 0)
    start = zoo_map_file (fd, 32 * zoo_page, MAP_SHARED);
  if (start == NULL)
    {
      zoo_skip (name, "no POSIX shared memory");
      return;
    }
  zoo_touch (start, 7 * zoo_page, zoo_page);
  zoo_say (name, start, 32 * zoo_page);
}

/* Written page by page, so that the page cache keeps it in single pages. */
static int
open_file (size_t n_pages)
{
  char path[] = "/tmp/psc-zoo-XXXXXX";
  int fd = mkstemp (path);
  char *bytes = calloc (1, zoo_page);

  unlink (path);
  if (fd < 0 || bytes == NULL)
    exit (EXIT_FAILURE);
  for (size_t i = 0; i < n_pages; i++)
    if (write (fd, bytes, zoo_page) != (ssize_t) zoo_page)
      exit (EXIT_FAILURE);
  free (bytes);
  return fd;
}

/* Half of it read, of which some is written: pages of the file beside copies of them. The kernel
 * maps neighbours in the page cache too, within borders of 64 KiB. */
static void
make_file_private (const char *name)
{
  char *start = zoo_map_file (open_file (64), 64 * zoo_page, MAP_PRIVATE);

  if (start == NULL)
    {
      zoo_skip (name, "no address space");
      return;
    }
  zoo_look (start, 32 * zoo_page);
  zoo_touch (start + 4 * zoo_page, 5 * zoo_page, zoo_page);
  zoo_say (name, start, 64 * zoo_page);
}

static void
make_file_shared (const char *name)
{
  char *start = zoo_map_file (open_file (64), 64 * zoo_page, MAP_SHARED);

  if (start == NULL)
    {
      zoo_skip (name, "no address space");
      return;
    }
  zoo_touch (start, 20 * zoo_page, zoo_page);
  zoo_say (name, start, 64 * zoo_page);
}

const ZooExhibit zoo_shared_exhibits[] = {
  { "memfd", make_memfd },
  { "shm_cached", make_shm_cached },
  { "shm_anon", make_shm_anon },
  { "shm_sysv", make_shm_sysv },
  { "shm_posix", make_shm_posix },
  { "file_private", make_file_private },
  { "file_shared", make_file_shared },
  { NULL, NULL },
};
