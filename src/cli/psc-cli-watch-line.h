/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What `watch` prints: a line for each look, and what it came to. */

#include "psc-cli.h"
#include "psc-condition.h"
#include "psc-verdict.h"

G_BEGIN_DECLS

/* One look. */
typedef struct
{
  const PscSpace *space;
  PscCost cost;
  gboolean reused;           /* nothing seems to have changed since the last one */
  gboolean is_first;         /* the line of text has the head above it */
  gint64 elapsed_usec;       /* since it began */
  gint64 change;             /* bytes that resident grew by */
  const PscFinding *fastest; /* NULL: nothing grows */
} PscWatchLine;

/* Whole lines with their newline. Free with g_free(). */
char *psc_watch_line_to_text (const PscWatchLine *line);
char *psc_watch_line_to_json (const PscWatchLine *line);

/* How it ended. */
typedef struct
{
  gint pid;
  gint64 elapsed_usec;
  gboolean ended;            /* the process did */
  const char *held;          /* what of --fail-if held, NULL: nothing did */
  const PscVerdict *verdict; /* NULL when nothing was seen */
} PscWatchEnd;

/* Prints it, and on stderr what there is to say of `condition` (may be NULL): that it held, or that
 * nothing in the timeline was ever called as a name in it. HELD, DONE, or FAILED. */
PscCliStatus psc_watch_end_print (const PscWatchEnd *end, const PscCondition *condition,
                                  const PscTimeline *timeline, gboolean json);

G_END_DECLS
