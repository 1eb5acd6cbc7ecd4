/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Paths that an asker chooses, opened so that they can't lead out of the directory that they begin
 * in: what openat2(2) does with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, and, where a kernel or a
 * seccomp filter has no openat2, the same a component at a time.
 */

#include <stddef.h>
#include <stdint.h>

/* Opens the directory `path` (probe_request_path_is_plain(), not terminated) beneath `directory`,
 * O_PATH; empty: the directory itself, opened again. The descriptor (close it), or minus an errno:
 * ENOTDIR or ELOOP where a symbolic link or a file is in the way. */
int probe_beneath_open (int directory, const uint8_t *path, size_t length);
/* The way that does without openat2. */
int probe_beneath_walk (int directory, const uint8_t *path, size_t length);
