/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "psc-json.h"

#include "psc-format.h"

void
psc_json_set_known (JsonObject *object, const char *key, gboolean known, gint64 value)
{
  if (known)
    json_object_set_int_member (object, key, value);
  else
    json_object_set_null_member (object, key);
}

void
psc_json_set_address (JsonObject *object, const char *key, guint64 address)
{
  g_autofree char *text = psc_format_address (address);

  json_object_set_string_member (object, key, text);
}

void
psc_json_set_name (JsonObject *object, const char *key, const char *bytes)
{
  g_autofree char *text = psc_format_name (bytes, -1);

  json_object_set_string_member (object, key, text);
}

char *
psc_json_dup_time (gint64 time_usec)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time =
      seconds != NULL ? g_date_time_add (seconds, time_usec % G_USEC_PER_SEC) : NULL;

  return time != NULL ? g_date_time_format_iso8601 (time) : NULL;
}

char *
psc_json_to_text (JsonNode *node, gboolean pretty)
{
  g_autofree char *text = json_to_string (node, pretty);

  return g_strconcat (text, "\n", NULL);
}

char *
psc_json_take_to_text (JsonObject *object, gboolean pretty)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return psc_json_to_text (node, pretty);
}
