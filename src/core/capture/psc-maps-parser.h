/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Parser of /proc/PID/maps (proc_pid_maps(5)) and of the head lines of smaps.
 * Bytes come from outside: bounded, no assumption but that the kernel ends lines with '\n'.
 */

#include "psc-space.h"

G_BEGIN_DECLS

#define PSC_PARSE_ERROR (psc_parse_error_quark ())
GQuark psc_parse_error_quark (void);
typedef enum
{
  PSC_PARSE_ERROR_SYNTAX, /* a line that is not of the form; the message has its number and text */
} PscParseError;

/* One line without its newline. Fills everything of `mapping` that a line says; name is left "" and
 * the raw name returned through name/name_length (into the line, escapes not undone, " (deleted)"
 * cut off and put into flags). FALSE when the line has not the form or end <= start.
 * About 20 ns. */
gboolean psc_maps_parse_line (const char *line, gsize length, PscMapping *mapping,
                              const char **name, gsize *name_length);

/* All of a maps file into a builder. Lines that overlap or go backwards (a target that moves while
 * it is read), or whose addresses are not aligned to pages, are dropped and counted in n_torn (may
 * be NULL), and so is a last line without its newline: it may have been cut. */
gboolean psc_maps_parse (const char *text, gsize length, PscSpaceBuilder *builder, guint *n_torn,
                         GError **error);

/* Undoes the kernel's octal escape of newlines (\012), the only one that maps has, in place;
 * returns the new length. Backslashes are left raw by the kernel, so a name that really holds the
 * four characters \012 can't be told from one with a newline. */
gsize psc_maps_unescape (char *name, gsize length);

G_END_DECLS
