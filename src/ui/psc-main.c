/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "psc-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (PscApplication) application = NULL;

  psc_application_keep_blocks ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  application = psc_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
