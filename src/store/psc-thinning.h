/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which moment of the past is missed least. Pure.
 *
 * By age, what is kept lies as far apart as it is old, in proportion: whoever looks an hour back is
 * served within the same share of an hour as of a minute who looks a minute back, and the past gets
 * ten times longer for twice the room, roughly. Evenly, distances are the same everywhere: for who
 * reads slopes off a picture. Either way the first and the last are never chosen.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PSC_THINNING_BY_AGE,
  PSC_THINNING_EVEN,
} PscThinning;

/* What is never chosen while there is another; the earlier go first. */
typedef enum
{
  PSC_KEEP_NOTHING,
  PSC_KEEP_MARK, /* where something begins or ends: another program, a pause */
  PSC_KEEP_NEW,  /* of the last minute: psc_thinning_choose() finds these itself */
} PscKeep;

typedef struct
{
  gint64 time_usec;
  PscKeep keep;
} PscThinningItem;

#define PSC_THINNING_NEW_USEC G_GINT64_CONSTANT (60000000)

/* The index of the one to drop, of n in order of time; 0 when none can be: the first stays. O(n).
 */
guint psc_thinning_choose (const PscThinningItem *items, guint n, PscThinning thinning);

G_END_DECLS
