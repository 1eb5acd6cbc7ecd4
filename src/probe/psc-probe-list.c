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
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
      struct part part;
      uint64_t began_nsec = probe_cost_now ();

      read_part (source, directory, names[i], &part);
      probe_cost_add (cost, began_nsec);
      if (part.error == ESRCH)
        return;
      psc_wire_put_u32 (&writer, (uint32_t) part.error);
      psc_wire_put_bytes (&writer, part.bytes, part.length);
    }
  probe_output_frame (output, PSC_WIRE_PROCESS, 0, payload, writer.length);
  cost->items++;
}

static int
send_all (const struct probe_source *source, struct probe_output *output, struct probe_cost *cost)
{
  int fd = openat (source->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
      uint32_t pid = parse_pid (entry->d_name);
      int process;

      if (pid == 0)
        continue;
      process =
          openat (source->directory, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (process < 0)
        continue;
      send_process (source, process, pid, output, cost);
      close (process);
    }
  error = output->error ? 0 : errno;
  closedir (directory);
  return error;
}

void
probe_processes_list (const struct probe_processes *processes, struct probe_output *output)
{
  struct probe_cost cost = { 0 };
  int error = send_all (processes->source, output, &cost);

  probe_output_end (output, (uint32_t) error, &cost);
}
