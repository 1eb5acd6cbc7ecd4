/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Numbers and names for people: one way to write a size, an address, a share, and to make bytes
 * from outside fit for a screen. All return new strings, free with g_free().
 */

#include <glib.h>

G_BEGIN_DECLS

/* Binary units, three significant digits, no trailing zeros: "0 B", "132 KiB", "1.4 TiB". */
char *psc_format_size (guint64 bytes);
/* "+12 KiB", "−1.5 MiB" (a real minus sign), "0 B". */
char *psc_format_size_delta (gint64 bytes);
/* "0x7f3a12345000": lower case, no padding. */
char *psc_format_address (guint64 address);
/* part of whole: "0 %", "<1 %", "42 %", ">99 %", "100 %": never rounds to an end it is not at. */
char *psc_format_share (guint64 part, guint64 whole);
/* Any bytes to valid UTF-8 on one line: control characters as \n, \t, \x1b, broken bytes as \xff,
 * bidirectional overrides as \u202e. `length` -1: up to the NUL. */
char *psc_format_name (const char *bytes, gssize length);
/* The same, shortened in the middle to at most max_chars characters with "…". */
char *psc_format_name_ellipsized (const char *bytes, guint max_chars);
/* Microseconds: "<0.1 ms", "0.4 ms", "12 ms", "1.3 s". */
char *psc_format_duration (gint64 usec);

G_END_DECLS
