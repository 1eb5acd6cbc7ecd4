/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Folders of tests: a new one with files in it, which goes away with all of them; what is in any.
 * Aborts the test when something can't be had. */

#include <glib.h>

/* A new folder; its path. psc_test_folder_free() removes it with all that is in it. */
char *psc_test_folder_new (void);
void psc_test_folder_free (char *folder);
/* Writes a file "a/b" beneath it, with the folders that lead there. length -1: up to the NUL. */
void psc_test_folder_put (const char *folder, const char *name, gconstpointer bytes, gssize length);
/* The names in any folder, sorted. Free with g_strfreev(). */
char **psc_test_folder_list (const char *folder);
