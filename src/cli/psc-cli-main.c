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
} commands[] = {
  { "list", psc_cli_list }, { "show", psc_cli_show },     { "find", psc_cli_find },
  { "diff", psc_cli_diff }, { "export", psc_cli_export }, { "watch", psc_cli_watch },
};

static void
set_up_locale (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

/* Only the options that stand before the command. FALSE after an error line. */
static gboolean
parse_common (int *argc, char ***argv, PscCliSource *source, gboolean *version)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND …"));
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_ ("Print the version"), NULL },
    { "via", 0, 0, G_OPTION_ARG_STRING, &source->via,
      N_ ("Run the probe behind COMMAND, such as sudo or “ssh HOST”"), N_ ("COMMAND") },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &source->root,
      N_ ("Look at a recorded tree instead of /proc"), N_ ("DIR") },
    { NULL },
  };

  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context,
                                _ ("Shows where a process's memory is.\n"
                                   "\n"
                                   "Commands:\n"
                                   "  list           the processes\n"
                                   "  show TARGET    the mappings of one, and what is behind them\n"
                                   "  find TARGET QUERY  where in it something is\n"
                                   "  diff A B       what is different between two targets\n"
                                   "  export TARGET  the same as a picture or as data in a file\n"
                                   "  watch TARGET   a line of sums every second\n"
                                   "\n"
                                   "TARGET is a process id or a process name. COMMAND --help tells "
                                   "the options of each."));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  psc_cli_error (_ ("%s; see pagescape-cli --help"), error->message);
  return FALSE;
}

static PscCliStatus
run (int argc, char **argv, PscCliSource *source)
{
  gboolean version = FALSE;

  if (!parse_common (&argc, &argv, source, &version))
    return PSC_CLI_WRONG_USAGE;
  if (version)
    return psc_cli_print_text ("pagescape-cli " PSC_VERSION "\n");
  if (argc < 2)
    {
      psc_cli_error (_ ("The command is missing: list, show, find, diff, export or watch; see "
                        "pagescape-cli --help"));
      return PSC_CLI_WRONG_USAGE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].word) == 0)
      return commands[i].func (argc - 1, argv + 1, source);
  psc_cli_error (_ ("There is no command “%s”: only list, show, find, diff, export and watch; see "
                    "pagescape-cli --help"),
                 argv[1]);
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
