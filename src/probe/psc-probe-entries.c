/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-entries.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "psc-probe-beneath.h"

#define TARGET_SIZE 4096u

/* How entries of a directory are looked at. */
struct look
{
  bool links;   /* says where they lead */
  bool follows; /* and what is there */
  bool stats;
};

/* 0, or an errno. ENOENT: it vanished. */
static int
put_numbers (int directory, const char *name, const struct look *look,
             struct psc_wire_writer *writer)
{
  struct statx status = { 0 };
  int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | (look->follows ? 0 : AT_SYMLINK_NOFOLLOW);
  int error = EOPNOTSUPP;

  if (look->stats)
    error = statx (directory, name, flags, STATX_BASIC_STATS, &status) == 0 ? 0 : errno;
  psc_wire_put_u32 (writer, (uint32_t) error);
  psc_wire_put_u32 (writer, status.stx_mode);
  psc_wire_put_u32 (writer, status.stx_uid);
  psc_wire_put_u32 (writer, status.stx_nlink);
  psc_wire_put_u32 (writer, status.stx_dev_major);
  psc_wire_put_u32 (writer, status.stx_dev_minor);
  psc_wire_put_u64 (writer, status.stx_ino);
  psc_wire_put_u64 (writer, status.stx_size);
  psc_wire_put_u64 (writer, status.stx_blocks * 512);
  psc_wire_put_u64 (writer, (uint64_t) status.stx_mtime.tv_sec);
  return error;
}

static int
put_target (int directory, const char *name, const struct look *look,
            struct psc_wire_writer *writer)
{
  char target[TARGET_SIZE];
  ssize_t length = look->links ? readlinkat (directory, name, target, sizeof target) : 0;
  int error = length < 0 ? errno : 0;

  psc_wire_put_bytes (writer, target, length > 0 ? (size_t) length : 0);
  return error;
}

static void
send_entry (int directory, const char *name, const struct look *look, struct probe_output *output,
            struct probe_cost *cost)
{
  uint8_t payload[56 + 4 + NAME_MAX + 1 + 4 + TARGET_SIZE];
  struct psc_wire_writer writer;
  uint64_t began_nsec = probe_cost_now ();
  int error, target_error;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  error = put_numbers (directory, name, look, &writer);
  psc_wire_put_bytes (&writer, name, strlen (name));
  target_error = put_target (directory, name, look, &writer);
  probe_cost_add (cost, began_nsec);
  if (error == ENOENT || target_error == ENOENT || writer.overflow)
    return;
  probe_output_frame (output, PSC_WIRE_ENTRY, 0, payload, writer.length);
  cost->items++;
}

/* Takes the descriptor. */
static int
send_entries (int fd, const struct look *look, struct probe_output *output, struct probe_cost *cost)
{
  DIR *directory = fdopendir (fd);
  struct dirent *entry;
  int error;

  if (!directory)
    {
      error = errno;
      close (fd);
      return error;
    }
  for (errno = 0; !output->error && (entry = readdir (directory)); errno = 0)
    {
      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
        continue;
      cost->truncated = cost->items >= PSC_WIRE_MAX_ENTRIES;
      if (cost->truncated)
        break;
      send_entry (fd, entry->d_name, look, output, cost);
    }
  error = output->error ? 0 : errno;
  closedir (directory);
  return error;
}

static int
open_shm (const struct probe_source *source, const struct probe_request *request)
{
  int top = openat (source->directory, source->live ? "/dev/shm" : "dev-shm",
                    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int beneath, fd;

  if (top < 0)
    return -errno;
  beneath = probe_beneath_open (top, request->path, request->path_length);
  close (top);
  if (beneath < 0)
    return beneath;
  fd = openat (beneath, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    fd = -errno;
  close (beneath);
  return fd;
}

static int
open_directory (const struct probe_processes *processes, const struct probe_request *request)
{
  if (request->place == PSC_WIRE_DIRECTORY_SHM && request->handle == 0)
    return open_shm (processes->source, request);
  if (request->place == PSC_WIRE_DIRECTORY_FD && request->handle != 0 && request->path_length == 0)
    return probe_processes_open_directory (processes, request->handle, "fd");
  return -EINVAL;
}

void
probe_entries (const struct probe_processes *processes, const struct probe_request *request,
               struct probe_output *output)
{
  bool live = processes->source->live;
  bool links = request->place == PSC_WIRE_DIRECTORY_FD;
  const struct look look = { links, links && live, !links || live };
  struct probe_cost cost = { 0 };
  int fd = open_directory (processes, request);
  int error = fd < 0 ? -fd : 0;

  if (error == ENOENT || error == ENOTDIR || error == ELOOP)
    error = EOPNOTSUPP;
  if (!error)
    error = send_entries (fd, &look, output, &cost);
  probe_output_end (output, (uint32_t) error, &cost);
}
