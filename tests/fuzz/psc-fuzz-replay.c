/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Feeds a fuzz target the files of the directories that it is given, one test each, in TAP. */

#include <stdio.h>
#include <string.h>

#include "psc-fuzz.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static void
add_files (GPtrArray *paths, const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (directory, 0, &error);
  const char *name;

  if (dir == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (directory, name, NULL));
}

static void
replay (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  g_autofree guint8 *exact = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, &error))
    g_error ("%s", error->message);
  /* Without the NUL that follows, so that a tool that watches memory sees a read beyond the end. */
  exact = g_malloc (MAX (size, 1));
  memcpy (exact, content, size);
  LLVMFuzzerTestOneInput (exact, size);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  LLVMFuzzerInitialize (&argc, &argv);
  for (int i = 1; i < argc; i++)
    add_files (paths, argv[i]);
  g_ptr_array_sort (paths, compare_names);
  printf ("1..%u\n", paths->len);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *name = g_path_get_basename (g_ptr_array_index (paths, i));

      replay (g_ptr_array_index (paths, i));
      printf ("ok %u - %s\n", i + 1, name);
      fflush (stdout);
    }
  return paths->len > 0 ? 0 : 1;
}
