/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A layout in the making: what it is made from, and then itself with all that belongs to it. One
 * that looks like what is on screen, or is laid out like it, says so: then there is less to do.
 * Filled by the thread of the window, run by a worker, read by the former again.
 */

#include "psc-labels.h"
#include "psc-layout.h"
#include "psc-lens.h"
#include "psc-sheet.h"

G_BEGIN_DECLS

typedef struct
{
  PscSpace *space;
  GArray *unfolded; /* guint64 */
  gboolean low_at_top;
  guint serial;    /* of these options */
  PscSpace *shown; /* what is on screen, or NULL when it has to be laid out in any case */
  PscLayout *shown_layout;
  PscLayout *layout;                /* the result; shown_layout when nothing has changed */
  PscLabels *shown_labels, *labels; /* of the two layouts */
  PscLens lens;
  PscTraits *traits;                   /* of the lens; NULL: none */
  gboolean brings;                     /* the view is to have them when this is shown */
  guint64 bytes[PSC_LENS_MAX_ENTRIES]; /* of each entry of the lens */
  gboolean same;                       /* it looks like what is shown: nothing else was made */
  gboolean same_labels;                /* they look like those that are shown */
  GArray *dirty;   /* PscDirty: the same layout, and so much of it is different; or NULL */
  PscSheet *sheet; /* of this lens, when it isn't the same layout */
} PscMapJob;

/* Frees what it has, too. */
void psc_map_job_free (PscMapJob *job);
/* Makes it; in a worker. Costs what mappings, runs and traits cost. */
void psc_map_job_run (PscMapJob *job);

G_END_DECLS
