/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "psc-config.h"

static const struct
{
  const char *word;
  PscCliCommandFunc func;
  const char *target, *summary; /* for --help */
} commands[] = {
  { "list", psc_cli_list, "", N_ ("the processes") },
  { "show", psc_cli_show, "TARGET", N_ ("the mappings of one, and what is behind them") },
  { "find", psc_cli_find, "TARGET QUERY", N_ ("where in it something is") },
  { "diff", psc_cli_diff, "A B", N_ ("what is different between two targets") },
  { "export", psc_cli_export, "TARGET", N_ ("the same as a picture or as data in a file") },
  { "record", psc_cli_record, "TARGET", N_ ("its memory over time, in a file") },
  { "watch", psc_cli_watch, "TARGET", N_ ("a line of sums every second") },
  { "cold", psc_cli_cold, "TARGET", N_ ("what of its memory it does not touch") },
  { "orphans", psc_cli_orphans, "", N_ ("shared memory that nobody maps any more") },
};

static void
set_up_locale (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static char *
dup_summary (void)
{
  GString *summary = g_string_new (_ ("Shows where a process's memory is.\n\nCommands:\n"));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *words = g_strdup_printf ("%s %s", commands[i].word, commands[i].target);

      g_string_append_printf (summary, "  %-18s %s\n", words, _ (commands[i].summary));
    }
  g_string_append (summary, _ ("\nTARGET is a process id, a process name, or a moment of a "
                               "recording\n(FILE.pagescape, FILE.pagescape@TIME). COMMAND --help "
                               "tells the options of each."));
  return g_string_free (summary, FALSE);
}

/* Only the options that stand before the command. FALSE after an error line. */
static gboolean
parse_common (int *argc, char ***argv, PscCliSource *source, gboolean *version)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND …"));
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = dup_summary ();
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_ ("Print the version"), NULL },
    { "via", 0, 0, G_OPTION_ARG_STRING, &source->via,
      N_ ("Run the probe behind COMMAND, such as sudo or “ssh HOST”"), N_ ("COMMAND") },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &source->root,
      N_ ("Look at a recorded tree instead of /proc"), N_ ("DIR") },
    { NULL },
  };

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  psc_cli_error (_ ("%s; see pagescape-cli --help"), error->message);
  return FALSE;
}

/* "list, show, …" */
static char *
dup_words (void)
{
  g_autoptr (GString) words = g_string_new (commands[0].word);

  for (guint i = 1; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (words, ", %s", commands[i].word);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static PscCliStatus
run (int argc, char **argv, PscCliSource *source)
{
  g_autofree char *words = dup_words ();
  gboolean version = FALSE;

  if (!parse_common (&argc, &argv, source, &version))
    return PSC_CLI_WRONG_USAGE;
  if (version)
    return psc_cli_print_text ("pagescape-cli " PSC_VERSION "\n");
  if (argc < 2)
    {
      psc_cli_error (_ ("The command is missing, one of %s; see pagescape-cli --help"), words);
      return PSC_CLI_WRONG_USAGE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].word) == 0)
      return commands[i].func (argc - 1, argv + 1, source);
  psc_cli_error (_ ("There is no command “%s”, only %s; see pagescape-cli --help"), argv[1], words);
  return PSC_CLI_WRONG_USAGE;
}

int
main (int argc, char **argv)
{
  PscCliSource source = { NULL, NULL };
  PscCliStatus status;

  set_up_locale ();
  g_set_prgname ("pagescape-cli");
  status = run (argc, argv, &source);
  g_free (source.via);
  g_free (source.root);
  return status;
}
