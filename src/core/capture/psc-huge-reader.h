/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The system's settings of transparent huge pages, read through a probe. What could not be read is
 * left unknown: a kernel without them has none of these files, a recorded tree may have some.
 */

#include "psc-huge.h"
#include "psc-probe.h"

G_BEGIN_DECLS

/* The settings as they were read last; all zero in the beginning. */
typedef struct
{
  PscHugeSettings system;
  gint64 read_usec; /* monotonic time */
} PscHugeReader;

/* Reads them anew when they are some seconds old; `thp_enabled` as status has it. Blocks; some
 * small files of /sys. */
PscHugeSettings psc_huge_reader_read (PscHugeReader *reader, PscProbe *probe, gint thp_enabled);

gboolean psc_huge_settings_equal (const PscHugeSettings *a, const PscHugeSettings *b);

/* "always [madvise] never\n" → which word has the brackets: its bytes, *length of them; NULL when
 * none has. */
const char *psc_huge_find_choice (const char *text, gsize text_length, gsize *length);
/* enabled, and what a size of page has of its own ("inherit" is as if it had none). */
PscHugeMode psc_huge_parse_mode (const char *text, gsize length, PscHugeMode inherited);
PscHugeMode psc_huge_parse_shmem (const char *text, gsize length);
PscHugeDefrag psc_huge_parse_defrag (const char *text, gsize length);

G_END_DECLS
