/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "psc-wire.h"

#define FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* As in the kernel's include/uapi/linux/openat2.h, which is newer than some headers. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define NO_MAGICLINKS 0x02
#define NO_SYMLINKS   0x04
#define BENEATH       0x08

struct how
{
  uint64_t flags, mode, resolve;
};

static int
open_component (int directory, const uint8_t *name, size_t length)
{
  char component[NAME_MAX + 1];
  int fd;

  if (length > NAME_MAX)
    return -ENAMETOOLONG;
  memcpy (component, name, length);
  component[length] = '\0';
  fd = openat (directory, component, FLAGS);
  return fd >= 0 ? fd : -errno;
}

int
probe_beneath_walk (int directory, const uint8_t *path, size_t length)
{
  int fd = openat (directory, ".", FLAGS);

  if (fd < 0)
    return -errno;
  for (size_t at = 0, end; fd >= 0 && at < length; at = end + 1)
    {
      const uint8_t *slash = memchr (path + at, '/', length - at);
      int above = fd;

      end = slash ? (size_t) (slash - path) : length;
      fd = open_component (above, path + at, end - at);
      close (above);
    }
  return fd;
}

int
probe_beneath_open (int directory, const uint8_t *path, size_t length)
{
  struct how how = { .flags = FLAGS, .resolve = NO_MAGICLINKS | NO_SYMLINKS | BENEATH };
  char name[PSC_WIRE_MAX_PATH + 1];
  long fd;

  if (length > PSC_WIRE_MAX_PATH)
    return -ENAMETOOLONG;
  memcpy (name, path, length);
  name[length] = '\0';
  fd = syscall (SYS_openat2, directory, length > 0 ? name : ".", &how, sizeof how);
  if (fd >= 0)
    return (int) fd;
  /* Filters that are older than the call answer EPERM; EAGAIN is a rename meanwhile. */
  if (errno == ENOSYS || errno == EPERM || errno == EAGAIN)
    return probe_beneath_walk (directory, path, length);
  return -errno;
}
