/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How old pages are in a recording: what PscAge says of a process that was watched. */

#include "psc-past-age.h"
#include "psc-recording.h"

G_BEGIN_DECLS

/* The data is a PscRecording, which nobody updates meanwhile. */
extern const PscPastType psc_recording_past;

/* Traits of the snapshot of a moment, as psc_age_dup_traits() has them, as if the recording had
 * been watched up to there: what was there when it began is older. Errors as of
 * psc_recording_load(). Goes through the ten minutes before it, for most processes a second or two;
 * what does not change costs nothing. */
PscTraits *psc_recording_dup_age (PscRecording *recording, guint index, GError **error);

G_END_DECLS
