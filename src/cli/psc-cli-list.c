/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "psc-cli-table.h"
#include "psc-format.h"
#include "psc-json.h"
#include "psc-process-list.h"

#define LIST_SCHEMA 1

/* Names of users; asking for one can mean asking a server. */
typedef struct
{
  PscProbe *probe;
  GHashTable *names; /* uid -> name */
} Users;

static const char *
user_name (Users *users, guint uid)
{
  char *name = g_hash_table_lookup (users->names, GUINT_TO_POINTER (uid));

  if (name == NULL)
    {
      name = psc_user_dup_name (users->probe, uid);
      g_hash_table_insert (users->names, GUINT_TO_POINTER (uid), name);
    }
  return name;
}

static gint
compare_resident (gconstpointer a, gconstpointer b)
{
  const PscProcess *pa = *(const PscProcess *const *) a;
  const PscProcess *pb = *(const PscProcess *const *) b;

  if (pa->resident != pb->resident)
    return pa->resident < pb->resident ? 1 : -1;
  return (pa->pid > pb->pid) - (pa->pid < pb->pid);
}

static void
add_member_int (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

static void
add_member_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static void
add_process (JsonBuilder *builder, const PscProcess *process, Users *users)
{
  const char state[2] = { process->state, '\0' };

  json_builder_begin_object (builder);
  add_member_int (builder, "pid", process->pid);
  add_member_int (builder, "ppid", process->ppid);
  add_member_int (builder, "uid", process->uid);
  add_member_string (builder, "user", user_name (users, process->uid));
  add_member_string (builder, "name", process->name);
  add_member_string (builder, "command", process->command);
  add_member_int (builder, "size", (gint64) process->size);
  add_member_int (builder, "resident", (gint64) process->resident);
  add_member_int (builder, "shared", (gint64) process->shared);
  add_member_int (builder, "threads", process->n_threads);
  add_member_string (builder, "state", state);
  json_builder_set_member_name (builder, "kernel_thread");
  json_builder_add_boolean_value (builder, process->kernel_thread);
  json_builder_end_object (builder);
}

static char *
to_json (GPtrArray *processes, Users *users)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_member_int (builder, "schema", LIST_SCHEMA);
  json_builder_set_member_name (builder, "processes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < processes->len; i++)
    add_process (builder, g_ptr_array_index (processes, i), users);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return psc_json_to_text (root, TRUE);
}

/*
 * The table.
 */

enum
{
  COLUMN_PID,
  COLUMN_USER,
  COLUMN_RSS,
  COLUMN_SIZE,
  COLUMN_THREADS,
  COLUMN_NAME,
  COLUMN_COMMAND,
  N_COLUMNS
};

static char **
new_row (const PscProcess *process, Users *users)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_PID] = g_strdup_printf ("%d", process->pid);
  row[COLUMN_USER] = g_strdup (user_name (users, process->uid));
  row[COLUMN_RSS] = psc_format_size (process->resident);
  row[COLUMN_SIZE] = psc_format_size (process->size);
  row[COLUMN_THREADS] = g_strdup_printf ("%d", process->n_threads);
  row[COLUMN_NAME] = g_strdup (process->name);
  row[COLUMN_COMMAND] = g_strdup (process->command);
  return row;
}

static char **
new_head_row (void)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_PID] = g_strdup (_ ("PID"));
  row[COLUMN_USER] = g_strdup (_ ("USER"));
  row[COLUMN_RSS] = g_strdup (_ ("RESIDENT"));
  row[COLUMN_SIZE] = g_strdup (_ ("SIZE"));
  row[COLUMN_THREADS] = g_strdup (_ ("THREADS"));
  row[COLUMN_NAME] = g_strdup (_ ("NAME"));
  row[COLUMN_COMMAND] = g_strdup (_ ("COMMAND"));
  return row;
}

/* Lines are cut for a person before a terminal, never for a program. */
static glong
terminal_width (void)
{
  struct winsize size;

  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return 0;
  return size.ws_col;
}

static char *
to_text (GPtrArray *processes, Users *users)
{
  const guint right = 1 << COLUMN_PID | 1 << COLUMN_RSS | 1 << COLUMN_SIZE | 1 << COLUMN_THREADS;
  g_autoptr (PscCliTable) table = psc_cli_table_new (N_COLUMNS, right);

  psc_cli_table_take_row (table, new_head_row ());
  for (guint i = 0; i < processes->len; i++)
    {
      const PscProcess *process = g_ptr_array_index (processes, i);

      if (!process->kernel_thread)
        psc_cli_table_take_row (table, new_row (process, users));
    }
  return psc_cli_table_to_text (table, terminal_width ());
}

PscCliStatus
psc_cli_list (int argc, char **argv, PscCliSource *source)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (GPtrArray) processes = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  Users users;

  if (!psc_cli_parse (&argc, &argv, source, entries, NULL,
                      _ ("Lists the processes, the largest in memory first. Kernel threads, which "
                         "have no memory of their own, are only in the JSON."),
                      0))
    return PSC_CLI_WRONG_USAGE;
  probe = psc_cli_open_probe (source);
  if (probe == NULL)
    return PSC_CLI_FAILED;
  processes = psc_process_list (probe, &error);
  if (processes == NULL)
    {
      psc_cli_error ("%s", error->message);
      return PSC_CLI_FAILED;
    }
  g_ptr_array_sort (processes, compare_resident);
  users = (Users){ probe, names };
  text = json ? to_json (processes, &users) : to_text (processes, &users);
  return json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}
