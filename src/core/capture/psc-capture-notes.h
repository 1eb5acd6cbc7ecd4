/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What could not be read, in words: errors and PscUnknowns that say what, on what, why, and the
 * least that would mend it. Private to this folder.
 */

#include "psc-page-reader.h"
#include "psc-proc-parser.h"

G_BEGIN_DECLS

/* Who it is about. */
typedef struct
{
  PscProbe *probe;
  gint pid;
  const char *name; /* fit to be shown */
  guint uid;
} PscCaptureSubject;

void psc_capture_set_gone (GError **error, const PscCaptureSubject *subject);
/* A kernel thread or a zombie; FALSE, and no error, when the process is neither. */
gboolean psc_capture_set_no_memory_map (GError **error, const PscCaptureSubject *subject,
                                        const PscStat *stat);
void psc_capture_set_denied (GError **error, const PscCaptureSubject *subject);

/* What an error of the probe means for what was to be read. */
PscReason psc_capture_reason_of (const GError *error);

/* Adds what page states lack. `smaps_read`: that tells some of it too. */
void psc_capture_note_pages (PscSpaceBuilder *builder, const PscCaptureSubject *subject,
                             const PscPages *pages, gboolean forced_pagemap, gboolean smaps_read);
/* `n_moved` mappings changed between the two reads of maps, `n_torn` lines of maps made no sense.
 */
void psc_capture_note_torn (PscSpaceBuilder *builder, guint n_moved, guint n_torn);
void psc_capture_note_truncated (PscSpaceBuilder *builder, guint64 max_bytes);
/* `n` mappings may be hugetlb. */
void psc_capture_note_page_sizes (PscSpaceBuilder *builder, guint n);
void psc_capture_note_smaps (PscSpaceBuilder *builder, const GError *error);
void psc_capture_note_swapped_shm (PscSpaceBuilder *builder);
void psc_capture_note_threads (PscSpaceBuilder *builder);

G_END_DECLS
