/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A difference as data and as text: what `pagescape-cli diff` prints. The JSON keys are part of the
 * command line's contract: documented in pagescape-cli(1), checked by a test. Any thread.
 */

#include <json-glib/json-glib.h>
#include "psc-diff.h"

G_BEGIN_DECLS

#define PSC_DIFF_SCHEMA 1
/* Lines of each table of mappings, unless all are asked for. */
#define PSC_DIFF_MOST_LINES 20u

/* For a terminal: what is compared, what has become of it by kind, mappings that differ, that came
 * and that went, the largest difference first. Ends with a newline. Free with g_free(). */
char *psc_diff_to_text (const PscDiff *diff, gboolean all);

/* {"schema":1,"one_process":…,"one_layout":…,"identical":…,"pages_compared":…,
 *  "then":{"pid":N,"name":"…",…,"time":"…"},"now":{…},
 *  "totals":{"mappings":{"then":N,"now":N,"delta":N},"size":{…},"resident":{…},…,
 *    "pages":{"unchanged":B,…}},
 *  "kinds":{"heap":{…},…},
 *  "mappings":[{"match":"file","then":{"start":"0x…","end":"0x…",…},"now":{…},"size":{…},…}]}
 * Mappings are those that differ, came or went, in this order and each the largest first; with
 * `all` the others too, after them. Sums that are not known are null. On many lines, ends with a
 * newline; free with g_free(). */
char *psc_diff_to_json (const PscDiff *diff, gboolean all);

G_END_DECLS
