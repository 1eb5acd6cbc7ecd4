/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What has one name in GTK 4.8 and libadwaita 1.2 and another in today's: choosing a file, the
 * about window, opening a folder. The only file that is compiled without the ceiling on versions;
 * which of the two is used is decided when it is built.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks where to save. The answer comes to psc_compat_save_finish(). */
void psc_compat_save_async (GtkWindow *parent, const char *title, const char *name,
                            GAsyncReadyCallback callback, gpointer user_data);
/* The chosen file, or NULL with G_IO_ERROR_CANCELLED when the user thought better of it. */
GFile *psc_compat_save_finish (GAsyncResult *result, GError **error);

/* Asks for a file to open, of those whose names end in `suffix` (".pagescape", called `kind` for
 * people) or of all. The answer comes to psc_compat_open_finish(). */
void psc_compat_open_async (GtkWindow *parent, const char *title, const char *kind,
                            const char *suffix, GAsyncReadyCallback callback, gpointer user_data);
GFile *psc_compat_open_finish (GAsyncResult *result, GError **error);

/* Shows the folder of a file in the file manager. */
void psc_compat_show_folder (GtkWindow *parent, GFile *file);

void psc_compat_show_about (GtkWindow *parent);

G_END_DECLS
