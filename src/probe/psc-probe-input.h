/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The way in: requests one by one, out of as few reads as they came in writes. An asker may write
 * several ahead, and then answers may wait for each other: only a read that could wait for the
 * asker needs them to be on their way.
 */

#include "psc-probe-output.h"

struct probe_input
{
  int fd;
  size_t start, end; /* bytes that were read and not taken */
  uint8_t bytes[PSC_WIRE_HEAD_SIZE + PSC_WIRE_MAX_REQUEST];
};

/* fd is a pipe or socket that blocks. */
void probe_input_init (struct probe_input *input, int fd);
/* The next request; *payload has head->length bytes, valid until the next call. Flushes `output`
 * before it waits. Returns 0, or as psc_wire_recv() ENODATA at the end, EPROTO for what is no
 * request or ends inside one, or the errno of a read. */
int probe_input_next (struct probe_input *input, struct probe_output *output,
                      struct psc_wire_head *head, const uint8_t **payload);
