/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the three parts of an attempt share: who it is (psc-attempt-identity.c), what is read in
 * which order (psc-attempt.c), and what is made of it (psc-attempt-finish.c).
 */

#include "psc-attempt.h"
#include "psc-probe-batch.h"

G_BEGIN_DECLS

/* A million mappings take 50 to 170 MB of maps and 720 MB of smaps. */
#define PSC_ATTEMPT_MAX_MAPS  (G_GUINT64_CONSTANT (1) << 30)
#define PSC_ATTEMPT_MAX_SMALL (G_GUINT64_CONSTANT (64) << 10)

/* Who it is, for messages; borrows from the target. */
PscCaptureSubject psc_attempt_get_subject (const PscAttempt *attempt);

/* The addresses that exec draws anew; where they may not be read the name has to do. */
gboolean psc_attempt_is_same_program (const PscStat *a, const PscStat *b);
/* Whether the target has the command line of the program that runs; the other reads it if not. */
gboolean psc_attempt_knows_command (const PscAttempt *attempt);
void psc_attempt_read_command (PscAttempt *attempt);

/* Stat and status, unless they were read: asks for them, and takes the answers. */
void psc_attempt_add_identity (PscAttempt *attempt, PscProbeBatch *batch);
gboolean psc_attempt_take_identity (PscAttempt *attempt, PscProbeBatch *batch, GError **error);

/* What differs from one look to the next even when nothing in memory does. */
void psc_attempt_set_moment (const PscAttempt *attempt, PscSpace *space);
/* All of who and when it is, into the space that is being built. */
void psc_attempt_set_identity (PscAttempt *attempt);

/* Makes a builder of the last snapshot's mappings and of the pages that were read now. */
void psc_attempt_build_as_last (PscAttempt *attempt);

G_END_DECLS
