/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A snapshot as data and as text: JSON, CSV, and what `pagescape-cli show` prints. The JSON keys
 * are part of the command line's contract: documented in pagescape-cli(1), checked by a test.
 */

#include <json-glib/json-glib.h>
#include "psc-mapping-facts.h"

G_BEGIN_DECLS

#define PSC_REPORT_SCHEMA 1

/* Bytes as integers, addresses as "0x…" strings, snake_case keys:
 * {"schema":1,"pid":N,"name":"…",…,"page_size":4096,
 *  "totals":{"mappings":N,"size":B,"resident":B,"swapped":B,"huge":B,"hugetlb":B,"zero":B,
 *    "classes":{"absent":B,…},"page_tables":B},
 *  "kinds":{"heap":{"mappings":N,"size":B,"resident":B,…},…},
 *  "mappings":[{"start":"0x…","end":"0x…","perms":"rw-p","offset":B,"kind":"heap","why":"…",
 *    "name":"[heap]","size":B,"resident":B,"swapped":B,"huge":B,…}],
 *  "owners":[{"start":"0x…","end":"0x…","type":"runtime","tid":null,"label":"…","why":"…"}],
 *  "unknown":[{"reason":"denied","what":"…","why":"…","remedy":"…"}]}
 * kinds lists only those that occur; classes are those of psc_page_class_id() and add up to size.
 * "pss" and a "smaps" of each mapping are there when smaps was read. Names that are not UTF-8 are
 * escaped as by psc_format_name(). Sums that are not known are null, never 0: of mappings whose
 * page states were not read, and of huge and zero pages when all there was is pagemap. */
JsonNode *psc_report_to_json_node (const PscSpace *space);
/* The same as text, on many lines with one for each mapping (`pretty`) or all on one; ends with a
 * newline. Does not make the node: memory is that of the text. */
char *psc_report_to_json (const PscSpace *space, gboolean pretty);
/* RFC 4180 but with \n at the ends of lines: a header line, then one line per mapping; bytes as
 * integers, permissions as four columns of 0 and 1. A name that a spreadsheet would take for a
 * formula is quoted, with an apostrophe before it. Unknown numbers are empty. Where smaps was read
 * its keys are columns too, after the others. */
char *psc_report_to_csv (const PscSpace *space);

/* Some mappings in an order of their own: what a table shows. */
typedef struct
{
  const PscMappingFacts *facts;
  const guint *indices; /* of mappings, n of them */
  guint n;
} PscReportRows;

/* The same for these mappings only: "mappings" and the lines of CSV; all else of the JSON is that
 * of the whole space. What smaps says may be of another moment: "smaps_time" tells of which. Where
 * the facts have a difference "since" says to what ({"pid":N,"name":"…","host":"…","time":"…"}) and
 * "change" of each mapping what it is: "match" (psc_diff_why_id()), and under the ids of the
 * columns that are of a difference bytes, those of growth with a sign; in CSV the same as columns
 * at the end. */
char *psc_report_rows_to_json (const PscReportRows *rows);
char *psc_report_rows_to_csv (const PscReportRows *rows);
/* For a terminal: heading, table of kinds, table of mappings, what is unknown. */
char *psc_report_to_text (const PscSpace *space);

/* "none", "scan", "pagemap". */
const char *psc_source_id (PscSource source);
/* "denied", "unsupported", "gone", "torn", "not_read", "failed". */
const char *psc_reason_id (PscReason reason);

G_END_DECLS
