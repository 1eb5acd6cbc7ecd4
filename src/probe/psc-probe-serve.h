/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The conversation: takes requests from one descriptor until it ends, answers them on another. */

#include "psc-probe-process.h"

/* Serves until in_fd ends. The exit status: 0 when it ended between two requests; 1 when it
 * didn't, the stream was broken or the answer couldn't be written, with a line on standard error
 * unless the reader is just gone. */
int probe_serve (const struct probe_source *source, int in_fd, int out_fd);
