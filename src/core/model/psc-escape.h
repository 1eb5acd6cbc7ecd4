/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Bytes from outside made fit to be shown: valid UTF-8, on one line, in the order it is written.
 * For reading, not for undoing: a backslash stays as it is.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Appends `length` bytes: control characters as \n, \t, \x1b, broken bytes as \xff, line
 * separators, bidirectional controls and noncharacters as \u202e; everything else as it is.
 * O(length). */
void psc_escape_append (GString *text, const char *bytes, gsize length);

G_END_DECLS
