/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <malloc.h>

#include "psc-application.h"

/* Above the size of a map at 4K. glibc gives blocks over its threshold back at once, and then each
 * frame would fault its pixels in anew (40 of 70 ms at 4K). */
#define KEEP_BLOCK_BYTES (32 << 20)
#define KEEP_HEAP_BYTES  (256 << 20)

int
main (int argc, char *argv[])
{
  g_autoptr (PscApplication) application = NULL;

#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, KEEP_BLOCK_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEEP_HEAP_BYTES);
#endif
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PSC_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  application = psc_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
