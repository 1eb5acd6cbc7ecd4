/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Page states and points of the map: the requests SCAN, PAGEMAP and QUERY, each answered whole,
 * END and all. Which pages match what is in psc-wire.h and PROTOCOL.md. */

#include "psc-probe-process.h"
#include "psc-probe-regions.h"
#include "psc-probe-request.h"

void probe_scan (const struct probe_processes *processes, const struct probe_request *request,
                 struct probe_output *output);
void probe_pagemap (const struct probe_processes *processes, const struct probe_request *request,
                    struct probe_output *output);
void probe_query (const struct probe_processes *processes, const struct probe_request *request,
                  struct probe_output *output);

/* Does a page of these categories match the range's predicate? */
bool probe_scan_matches (const struct psc_wire_scan_range *range, uint64_t categories);

/* Answers the ranges of a SCAN from the recorded `pagemap.scan` in fd. Returns 0, EBADMSG when
 * the file makes no sense, EINVAL for categories that don't exist, or the errno of a read. */
int probe_replay (int fd, uint32_t page_size, const struct probe_request *request,
                  struct probe_regions *regions);
