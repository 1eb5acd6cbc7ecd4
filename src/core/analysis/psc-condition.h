/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A limit that somebody sets for a process: “heap>1MiB/min”, “resident>2GiB,any>1MiB/min”. Several
 * with commas between hold when any of them does. Frozen once parsed; for any thread.
 *
 *   NAME > NUMBER UNIT [/TIME]
 *
 * NAME is a segment kind (psc_kind_id()), which means what it has in memory and swap; “shm”: all
 * shared memory; “total”: the whole process; “any”: any one segment that can leak; “segment:NAME”:
 * segments with that label; “mapping:NAME”: those with that label or that file name. NAME may be in
 * quotes: segment:"Java heap". Or it is a sum over the process: “resident”, “swapped”, “huge”,
 * “size” (mapped), “page_tables”, or one of “mappings”, “threads”, “faults”, “minor_faults”,
 * “major_faults”, which are numbers without a unit.
 *
 * UNIT is B, KiB, MiB, GiB, TiB, or K, M, G, T for the same; none means bytes, or a number. TIME is
 * s, min or h, and makes it a rate. Faults are always a rate.
 *
 * A size is compared with the last moment. A rate of growth holds when psc_growth_judge() calls it
 * growing steadily and the low end of its interval is above the limit, and also did 15 and 30
 * seconds ago: who looks every second has many chances to see what isn't there. A rate of faults
 * holds when, over the last 30 seconds but at least 5 intervals, their mean is above it with 99 %
 * confidence.
 */

#include "psc-timeline.h"

G_BEGIN_DECLS

typedef struct _PscCondition PscCondition;

#define PSC_CONDITION_ERROR (psc_condition_error_quark ())
GQuark psc_condition_error_quark (void);
typedef enum
{
  PSC_CONDITION_ERROR_SYNTAX
} PscConditionError;

/* NULL with a message on one line that shows where, and says what would be right there. */
PscCondition *psc_condition_parse (const char *text, GError **error);
/* NULL is allowed. */
void psc_condition_free (PscCondition *condition);
/* As it was parsed; borrowed. */
const char *psc_condition_get_text (const PscCondition *condition);

/* Does it hold at the last moment? at_end: there will be no later one, so a rate need not have held
 * before. *sentence: what of it held, and how, translated; free with g_free(); NULL to go without.
 */
gboolean psc_condition_holds (const PscCondition *condition, const PscTimeline *timeline,
                              gboolean at_end, char **sentence);
/* The first name of a segment or mapping in it that no moment had, or NULL: maybe mistyped.
 * Borrowed. */
const char *psc_condition_find_unseen (const PscCondition *condition, const PscTimeline *timeline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PscCondition, psc_condition_free)

G_END_DECLS
