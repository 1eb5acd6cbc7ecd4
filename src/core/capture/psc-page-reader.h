/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Page states of a process, from the probe into a PscSpaceBuilder that has the mappings: by
 * PAGEMAP_SCAN, or from pagemap where that can't be had. Private to psc-capture.c.
 */

#include "psc-capture.h"

G_BEGIN_DECLS

typedef struct
{
  PscSource source; /* NONE: see `error` */
  GError *error; /* why page states were not read; or why SCAN was not, when source is PAGEMAP and
                    it was tried. NULL otherwise */
  GArray *steps; /* PscScanStep: what was asked, in address order */
  PscProbeCost cost;
} PscPages;

/* Appends runs for every mapping, and flags them PSC_MAPPING_PAGES_KNOWN. `last` as in
 * psc_scan_plan_new(). Whatever goes wrong is in pages->error; runs that came before it are then
 * in the builder all the same. Finish with psc_pages_clear(). */
void psc_pages_read (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                     const PscSpace *last, const PscCaptureOptions *options);
void psc_pages_clear (PscPages *pages);

G_END_DECLS
