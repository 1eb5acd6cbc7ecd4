/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* For commands that look again and again: how often, for how long, and being told to stop. */

#include <glib.h>

G_BEGIN_DECLS

/* What --interval and --for say ("0.1", "0.1s", "100ms", "5m", "1h"; NULL: not given, which is a
 * second, and until the end, told as 0). FALSE after an error line. */
gboolean psc_cli_parse_pace (const char *interval, const char *duration, gint64 *interval_usec,
                             gint64 *for_usec);

/* "0.1", "0.1s", "100ms", "5m", "1h": a number, of seconds unless it says otherwise. FALSE, and no
 * error line, when it is none or beyond the bounds. */
gboolean
psc_cli_parse_duration (const char *text, gint64 least_usec, gint64 most_usec, gint64 *usec);

/* From now on the first SIGINT or SIGTERM asks for an end, which psc_cli_wait_until() tells, so
 * that what is written last is whole; the second one does what it always does, for when the probe
 * hangs. */
void psc_cli_catch_signals (void);
/* Waits, at least until `until_usec` of the monotonic clock. TRUE when a signal asks for an end. */
gboolean psc_cli_wait_until (gint64 until_usec);

G_END_DECLS
