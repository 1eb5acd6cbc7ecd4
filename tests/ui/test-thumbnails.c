/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine behind the gallery, without a window: whose picture is made when, what becomes of it,
 * and what happens when the process is not what it was. */

#include <gio/gio.h>
#include <unistd.h>

#include "psc-thumbnails.h"

#define AS_NOBODY "setpriv --reuid=65534 --regid=65534 --clear-groups"

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_usec = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                          \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > deadline_usec)                                               \
          g_error ("%s: waited in vain for %s", G_STRLOC, #condition);                             \
        iterate ();                                                                                \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

static const PscThumbnailLook small = {
  .width = 60, .height = 40, .scale = 2, .lens = PSC_LENS_RESIDENCY, .theme = PSC_THEME_LIGHT
};

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
iterate (void)
{
  guint timer = g_timeout_add (50, wake_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

/* Some processes of our own that wait for input, and thumbnails that may make pictures of them. */
#define MAX_CHILDREN 6

typedef struct
{
  PscProbeSource *source;
  PscThumbnails *thumbnails;
  PscProcessTable *table;
  GSubprocess *children[MAX_CHILDREN];
  gint pids[MAX_CHILDREN];
  guint n_children;
} Scene;

static void
start_child (Scene *scene)
{
  g_autoptr (GError) error = NULL;
  char echo[1];
  GSubprocess *child = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "cat", NULL);

  g_assert_no_error (error);
  g_output_stream_write (g_subprocess_get_stdin_pipe (child), "\n", 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      g_input_stream_read (g_subprocess_get_stdout_pipe (child), echo, 1, NULL, &error), ==, 1);
  scene->pids[scene->n_children] = atoi (g_subprocess_get_identifier (child));
  scene->children[scene->n_children++] = child;
}

static void
end_child (Scene *scene, guint i)
{
  g_subprocess_force_exit (scene->children[i]);
  g_subprocess_wait (scene->children[i], NULL, NULL);
}

static void
list (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  psc_process_table_unref (scene->table);
  scene->table = psc_process_table_new (scene->source, &error);
  g_assert_no_error (error);
}

static void
scene_begin (Scene *scene, guint n_children, const char *via)
{
  *scene = (Scene){ 0 };
  scene->source = psc_probe_source_new (NULL, via);
  scene->thumbnails = psc_thumbnails_new (scene->source);
  for (guint i = 0; i < n_children; i++)
    start_child (scene);
  list (scene);
  psc_thumbnails_set_look (scene->thumbnails, &small);
  psc_thumbnails_set_table (scene->thumbnails, scene->table);
}

static void
scene_end (Scene *scene)
{
  psc_thumbnails_stop (scene->thumbnails);
  for (guint i = 0; i < scene->n_children; i++)
    {
      end_child (scene, i);
      g_object_unref (scene->children[i]);
    }
  g_object_unref (scene->thumbnails);
  psc_process_table_unref (scene->table);
  psc_probe_source_unref (scene->source);
}

static PscProcess *
find (Scene *scene, gint pid)
{
  for (guint i = 0; i < scene->table->processes->len; i++)
    {
      PscProcess *process = g_ptr_array_index (scene->table->processes, i);

      if (process->pid == pid)
        return process;
    }
  g_error ("there is no process %d", pid);
}

static void
want_all (Scene *scene)
{
  psc_thumbnails_set_wanted (scene->thumbnails, scene->pids, scene->n_children);
}

static const PscThumbnail *
lookup (Scene *scene, guint i)
{
  return psc_thumbnails_lookup (scene->thumbnails, scene->pids[i]);
}

static gboolean
all_made (Scene *scene)
{
  for (guint i = 0; i < scene->n_children; i++)
    if (lookup (scene, i) == NULL)
      return FALSE;
  return TRUE;
}

static void
count_cb (PscThumbnails *thumbnails, gint pid, guint *n_changed)
{
  (*n_changed)++;
}

/* Pixels that are not the ground. */
static guint
count_drawn (cairo_surface_t *surface, PscTheme theme)
{
  PscColor ground = psc_theme_colors (theme)->background;
  int stride = cairo_image_surface_get_stride (surface);
  guint n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    {
      const guint32 *line =
          (const guint32 *) (void *) (cairo_image_surface_get_data (surface) + y * stride);

      for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
        n += (line[x] & 0xffffff) != ground;
    }
  return n;
}

static void
test_made (void)
{
  Scene scene;
  guint n_changed = 0;
  const PscThumbnail *thumbnail;

  scene_begin (&scene, 3, NULL);
  g_signal_connect (scene.thumbnails, "changed", G_CALLBACK (count_cb), &n_changed);
  want_all (&scene);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  g_assert_null (lookup (&scene, 0));
  wait_until (all_made (&scene));
  g_assert_cmpuint (n_changed, ==, 3);
  g_assert_cmpuint (psc_thumbnails_get_n_captures (scene.thumbnails), ==, 3);

  thumbnail = lookup (&scene, 0);
  g_assert_cmpint (thumbnail->state, ==, PSC_THUMBNAIL_READY);
  g_assert_null (thumbnail->problem);
  g_assert_cmpint (cairo_image_surface_get_width (thumbnail->surface), ==, 120);
  g_assert_cmpint (cairo_image_surface_get_height (thumbnail->surface), ==, 80);
  g_assert_cmpuint (count_drawn (thumbnail->surface, PSC_THEME_LIGHT), >, 500);
  g_assert_cmpuint (psc_thumbnails_get_bytes (scene.thumbnails), ==, 3 * 120 * 80 * 4);
  g_assert_cmpfloat (psc_thumbnails_get_share (scene.thumbnails), >, 0);
  scene_end (&scene);
}

/* The first that is wanted comes first, and nothing is read of what nobody wants. */
static void
test_order (void)
{
  Scene scene;

  scene_begin (&scene, 3, NULL);
  psc_thumbnails_set_wanted (scene.thumbnails, &scene.pids[1], 2);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  wait_until (lookup (&scene, 1) != NULL);
  g_assert_null (lookup (&scene, 2));
  wait_until (lookup (&scene, 2) != NULL);
  g_assert_null (lookup (&scene, 0));
  scene_end (&scene);
}

/* Nothing is captured while nobody looks. */
static void
test_rests (void)
{
  Scene scene;

  scene_begin (&scene, 1, NULL);
  want_all (&scene);
  for (int i = 0; i < 6; i++)
    iterate ();
  g_assert_cmpuint (psc_thumbnails_get_n_captures (scene.thumbnails), ==, 0);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  g_assert_cmpuint (psc_thumbnails_get_n_captures (scene.thumbnails), ==, 1);
  wait_until (all_made (&scene));
  scene_end (&scene);
}

/* What changed is drawn again, and what did not is left alone. */
static void
test_changed (void)
{
  Scene scene;
  gint64 first_usec, other_usec;

  scene_begin (&scene, 2, NULL);
  want_all (&scene);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  wait_until (all_made (&scene));
  first_usec = lookup (&scene, 0)->time_usec;
  other_usec = lookup (&scene, 1)->time_usec;

  find (&scene, scene.pids[0])->minflt++;
  while (lookup (&scene, 0)->time_usec == first_usec)
    {
      psc_thumbnails_set_table (scene.thumbnails, scene.table);
      iterate ();
      g_assert_cmpint (g_get_monotonic_time () - first_usec, <, 20 * G_USEC_PER_SEC);
    }
  g_assert_cmpint (lookup (&scene, 0)->time_usec - first_usec, >=, G_USEC_PER_SEC);
  g_assert_cmpint (lookup (&scene, 1)->time_usec, ==, other_usec);
  g_assert_cmpuint (psc_thumbnails_get_n_captures (scene.thumbnails), ==, 3);
  scene_end (&scene);
}

static void
test_look (void)
{
  Scene scene;
  PscThumbnailLook look = small;
  const PscThumbnail *thumbnail;

  scene_begin (&scene, 1, NULL);
  want_all (&scene);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  wait_until (all_made (&scene));
  look.theme = PSC_THEME_DARK;
  look.scale = 1;
  psc_thumbnails_set_look (scene.thumbnails, &look);
  g_assert_nonnull (lookup (&scene, 0));
  wait_until (cairo_image_surface_get_width (lookup (&scene, 0)->surface) == 60);
  thumbnail = lookup (&scene, 0);
  g_assert_cmpuint (count_drawn (thumbnail->surface, PSC_THEME_DARK), <, 60 * 40);
  scene_end (&scene);
}

/* Processes that end at any moment of a capture are a normal event. */
static void
test_dies (void)
{
  for (guint turn = 0; turn < 8; turn++)
    {
      Scene scene;

      scene_begin (&scene, MAX_CHILDREN, NULL);
      want_all (&scene);
      psc_thumbnails_set_active (scene.thumbnails, TRUE);
      for (guint i = 0; i < turn; i++)
        g_main_context_iteration (NULL, FALSE);
      for (guint i = 1; i < scene.n_children; i++)
        end_child (&scene, i);
      wait_until (psc_thumbnails_get_n_captures (scene.thumbnails) >= MAX_CHILDREN &&
                  lookup (&scene, 0) != NULL);
      list (&scene);
      psc_thumbnails_set_table (scene.thumbnails, scene.table);
      for (guint i = 1; i < scene.n_children; i++)
        g_assert_null (lookup (&scene, i));
      g_assert_nonnull (lookup (&scene, 0));
      scene_end (&scene);
    }
}

/* A PID that is another's by now gives no picture under the old name. */
static void
test_reused_pid (void)
{
  Scene scene;

  scene_begin (&scene, 1, NULL);
  find (&scene, scene.pids[0])->start_time++;
  psc_thumbnails_set_table (scene.thumbnails, scene.table);
  want_all (&scene);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  wait_until (psc_thumbnails_get_share (scene.thumbnails) > 0);
  g_assert_null (lookup (&scene, 0));
  g_assert_cmpuint (psc_thumbnails_get_bytes (scene.thumbnails), ==, 0);

  /* The next list tells who it really is. */
  list (&scene);
  psc_thumbnails_set_table (scene.thumbnails, scene.table);
  wait_until (all_made (&scene));
  scene_end (&scene);
}

/* Ours is not read by nobody's probe: not even tried, and when the list is mistaken it is said. */
static void
test_denied (void)
{
  Scene scene;
  const PscThumbnail *thumbnail;

  if (getuid () != 0 || g_find_program_in_path ("setpriv") == NULL ||
      access (g_getenv ("PAGESCAPE_PROBE"), X_OK) != 0)
    {
      g_test_skip ("needs root and setpriv");
      return;
    }
  scene_begin (&scene, 1, AS_NOBODY);
  want_all (&scene);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  g_assert_cmpuint (psc_thumbnails_get_n_captures (scene.thumbnails), ==, 0);

  scene.table->reads_all = TRUE;
  psc_thumbnails_set_table (scene.thumbnails, scene.table);
  wait_until (all_made (&scene));
  thumbnail = lookup (&scene, 0);
  g_assert_cmpint (thumbnail->state, ==, PSC_THUMBNAIL_DENIED);
  g_assert_null (thumbnail->surface);
  g_assert_nonnull (strstr (thumbnail->problem, "or as root"));
  scene_end (&scene);
}

/* What was looked at longest ago makes room. */
static void
test_bound (void)
{
  Scene scene;
  PscThumbnailLook look = small;

  look.width = 4000;
  look.height = 4000;
  look.scale = 1;
  scene_begin (&scene, 2, NULL);
  psc_thumbnails_set_look (scene.thumbnails, &look);
  psc_thumbnails_set_wanted (scene.thumbnails, &scene.pids[0], 1);
  psc_thumbnails_set_active (scene.thumbnails, TRUE);
  wait_until (lookup (&scene, 0) != NULL);
  psc_thumbnails_set_wanted (scene.thumbnails, &scene.pids[1], 1);
  wait_until (lookup (&scene, 1) != NULL);
  g_assert_null (lookup (&scene, 0));
  g_assert_cmpuint (psc_thumbnails_get_bytes (scene.thumbnails), <=, PSC_THUMBNAILS_MAX_BYTES);
  scene_end (&scene);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/thumbnails/made", test_made);
  g_test_add_func ("/thumbnails/order", test_order);
  g_test_add_func ("/thumbnails/rests", test_rests);
  g_test_add_func ("/thumbnails/changed", test_changed);
  g_test_add_func ("/thumbnails/look", test_look);
  g_test_add_func ("/thumbnails/dies", test_dies);
  g_test_add_func ("/thumbnails/reused-pid", test_reused_pid);
  g_test_add_func ("/thumbnails/denied", test_denied);
  g_test_add_func ("/thumbnails/bound", test_bound);
  return g_test_run ();
}
