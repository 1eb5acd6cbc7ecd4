/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Parsers of the files that tell limits: limits, cgroup, mountinfo, the files of a control group,
 * and lone numbers. See proc(5), cgroups(7). All take any bytes and never read beyond `length`.
 */

#include "psc-limits.h"
#include "psc-wire.h"

G_BEGIN_DECLS

/* Soft limits. */
typedef struct
{
  PscLimit stack, address_space, data, memlock;
} PscRlimits;

/* /proc/PID/limits. FALSE, and all UNKNOWN, when it has none of them; a single one that is missing
 * or makes no sense is UNKNOWN. */
gboolean psc_rlimits_parse (const char *text, gsize length, PscRlimits *rlimits);

/* /proc/PID/cgroup: the group that counts the process's memory. Version 1 when its memory
 * controller has a hierarchy, else version 2. Returns the version, and in *path (g_free()) bytes
 * that begin with a slash; NONE and NULL when there is neither. A group that was removed has
 * " (deleted)" at the end of its path; *deleted says so, and it is cut off. */
PscCgroupVersion psc_cgroup_parse (const char *text, gsize length, char **path, gboolean *deleted);

/* Where a hierarchy is mounted, and which group is its topmost there. */
typedef struct
{
  enum psc_wire_hierarchy hierarchy;
  char *root; /* bytes, begins with a slash: "/" where all of it is mounted */
} PscCgroupMount;

/* /proc/PID/mountinfo: the mount of that version that the probe can read. FALSE when there is none;
 * *elsewhere then is where it is mounted instead (g_free(), valid UTF-8), or NULL when nowhere. */
gboolean psc_cgroup_mount_parse (const char *text, gsize length, PscCgroupVersion version,
                                 PscCgroupMount *mount, char **elsewhere);
void psc_cgroup_mount_clear (PscCgroupMount *mount);

/* The path of a group beneath a mount: "a/b" for group "/x/a/b" of a mount whose root is "/x".
 * NULL when it isn't beneath it, or leads through "..". Free with g_free(). */
char *psc_cgroup_path_beneath (const char *root, const char *path);

/* "max" or a number on a line of its own; version 1 writes the largest number that it has when it
 * means none. UNKNOWN when it is neither. */
PscLimit psc_cgroup_limit_parse (const char *text, gsize length);
/* A number on a line of its own. UNKNOWN when it is none. */
PscLimit psc_number_parse (const char *text, gsize length);
/* The same with a sign, no further from 0 than `most`. */
gboolean psc_signed_parse (const char *text, gsize length, gint most, gint *value);

G_END_DECLS
