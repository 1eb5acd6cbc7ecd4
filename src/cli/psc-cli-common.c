/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "psc-process-list.h"

void
psc_cli_error (const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  /* One error is one line, whatever a library put into its message. */
  g_strdelimit (message, "\n\r", ' ');
  g_printerr ("pagescape-cli: %s\n", g_strchomp (message));
}

static void
add_source_entries (GOptionContext *context, PscCliSource *source)
{
  const GOptionEntry entries[] = {
    { "via", 0, 0, G_OPTION_ARG_STRING, &source->via,
      N_ ("Run the probe behind COMMAND, such as sudo or “ssh HOST”"), N_ ("COMMAND") },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &source->root,
      N_ ("Look at a recorded tree instead of /proc"), N_ ("DIR") },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* GLib leaves the "--" after which nothing is an option where it was. */
static void
drop_separator (int *argc, char **argv)
{
  int i = 1;

  while (i < *argc && strcmp (argv[i], "--") != 0)
    i++;
  if (i == *argc)
    return;
  for (; i < *argc; i++)
    argv[i] = argv[i + 1];
  (*argc)--;
}

gboolean
psc_cli_parse (int *argc, char ***argv, PscCliSource *source, const GOptionEntry *entries,
               const char *words, const char *summary, int n_words)
{
  g_autoptr (GOptionContext) context = g_option_context_new (words);
  g_autofree char *program = g_strdup_printf ("pagescape-cli %s", (*argv)[0]);
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  add_source_entries (context, source);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      psc_cli_error (_ ("%s; see %s --help"), error->message, program);
      return FALSE;
    }
  drop_separator (argc, *argv);
  if (*argc == n_words + 1)
    return TRUE;
  if (*argc < n_words + 1)
    psc_cli_error (_ ("%s is missing; see %s --help"), words, program);
  else
    psc_cli_error (_ ("“%s” is one word too many; see %s --help"), (*argv)[n_words + 1], program);
  return FALSE;
}

PscProbe *
psc_cli_open_probe (const PscCliSource *source)
{
  static const char *const clear[] = { "--may-clear-referenced", NULL };
  g_autoptr (GError) error = NULL;
  PscProbe *probe =
      psc_probe_new_via_with (source->via, source->root, source->may_clear ? clear : NULL, &error);

  if (probe == NULL)
    psc_cli_error ("%s", error->message);
  return probe;
}

/* A PID needs no list of all processes, a name does. */
static gboolean
find_pid (PscProbe *probe, const char *word, gint *pid, GError **error)
{
  g_autoptr (GPtrArray) processes = NULL;
  const PscProcess *process;
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (word, 10, 1, PSC_PROCESS_MAX_PID, &number, NULL))
    {
      *pid = (gint) number;
      return TRUE;
    }
  processes = psc_process_list (probe, error);
  if (processes == NULL)
    return FALSE;
  process = psc_recording_find_process (processes, word, error);
  if (process == NULL)
    return FALSE;
  *pid = process->pid;
  return TRUE;
}

/* Says what went wrong, and what it makes the status. */
static PscCliStatus
fail (const GError *error)
{
  psc_cli_error ("%s", error->message);
  return g_error_matches (error, PSC_TARGET_ERROR, PSC_TARGET_ERROR_INVALID) ? PSC_CLI_WRONG_USAGE :
                                                                               PSC_CLI_FAILED;
}

PscTarget *
psc_cli_open_target (const PscCliSource *source, const char *word, PscCliStatus *status)
{
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (GError) error = NULL;
  PscTarget *target = NULL;
  gint pid;

  *status = PSC_CLI_WRONG_USAGE;
  if (psc_recording_is_named (word))
    {
      psc_cli_error (_ ("“%s” is a recording, and this needs a process that runs"), word);
      return NULL;
    }
  *status = PSC_CLI_FAILED;
  probe = psc_cli_open_probe (source);
  if (probe == NULL)
    return NULL;
  if (find_pid (probe, word, &pid, &error))
    target = psc_target_new (probe, pid, &error);
  if (target == NULL)
    *status = fail (error);
  return target;
}

PscSpace *
psc_cli_capture (const PscCliSource *source, const char *word, PscSmapsPolicy smaps,
                 PscCliStatus *status)
{
  PscCaptureOptions options = PSC_CAPTURE_OPTIONS_DEFAULT;
  g_autoptr (PscTarget) target = NULL;
  g_autoptr (GError) error = NULL;
  PscSpace *space;

  if (psc_recording_is_named (word))
    return psc_cli_load (word, status);
  target = psc_cli_open_target (source, word, status);
  if (target == NULL)
    return NULL;
  options.smaps = smaps;
  space = psc_target_capture (target, &options, &error);
  if (space == NULL)
    *status = fail (error);
  return space;
}

static PscCliStatus
check_written (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return PSC_CLI_DONE;
  psc_cli_error (_ ("Can't write to standard output: %s"), g_strerror (errno));
  return PSC_CLI_FAILED;
}

PscCliStatus
psc_cli_print_text (const char *text)
{
  g_print ("%s", text);
  return check_written ();
}

PscCliStatus
psc_cli_print_json (const char *json)
{
  fputs (json, stdout);
  return check_written ();
}

PscCliStatus
psc_cli_print_bytes (const void *bytes, gsize length)
{
  fwrite (bytes, 1, length, stdout);
  return check_written ();
}
