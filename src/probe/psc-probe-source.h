/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where the probe reads from: the running kernel's /proc, or a recorded tree of the same shape
 * (PROTOCOL.md, "Recorded trees"), and what can be asked of it. Made once at the start, read-only
 * afterwards. Everything but clear_refs is opened for reading, and nothing through a symbolic link
 * in the place of a file.
 */

#include <stdbool.h>
#include <stdint.h>
#include "psc-probe-output.h"

struct probe_source
{
  int directory; /* /proc or the recorded tree, O_PATH */
  bool live;
  uint32_t page_size;
  uint32_t features;        /* PSC_WIRE_FEATURE_* */
  uint64_t scan_categories; /* 0: no SCAN */
};

/* Opens `root`, or /proc when NULL, and finds out what it can do. page_size 0: this machine's.
 * Returns 0 or an errno. */
int probe_source_init (struct probe_source *source, const char *root, uint32_t page_size);
/* Acts as a kernel without the ioctl does. */
void probe_source_forgo_scan (struct probe_source *source);
void probe_source_forgo_query (struct probe_source *source);
/* CLEAR_REFERENCED works from now on; not on a recorded tree. */
void probe_source_allow_clear (struct probe_source *source);

/* Opens `name` below `directory` for reading. The descriptor (close it), or minus an errno. */
int probe_source_open_at (int directory, const char *name);
/* Opens a system-wide file. The descriptor (close it), or minus an errno: EINVAL when `file` isn't
 * one, EOPNOTSUPP when there is no such file. */
int probe_source_open_file (const struct probe_source *source, uint16_t file);

/* Answers HELLO with a HOST. */
void probe_source_hello (const struct probe_source *source, struct probe_output *output,
                         uint32_t version);
