/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-figure.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Renaming a new file over a pipe or a device would put a file in its place. */
static gboolean
write_special (const char *path, const char *data, gsize length, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);

  while (fd >= 0 && length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        break;
      data += n;
      length -= (gsize) n;
    }
  if (fd < 0 || length > 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s", g_strerror (errno));
  if (fd >= 0)
    g_close (fd, NULL);
  return fd >= 0 && length == 0;
}

static gboolean
is_special (const char *path)
{
  GStatBuf about;

  return g_stat (path, &about) == 0 && !S_ISREG (about.st_mode) && !S_ISDIR (about.st_mode);
}

gboolean
psc_figure_write_file (const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *reason;

  if (is_special (path) ? write_special (path, data, length, &local) :
                          g_file_set_contents_full (path, data, (gssize) length,
                                                    G_FILE_SET_CONTENTS_CONSISTENT, 0666, &local))
    return TRUE;
  /* GLib puts names of its own before it, which say nothing to who chose the path. */
  reason = g_strrstr (local->message, ": ");
  g_set_error (error, PSC_FIGURE_ERROR, PSC_FIGURE_ERROR_WRITE, "Can't write “%s”: %s", path,
               reason != NULL ? reason + 2 : local->message);
  return FALSE;
}

gboolean
psc_figure_export (const PscSpace *space, const PscFigureOptions *options, PscFigureFormat format,
                   const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = psc_figure_render (space, options, format, error);

  return bytes != NULL && psc_figure_write_file (path, g_bytes_get_data (bytes, NULL),
                                                 g_bytes_get_size (bytes), error);
}
