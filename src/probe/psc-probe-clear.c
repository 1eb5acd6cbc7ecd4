/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-process.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Documentation/filesystems/proc.rst: 1 clears the bits of all pages of the process, and nothing
 * else. */
static const char clear_all[] = "1";

static int
clear (int directory, struct probe_cost *cost)
{
  int fd = openat (directory, "clear_refs", O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
  uint64_t began_nsec;
  int error;

  if (fd < 0)
    return errno == ENOENT ? EOPNOTSUPP : errno;
  began_nsec = probe_cost_now ();
  error = write (fd, clear_all, sizeof clear_all - 1) < 0 ? errno : 0;
  probe_cost_add (cost, began_nsec);
  close (fd);
  return error;
}

void
probe_processes_clear_referenced (const struct probe_processes *processes, uint32_t handle,
                                  struct probe_output *output)
{
  const struct probe_source *source = processes->source;
  struct probe_cost cost = { 0 };
  int stat;
  int error;

  /* Also tells apart a process that has ended. */
  stat = probe_processes_open_file (processes, handle, "stat");
  if (stat >= 0)
    close (stat);
  if (stat < 0)
    error = -stat;
  else if (!source->live)
    error = EOPNOTSUPP;
  else if (!(source->features & PSC_WIRE_FEATURE_CLEAR))
    error = EPERM;
  else
    error = clear (processes->directories[handle - 1], &cost);
  probe_output_end (output, (uint32_t) error, &cost);
}
