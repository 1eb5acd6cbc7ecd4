/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zoo.h"

#include <json-glib/json-glib.h>

static void
exhibit_clear (gpointer data)
{
  Exhibit *exhibit = data;

  g_free (exhibit->name);
  g_free (exhibit->skip);
}

static guint64
get_address (JsonObject *object, const char *key)
{
  return g_ascii_strtoull (json_object_get_string_member_with_default (object, key, "0"), NULL, 16);
}

static void
read_exhibit (Zoo *zoo, JsonObject *object)
{
  Exhibit exhibit = {
    g_strdup (json_object_get_string_member (object, "name")),
    g_strdup (json_object_get_string_member_with_default (object, "skip", NULL)),
    (gint) json_object_get_int_member_with_default (object, "pid", 0),
    get_address (object, "start"),
    get_address (object, "end"),
  };

  if (exhibit.skip != NULL)
    g_test_message ("%s left out: %s", exhibit.name, exhibit.skip);
  g_array_append_val (zoo->exhibits, exhibit);
}

void
zoo_wait_ready (Zoo *zoo)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line = NULL;
      g_autoptr (JsonNode) node = NULL;
      JsonObject *object;

      line = g_data_input_stream_read_line_utf8 (zoo->output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
      node = json_from_string (line, &error);
      g_assert_no_error (error);
      object = json_node_get_object (node);
      if (g_str_equal (json_object_get_string_member (object, "name"), "ready"))
        return;
      read_exhibit (zoo, object);
    }
}

Zoo *
zoo_new (const char *const *names)
{
  static const char *const none[] = { NULL };

  return zoo_new_via (none, g_getenv ("PSC_TEST_ZOO"), names);
}

Zoo *
zoo_new_via (const char *const *command, const char *program, const char *const *names)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Zoo *zoo = g_new0 (Zoo, 1);

  g_assert_nonnull (program);
  for (guint i = 0; command[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) command[i]);
  g_ptr_array_add (argv, (gpointer) program);
  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) names[i]);
  g_ptr_array_add (argv, NULL);
  zoo->process =
      g_subprocess_newv ((const char *const *) argv->pdata,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  zoo->pid = (gint) g_ascii_strtoll (g_subprocess_get_identifier (zoo->process), NULL, 10);
  zoo->input = g_subprocess_get_stdin_pipe (zoo->process);
  zoo->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (zoo->process));
  zoo->exhibits = g_array_new (FALSE, FALSE, sizeof (Exhibit));
  g_array_set_clear_func (zoo->exhibits, exhibit_clear);
  zoo_wait_ready (zoo);
  return zoo;
}

void
zoo_kill (Zoo *zoo)
{
  g_subprocess_force_exit (zoo->process);
}

void
zoo_free (Zoo *zoo)
{
  if (zoo == NULL)
    return;
  g_subprocess_force_exit (zoo->process);
  g_subprocess_wait (zoo->process, NULL, NULL);
  g_object_unref (zoo->output);
  g_object_unref (zoo->process);
  g_array_unref (zoo->exhibits);
  g_free (zoo);
}

const Exhibit *
zoo_get (const Zoo *zoo, const char *name, guint nth)
{
  for (guint i = 0; i < zoo->exhibits->len; i++)
    {
      const Exhibit *exhibit = &g_array_index (zoo->exhibits, Exhibit, i);

      if (g_str_equal (exhibit->name, name) && nth-- == 0)
        return exhibit;
    }
  return NULL;
}

void
zoo_order_only (Zoo *zoo, const char *order)
{
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (zoo->input, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

void
zoo_order (Zoo *zoo, const char *order)
{
  zoo_order_only (zoo, order);
  zoo_wait_ready (zoo);
}
