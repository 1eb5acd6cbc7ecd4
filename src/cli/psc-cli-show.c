/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-report.h"

PscCliStatus
psc_cli_show (int argc, char **argv, PscCliSource *source)
{
  gboolean json = FALSE, smaps = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { "smaps", 0, 0, G_OPTION_ARG_NONE, &smaps,
      N_ ("Read smaps too, even of a large process: it waits meanwhile"), NULL },
    { NULL },
  };
  g_autoptr (PscSpace) space = NULL;
  g_autofree char *text = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (&argc, &argv, source, entries, _ ("TARGET"),
                      _ ("Shows the mappings of a process, and what is behind them."), 1))
    return PSC_CLI_WRONG_USAGE;
  space = psc_cli_capture (source, argv[1], smaps ? PSC_SMAPS_ALWAYS : PSC_SMAPS_SMALL, &status);
  if (space == NULL)
    return status;
  text = json ? psc_report_to_json (space, TRUE) : psc_report_to_text (space);
  return json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}
