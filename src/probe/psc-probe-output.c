/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define END_SIZE 36u
/* From here on copying costs more than a write of its own. */
#define LARGE_FRAME (16u << 10)

static uint64_t
read_clock (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

uint64_t
probe_cost_now (void)
{
  return read_clock (CLOCK_MONOTONIC);
}

static uint64_t
count (struct probe_cost *cost, uint64_t elapsed_nsec)
{
  cost->calls++;
  cost->busy_nsec += elapsed_nsec;
  if (elapsed_nsec > cost->longest_nsec)
    cost->longest_nsec = elapsed_nsec;
  return elapsed_nsec;
}

uint64_t
probe_cost_add (struct probe_cost *cost, uint64_t began_nsec)
{
  return count (cost, probe_cost_now () - began_nsec);
}

void
probe_cost_begin_working (struct probe_cost *cost)
{
  cost->worked_nsec = read_clock (CLOCK_THREAD_CPUTIME_ID);
}

uint64_t
probe_cost_add_working (struct probe_cost *cost)
{
  uint64_t began_nsec = cost->worked_nsec;

  cost->worked_nsec = read_clock (CLOCK_THREAD_CPUTIME_ID);
  return count (cost, cost->worked_nsec - began_nsec);
}

void
probe_output_init (struct probe_output *output, int fd)
{
  output->fd = fd;
  output->error = 0;
  output->tag = 0;
  output->length = 0;
}

void
probe_output_flush (struct probe_output *output)
{
  size_t at = 0;

  while (!output->error && at < output->length)
    {
      ssize_t n_bytes = write (output->fd, output->bytes + at, output->length - at);

      if (n_bytes > 0)
        at += (size_t) n_bytes;
      else if (n_bytes == 0)
        output->error = EIO;
      else if (errno != EINTR)
        output->error = errno;
    }
  output->length = 0;
}

void
probe_output_frame (struct probe_output *output, uint16_t type, uint32_t error, const void *payload,
                    size_t length)
{
  struct psc_wire_head head = {
    .length = (uint32_t) length,
    .type = type,
    .tag = output->tag,
    .error = error,
  };

  if (PSC_WIRE_HEAD_SIZE + length > sizeof output->bytes - output->length)
    probe_output_flush (output);
  if (length >= LARGE_FRAME)
    {
      probe_output_flush (output);
      if (!output->error)
        output->error = psc_wire_send (output->fd, &head, payload);
      return;
    }
  psc_wire_head_encode (&head, output->bytes + output->length);
  memcpy (output->bytes + output->length + PSC_WIRE_HEAD_SIZE, payload, length);
  output->length += PSC_WIRE_HEAD_SIZE + length;
}

void
probe_output_end (struct probe_output *output, uint32_t error, const struct probe_cost *cost)
{
  uint8_t payload[END_SIZE];
  struct psc_wire_writer writer;

  psc_wire_writer_init (&writer, payload, sizeof payload);
  psc_wire_put_u64 (&writer, cost->items);
  psc_wire_put_u64 (&writer, cost->busy_nsec);
  psc_wire_put_u64 (&writer, cost->longest_nsec);
  psc_wire_put_u64 (&writer, cost->calls);
  psc_wire_put_u32 (&writer, cost->truncated);
  probe_output_frame (output, PSC_WIRE_END, error, payload, writer.length);
}

bool
probe_output_is_gone (struct probe_output *output)
{
  struct pollfd poll_fd = { .fd = output->fd };

  if (!output->error && poll (&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLERR | POLLHUP)))
    output->error = EPIPE;
  return output->error != 0;
}
