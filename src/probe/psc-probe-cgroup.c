/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "psc-probe-beneath.h"
#include "psc-probe-process.h"

static const struct
{
  const char *live, *recorded;
  long magic;
} hierarchies[] = {
  [PSC_WIRE_HIERARCHY_V1_MEMORY] = { "/sys/fs/cgroup/memory", "sys-fs-cgroup/memory",
                                     CGROUP_SUPER_MAGIC },
  [PSC_WIRE_HIERARCHY_V2] = { "/sys/fs/cgroup", "sys-fs-cgroup", CGROUP2_SUPER_MAGIC },
  [PSC_WIRE_HIERARCHY_V2_HYBRID] = { "/sys/fs/cgroup/unified", "sys-fs-cgroup/unified",
                                     CGROUP2_SUPER_MAGIC },
};

static const char *const file_names[] = {
  [PSC_WIRE_CGROUP_V1_LIMIT] = "memory.limit_in_bytes",
  [PSC_WIRE_CGROUP_V1_USAGE] = "memory.usage_in_bytes",
  [PSC_WIRE_CGROUP_V1_MEMSW_LIMIT] = "memory.memsw.limit_in_bytes",
  [PSC_WIRE_CGROUP_V1_MEMSW_USAGE] = "memory.memsw.usage_in_bytes",
  [PSC_WIRE_CGROUP_V2_MAX] = "memory.max",
  [PSC_WIRE_CGROUP_V2_CURRENT] = "memory.current",
  [PSC_WIRE_CGROUP_V2_HIGH] = "memory.high",
  [PSC_WIRE_CGROUP_V2_SWAP_MAX] = "memory.swap.max",
  [PSC_WIRE_CGROUP_V2_SWAP_CURRENT] = "memory.swap.current",
};

/* A directory of that name can be anything; what is mounted there can't. */
static int
open_hierarchy (const struct probe_source *source, uint16_t place)
{
  struct statfs status;
  int fd;

  if (place >= sizeof hierarchies / sizeof hierarchies[0] || !hierarchies[place].live)
    return -EINVAL;
  fd = openat (source->directory,
               source->live ? hierarchies[place].live : hierarchies[place].recorded,
               O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return -errno;
  if (!source->live || (fstatfs (fd, &status) == 0 && status.f_type == hierarchies[place].magic))
    return fd;
  close (fd);
  return -EOPNOTSUPP;
}

static int
open_file (const struct probe_source *source, const struct probe_request *request)
{
  int hierarchy, group, fd;

  if (request->file >= sizeof file_names / sizeof file_names[0] || !file_names[request->file])
    return -EINVAL;
  hierarchy = open_hierarchy (source, request->place);
  if (hierarchy < 0)
    return hierarchy;
  group = probe_beneath_open (hierarchy, request->path, request->path_length);
  close (hierarchy);
  if (group < 0)
    return group;
  fd = probe_source_open_at (group, file_names[request->file]);
  close (group);
  return fd;
}

void
probe_cgroup (const struct probe_source *source, const struct probe_request *request,
              struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  int fd = open_file (source, request);
  int error = fd < 0 ? -fd : 0;

  if (error == ENOENT || error == ENOTDIR || error == ELOOP)
    error = EOPNOTSUPP;
  if (!error)
    error = probe_process_ship (fd, PSC_WIRE_MAX_CGROUP, output, &cost);
  if (fd >= 0)
    close (fd);
  probe_output_end (output, (uint32_t) error, &cost);
}
