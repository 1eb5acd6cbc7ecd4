/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Page states of a process, from the probe into a PscSpaceBuilder that has the mappings: by
 * PAGEMAP_SCAN, or from pagemap where that can't be had. Private to psc-capture.c.
 */

#include "psc-capture.h"
#include "psc-probe-batch.h"

G_BEGIN_DECLS

typedef struct
{
  PscSource source; /* NONE: see `error` */
  GError *error;   /* why page states were not read; or why SCAN was not, when source is PAGEMAP and
                      it was tried. NULL otherwise */
  GArray *steps;   /* PscScanStep: what was asked, in address order */
  GArray *regions; /* psc_wire_region: what a scan answered, in address order */
  PscProbeCost cost;
} PscPages;

/* Adds a scan of the mappings to the batch. FALSE, and nothing added, when there is no PAGEMAP_SCAN
 * here or the options forbid it, or there is nothing to be scanned (then source says SCAN). `last`
 * as in psc_scan_plan_new(). `pages` must stay where it is until the answer is taken. */
gboolean psc_pages_add_scan (PscPages *pages, PscProbeBatch *batch, PscProbe *probe,
                             const PscMapping *mappings, guint n_mappings, const PscSpace *last,
                             const PscCaptureOptions *options);
/* Takes its answer. Whatever goes wrong is in pages->error. */
void psc_pages_take_scan (PscPages *pages, PscProbeBatch *batch);
/* Whether both scans asked the same and were answered the same: of the same mappings they make the
 * same runs. */
gboolean psc_pages_equal (const PscPages *a, const PscPages *b);
/* Puts what a scan told into a builder that has the mappings that were scanned: appends runs, and
 * flags mappings PSC_MAPPING_PAGES_KNOWN, unless it failed. Regions that came before it failed make
 * runs all the same. */
void psc_pages_put (const PscPages *pages, PscSpaceBuilder *builder);
/* Where no scan was made because it can't be had: the same from pagemap, in a conversation of its
 * own. Otherwise does nothing. */
void psc_pages_fall_back (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                          const PscCaptureOptions *options);
/* TRUE when psc_pages_fall_back() would read pagemap. */
gboolean psc_pages_need_pagemap (const PscPages *pages);
/* All of it in a conversation of its own: by scan, or else from pagemap, into the builder. */
void psc_pages_read (PscPages *pages, PscProbe *probe, guint handle, PscSpaceBuilder *builder,
                     const PscSpace *last, const PscCaptureOptions *options);
void psc_pages_clear (PscPages *pages);

G_END_DECLS
