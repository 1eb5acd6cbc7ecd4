/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How everything that is JSON is put: what is not known is null, never 0; addresses are "0x…";
 * names are bytes from outside, as psc_format_name() shows them.
 */

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* null when it is not known. */
void psc_json_set_known (JsonObject *object, const char *key, gboolean known, gint64 value);
void psc_json_set_address (JsonObject *object, const char *key, guint64 address);
void psc_json_set_name (JsonObject *object, const char *key, const char *bytes);

/* "2026-03-01T14:03:07.5Z", as ISO 8601 has it; NULL when there is no such time. Free with
 * g_free(). */
char *psc_json_dup_time (gint64 time_usec);

/* The text of it, on many lines (`pretty`) or on one, with a newline at the end. Free with
 * g_free(). */
char *psc_json_to_text (JsonNode *node, gboolean pretty);
/* The same of an object, which is taken. */
char *psc_json_take_to_text (JsonObject *object, gboolean pretty);

G_END_DECLS
