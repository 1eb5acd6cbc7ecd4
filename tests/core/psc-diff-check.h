/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What holds of every difference, whatever was compared. */

#include "psc-diff.h"

/* Every byte of both is in one pair, sums of pairs are those of the spaces, lists are complete and
 * sorted, traits are as few as can be and say what the sums say, and what is looked up is found. */
void psc_diff_check (const PscDiff *diff);
/* The same, and that the other way round it is the mirror image. */
void psc_diff_check_mirrored (PscSpace *a, PscSpace *b);
/* That two moments of one process give what psc_change_new() gives. */
void psc_diff_check_change (PscSpace *then, PscSpace *now);
