/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks for the frames of what is in view, or for what of it others have, too, in a worker thread,
 * when the view has come to rest: one question at a time, in steps, so that captures go on in
 * between; never more often than a twentieth of the time allows. What is known stays until there is
 * something newer. Thread of the window only.
 *
 * Signal "changed", without arguments: there is an answer, or another reason for none.
 */

#include <gio/gio.h>
#include "psc-worker.h"

G_BEGIN_DECLS

#define PSC_TYPE_FRAME_QUERY (psc_frame_query_get_type ())
G_DECLARE_FINAL_TYPE (PscFrameQuery, psc_frame_query, PSC, FRAME_QUERY, GObject)

PscFrameQuery *psc_frame_query_new (void);

typedef enum
{
  PSC_FRAME_QUESTION_FRAMES, /* folios and neighbours */
  PSC_FRAME_QUESTION_SHARED, /* private pages in common with others */
} PscFrameQuestion;

/* Looks at pages in [start, end), aligned, of a space of this process from now on; watch NULL:
 * nothing, and what was known is forgotten. Looking at what was answered already is no question. */
void psc_frame_query_look (PscFrameQuery *self, PscWatch *watch, PscSpace *space,
                           PscFrameQuestion question, guint64 start, guint64 end);
/* Values are PscFolioClass, PscStretchClass. Borrowed; NULL before there is an answer. */
PscTraits *psc_frame_query_get_order (PscFrameQuery *self);
PscTraits *psc_frame_query_get_contiguity (PscFrameQuery *self);
/* Values are PSC_SHARED_WITH_OTHERS. */
PscTraits *psc_frame_query_get_shared (PscFrameQuery *self);
/* Why pages in view are not known, a sentence without a full stop; NULL when nothing is missing, or
 * nothing was answered yet. Free with g_free(). */
char *psc_frame_query_dup_reason (PscFrameQuery *self, gboolean of_order);

G_END_DECLS
