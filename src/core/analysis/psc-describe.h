/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is on the map, as sentences: for a screen reader, which can't see it, and for a line of text
 * below the map. Translated; names are made fit for a screen; never a word about the look.
 * What is not known is said to be unknown. Pure functions, any thread; all return new strings, free
 * with g_free().
 */

#include "psc-stretch.h"

G_BEGIN_DECLS

/* "heap, read write, 132 KiB, 40 KiB resident, 3 of 42": label, kind when the label does not say
 * it, what may be done, bytes, how much is in RAM and in swap, the how manieth mapping. */
char *psc_describe_mapping (const PscSpace *space, const PscMapping *mapping);
/* "16 pages resident, 64 KiB, from 0x55…000, 3 of 12 runs in heap" */
char *psc_describe_stretch (const PscSpace *space, const PscStretch *stretch);
/* "Page 0x55…000, resident, 3 of 33 in heap". The address is mapped; it need not be aligned. */
char *psc_describe_page (const PscSpace *space, guint64 address);
/* [start, end) is not mapped, or (folded) mapped and untouched. */
char *psc_describe_mark (guint64 start, guint64 end, gboolean folded);

/* What is on screen. */
typedef struct
{
  const PscRange *ranges; /* in address order; none: everything */
  guint n_ranges;
  guint n_rows; /* of the map, in view */
} PscScene;

/* "Shows all of java, 4711: 216 rows, 359 MiB resident of 5.1 GiB mapped; in view: Java heap,
 * libjvm.so, 12 more". The names are of what has most in RAM (mapped, when that is not known). Of a
 * part "Shows 0x… to 0x… of java, 4711: …". O(mappings in view + runs of the first and last). */
char *psc_describe_scene (const PscSpace *space, const PscScene *scene);
/* The same for a narrow line below the map, without what the window says anyway: "Java heap,
 * libjvm.so, 12 more: 359 MiB resident of 5.1 GiB". */
char *psc_describe_scene_briefly (const PscSpace *space, const PscScene *scene);

G_END_DECLS
