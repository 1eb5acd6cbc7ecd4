/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* `watch` of a recording: no lines, and the verdict at once. */

#include "psc-cli.h"
#include "psc-condition.h"

G_BEGIN_DECLS

/* FILE, or FILE@TIME: as it was judged then. condition may be NULL. */
PscCliStatus
psc_cli_watch_recording (const char *word, const PscCondition *condition, gboolean json);

G_END_DECLS
