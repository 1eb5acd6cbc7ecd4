/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Do limits hold now? Asks that of a timeline in a worker: a rate is a judgement on all of it,
 * which takes too long for the thread of the window.
 */

#include <gio/gio.h>
#include "psc-condition.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;     /* as it was asked */
  char *error;    /* why it is no condition: one line, translated; NULL: it is one */
  gboolean holds; /* at the last moment */
  char *sentence; /* what of it holds, and how; NULL: it does not */
  char *unseen;   /* a segment or mapping in it that was never there; NULL: none */
} PscConditionAnswer;

/* One answer for each text. Copies the timeline, which may be NULL: then nothing holds. */
void psc_condition_check_async (const PscTimeline *timeline, const char *const *texts,
                                GAsyncReadyCallback callback, gpointer user_data);
/* Array of PscConditionAnswer that owns them, in the order of the texts. */
GPtrArray *psc_condition_check_finish (GAsyncResult *result);

G_END_DECLS
