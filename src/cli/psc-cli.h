/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the commands of pagescape-cli share: where to look, how to say what went wrong, exit
 * statuses. One file per command; each command is a function from its own argv to an exit status.
 */

#include <gio/gio.h>
#include "psc-config.h"
#include <glib/gi18n.h>
#include "psc-capture.h"
#include "psc-lens.h"
#include "psc-recording.h"
#include "psc-recording-time.h"

G_BEGIN_DECLS

typedef enum
{
  PSC_CLI_DONE = 0,
  PSC_CLI_FAILED = 1,
  PSC_CLI_WRONG_USAGE = 2,
  PSC_CLI_HELD = 3, /* what --fail-if says */
} PscCliStatus;

/* Which host to look at: options that every command has. Strings may be NULL. */
typedef struct
{
  char *via;          /* command that the probe runs behind */
  char *root;         /* recorded tree instead of /proc */
  gboolean may_clear; /* set by a command: the probe may clear what a process has touched */
} PscCliSource;

/* argv[0] is the command's word. `source` has what stood before that word, and is extended. */
typedef PscCliStatus (*PscCliCommandFunc) (int argc, char **argv, PscCliSource *source);

PscCliStatus psc_cli_list (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_show (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_find (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_diff (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_export (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_record (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_cold (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_orphans (int argc, char **argv, PscCliSource *source);
PscCliStatus psc_cli_watch (int argc, char **argv, PscCliSource *source);

/* "pagescape-cli: " and the message on one line of stderr. */
void psc_cli_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Parses a command's options, its own and those of PscCliSource, and checks that exactly n_words
 * are left (argv[1] …). --help prints and exits. FALSE after an error line: wrong usage. `words`
 * ("TARGET") and `summary` are for --help. */
gboolean psc_cli_parse (int *argc, char ***argv, PscCliSource *source, const GOptionEntry *entries,
                        const char *words, const char *summary, int n_words);

/* NULL after an error line. */
PscProbe *psc_cli_open_probe (const PscCliSource *source);

/* Opens TARGET, a PID or a name; a recording is none. NULL after an error line; then *status says
 * which kind. */
PscTarget *psc_cli_open_target (const PscCliSource *source, const char *word, PscCliStatus *status);

/* Opens FILE or FILE@TIME; *index is of the moment that TIME says, without one of the last. NULL
 * after an error line; then *status says which kind. */
PscRecording *psc_cli_open_recording (const char *word, guint *index, PscCliStatus *status);
/* The snapshot of that moment. */
PscSpace *psc_cli_load (const char *word, PscCliStatus *status);

/* A snapshot of TARGET, a PID, a name or a moment of a recording. NULL after an error line; then
 * *status says which kind. */
PscSpace *psc_cli_capture (const PscCliSource *source, const char *word, PscSmapsPolicy smaps,
                           PscCliStatus *status);

/* Can this lens be had of TARGET, from there? FALSE after an error line: wrong usage. */
gboolean psc_cli_check_lens (PscLens lens, const PscCliSource *source, const char *word);
/* What a lens has to know of the pages of a space that was just captured, in [start, end); end 0:
 * all. For lenses that need frames. NULL after an error line. */
PscTraits *psc_cli_read_traits (PscLens lens, PscTarget *target, const PscSpace *space,
                                guint64 start, guint64 end);

/* Text in the locale's charset, JSON in UTF-8, or any bytes, to stdout. FAILED after an error line
 * when it can't be written. */
PscCliStatus psc_cli_print_text (const char *text);
PscCliStatus psc_cli_print_json (const char *json);
PscCliStatus psc_cli_print_bytes (const void *bytes, gsize length);

G_END_DECLS
