/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes seeds for the targets of the store: see make-corpus. fuzz-store-seeds FOLDER [PROCESS...]:
 * FOLDER/codec and FOLDER/recording must exist. */

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "psc-codec.h"
#include "psc-pack.h"
#include "psc-recorder.h"
#include "psc-store-test.h"

#define MAX_BYTES 8000

static void
write_seed (const char *folder, const char *name, guint8 first, gconstpointer bytes, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree guint8 *seed = g_malloc (size + 1);
  g_autoptr (GError) error = NULL;

  seed[0] = first;
  memcpy (seed + 1, bytes, size);
  g_file_set_contents (path, (const char *) seed, (gssize) size + 1, &error);
  g_assert_no_error (error);
}

static void
write_bodies (const char *folder, const char *process)
{
  g_autofree char *codec = g_build_filename (folder, "codec", NULL);

  for (guint smaps = 0; smaps < 2; smaps++)
    {
      g_autoptr (PscSpace) space =
          store_test_space (process, smaps ? PSC_SMAPS_ALWAYS : PSC_SMAPS_NEVER);
      g_autoptr (GBytes) body = psc_codec_encode (space, NULL);
      g_autoptr (GBytes) packed = psc_pack (body, NULL);
      g_autofree char *of_body = g_strdup_printf ("%s-body%u", process, smaps);
      g_autofree char *of_frame = g_strdup_printf ("%s-frame%u", process, smaps);
      g_autoptr (GByteArray) frame = g_byte_array_new ();
      gsize n_body, n_packed;
      gconstpointer bytes = g_bytes_get_data (body, &n_body);
      gconstpointer data = g_bytes_get_data (packed, &n_packed);
      const guint8 size[3] = { (guint8) n_body, (guint8) (n_body >> 8), (guint8) (n_body >> 16) };

      if (n_body <= MAX_BYTES)
        write_seed (codec, of_body, 0, bytes, n_body);
      g_byte_array_append (frame, size, sizeof size);
      g_byte_array_append (frame, data, (guint) n_packed);
      if (n_packed <= MAX_BYTES)
        write_seed (codec, of_frame, 1, frame->data, frame->len);
    }
}

/* Small pages, so that it is a small file. */
static void
shrink (const char *path)
{
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA page_size = 512; VACUUM", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
}

static void
write_recording (const char *folder, guint n_steps)
{
  g_autofree char *seeds = g_build_filename (folder, "recording", NULL);
  g_autofree char *name = g_strdup_printf ("life-%u", n_steps);
  char *temporary = psc_test_folder_new ();
  g_autofree char *path = g_build_filename (temporary, "a", NULL);
  g_autoptr (PscSpace) then = NULL;
  g_autofree char *bytes = NULL;
  PscRecorder *recorder = psc_recorder_new (path, FALSE, NULL);
  gsize size;

  for (guint step = 0; step < n_steps; step++)
    {
      g_autoptr (PscSpace) now = store_test_life (1, step);
      g_autoptr (PscMoment) moment = psc_moment_new (then, now);

      g_assert_true (psc_recorder_add (recorder, now, moment, NULL));
      psc_space_unref (then);
      then = g_steal_pointer (&now);
    }
  g_assert_true (psc_recorder_finish (recorder, "stopped", NULL));
  psc_recorder_free (recorder);
  shrink (path);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  write_seed (seeds, name, 0, bytes, size);
  psc_test_folder_free (temporary);
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    {
      fprintf (stderr, "usage: %s FOLDER [PROCESS...]\n", argv[0]);
      return 2;
    }
  for (int i = 2; i < argc; i++)
    write_bodies (argv[1], argv[i]);
  write_recording (argv[1], 1);
  write_recording (argv[1], 9);
  return 0;
}
