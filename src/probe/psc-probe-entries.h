/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is in /dev/shm, and which descriptors a process has: the request ENTRIES, answered whole,
 * END and all. */

#include "psc-probe-process.h"
#include "psc-probe-request.h"

void probe_entries (const struct probe_processes *processes, const struct probe_request *request,
                    struct probe_output *output);
