/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "psc-probe-kernel.h"

struct system_file
{
  uint16_t file;
  const char *live;     /* relative to /proc, or absolute */
  const char *recorded; /* relative to the tree */
};

static const struct system_file system_files[] = {
  { PSC_WIRE_FILE_MEMINFO, "meminfo", "meminfo" },
  { PSC_WIRE_FILE_VMSTAT, "vmstat", "vmstat" },
  { PSC_WIRE_FILE_MAX_MAP_COUNT, "sys/vm/max_map_count", "sys/vm/max_map_count" },
  { PSC_WIRE_FILE_SYSVIPC_SHM, "sysvipc/shm", "sysvipc/shm" },
  { PSC_WIRE_FILE_LRU_GEN, "/sys/kernel/mm/lru_gen/enabled", "sys-kernel-mm/lru_gen/enabled" },
  { PSC_WIRE_FILE_OVERCOMMIT, "sys/vm/overcommit_memory", "sys/vm/overcommit_memory" },
  { PSC_WIRE_FILE_THP_ENABLED, "/sys/kernel/mm/transparent_hugepage/enabled",
    "sys-kernel-mm/transparent_hugepage/enabled" },
  { PSC_WIRE_FILE_MOUNTINFO, "self/mountinfo", "self/mountinfo" },
  { PSC_WIRE_FILE_THP_DEFRAG, "/sys/kernel/mm/transparent_hugepage/defrag",
    "sys-kernel-mm/transparent_hugepage/defrag" },
  { PSC_WIRE_FILE_THP_SHMEM, "/sys/kernel/mm/transparent_hugepage/shmem_enabled",
    "sys-kernel-mm/transparent_hugepage/shmem_enabled" },
  { PSC_WIRE_FILE_THP_MAX_PTES_NONE, "/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none",
    "sys-kernel-mm/transparent_hugepage/khugepaged/max_ptes_none" },
};

int
probe_source_open_at (int directory, const char *name)
{
  /* O_NONBLOCK for a recorded tree that has a FIFO where a file should be. */
  int fd = openat (directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  return fd >= 0 ? fd : -errno;
}

/* The setting of pages as large as one page table covers: its directory has their size for a name.
 */
static int
open_slot_enabled (const struct probe_source *source)
{
  uint64_t slot_kb = (uint64_t) source->page_size * (source->page_size / 8) / 1024;
  char path[128];

  snprintf (path, sizeof path, "%s/transparent_hugepage/hugepages-%llukB/enabled",
            source->live ? "/sys/kernel/mm" : "sys-kernel-mm", (unsigned long long) slot_kb);
  return probe_source_open_at (source->directory, path);
}

int
probe_source_open_file (const struct probe_source *source, uint16_t file)
{
  if (file == PSC_WIRE_FILE_THP_SLOT_ENABLED)
    {
      int fd = open_slot_enabled (source);

      return fd == -ENOENT || fd == -ENOTDIR ? -EOPNOTSUPP : fd;
    }
  for (size_t i = 0; i < sizeof system_files / sizeof system_files[0]; i++)
    {
      const struct system_file *entry = &system_files[i];
      int fd;

      if (entry->file != file)
        continue;
      fd = probe_source_open_at (source->directory, source->live ? entry->live : entry->recorded);
      return fd == -ENOENT || fd == -ENOTDIR ? -EOPNOTSUPP : fd;
    }
  return -EINVAL;
}

/* Kernels add categories one by one and refuse those that they don't know, so each is tried. */
static uint64_t
find_scan_categories (const struct probe_source *source)
{
  struct psc_wire_region region;
  uint64_t categories = 0;
  int fd = probe_source_open_at (source->directory, "self/pagemap");

  if (fd < 0)
    return 0;
  for (uint64_t bit = 1; bit & PROBE_ALL_CATEGORIES; bit <<= 1)
    {
      struct pm_scan_arg arg = {
        .size = sizeof arg,
        .end = source->page_size,
        .vec = (uintptr_t) &region,
        .vec_len = 1,
        .category_mask = bit,
        .return_mask = bit,
      };

      if (ioctl (fd, PAGEMAP_SCAN, &arg) >= 0)
        categories |= bit;
    }
  close (fd);
  return categories;
}

static bool
find_query (const struct probe_source *source)
{
  struct procmap_query query = { .size = sizeof query, .query_addr = (uintptr_t) system_files };
  int fd = probe_source_open_at (source->directory, "self/maps");
  bool found;

  if (fd < 0)
    return false;
  found = ioctl (fd, PROCMAP_QUERY, &query) == 0;
  close (fd);
  return found;
}

static bool
tree_has_scan (const struct probe_source *source)
{
  int fd = openat (source->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;
  bool found = false;

  if (!directory)
    {
      if (fd >= 0)
        close (fd);
      return false;
    }
  for (struct dirent *entry = readdir (directory); entry && !found; entry = readdir (directory))
    {
      char path[NAME_MAX + sizeof "/pagemap.scan"];

      if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
        continue;
      snprintf (path, sizeof path, "%s/pagemap.scan", entry->d_name);
      found = faccessat (source->directory, path, R_OK, 0) == 0;
    }
  closedir (directory);
  return found;
}

static void
find_features (struct probe_source *source)
{
  if (source->live)
    {
      source->features = PSC_WIRE_FEATURE_LIVE;
      source->scan_categories = find_scan_categories (source);
      if (find_query (source))
        source->features |= PSC_WIRE_FEATURE_QUERY;
    }
  else if (tree_has_scan (source))
    {
      source->scan_categories = PROBE_ALL_CATEGORIES;
    }
  if (source->scan_categories != 0)
    source->features |= PSC_WIRE_FEATURE_SCAN;
}

int
probe_source_init (struct probe_source *source, const char *root, uint32_t page_size)
{
  *source = (struct probe_source){ .live = root == NULL };
  source->page_size = page_size != 0 ? page_size : (uint32_t) sysconf (_SC_PAGESIZE);
  source->directory = open (root ? root : "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (source->directory < 0)
    return errno;
  find_features (source);
  return 0;
}

void
probe_source_forgo_scan (struct probe_source *source)
{
  source->features &= ~(uint32_t) PSC_WIRE_FEATURE_SCAN;
  source->scan_categories = 0;
}

void
probe_source_forgo_query (struct probe_source *source)
{
  source->features &= ~(uint32_t) PSC_WIRE_FEATURE_QUERY;
}

void
probe_source_allow_clear (struct probe_source *source)
{
  if (source->live)
    source->features |= PSC_WIRE_FEATURE_CLEAR;
}

static uint64_t
get_effective_capabilities (void)
{
  struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

  if (syscall (SYS_capget, &head, data) != 0)
    return 0;
  return data[0].effective | (uint64_t) data[1].effective << 32;
}

/* The first line of a recorded file; empty when there is none. */
static void
read_line (const struct probe_source *source, const char *name, char *line, size_t size)
{
  int fd = probe_source_open_at (source->directory, name);
  ssize_t n_bytes;

  line[0] = '\0';
  if (fd < 0)
    return;
  n_bytes = read (fd, line, size - 1);
  close (fd);
  line[n_bytes > 0 ? n_bytes : 0] = '\0';
  line[strcspn (line, "\n")] = '\0';
}

static void
get_names (const struct probe_source *source, struct utsname *names)
{
  memset (names, 0, sizeof *names);
  if (source->live)
    {
      uname (names);
      return;
    }
  read_line (source, "sys/kernel/hostname", names->nodename, sizeof names->nodename);
  read_line (source, "sys/kernel/osrelease", names->release, sizeof names->release);
  read_line (source, "sys/kernel/arch", names->machine, sizeof names->machine);
}

void
probe_source_hello (const struct probe_source *source, struct probe_output *output,
                    uint32_t version)
{
  uint8_t payload[36 + 3 * (4 + sizeof (((struct utsname *) NULL)->nodename))];
  struct psc_wire_writer writer;
  struct utsname names;

  get_names (source, &names);
  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, PSC_WIRE_VERSION);
  psc_wire_put_u32 (&writer, source->page_size);
  psc_wire_put_u32 (&writer, geteuid ());
  psc_wire_put_u32 (&writer, source->features);
  psc_wire_put_u64 (&writer, get_effective_capabilities ());
  psc_wire_put_u64 (&writer, source->scan_categories);
  psc_wire_put_u32 (&writer, (uint32_t) sysconf (_SC_CLK_TCK));
  psc_wire_put_bytes (&writer, names.nodename, strlen (names.nodename));
  psc_wire_put_bytes (&writer, names.release, strlen (names.release));
  psc_wire_put_bytes (&writer, names.machine, strlen (names.machine));
  probe_output_frame (output, PSC_WIRE_HOST, version == PSC_WIRE_VERSION ? 0 : EPROTO, payload,
                      writer.length);
}
