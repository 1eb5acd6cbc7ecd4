/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-cli.h"

#include "psc-find.h"
#include "psc-format.h"
#include "psc-json.h"

#define SCHEMA 1

/* What is true of all mappings of a hit: an owner may have many. NULL: they differ. */
typedef struct
{
  char perms_text[5];
  const char *perms;
  const char *kind;
} Common;

static void
get_common (const PscSpace *space, const PscHit *hit, Common *common)
{
  guint i = psc_space_lower_bound (space, hit->start);
  const PscMapping *first = &space->mappings[i];

  *common = (Common){ .perms = NULL };
  if (i == space->n_mappings)
    return;
  psc_mapping_format_perms (first, common->perms_text);
  common->perms = common->perms_text;
  common->kind = psc_kind_id (first->kind);
  for (; i < space->n_mappings && space->mappings[i].start < hit->end; i++)
    {
      if (space->mappings[i].perms != first->perms)
        common->perms = NULL;
      if (space->mappings[i].kind != first->kind)
        common->kind = NULL;
    }
}

/* --- text ---------------------------------------------------------------------------------- */

static void
append_hit (GString *text, const PscSpace *space, const PscHit *hit)
{
  g_autofree char *size = psc_format_size (hit->end - hit->start);
  g_autofree char *label = psc_hit_dup_label (space, hit);
  Common common;

  get_common (space, hit, &common);
  g_string_append_printf (
      text, "%016" G_GINT64_MODIFIER "x-%016" G_GINT64_MODIFIER "x  %10s  %-5s  %-12s  %s\n",
      hit->start, hit->end, size, common.perms != NULL ? common.perms : "-",
      common.kind != NULL ? common.kind : "-", label);
}

static char *
found_to_text (const PscSpace *space, const PscFound *found)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          g_dngettext (GETTEXT_PACKAGE, "%u place in %s (%d): %s\n\n",
                                       "%u places in %s (%d): %s\n\n", found->n_hits),
                          found->n_hits, space->name, space->pid, found->meaning);
  g_string_append_printf (text, "%-33s  %10s  %-5s  %-12s  %s\n", _ ("ADDRESSES"), _ ("SIZE"),
                          _ ("PERMS"), _ ("KIND"), _ ("WHAT"));
  for (guint i = 0; i < found->n_hits; i++)
    append_hit (text, space, &found->hits[i]);
  if (found->more)
    g_string_append (text, _ ("… and more\n"));
  return g_string_free (text, FALSE);
}

/* --- JSON ---------------------------------------------------------------------------------- */

static void
set_text (JsonObject *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, key, text);
  else
    json_object_set_null_member (object, key);
}

static JsonObject *
hit_to_object (const PscSpace *space, const PscHit *hit)
{
  JsonObject *object = json_object_new ();
  g_autofree char *label = psc_hit_dup_label (space, hit);
  Common common;

  get_common (space, hit, &common);
  psc_json_set_address (object, "start", hit->start);
  psc_json_set_address (object, "end", hit->end);
  if (hit->address != PSC_FIND_NO_ADDRESS)
    psc_json_set_address (object, "address", hit->address);
  json_object_set_int_member (object, "size", (gint64) (hit->end - hit->start));
  set_text (object, "perms", common.perms);
  set_text (object, "kind", common.kind);
  set_text (object, "label", label);
  return object;
}

static char *
found_to_json (const PscSpace *space, const PscFound *found, const char *words)
{
  JsonObject *object = json_object_new ();
  JsonArray *hits = json_array_sized_new (found->n_hits);

  json_object_set_int_member (object, "schema", SCHEMA);
  json_object_set_int_member (object, "pid", space->pid);
  psc_json_set_name (object, "query", words);
  set_text (object, "meaning", found->meaning);
  json_object_set_boolean_member (object, "more", found->more);
  for (guint i = 0; i < found->n_hits; i++)
    json_array_add_object_element (hits, hit_to_object (space, &found->hits[i]));
  json_object_set_array_member (object, "hits", hits);
  return psc_json_take_to_text (object, TRUE);
}

/* ------------------------------------------------------------------------------------------- */

static PscCliStatus
print (const PscSpace *space, const PscQuery *query, const char *words, gboolean json)
{
  g_autoptr (PscFound) found = psc_find (query, space);
  g_autofree char *text = NULL;

  if (found->n_hits == 0)
    {
      psc_cli_error (_ ("Found nothing in %s (%d): %s"), space->name, space->pid,
                     found->nothing != NULL ? found->nothing : found->meaning);
      return PSC_CLI_FAILED;
    }
  text = json ? found_to_json (space, found, words) : found_to_text (space, found);
  return json ? psc_cli_print_json (text) : psc_cli_print_text (text);
}

PscCliStatus
psc_cli_find (int argc, char **argv, PscCliSource *source)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PscQuery) query = NULL;
  g_autoptr (PscSpace) space = NULL;
  PscCliStatus status;

  if (!psc_cli_parse (
          &argc, &argv, source, entries, _ ("TARGET QUERY"),
          _ ("Finds in a process: an address (7f3a12345000, libc.so.6+0x1234, heap+1M),\n"
             "a range, part of a name of a file, owner or thread, a kind (heap, stack),\n"
             "permissions (rwx, w+x, ---), or deleted, shared, huge, swapped."),
          2))
    return PSC_CLI_WRONG_USAGE;
  query = psc_query_parse (argv[2], &error);
  if (query == NULL)
    {
      psc_cli_error ("%s", error->message);
      return PSC_CLI_WRONG_USAGE;
    }
  space = psc_cli_capture (source, argv[1], PSC_SMAPS_NEVER, &status);
  return space != NULL ? print (space, query, argv[2], json) : status;
}
