/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Timelines that tests make up: one moment a second, segment by segment. */

#include "psc-timeline.h"

G_BEGIN_DECLS

typedef struct
{
  PscKind kind;
  const char *label;
  double start, per_second; /* bytes populated */
  double size;              /* bytes mapped; 0: as much as is populated */
  gboolean is_new;          /* a new one each second, called label-N, instead of one that grows */
} Character;

typedef struct
{
  const Character *characters;
  guint n;
  guint n_seconds;
  guint exec_at; /* seconds; 0: never */
  guint mappings_per_second;
  guint faults_per_second;
} Story;

PscTimeline *story_new (const Story *story);

G_END_DECLS
