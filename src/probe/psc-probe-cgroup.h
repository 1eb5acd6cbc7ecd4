/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Files of control groups: the request CGROUP, answered whole, END and all. Only hierarchies that
 * are mounted where everybody mounts them, only files of the list in psc-wire.h, and nothing
 * that isn't a control group. */

#include "psc-probe-request.h"
#include "psc-probe-source.h"

void probe_cgroup (const struct probe_source *source, const struct probe_request *request,
                   struct probe_output *output);
