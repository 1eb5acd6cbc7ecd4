/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Spaces and their differences in words. A space is written one mapping after another, separated by
 * semicolons: "400 rw-p heap [heap] r3." is a heap at page 0x400 with three pages in RAM and one
 * that is not populated; "/lib/a#7@2" is a file with inode 7, from its page 2 on; "-" is no name.
 * "=400 20 arena malloc arena" says who owns 0x20 pages from 0x400 on.
 */

#include "psc-diff.h"

#define PSC_DIFF_WORDS_PAGE 4096u

/* A letter for each class of page, in their order. */
#define PSC_DIFF_CLASS_LETTERS ".rfhpzsgk?"

/* The same for changes. */
#define PSC_DIFF_CHANGE_LETTERS "=+c-oiHxn.?"

/* The PscPageState bits of a page of that class; aborts the test when there is no such letter. */
guint16 psc_diff_state_of (char letter);

/* Spaces of one pid are moments of one process. */
PscSpace *psc_diff_space_new (const char *text, gint pid, gint64 time_usec);

/* Pair by pair "0>1 file ==+": of a's mapping 0 has become b's mapping 1, because it is the same
 * file; and a letter for the change of each page of b, in their order. Free with g_free(). */
char *psc_diff_describe (const PscDiff *diff);
