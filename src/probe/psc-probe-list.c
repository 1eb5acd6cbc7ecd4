/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most bytes of each file in a PROCESS frame. */
#define PART_SIZE 4096u

struct part
{
  int error;
  size_t length;
  uint8_t bytes[PART_SIZE];
};

/* 0 when the name isn't a PID. */
static uint32_t
parse_pid (const char *name)
{
  char *end;
  unsigned long pid;

  if (name[0] < '1' || name[0] > '9')
    return 0;
  errno = 0;
  pid = strtoul (name, &end, 10);
  return *end == '\0' && errno == 0 && pid <= INT_MAX ? (uint32_t) pid : 0;
}

static void
read_part (const struct probe_source *source, int directory, const char *name, struct part *part)
{
  int fd = probe_process_open_file (source, directory, name);
  ssize_t n_bytes = 0;

  part->error = fd < 0 ? -fd : 0;
  part->length = 0;
  if (fd < 0)
    return;
  n_bytes = read (fd, part->bytes, sizeof part->bytes);
  if (n_bytes < 0)
    part->error = errno;
  else
    part->length = (size_t) n_bytes;
  close (fd);
}

/* Puts errno and contents of each file of a directory; ESRCH when the thing is gone. */
static int
put_parts (const struct probe_source *source, int directory, const char *const *names,
           size_t n_names, struct psc_wire_writer *writer, struct probe_cost *cost)
{
  for (size_t i = 0; i < n_names; i++)
    {
      struct part part;
      uint64_t began_nsec = probe_cost_now ();

      read_part (source, directory, names[i], &part);
      probe_cost_add (cost, began_nsec);
      if (part.error == ESRCH)
        return ESRCH;
      psc_wire_put_u32 (writer, (uint32_t) part.error);
      psc_wire_put_bytes (writer, part.bytes, part.length);
    }
  return 0;
}

static void
send_process (const struct probe_source *source, int directory, uint32_t pid,
              struct probe_output *output, struct probe_cost *cost)
{
  static const char *const names[] = { "stat", "statm", "cmdline" };
  uint8_t payload[8 + 3 * (8 + PART_SIZE)];
  struct psc_wire_writer writer;
  struct stat status;

  if (fstat (directory, &status) != 0)
    return;
  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, pid);
  psc_wire_put_u32 (&writer, status.st_uid);
  if (put_parts (source, directory, names, 3, &writer, cost) != 0)
    return;
  probe_output_frame (output, PSC_WIRE_PROCESS, 0, payload, writer.length);
  cost->items++;
}

static void
send_thread (const struct probe_source *source, int directory, uint32_t tid,
             struct probe_output *output, struct probe_cost *cost)
{
  static const char *const names[] = { "comm", "syscall" };
  uint8_t payload[4 + 2 * (8 + PART_SIZE)];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u32 (&writer, tid);
  if (put_parts (source, directory, names, 2, &writer, cost) != 0)
    return;
  probe_output_frame (output, PSC_WIRE_THREAD, 0, payload, writer.length);
  cost->items++;
}

typedef void (*send_func) (const struct probe_source *source, int directory, uint32_t id,
                           struct probe_output *output, struct probe_cost *cost);

/* Sends everything in a directory (closed here) that has a number for a name; `most` of them. */
static int
send_all (const struct probe_source *source, int fd, uint64_t most, send_func send,
          struct probe_output *output, struct probe_cost *cost)
{
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;
  int error;

  if (!directory)
    {
      error = errno;
      if (fd >= 0)
        close (fd);
      return error;
    }
  for (errno = 0; !output->error && (entry = readdir (directory)); errno = 0)
    {
      uint32_t id = parse_pid (entry->d_name);
      int item;

      if (id == 0)
        continue;
      cost->truncated = cost->items >= most;
      if (cost->truncated)
        break;
      item = openat (fd, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (item < 0)
        continue;
      send (source, item, id, output, cost);
      close (item);
    }
  error = output->error ? 0 : errno;
  closedir (directory);
  return error;
}

void
probe_processes_list (const struct probe_processes *processes, struct probe_output *output)
{
  const struct probe_source *source = processes->source;
  struct probe_cost cost = { 0 };
  int fd = openat (source->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int error = send_all (source, fd, UINT64_MAX, send_process, output, &cost);

  probe_output_end (output, (uint32_t) error, &cost);
}

void
probe_processes_threads (const struct probe_processes *processes, uint32_t handle,
                         struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  int fd = probe_processes_open_directory (processes, handle, "task");
  int error = -fd;

  if (fd >= 0)
    error = send_all (processes->source, fd, PSC_WIRE_MAX_THREADS, send_thread, output, &cost);
  probe_output_end (output, (uint32_t) error, &cost);
}
