/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The state of comparing in a window: psc-window-compare.c finds what is compared with and
 * compares, psc-window-compare-words.c tells everybody, psc-window-compare-actions.c does what the
 * user asks for. */

#include "psc-other.h"
#include "psc-window-private.h"

G_BEGIN_DECLS

/* Since when changes are told. */
typedef enum
{
  PSC_SINCE_MARK, /* the first look as long as nothing is marked */
  PSC_SINCE_FIRST,
  PSC_SINCE_10_SECONDS,
  PSC_SINCE_MINUTE,
  PSC_N_SINCES
} PscSince;

struct _PscWindowCompare
{
  PscProbeSource *source; /* for other processes; NULL: there is no session yet */
  guint era;              /* another one: what workers bring is of no use any more */
  char *said;             /* words that the window was told to show; NULL: none */

  PscSince since;
  PscSpace *marked; /* kept whatever becomes of the past; NULL: nothing is marked */
  gint64 marked_usec;

  PscSpace *loaded; /* the moment that was loaded last, for the wish of loaded_usec */
  gint64 loaded_usec;
  gboolean loading;

  PscOther *other;       /* NULL: what is compared is the past */
  PscSpace *other_space; /* NULL: it is being read */
  gboolean reading;
  PscLens lens_before; /* what the user looked at before */

  PscDiff *diff; /* the newest; NULL: none yet */
  gint64 diff_usec;
  gboolean comparing, again;
};

/* psc-window-compare.c */

/* The moment that is shown, and the time of the timeline it stands for. */
void psc_window_compare_set_mark (PscWindow *self, PscSpace *space, gint64 usec);
/* The same of one that need not be shown, as soon as it is there. */
void psc_window_compare_mark_at (PscWindow *self, gint64 usec);
/* Takes the reference; reads it and shows the lens. */
void psc_window_compare_take_other (PscWindow *self, PscOther *other);
/* Ends comparing with something else, without a word. */
void psc_window_compare_forget_other (PscWindow *self);
/* psc-window-compare-words.c */

/* Everybody who tells of it. */
void psc_window_compare_publish (PscWindow *self);
gboolean psc_window_compare_shows_change (PscWindow *self);
/* "mark", "10", …: the state of the action. */
const char *psc_since_get_id (PscSince since);
PscSince psc_since_from_id (const char *id);
/* How long before what is shown that is; 0: a moment that stays. */
guint psc_since_get_seconds (PscSince since);

/* psc-window-compare-actions.c */

void psc_window_compare_actions_install (PscWindow *self);
/* Which of them make sense now. */
void psc_window_compare_actions_update (PscWindow *self);

G_END_DECLS
