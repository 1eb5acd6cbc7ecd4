/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STAT_SIZE        4096u
#define START_TIME_FIELD 22
/* The first field after the name in parentheses. */
#define STATE_FIELD 3

static const char *const file_names[] = {
  [PSC_WIRE_FILE_MAPS] = "maps",
  [PSC_WIRE_FILE_SMAPS] = "smaps",
  [PSC_WIRE_FILE_SMAPS_ROLLUP] = "smaps_rollup",
  [PSC_WIRE_FILE_STAT] = "stat",
  [PSC_WIRE_FILE_STATM] = "statm",
  [PSC_WIRE_FILE_STATUS] = "status",
  [PSC_WIRE_FILE_CMDLINE] = "cmdline",
  [PSC_WIRE_FILE_COMM] = "comm",
  [PSC_WIRE_FILE_LIMITS] = "limits",
  [PSC_WIRE_FILE_CGROUP] = "cgroup",
  [PSC_WIRE_FILE_OOM_SCORE] = "oom_score",
  [PSC_WIRE_FILE_OOM_SCORE_ADJ] = "oom_score_adj",
};

void
probe_processes_init (struct probe_processes *processes, const struct probe_source *source)
{
  processes->source = source;
  for (size_t i = 0; i < PSC_WIRE_MAX_HANDLES; i++)
    processes->directories[i] = processes->kept[i][0] = processes->kept[i][1] = -1;
}

static void
close_kept (struct probe_processes *processes, uint32_t slot)
{
  for (size_t i = 0; i < 2; i++)
    {
      if (processes->kept[slot][i] >= 0)
        close (processes->kept[slot][i]);
      processes->kept[slot][i] = -1;
    }
}

void
probe_processes_finish (struct probe_processes *processes)
{
  for (uint32_t i = 0; i < PSC_WIRE_MAX_HANDLES; i++)
    {
      if (processes->directories[i] >= 0)
        close (processes->directories[i]);
      close_kept (processes, i);
    }
}

int
probe_process_open_file (const struct probe_source *source, int directory, const char *name)
{
  int fd = probe_source_open_at (directory, name);

  if (fd != -ENOENT)
    return fd;
  /* A directory of a process that ended has no files at all; one that lives always has this. */
  if (source->live && faccessat (directory, "stat", F_OK, 0) != 0)
    return -ESRCH;
  return -EOPNOTSUPP;
}

int
probe_processes_open_file (const struct probe_processes *processes, uint32_t handle,
                           const char *name)
{
  if (handle == 0 || handle > PSC_WIRE_MAX_HANDLES || processes->directories[handle - 1] < 0)
    return -EBADF;
  return probe_process_open_file (processes->source, processes->directories[handle - 1], name);
}

int
probe_processes_open_directory (const struct probe_processes *processes, uint32_t handle,
                                const char *name)
{
  int fd;

  if (handle == 0 || handle > PSC_WIRE_MAX_HANDLES || processes->directories[handle - 1] < 0)
    return -EBADF;
  fd = openat (processes->directories[handle - 1], name,
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0)
    return fd;
  if (errno != ENOENT)
    return -errno;
  return processes->source->live ? -ESRCH : -EOPNOTSUPP;
}

/* The name may hold spaces and parentheses, so fields count from the last one. */
static int
parse_start_time (const char *stat, uint64_t *start_time)
{
  const char *at = strrchr (stat, ')');
  uint64_t value = 0;

  for (int field = STATE_FIELD; at && field <= START_TIME_FIELD; field++)
    at = strchr (at + 1, ' ');
  if (!at || at[1] < '0' || at[1] > '9')
    return EBADMSG;
  for (at++; *at >= '0' && *at <= '9'; at++)
    if (__builtin_mul_overflow (value, 10, &value) ||
        __builtin_add_overflow (value, (uint64_t) (*at - '0'), &value))
      return EBADMSG;
  if (*at != ' ' && *at != '\n')
    return EBADMSG;
  *start_time = value;
  return 0;
}

static int
read_start_time (const struct probe_source *source, int directory, uint64_t *start_time)
{
  char stat[STAT_SIZE];
  int fd = probe_process_open_file (source, directory, "stat");
  ssize_t n_bytes;
  int error;

  if (fd < 0)
    return -fd;
  n_bytes = read (fd, stat, sizeof stat - 1);
  error = n_bytes < 0 ? errno : 0;
  close (fd);
  if (error)
    return error;
  stat[n_bytes] = '\0';
  return parse_start_time (stat, start_time);
}

static int
open_directory (const struct probe_source *source, uint32_t pid, int *directory)
{
  char name[16];

  if (pid == 0 || pid > INT_MAX)
    return EINVAL;
  snprintf (name, sizeof name, "%u", pid);
  *directory = openat (source->directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (*directory >= 0)
    return 0;
  return errno == ENOENT ? ESRCH : errno;
}

static int
open_process (struct probe_processes *processes, uint32_t pid, uint32_t *handle,
              uint64_t *start_time)
{
  uint32_t slot = 0;
  int directory;
  int error;

  while (slot < PSC_WIRE_MAX_HANDLES && processes->directories[slot] >= 0)
    slot++;
  if (slot == PSC_WIRE_MAX_HANDLES)
    return EMFILE;
  error = open_directory (processes->source, pid, &directory);
  if (error)
    return error;
  error = read_start_time (processes->source, directory, start_time);
  if (error)
    {
      close (directory);
      return error;
    }
  processes->directories[slot] = directory;
  *handle = slot + 1;
  return 0;
}

void
probe_processes_open (struct probe_processes *processes, uint32_t pid, struct probe_output *output)
{
  uint32_t handle = 0;
  uint64_t start_time = 0;
  int error = open_process (processes, pid, &handle, &start_time);
  uint8_t payload[12];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, handle);
  psc_wire_put_u64 (&writer, start_time);
  probe_output_frame (output, PSC_WIRE_OPENED, (uint32_t) error, payload, writer.length);
}

void
probe_processes_close (struct probe_processes *processes, uint32_t handle,
                       struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  int error = 0;

  if (handle == 0 || handle > PSC_WIRE_MAX_HANDLES || processes->directories[handle - 1] < 0)
    {
      error = EBADF;
    }
  else
    {
      close (processes->directories[handle - 1]);
      processes->directories[handle - 1] = -1;
      close_kept (processes, handle - 1);
    }
  probe_output_end (output, (uint32_t) error, &cost);
}

static int
open_requested_file (const struct probe_processes *processes, uint32_t handle, uint16_t file)
{
  if (handle == 0)
    return probe_source_open_file (processes->source, file);
  if (file >= sizeof file_names / sizeof file_names[0] || !file_names[file])
    return -EINVAL;
  return probe_processes_open_file (processes, handle, file_names[file]);
}

/* Reads until `size` bytes are there or the file ends: files of /proc come 4 KiB at a time. */
static int
fill (int fd, uint8_t *bytes, size_t size, size_t *n_read, struct probe_cost *cost)
{
  *n_read = 0;
  while (*n_read < size)
    {
      uint64_t began_nsec = probe_cost_now ();
      ssize_t n_bytes = read (fd, bytes + *n_read, size - *n_read);
      int error = n_bytes < 0 ? errno : 0;

      probe_cost_add (cost, began_nsec);
      if (error == EINTR)
        continue;
      if (n_bytes <= 0)
        return error;
      *n_read += (size_t) n_bytes;
    }
  return 0;
}

int
probe_process_ship (int fd, uint64_t max_bytes, struct probe_output *output,
                    struct probe_cost *cost)
{
  static uint8_t bytes[PSC_WIRE_MAX_REPLY];
  size_t size, n_read;
  int error;

  do
    {
      uint64_t rest = max_bytes - cost->items;

      size = rest < sizeof bytes ? (size_t) rest : sizeof bytes;
      error = fill (fd, bytes, size, &n_read, cost);
      if (n_read > 0)
        probe_output_frame (output, PSC_WIRE_DATA, 0, bytes, n_read);
      cost->items += n_read;
    }
  while (!error && !output->error && n_read > 0 && n_read == size && cost->items < max_bytes);

  if (error || cost->items < max_bytes)
    return error;
  error = fill (fd, bytes, 1, &n_read, cost);
  cost->truncated = n_read > 0;
  return error;
}

/* Where the descriptor of a file that is kept open lies; NULL for others. */
static int *
find_kept (struct probe_processes *processes, uint32_t handle, uint16_t file)
{
  if (!processes->source->live || handle == 0 || handle > PSC_WIRE_MAX_HANDLES ||
      processes->directories[handle - 1] < 0)
    return NULL;
  if (file != PSC_WIRE_FILE_STAT && file != PSC_WIRE_FILE_STATUS)
    return NULL;
  return &processes->kept[handle - 1][file == PSC_WIRE_FILE_STATUS];
}

void
probe_processes_read (struct probe_processes *processes, uint32_t handle, uint16_t file,
                      uint64_t max_bytes, struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  int *kept = find_kept (processes, handle, file);
  int fd = kept && *kept >= 0 ? *kept : open_requested_file (processes, handle, file);
  int error = fd < 0 ? -fd : 0;

  if (!error && kept && fd == *kept && lseek (fd, 0, SEEK_SET) < 0)
    error = errno;
  if (!error)
    error = probe_process_ship (fd, max_bytes, output, &cost);
  if (kept)
    *kept = fd >= 0 ? fd : -1;
  else if (fd >= 0)
    close (fd);
  probe_output_end (output, (uint32_t) error, &cost);
}

static int
open_table (const struct probe_processes *processes, uint32_t handle, uint16_t table)
{
  const struct probe_source *source = processes->source;
  int fd;

  if (table == PSC_WIRE_TABLE_PAGEMAP)
    return handle == 0 ? -EINVAL : probe_processes_open_file (processes, handle, "pagemap");
  if (handle != 0 || (table != PSC_WIRE_TABLE_KPAGEFLAGS && table != PSC_WIRE_TABLE_KPAGECOUNT))
    return -EINVAL;
  fd = probe_source_open_at (source->directory,
                             table == PSC_WIRE_TABLE_KPAGEFLAGS ? "kpageflags" : "kpagecount");
  return fd == -ENOENT ? -EOPNOTSUPP : fd;
}

/* Words lie in the file in the machine's order, on the wire little endian. */
static void
send_words (const uint64_t *words, size_t n_words, struct probe_output *output)
{
  static uint8_t payload[PSC_WIRE_MAX_WORDS * sizeof (uint64_t)];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  for (size_t i = 0; i < n_words; i++)
    psc_wire_put_u64 (&writer, words[i]);
  probe_output_frame (output, PSC_WIRE_DATA, 0, payload, writer.length);
}

void
probe_processes_words (const struct probe_processes *processes, uint32_t handle, uint16_t table,
                       uint64_t first, uint32_t n_words, struct probe_output *output)
{
  static uint64_t words[PSC_WIRE_MAX_WORDS];
  struct probe_cost cost = { 0 };
  int fd = open_table (processes, handle, table);
  int error = fd < 0 ? -fd : 0;

  if (!error)
    {
      uint64_t began_nsec = probe_cost_now ();
      ssize_t n_bytes = pread (fd, words, n_words * sizeof words[0], (off_t) (first * 8));

      error = n_bytes < 0 ? errno : 0;
      probe_cost_add (&cost, began_nsec);
      cost.items = n_bytes > 0 ? (uint64_t) n_bytes / sizeof words[0] : 0;
      close (fd);
    }
  if (cost.items > 0)
    send_words (words, cost.items, output);
  probe_output_end (output, (uint32_t) error, &cost);
}
