/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-diff-report.h"

PscCliStatus
psc_cli_diff (int argc, char **argv, PscCliSource *source)
{
  gboolean json = FALSE, all = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all,
      N_ ("All mappings: in text those beyond the first 20 of each table, in JSON also those that "
          "are the same"),
      NULL },
    { NULL },
  };
  g_autoptr (PscSpace) then = NULL;
  g_autoptr (PscSpace) now = NULL;
  g_autoptr (PscDiff) diff = NULL;
  g_autofree char *text = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("A B"),
                      _ ("Compares the memory of two processes, mapping by mapping and page by "
                         "page: what B has and A had not."),
                      2))
    return PSC_CLI_WRONG_USAGE;
  then = psc_cli_capture (source, argv[1], PSC_SMAPS_SMALL, &status);
  if (then == NULL)
    return status;
  now = psc_cli_capture (source, argv[2], PSC_SMAPS_SMALL, &status);
  if (now == NULL)
    return status;
  diff = psc_diff_new (then, now);
  text = json ? psc_diff_to_json (diff, all) : psc_diff_to_text (diff, all);
  return json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}
