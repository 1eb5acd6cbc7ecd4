/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a figure says in words: in its head, and to readers and indexers that don't see it. All
 * return new strings on one line, valid UTF-8; free with g_free(). */

#include "psc-figure.h"

G_BEGIN_DECLS

/* "Memory of java (process 4711)", and what it is compared with. */
char *psc_figure_dup_title (const PscSpace *space, const PscFigureOptions *options);
/* What it is compared with: "since 2025-03-01 12:00:00 CET" of the same process, "against java
 * (process 42), 2025-03-01 12:00:00 CET" of another; NULL when with nothing. */
char *psc_figure_dup_since (const PscSpace *space, const PscFigureOptions *options);
/* "61 MiB resident of 2.1 GiB mapped · 32 MiB in huge pages · 195 mappings" */
char *psc_figure_dup_sums (const PscSpace *space);
/* "host · Linux 6.18" */
char *psc_figure_dup_place (const PscSpace *space);
/* "2025-03-01 12:00:00 CET" */
char *psc_figure_dup_moment (const PscSpace *space);
/* Which part is shown: "0x7f0000000000–0x7f0000200000 (2 MiB)"; NULL when it is everything. */
char *psc_figure_dup_part (const PscSpace *space, const PscFigureOptions *options);
/* Some sentences for who does not see it: command, sums, what takes most, place and time. */
char *psc_figure_dup_description (const PscSpace *space, const PscFigureOptions *options);

G_END_DECLS
