/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-probe-input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void
probe_input_init (struct probe_input *input, int fd)
{
  input->fd = fd;
  input->start = 0;
  input->end = 0;
}

/* Has at least `need` bytes; there is room for any request. */
static int
fill (struct probe_input *input, struct probe_output *output, size_t need)
{
  if (input->end - input->start >= need)
    return 0;
  memmove (input->bytes, input->bytes + input->start, input->end - input->start);
  input->end -= input->start;
  input->start = 0;
  probe_output_flush (output);
  while (input->end < need)
    {
      ssize_t n_bytes =
          read (input->fd, input->bytes + input->end, sizeof input->bytes - input->end);

      if (n_bytes < 0 && errno != EINTR)
        return errno;
      if (n_bytes == 0)
        return input->end == 0 ? ENODATA : EPROTO;
      if (n_bytes > 0)
        input->end += (size_t) n_bytes;
    }
  return 0;
}

int
probe_input_next (struct probe_input *input, struct probe_output *output,
                  struct psc_wire_head *head, const uint8_t **payload)
{
  int error = fill (input, output, PSC_WIRE_HEAD_SIZE);

  if (error)
    return error;
  if (!psc_wire_head_decode (input->bytes + input->start, PSC_WIRE_MAX_REQUEST, head))
    return EPROTO;
  error = fill (input, output, PSC_WIRE_HEAD_SIZE + head->length);
  if (error)
    return error;
  *payload = input->bytes + input->start + PSC_WIRE_HEAD_SIZE;
  input->start += PSC_WIRE_HEAD_SIZE + head->length;
  return 0;
}
