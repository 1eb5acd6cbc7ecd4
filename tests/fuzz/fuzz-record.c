/* SPDX-License-Identifier: GPL-3.0-or-later */

/* fuzz-record PROBE ROOT MODE: has psc_fuzz_converse() with a probe of a recorded tree and writes
 * what was said: the bytes of the requests after their number as u32, then those of the answers. */

#include <stdio.h>
#include <stdlib.h>
#include <glib/gstdio.h>

#include "psc-fuzz-conversation.h"

static gint
find_pid (const char *root)
{
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (name[0]))
      return atoi (name);
  g_error ("There is no process in %s", root);
}

static void
write_out (const char *path, gboolean with_length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize length;

  if (!g_file_get_contents (path, &content, &length, &error))
    g_error ("%s", error->message);
  for (guint i = 0; with_length && i < 4; i++)
    putchar ((int) (length >> (8 * i) & 0xff));
  fwrite (content, 1, length, stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("fuzz-record-XXXXXX", &error);
  g_autofree char *asked = g_build_filename (folder, "asked", NULL);
  g_autofree char *said = g_build_filename (folder, "said", NULL);
  const char *const script = "tee \"$2\" | \"$0\" --root \"$1\" | tee \"$3\"";
  PscProbe *probe;

  if (argc != 4 || folder == NULL)
    g_error ("fuzz-record PROBE ROOT MODE");
  probe = psc_probe_new (
      (const char *const[]){ "/bin/sh", "-c", script, argv[1], argv[2], asked, said, NULL },
      &error);
  if (probe == NULL)
    g_error ("%s", error->message);
  psc_fuzz_converse (probe, find_pid (argv[2]), (guint8) atoi (argv[3]));
  write_out (asked, TRUE);
  write_out (said, FALSE);
  psc_probe_unref (probe);
  g_unlink (asked);
  g_unlink (said);
  g_rmdir (folder);
  return 0;
}
