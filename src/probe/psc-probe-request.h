/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A request, decoded and checked: the one place where bytes from the asker become numbers.
 * Pure: no descriptors, no state, no allocation, so that it can be fuzzed by itself.
 */

#include "psc-wire.h"

/* Longest hold and sleep that a request may ask for, in microseconds. */
#define PROBE_MAX_HOLD_USEC  1000000u
#define PROBE_MAX_SLEEP_USEC 1000000u

struct probe_request
{
  uint16_t type;        /* one of the requests of enum psc_wire_type */
  uint32_t version;     /* HELLO */
  uint32_t pid;         /* OPEN */
  uint32_t handle;      /* CLOSE, READ, SCAN, PAGEMAP, QUERY, THREADS */
  uint16_t file;        /* READ, CGROUP: any number; WORDS: table, any number */
  uint16_t place;       /* CGROUP: hierarchy, ENTRIES: directory, any number */
  size_t path_length;   /* CGROUP, ENTRIES */
  const uint8_t *path;  /* CGROUP, ENTRIES: plain, borrowed from the payload, not terminated */
  uint64_t max_bytes;   /* READ */
  uint64_t first;       /* WORDS: index of the first word, below 2^60 */
  uint32_t hold_usec;   /* SCAN, PAGEMAP: 0 to PROBE_MAX_HOLD_USEC */
  uint32_t sleep_usec;  /* SCAN, PAGEMAP: 0 to PROBE_MAX_SLEEP_USEC */
  uint32_t n_items;     /* SCAN, PAGEMAP: ranges; QUERY: addresses; WORDS: words; within
                           their limits, not 0 */
  const uint8_t *items; /* points into the payload */
};

/* A path that stays where it begins: components that are neither empty nor "." nor "..", a single
 * slash between them, no NUL, at most PSC_WIRE_MAX_PATH bytes. Empty: the place itself. */
bool probe_request_path_is_plain (const uint8_t *path, size_t length);

/* Decodes the payload of head->length bytes into *request, which borrows from it. Returns 0;
 * ENOSYS when the type is no request; EINVAL when the payload is not exactly what its type needs,
 * a count or time is over its limit, a reserved field is set, or a range isn't page aligned with
 * start below end. page_size is a power of two. */
int probe_request_decode (const struct psc_wire_head *head, const void *payload, uint32_t page_size,
                          struct probe_request *request);

/* Range i of a SCAN or PAGEMAP, i below n_items. A PAGEMAP's has no masks: zeros. */
struct psc_wire_scan_range
probe_request_get_range (const struct probe_request *request, uint32_t i);
/* Address i of a QUERY, i below n_items. */
uint64_t probe_request_get_address (const struct probe_request *request, uint32_t i);
