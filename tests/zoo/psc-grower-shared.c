/* SPDX-License-Identifier: GPL-3.0-or-later */

/* True leaks in shared memory. Nothing is left behind: whatever has a name loses it at once. */

#include "psc-grower.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define PIECE KIB (128)

static void
sysv_tick (unsigned second)
{
  for (size_t lost = 0; lost < grower_ration (KIB (200)); lost += PIECE)
    {
      int id = shmget (IPC_PRIVATE, PIECE, IPC_CREAT | 0600);
      char *start = id < 0 ? MAP_FAILED : shmat (id, NULL, 0);

      grower_need (start);
      shmctl (id, IPC_RMID, NULL);
      grower_touch (start, PIECE);
      grower_leaked += PIECE;
    }
}

static void
keep (int fd, off_t offset, size_t length)
{
  char *start = fd < 0 || ftruncate (fd, offset + (off_t) length) < 0 ?
                    MAP_FAILED :
                    mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

  grower_need (start);
  grower_touch (start, length);
  grower_leaked += length;
}

/* Each time another one, with a name of its own. */
static void
posix_tick (unsigned second)
{
  char name[64];
  int fd;

  snprintf (name, sizeof name, "/psc-grower-%d-%u", (int) getpid (), second);
  fd = shm_open (name, O_RDWR | O_CREAT | O_EXCL, 0600);
  shm_unlink (name);
  keep (fd, 0, (grower_ration (KIB (200)) & ~(grower_page - 1)) + grower_page);
  close (fd);
}

/* One that becomes longer. */
static void
memfd_tick (unsigned second)
{
  static int fd = -1;
  static off_t end;
  size_t length = (grower_ration (KIB (200)) & ~(grower_page - 1)) + grower_page;

  if (fd < 0)
    fd = memfd_create ("frames", MFD_CLOEXEC);
  keep (fd, end, length);
  end += (off_t) length;
}

const GrowerAnimal grower_shared[] = {
  { "sysv-leak", sysv_tick },
  { "posix-leak", posix_tick },
  { "memfd-leak", memfd_tick },
  { NULL, NULL },
};
