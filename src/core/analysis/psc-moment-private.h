/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "psc-moment.h"

G_BEGIN_DECLS

/* What whole mappings of this one are counted under: its owner's label or its name. A GRefString
 * of one's own; "" for what has neither. */
char *psc_moment_dup_label (const PscSpace *space, const PscMapping *mapping);
/* What happened from then to now: appends PscEvent. */
void psc_moment_find_events (const PscSpace *then, const PscSpace *now, GArray *events);

G_END_DECLS
