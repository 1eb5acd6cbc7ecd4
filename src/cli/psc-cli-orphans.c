/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-cli-table.h"
#include "psc-format.h"
#include "psc-json.h"
#include "psc-orphans.h"
#include "psc-process-list.h"

#define SCHEMA 1

enum
{
  COLUMN_BYTES,
  COLUMN_KIND,
  COLUMN_USER,
  COLUMN_NAME,
  COLUMN_REMEDY,
  N_COLUMNS
};

static JsonArray *
holders_to_array (const PscOrphan *orphan)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < orphan->holders->len; i++)
    {
      const PscOrphanHolder *holder = &g_array_index (orphan->holders, PscOrphanHolder, i);
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "pid", holder->pid);
      json_object_set_int_member (object, "fd", holder->fd);
      json_object_set_string_member (object, "name", holder->name);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
orphan_to_object (const PscOrphan *orphan)
{
  gboolean sysv = orphan->kind == PSC_ORPHAN_SYSV;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", psc_orphan_kind_id (orphan->kind));
  json_object_set_string_member (object, "name", orphan->name);
  json_object_set_int_member (object, "bytes", (gint64) orphan->bytes);
  json_object_set_int_member (object, "size", (gint64) orphan->size);
  psc_json_set_known (object, "swapped", sysv, (gint64) orphan->swapped);
  json_object_set_int_member (object, "uid", orphan->uid);
  psc_json_set_known (object, "changed", orphan->changed != 0, orphan->changed);
  psc_json_set_known (object, "shmid", sysv, orphan->shmid);
  psc_json_set_known (object, "cpid", sysv, orphan->cpid);
  psc_json_set_known (object, "lpid", sysv, orphan->lpid);
  json_object_set_array_member (object, "holders", holders_to_array (orphan));
  json_object_set_boolean_member (object, "certain", orphan->certain);
  json_object_set_string_member (object, "sentence", orphan->sentence);
  json_object_set_string_member (object, "remedy", orphan->remedy);
  return object;
}

static char *
to_json (const PscOrphans *orphans)
{
  JsonObject *object = json_object_new ();
  JsonArray *notes = json_array_new (), *list = json_array_new ();

  for (guint i = 0; i < orphans->notes->len; i++)
    json_array_add_string_element (notes, g_ptr_array_index (orphans->notes, i));
  for (guint i = 0; i < orphans->orphans->len; i++)
    json_array_add_object_element (list,
                                   orphan_to_object (g_ptr_array_index (orphans->orphans, i)));
  json_object_set_int_member (object, "schema", SCHEMA);
  json_object_set_int_member (object, "bytes", (gint64) orphans->bytes);
  json_object_set_int_member (object, "processes", orphans->n_processes);
  json_object_set_int_member (object, "unseen", orphans->n_unseen);
  json_object_set_array_member (object, "notes", notes);
  json_object_set_array_member (object, "orphans", list);
  return psc_json_take_to_text (object, TRUE);
}

/*
 * The table.
 */

static const char *
kind_title (PscOrphanKind kind)
{
  switch (kind)
    {
    case PSC_ORPHAN_SYSV:
      return _ ("System V");
    case PSC_ORPHAN_FILE:
      return _ ("file");
    case PSC_ORPHAN_MEMFD:
      return _ ("memfd");
    default:
      return _ ("unlinked");
    }
}

static char **
new_row (PscProbe *probe, const PscOrphan *orphan)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_BYTES] = psc_format_size (orphan->bytes);
  row[COLUMN_KIND] = g_strdup (kind_title (orphan->kind));
  row[COLUMN_USER] = psc_user_dup_name (probe, orphan->uid);
  row[COLUMN_NAME] = g_strconcat (orphan->name, orphan->certain ? "" : " ?", NULL);
  row[COLUMN_REMEDY] = g_strdup (orphan->remedy);
  return row;
}

static char **
new_head_row (void)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[COLUMN_BYTES] = g_strdup (_ ("HOLDS"));
  row[COLUMN_KIND] = g_strdup (_ ("KIND"));
  row[COLUMN_USER] = g_strdup (_ ("USER"));
  row[COLUMN_NAME] = g_strdup (_ ("NAME"));
  row[COLUMN_REMEDY] = g_strdup (_ ("TO REMOVE IT"));
  return row;
}

static char *
rows_to_text (PscProbe *probe, const PscOrphans *orphans)
{
  g_autoptr (PscCliTable) table = psc_cli_table_new (N_COLUMNS, 1 << COLUMN_BYTES);

  psc_cli_table_take_row (table, new_head_row ());
  for (guint i = 0; i < orphans->orphans->len; i++)
    psc_cli_table_take_row (table, new_row (probe, g_ptr_array_index (orphans->orphans, i)));
  return psc_cli_table_to_text (table, 0);
}

static char *
to_text (PscProbe *probe, const PscOrphans *orphans)
{
  g_autofree char *bytes = psc_format_size (orphans->bytes);
  guint n = orphans->orphans->len;
  GString *text = g_string_new (NULL);

  if (n > 0)
    {
      g_autofree char *rows = rows_to_text (probe, orphans);

      g_string_append (text, rows);
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "%u piece of shared memory that nobody maps, %s\n",
                                           "%u pieces of shared memory that nobody maps, %s\n", n),
                              n, bytes);
    }
  else
    {
      g_string_append (text, orphans->notes->len == 0 ?
                                 _ ("There is no shared memory that nobody maps\n") :
                                 _ ("No shared memory was found that nobody maps\n"));
    }
  for (guint i = 0; i < orphans->notes->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (orphans->notes, i));
  return g_string_free (text, FALSE);
}

PscCliStatus
psc_cli_orphans (int argc, char **argv, PscCliSource *source)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (PscProbe) probe = NULL;
  g_autoptr (PscOrphans) orphans = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!psc_cli_parse (&argc, &argv, source, entries, NULL,
                      _ ("Lists the shared memory that no process maps any more: System V "
                         "segments, files in /dev/shm, and memfds."),
                      0))
    return PSC_CLI_WRONG_USAGE;
  probe = psc_cli_open_probe (source);
  if (probe == NULL)
    return PSC_CLI_FAILED;
  orphans = psc_orphans_read (probe, NULL, &error);
  if (orphans == NULL)
    {
      psc_cli_error ("%s", error->message);
      return PSC_CLI_FAILED;
    }
  text = json ? to_json (orphans) : to_text (probe, orphans);
  return json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}
